"""Releases what admins scheduled, once its hour has come. The truth is the row of the proposal; nothing is queued."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from bot.store.session import Database
from bot.usecases import releasing
from bot.usecases.library import Library

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The clock of releases. Two processes of a database may run it: a proposal ends once."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    two_person: bool = False

    async def look(self) -> None:
        """Release what is due."""
        await asyncio.get_running_loop().run_in_executor(self.workers, self.sweep)

    def sweep(self) -> None:
        """Release what is due. Looking takes no turn from the taps."""
        with self.database.snapshot() as session:
            if not releasing.is_due(session, two_person=self.two_person, now=self.clock()):
                return
        with self.database.transaction() as session:
            released = releasing.release_due(
                session, two_person=self.two_person, library=self.library, now=self.clock()
            )
        if released is not None:
            log.info("released as scheduled: %s", released.release_id)
