"""What people ask to get by itself: saying yes, choosing the hour, stopping; each word dated, with what was agreed to."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core import timetable
from bot.core.person import Person, Role
from bot.core.timetable import HOURS
from bot.core.wish import Wanted, Wish
from bot.store import wishes

OFFERED = {
    Role.OWNER: (Wish.LESSONS, Wish.REMINDERS, Wish.CUSTOMERS),
    Role.COACH: (Wish.LESSONS, Wish.REMINDERS, Wish.SUMMARY),
}
"""What each role can ask for."""
BY_TIMETABLE = (Wish.LESSONS, Wish.CUSTOMERS, Wish.SUMMARY)
BY_THE_HOUR = (Wish.LESSONS, Wish.SUMMARY)
"""Wishes of which a reader may choose the hour."""


class NotOffered(Exception):
    """This role cannot ask for that, or not at that hour."""


def of(session: Session, *, owner: Person) -> dict[Wish, Wanted]:
    """Return what the owner said about each wish that the role can have; None was said of those that are missing."""
    said = wishes.owned(session, owner.id)
    return {what: said[what] for what in OFFERED[owner.form] if what in said}


def holds(session: Session, *, owner: Person, what: Wish) -> bool:
    """Tell whether the owner wants this now."""
    said = wishes.owned(session, owner.id).get(what)
    return said is not None and said.wanted


def say(
    session: Session,
    *,
    owner: Person,
    what: Wish,
    wanted: bool,
    text_hash: str,
    seed: int,
    now: datetime,
    hour: int | None = None,
) -> Wanted:
    """Note that the owner wants something from now on, or does not; the same word again changes nothing.

    Without an hour the one chosen before stays. Refuses with NotOffered what the role cannot have.
    """
    if what not in OFFERED[owner.form] or (hour is not None and (what not in BY_THE_HOUR or hour not in HOURS)):
        raise NotOffered(what)
    before = wishes.owned(session, owner.id).get(what)
    hour = hour or (before.hour if before else None)
    if before is not None and (before.wanted, before.hour) == (wanted, hour):
        return before
    next_at = first_at(owner, what, hour=hour, seed=seed, now=now) if wanted and what in BY_TIMETABLE else None
    said = Wanted(what, wanted, decided_at=now, hour=hour, text_hash=text_hash, next_at=next_at)
    wishes.save(session, owner.id, said)
    return said


def first_at(owner: Person, what: Wish, *, hour: int | None, seed: int, now: datetime) -> datetime | None:
    """Return when a wish comes for the first time: on a day after today."""
    context = owner.context
    today = timetable.local(now, context.zone).date()
    day = timetable.next_day(what, after=today, seed=seed, is_first=True)
    return timetable.moment_on(day, what, zone=context.zone, hours=context.hours, hour=hour, seed=seed)


def replan(session: Session, *, owner: Person, seed: int, now: datetime) -> None:
    """Move what comes by timetable into the owner's new opening hours or zone; no day comes sooner."""
    context = owner.context
    tomorrow = timetable.local(now, context.zone).date() + timedelta(days=1)
    for what, said in wishes.owned(session, owner.id).items():
        if not said.wanted or what not in BY_TIMETABLE:
            continue
        if said.next_at is None:
            next_at = first_at(owner, what, hour=said.hour, seed=seed, now=now)
        else:
            day = max(timetable.local(said.next_at, context.zone).date(), tomorrow)
            next_at = timetable.moment_on(day, what, zone=context.zone, hours=context.hours, hour=said.hour, seed=seed)
        wishes.plan(session, owner.id, what, next_at)
