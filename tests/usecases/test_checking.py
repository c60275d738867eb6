"""Short checks: of what is uncertain, and after a lesson; what they change in a result, and what they leave alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.advice import Reason
from bot.core.answer import Answer
from bot.core.attempt import AttemptStatus, explain
from bot.core.item import Dimension, Item
from bot.core.person import Person
from bot.core.profile import GateColour
from bot.store import attempts
from bot.usecases import checking
from bot.usecases.checking import NoCheck
from bot.usecases.results import Result
from tests.core.builders import best, mixed, worst
from tests.usecases.world import World, document

RESPONSE, SHOP, ETHICS = Dimension.RESPONSE, Dimension.SHOP, Dimension.ETHICS
LESSON = next(module.code for module in document().modules if module.dimension is RESPONSE)


def weak_in(*weak: Dimension) -> Callable[[Item], Answer]:
    """Return a person who knows everything but these dimensions."""
    return lambda item: worst(item) if item.dimension in weak else best(item)


SLOW_TO_REPLY = weak_in(RESPONSE, Dimension.PAYMENT, SHOP, Dimension.PROMOTION)
"""Someone whom only the answers to customers keep from selling online; what is weak elsewhere keeps them weak."""


def _result(world: World, owner: Person) -> Result:
    found = world.result(owner)
    assert found is not None
    return found


def _checkable(world: World, owner: Person) -> frozenset[Dimension]:
    sitting = _result(world, owner).attempt

    return world.do(
        lambda s: checking.checkable(
            s,
            owner=owner,
            sitting=sitting,
            checks=checking.since(s, sitting=sitting, library=world.library),
            library=world.library,
            today=world.now.date(),
        )
    )


def _may_follow(world: World, owner: Person) -> bool:
    return world.do(
        lambda s: checking.may_follow(s, owner=owner, module_code=LESSON, library=world.library, today=world.now.date())
    )


# Of what is uncertain


def test_check_asks_three_fresh_questions_of_its_dimension(world: World, sari: Person) -> None:
    before = world.finishes(sari, mixed(3)).attempt

    ended = world.goes_on(sari, world.checks(sari, SHOP), mixed(3))

    asked = [ended.release.item_by_code[r.item_code] for r in ended.attempt.responses]
    assert (ended.attempt.status, ended.attempt.is_check) == (AttemptStatus.FINISHED, True)
    assert [item.dimension for item in asked] == [SHOP] * 3
    assert {item.code for item in asked}.isdisjoint(r.item_code for r in before.responses)


def test_check_is_no_result_of_its_own_and_counts_in_that_of_the_sitting(world: World, sari: Person) -> None:
    sitting = world.finishes(sari, weak_in(SHOP)).attempt
    before = _result(world, sari)

    world.goes_on(sari, world.checks(sari, SHOP), best)

    after = _result(world, sari)
    assert after.attempt == sitting
    assert after.profile.zones[SHOP].scale_score > before.profile.zones[SHOP].scale_score
    assert not any(zone.lifted for zone in after.profile.zones.values())


def test_check_can_be_replayed_from_what_is_stored(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    ended = world.goes_on(sari, world.checks(sari, SHOP), mixed(3))

    stored = world.do(lambda s: attempts.owned(s, sari.id, ended.attempt.id))

    assert stored == ended.attempt
    replayed = [choice.item.code if choice else None for choice in explain(stored, ended.release)]
    assert replayed == [*(r.item_code for r in stored.responses), None]


def test_check_stopped_before_its_end_changes_nothing(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    before = _result(world, sari)
    standing = world.checks(sari, SHOP)
    assert standing.item is not None
    world.answers(sari, standing.attempt.id, 1, best(standing.item))

    stopped = world.stops(sari, standing.attempt.id)

    assert stopped
    assert _result(world, sari) == before
    assert world.do(lambda s: checking.since(s, sitting=before.attempt, library=world.library)) == []


def test_check_without_a_result_is_refused(world: World, sari: Person) -> None:
    with pytest.raises(NoCheck):
        world.checks(sari, SHOP)

    assert world.stands(sari) is None


def test_check_returns_what_is_under_way_instead(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    check = world.checks(sari, SHOP)

    assert world.checks(sari, ETHICS) == check
    assert world.begins(sari) == check

    world.stops(sari, check.attempt.id)
    sitting = world.begins(sari)
    assert world.checks(sari, SHOP) == sitting


def test_checks_of_a_dimension_end_where_its_fresh_questions_do(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    asked: list[str] = []

    def check_again_and_again() -> None:
        for _ in range(20):
            ended = world.goes_on(sari, world.checks(sari, ETHICS), mixed(3))
            asked.extend(r.item_code for r in ended.attempt.responses)

    with pytest.raises(NoCheck):
        check_again_and_again()

    assert asked != []
    assert len(set(asked)) == len(asked)


def test_dimension_is_offered_for_a_check_only_once(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    before = _checkable(world, sari)

    world.goes_on(sari, world.checks(sari, SHOP), mixed(3))

    assert SHOP in before
    assert _checkable(world, sari) == before - {SHOP}
    unsure = [advice.dimension for advice in _result(world, sari).plan.next if advice.reason is Reason.UNSURE]
    assert SHOP not in unsure


def test_checks_belong_to_their_owner_and_to_the_sitting_before_them(world: World, sari: Person, joko: Person) -> None:
    for owner in (sari, joko):
        world.finishes(owner, mixed(3))
    world.goes_on(sari, world.checks(sari, SHOP), mixed(3))

    def made(owner: Person) -> list[Dimension]:
        sitting = _result(world, owner).attempt
        return [c.dimension for _, c in world.do(lambda s: checking.since(s, sitting=sitting, library=world.library))]

    first = (made(sari), made(joko))
    world.finishes(sari, mixed(4))

    assert (first, made(sari)) == (([SHOP], []), [])


# After a lesson


def test_passed_check_after_a_lesson_lifts_its_zone_and_opens_the_gate(world: World, sari: Person) -> None:
    world.finishes(sari, SLOW_TO_REPLY)
    before = _result(world, sari).profile
    world.learns(sari, LESSON)

    ended = world.goes_on(sari, world.checks_after(sari, LESSON), best)

    after = _result(world, sari).profile
    assert ended.attempt.lesson == LESSON
    assert (before.gate.colour, before.gate.missing) == (GateColour.YELLOW, (RESPONSE,))
    assert (after.gate.colour, after.gate.missing) == (GateColour.GREEN, ())
    assert after.zones[RESPONSE].lifted
    assert {d: z for d, z in after.zones.items() if d is not RESPONSE} == {
        d: z for d, z in before.zones.items() if d is not RESPONSE
    }
    assert after.abilities == before.abilities


def test_failed_check_after_a_lesson_changes_no_result(world: World, sari: Person) -> None:
    world.finishes(sari, SLOW_TO_REPLY)
    world.learns(sari, LESSON)
    before = _result(world, sari).profile

    world.goes_on(sari, world.checks_after(sari, LESSON), worst)

    assert _result(world, sari).profile == before


def test_check_after_a_lesson_needs_the_lesson_to_be_done(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    with pytest.raises(NoCheck):
        world.checks_after(sari, LESSON)
    world.reads(sari, LESSON)

    with pytest.raises(NoCheck):
        world.checks_after(sari, LESSON)

    assert world.stands(sari) is None


def test_check_after_a_lesson_needs_a_result(world: World, sari: Person) -> None:
    world.learns(sari, LESSON)

    with pytest.raises(NoCheck):
        world.checks_after(sari, LESSON)

    assert not _may_follow(world, sari)


def test_check_after_a_lesson_returns_what_is_under_way(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    world.learns(sari, LESSON)
    sitting = world.begins(sari)

    assert world.checks_after(sari, LESSON) == sitting


def test_check_may_follow_a_lesson_until_it_is_passed(world: World, sari: Person) -> None:
    world.finishes(sari, SLOW_TO_REPLY)
    without_lesson = _may_follow(world, sari)
    world.learns(sari, LESSON)
    at_first = _may_follow(world, sari)
    world.goes_on(sari, world.checks_after(sari, LESSON), worst)
    after_failing = _may_follow(world, sari)

    world.goes_on(sari, world.checks_after(sari, LESSON, seed=3), best)

    assert (without_lesson, at_first, after_failing, _may_follow(world, sari)) == (False, True, True, False)


def test_check_of_another_lesson_does_not_close_the_way(world: World, sari: Person) -> None:
    world.finishes(sari, SLOW_TO_REPLY)
    world.learns(sari, LESSON)

    world.goes_on(sari, world.checks(sari, RESPONSE), best)

    assert _may_follow(world, sari)


@pytest.mark.parametrize(("lessons", "due"), [(2, False), (3, True)])
def test_retest_is_due_after_three_lessons_done_since(world: World, sari: Person, lessons: int, due: bool) -> None:
    open_to_all = [m.code for m in document().modules if not m.promotion and m.dimension.startswith("O")]
    world.learns(sari, open_to_all[-1])
    world.finishes(sari, mixed(3))

    world.now += timedelta(minutes=1)
    for code in open_to_all[:lessons]:
        world.learns(sari, code)

    assert _result(world, sari).retest_due is due
