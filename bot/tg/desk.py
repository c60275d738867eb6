"""One update from arrival to acknowledgement: one transaction, then the screen, then nothing more to do.

Updates of one person keep their order; different people go side by side. An update counts as dealt with only after
its change is committed and its screen is sent, or after it lies in quarantine and the person has an apology.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from typing import TypeVar

from sqlmodel import Session
from telegram.error import TelegramError

from bot.chat import dispatch, in_group
from bot.chat.arrival import Arrival
from bot.chat.in_group import GroupEvent, Moved
from bot.chat.incoming import Incoming, Tap, Typed
from bot.chat.observer import BotObserver, Unobserved
from bot.chat.request import House
from bot.chat.screen import Picture, Reply, ResultPicture, Screen, SharedPicture
from bot.core.attempt import AttemptId
from bot.core.person import Person
from bot.store import quarantine
from bot.store.session import Database, DatabaseUnavailable
from bot.tg.flood import Flood
from bot.tg.parse import UnreadableUpdate, Update, parse
from bot.tg.sender import PersonGone, Sender, Sent, TelegramUnavailable, TokenRefused
from bot.usecases import accounts, pictures, results
from bot.usecases.accounts import Landed
from bot.usecases.library import Library

log = logging.getLogger(__name__)
DATABASE_TRIES = 3
TRIES_WITHIN = 1.0
"""Seconds: a database that took longer to say no is not asked again at once; the update comes again by itself."""
NOBODYS = 0
"""The number of a screen that was composed for a stranger, who may have joined meanwhile."""
FLOOD = "flood"
Value = TypeVar("Value")


class Outcome(Enum):
    """DONE may be acknowledged. LATER is not stored and must come again. UNSENT is stored, but its screen not sent."""

    DONE = auto()
    LATER = auto()
    UNSENT = auto()


@dataclass(frozen=True, slots=True)
class Desk:
    """Handles updates with everything it needs handed in."""

    database: Database
    library: Library
    sender: Sender
    clock: Callable[[], datetime]
    new_seed: Callable[[], int]
    workers: Executor
    lanes: Lanes
    house: House
    observer: BotObserver = field(default_factory=Unobserved)
    flood: Flood = field(default_factory=Flood)

    async def handle(self, body: bytes | str, *, until: float | None = None) -> Outcome:
        """Deal with one raw update. Raises TokenRefused only. A screen is sent until a time of the loop's clock and not
        later: UNSENT where that was too short.
        """
        try:
            update = parse(body)
            incoming = update.incoming and replace(update.incoming, bot_id=self.sender.bot_id)
        except UnreadableUpdate as error:
            return await self._quarantine(body, None, error)
        if incoming is None:
            event = update.in_group
            return await (self._leave_alone(update) if event is None else self._hear_group(body, event))
        began = time.perf_counter()
        if isinstance(incoming.event, Tap | Typed) and not self.flood.lets_through(incoming.telegram_id):
            self.observer.handled(incoming.event, FLOOD, time.perf_counter() - began)
            return Outcome.DONE
        async with self.lanes.of(incoming.telegram_id):
            outcome = await self._answer(body, update, incoming, until)
        self.observer.handled(incoming.event, outcome.name.lower(), time.perf_counter() - began)
        return outcome

    async def _answer(self, body: bytes | str, update: Update, incoming: Incoming, until: float | None) -> Outcome:
        try:
            reply = await self._respond(incoming)
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
            return Outcome.LATER
        except Exception as error:
            return await self._quarantine(body, update, error)
        try:
            async with asyncio.timeout_at(until):
                await self._show(incoming, reply, update.callback_id)
        except PersonGone:
            return await self._note_gone(incoming)
        except (TelegramUnavailable, DatabaseUnavailable, TimeoutError) as error:
            log.warning("a screen was not sent: %s", type(error).__name__)
            return Outcome.UNSENT
        except TokenRefused:
            raise
        except Exception as error:
            return await self._quarantine(body, update, error)
        return Outcome.DONE

    async def _show(self, incoming: Incoming, reply: Reply, callback_id: str | None) -> None:
        """Send a screen, and the one that counts for as long as the lowest may be an older one."""
        sent = await self.sender.deliver(incoming, reply, callback_id=callback_id)
        while True:
            landed = await self._note(incoming, reply, sent)
            if landed.above is not None:
                await self.sender.retire(incoming.telegram_id, landed.above)
            if not landed.again:
                return
            reply = await self._respond(incoming, draws_again=True)
            sent = await self.sender.deliver(incoming, reply, callback_id=None)

    async def _note_gone(self, incoming: Incoming) -> Outcome:
        try:
            await self._in_transaction(
                lambda session: accounts.note_reachable(
                    session, telegram_id=incoming.telegram_id, bot_id=incoming.bot_id, reachable=False
                )
            )
        except DatabaseUnavailable:
            return Outcome.UNSENT
        return Outcome.DONE

    async def _respond(self, incoming: Incoming, *, draws_again: bool = False) -> Reply:
        began = time.perf_counter()
        for attempt in range(DATABASE_TRIES):
            try:
                return await self._in_transaction(
                    lambda session: dispatch.respond(
                        session,
                        incoming,
                        library=self.library,
                        now=self.clock(),
                        new_seed=self.new_seed,
                        house=replace(self.house, bot_name=self.sender.bot_name),
                        draws_again=draws_again,
                    )
                )
            except DatabaseUnavailable:
                if attempt == DATABASE_TRIES - 1 or time.perf_counter() - began > TRIES_WITHIN:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
        raise AssertionError("unreachable")

    async def _note(self, incoming: Incoming, reply: Reply, sent: Sent) -> Landed:
        """Store what only sending could tell: the message with the live keyboard, a picture's file id; tell what there
        is to do besides.
        """
        has_keys = reply.screen is not None and bool(reply.screen.rows)
        has_moved = reply.sending is not None or (has_keys and sent.live_message_id != reply.live)
        if not has_moved and sent.picture_file_id is None:
            return Landed()

        def note(session: Session) -> Landed:
            person, thread = accounts.meet(session, telegram_id=incoming.telegram_id)
            if person is None:
                return Landed()
            if sent.picture is not None and sent.picture_file_id is not None:
                _keep_file(session, person, incoming.bot_id, sent.picture, sent.picture_file_id)
            is_here = person.bot_id == incoming.bot_id  # not where another process took a message through another bot
            if not (is_here and has_moved and sent.live_message_id is not None):
                return Landed()
            return accounts.note_sent(
                session,
                owner=person,
                thread=thread,
                message_id=sent.live_message_id,
                has_keys=has_keys,
                sending=NOBODYS if reply.fresh and reply.sending is None else reply.sending,
                live_before=reply.live,
            )

        return await self._in_transaction(note)

    async def _leave_alone(self, update: Update) -> Outcome:
        if update.callback_id is not None:
            assert update.callback_query is not None
            word = in_group.only_in_private(update.callback_query.from_.language_code)
            await self.sender.toast(update.callback_id, word)
        return Outcome.DONE

    async def _hear_group(self, body: bytes | str, event: GroupEvent) -> Outcome:
        """Deal with what happened in a group; what is said there is sent in one try, and again where it comes again."""
        async with self.lanes.of(event.chat_id):
            try:
                screen = await self._in_group(event)
                if screen is None:
                    return Outcome.DONE
                pushed = await self.sender.push(event.chat_id, screen)
                if pushed.arrival is Arrival.MOVED:
                    await self._in_group(Moved(event.chat_id, pushed.moved_to))
                    pushed = await self.sender.push(pushed.moved_to, screen)
            except DatabaseUnavailable:
                return Outcome.LATER
            except Exception as error:
                return await self._quarantine(body, None, error)
            return Outcome.UNSENT if pushed.arrival is Arrival.LATER else Outcome.DONE

    async def _in_group(self, event: GroupEvent) -> Screen | None:
        house = replace(self.house, bot_name=self.sender.bot_name)
        return await self._in_transaction(
            lambda session: in_group.respond(session, event, bot_id=self.sender.bot_id, house=house, now=self.clock())
        )

    async def _quarantine(self, body: bytes | str, update: Update | None, error: Exception) -> Outcome:
        """Keep what could not be handled and apologise, so that the person's next update goes on."""
        error_id = secrets.token_hex(4)
        incoming = update.incoming if update else None
        beside = {"error_id": error_id, "bot_id": self.sender.bot_id, "telegram_id": incoming and incoming.telegram_id}
        log.error("update quarantined as %s", error_id, exc_info=error, extra=beside)
        self.observer.quarantined()
        try:
            await self._in_transaction(
                lambda session: quarantine.add(
                    session,
                    update_id=update.update_id if update else _update_id(body),
                    telegram_id=incoming.telegram_id if incoming else None,
                    payload=_as_text(body),
                    error=type(error).__name__,
                    error_id=error_id,
                    now=self.clock(),
                )
            )
        except DatabaseUnavailable:
            return Outcome.LATER
        if incoming is not None and isinstance(incoming.event, Tap) and update and update.callback_id:
            await self.sender.toast(update.callback_id, "")
        if incoming is not None:
            try:
                await self.sender.deliver(incoming, dispatch.apology(incoming, error_id), callback_id=None)
            except (PersonGone, TelegramUnavailable, TelegramError):
                log.warning("an apology was not sent")
        return Outcome.DONE

    async def _in_transaction(self, work: Callable[[Session], Value]) -> Value:
        since = time.monotonic()

        def run() -> Value:
            began = time.perf_counter()
            with self.database.transaction(since=since) as session:
                value = work(session)
            self.observer.transacted(time.perf_counter() - began)
            return value

        return await asyncio.get_running_loop().run_in_executor(self.workers, run)


