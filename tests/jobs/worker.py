"""A process that runs the engine and notes in a file what it does: `python -m tests.jobs.worker <settings as JSON>`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.chat.arrival import Arrival, Pushed
from bot.chat.screen import Screen
from bot.jobs.deliveries import Deliveries
from bot.jobs.engine import Chore, Engine
from bot.store.session import Database
from bot.usecases import owing
from bot.usecases.library import Library

ROOT = Path(__file__).parents[2]
TICK, UP = "tick", "up"


class _Heard(Engine):
    """An engine that says when it has started."""

    def __init__(self, url: str, deliveries: Deliveries, chores: Sequence[Chore], is_up: Callable[[], None]) -> None:
        super().__init__(url, deliveries, chores)
        self._is_up = is_up

    async def _take_over(self) -> None:
        await super()._take_over()
        self._is_up()


@dataclass(frozen=True, slots=True)
class Worker:
    """What a process is told: where things are, how long a send takes, how long a lease, and the world's time."""

    database: str
    engine: str
    log: str
    started: str
    takes: float = 0.02
    lease: float = 60.0

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process."""
        return subprocess.Popen([sys.executable, "-m", "tests.jobs.worker", json.dumps(asdict(self))], cwd=ROOT)

    def lines(self) -> list[tuple[float, int, str]]:
        """Return what all processes have noted: when, which process, and what."""
        noted = [line.split() for line in Path(self.log).read_text().splitlines()] if Path(self.log).exists() else []
        return [(float(at), int(process), what) for at, process, what in noted]

    def sent(self) -> list[int]:
        """Return the readers to whom a send ended."""
        return [int(what) for _, _, what in self.lines() if what.isdecimal()]

    def waits(self, until: Callable[[], bool], seconds: float = 40.0) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end, self.lines()[-5:]
            time.sleep(0.05)

    async def run(self) -> None:
        """Run until the process is told to end."""
        owing.LEASE = timedelta(seconds=self.lease)
        begun, real = datetime.fromisoformat(self.started), datetime.now(UTC)
        deliveries = Deliveries(
            Database(self.database),
            ThreadPoolExecutor(1),
            Library(),
            lambda: begun + (datetime.now(UTC) - real),
            self._push,
        )
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        ticking = Chore("ticking", "* * * * * *", self._tick)
        await _Heard(self.engine, deliveries, (ticking,), is_up=lambda: self._note(UP)).run(stop)

    async def _tick(self) -> None:
        self._note(TICK)

    async def _push(self, bot_id: int | None, telegram_id: int, screen: Screen) -> Pushed:
        self._note("begun")
        await asyncio.sleep(self.takes)
        self._note(str(telegram_id))
        return Pushed(Arrival.THERE)

    def _note(self, what: str) -> None:
        with Path(self.log).open("a") as log:
            log.write(f"{time.time()} {os.getpid()} {what}\n")


if __name__ == "__main__":
    asyncio.run(Worker(**json.loads(sys.argv[1])).run())
