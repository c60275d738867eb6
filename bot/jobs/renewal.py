"""Writes readings that are missing, because a question was put aside or counts again, a few at once beside the taps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from bot.store import readings as kept
from bot.store.session import Database
from bot.usecases import readings
from bot.usecases.library import Library

AT_ONCE = 5
"""So few keep a tap waiting for less than a blink."""
PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Renewal:
    """Readings to be written. Two processes of a database may do it at once: a reading is the same from both."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def catch_up(self) -> None:
        """Write all that are missing now."""
        running = asyncio.get_running_loop()
        while await running.run_in_executor(self.workers, self._write_some):
            await self.pause(PAUSE_SECONDS)

    def _write_some(self) -> bool:
        """Write some readings; tell whether there were any to write. Looking takes no turn from the taps."""
        with self.database.snapshot() as session:
            if not kept.count_unread(session):
                return False
        with self.database.transaction() as session:
            self.library.look_again(session, now=self.clock())
            return bool(readings.catch_up(session, library=self.library, at_once=AT_ONCE))
