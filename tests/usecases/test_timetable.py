"""The timetable: one message a slot, once whatever crashes, none of what was missed, and in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.core.delivery import Kind
from bot.core.person import OpeningHours, Person, Role, Zone
from bot.core.wish import Wish
from bot.store import wishes
from bot.usecases import accounts, timetable
from tests.core.builders import worst
from tests.usecases.wishes import advances, comes, comes_after, owed_keys, said, says
from tests.usecases.world import START, World

SAFETY = "M-O2-aman-saat-membayar"
WEDNESDAY_AT_NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def _next_at(world: World, owner: Person, what: Wish) -> datetime | None:
    return said(world, owner)[what].next_at


def _crashing(now: datetime) -> Callable[[Session], None]:
    def work(session: Session) -> None:
        timetable.advance(session, new_seed=lambda: 1, now=now, limit=10)
        raise KeyboardInterrupt

    return work


def test_nothing_is_taken_before_its_time(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE - timedelta(seconds=1)

    assert advances(world) == 0
    assert owed_keys(world) == []


def test_slot_is_owed_once_and_the_next_one_planned(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    assert (advances(world), advances(world)) == (1, 0)
    assert owed_keys(world) == [(f"harian:{sari.id}:2026-11-25", WEDNESDAY_AT_NINE)]
    assert _next_at(world, sari, Wish.LESSONS) == WEDNESDAY_AT_NINE + timedelta(days=2)


def test_crash_before_the_commit_owes_the_same_once(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    with pytest.raises(KeyboardInterrupt):
        world.do(_crashing(world.now))
    advances(world)

    assert [key for key, _ in owed_keys(world)] == [f"harian:{sari.id}:2026-11-25"]


def test_clock_that_goes_back_owes_nothing_twice(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE
    advances(world)
    world.do(lambda s: wishes.plan(s, sari.id, Wish.LESSONS, WEDNESDAY_AT_NINE))
    advances(world)

    assert len(owed_keys(world)) == 1


def test_after_a_long_pause_one_comes_and_the_rest_is_gone(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    says(world, sari, Wish.LESSONS)
    world.now = datetime(2027, 1, 14, 5, 0, tzinfo=UTC)

    assert [owed.kind for owed in comes(world)] == [Kind.DRIP]
    assert comes(world) == []
    assert _next_at(world, sari, Wish.LESSONS) == datetime(2027, 1, 15, 2, 0, tzinfo=UTC)


def test_what_is_late_at_night_waits_for_its_next_day(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE + timedelta(hours=12)

    advances(world)

    assert owed_keys(world) == []
    assert _next_at(world, sari, Wish.LESSONS) == WEDNESDAY_AT_NINE + timedelta(days=2)


def test_customer_missed_while_the_shop_was_open_comes_within_three_days(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    world.now = datetime(2026, 12, 24, 11, 0, tzinfo=UTC)

    advances(world)

    next_at = _next_at(world, sari, Wish.CUSTOMERS)
    assert owed_keys(world) == []
    assert next_at is not None and timedelta(0) < next_at - world.now < timedelta(days=3)


def test_one_that_still_waits_is_not_joined_by_another(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE
    advances(world)
    world.now += timedelta(days=2)
    advances(world)

    assert [key for key, _ in owed_keys(world)] == [f"harian:{sari.id}:2026-11-25"]


def test_customer_who_waits_for_the_reply_is_not_joined_by_another(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    came = [owed.kind for _ in range(4) for owed in comes_after(world, days=1)]
    world.now += timedelta(days=14)

    assert (came, advances(world), owed_keys(world)) == ([Kind.PROBE], 1, [])


def test_who_blocked_the_bot_is_owed_nothing_and_gets_the_next_one_after_coming_back(
    world: World, sari: Person
) -> None:
    world.finishes(sari, worst)
    says(world, sari, Wish.LESSONS)
    world.do(lambda s: accounts.note_reachable(s, telegram_id=1001, reachable=False))
    world.now = WEDNESDAY_AT_NINE
    advances(world)
    assert owed_keys(world) == []

    world.do(lambda s: accounts.note_reachable(s, telegram_id=1001, reachable=True))

    assert [owed.kind for owed in comes_after(world, days=2)] == [Kind.DRIP]


def test_wishes_are_taken_in_batches_the_longest_due_first(world: World) -> None:
    for number in range(5):
        says(world, world.joins(3000 + number, f"Orang {number}"), Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    assert [advances(world, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(owed_keys(world)) == 5


def test_lessons_three_times_a_week_give_way_to_all_else_that_was_asked_for(world: World, sari: Person) -> None:
    opens_late = OpeningHours(opens=10, closes=20, zone=Zone.WIB)
    sari = world.do(lambda s: accounts.tell_context(s, owner=sari, told=opens_late))
    world.finishes(sari, worst)
    says(world, sari, Wish.LESSONS)
    world.now = START.replace(hour=1)
    for _ in range(8 * 8):
        comes_after(world, hours=3)
    says(world, sari, Wish.REMINDERS)
    says(world, sari, Wish.CUSTOMERS)
    world.learns(sari, SAFETY)

    came = Counter(owed.kind for _ in range(28 * 8) for owed in comes_after(world, hours=3))

    assert (came[Kind.ACT], came[Kind.RETEST], came[Kind.PROBE]) == (1, 1, 1)
    assert came[Kind.DRIP] >= 6


def test_summary_comes_on_its_monday_and_a_lesson_gives_way(world: World, joko: Person) -> None:
    coach = world.do(lambda s: accounts.choose_role(s, owner=joko, role=Role.COACH))
    says(world, coach, Wish.LESSONS)
    says(world, coach, Wish.SUMMARY)
    world.now = WEDNESDAY_AT_NINE + timedelta(days=5)

    advances(world)

    assert [key for key, _ in owed_keys(world)] == [f"mingguan:{coach.id}:2026-11-30"]


def test_week_of_lessons_comes_on_three_days(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    says(world, sari, Wish.LESSONS)

    days = []
    world.now = START.replace(hour=2)
    for _ in range(14):
        days += [world.now.strftime("%a") for _ in comes_after(world, days=1)]

    assert days == ["Wed", "Fri", "Mon", "Wed", "Fri", "Mon"]
