"""Every call is told with its method, verdict and time, and goes through as it is."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest

from bot.chat.observer import Unobserved
from bot.simulator.world import DEMO_TOKEN
from bot.tg.errors import judge
from bot.tg.watched import WatchedRequest
from tests.stage import SARI
from tests.tg.support import Fixed, Line, Trouble, answer


class Heard(Unobserved):
    """Writes down what it hears."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.seconds: list[float] = []
        self.waits: list[float] = []

    def called(self, method: str, verdict: str, seconds: float) -> None:
        self.calls.append((method, verdict))
        self.seconds.append(seconds)

    def told_to_wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def _bot(request: BaseRequest, heard: Heard) -> Bot:
    return Bot(DEMO_TOKEN, base_url="http://telegram.invalid/bot", request=WatchedRequest(request, heard))


def test_call_that_telegram_takes_is_ok() -> None:
    heard = Heard()

    message = asyncio.run(_bot(Line().transport, heard).send_message(SARI, "Halo"))

    assert (message.text, heard.calls, heard.waits) == ("Halo", [("sendMessage", "ok")], [])
    assert 0 < heard.seconds[0] < 5


@pytest.mark.parametrize(
    ("trouble", "verdict", "waits"),
    [
        (Trouble("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7), "later", [7.0]),
        (Trouble("sendMessage", 500), "later", []),
        (Trouble("sendMessage", 403, "Forbidden: bot was blocked by the user"), "gone", []),
        (Trouble("sendMessage", 401, "Unauthorized"), "stop", []),
        (Trouble("sendMessage", 400, "Bad Request: chat not found"), "gone", []),
        (Trouble("sendMessage", 400, "Bad Request: message text is empty"), "bug", []),
        (Trouble("sendMessage", 409, "Conflict: terminated by other getUpdates request"), "bug", []),
        (Trouble("sendMessage", error=TimedOut()), "later", []),
        (Trouble("sendMessage", error=NetworkError("x")), "later", []),
    ],
)
def test_refusal_is_told_as_the_table_of_errors_judges_it(
    monkeypatch: pytest.MonkeyPatch, trouble: Trouble, verdict: str, waits: list[float]
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns at each 429, and warnings are errors here
    heard = Heard()

    with pytest.raises(TelegramError) as met:
        asyncio.run(_bot(Line(trouble).transport, heard).send_message(SARI, "Halo"))

    assert (heard.calls, heard.waits) == ([("sendMessage", verdict)], waits)
    assert verdict == judge(met.value).verdict.name.lower()


@pytest.mark.parametrize("payload", [b"<html>", answer(502, "x")[1]])
def test_refusal_by_something_else_than_telegram_comes_later(payload: bytes) -> None:
    heard = Heard()

    with pytest.raises(TelegramError):
        asyncio.run(_bot(Fixed(502, payload), heard).get_me())

    assert heard.calls == [("getMe", "later")]


def test_call_that_is_given_up_is_lost() -> None:
    class Silent(Fixed):
        async def do_request(self, *args: object, **kwargs: object) -> tuple[int, bytes]:
            await asyncio.Event().wait()
            raise AssertionError

    heard = Heard()

    async def give_up() -> None:
        await asyncio.wait_for(_bot(Silent(200, b""), heard).get_me(), 0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())

    assert heard.calls == [("getMe", "lost")]


def test_address_with_parameters_is_told_as_its_method() -> None:
    heard = Heard()
    request = WatchedRequest(Fixed(200, b"{}"), heard)

    asyncio.run(request.retrieve(f"http://telegram.invalid/bot{DEMO_TOKEN}/getUpdates?timeout=0&offset=3"))

    assert heard.calls == [("getUpdates", "ok")]
