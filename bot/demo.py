"""The demo: the real bot and the stand-in for Telegram in one process, with one address to open."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bot.process import receive
from bot.settings import read_settings
from bot.simulator.api import BotApi
from bot.simulator.app import serve
from bot.simulator.cast import CAST
from bot.simulator.clock import Clock
from bot.simulator.memory import Memory
from bot.simulator.world import DEMO_TOKEN
from bot.wiring import build

log = logging.getLogger(__name__)


async def run_demo(
    environment: Mapping[str, str], root: Path, *, stop: asyncio.Event, ready: Callable[[], None] = lambda: None
) -> int:
    """Run until `stop` and call `ready` once the phone can be opened.

    Chats, clock and answers are kept in `var/` and found again at the next start.
    """
    asked = read_settings(environment, directory=root, needs_token=False)
    var = root / "var"
    var.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    api = BotApi(clock, token=DEMO_TOKEN)
    for person in CAST:
        api.add_user(person)
    memory = Memory(api, var / "demo-phones.json")
    memory.recall()
    async with serve(api, asked.web_host, asked.web_port) as port:
        settings = replace(
            asked,
            bot_token=DEMO_TOKEN,
            bot_api_url=f"http://{asked.web_host}:{port}",
            database_url=f"sqlite:///{var / 'demo.db'}",
            webhook_url=None,
        )
        app = build(settings, clock=clock.now)
        app.prepare()
        receiving = asyncio.create_task(receive(app, stop))
        keeping = asyncio.create_task(memory.keep())
        address = f"http://{asked.web_host}:{port}/"
        print(f"\nTangga Digital siap. Buka di peramban: {address}\n(Ctrl+C untuk berhenti)", flush=True)
        ready()
        await stop.wait()
        app.polling.stop()
        await receiving
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        memory.write()
        await app.bot.shutdown()
        app.close()
    return 0
