"""Our own getUpdates loop over real HTTP: confirmed only after it is done, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram.request import HTTPXRequest

from bot.settings import Settings
from bot.simulator.app import serve
from bot.simulator.faults import Fault
from bot.store import session
from bot.tg import desk, polling
from bot.tg.desk import Outcome
from bot.tg.polling import CONFIRM_SECONDS, STOP_SECONDS, Polling
from bot.tg.sender import TokenRefused
from bot.wiring import App, build
from tests import databases
from tests.process.support import CANARY, ListeningApi
from tests.stage import JOKO, SARI, buttons


class OneDesk:
    """A desk that keeps what comes and answers as it is told."""

    def __init__(self, outcome: Outcome | Exception = Outcome.DONE, *, held: bool = False) -> None:
        self.outcome = outcome
        self.handled: list[int] = []
        self.gate = asyncio.Event()
        if not held:
            self.gate.set()

    async def handle(self, body: bytes | str, *, until: float | None = None) -> Outcome:
        self.handled.append(json.loads(body)["update_id"])
        await self.gate.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def _polling(port: int, desk: OneDesk, token: str = CANARY) -> Polling:
    request = HTTPXRequest(connection_pool_size=1, httpx_kwargs={"verify": False, "trust_env": False})
    return Polling(request, f"http://127.0.0.1:{port}/bot{token}", desk)  # type: ignore[arg-type]


def _waiting(api: ListeningApi) -> list[int]:
    return [update.update_id for update in api.updates.waiting(api.clock.now())]


@asynccontextmanager
async def _running(loop: Polling) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(loop.run())
    try:
        yield task
    finally:
        loop.stop()
        async with asyncio.timeout(10):
            await asyncio.wait({task})


@asynccontextmanager
async def _application(api: ListeningApi, directory: Path) -> AsyncIterator[App]:
    """The whole application, its requests real, polling."""
    async with serve(api) as port:
        settings = Settings(
            bot_token=CANARY,
            bot_api_url=f"http://127.0.0.1:{port}",
            database_url=databases.url(directory / "bot.db"),
            web_host="127.0.0.1",
            web_port=0,
            web_url="",
            webhook_url=None,
            webhook_secret=None,
            admin_ids=frozenset(),
        )
        app = build(settings, clock=api.clock.now)
        app.prepare()
        async with app.bot, _running(app.polling):
            yield app
        app.close()


def test_taps_are_answered_and_confirmed(tmp_path: Path) -> None:
    api = ListeningApi()

    async def scenario() -> None:
        async with _application(api, tmp_path):
            for person in (SARI, JOKO):
                api.person_sends(person, "/start")
            await api.called("sendMessage", 2)
            for person in (SARI, JOKO):
                message = api.messages(person)[-1]
                api.person_taps(person, message.message_id, buttons_of(api, person)[0])
            await api.called("editMessageText", 2)
            await api.called("answerCallbackQuery", 2)

    asyncio.run(scenario())

    assert [toast.text for toast in api.toasts(SARI)] == ["Terima kasih. Persetujuan Anda tercatat."]
    assert [len(api.messages(person)) for person in (SARI, JOKO)] == [2, 2]
    assert _waiting(api) == []


def buttons_of(api: ListeningApi, person: int) -> list[str]:
    return [button.data or "" for button in buttons(api.messages(person)[-1])]


def test_update_is_handled_once_and_confirmed_only_when_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PATIENCE_SECONDS", 0.02)
    api, desk = ListeningApi(), OneDesk(held=True)

    async def scenario() -> None:
        async with serve(api) as port, _running(_polling(port, desk)):
            api.person_sends(SARI, "halo")
            (update_id,) = _waiting(api)
            await api.called("getUpdates", 5)
            assert (_waiting(api), desk.handled) == ([update_id], [update_id])
            desk.gate.set()
            async with asyncio.timeout(5):
                while _waiting(api):
                    await asyncio.sleep(0.01)

    asyncio.run(scenario())


def test_others_are_served_while_one_update_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PATIENCE_SECONDS", 0.02)
    api, desk = ListeningApi(), OneDesk(held=True)

    async def scenario() -> list[int]:
        async with serve(api) as port, _running(_polling(port, desk)):
            api.person_sends(SARI, "halo")
            await api.called("getUpdates", 3)
            api.person_sends(JOKO, "halo")
            await api.called("getUpdates", api.count("getUpdates") + 3)
            seen = list(desk.handled)
            desk.gate.set()
        return seen

    assert len(asyncio.run(scenario())) == 2


def test_stop_leaves_unconfirmed_what_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "STOP_SECONDS", 0.1)
    monkeypatch.setattr(polling, "PATIENCE_SECONDS", 0.02)
    api, desk = ListeningApi(), OneDesk(held=True)

    async def scenario() -> list[int]:
        async with serve(api) as port:
            async with _running(_polling(port, desk)):
                api.person_sends(SARI, "halo")
                await api.called("getUpdates", 3)
            desk.gate.set()
            left = _waiting(api)
            again = OneDesk()
            async with _running(_polling(port, again)):
                await api.called("getUpdates", api.count("getUpdates") + 2)
        assert again.handled == left
        return left

    assert len(asyncio.run(scenario())) == 1
    assert _waiting(api) == []


def test_stop_confirms_what_was_done_meanwhile() -> None:
    api, desk = ListeningApi(), OneDesk(held=True)

    async def scenario() -> None:
        async with serve(api) as port:
            loop = _polling(port, desk)
            async with _running(loop):
                api.person_sends(SARI, "halo")
                await api.called("getUpdates", 1)
                while not desk.handled:
                    await asyncio.sleep(0.01)
                loop.stop()
                desk.gate.set()

    asyncio.run(scenario())

    assert _waiting(api) == []


def test_stop_leaves_unconfirmed_what_is_to_come_again() -> None:
    api, desk = ListeningApi(), OneDesk(Outcome.LATER, held=True)

    async def scenario() -> None:
        async with serve(api) as port:
            loop = _polling(port, desk)
            async with _running(loop):
                api.person_sends(SARI, "halo")
                while not desk.handled:
                    await asyncio.sleep(0.01)
                loop.stop()
                desk.gate.set()

    asyncio.run(scenario())

    assert _waiting(api) == desk.handled[:1]


def test_stop_ends_a_long_poll_at_once() -> None:
    api, desk = ListeningApi(), OneDesk()

    async def scenario() -> float:
        async with serve(api) as port:
            loop = _polling(port, desk)
            async with _running(loop) as task:
                await api.called("getUpdates", 2)
                began = time.monotonic()
                loop.stop()
                await task
                return time.monotonic() - began

    assert asyncio.run(scenario()) < 2
    assert STOP_SECONDS + CONFIRM_SECONDS < 10


def test_stop_before_the_start_ends_at_once() -> None:
    async def scenario() -> None:
        loop = _polling(1, OneDesk())
        loop.stop()
        async with asyncio.timeout(1):
            await loop.run()

    asyncio.run(scenario())


CONFLICT = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault("getUpdates", do="status", status=409, body=dict(CONFLICT)),
        Fault("getUpdates", do="status", status=502),
        Fault("getUpdates", do="reset"),
    ],
    ids=["conflict", "bad gateway", "reset"],
)
def test_trouble_with_fetching_is_survived(fault: Fault) -> None:
    api, desk = ListeningApi(), OneDesk()
    health: list[bool] = []

    async def scenario() -> None:
        api.faults.add(fault)
        async with serve(api) as port:
            loop = _polling(port, desk)
            async with _running(loop):
                api.person_sends(SARI, "halo")
                while len(api.faults):
                    await asyncio.sleep(0.01)
                health.append(loop.healthy)
                await api.called("getUpdates", 2)
                health.append(loop.healthy)

    asyncio.run(scenario())

    assert (len(desk.handled), health, _waiting(api)) == (1, [False, True], [])


@pytest.mark.parametrize(
    "answer",
    ["<html>Masuk ke Wi-Fi</html>", "[" * 100_000, "[]", '{"result":7}', '{"result":[7,null,{}]}'],
    ids=["page", "deep", "list", "number", "no_updates"],
)
def test_answer_that_is_not_telegrams_is_survived(answer: str) -> None:
    api, desk = ListeningApi(), OneDesk()

    async def scenario() -> None:
        api.faults.add(Fault("getUpdates", do="status", status=200, body=answer))
        async with serve(api) as port, _running(_polling(port, desk)) as task:
            called = asyncio.create_task(api.called("getUpdates", 2))
            await asyncio.wait({called, task}, return_when=asyncio.FIRST_COMPLETED)
            called.cancel()
            if task.done():
                task.result()

    asyncio.run(scenario())


def test_refused_token_ends_the_loop() -> None:
    api = ListeningApi("9000000000:another-token-than-the-one-given-0000")

    async def scenario() -> None:
        async with serve(api) as port, asyncio.timeout(5):
            await _polling(port, OneDesk()).run()

    with pytest.raises(TokenRefused):
        asyncio.run(scenario())


def test_exception_at_the_desk_does_not_spin(monkeypatch: pytest.MonkeyPatch) -> None:
    api, desk = ListeningApi(), OneDesk(RuntimeError("unforeseen"))

    async def scenario() -> int:
        async with serve(api) as port, _running(_polling(port, desk)):
            api.person_sends(SARI, "halo")
            await api.called("getUpdates", 2)
            await asyncio.sleep(0.5)
            return api.count("getUpdates")

    assert asyncio.run(scenario()) <= 5


def test_answer_outlives_a_database_that_is_locked_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.01)
    monkeypatch.setattr(desk, "DATABASE_TRIES", 1)
    monkeypatch.setattr(polling, "TRIES", 1)
    monkeypatch.setattr(polling, "PATIENCE_SECONDS", 5.0)
    api = ListeningApi()

    async def scenario() -> None:
        async with _application(api, tmp_path) as app:
            await api.called("getUpdates", 2)
            with databases.away(app.database):
                api.person_sends(SARI, "/start")
                await asyncio.sleep(1.5)
            async with asyncio.timeout(3):
                await api.called("sendMessage", 1)
            assert app.polling.healthy

    asyncio.run(scenario())
