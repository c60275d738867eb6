"""`python -m bot run` as a real process: it comes up, answers, stops without losing anything, refuses in one line."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx

from bot.simulator.app import serve
from bot.simulator.faults import Fault
from tests import databases
from tests.process.support import CANARY, ListeningApi, ended, free_port, start
from tests.stage import SARI

STOPS_WITHIN = 10.0


def _bot_texts(api: ListeningApi) -> list[str]:
    return [message.text for message in api.messages(SARI) if message.from_bot]


def test_run_answers_stops_and_goes_on_without_losing_an_update(tmp_path: Path) -> None:
    api = ListeningApi()
    log = tmp_path / "log"

    async def life() -> None:
        async with serve(api) as port:
            web = free_port()
            settings = {
                "BOT_TOKEN": CANARY,
                "BOT_API_URL": f"http://127.0.0.1:{port}",
                "DATABASE_URL": databases.empty_url(tmp_path / "var" / "bot.db"),
                "WEB_PORT": str(web),
            }
            process = await start("run", log=log, **settings)
            await api.called("getUpdates", 2)  # the second one is sent only after the first was answered
            assert await _health(web) == (200, 200, [])
            await api.called("setMyShortDescription", 2)
            assert (api.count("setMyCommands"), api.count("setMyDescription")) == (2, 2)

            api.person_sends(SARI, "/start")
            await api.called("sendMessage", 1)
            api.faults.add(Fault("sendMessage", do="delay", seconds=0.5))
            api.person_sends(SARI, "/bantuan")
            await _used_up(api)
            began = time.monotonic()
            process.terminate()
            api.person_sends(SARI, "/privasi")
            assert await ended(process) == 0
            assert time.monotonic() - began < STOPS_WITHIN
            waiting = api.updates.waiting(api.clock.now())
            assert [update.payload["text"] for update in waiting] == ["/privasi"]
            assert api.count("sendMessage") == 2

            api.person_sends(SARI, "/start")
            process = await start("run", log=log, **settings)
            await api.called("sendMessage", 4)
            process.terminate()
            assert await ended(process, within=STOPS_WITHIN) == 0

    asyncio.run(life())

    consent, help_page, privacy, again = _bot_texts(api)
    assert consent == again
    assert len({consent, help_page, privacy}) == 3
    assert api.updates.waiting(api.clock.now()) == []
    assert api.count("setMyCommands") == 2  # nothing new to tell at the second start
    assert CANARY.partition(":")[2] not in log.read_text()


async def _health(port: int) -> tuple[int, int, list[str]]:
    """Return whether the process lives, whether it is ready, and what is wrong that keeps it from work."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False) as client:
        lives, ready = [await client.get(path) for path in ("/healthz", "/readyz")]
    wrong = [check["name"] for check in ready.json()["checks"] if check["needed"] and not check["ok"]]
    return lives.status_code, ready.status_code, wrong


async def _used_up(api: ListeningApi) -> None:
    """Wait until the fault on order has met its call."""
    while len(api.faults):
        await asyncio.sleep(0.01)


def test_run_with_a_refused_token_ends_with_one_line(tmp_path: Path) -> None:
    api = ListeningApi("9000000000:another-token-than-the-one-given-0000")
    log = tmp_path / "log"

    async def life() -> int:
        async with serve(api) as port:
            here = f"http://127.0.0.1:{port}"
            database = databases.empty_url(tmp_path / "bot.db")
            return await ended(await start("run", log=log, BOT_TOKEN=CANARY, BOT_API_URL=here, DATABASE_URL=database))

    code = asyncio.run(life())

    (line,) = log.read_text().splitlines()
    assert (code, line.partition("bot.process: ")[2]) == (1, "BOT_TOKEN ditolak oleh Telegram")


def test_run_while_telegram_is_away_waits_and_keeps_the_token_out_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"

    async def life() -> int:
        web = free_port()
        process = await start(
            "run",
            log=log,
            BOT_TOKEN=CANARY,
            BOT_API_URL=f"http://127.0.0.1:{free_port()}",
            DATABASE_URL=databases.empty_url(tmp_path / "bot.db"),
            WEB_PORT=str(web),
        )
        while "not reachable" not in log.read_text():
            await asyncio.sleep(0.02)
        health = await _health(web)
        process.terminate()
        assert health == (200, 503, ["started"])
        return await ended(process, within=STOPS_WITHIN)

    code = asyncio.run(asyncio.wait_for(life(), 30))

    assert code == 0
    assert CANARY.partition(":")[2] not in log.read_text()
    assert "Traceback" not in log.read_text()
