"""Owes people what they wished for once its time has come, and plans when each wish comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from bot.core import timetable as rules
from bot.core.delivery import Delivery, Kind
from bot.core.person import local
from bot.core.wish import KINDS
from bot.store import deliveries, probes, wishes
from bot.store.wishes import Coming


def advance(session: Session, *, new_seed: Callable[[], int], now: datetime, limit: int) -> int:
    """Take up to `limit` wishes whose time has come, owe at most one message for each, and plan the next time.

    Return how many were taken; the same again owes nothing twice. What comes too late for its hours is planned anew.
    """
    taken = wishes.coming(session, now=now, limit=limit)
    timely = [one for one in taken if _may_come(one, now)]
    waiting = wishes.still_owed(session, [one.person_id for one in timely])
    owed = [_owed(one, now) for one in timely]
    wanted = _without_lessons_in_the_way(session, _without_customers_beside_another(session, owed), now)
    deliveries.owe(session, [one for one in wanted if (one.person_id, one.kind) not in waiting], now)
    plans = [(one, _next_at(one, new_seed(), now, was_missed=not _may_come(one, now))) for one in taken]
    wishes.plan_all(session, [(one.person_id, one.wanted.what, next_at) for one, next_at in plans])
    return len(taken)


def _without_customers_beside_another(session: Session, owed: list[Delivery]) -> list[Delivery]:
    """Leave out the shadow customers of whom one waits for a reply already."""
    busy = probes.awaited(session, [one.person_id for one in owed if one.kind is Kind.PROBE])
    return [one for one in owed if one.kind is not Kind.PROBE or one.person_id not in busy]


def _without_lessons_in_the_way(session: Session, owed: list[Delivery], now: datetime) -> list[Delivery]:
    """Leave out the lessons of whom something else waits for: three a week would fill every week for good."""
    others = wishes.kept_waiting(session, [one.person_id for one in owed if one.kind is Kind.DRIP], now)
    others |= {one.person_id for one in owed if one.kind is not Kind.DRIP}
    return [one for one in owed if one.kind is not Kind.DRIP or one.person_id not in others]


def _may_come(one: Coming, now: datetime) -> bool:
    """Tell whether a wish can be owed now; who cannot be reached is owed nothing."""
    return one.is_reachable and rules.may_come(one.wanted.what, now, zone=one.zone, hours=one.hours)


def _owed(one: Coming, now: datetime) -> Delivery:
    """Return a wish's message, owed once a day; the night can still keep it, for it waits for its turn."""
    kind = KINDS[one.wanted.what][0]
    day = local(now, one.zone).date()
    return Delivery(one.person_id, f"{kind}:{one.person_id}:{day}", kind, due_at=now)


def _next_at(one: Coming, seed: int, now: datetime, *, was_missed: bool) -> datetime | None:
    """Return when a wish comes next, on a day after today; one that was missed comes as soon as the very first."""
    what = one.wanted.what
    today = local(now, one.zone).date()
    day = rules.next_day(what, after=today, seed=seed, is_first=was_missed)
    return rules.moment_on(day, what, zone=one.zone, hours=one.hours, hour=one.wanted.hour, seed=seed)
