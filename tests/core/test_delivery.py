"""When a message that can wait may come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.delivery import after_quiet_hours
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
