"""Keeps nothing for longer than was promised, a few people at a time beside the taps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from bot.core.person import PersonId
from bot.store.session import Database
from bot.usecases import retention
from bot.usecases.retention import Purged

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """What is deleted once a day. Two processes of a database may run it: what is gone is gone."""

    database: Database
    workers: Executor
    clock: Callable[[], datetime]
    admins: Collection[int] = ()

    async def purge(self) -> None:
        """Delete all that was kept long enough."""
        running, after, people = asyncio.get_running_loop(), None, 0
        while True:
            purged = await running.run_in_executor(self.workers, self._purge_some, after)
            people += purged.people
            after = purged.go_on_after
            if after is None:
                break
        if people:
            log.info("erased %d people who were away for two years", people)

    def _purge_some(self, after: PersonId | None) -> Purged:
        with self.database.transaction() as session:
            return retention.purge(session, now=self.clock(), admins=self.admins, after=after)
