"""A Telegram in the same process that can be told to answer the next calls badly."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from telegram import Bot
from telegram.request import BaseRequest, RequestData

from bot.chat.incoming import Incoming, Tap, Typed
from bot.chat.screen import Button, Reply, Screen
from bot.simulator.api import BotApi
from bot.simulator.cast import CAST
from bot.simulator.clock import FrozenClock
from bot.simulator.world import DEMO_TOKEN
from bot.tg.sender import Sender, Sent
from tests.stage import METHOD, SARI, InProcess


@dataclass(slots=True)
class Trouble:
    """What the next `times` calls of a method meet instead of being carried out; `also` carries them out first."""

    method: str
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    times: int = 1
    error: Exception | None = None
    also: bool = False


class Troubled(InProcess):
    """The simulator without sockets, and the troubles on order."""

    def __init__(self, api: BotApi, *troubles: Trouble) -> None:
        super().__init__(api)
        self.troubles = list(troubles)
        self.tried: list[str] = []

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        found = METHOD.search(url)
        assert found is not None
        self.tried.append(found["method"])
        trouble = next((t for t in self.troubles if t.method == found["method"] and t.times), None)
        if trouble is None:
            return await super().do_request(url, method, request_data)
        trouble.times -= 1
        if trouble.also:
            await super().do_request(url, method, request_data)
        if trouble.error is not None:
            raise trouble.error
        return answer(trouble.status, trouble.description, trouble.retry_after)


class Fixed(BaseRequest):
    """A transport that gives one answer to everything."""

    def __init__(self, status: int, payload: bytes) -> None:
        self._answer = status, payload

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        return None

    async def shutdown(self) -> None:
        return None

    async def do_request(self, *args: object, **kwargs: object) -> tuple[int, bytes]:
        return self._answer


def answer(status: int, description: str, retry_after: int | None = None, **parameters: int) -> tuple[int, bytes]:
    """Return a refusal as Telegram writes it."""
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if retry_after is not None:
        parameters["retry_after"] = retry_after
    if parameters:
        body["parameters"] = parameters
    return status, json.dumps(body).encode()


class Line:
    """A sender on its line to a troubled Telegram; pauses are noted instead of waited."""

    def __init__(self, *troubles: Trouble) -> None:
        self.api = BotApi(FrozenClock(), token=DEMO_TOKEN, seed=3)
        for person in CAST:
            self.api.add_user(person)
        self.api.person_sends(SARI, "/start")
        self.transport = Troubled(self.api, *troubles)
        self.pauses: list[float] = []
        self.bot = Bot(DEMO_TOKEN, base_url="http://telegram.invalid/bot", request=self.transport)
        self.seconds = 0.0
        self.sender = Sender(self.bot, pause=self._pause, now=lambda: self.seconds)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def delivers(self, incoming: Incoming, reply: Reply, *, callback_id: str | None = None) -> Sent:
        """Deliver a reply to the end."""
        return asyncio.run(self.sender.deliver(incoming, reply, callback_id=callback_id))

    def shows(self, screen: Screen) -> int:
        """Send a screen as a new message and return its id; forget what it took."""
        sent = self.delivers(TYPED, Reply(screen))
        assert sent.live_message_id is not None
        self.api.calls.clear()
        self.transport.tried.clear()
        return sent.live_message_id

    def texts(self) -> list[str]:
        return [message.text or message.caption for message in self.api.messages(SARI) if message.from_bot]

    def calls(self) -> list[str]:
        """Name the calls that were carried out, in order."""
        return [call.method for call in self.api.calls if call.ok]


TYPED = Incoming(SARI, "Sari", "id", Typed(1, "/start", FrozenClock().now(), "start"))
SCREEN = Screen("Layar <b>satu</b>", ((Button("A", "1.cu"),),))
OTHER = Screen("Layar dua", ((Button("B", "1.bn"),),))


def tap(message_id: int) -> Incoming:
    return Incoming(SARI, "Sari", "id", Tap(message_id, "1.cu"))
