"""One process with several bots: each fetches its own updates, and the trouble of one stays with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from bot.process import bound
from bot.process import serve as serve_bot
from bot.settings import Settings
from bot.simulator.app import create_app
from bot.simulator.faults import Fault
from bot.simulator.listeners import CLOSING
from bot.wiring import App, build
from tests import databases
from tests.process.support import CANARY, ListeningApi, free_port
from tests.stage import JOKO, SARI
from tests.two_bots import SECOND_TOKEN

UNKNOWN = "9000000000:nobody-gave-this-token-to-anybody-000000"


@asynccontextmanager
async def telegram(*apis: ListeningApi) -> AsyncIterator[str]:
    """Serve what each of several bots knows of Telegram at one address, as Telegram does: the token says which."""
    served = {api.token: create_app(api) for api in apis}

    async def by_token(scope: Scope, receive: Receive, send: Send) -> None:
        token = scope["path"].removeprefix("/bot").partition("/")[0]
        await served.get(token, served[apis[0].token])(scope, receive, send)

    listening = bound("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(by_token, lifespan="off", log_level="warning", access_log=False))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        for api in apis:
            api.listeners.tell(CLOSING)
        server.should_exit = True
        await running


def plays(directory: Path, tokens: str, apis: list[ListeningApi], scene: Callable[[App], Awaitable[None]]) -> int:
    """Run the application with these tokens while a scene is played; return its exit code."""

    async def run() -> int:
        async with telegram(*apis) as address:
            settings = Settings(
                bot_token=tokens,
                bot_api_url=address,
                database_url=databases.url(directory / "bot.db"),
                web_host="127.0.0.1",
                web_port=free_port(),
                web_url="http://127.0.0.1",
                webhook_url=None,
                webhook_secret=None,
                admin_ids=frozenset(),
            )
            app = build(settings, clock=apis[0].clock.now)
            app.prepare()
            stop = asyncio.Event()
            running = asyncio.create_task(serve_bot(app, stop=stop))
            try:
                async with asyncio.timeout(20):
                    await scene(app)
            finally:
                stop.set()
                code = await asyncio.wait_for(running, 15)
            return code

    return asyncio.run(run())


async def readiness(app: App) -> tuple[int, dict[str, str]]:
    """Ask the process whether it is ready, and what is wrong with its bots."""
    address = f"http://127.0.0.1:{app.settings.web_port}/readyz"
    async with httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(address)
    return response.status_code, {
        one["name"]: one["wrong"] for one in response.json()["checks"] if one["name"].startswith("updates of")
    }


def test_every_bot_fetches_answers_and_is_told_its_commands(tmp_path: Path) -> None:
    apis = [ListeningApi(), ListeningApi(SECOND_TOKEN)]

    async def scene(app: App) -> None:
        for api, person in zip(apis, (SARI, JOKO), strict=True):
            api.person_sends(person, "/start")
        for api in apis:
            await api.called("sendMessage", 1)
            await api.called("setMyCommands", 2)

    code = plays(tmp_path, f"{CANARY},{SECOND_TOKEN}", apis, scene)

    assert code == 0
    assert [[len(api.messages(person)) for person in (SARI, JOKO)] for api in apis] == [[2, 0], [0, 2]]
    assert [(api.count("setMyCommands"), api.updates.waiting(api.clock.now())) for api in apis] == [(2, []), (2, [])]


def test_telegram_that_takes_no_commands_for_an_hour_holds_up_no_update(tmp_path: Path) -> None:
    api = ListeningApi()
    wait = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3600}}
    api.faults.add(Fault("setMyCommands", do="status", status=429, body=wait, times=1000))

    async def scene(app: App) -> None:
        api.person_sends(SARI, "/start")
        await api.called("sendMessage", 1)
        while len(api.faults) == 1000:
            await asyncio.sleep(0.01)

    code = plays(tmp_path, CANARY, [api], scene)

    assert (code, len(api.messages(SARI)), len(api.faults)) == (0, 2, 999)


def test_refused_token_of_one_bot_leaves_the_other_at_work(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    api = ListeningApi()
    ready: list[tuple[int, dict[str, str]]] = []

    async def scene(app: App) -> None:
        api.person_sends(SARI, "/start")
        await api.called("sendMessage", 1)
        while not app.branches[0].is_refused:
            await asyncio.sleep(0.01)
        ready.append(await readiness(app))

    code = plays(tmp_path, f"{UNKNOWN} {CANARY}", [api], scene)

    assert (code, ready) == (
        0,
        [(200, {"updates of 9000000000": "Telegram refuses the token", "updates of 8123456789": ""})],
    )
    assert [r.getMessage() for r in caplog.records if "BOT_TOKEN" in r.getMessage()] == [
        "BOT_TOKEN ditolak oleh Telegram: token ke-1"
    ]


def test_process_ends_with_one_where_every_token_is_refused(tmp_path: Path) -> None:
    async def scene(app: App) -> None:
        while not all(branch.is_refused for branch in app.branches):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)

    assert plays(tmp_path, f"{UNKNOWN} {SECOND_TOKEN}", [ListeningApi()], scene) == 1


def test_bot_that_telegram_does_not_answer_leaves_the_other_at_work(tmp_path: Path) -> None:
    apis = [ListeningApi(), ListeningApi(SECOND_TOKEN)]
    apis[0].faults.add(Fault(method="*", do="status", status=502, times=1000))

    async def scene(app: App) -> None:
        apis[1].person_sends(SARI, "/start")
        await apis[1].called("sendMessage", 1)

    code = plays(tmp_path, f"{CANARY},{SECOND_TOKEN}", apis, scene)

    assert (code, len(apis[1].messages(SARI)), apis[0].calls) == (0, 2, [])
