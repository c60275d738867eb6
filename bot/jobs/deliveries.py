"""Sends what is owed and due. The truth is the row of each message: who sends it leases it for a moment, sends it and
notes how it ended. Whatever leases and sends in a process, the row knows what is left.

Only a crash between sending and noting can send a message twice, once its lease has passed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from bot.chat.arrival import Arrival, Push, Pushed
from bot.chat.handlers.owed import owed_screen
from bot.chat.observer import OwedObserver, Unobserved
from bot.core.delivery import DeliveryId, Outcome
from bot.store.leases import Lease, Leased
from bot.store.session import Database, DatabaseUnavailable, in_transaction
from bot.texts.catalogue import translated_by
from bot.usecases import announcing, owing
from bot.usecases.library import Library
from bot.usecases.owing import Owed

log = logging.getLogger(__name__)
MOST_LEASED = 100
"""Messages of a bot that wait in a queue or are being sent: so few that what people decide still counts."""
BATCH = 5
"""Messages travel through the queue by fives, which costs a fifth; it counts batches, whether they are full or not."""
NOTE_AGAIN_SECONDS, LOOK_AGAIN_SECONDS = 1.0, 0.02
MOST_TO_NOTE = 4
"""Messages that may be sent and not noted yet before the next one goes: what a crash makes doubtful stays little."""
IN_VAIN_TO_REST = 3
"""Messages in a row that could not be sent after which the bot rests: then it is the line, and not the message."""
LONGEST_REST = timedelta(minutes=1)
PUT_OFF = "put_off"
Value = TypeVar("Value")
Turn = Callable[[int], Awaitable[None]]
"""Waits until a bot may send one more message."""


@dataclass(slots=True)
class Deliveries:
    """The one road of messages owed. Any number of processes may run it: a lease is given once."""

    database: Database
    workers: Executor
    library: Library
    clock: Callable[[], datetime]
    push: Push
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    bots: Sequence[int] = (0,)
    """The ids of the bots; through the first one gets who belongs to none of them."""
    observer: OwedObserver = field(default_factory=Unobserved)
    is_stopping: bool = False
    """Set before the process ends: what is leased and not yet under way is given back."""
    _in_vain: Counter[int] = field(default_factory=Counter)
    """How many messages in a row each bot could not send."""
    _in_hand: set[Lease] = field(default_factory=set)
    _to_note: int = 0
    _rests: dict[int, datetime] = field(default_factory=dict)
    """Until when each bot rests that was told so in this process, for what is past looking it up."""

    async def lease(self, queued: Collection[Lease] = ()) -> list[Leased]:
        """Owe some more people what is announced, and lease what can be sent now, and not what waits in the queue."""
        try:
            await self._in_transaction(lambda session: announcing.spread(session, now=self.clock()))
        except DatabaseUnavailable:
            raise
        except Exception:
            # Whatever is wrong with an announcement, lessons and reminders go on.
            log.exception("an announcement could not be spread")
        leased = await self._in_transaction(
            lambda session: owing.lease(
                session,
                now=self.clock(),
                most=MOST_LEASED,
                batch=BATCH,
                bots=self.bots,
                kept={*queued, *self._in_hand},
            )
        )
        self.observer.swept(self.clock())
        return leased

    async def keep(self) -> None:
        """Lengthen the leases of what is in hand here."""
        if self._in_hand:
            await self._in_transaction(lambda session: owing.keep(session, held=[*self._in_hand], now=self.clock()))

    async def give_back(self, queued: Collection[Lease]) -> None:
        """Give back what processes had in hand of which none is there any more."""
        kept = {*queued, *self._in_hand}
        lost = await self._in_transaction(lambda session: owing.give_back(session, kept=kept))
        if lost:
            log.warning("%d messages that another process had in hand when it ended are sent again", lost)

    async def drain(self) -> None:
        """Send all that is due, one after the other, in this process alone."""
        while not self.is_stopping and (leased := await self.lease()):
            for one in leased:
                await self.deliver(one.id, one.tries)

    async def deliver(self, delivery_id: DeliveryId, tries: int, turn: Turn | None = None) -> None:
        """Send a leased message, in its `turn`, if it is still to be sent under this lease, and note how it ended."""
        self._in_hand.add((delivery_id, tries))
        try:
            owed = await self._ready(delivery_id, tries, turn)
            if owed is not None and not self._must_wait(owed):
                await self._send(owed)
            elif owed is not None or self.is_stopping:
                await self._in_transaction(partial(owing.release, delivery_id=delivery_id, tries=tries))
        except DatabaseUnavailable:
            raise
        except Exception:
            # Whatever is wrong with one message, it is tried more and more seldom and holds up nobody for ever.
            log.exception("message %d could not be made ready", delivery_id)
            again = partial(owing.try_again, delivery_id=delivery_id, tries=tries, now=self.clock())
            await self._in_transaction(again)
        finally:
            self._in_hand.discard((delivery_id, tries))

    async def _ready(self, delivery_id: DeliveryId, tries: int, turn: Turn | None) -> Owed | None:
        """Return a message as it is to be sent now that its turn has come; None where it is not to be sent."""
        prepare = partial(self._prepare, delivery_id, tries)
        owed = None if self.is_stopping else await self._in_transaction(prepare)
        if owed is not None and turn is not None:
            begun = time.monotonic()
            await turn(self._bot(owed))
            while self._to_note > MOST_TO_NOTE and not self.is_stopping:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            if time.monotonic() - begun > owing.LEASE.total_seconds() / 2:
                # The process may have stood still for longer than the lease, and another one have sent it.
                owed = await self._in_transaction(prepare)
        return owed

    def _must_wait(self, owed: Owed) -> bool:
        return self.is_stopping or self._rests.get(self._bot(owed), datetime.min.replace(tzinfo=UTC)) > self.clock()

    def _bot(self, owed: Owed) -> int:
        return self.bots[0] if owed.bot_id is None or owed.bot_id not in self.bots else owed.bot_id

    def _prepare(self, delivery_id: DeliveryId, tries: int, session: Session) -> Owed | None:
        return owing.prepare(
            session,
            library=self.library,
            delivery_id=delivery_id,
            tries=tries,
            now=self.clock(),
            bots=self.bots,
        )

    async def _pushed(self, owed: Owed) -> Pushed:
        """Draw and send a message; one that cannot be drawn is refused like one that Telegram does not take."""
        try:
            with translated_by(self.library.translations):
                screen = owed_screen(owed)
            return await self.push(owed.bot_id, owed.chat_id, screen)
        except asyncio.CancelledError:
            return Pushed(Arrival.UNKNOWN)  # the process ends while Telegram is silent; what may be there is noted so
        except Exception:
            log.exception("message %d was given up", owed.id)
            return Pushed(Arrival.REFUSED)

    async def _send(self, owed: Owed) -> None:
        """Send a message and note how it ended; a chat that moved is followed first, and the message sent there."""
        pushed = await self._pushed(owed)
        if pushed.arrival is Arrival.MOVED:
            owed = await self._in_transaction(partial(owing.follow, owed=owed, to=pushed.moved_to))
            pushed = await self._pushed(owed)
        self._to_note += 1
        try:
            await self._settle(owed, pushed)
        finally:
            self._to_note -= 1

    async def _settle(self, owed: Owed, pushed: Pushed) -> None:
        """Note how a message ended, or when it is tried again; while the database is away that waits."""
        bot_id = self._bot(owed)
        self._in_vain[bot_id] = self._in_vain[bot_id] + 1 if pushed.arrival is Arrival.LATER and not pushed.wait else 0
        is_last_try = False
        while True:
            try:
                outcome = await self._in_transaction(lambda session: self._note(session, owed, pushed))
                break
            except DatabaseUnavailable:
                if is_last_try:
                    raise
                is_last_try = self.is_stopping  # who only waited behind others has tried nothing yet
                await self.pause(0 if is_last_try else NOTE_AGAIN_SECONDS)
        self.observer.delivered(owed.kind, outcome or PUT_OFF)

    def _note(self, session: Session, owed: Owed, pushed: Pushed) -> Outcome | None:
        """Write down what became of a message; return how it ended, None where it is still owed."""
        now = self.clock()
        match pushed.arrival:
            case Arrival.LATER:
                return self._put_off(session, owed, pushed.wait, now)
            case Arrival.UNKNOWN if owing.is_sent_again(owed):
                return owing.try_again(session, delivery_id=owed.id, tries=owed.tries, now=now)
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
        bot_id = self._bot(owed)
        if wait:
            self._rests[bot_id] = now + timedelta(seconds=wait)
            owing.rest(session, bot_id=bot_id, until=self._rests[bot_id])
            owing.release(session, delivery_id=owed.id, tries=owed.tries)
            return None
        log.warning("a message could not be sent and stays due")
        vain = self._in_vain[bot_id] - IN_VAIN_TO_REST
        if vain >= 0:
            owing.rest(session, bot_id=bot_id, until=now + min(LONGEST_REST, timedelta(seconds=1 << min(vain, 10))))
        return owing.try_again(session, delivery_id=owed.id, tries=owed.tries, now=now)

    async def _in_transaction(self, work: Callable[[Session], Value]) -> Value:
        return await in_transaction(self.database, self.workers, work)
