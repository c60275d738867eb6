"""Faults on order, as the library meets them; and a server that closes in time."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.simulator.app import serve
from bot.simulator.faults import Fault, Faults
from tests.simulator.support import SARI, client, library_bot, started_api, with_bot

SLOW_DOWN: dict[str, object] = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 9",
    "parameters": {"retry_after": 9},
}


@pytest.mark.parametrize(
    ("fault", "kind", "applied"),
    [
        (Fault("sendMessage", "before", "drop"), NetworkError, False),
        (Fault("sendMessage", "after", "drop"), NetworkError, True),
        (Fault("sendMessage", "before", "reset"), NetworkError, False),
        (Fault("sendMessage", "after", "reset"), NetworkError, True),
        (Fault("sendMessage", "before", "status", status=500, body={"ok": False}), NetworkError, False),
        (Fault("sendMessage", "after", "status", status=429, body=SLOW_DOWN), RetryAfter, True),
        (Fault("sendMessage", "before", "delay", seconds=0.5), TimedOut, True),
        (Fault("sendMessage", "after", "delay", seconds=0.5), TimedOut, True),
    ],
)
def test_fault_as_the_library_meets_it(fault: Fault, kind: type[NetworkError], applied: bool) -> None:
    api = started_api()
    api.faults.add(fault)

    async def scenario(bot: Bot) -> None:
        with pytest.raises(kind) as raised:
            await bot.send_message(SARI, "satu", read_timeout=0.2)
        assert not isinstance(raised.value, BadRequest)
        if fault.do == "delay":
            await asyncio.sleep(0.5)

    with_bot(api, scenario)

    assert [message.text for message in api.messages(SARI)[1:]] == ["satu"] * applied
    assert len(api.faults) == 0


def test_fault_with_a_page_or_json_of_its_own() -> None:
    api = started_api()
    api.faults.add(Fault("getMe", do="status"))
    api.faults.add(Fault("getMe", do="json", body={"ok": True, "result": {"id": 5}}))

    async def run() -> None:
        async with serve(api) as port, client(port) as browser:
            url = f"/bot{api.token}/getMe"
            page, own, real = [await browser.get(url) for _ in range(3)]
            assert (page.status_code, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
            assert own.json() == {"ok": True, "result": {"id": 5}}
            assert real.json()["result"]["username"] == "tanggadigital_bot"

    asyncio.run(run())


def test_faults_are_used_in_order_as_often_as_asked() -> None:
    faults = Faults()
    faults.add(Fault("sendMessage", times=2, chat_id=SARI))
    faults.add(Fault("*", do="delay"))

    taken = [
        faults.take("SENDMESSAGE", SARI),
        faults.take("sendMessage", 5),
        faults.take("sendMessage", SARI),
        faults.take("sendMessage", SARI),
    ]

    assert [fault and fault.do for fault in taken] == ["drop", "delay", "drop", None]


def test_serve_closes_within_two_seconds_with_polls_and_streams_open() -> None:
    api = started_api()

    async def run() -> float:
        async with serve(api) as port:
            bot = library_bot(api, port)
            await bot.initialize()
            poll = asyncio.create_task(bot.get_updates(timeout=50))
            browser = client(port)
            stream = asyncio.create_task(browser.get(f"/phone/{SARI}/events", timeout=60))
            await asyncio.sleep(0.2)
            closing = time.monotonic()
        took = time.monotonic() - closing
        assert await poll == ()
        assert (await stream).text.startswith("event: state\n")
        await browser.aclose()
        await bot.shutdown()
        return took

    assert asyncio.run(run()) < 2
