"""Writes readings that are missing, because a question was put aside or counts again, a few at once beside the taps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.core.person import PersonId
from bot.jobs.beside import beside, in_transaction
from bot.store import item_notes
from bot.store import readings as kept
from bot.store.session import Database
from bot.usecases import readings
from bot.usecases.library import Library

PAUSE_SECONDS = 0.05


@dataclass(slots=True)
class Renewal:
    """Readings to be written. Two processes of a database may do it at once: a reading is the same from both."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _whole_at: int | None = field(default=None, init=False)
    """How many decisions there were when nothing was missing: only another one makes a reading missing again."""

    async def catch_up(self) -> None:
        """Write all that are missing now. Looking through a million sittings takes half a second: that is done beside
        the taps, and only once after a start and after each decision.
        """
        decisions = await in_transaction(self.database, self.workers, item_notes.count_decisions)
        if decisions == self._whole_at:
            return
        since: PersonId | None = readings.FIRST if await beside(self._is_any_missing) else None
        while since is not None:
            since = await in_transaction(self.database, self.workers, partial(self._write_some, since=since))
            await self.pause(PAUSE_SECONDS)
        self._whole_at = decisions

    def _is_any_missing(self) -> bool:
        with self.database.snapshot() as session:
            return kept.is_any_unread(session)

    def _write_some(self, session: Session, *, since: PersonId) -> PersonId | None:
        self.library.look_again(session, now=self.clock())
        return readings.catch_up(session, library=self.library, since=since)
