"""Work shared out over processes: what each part does and leaves, and that Telegram is told things once."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import httpx
import pytest

from bot import process
from bot.settings import Settings, read_settings
from bot.simulator.app import serve
from bot.store import migrate, session
from bot.store.session import Database
from bot.wiring import build
from tests import databases
from tests.process.support import CANARY, ListeningApi, ended, environment, free_port, start
from tests.stage import Stage

TOLD = ("setWebhook", "deleteWebhook", "setMyCommands")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("part", ["web", "work"])
def test_each_part_does_its_own_and_leaves_the_other(tmp_path: Path, part: str) -> None:
    api = ListeningApi()
    engine = tmp_path / "engine.db"

    async def life() -> tuple[list[int], bool, int]:
        web = free_port()
        async with serve(api) as port, httpx.AsyncClient(trust_env=False) as client:
            running = await start(
                "run",
                "--only",
                part,
                log=tmp_path / "log",
                BOT_TOKEN=CANARY,
                BOT_API_URL=f"http://127.0.0.1:{port}",
                DATABASE_URL=f"sqlite:///{tmp_path / 'bot.db'}",
                WEB_PORT=str(web),
            )
            await api.called("getUpdates" if part == "web" else "getMe", 1)
            until = asyncio.get_running_loop().time() + 20
            while part == "work" and not engine.exists() and asyncio.get_running_loop().time() < until:
                await asyncio.sleep(0.05)
            paths = ("/healthz", "/masuk")
            codes = [(await client.get(f"http://127.0.0.1:{web}{path}")).status_code for path in paths]
            has_engine = engine.exists()
            running.terminate()
            return codes, has_engine, await ended(running, within=10)

    codes, has_engine, code = asyncio.run(asyncio.wait_for(life(), 60))

    told = {method: api.count(method) for method in (*TOLD, "getUpdates") if api.count(method)}
    if part == "work":
        assert (codes, has_engine, code, told) == ([200, 404], True, 0, {})
    else:
        assert (codes, has_engine, code) == ([200, 200], False, 0)
        assert set(told) == {"deleteWebhook", "setMyCommands", "getUpdates"}


def _told(play: Stage, **settings: object) -> dict[str, int]:
    """Start a process with these settings as far as telling Telegram about itself; return what it was told."""
    play.settings = replace(play.settings, **settings)  # type: ignore[arg-type]
    play.restart()
    (branch,) = play.app.branches

    async def start() -> None:
        await process._set_up(play.app, branch, None)
        await process._register(play.app, branch)

    play._runner.run(start())
    calls = [call.method for call in play.api.calls]
    return {method: calls.count(method) for method in TOLD if method in calls}


def test_silent_telegram_holds_up_no_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await reader.read()
        writer.close()

    async def life() -> tuple[int, float]:
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        here = environment(BOT_TOKEN=CANARY, BOT_API_URL=address, DATABASE_URL=databases.url(tmp_path / "bot.db"))
        app, stop = build(read_settings(here, directory=tmp_path)), asyncio.Event()
        serving = asyncio.create_task(process.serve(app, stop=stop, only=process.Part.WEB))
        await called.wait()
        began = time.monotonic()
        stop.set()
        code = await serving
        server.close()
        return code, time.monotonic() - began

    monkeypatch.setattr(process, "END_SECONDS", 0.2)

    code, seconds = asyncio.run(life())

    assert code == 0
    assert seconds < 4  # it would answer nothing for five


def test_telegram_is_told_once_for_each_change_and_not_for_each_process(play: Stage) -> None:
    webhook = {"webhook_url": "https://contoh.id/tg", "webhook_secret": "lama"}

    told = [
        _told(play, **settings)
        for settings in (
            {},
            {},
            webhook,
            webhook,
            {"webhook_secret": "lama,baru"},
            {"webhook_secret": "baru,lama"},
            {"webhook_secret": "baru"},
            {"webhook_url": None},
        )
    ]

    fetching, delivered = {"deleteWebhook": 1, "setMyCommands": 2}, {"setWebhook": 1, "setMyCommands": 2}
    assert told == [fetching, {}, delivered, {}, {}, delivered, {}, fetching]


def test_webhook_that_somebody_took_away_is_set_again(play: Stage) -> None:
    webhook = {"webhook_url": "https://contoh.id/tg", "webhook_secret": "lama"}
    _told(play, **webhook)
    play.api.webhook = None

    assert _told(play) == {"setWebhook": 1}


@pytest.mark.sqlite_only
def test_database_that_is_locked_at_the_start_is_waited_for(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SETUP_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.02)
    play.restart()
    told_meanwhile = []

    async def start() -> None:
        with databases.away(play.app.database):
            set_up = partial(process._set_up, play.app, play.app.branches[0], None)
            setting_up = asyncio.create_task(process._patiently(set_up, asyncio.Event()))
            await asyncio.sleep(0.2)
            told_meanwhile.append((setting_up.done(), [call.method for call in play.api.calls if call.method in TOLD]))
        await asyncio.wait_for(setting_up, 20)

    play._runner.run(start())

    assert told_meanwhile == [(False, [])]
    assert [call.method for call in play.api.calls if call.method in TOLD] == ["deleteWebhook"]


def _prepares(settings: Settings) -> None:
    app = build(settings)
    app.prepare()
    app.close()


def test_two_that_start_at_once_on_an_empty_database_release_the_content_once(play: Stage, tmp_path: Path) -> None:
    settings = replace(play.settings, database_url=databases.empty_url(tmp_path / "empty.db"))

    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_prepares, [settings, settings]))

    with closing(Database(settings.database_url)) as database:
        assert databases.rows(database, "SELECT count(*) FROM release") == [(1,)]
        assert migrate.revision(database) == migrate.revisions()[-1]
