"""Sends what is owed and due. The truth is the row of each message: a sweep finds what is due and not done, sends it,
and notes how it ended; nothing is queued beside it.

Only a crash between sending and noting can send a message twice, once, at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlmodel import Session

from bot.chat.arrival import Arrival, Push, Pushed
from bot.chat.handlers.owed import owed_screen
from bot.core.delivery import DeliveryId, Outcome
from bot.store.session import Database, DatabaseUnavailable
from bot.texts.catalogue import translated_by
from bot.usecases import accounts, announcing, owing
from bot.usecases.library import Library
from bot.usecases.owing import RATHER_TWICE, Owed

log = logging.getLogger(__name__)
EVERY_SECONDS = 2.0
MOST_A_SECOND = 20
AT_ONCE = 20
"""Messages read at once: a second's worth, so that what a person decides meanwhile still counts for the rest."""
TRY_AGAIN_AFTER = timedelta(minutes=1)
LONGEST_REST_SECONDS = 60.0
Value = TypeVar("Value")
Note = Callable[[Session], None]


@dataclass(slots=True)
class Deliveries:
    """The one road of messages owed, the oldest first and announcements last. One process of a database runs it."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    push: Push
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    _sweeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    _notes: dict[DeliveryId, Note] = field(default_factory=dict)
    """Endings that are not stored yet, because the database was away: stored before anything more is sent."""
    _in_vain: int = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep every two seconds until `stop`, and more seldom while Telegram or the database is away."""
        while not stop.is_set():
            rest = await self._guarded_sweep(stop)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)

    async def _guarded_sweep(self, stop: asyncio.Event) -> float:
        try:
            return await self.sweep(stop)
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("a sweep was given up: %s\n%s", type(error).__name__, frames)
        return self._longer_rest()

    async def sweep(self, stop: asyncio.Event | None = None) -> float:
        """Send what is due now, one after the other, and return for how many seconds to send nothing more."""
        async with self._sweeping:
            for delivery_id in list(self._notes):
                await self._store(delivery_id)
            while batch := await self._next():
                for owed in batch:
                    if stop is not None and stop.is_set():
                        return 0.0
                    if rest := await self._send(owed):
                        return rest
                    await self.pause(1 / MOST_A_SECOND)
            return EVERY_SECONDS

    async def _next(self) -> list[Owed]:
        """Owe some more people what is announced, and return what to send next."""
        try:
            await self._in_transaction(lambda session: announcing.spread(session, now=self.clock()))
        except DatabaseUnavailable:
            raise
        except Exception as error:
            # Whatever is wrong with an announcement, lessons and reminders go on.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("an announcement could not be spread: %s\n%s", type(error).__name__, frames)
        return await self._in_transaction(self._due)

    def _due(self, session: Session) -> list[Owed]:
        self.library.refresh(session, now=self.clock())
        return owing.due(session, library=self.library, now=self.clock(), limit=AT_ONCE)

    async def _send(self, owed: Owed) -> float:
        """Send one message and note how it ended; return the seconds to rest where nothing can be sent now."""
        pushed = await self._pushed(owed)
        if pushed.arrival is Arrival.LATER:
            return await self._later(owed, pushed.wait)
        self._in_vain = 0
        match pushed.arrival:
            case Arrival.THERE:
                await self._note(owed.id, self._ending(owed, Outcome.SENT))
            case Arrival.GONE:
                await self._note(owed.id, self._gone(owed))
            case Arrival.UNKNOWN if owed.kind in RATHER_TWICE:
                await self._note(owed.id, self._putting_off(owed))
            case Arrival.UNKNOWN:
                # Telegram takes no key by which it could tell that it has this one already, and a reminder twice is a
                # nuisance that no coach meant; one that did not arrive can be sent anew after three days.
                await self._note(owed.id, self._ending(owed, Outcome.AMBIGUOUS))
            case _:
                await self._note(owed.id, self._ending(owed, Outcome.FAILED))
        return 0.0

    async def _pushed(self, owed: Owed) -> Pushed:
        """Draw and send a message; one that cannot be drawn is refused like one that Telegram does not take."""
        try:
            with translated_by(self.library.translations):
                screen = owed_screen(owed)
            return await self.push(owed.person.bot_id, owed.person.telegram_id, screen)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("message %d was given up: %s\n%s", owed.id, type(error).__name__, frames)
            return Pushed(Arrival.REFUSED)

    async def _later(self, owed: Owed, wait: float) -> float:
        """Leave a message due. Where Telegram named no wait, the next try begins with another one: no message that
        meets an error of its own holds up the rest.
        """
        if wait:
            return wait
        log.warning("a message could not be sent and stays due")
        await self._note(owed.id, self._putting_off(owed))
        return self._longer_rest()

    def _longer_rest(self) -> float:
        """Return a rest twice as long as the last one, from two seconds to a minute."""
        rest = min(LONGEST_REST_SECONDS, EVERY_SECONDS * 2.0 ** min(self._in_vain, 10))
        self._in_vain += 1
        return rest

    def _ending(self, owed: Owed, outcome: Outcome) -> Note:
        now = self.clock()
        return lambda session: owing.settle(session, delivery_id=owed.id, outcome=outcome, now=now)

    def _gone(self, owed: Owed) -> Note:
        end = self._ending(owed, Outcome.FAILED)

        def note(session: Session) -> None:
            end(session)
            accounts.note_reachable(session, telegram_id=owed.person.telegram_id, reachable=False)

        return note

    def _putting_off(self, owed: Owed) -> Note:
        until = self.clock() + TRY_AGAIN_AFTER
        return lambda session: owing.put_off(session, delivery_id=owed.id, until=until)

    async def _note(self, delivery_id: DeliveryId, note: Note) -> None:
        self._notes[delivery_id] = note
        await self._store(delivery_id)

    async def _store(self, delivery_id: DeliveryId) -> None:
        await self._in_transaction(self._notes[delivery_id])
        del self._notes[delivery_id]

    async def _in_transaction(self, work: Callable[[Session], Value]) -> Value:
        def run() -> Value:
            with self.database.transaction() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self.workers, run)
