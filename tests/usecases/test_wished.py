"""What was wished for, at the moment of sending: which lesson and why, which sitting, act, result and customer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.acts import Tried
from bot.core.attempt import Progress
from bot.core.delivery import Kind, Outcome
from bot.core.person import OpeningHours, Person, Role, Zone
from bot.core.wish import Wish
from bot.usecases import accounts, learning, probing
from tests.core.builders import best, worst
from tests.usecases.cohort import outcomes, owes
from tests.usecases.wishes import comes, comes_after, owed_keys, said, says
from tests.usecases.world import START, World, document

MUTATION = "M-O2-cek-mutasi"
WEDNESDAY_AT_NINE = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def _answers_one(world: World, owner: Person) -> None:
    standing = world.stands(owner)
    assert standing is not None and standing.item is not None
    world.answers(owner, standing.attempt.id, standing.attempt.slot, best(standing.item))


def test_lesson_is_the_advised_one_with_its_reason(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    result = world.result(sari)
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    (owed,) = comes(world)

    assert result is not None
    first = result.plan.next[0]
    assert owed.drawn is not None
    assert (owed.module, owed.drawn.reason) == (first.module, first.reason)


def test_lessons_take_turns_instead_of_repeating_one(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    result = world.result(sari)
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    codes = [owed.module.code for days in (0, 2, 3) for owed in comes_after(world, days=days) if owed.module]

    assert result is not None
    advised = [advice.module.code for advice in result.plan.next if advice.module]
    assert codes == [advised[0], advised[1], advised[0]]


def test_lesson_that_was_just_read_gives_way_to_the_other_advised_one(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    result = world.result(sari)
    assert result is not None
    first, second = [advice.module.code for advice in result.plan.next if advice.module]
    world.reads(sari, first)
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    codes = [owed.module.code for days in (0, 2) for owed in comes_after(world, days=days) if owed.module]

    assert codes == [second, first]


def test_lesson_on_selling_waits_for_the_gate_and_nothing_stale_comes(world: World, sari: Person) -> None:
    promotion = {module.code for module in document().modules if module.promotion}
    world.finishes(sari, worst)
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE
    came = {owed.module.code for _ in range(20) for owed in comes_after(world, days=2) if owed.module}

    assert came and not came & promotion


def test_lessons_of_who_has_no_result_sleep_until_there_is_one(world: World, sari: Person) -> None:
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    assert comes(world) == []
    assert (outcomes(world), said(world, sari)[Wish.LESSONS].next_at) == ([Outcome.SUPERSEDED], None)
    world.finishes(sari, worst)
    assert said(world, sari)[Wish.LESSONS].next_at == WEDNESDAY_AT_NINE + timedelta(days=2)


def test_lessons_sleep_once_all_are_done(world: World, sari: Person) -> None:
    world.finishes(sari, best)
    for module in document().modules:
        if module.dimension.value.startswith("O"):
            world.learns(sari, module.code)
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE

    assert comes(world) == []
    assert said(world, sari)[Wish.LESSONS].next_at is None


def test_lessons_do_not_sleep_while_the_facts_of_those_left_are_renewed(world: World, sari: Person) -> None:
    world.finishes(sari, best)
    for module in document().modules:
        if module.dimension.value.startswith("O") and not module.sources:
            world.learns(sari, module.code)
    says(world, sari, Wish.LESSONS)
    world.now = WEDNESDAY_AT_NINE + timedelta(weeks=52 * 20)

    assert comes(world) == []
    assert said(world, sari)[Wish.LESSONS].next_at == world.now + timedelta(days=2)


@pytest.mark.parametrize("what", [Wish.LESSONS, Wish.CUSTOMERS])
def test_what_was_stopped_meanwhile_does_not_come(world: World, sari: Person, what: Wish) -> None:
    world.finishes(sari, worst)
    says(world, sari, what)
    owes(world, sari, {Wish.LESSONS: Kind.DRIP, Wish.CUSTOMERS: Kind.PROBE}[what])
    says(world, sari, what, wanted=False)

    assert comes(world) == []
    assert outcomes(world) == [Outcome.SUPERSEDED]


def test_customers_rest_while_an_owner_coaches_and_come_again_afterwards(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    coach = world.do(lambda s: accounts.choose_role(s, owner=sari, role=Role.COACH))

    assert [owed for _ in range(24 * 14) for owed in comes_after(world, hours=1)] == []
    world.do(lambda s: accounts.choose_role(s, owner=coach, role=Role.OWNER))
    assert {owed.kind for _ in range(24 * 14) for owed in comes_after(world, hours=1)} == {Kind.PROBE}


def test_sitting_is_reminded_of_twice_and_then_left_in_peace(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.begins(sari)
    _answers_one(world, sari)

    days = [day for day in range(1, 30) for _ in comes_after(world, days=1)]

    assert days == [1, 4]


def test_reminder_says_how_far_the_sitting_is(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.begins(sari)
    _answers_one(world, sari)

    (owed,) = comes_after(world, days=1)

    assert owed.drawn is not None and owed.drawn.progress is not None
    assert owed.drawn.progress == Progress(1, 30)


def test_reminder_waits_a_day_after_the_latest_answer(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    attempt = world.begins(sari).attempt
    world.now += timedelta(hours=10)
    _answers_one(world, sari)
    answered_at = world.now

    assert comes_after(world, hours=14) == []
    assert owed_keys(world)[0] == (f"belum_selesai:{attempt.id}:1", answered_at + timedelta(hours=24))
    assert len(comes_after(world, hours=22)) == 1


def test_answer_a_little_later_than_planned_does_not_put_the_reminder_off(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.begins(sari)
    world.now += timedelta(hours=3)
    _answers_one(world, sari)

    assert len(comes_after(world, hours=21)) == 1


@pytest.mark.parametrize("end", ["finished", "stopped"])
def test_sitting_that_ended_is_not_reminded_of(world: World, sari: Person, end: str) -> None:
    says(world, sari, Wish.REMINDERS)
    attempt = world.begins(sari).attempt
    if end == "stopped":
        world.stops(sari, attempt.id)
    else:
        world.finishes(sari, best)

    kinds = [owed.kind for _ in range(10) for owed in comes_after(world, days=1)]

    assert Kind.UNFINISHED not in kinds


def test_another_sitting_has_reminders_of_its_own(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.stops(sari, world.begins(sari).attempt.id)
    world.begins(sari)

    assert [owed.kind for owed in comes_after(world, days=1)] == [Kind.UNFINISHED]


def test_check_is_not_reminded_of(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    says(world, sari, Wish.REMINDERS)
    world.learns(sari, MUTATION)
    world.checks_after(sari, MUTATION)

    assert [owed.kind for owed in comes_after(world, days=4)] == [Kind.ACT]


def test_act_is_asked_about_three_days_after_it_was_done(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.reads(sari, MUTATION)
    world.do(lambda s: learning.reach_act(s, owner=sari, module_code=MUTATION, now=world.now))
    world.now += timedelta(days=2)
    world.learns(sari, MUTATION)

    assert comes_after(world, days=1) == []
    (owed,) = comes_after(world, days=2)
    assert owed.module is not None and (owed.kind, owed.module.code) == (Kind.ACT, MUTATION)


def test_act_that_was_spoken_of_is_not_asked_about(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.learns(sari, MUTATION)
    _reports(world, sari, Tried.NOT_YET)

    assert comes_after(world, days=4) == []


def _reports(world: World, owner: Person, tried: Tried) -> None:
    module = world.do(
        lambda s: learning.report_act(
            s, owner=owner, module_code=MUTATION, tried=tried, library=world.library, now=world.now
        )
    )
    assert module is not None and module.code == MUTATION


def test_latest_word_on_an_act_stays_and_one_that_was_tried_is_done(world: World, sari: Person) -> None:
    world.reads(sari, MUTATION)
    _reports(world, sari, Tried.NOT_FOR_ME)
    assert world.reads(sari, MUTATION).lesson.done_at is None
    world.now += timedelta(days=1)
    _reports(world, sari, Tried.YES)

    opened = world.reads(sari, MUTATION)
    assert opened.act is not None
    assert (opened.act.tried, opened.act.said_at, opened.lesson.done_at) == (Tried.YES, world.now, world.now)


def test_act_of_a_lesson_never_opened_cannot_be_spoken_of(world: World, sari: Person) -> None:
    found = world.do(
        lambda s: learning.report_act(
            s, owner=sari, module_code=MUTATION, tried=Tried.YES, library=world.library, now=world.now
        )
    )

    assert found is None


def test_next_sitting_is_asked_for_once_after_thirty_days(world: World, sari: Person) -> None:
    world.finishes(sari, best)
    says(world, sari, Wish.REMINDERS)

    days = [day for day in range(1, 60) for owed in comes_after(world, days=1) if owed.kind is Kind.RETEST]

    assert days == [30]


def test_next_sitting_is_not_asked_for_where_it_was_taken(world: World, sari: Person) -> None:
    world.finishes(sari, best)
    says(world, sari, Wish.REMINDERS)
    world.now += timedelta(days=20)
    world.finishes(sari, worst)

    days = [day for day in range(21, 60) for owed in comes_after(world, days=1) if owed.kind is Kind.RETEST]

    assert days == [50]


def test_customer_writes_while_the_shop_is_open(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    owes(world, sari, Kind.PROBE)

    (owed,) = comes(world)

    waiting = world.do(lambda s: probing.record(s, owner=sari, library=world.library)).waiting
    assert owed.drawn is not None and owed.drawn.chat == waiting
    assert waiting is not None and waiting.sent.sent_at == world.now


def test_customer_waits_for_opening_time_and_leaves_no_trace_before(world: World, sari: Person) -> None:
    late = world.do(lambda s: accounts.tell_context(s, owner=sari, told=OpeningHours(16, 24, Zone.WIB)))
    says(world, late, Wish.CUSTOMERS)
    owes(world, late, Kind.PROBE)

    assert comes(world) == []
    assert [due_at for _, due_at in owed_keys(world)] == [START.replace(hour=9)]
    assert world.do(lambda s: probing.record(s, owner=late, library=world.library)).sent == 0
    assert len(comes_after(world, hours=6)) == 1


def test_second_customer_does_not_come_while_one_waits(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    owes(world, sari, Kind.PROBE, key="1")
    comes(world)
    owes(world, sari, Kind.PROBE, key="2")

    assert comes(world) == []
    assert outcomes(world) == [Outcome.SENT, Outcome.SUPERSEDED]


def test_customer_lost_on_the_way_does_not_wait_for_a_reply(world: World, sari: Person) -> None:
    says(world, sari, Wish.CUSTOMERS)
    owes(world, sari, Kind.PROBE)

    assert len(comes(world, Outcome.FAILED)) == 1
    assert world.do(lambda s: probing.record(s, owner=sari, library=world.library)).waiting is None


def test_three_a_week_hold_over_all_that_comes_by_itself(world: World, sari: Person) -> None:
    says(world, sari, Wish.REMINDERS)
    world.finishes(sari, worst)
    says(world, sari, Wish.LESSONS)
    says(world, sari, Wish.CUSTOMERS)
    for module in [module for module in document().modules if module.dimension.value == "O2"][:3]:
        world.learns(sari, module.code)

    came = [world.now for _ in range(24 * 21) for _ in comes_after(world, hours=1)]

    most = max(sum(first <= moment < first + timedelta(days=7) for moment in came) for first in came)
    assert most == 3
    assert len(came) >= 8
