"""What people ask to get by itself: saying yes, choosing the hour, stopping, and what is owed because of it.

Each word is dated and kept with the hash of what was agreed to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core import timetable
from bot.core.attempt import Attempt
from bot.core.delivery import Delivery, Kind
from bot.core.person import Person, Role, local
from bot.core.timetable import HOURS
from bot.core.wish import Wanted, Wish
from bot.store import attempts, deliveries, wishes
from bot.usecases.library import Library

OFFERED = {
    Role.OWNER: (Wish.LESSONS, Wish.REMINDERS, Wish.CUSTOMERS),
    Role.COACH: (Wish.LESSONS, Wish.REMINDERS, Wish.SUMMARY),
}
"""What each role can ask for."""
BY_TIMETABLE = (Wish.LESSONS, Wish.CUSTOMERS, Wish.SUMMARY)
BY_THE_HOUR = (Wish.LESSONS, Wish.SUMMARY)
"""Wishes of which a reader may choose the hour."""
UNFINISHED_AFTER = (timedelta(hours=24), timedelta(hours=96))
"""How long after the last answer somebody is reminded of a sitting under way: twice, and never again."""
ACT_AFTER = timedelta(days=3)
LATEST_RETEST = timedelta(days=1)
"""Who asks for reminders when it is time already is told of the next sitting so much later."""


class NotOffered(Exception):
    """This role cannot ask for that, or not at that hour."""


def of(session: Session, *, owner: Person) -> dict[Wish, Wanted]:
    """Return what the owner said about each wish that the role can have; None was said of those that are missing."""
    said = wishes.owned(session, owner.id)
    return {what: said[what] for what in OFFERED[owner.form] if what in said}


def holds(session: Session, *, owner: Person, what: Wish) -> bool:
    """Tell whether the owner wants this now; what was wished for in another role rests meanwhile."""
    said = of(session, owner=owner).get(what)
    return said is not None and said.wanted


def say(
    session: Session,
    *,
    owner: Person,
    what: Wish,
    wanted: bool,
    text_hash: str,
    library: Library,
    seed: int,
    now: datetime,
    hour: int | None = None,
) -> Wanted:
    """Note that the owner wants something from now on, or does not; the same word again changes nothing.

    Without an hour the one chosen before stays. Refuses with NotOffered what the role cannot have; a no to what was
    said yes to in another role is taken, for that only rests.
    """
    before = wishes.owned(session, owner.id).get(what)
    is_theirs = what in OFFERED[owner.form] or (before is not None and not wanted)
    if not is_theirs or (hour is not None and (what not in BY_THE_HOUR or hour not in HOURS)):
        raise NotOffered(what)
    hour = hour or (before.hour if before else None)
    if before is not None and (before.wanted, before.hour) == (wanted, hour):
        return before
    next_at = _first_at(owner, what, hour=hour, seed=seed, now=now) if wanted and what in BY_TIMETABLE else None
    said = Wanted(what, wanted, decided_at=now, hour=hour, text_hash=text_hash, next_at=next_at)
    wishes.save(session, owner.id, said)
    if wanted and what is Wish.REMINDERS:
        _catch_up(session, owner, library, now)
    return said


def _catch_up(session: Session, owner: Person, library: Library, now: datetime) -> None:
    """Owe the reminders of what had begun before they were asked for."""
    under_way = attempts.active(session, owner.id)
    if under_way is not None:
        follow_sitting(session, owner=owner, attempt=under_way, now=now)
    latest = attempts.last_with_result(session, owner.id, owner.form)
    if latest is not None:
        days = library.current(session).under(owner.form).rules.retest_days
        follow_result(session, owner=owner, attempt=latest, retest_days=days, now=now)


def _first_at(owner: Person, what: Wish, *, hour: int | None, seed: int, now: datetime) -> datetime | None:
    """Return when a wish comes for the first time: on a day after today."""
    context = owner.context
    today = local(now, context.zone).date()
    day = timetable.next_day(what, after=today, seed=seed, is_first=True)
    return timetable.moment_on(day, what, zone=context.zone, hours=context.hours, hour=hour, seed=seed)


def replan(session: Session, *, owner: Person, new_seed: Callable[[], int], now: datetime) -> None:
    """Move what comes by timetable into the owner's new opening hours or zone; the day stays."""
    context = owner.context
    for what, said in wishes.owned(session, owner.id).items():
        if not said.wanted or what not in BY_TIMETABLE or (said.next_at is None and what is not Wish.CUSTOMERS):
            continue
        seed = new_seed()
        if said.next_at is None:
            next_at = _first_at(owner, what, hour=said.hour, seed=seed, now=now)
        else:
            day = local(said.next_at, context.zone).date()
            next_at = timetable.moment_on(day, what, zone=context.zone, hours=context.hours, hour=said.hour, seed=seed)
        wishes.plan(session, owner.id, what, next_at)


def follow_sitting(session: Session, *, owner: Person, attempt: Attempt, now: datetime) -> None:
    """Owe who wants reminders those of a whole sitting that has begun; when they come is looked at again then."""
    if attempt.is_check or attempt.has_result or not holds(session, owner=owner, what=Wish.REMINDERS):
        return
    since = attempt.responses[-1].answered_at if attempt.responses else attempt.started_at
    owed = [
        Delivery(owner.id, f"{Kind.UNFINISHED}:{attempt.id}:{turn}", Kind.UNFINISHED, due_at=max(since + after, now))
        for turn, after in enumerate(UNFINISHED_AFTER, start=1)
    ]
    _owe_again(session, owed, now)


def follow_result(session: Session, *, owner: Person, attempt: Attempt, retest_days: int, now: datetime) -> None:
    """Owe who wants reminders the one that it is time for the next sitting (R7); a new result wakes lessons."""
    if attempt.finished_at is None:
        return
    said = wishes.owned(session, owner.id)
    lessons = said.get(Wish.LESSONS)
    if lessons is not None and lessons.wanted and lessons.next_at is None:
        next_at = _first_at(owner, Wish.LESSONS, hour=lessons.hour, seed=0, now=now)
        wishes.plan(session, owner.id, Wish.LESSONS, next_at)
    reminders = said.get(Wish.REMINDERS)
    if reminders is None or not reminders.wanted:
        return
    due_at = max(attempt.finished_at + timedelta(days=retest_days), now + LATEST_RETEST)
    owed = Delivery(owner.id, f"{Kind.RETEST}:{owner.id}:{attempt.id}", Kind.RETEST, due_at=due_at)
    _owe_again(session, [owed], now)


def follow_lesson(session: Session, *, owner: Person, module_code: str, now: datetime) -> None:
    """Owe who wants reminders the question whether the act of a lesson was tried; once for each lesson."""
    if holds(session, owner=owner, what=Wish.REMINDERS):
        key = f"{Kind.ACT}:{owner.id}:{module_code}"
        owed = Delivery(owner.id, key, Kind.ACT, due_at=now + ACT_AFTER, module_code=module_code)
        _owe_again(session, [owed], now)


def _owe_again(session: Session, owed: list[Delivery], now: datetime) -> None:
    """Owe each once, and once more where it ended without having come: stopped meanwhile, or the bot was blocked."""
    deliveries.forget_unsent(session, [one.key for one in owed])
    deliveries.owe(session, owed, now)
