"""When wishes come: whatever the seed, the zone and the hours, by day, in the shop's hours, and a day between them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.delivery import WEEK, WEEKLY_MOST
from bot.core.person import OpeningHours, Zone, local
from bot.core.timetable import HOURS, comes_after, may_come, moment_on, next_day
from bot.core.wish import Wish

TUESDAY = date(2026, 11, 24)
SEEDS = st.integers(0, 2**31 - 1)
ZONES = st.sampled_from(Zone)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
OPENING = st.builds(OpeningHours, st.integers(0, 23), st.integers(0, 24), ZONES)
"""Also hours over midnight, and those of which none is by day."""
TIMED = st.sampled_from((Wish.LESSONS, Wish.CUSTOMERS, Wish.SUMMARY))


def _is_open(hours: OpeningHours, hour: int) -> bool:
    if hours.opens < hours.closes:
        return hours.opens <= hour < hours.closes
    return hour >= hours.opens or hour < hours.closes


@given(TIMED, DAYS, ZONES, OPENING, st.sampled_from((None, *HOURS)), SEEDS)
def test_nothing_comes_in_quiet_hours_or_on_another_day(
    what: Wish, day: date, zone: Zone, hours: OpeningHours, hour: int | None, seed: int
) -> None:
    moment = moment_on(day, what, zone=zone, hours=hours, hour=hour, seed=seed)

    if moment is not None:
        here = local(moment, zone)
        assert here.date() == day
        assert 8 <= here.hour < 20
        assert may_come(what, moment, zone=zone, hours=hours)


@given(DAYS, ZONES, OPENING, SEEDS)
def test_customers_come_while_the_shop_is_open(day: date, zone: Zone, hours: OpeningHours, seed: int) -> None:
    moment = moment_on(day, Wish.CUSTOMERS, zone=zone, hours=hours, hour=None, seed=seed)

    by_day = any(_is_open(hours, hour) for hour in range(8, 20))
    assert (moment is not None) == by_day
    if moment is not None:
        assert _is_open(hours, local(moment, zone).hour)


@given(TIMED, DAYS, st.lists(SEEDS, min_size=12, max_size=12))
def test_days_only_go_on_and_a_week_is_never_too_full(what: Wish, start: date, seeds: list[int]) -> None:
    days = [start]
    for seed in seeds:
        days.append(next_day(what, after=days[-1], seed=seed))

    assert all(earlier < later for earlier, later in pairwise(days))
    assert max(sum(day <= other < day + WEEK for other in days[1:]) for day in days) <= WEEKLY_MOST


@given(DAYS, st.lists(SEEDS, min_size=5, max_size=5))
def test_customers_come_about_weekly_and_never_on_the_same_weekday_twice_running(start: date, seeds: list[int]) -> None:
    days = [start]
    for seed in seeds:
        days.append(next_day(Wish.CUSTOMERS, after=days[-1], seed=seed))

    assert all(5 <= (later - earlier).days <= 9 for earlier, later in pairwise(days))
    assert all(earlier.weekday() != later.weekday() for earlier, later in pairwise(days))


@given(MOMENTS, TIMED, ZONES, OPENING)
def test_first_moment_from_now_on_may_come_and_is_within_a_day(
    now: datetime, what: Wish, zone: Zone, hours: OpeningHours
) -> None:
    found = comes_after(now, what, zone=zone, hours=hours)

    if found is None:
        assert moment_on(now.date(), what, zone=zone, hours=hours, hour=None, seed=0) is None
    else:
        assert may_come(what, found, zone=zone, hours=hours)
        assert now <= found < now + timedelta(days=1)
        assert found == now or not may_come(what, found - timedelta(minutes=1), zone=zone, hours=hours)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 25)),
        (TUESDAY, date(2026, 11, 25)),
        (date(2026, 11, 25), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 11, 30)),
    ],
)
def test_lessons_come_on_monday_wednesday_and_friday(after: date, expected: date) -> None:
    assert next_day(Wish.LESSONS, after=after, seed=0) == expected


@pytest.mark.parametrize(("zone", "utc_hour"), [(Zone.WIB, 2), (Zone.WITA, 1), (Zone.WIT, 0), (None, 2)])
def test_usual_hour_is_nine_of_the_readers_own_clock(zone: Zone | None, utc_hour: int) -> None:
    moment = moment_on(TUESDAY, Wish.LESSONS, zone=zone, hours=None, hour=None, seed=0)

    assert moment == datetime(2026, 11, 24, utc_hour, tzinfo=UTC)


def test_chosen_hour_is_kept_to() -> None:
    moment = moment_on(TUESDAY, Wish.LESSONS, zone=Zone.WIT, hours=None, hour=16, seed=0)

    assert moment == datetime(2026, 11, 24, 7, tzinfo=UTC)


def test_first_customer_comes_within_three_days() -> None:
    days = {next_day(Wish.CUSTOMERS, after=TUESDAY, seed=seed, is_first=True) for seed in range(12)}

    assert days == {TUESDAY + timedelta(days=ahead) for ahead in (1, 2, 3)}


def test_every_open_minute_of_the_day_can_be_met() -> None:
    hours = OpeningHours(18, 10, Zone.WIB)
    found = {
        moment_on(TUESDAY, Wish.CUSTOMERS, zone=Zone.WIB, hours=hours, hour=None, seed=12 * turn) for turn in range(240)
    }

    met = sorted(local(moment, Zone.WIB).hour * 60 + local(moment, Zone.WIB).minute for moment in found if moment)
    assert met == [*range(8 * 60, 10 * 60), *range(18 * 60, 20 * 60)]


def test_customer_of_a_shop_without_hours_never_comes() -> None:
    assert comes_after(datetime(2026, 11, 24, 3, tzinfo=UTC), Wish.CUSTOMERS, zone=Zone.WIB, hours=None) is None