def _keep_file(session: Session, person: Person, bot_id: int | None, picture: Picture, file_id: str) -> None:
    match picture.key:
        case ResultPicture(attempt_id, language):
            results.keep_picture_file(
                session,
                owner=person,
                attempt_id=AttemptId(attempt_id),
                language=language,
                bot_id=bot_id,
                file_id=file_id,
            )
        case SharedPicture(digest):
            pictures.keep_file(session, bot_id=bot_id, digest=digest, file_id=file_id)


class Lanes:
    """Order within one person: an update waits for the one before it; lanes vanish when empty."""

    def __init__(self) -> None:
        self._waiting: dict[int, int] = {}
        self._locks: dict[int, asyncio.Lock] = {}

    @property
    def waiting(self) -> int:
        """Return how many updates are under way or wait for the one before them."""
        return sum(self._waiting.values())

    def of(self, telegram_id: int) -> _Lane:
        """Return the person's lane, to be entered with `async with`."""
        return _Lane(self, telegram_id)

    async def _enter(self, telegram_id: int) -> None:
        self._waiting[telegram_id] = self._waiting.get(telegram_id, 0) + 1
        try:
            await self._locks.setdefault(telegram_id, asyncio.Lock()).acquire()
        except asyncio.CancelledError:
            self._forget(telegram_id)
            raise

    def _leave(self, telegram_id: int) -> None:
        self._locks[telegram_id].release()
        self._forget(telegram_id)

    def _forget(self, telegram_id: int) -> None:
        self._waiting[telegram_id] -= 1
        if not self._waiting[telegram_id]:
            del self._waiting[telegram_id], self._locks[telegram_id]


@dataclass(frozen=True, slots=True)
class _Lane:
    lanes: Lanes
    telegram_id: int

    async def __aenter__(self) -> None:
        await self.lanes._enter(self.telegram_id)

    async def __aexit__(self, *_: object) -> None:
        self.lanes._leave(self.telegram_id)


def _as_text(body: bytes | str) -> str:
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    return text.replace("\0", "")[:100_000]


def _update_id(body: bytes | str) -> int:
    try:
        found = json.loads(body)["update_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0
    return found if type(found) is int and abs(found) < 2**62 else 0  # True is an int to Python, not to PostgreSQL
