"""A process that sends what is owed and nothing else, by a clock of the test's: `python -m tests.faults.postman …`.

It is the bot as it is, built from its settings, without its updates and its web.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.process import lanes
from bot.settings import read_settings
from bot.simulator.world import DEMO_TOKEN
from bot.wiring import build

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Postman:
    """Where things are; `clock` is a file with the seconds by which the test's time is away from the real one."""

    database: str
    api: str
    clock: str

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process."""
        told = json.dumps(asdict(self))
        return subprocess.Popen([sys.executable, "-m", "tests.faults.postman", told], cwd=ROOT)

    def begins_at(self, moment: datetime) -> None:
        """Set the test's time."""
        Path(self.clock).write_text(str((moment - datetime.now(UTC)).total_seconds()))

    def now(self) -> datetime:
        """Return the test's time."""
        return datetime.now(UTC) + timedelta(seconds=float(Path(self.clock).read_text()))

    def moves_on(self, by: timedelta) -> None:
        """Move the test's time."""
        path = Path(self.clock)
        moved = path.with_suffix(".new")
        moved.write_text(str(float(path.read_text()) + by.total_seconds()))
        os.replace(moved, path)

    async def run(self) -> None:
        """Send until the process is told to end."""
        environment = {
            "BOT_TOKEN": DEMO_TOKEN,
            "BOT_API_URL": self.api,
            "DATABASE_URL": self.database,
        }
        app = build(read_settings(environment, directory=Path(self.clock).parent), clock=self.now)
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await app.bot.initialize()
        await asyncio.gather(*lanes(app, stop))
        await app.hang_up()
        app.close()


if __name__ == "__main__":
    asyncio.run(Postman(**json.loads(sys.argv[1])).run())
