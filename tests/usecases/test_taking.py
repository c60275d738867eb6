"""Taking the assessment: one sitting at a time, one answer a slot, nobody else's, and on the release it began with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.answer import Answer, AnswerDoesNotFit, Chosen, Typed, Unknown
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, answered_items
from bot.core.item import OWNER_DIMENSIONS, Dimension, Item
from bot.core.person import Person
from bot.store import attempts
from bot.usecases import taking
from bot.usecases.taking import Stale, Standing, Taken
from tests.core.builders import best, possible_answers, unknown, worst
from tests.usecases.world import World, document, later_document


def _taken(outcome: Taken | Stale) -> Standing:
    assert isinstance(outcome, Taken)
    return outcome.standing


def _fits(standing: Standing) -> Answer:
    assert standing.item is not None
    return best(standing.item)


def _reach_confidence(world: World, owner: Person) -> Standing:
    """Answer until a certainty is awaited."""
    standing = world.begins(owner)
    while standing.awaiting is None:
        standing = _taken(world.answers(owner, standing.attempt.id, standing.attempt.slot, _fits(standing)))
    return standing


def test_begin_twice_is_one_attempt(world: World, sari: Person) -> None:
    first = world.begins(sari, seed=1)

    second = world.begins(sari, seed=2)

    assert second == first
    assert first.item is not None and first.attempt.slot == 1


def test_begin_of_two_people_are_two_attempts(world: World, sari: Person, joko: Person) -> None:
    assert world.begins(sari).attempt.id != world.begins(joko).attempt.id


def test_same_seed_begins_with_the_same_item(world: World, sari: Person, joko: Person) -> None:
    assert world.begins(sari, seed=5).item == world.begins(joko, seed=5).item


def test_answer_is_taken_and_the_next_item_waits(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    given = _fits(standing)

    after = _taken(world.answers(sari, standing.attempt.id, 1, given))

    assert world.stands(sari) == after
    assert [(r.slot, r.answer, r.item_code) for r in after.attempt.responses] == [
        (1, given, standing.attempt.current_item)
    ]


def test_same_answer_again_is_taken_once(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    given = _fits(standing)
    first = world.answers(sari, standing.attempt.id, 1, given)

    second = world.answers(sari, standing.attempt.id, 1, given)

    assert second == first


def test_another_answer_to_a_taken_slot_is_stale(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    assert standing.item is not None
    one, two = possible_answers(standing.item)[:2]
    after = _taken(world.answers(sari, standing.attempt.id, 1, one))

    outcome = world.answers(sari, standing.attempt.id, 1, two)

    assert outcome == Stale(after)
    assert world.stands(sari) == after


@pytest.mark.parametrize("slot", [0, 2, 30, 10**15])
def test_answer_to_a_slot_that_does_not_wait_is_stale(world: World, sari: Person, slot: int) -> None:
    standing = world.begins(sari)

    assert world.answers(sari, standing.attempt.id, slot, _fits(standing)) == Stale(standing)


def test_answer_to_somebody_elses_attempt_is_stale_and_changes_neither(
    world: World, sari: Person, joko: Person
) -> None:
    hers, his = world.begins(sari), world.begins(joko)

    outcome = world.answers(joko, hers.attempt.id, 1, _fits(hers))

    assert outcome == Stale(his)
    assert (world.stands(sari), world.stands(joko)) == (hers, his)


def test_answer_without_a_sitting_is_stale(world: World, sari: Person) -> None:
    assert world.answers(sari, AttemptId(1), 1, Chosen(0)) == Stale(None)


def test_answer_that_does_not_fit_is_refused_and_stores_nothing(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    assert standing.item is not None
    wrong = Chosen(99) if standing.item.options else Typed(1)

    with pytest.raises(AnswerDoesNotFit):
        world.answers(sari, standing.attempt.id, 1, wrong)

    assert world.stands(sari) == standing


def test_confidence_waits_before_the_next_answer(world: World, sari: Person) -> None:
    standing = _reach_confidence(world, sari)
    attempt = standing.attempt

    early = world.answers(sari, attempt.id, attempt.slot, Unknown())
    after = _taken(world.says(sari, attempt.id, len(attempt.responses), Confidence.SURE))

    assert early == Stale(standing)
    assert after.awaiting is None
    assert after.attempt.responses[-1] == replace(attempt.responses[-1], confidence=Confidence.SURE)
    assert world.stands(sari) == after


def test_confidence_said_again_stays_and_another_one_is_stale(world: World, sari: Person) -> None:
    attempt = _reach_confidence(world, sari).attempt
    slot = len(attempt.responses)
    first = world.says(sari, attempt.id, slot, Confidence.SURE)

    again = world.says(sari, attempt.id, slot, Confidence.SURE)
    other = world.says(sari, attempt.id, slot, Confidence.GUESS)

    assert again == first
    assert other == Stale(_taken(first))


def test_confidence_about_somebody_elses_answer_is_stale(world: World, sari: Person, joko: Person) -> None:
    attempt = _reach_confidence(world, sari).attempt

    outcome = world.says(joko, attempt.id, len(attempt.responses), Confidence.SURE)

    assert outcome == Stale(None)
    assert world.stands(sari) is not None
    assert attempt.responses[-1].confidence is None


@pytest.mark.parametrize("slot_from_last", [-1, 1])
def test_confidence_about_another_slot_is_stale(world: World, sari: Person, slot_from_last: int) -> None:
    standing = _reach_confidence(world, sari)
    slot = len(standing.attempt.responses) + slot_from_last

    assert world.says(sari, standing.attempt.id, slot, Confidence.SURE) == Stale(standing)


def test_first_confident_mistake_about_safety_is_warned_of_once(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    warned: list[bool] = []
    while standing.attempt.is_active:
        attempt = standing.attempt
        if standing.awaiting is not None:
            outcome = world.says(sari, attempt.id, standing.awaiting.slot, Confidence.SURE)
            assert isinstance(outcome, Taken)
            if _dimension(standing, standing.awaiting.item_code) is Dimension.SAFETY:
                warned.append(outcome.warn)
            else:
                assert not outcome.warn
        else:
            assert standing.item is not None
            outcome = world.answers(sari, attempt.id, attempt.slot, worst(standing.item))
        standing = _taken(outcome)

    assert warned[0] is True
    assert set(warned[1:]) == {False}


def _dimension(standing: Standing, code: str) -> Dimension | None:
    return standing.release.item_by_code[code].dimension


def test_stop_closes_the_sitting_and_the_next_begins_anew(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    attempt_id = standing.attempt.id

    stopped = [
        world.do(lambda s: taking.stop(s, owner=sari, attempt_id=attempt_id, library=world.library, now=world.now))
        for _ in range(2)
    ]

    found = world.do(lambda s: attempts.owned(s, sari.id, attempt_id))
    assert found is not None
    assert (stopped, found.status, found.finished_at) == ([True, False], AttemptStatus.STOPPED, world.now)
    assert world.answers(sari, attempt_id, 1, _fits(standing)) == Stale(None)
    assert world.begins(sari).attempt.id != attempt_id


def test_stop_of_somebody_elses_sitting_stops_nothing(world: World, sari: Person, joko: Person) -> None:
    standing = world.begins(sari)

    stopped = world.do(
        lambda s: taking.stop(s, owner=joko, attempt_id=standing.attempt.id, library=world.library, now=world.now)
    )

    assert (stopped, world.stands(sari)) == (False, standing)


def test_sitting_ends_complete_and_the_next_avoids_its_items(world: World, sari: Person) -> None:
    ended = world.finishes(sari, best).attempt

    again = world.begins(sari).attempt

    assert (ended.status, ended.current_item) == (AttemptStatus.FINISHED, None)
    assert _dimensions(ended, world) == set(OWNER_DIMENSIONS)
    assert world.do(lambda s: attempts.owned(s, sari.id, ended.id)) == ended
    assert again.course.avoid | again.course.keep == {r.item_code for r in ended.responses}
    assert again.course.avoid.isdisjoint(again.course.keep)
    assert len(again.course.keep) == len(OWNER_DIMENSIONS)
    assert world.answers(sari, ended.id, len(ended.responses), Unknown()) == Stale(world.stands(sari))


def _dimensions(attempt: Attempt, world: World) -> set[Dimension]:
    pinned = world.do(lambda s: world.library.pinned(s, attempt.release_id))
    return {item.dimension for item, _ in answered_items(attempt, pinned) if item.dimension is not None}


def test_sitting_keeps_its_release_and_the_next_gets_the_new_one(world: World, sari: Person, joko: Person) -> None:
    old = world.publish(document())
    hers = world.begins(sari)
    world.now += timedelta(hours=1)

    new = world.publish(later_document())

    still, his = world.stands(sari), world.begins(joko)
    assert still == hers
    assert (hers.attempt.release_id, his.attempt.release_id) == (old, new)
    assert _stem(his).startswith("Baru: ") and not _stem(hers).startswith("Baru: ")
    after = _taken(world.answers(sari, hers.attempt.id, 1, _fits(hers)))
    assert (after.release.id, _stem(after).startswith("Baru: ")) == (old, False)


def _stem(standing: Standing) -> str:
    item: Item | None = standing.item or standing.release.item_by_code.get(standing.attempt.current_item or "")
    assert item is not None
    return item.stem


def test_sitting_goes_on_in_another_process(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    other = World(world.database)

    after = _taken(other.answers(sari, standing.attempt.id, 1, _fits(standing)))

    assert world.stands(sari) == after


def test_not_known_yet_asks_for_no_confidence(world: World, sari: Person) -> None:
    ended = world.finishes(sari, lambda item: worst(item) if item.is_habit else unknown(item)).attempt

    assert {r.confidence for r in ended.responses} == {None}
