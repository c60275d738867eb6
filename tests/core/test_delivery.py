"""When a message that can wait may come, and when one is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.delivery import (
    COUNTED,
    LANES,
    MOST_TRIES,
    WAITS_FOR_MORNING,
    WEEK,
    WEEKLY_MOST,
    Kind,
    after_a_full_week,
    after_quiet_hours,
    retry_wait,
)
from bot.core.person import Zone
from tests.core.builders import CALM

OFFSETS = {Zone.WIB: 7, Zone.WITA: 8, Zone.WIT: 9, None: 7}
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since)


@CALM
@given(MOMENTS, st.sampled_from(list(OFFSETS)))
def test_message_never_comes_in_the_quiet_hours_and_never_too_early(now: datetime, zone: Zone | None) -> None:
    due = after_quiet_hours(now, zone)

    local = due + timedelta(hours=OFFSETS[zone])
    assert 8 <= local.hour < 20
    assert timedelta(0) <= due - now <= timedelta(hours=12)
    assert due == now or (local.hour, local.minute, local.second, local.microsecond) == (8, 0, 0, 0)


@CALM
@given(MOMENTS, st.sampled_from(list(OFFSETS)), st.integers(-12, 14))
def test_clock_of_any_zone_tells_the_same(now: datetime, zone: Zone | None, hours: int) -> None:
    elsewhere = now.astimezone(timezone(timedelta(hours=hours)))

    assert after_quiet_hours(elsewhere, zone) == after_quiet_hours(now, zone)


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        (Zone.WIB, (24, 12, 59), (24, 12, 59)),
        (Zone.WIB, (24, 13, 0), (25, 1, 0)),
        (Zone.WIB, (24, 0, 59), (24, 1, 0)),
        (Zone.WIB, (24, 1, 0), (24, 1, 0)),
        (Zone.WITA, (24, 12, 0), (25, 0, 0)),
        (Zone.WIT, (24, 11, 0), (24, 23, 0)),
        (Zone.WIT, (24, 22, 30), (24, 23, 0)),
        (None, (24, 13, 0), (25, 1, 0)),
    ],
)
def test_quiet_hours_are_the_readers_own(
    zone: Zone | None, now: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    assert after_quiet_hours(at(*now), zone) == at(*due)


def test_retries_come_later_and_later_for_about_a_week_and_then_end() -> None:
    waits = [retry_wait(tries) for tries in range(1, MOST_TRIES + 1)]

    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits[9:-1] == [timedelta(hours=6)] * (MOST_TRIES - 10)
    assert waits[-1] is None
    assert timedelta(days=6) < sum(filter(None, waits), timedelta()) < timedelta(days=8)


@CALM
@given(MOMENTS, st.lists(st.timedeltas(timedelta(0), 2 * WEEK)))
def test_nobody_gets_more_than_three_in_any_seven_days(now: datetime, ages: list[timedelta]) -> None:
    received = [now - age for age in ages]

    comes_at = after_a_full_week(now, received)

    in_the_week = [one for one in received if one > comes_at - WEEK]
    assert len(in_the_week) < WEEKLY_MOST
    assert comes_at == now or len([one for one in received if one >= comes_at - WEEK]) >= WEEKLY_MOST


def test_every_kind_travels_in_one_lane() -> None:
    assert sorted(kind for kinds in LANES for kind in kinds) == sorted(Kind)


def test_what_the_law_wants_told_waits_for_the_morning_and_counts_for_no_week() -> None:
    assert set(WAITS_FOR_MORNING) - set(COUNTED) == {Kind.BREACH, Kind.WEEKLY_CHAT}
    assert LANES[-1] == (Kind.NEWS, Kind.BREACH)
