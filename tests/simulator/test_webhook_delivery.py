"""Delivery to a webhook: the secret, one at a time per key, retries and expiry."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.simulator.api import BotApi
from bot.simulator.app import serve
from tests.simulator.support import JOKO, SARI, call, keyboard, send, started_api


@dataclass
class Receiver:
    """A webhook that answers from a list and remembers what came."""

    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    answer: dict[str, object] = field(default_factory=dict)
    updates: list[dict[str, object]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    busy: int = 0
    busiest: int = 0

    async def receive(self, request: Request) -> Response:
        """Take one update."""
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        await self.gate.wait()
        self.busy -= 1
        return JSONResponse(self.answer, self.statuses.pop(0) if self.statuses else 200, self.headers)

    def texts(self) -> list[str]:
        """Return the texts of the messages that came."""
        return [update["message"]["text"] for update in self.updates if "message" in update]  # type: ignore[index]


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@contextlib.asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[str]:
    """Run the receiver and give its address."""
    app = Starlette(routes=[Route("/tg", receiver.receive, methods=["POST"])])
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as here:
        here.bind(("127.0.0.1", 0))
        server = _Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        running = asyncio.create_task(server.serve(sockets=[here]))
        while not server.started:
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{here.getsockname()[1]}/tg"
        receiver.gate.set()
        server.should_exit = True
        await running


def delivered(api: BotApi, receiver: Receiver, scenario: Callable[[], Awaitable[None]], **options: object) -> None:
    """Set the webhook to the receiver and run a scenario."""

    async def run() -> None:
        async with listening(receiver) as url, serve(api):
            call(api, "setWebhook", url=url, **options)
            await scenario()

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds, two seconds at most."""
    async with asyncio.timeout(2):
        while not condition():
            await asyncio.sleep(0.01)


def waiting(api: BotApi) -> int:
    """Count what is still to be delivered."""
    return len(api.updates.waiting(api.clock.now()))


def test_webhook_gets_updates_in_order_with_the_secret() -> None:
    api, receiver = started_api(), Receiver()
    receiver.gate.set()

    async def scenario() -> None:
        for text in "abc":
            api.person_sends(SARI, text)
        await until(lambda: waiting(api) == 0)

    delivered(api, receiver, scenario, secret_token="rahasia")

    assert receiver.texts() == ["a", "b", "c"]
    assert receiver.secrets == ["rahasia"] * 3


def test_webhook_has_one_in_flight_per_key_and_keys_side_by_side() -> None:
    api, receiver = started_api(), Receiver()
    message_id = send(api, reply_markup=keyboard("x").to_json())

    async def scenario() -> None:
        for text in "ab":
            api.person_sends(SARI, text)
            api.person_sends(JOKO, text)
        api.person_taps(SARI, message_id, "x")
        await until(lambda: receiver.busy == 3)
        await asyncio.sleep(0.05)
        assert receiver.texts() == ["a", "a"]
        receiver.gate.set()
        await until(lambda: waiting(api) == 0)

    delivered(api, receiver, scenario)

    assert receiver.busiest == 3


def test_webhook_respects_max_connections() -> None:
    api, receiver = started_api(), Receiver()

    async def scenario() -> None:
        for user in (SARI, JOKO):
            api.person_sends(user, "a")
        await until(lambda: receiver.busy == 1)
        await asyncio.sleep(0.05)
        receiver.gate.set()
        await until(lambda: waiting(api) == 0)

    delivered(api, receiver, scenario, max_connections=1)

    assert receiver.busiest == 1


def test_webhook_retries_at_once_then_after_2_and_4_seconds() -> None:
    api, receiver = started_api(), Receiver(statuses=[500, 500, 500])
    receiver.gate.set()
    counts: list[int] = []

    async def scenario() -> None:
        api.person_sends(SARI, "a")
        for seconds in (0, 1, 1, 3, 1):
            api.clock.advance(timedelta(seconds=seconds))
            await asyncio.sleep(0.1)
            counts.append(len(receiver.updates))

    delivered(api, receiver, scenario)

    assert counts == [2, 2, 3, 3, 4]
    assert len({update["update_id"] for update in receiver.updates}) == 1
    assert waiting(api) == 0
    assert api.webhook_error is not None
    assert api.webhook_error[1] == "Wrong response from the webhook: 500 Internal Server Error"


def test_webhook_honours_retry_after() -> None:
    api, receiver = started_api(), Receiver(statuses=[503], headers={"Retry-After": "30"})
    receiver.gate.set()

    async def scenario() -> None:
        api.person_sends(SARI, "a")
        await asyncio.sleep(0.1)
        api.clock.advance(timedelta(seconds=29))
        await asyncio.sleep(0.1)
        assert len(receiver.updates) == 1
        api.clock.advance(timedelta(seconds=1))
        await until(lambda: waiting(api) == 0)

    delivered(api, receiver, scenario)

    assert len(receiver.updates) == 2


def test_webhook_drops_what_expired() -> None:
    api, receiver = started_api(), Receiver(statuses=[500] * 50)
    receiver.gate.set()
    message_id = send(api, reply_markup=keyboard("x").to_json())

    async def scenario() -> None:
        api.person_taps(SARI, message_id, "x")
        await until(lambda: len(receiver.updates) == 2)
        api.clock.advance(timedelta(seconds=151))
        await asyncio.sleep(0.1)

    delivered(api, receiver, scenario)

    assert (len(receiver.updates), waiting(api)) == (2, 0)


def test_webhook_answer_may_carry_a_call() -> None:
    api = started_api()
    receiver = Receiver(answer={"method": "sendMessage", "chat_id": SARI, "text": "dari jawaban"})
    receiver.gate.set()

    async def scenario() -> None:
        api.person_sends(SARI, "a")
        await until(lambda: waiting(api) == 0)

    delivered(api, receiver, scenario)

    assert [message.text for message in api.messages(SARI)] == ["/start", "a", "dari jawaban"]
