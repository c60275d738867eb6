"""Who needs a coach's attention, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.core.cohort import Member
from bot.core.item import Dimension
from bot.core.triage import IDLE, Concern, Flag, concerns, flags, next_lesson
from tests.core.builders import NOW, TODAY, module, release, source
from tests.core.cohorts import DAY, member, reading

RESPONSE, CAPACITY = Dimension.RESPONSE, Dimension.CAPACITY
AGO = NOW - 10 * DAY


@pytest.mark.parametrize(
    ("result", "found"),
    [
        (reading(), ()),
        (reading(scam_risk=True), (Flag.SCAM,)),
        (reading(missing=[RESPONSE]), (Flag.SLOW,)),
        (reading(contradicts=[RESPONSE]), (Flag.SLOW,)),
        (reading(missing=[CAPACITY]), (Flag.STOCK,)),
        (reading(contradicts=[CAPACITY]), (Flag.STOCK,)),
        (reading(missing=[CAPACITY], contradicts=[RESPONSE], scam_risk=True), (Flag.SCAM, Flag.SLOW, Flag.STOCK)),
    ],
)
def test_flags_come_from_the_result(result: object, found: tuple[Flag, ...]) -> None:
    assert flags(member(1, "Sari", result), now=NOW) == found  # type: ignore[arg-type]


def test_latest_result_decides() -> None:
    before, now = reading(scam_risk=True), reading(sitting=2)

    assert flags(member(1, "Sari", before, now), now=NOW) == ()


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (member(joined_at=NOW - IDLE), (Flag.NOT_BEGUN,)),
        (member(joined_at=NOW - IDLE + timedelta(seconds=1)), ()),
        (member(joined_at=AGO, begun_at=NOW - IDLE), (Flag.STALLED,)),
        (member(joined_at=AGO, begun_at=NOW - IDLE + timedelta(seconds=1)), ()),
        (member(joined_at=NOW - DAY, begun_at=AGO), ()),
        (member(joined_at=NOW - IDLE, begun_at=AGO), (Flag.STALLED,)),
    ],
)
def test_who_has_no_result_is_flagged_after_three_days_in_the_group(who: Member, found: tuple[Flag, ...]) -> None:
    assert flags(who, now=NOW) == found


def test_concerns_name_who_shares_and_count_the_others_unless_a_result_says_it() -> None:
    scammed, late = member(1, "Ani", reading(1, scam_risk=True)), member(2, "Budi", joined_at=AGO)
    hidden_scammed, hidden_late = member(3, None, reading(3, scam_risk=True)), member(4, None, joined_at=AGO)
    hidden_stalled = member(5, None, joined_at=AGO, begun_at=AGO)

    found = concerns([scammed, late, hidden_scammed, hidden_late, hidden_stalled], now=NOW)

    assert found == [
        Concern(Flag.SCAM, (scammed,)),
        Concern(Flag.STALLED, (), nameless=1),
        Concern(Flag.NOT_BEGUN, (late,), nameless=1),
    ]


def test_member_stands_under_each_reason_in_the_order_they_came() -> None:
    one = member(1, "Zul", reading(1, missing=[RESPONSE, CAPACITY]))
    other = member(2, "Ani", reading(2, missing=[RESPONSE]))

    assert concerns([one, other], now=NOW) == [Concern(Flag.SLOW, (one, other)), Concern(Flag.STOCK, (one,))]


def test_group_without_reasons_has_no_concerns() -> None:
    assert concerns([member(1, "Ani", reading(1))], now=NOW) == []


STALE = (source(TODAY - DAY),)
PINNED = release(
    modules=(
        module("M-O2-a"),
        module("M-O2-aman", steps_from=3),
        module("M-O6-b", steps_from=2),
        module("M-O6-c", steps_from=2),
        module("M-O6-a", steps_from=1, promotion=True),
        module("M-O7-a", steps_from=1, sources=STALE),
        module("M-O7-z", steps_from=4),
    )
)


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        (Flag.SCAM, "M-O2-aman"),
        (Flag.SLOW, "M-O6-b"),
        (Flag.STOCK, "M-O7-z"),
        (Flag.STALLED, None),
        (Flag.NOT_BEGUN, None),
    ],
)
def test_next_lesson_is_the_easiest_current_one_of_the_reason(flag: Flag, code: str | None) -> None:
    found = next_lesson(flag, PINNED, today=TODAY)

    assert (found.code if found else None) == code


def test_stale_safety_lesson_gives_way_to_another_of_its_dimension() -> None:
    pinned = release(modules=(module("M-O2-aman", sources=STALE), module("M-O2-b", steps_from=4)))

    found = next_lesson(Flag.SCAM, pinned, today=TODAY)
    none_left = next_lesson(Flag.SCAM, release(), today=date(2026, 1, 1))

    assert (found.code if found else None, none_left) == ("M-O2-b", None)
