"""Asking for what comes by itself: dated, with the words agreed to, planned in the own zone and hours, and stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.delivery import Kind, Outcome
from bot.core.person import OpeningHours, Person, Role, Zone, local
from bot.core.wish import Wanted, Wish
from bot.usecases import accounts, wishing
from bot.usecases.wishing import NotOffered
from tests.core.builders import best
from tests.usecases.cohort import outcomes
from tests.usecases.wishes import HASH, comes, comes_after, owed_keys, said, says
from tests.usecases.world import START, World

WEDNESDAY_AT_NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""In WIB, the day after the world begins."""


def _tells(world: World, owner: Person, told: Zone | OpeningHours) -> Person:
    """Tell of other hours, as the settings do."""
    person = world.do(lambda s: accounts.tell_context(s, owner=owner, told=told))
    world.do(lambda s: wishing.replan(s, owner=person, new_seed=lambda: 5, now=world.now))
    return person


def test_nothing_was_wished_for_before_it_was_said(world: World, sari: Person) -> None:
    assert said(world, sari) == {}


def test_word_is_kept_with_its_day_and_what_was_agreed_to(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)

    wanted = Wanted(Wish.LESSONS, True, decided_at=START, text_hash=HASH, next_at=WEDNESDAY_AT_NINE)
    assert said(world, sari) == {Wish.LESSONS: wanted}


def test_same_word_again_changes_nothing(world: World, sari: Person) -> None:
    first = says(world, sari, Wish.CUSTOMERS)
    world.now += timedelta(hours=5)

    assert says(world, sari, Wish.CUSTOMERS) == first
    assert said(world, sari) == {Wish.CUSTOMERS: first}


def test_no_is_kept_too_and_plans_nothing(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS, hour=16)
    world.now += timedelta(hours=1)
    says(world, sari, Wish.LESSONS, wanted=False)

    refused = Wanted(Wish.LESSONS, False, decided_at=world.now, hour=16, text_hash=HASH)
    assert said(world, sari) == {Wish.LESSONS: refused}


def test_hour_chosen_before_stays_until_another_is_chosen(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS, hour=16)
    says(world, sari, Wish.LESSONS, wanted=False)

    assert says(world, sari, Wish.LESSONS).next_at == WEDNESDAY_AT_NINE + timedelta(hours=7)
    assert says(world, sari, Wish.LESSONS, hour=12).next_at == WEDNESDAY_AT_NINE + timedelta(hours=3)


@pytest.mark.parametrize(
    ("what", "hour"), [(Wish.SUMMARY, None), (Wish.LESSONS, 10), (Wish.LESSONS, 22), (Wish.REMINDERS, 9)]
)
def test_owner_is_not_offered(world: World, sari: Person, what: Wish, hour: int | None) -> None:
    with pytest.raises(NotOffered):
        says(world, sari, what, hour=hour)


def test_coach_has_no_shop_to_write_to(world: World, joko: Person) -> None:
    coach = world.do(lambda s: accounts.choose_role(s, owner=joko, role=Role.COACH))

    with pytest.raises(NotOffered):
        says(world, coach, Wish.CUSTOMERS)
    assert says(world, coach, Wish.SUMMARY).next_at is not None


