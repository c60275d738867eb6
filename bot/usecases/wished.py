"""What was wished for, at the moment of sending: whether it still makes sense, or later, and what it says then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.core import timetable
from bot.core.access import Viewer
from bot.core.advice import Reason
from bot.core.attempt import AttemptId, Progress, progress
from bot.core.delivery import Delivery, Kind
from bot.core.person import Person
from bot.core.release import Module
from bot.core.wish import KINDS, Wish
from bot.store import attempts, deliveries, lessons, wishes
from bot.usecases import learning, probing, summarising, wishing
from bot.usecases.library import Library
from bot.usecases.probing import Chat
from bot.usecases.summarising import Summary
from bot.usecases.wishing import ACT_AFTER, UNFINISHED_AFTER

WISH_OF = {kind: wish for wish, kinds in KINDS.items() for kind in kinds}
NEVER = datetime.min.replace(tzinfo=UTC)
CLOSE_ENOUGH = timedelta(hours=4)
"""An answer that came so much later than was thought does not put a reminder off once more."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a message says: a lesson and why it is advised, a shadow customer's chat, how far a sitting is, or a
    coach's week.
    """

    module: Module | None = None
    reason: Reason | None = None
    chat: Chat | None = None
    progress: Progress | None = None
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It is too early for this message."""

    until: datetime


def draw(session: Session, *, owed: Delivery, reader: Person, library: Library, now: datetime) -> Drawn | Later | None:
    """Return what a message of a wish says if it is sent now; None where nobody wants it any more."""
    if not wishing.holds(session, owner=reader, what=WISH_OF[owed.kind]):
        return None
    match owed.kind:
        case Kind.DRIP:
            return _lesson(session, owed, reader, library, now)
        case Kind.UNFINISHED:
            return _unfinished(session, owed, reader, library, now)
        case Kind.ACT:
            return _act(session, owed, reader, library, now)
        case Kind.RETEST:
            return _retest(session, owed, reader)
        case Kind.PROBE:
            return _customer(session, owed, reader, library, now)
        case Kind.WEEKLY:
            return _week(session, reader, library, now)
        case _:
            return Drawn()


def _lesson(session: Session, owed: Delivery, reader: Person, library: Library, now: datetime) -> Drawn | None:
    """Choose the advised lesson that came or was opened least lately, else another; where none is left the wish sleeps.

    It does not sleep through lessons whose facts are being renewed: nobody would wake it once they are.
    """
    shelf = learning.shelf(session, owner=reader, library=library, now=now)
    found: list[tuple[Module, Reason | None]] = [*shelf.advised] or [(module, None) for module in shelf.others]
    has_result = attempts.last_with_result(session, reader.id, reader.form) is not None
    if not found or not has_result:
        if not has_result or not shelf.renewing:
            wishes.plan(session, reader.id, Wish.LESSONS, None)
        return None
    came = wishes.lessons_came(session, reader.id)
    opened = {lesson.module_code: lesson.opened_at for lesson in lessons.owned(session, reader.id)}
    module, reason = min(found, key=lambda pair: max(at.get(pair[0].code, NEVER) for at in (came, opened)))
    wishes.note_lesson(session, owed.id, module.code)
    return Drawn(module=module, reason=reason)


def _unfinished(
    session: Session, owed: Delivery, reader: Person, library: Library, now: datetime
) -> Drawn | Later | None:
    """Remind of the very sitting that is still under way, a day after its last answer, and once more three days on."""
    _, about, turn = owed.key.split(":")
    attempt = attempts.active(session, reader.id)
    if attempt is None or attempt.id != int(about) or attempt.has_result:
        return None
    since = attempt.responses[-1].answered_at if attempt.responses else attempt.started_at
    due_at = since + UNFINISHED_AFTER[int(turn) - 1]
    before = deliveries.last_came(session, reader.id, Kind.UNFINISHED) if turn != "1" else None
    if before is not None:
        due_at = max(due_at, before + UNFINISHED_AFTER[1] - UNFINISHED_AFTER[0])
    if now < due_at - CLOSE_ENOUGH:
        return Later(due_at)
    release = library.release_of(session, attempt)
    return Drawn(progress=progress(attempt, release, slot=len(attempt.responses)))


def _act(session: Session, owed: Delivery, reader: Person, library: Library, now: datetime) -> Drawn | Later | None:
    """Ask about an act once, some days after it was done, if nothing was said of it yet."""
    assert owed.module_code is not None
    lesson = lessons.one(session, reader.id, owed.module_code)
    if lesson is None or lessons.act_report(session, reader.id, owed.module_code) is not None:
        return None
    if lesson.done_at is not None and now < lesson.done_at + ACT_AFTER:
        return Later(lesson.done_at + ACT_AFTER)
    return Drawn(module=library.pinned(session, lesson.release_id).module_by_code[owed.module_code])


def _retest(session: Session, owed: Delivery, reader: Person) -> Drawn | None:
    """Ask for the next sitting as long as the result is the latest one and no sitting is under way."""
    about = AttemptId(int(owed.key.rpartition(":")[2]))
    latest = attempts.last_with_result(session, reader.id, reader.form)
    is_latest = latest is not None and latest.id == about
    return Drawn() if is_latest and attempts.active(session, reader.id) is None else None


def _week(session: Session, reader: Person, library: Library, now: datetime) -> Drawn | None:
    """Tell a coach of the week in all groups, if there is something to tell."""
    found = summarising.summary(session, viewer=Viewer(reader), release=library.current(session), now=now)
    return None if found is None else Drawn(summary=found)


def _customer(
    session: Session, owed: Delivery, reader: Person, library: Library, now: datetime
) -> Drawn | Later | None:
    """Let a shadow customer write while the shop is open, and nobody else of them waits."""
    context = reader.context
    comes_at = timetable.comes_after(now, Wish.CUSTOMERS, zone=context.zone, hours=context.hours)
    if comes_at is None or comes_at > now:
        return None if comes_at is None else Later(comes_at)
    chat = probing.send_owed(session, owner=reader, library=library, delivery_id=owed.id, now=now)
    return None if chat is None else Drawn(chat=chat)
