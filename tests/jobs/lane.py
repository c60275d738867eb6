"""The lane of deliveries with a channel by hand, which notes what it is given and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlmodel import Session

from bot.chat.arrival import Arrival, Pushed
from bot.chat.screen import Screen
from bot.jobs.deliveries import Deliveries
from bot.store.session import Database, DatabaseUnavailable
from tests.usecases.world import World

FIRST_BOT = 11


class Killed(BaseException):
    """The process ends here, without another word."""


class Moody(Database):
    """A database that can be away."""

    is_away = False

    @contextmanager
    def transaction(self, *, since: float | None = None) -> Iterator[Session]:
        if self.is_away:
            raise DatabaseUnavailable
        with super().transaction(since=since) as session:
            yield session


class Lane:
    """One process that sends what is owed; `answers` are what the channel says next, then that all arrives."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.workers = ThreadPoolExecutor(1)
        self.answers: list[Pushed | BaseException] = []
        self.pushed: list[tuple[int, Screen]] = []
        self.pauses: list[float] = []
        self.loses_the_database = False
        self.comes_back = True
        self.stops_after: int | None = None
        self.database = Moody(world.database.url)
        self.restart()

    def close(self) -> None:
        """Leave nothing open."""
        self.workers.shutdown()
        self.database.close()

    def restart(self) -> None:
        """Begin anew on the same database, as after a crash."""
        self.database.close()
        self.database = Moody(self.world.database.url)
        self.deliveries = Deliveries(
            self.database,
            self.workers,
            self.world.library,
            lambda: self.world.now,
            self._push,
            self._pause,
            (FIRST_BOT,),
        )

    async def _push(self, bot_id: int | None, telegram_id: int, screen: Screen) -> Pushed:
        self.pushed.append((telegram_id, screen))
        await asyncio.sleep(0)
        self.database.is_away = self.loses_the_database
        if len(self.pushed) == self.stops_after:
            self.deliveries.is_stopping = True
        answer = self.answers.pop(0) if self.answers else Pushed(Arrival.THERE)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.database.is_away = not self.comes_back

    def drains(self) -> None:
        """Send all that is due."""
        asyncio.run(self.deliveries.drain())

    def sweeps(self) -> list[int]:
        """Sweep once and send what that leased; return to whom."""
        before = len(self.pushed)

        async def sweep() -> None:
            for one in await self.deliveries.lease():
                await self.deliveries.deliver(one.id, one.tries)

        asyncio.run(sweep())
        return self.receivers[before:]

    @property
    def receivers(self) -> list[int]:
        return [telegram_id for telegram_id, _ in self.pushed]
