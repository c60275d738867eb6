"""Writes readings that are missing, because a question was put aside or counts again, a few at once beside the taps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from bot.core.attempt import AttemptId
from bot.jobs.beside import beside
from bot.store import item_notes
from bot.store import readings as kept
from bot.store.session import Database, DatabaseUnavailable, in_transaction
from bot.usecases import readings
from bot.usecases.library import Library

log = logging.getLogger(__name__)
Value = TypeVar("Value")
FOUND_AT_ONCE = 1000
AT_ONCE = 5
"""So few keep a tap waiting for less than a blink."""
PAUSE_SECONDS = 0.05
HOLDS_FOR = timedelta(hours=1)
"""How long it is taken for granted that nothing is missing: a standby that took over may lack what was written last."""


@dataclass(slots=True)
class Renewal:
    """Readings to be written. Two processes of a database may do it at once: a reading is the same from both."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _whole: tuple[int, datetime] | None = field(default=None, init=False)
    """How many decisions there were when nothing was missing, and when: another one makes readings missing again."""
    _is_under_way: bool = field(default=False, init=False)

    async def catch_up(self) -> None:
        """Write all that are missing now. Looking through a million sittings takes half a second: that is done beside
        the taps, and only after a start, after each decision, and once an hour.
        """
        if self._is_under_way:
            return
        self._is_under_way = True
        try:
            begun = self.clock()
            decisions = await self._seen(item_notes.count_decisions)
            if self._whole is None or self._whole[0] != decisions or abs(begun - self._whole[1]) > HOLDS_FOR:
                await self._write_all()
                self._whole = decisions, begun
        finally:
            self._is_under_way = False

    async def _write_all(self) -> None:
        after = AttemptId(0)
        while missing := await self._seen(partial(kept.unread, limit=FOUND_AT_ONCE, after=after)):
            for start in range(0, len(missing), AT_ONCE):
                await self._write(missing[start : start + AT_ONCE])
                await self.pause(PAUSE_SECONDS)
            after = missing[-1]

    async def _seen(self, look: Callable[[Session], Value]) -> Value:
        """Look at the database without taking a turn from the taps."""

        def run() -> Value:
            with self.database.snapshot() as session:
                return look(session)

        return await beside(run)

    async def _write(self, some: Sequence[AttemptId]) -> None:
        """Write a few; whatever is wrong with one of them holds up no other."""

        def write(session: Session) -> None:
            readings.catch_up(session, missing=some, library=self.library, now=self.clock())

        try:
            await in_transaction(self.database, self.workers, write)
        except DatabaseUnavailable:
            raise
        except Exception:
            if len(some) == 1:
                log.exception("the reading of sitting %d was not written", some[0])
            else:
                for one in some:
                    await self._write([one])
