"""How long it takes from a lost SQLite database to a bot that answers again, by the commands of the runbook.

`RECOVERY_GB=10 python -m tests.bench --only recovery` is the size of the target; it needs four times that on the disk.
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from bot.simulator.api import BotApi
from bot.simulator.app import serve
from bot.simulator.clock import Clock
from bot.simulator.world import DEMO_TOKEN
from tests.bench.ours import Ours
from tests.bench.targets import verdict
from tests.faults.replicas import Replica, comes_in, settings_of
from tests.process.support import free_port, start

GIGABYTES = float(os.environ.get("RECOVERY_GB", "1"))
PEOPLE_A_GIGABYTE = 1_650_000
"""A fifth of them with a sitting behind them (`tests.bench.millions`)."""
GB = 1e9
MINUTES_AT_MOST = 10.0


async def recovery(directory: Path) -> list[str]:
    """Fill a database, copy it while nobody writes, lose it, put the copy back and start the bot on it."""
    folder = directory / "recovery"
    folder.mkdir()
    ours = Ours("http://127.0.0.1:1", folder, 1, among=int(GIGABYTES * PEOPLE_A_GIGABYTE))
    await asyncio.to_thread(ours.prepare)
    url = ours.app.database.url
    ours.app.close()
    database, copy = Path(url.removeprefix("sqlite:///")), folder / "copy.db"
    saving = await _seconds_of(folder, url, "backup", str(copy))
    size = await asyncio.to_thread(_lost, database)
    restoring = await _seconds_of(folder, url, "restore", str(copy))
    starting = await _seconds_to_start(folder, url)
    return [
        f"{size / GB:.1f} GB, {ours.people.stop - ours.people.start:,} orang: disalin dalam {saving:.0f} s, "
        f"dipulihkan dalam {restoring:.0f} s, bot siap {starting:.1f} s sesudah dijalankan",
        verdict("menit dari salinan sampai bot siap", (restoring + starting) / 60, MINUTES_AT_MOST, digits=1),
    ]


def _lost(database: Path) -> int:
    """Delete a database with all that lies beside it; return how many bytes it had."""
    size = database.stat().st_size
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    return size


async def _seconds_of(folder: Path, url: str, *command: str) -> float:
    """Run one of the bot's commands and return how long it took; RuntimeError with its words where it fails."""
    log = folder / f"{command[0]}.log"
    began = time.monotonic()
    process = await start(*command, log=log, DATABASE_URL=url, DATA_DIR=str(folder), BOT_TOKEN=DEMO_TOKEN)
    if await process.wait() != 0:
        raise RuntimeError(log.read_text())
    return time.monotonic() - began


async def _seconds_to_start(folder: Path, url: str) -> float:
    """Start the bot and return how long it took until /readyz finds nothing wrong."""
    telegram, port = free_port(), free_port()
    settings = settings_of(folder, telegram=f"http://127.0.0.1:{telegram}", database_url=url)
    bot = Replica(port, folder / "bot.log", (), settings | comes_in(port))
    try:
        async with serve(BotApi(Clock(), seed=1), port=telegram):
            await bot.start()
            await bot.ready()
            await bot.stop()
    finally:
        bot.kill_if_alive()
    return bot.starts[0]
