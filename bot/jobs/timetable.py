"""Owes what people asked to get by itself, once its hour has come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from bot.store.session import Database
from bot.usecases import posting, timetable

AT_ONCE = 200
"""So few keep a tap waiting for less than a blink."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The timetable of wishes. Two processes of a database may run it: a message has one key and is owed once."""

    database: Database
    workers: Executor
    new_seed: Callable[[], int]
    clock: Callable[[], datetime]

    async def advance(self) -> None:
        """Take all wishes, and all chats that get a group's sums, whose time has come."""
        running = asyncio.get_running_loop()
        while await running.run_in_executor(self.workers, self._advance_some) == AT_ONCE:
            pass

    def _advance_some(self) -> int:
        with self.database.transaction() as session:
            now = self.clock()
            wishes = timetable.advance(session, new_seed=self.new_seed, now=now, limit=AT_ONCE)
            return max(wishes, posting.advance(session, now=now, limit=AT_ONCE))