def test_no_is_taken_to_what_rests_in_the_present_role(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    coach = world.do(lambda s: accounts.choose_role(s, owner=sari, role=Role.COACH))

    says(world, coach, Wish.CUSTOMERS, wanted=False)

    owner = world.do(lambda s: accounts.choose_role(s, owner=coach, role=Role.OWNER))
    assert not said(world, owner)[Wish.CUSTOMERS].wanted


def test_another_zone_moves_the_lesson_to_the_same_hour_there(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)

    _tells(world, sari, Zone.WIT)

    assert said(world, sari)[Wish.LESSONS].next_at == WEDNESDAY_AT_NINE - timedelta(hours=2)


def test_lesson_that_comes_today_keeps_its_day_in_other_opening_hours(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE - timedelta(hours=2)

    _tells(world, sari, OpeningHours(10, 22, Zone.WIB))

    assert said(world, sari)[Wish.LESSONS].next_at == WEDNESDAY_AT_NINE


def test_other_opening_hours_move_the_customer_into_them_and_not_to_an_earlier_day(world: World, sari: Person) -> None:
    before = says(world, sari, Wish.CUSTOMERS).next_at
    assert before is not None

    person = _tells(world, sari, OpeningHours(16, 24, Zone.WITA))

    moved = said(world, sari)[Wish.CUSTOMERS].next_at
    assert moved is not None
    assert local(moved, person.context.zone).date() == local(before, Zone.WIB).date()
    assert 16 <= local(moved, person.context.zone).hour < 20


def test_customer_who_could_never_come_comes_once_the_hours_allow_it(world: World, sari: Person) -> None:
    night = _tells(world, sari, OpeningHours(20, 24, Zone.WIB))
    assert says(world, night, Wish.CUSTOMERS).next_at is None

    _tells(world, night, OpeningHours(8, 17, Zone.WIB))

    assert said(world, sari)[Wish.CUSTOMERS].next_at is not None


def test_what_was_stopped_is_not_planned_by_new_hours(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    says(world, sari, Wish.CUSTOMERS, wanted=False)

    _tells(world, sari, OpeningHours(10, 22, Zone.WIB))

    assert said(world, sari)[Wish.CUSTOMERS].next_at is None


def test_sitting_is_followed_only_where_that_was_asked(world: World, sari: Person, joko: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.begins(joko)
    attempt = world.begins(sari).attempt

    assert owed_keys(world) == [
        (f"belum_selesai:{attempt.id}:1", START + timedelta(hours=24)),
        (f"belum_selesai:{attempt.id}:2", START + timedelta(hours=96)),
    ]


def test_reminders_asked_for_later_follow_what_had_begun(world: World, sari: Person) -> None:
    attempt = world.begins(sari).attempt
    world.now += timedelta(days=2)

    says(world, sari, Wish.REMINDERS)

    assert owed_keys(world) == [
        (f"belum_selesai:{attempt.id}:1", world.now),
        (f"belum_selesai:{attempt.id}:2", START + timedelta(hours=96)),
    ]


def test_result_is_followed_after_thirty_days(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    attempt = world.finishes(sari, best).attempt

    assert attempt.finished_at is not None
    assert owed_keys(world)[-1] == (f"ulang:{sari.id}:{attempt.id}", attempt.finished_at + timedelta(days=30))


def test_reminders_asked_for_long_after_a_result_wait_a_day(world: World, sari: Person) -> None:
    attempt = world.finishes(sari, best).attempt
    world.now += timedelta(days=90)

    says(world, sari, Wish.REMINDERS)

    assert owed_keys(world) == [(f"ulang:{sari.id}:{attempt.id}", world.now + timedelta(days=1))]


def test_lesson_is_followed_once_however_often_it_is_read(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.learns(sari, "M-O2-cek-mutasi")
    world.now += timedelta(days=1)
    world.learns(sari, "M-O2-cek-mutasi")

    assert owed_keys(world) == [(f"tindak_lanjut:{sari.id}:M-O2-cek-mutasi", START + timedelta(days=3))]


def test_reminder_dropped_while_reminders_were_stopped_comes_once_they_are_wanted_again(
    world: World, sari: Person
) -> None:
    says(world, sari, Wish.REMINDERS)
    world.finishes(sari, best)
    says(world, sari, Wish.REMINDERS, wanted=False)
    dropped = comes_after(world, days=31)

    says(world, sari, Wish.REMINDERS)

    assert (dropped, [owed.kind for owed in comes_after(world, days=1)]) == ([], [Kind.RETEST])


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.AMBIGUOUS])
def test_reminder_that_came_does_not_come_again(world: World, sari: Person, outcome: Outcome) -> None:
    says(world, sari, Wish.REMINDERS)
    world.finishes(sari, best)
    world.now += timedelta(days=31)
    comes(world, outcome)

    says(world, sari, Wish.REMINDERS, wanted=False)
    says(world, sari, Wish.REMINDERS)

    assert (comes_after(world, days=2), outcomes(world)[-1]) == ([], outcome)
