"""How updates come, seen from Telegram's end."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from telegram import Bot

from bot.simulator.app import serve
from bot.simulator.clock import FrozenClock
from bot.simulator.world import DEMO_TOKEN
from bot.tg.inlet import Inlet, set_webhook, telegrams_time
from bot.wiring import utc_now
from tests.process.support import ListeningApi, free_port
from tests.tg.support import Fixed, Line, Trouble

URL = "https://tangga.contoh.id/tg"
NOW = FrozenClock().now()


def _looked(bot: Bot, url: str | None) -> str:
    inlet = Inlet(bot, url, "rahasia", lambda: NOW)
    asyncio.run(inlet.look())
    return inlet.wrong


def _told(**info: object) -> Bot:
    """Return a bot whose Telegram says this about its webhook."""
    result = {"url": URL, "has_custom_certificate": False, "pending_update_count": 0, **info}
    return Bot(DEMO_TOKEN, request=Fixed(200, json.dumps({"ok": True, "result": result}).encode()))


def test_webhook_as_it_was_set_is_well() -> None:
    line = Line()
    asyncio.run(set_webhook(line.bot, URL, "rahasia"))

    assert _looked(line.bot, URL) == ""


def test_webhook_that_somebody_deleted_is_set_again(caplog: pytest.LogCaptureFixture) -> None:
    line = Line()
    asyncio.run(set_webhook(line.bot, URL, "rahasia"))
    asyncio.run(line.bot.delete_webhook())
    line.api.calls.clear()

    wrong = _looked(line.bot, URL)

    assert (wrong, line.calls()) == ("", ["getWebhookInfo", "setWebhook"])
    assert line.api.webhook is not None
    assert (line.api.webhook.url, line.api.webhook.secret_token) == (URL, "rahasia")
    assert [record.message for record in caplog.records] == ["somebody deleted the webhook; it is set again"]


def test_webhook_that_cannot_be_set_again_stays_wrong() -> None:
    line = Line(Trouble("setWebhook", 500))

    assert _looked(line.bot, URL) == "Telegram did not say how updates come (NetworkError)"


def test_webhook_of_another_deployment_is_left_to_it() -> None:
    line = Line()
    asyncio.run(set_webhook(line.bot, "https://lain.contoh.id/tg", None))
    line.api.calls.clear()

    wrong = _looked(line.bot, URL)

    assert (wrong, line.calls()) == (
        "Telegram delivers updates to another address than WEBHOOK_URL",
        ["getWebhookInfo"],
    )


def test_webhook_set_while_updates_are_fetched_is_told() -> None:
    line = Line()
    before = _looked(line.bot, None)
    asyncio.run(set_webhook(line.bot, URL, None))

    assert (before, _looked(line.bot, None)) == ("", "somebody set a webhook, so that nothing can be fetched")


@pytest.mark.parametrize(
    ("ago", "wrong"),
    [(30, "Telegram could not deliver 30 seconds ago: Wrong response from the webhook: 502 Bad Gateway"), (301, "")],
)
def test_last_error_counts_while_it_is_fresh(ago: int, wrong: str) -> None:
    at = int((NOW - timedelta(seconds=ago)).timestamp())
    bot = _told(last_error_date=at, last_error_message="Wrong response from the webhook: 502 Bad Gateway")

    assert _looked(bot, URL) == wrong


@pytest.mark.parametrize(("waiting", "wrong"), [(100, ""), (101, "101 updates wait at Telegram")])
def test_many_updates_that_wait_are_told(waiting: int, wrong: str) -> None:
    assert _looked(_told(pending_update_count=waiting), URL) == wrong


def test_telegram_that_is_away_is_told() -> None:
    line = Line(Trouble("getWebhookInfo", 502))

    assert _looked(line.bot, URL) == "Telegram did not say how updates come (NetworkError)"


def test_time_is_that_of_the_answer() -> None:
    async def ask() -> float:
        async with serve(ListeningApi()) as port:
            told = await telegrams_time(f"http://127.0.0.1:{port}")
            assert told is not None
            return abs((utc_now() - told).total_seconds())

    assert asyncio.run(ask()) < 5


def test_time_of_nobody_is_unknown() -> None:
    assert asyncio.run(telegrams_time(f"http://127.0.0.1:{free_port()}")) is None
