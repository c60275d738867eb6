"""Sends what is owed and due. The truth is the row of each message: who sends it leases it for a moment, sends it and
notes how it ended. Whatever leases and sends in a process, the row knows what is left.

Only a crash between sending and noting can send a message twice, once its lease has passed.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from bot.chat.arrival import Arrival, Push, Pushed
from bot.chat.handlers.owed import owed_screen
from bot.chat.observer import OwedObserver, Unobserved
from bot.core.delivery import DeliveryId, Outcome
from bot.store.leases import Leased
from bot.store.session import Database, DatabaseUnavailable
from bot.texts.catalogue import translated_by
from bot.usecases import announcing, owing
from bot.usecases.library import Library
from bot.usecases.owing import RATHER_TWICE, Owed

log = logging.getLogger(__name__)
MOST_LEASED = 100
"""Messages that wait in a queue or are being sent, of all processes: so few that what people decide still counts."""
NOTE_AGAIN_SECONDS = 1.0
IN_VAIN_TO_REST = 3
"""Messages in a row that could not be sent after which the bot rests: then it is the line, and not the message."""
LONGEST_REST = timedelta(minutes=1)
PUT_OFF = "put_off"
Value = TypeVar("Value")


@dataclass(slots=True)
class Deliveries:
    """The one road of messages owed. Any number of processes may run it: a lease is given once."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    push: Push
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    first_bot: int = 0
    """The id of the bot through which a reader gets what is owed whose own bot is not known."""
    observer: OwedObserver = field(default_factory=Unobserved)
    is_stopping: bool = False
    """Set before the process ends: what is leased and not yet under way is given back."""
    _in_vain: Counter[int] = field(default_factory=Counter)
    """How many messages in a row each bot could not send."""

    async def lease(self) -> list[Leased]:
        """Owe some more people what is announced, and lease what can be sent now."""
        try:
            await self._in_transaction(lambda session: announcing.spread(session, now=self.clock()))
        except DatabaseUnavailable:
            raise
        except Exception as error:
            # Whatever is wrong with an announcement, lessons and reminders go on.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("an announcement could not be spread: %s\n%s", type(error).__name__, frames)
        leased = await self._in_transaction(
            lambda session: owing.lease(session, now=self.clock(), most=MOST_LEASED, first_bot=self.first_bot)
        )
        self.observer.swept(self.clock())
        return leased

    async def drain(self) -> None:
        """Send all that is due, one after the other, in this process alone."""
        while not self.is_stopping and (leased := await self.lease()):
            for one in leased:
                await self.deliver(one.id, one.tries)

    async def deliver(
        self, delivery_id: DeliveryId, tries: int, turn: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Send a leased message, in its `turn`, if it is still to be sent under this lease, and note how it ended."""
        owed = None if self.is_stopping else await self._in_transaction(partial(self._prepare, delivery_id, tries))
        if owed is not None and turn is not None:
            await turn()
        if self.is_stopping:
            await self._in_transaction(partial(owing.release, delivery_id=delivery_id, tries=tries))
        elif owed is not None:
            await self._send(owed)

    def _prepare(self, delivery_id: DeliveryId, tries: int, session: Session) -> Owed | None:
        return owing.prepare(
            session,
            library=self.library,
            delivery_id=delivery_id,
            tries=tries,
            now=self.clock(),
            first_bot=self.first_bot,
        )

    async def _pushed(self, owed: Owed) -> Pushed:
        """Draw and send a message; one that cannot be drawn is refused like one that Telegram does not take."""
        try:
            with translated_by(self.library.translations):
                screen = owed_screen(owed)
            return await self.push(owed.bot_id, owed.chat_id, screen)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("message %d was given up: %s\n%s", owed.id, type(error).__name__, frames)
            return Pushed(Arrival.REFUSED)

    async def _send(self, owed: Owed) -> None:
        """Send a message and note how it ended; a chat that moved is followed first, and the message sent there."""
        pushed = await self._pushed(owed)
        if pushed.arrival is Arrival.MOVED:
            owed = await self._in_transaction(partial(owing.follow, owed=owed, to=pushed.moved_to))
            pushed = await self._pushed(owed)
        await self._settle(owed, pushed)

    async def _settle(self, owed: Owed, pushed: Pushed) -> None:
        """Note how a message ended, or when it is tried again; while the database is away that waits."""
        bot_id = owed.bot_id or self.first_bot
        self._in_vain[bot_id] = self._in_vain[bot_id] + 1 if pushed.arrival is Arrival.LATER and not pushed.wait else 0
        while True:
            try:
                outcome = await self._in_transaction(lambda session: self._note(session, owed, pushed))
                break
            except DatabaseUnavailable:
                if self.is_stopping:
                    raise
                await self.pause(NOTE_AGAIN_SECONDS)
        self.observer.delivered(owed.kind, outcome or PUT_OFF)

    def _note(self, session: Session, owed: Owed, pushed: Pushed) -> Outcome | None:
        """Write down what became of a message; return how it ended, None where it is still owed."""
        now = self.clock()
        match pushed.arrival:
            case Arrival.LATER:
                return self._put_off(session, owed, pushed.wait, now)
            case Arrival.UNKNOWN if owed.kind in RATHER_TWICE:
                return owing.try_again(session, owed=owed, now=now)
            case Arrival.GONE:
                owing.lose(session, owed=owed, now=now)
                return Outcome.FAILED
            case Arrival.THERE:
                outcome = Outcome.SENT
            case Arrival.UNKNOWN:
                # Telegram takes no key by which it could tell that it has this one already, and a reminder twice is a
                # nuisance that no coach meant; one that did not arrive can be sent anew after three days.
                outcome = Outcome.AMBIGUOUS
            case _:
                outcome = Outcome.FAILED
        owing.settle(session, delivery_id=owed.id, outcome=outcome, now=now)
        return outcome

    def _put_off(self, session: Session, owed: Owed, wait: float, now: datetime) -> Outcome | None:
        """Leave a message due. The wait that Telegram names holds for all that its bot sends; where it names none,
        only this message waits, unless several in a row could not be sent.
        """
        bot_id = owed.bot_id or self.first_bot
        if wait:
            owing.rest(session, bot_id=bot_id, until=now + timedelta(seconds=wait))
            owing.release(session, delivery_id=owed.id, tries=owed.tries)
            return None
        log.warning("a message could not be sent and stays due")
        vain = self._in_vain[bot_id] - IN_VAIN_TO_REST
        if vain >= 0:
            owing.rest(session, bot_id=bot_id, until=now + min(LONGEST_REST, timedelta(seconds=1 << min(vain, 10))))
        return owing.try_again(session, owed=owed, now=now)

    async def _in_transaction(self, work: Callable[[Session], Value]) -> Value:
        def run() -> Value:
            with self.database.transaction() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self.workers, run)
