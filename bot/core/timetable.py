"""When what somebody wished for comes next, in the reader's own day and never in their quiet hours.

A wish comes at most once a day, and after a long pause once instead of all that was missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.core.delivery import QUIET_FROM, QUIET_UNTIL
from bot.core.person import OpeningHours, Zone, local
from bot.core.wish import Wish

HOURS = (9, 12, 16)
"""Hours of the day from which a reader may choose one; the first is the usual one."""
LESSON_DAYS = (0, 2, 4)
"""Monday, Wednesday, Friday: with a day between them, and no more in a week than anybody gets (WEEKLY_MOST)."""
SUMMARY_DAYS = (0,)
CUSTOMER_PAUSES = (5, 6, 8, 9)
"""Days from one shadow customer to the next: a week on average, and never the same weekday twice running."""
FIRST_CUSTOMER = (1, 2, 3)

_Spans = tuple[tuple[int, int], ...]


def next_day(what: Wish, *, after: date, seed: int, is_first: bool = False) -> date:
    """Return the reader's next day for a wish, later than `after`; the seed decides where the day is left to chance."""
    match what:
        case Wish.CUSTOMERS:
            pauses: Sequence[int] = FIRST_CUSTOMER if is_first else CUSTOMER_PAUSES
            return after + timedelta(days=pauses[seed % len(pauses)])
        case Wish.SUMMARY:
            return _next_weekday(after, SUMMARY_DAYS)
        case _:
            return _next_weekday(after, LESSON_DAYS)


def _next_weekday(after: date, weekdays: Sequence[int]) -> date:
    days = (after + timedelta(days=ahead) for ahead in range(1, 8))
    return next(day for day in days if day.weekday() in weekdays)


def moment_on(
    day: date, what: Wish, *, zone: Zone | None, hours: OpeningHours | None, hour: int | None, seed: int
) -> datetime | None:
    """Return when a wish comes on a day: at the chosen hour, or in a random minute of a shop's opening hours.

    None for a shadow customer where the shop never opens by day.
    """
    minute = (hour or HOURS[0]) * 60
    if what is Wish.CUSTOMERS:
        open_minutes = [m for start, end in _waking_spans(hours) for m in range(start, end)]
        if not open_minutes:
            return None
        minute = open_minutes[seed // 12 % len(open_minutes)]  # 12: the pause before it takes 3 or 4
    midnight = datetime.combine(day, time(), (zone or Zone.WIB).tzinfo)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def may_come(what: Wish, now: datetime, *, zone: Zone | None, hours: OpeningHours | None) -> bool:
    """Tell whether a wish may come now: by day, and a shadow customer while the shop is open."""
    return any(start <= _minute(now, zone) < end for start, end in _spans(what, hours))


def comes_after(now: datetime, what: Wish, *, zone: Zone | None, hours: OpeningHours | None) -> datetime | None:
    """Return the first moment from now on in which a wish may come; None where there is never one."""
    spans = _spans(what, hours)
    if not spans or may_come(what, now, zone=zone, hours=hours):
        return now if spans else None
    minute = _minute(now, zone)
    following = [start for start, _ in spans if start > minute] or [spans[0][0] + 24 * 60]
    midnight = local(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(minutes=following[0])).astimezone(UTC)


def _minute(moment: datetime, zone: Zone | None) -> int:
    here = local(moment, zone)
    return here.hour * 60 + here.minute


def _spans(what: Wish, hours: OpeningHours | None) -> _Spans:
    return _waking_spans(hours) if what is Wish.CUSTOMERS else ((QUIET_UNTIL * 60, QUIET_FROM * 60),)


def _waking_spans(hours: OpeningHours | None) -> _Spans:
    """Return the minutes of a day in which a shop is open and nobody sleeps; hours may go over midnight."""
    if hours is None:
        return ()
    over_midnight = hours.closes <= hours.opens
    open_hours = ((0, hours.closes), (hours.opens, 24)) if over_midnight else ((hours.opens, hours.closes),)
    waking = ((max(start, QUIET_UNTIL), min(end, QUIET_FROM)) for start, end in open_hours)
    return tuple((start * 60, end * 60) for start, end in waking if start < end)
