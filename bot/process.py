"""One running process: the web server, the polling loop or the webhook, and what is owed, until asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from enum import StrEnum
from functools import partial

import uvicorn
from starlette.applications import Starlette
from telegram.error import TelegramError

from bot.settings import SettingRefused, Settings
from bot.store import releases
from bot.store.session import DatabaseUnavailable, in_transaction
from bot.tg import register
from bot.tg.errors import Verdict, judge
from bot.tg.inlet import set_webhook
from bot.tg.parse import ALLOWED_UPDATES
from bot.tg.sender import TokenRefused
from bot.wiring import App, Branch

log = logging.getLogger(__name__)
SETUP_PAUSE_SECONDS = 10.0
GRACE_SECONDS = 7
DRAIN_SECONDS = 2
"""For how long /readyz says that the process ends before the door closes, so that a load balancer can leave."""
END_SECONDS = 9.0
"""What has not ended so long after the wish to stop waits for somebody, such as a silent Telegram: it is called off."""


class Part(StrEnum):
    """What a process does where the work is shared out: answer people and browsers, or send what is owed."""

    WEB = "web"
    WORK = "work"


async def serve(app: App, *, stop: asyncio.Event, only: Part | None = None) -> int:
    """Serve until `stop`, everything or one part; return 0, or 1 where Telegram refuses every token.

    Nothing unacknowledged is lost.
    """
    listening = _listen(app.settings)
    server = web_server(app, only)
    running = [server.serve(sockets=[listening]), receive(app, stop, only), app.watch.rounds.run(stop)]
    running += lanes(app, stop) if only is not Part.WEB else []
    tasks = [asyncio.create_task(one) for one in running]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    end_by = asyncio.get_running_loop().time() + END_SECONDS
    app.watch.checkup.stop()
    if app.settings.webhook_url is not None and only is not Part.WORK:
        await asyncio.sleep(DRAIN_SECONDS)
    app.stop_fetching()
    server.should_exit = True
    stop.set()
    results = await _results(tasks, end_by)
    stopping.cancel()
    await app.hang_up()
    app.close()
    return _exit_code(results)


async def _results(tasks: Sequence[asyncio.Task[None]], end_by: float) -> list[BaseException | None]:
    _, late = await asyncio.wait(tasks, timeout=end_by - asyncio.get_running_loop().time())
    for task in late:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


def lanes(app: App, stop: asyncio.Event) -> list[Coroutine[None, None, None]]:
    """Return what runs beside the updates: the engine with all that is owed and due."""
    return [app.engine.run(stop)]


def web_server(app: App, only: Part | None = None) -> uvicorn.Server:
    """Return the server of everything that this process serves; signals stay with the program it runs in."""
    served = Starlette(routes=app.routes(to_people=only is not Part.WORK))
    grace = GRACE_SECONDS - DRAIN_SECONDS
    # Without `log_config` what it says goes the way of all entries, where nobody's words are told.
    config = uvicorn.Config(
        served, log_config=None, log_level="warning", access_log=False, timeout_graceful_shutdown=grace
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    return server


def _listen(settings: Settings) -> socket.socket:
    """Take the port at once, so that one in use is told as the setting that it is."""
    try:
        return bound(settings.web_host, settings.web_port)
    except OSError as error:
        raise SettingRefused(f"WEB_HOST dan WEB_PORT tidak bisa dipakai: {error.strerror}") from error


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to a host and port, a free one for 0; OSError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _exit_code(results: list[BaseException | None]) -> int:
    errors = [one for one in results if one is not None and not isinstance(one, asyncio.CancelledError)]
    for error in errors:
        if not isinstance(error, TokenRefused):
            log.error("stopped by %s", type(error).__name__, exc_info=error)
    return 1 if errors else 0


async def receive(app: App, stop: asyncio.Event, only: Part | None = None) -> None:
    """Take every bot's updates until `stop`, or only get to know the bots; raise TokenRefused once Telegram refuses
    every token.
    """
    await asyncio.gather(*(_receive_for(app, branch, stop, only) for branch in app.branches))
    if all(branch.is_refused for branch in app.branches):
        raise TokenRefused


async def _receive_for(app: App, branch: Branch, stop: asyncio.Event, only: Part | None) -> None:
    """Set up how one bot's updates come, then wait for them; no update waits for the bot's commands to be told."""
    try:
        if not await _patiently(partial(_set_up, app, branch, only), stop):
            return
        introducing = asyncio.create_task(_introduce(app, branch, stop, only))
        try:
            await (branch.polling.run() if branch.webhook_url is None and only is not Part.WORK else stop.wait())
        finally:
            introducing.cancel()
    except TokenRefused:
        branch.is_refused = True
        which = app.branches.index(branch) + 1
        log.error("BOT_TOKEN ditolak oleh Telegram" + (f": token ke-{which}" if len(app.branches) > 1 else ""))


async def _patiently(work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> bool:
    """Do something once Telegram and the database let it be done; tell whether it was done before `stop`."""
    while not stop.is_set():
        pause = SETUP_PAUSE_SECONDS
        try:
            await work()
            return not stop.is_set()
        except TelegramError as error:
            ruling = judge(error)
            if ruling.verdict is Verdict.STOP:
                raise TokenRefused from error
            pause = max(pause, ruling.wait)
            log.warning("Telegram is not reachable yet: %s", type(error).__name__)
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    return False


async def _introduce(app: App, branch: Branch, stop: asyncio.Event, only: Part | None) -> None:
    if only is Part.WORK:
        return
    try:
        await _patiently(partial(_register, app, branch), stop)
    except Exception:
        log.exception("a bot's commands could not be told")


async def _set_up(app: App, branch: Branch, only: Part | None) -> None:
    """Open a bot's line, and tell Telegram where its updates go, unless it was told the same before, by any process."""
    await branch.bot.initialize()
    if only is Part.WORK:
        return
    was_told = await _was_told(app, branch)
    told = await branch.bot.get_webhook_info()
    if was_told and told.url == (branch.webhook_url or ""):
        return
    if branch.webhook_url is None:
        await branch.bot.delete_webhook()
    else:
        await set_webhook(branch.bot, branch.webhook_url, app.settings.webhook_secrets[0])


async def _register(app: App, branch: Branch) -> None:
    """Tell Telegram a bot's commands, unless it was told all the same before, by any process.

    Several that start at once may tell it the same more than once, which changes nothing.
    """
    if await _was_told(app, branch):
        return
    await register.register(branch.bot)
    told = partial(releases.save_registered, bot_id=branch.bot_id, digest=_digest(app.settings, branch))
    await in_transaction(app.database, app.workers, told)


async def _was_told(app: App, branch: Branch) -> bool:
    """Tell whether Telegram was told all of a bot as it is now."""
    known = partial(releases.registered_digest, bot_id=branch.bot_id)
    return await in_transaction(app.database, app.workers, known) == _digest(app.settings, branch)


def _digest(settings: Settings, branch: Branch) -> str:
    """Return a digest of all that Telegram is told about a bot."""
    receiving = [branch.webhook_url, *settings.webhook_secrets[:1], *ALLOWED_UPDATES]
    return hashlib.sha256(json.dumps([register.digest(), receiving]).encode()).hexdigest()[:16]
