"""The demo: the real bot, its web, and the stand-in for Telegram in one process, with one address to open.

The web has a port of its own beside the phone's, as it has a host of its own in earnest.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bot.demo.cast import phones
from bot.demo.story import fill
from bot.process import bound, lanes, receive, web_server
from bot.settings import read_settings
from bot.simulator.api import BotApi
from bot.simulator.app import serve
from bot.simulator.cast import ADMIN, CAST, MBAK_RANI, PAK_JOKO
from bot.simulator.clock import Clock
from bot.simulator.memory import Memory
from bot.simulator.world import DEMO_TOKEN
from bot.store import people
from bot.watch import logs
from bot.wiring import App, build

READY = "\nTangga Digital siap. Buka di peramban: http://{}:{}/\n(Ctrl+C untuk berhenti)"


async def run_demo(
    environment: Mapping[str, str], root: Path, *, stop: asyncio.Event, ready: Callable[[], None] = lambda: None
) -> int:
    """Run until `stop` and call `ready` once the phone can be opened.

    Chats, clock and answers are kept in `var/` and found again at the next start.
    """
    asked = read_settings(environment, directory=root, needs_token=False)
    logs.set_up(asked.log_format, known=asked.secrets())
    var = root / "var"
    var.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    api = _telegram(clock)
    memory = Memory(api, var / "demo-phones.json")
    memory.recall()
    async with serve(api, asked.web_host, asked.web_port) as port:
        listening = _web_socket(asked.web_host, port)
        settings = replace(
            asked,
            bot_token=DEMO_TOKEN,
            bot_api_url=f"http://{asked.web_host}:{port}",
            database_url=f"sqlite:///{var / 'demo.db'}",
            engine_url=f"sqlite:///{var / 'demo-engine.db'}",
            web_url=f"http://{_reached(asked.web_host)}:{listening.getsockname()[1]}",
            webhook_url=None,
            admin_ids=asked.admin_ids | {ADMIN.id},
        )
        app = build(settings, clock=clock.now)
        app.prepare()
        await asyncio.to_thread(_fill, app)
        web = web_server(app)
        serving = asyncio.create_task(web.serve(sockets=[listening]))
        receiving = asyncio.create_task(receive(app, stop))
        keeping = asyncio.create_task(memory.keep())
        while not (web.started or serving.done()):
            await asyncio.sleep(0.005)
        print(READY.format(asked.web_host, port), flush=True)
        ready()
        delivering = asyncio.gather(*lanes(app, stop))
        await stop.wait()
        app.stop_fetching()
        web.should_exit = True
        await asyncio.gather(receiving, serving, delivering)
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        memory.write()
        await app.hang_up()
        app.close()
    return 0


def _telegram(clock: Clock) -> BotApi:
    """Return the stand-in for Telegram with everybody's phone."""
    api = BotApi(clock, token=DEMO_TOKEN)
    for person in CAST:
        api.add_user(person, started=person in (PAK_JOKO, MBAK_RANI, ADMIN))
    for person in phones():
        api.add_user(person, started=True)
    return api


def _fill(app: App) -> None:
    """Let the people of the demo have done something already, at the first start; it takes some seconds."""
    with app.database.transaction() as session:
        if not people.nobody_is_there(session):
            return
        print("Menyiapkan kelompok contoh Pak Joko, beberapa detik…", flush=True)
        fill(session, library=app.library, new_token=app.desk.house.new_token, now=app.clock())


def _web_socket(host: str, phone_port: int) -> socket.socket:
    """Take the port after the phone's, or any other."""
    try:
        return bound(host, phone_port + 1)
    except (OSError, OverflowError):
        return bound(host, 0)


def _reached(host: str) -> str:
    """Return the name under which this machine's browser reaches a host that stands for all."""
    if host in ("0.0.0.0", "::"):  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
