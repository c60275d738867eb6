"""Questions found confusing, and questions put aside: noted once, noticed soon, and taken back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.attempt import AttemptId
from bot.core.item import Item
from bot.core.person import Person
from bot.store import item_notes
from bot.usecases import taking
from bot.usecases.library import NOTICED_WITHIN, Library
from bot.usecases.taking import Standing, Taken
from tests.core.builders import best, worst
from tests.usecases.world import World

SECOND = timedelta(seconds=1)


def _reports(world: World, owner: Person, attempt_id: AttemptId, slot: int) -> bool:
    return world.do(
        lambda s: taking.report(s, owner=owner, attempt_id=attempt_id, slot=slot, library=world.library, now=world.now)
    )


def _counts(world: World) -> dict[str, int]:
    return dict(world.do(item_notes.report_counts))


def _decides(world: World, of: Item, *, is_neutral: bool) -> None:
    world.do(
        lambda s: item_notes.decide(
            s, (of.code, of.fingerprint), is_neutral=is_neutral, reason="kuncinya keliru", now=world.now
        )
    )


def _refreshes(world: World, library: Library) -> Library:
    world.do(lambda s: library.refresh(s, now=world.now))
    return library


def _is_neutral(world: World, library: Library, of: Item) -> bool:
    return world.do(library.current).item_by_code[of.code].neutral


# Reports


def test_question_that_waits_is_noted_once(world: World, sari: Person) -> None:
    standing = world.begins(sari)

    noted = [_reports(world, sari, standing.attempt.id, 1) for _ in range(2)]

    assert noted == [True, True]
    assert _counts(world) == {standing.attempt.current_item: 1}
    assert world.stands(sari) == standing


def test_reports_of_two_people_are_counted_together(world: World, sari: Person, joko: Person) -> None:
    first = [world.begins(owner, seed=5) for owner in (sari, joko)]

    for owner, standing in zip((sari, joko), first, strict=True):
        _reports(world, owner, standing.attempt.id, 1)

    assert _counts(world) == {first[0].attempt.current_item: 2}


def _past_the_first(world: World, owner: Person) -> Standing:
    """Answer the first question."""
    standing = world.begins(owner)
    assert standing.item is not None
    outcome = world.answers(owner, standing.attempt.id, 1, best(standing.item))
    assert isinstance(outcome, Taken)
    return outcome.standing


@pytest.mark.parametrize("slot", [0, 1, 3, 99])
def test_question_that_does_not_wait_is_not_noted(world: World, sari: Person, slot: int) -> None:
    attempt = _past_the_first(world, sari).attempt

    assert (_reports(world, sari, attempt.id, slot), _counts(world)) == (False, {})
    assert _reports(world, sari, attempt.id, 2)


def test_question_of_somebody_else_or_of_no_sitting_is_not_noted(world: World, sari: Person, joko: Person) -> None:
    hers = world.begins(sari).attempt
    without_any = _reports(world, joko, hers.id, 1)
    world.begins(joko)

    assert (without_any, _reports(world, joko, hers.id, 1), _counts(world)) == (False, False, {})


def test_question_is_not_noted_while_its_certainty_is_still_to_be_said(world: World, sari: Person) -> None:
    standing = world.begins(sari)
    while standing.awaiting is None:
        assert standing.item is not None
        outcome = world.answers(sari, standing.attempt.id, standing.attempt.slot, best(standing.item))
        assert isinstance(outcome, Taken)
        standing = outcome.standing

    noted = [_reports(world, sari, standing.attempt.id, standing.attempt.slot - back) for back in (0, 1)]

    assert (noted, _counts(world)) == ([False, False], {})


# Questions put aside


@pytest.mark.parametrize(
    ("after", "noticed"), [(NOTICED_WITHIN - SECOND, False), (NOTICED_WITHIN, True), (-NOTICED_WITHIN, True)]
)
def test_decision_is_noticed_within_ten_seconds_and_not_before(world: World, after: timedelta, noticed: bool) -> None:
    library = _refreshes(world, Library())
    of = world.do(library.current).scored[0]
    _decides(world, of, is_neutral=True)
    world.now += after

    _refreshes(world, library)

    assert timedelta(seconds=10) == NOTICED_WITHIN
    assert _is_neutral(world, library, of) is noticed


def test_decision_is_known_to_a_process_that_starts(world: World) -> None:
    of = world.do(world.library.current).scored[0]
    _decides(world, of, is_neutral=True)

    assert _is_neutral(world, _refreshes(world, Library()), of)


def test_question_that_is_taken_back_counts_again(world: World) -> None:
    library = _refreshes(world, Library())
    of = world.do(library.current).scored[0]
    seen = []
    for decision in (True, False, True, False):
        _decides(world, of, is_neutral=decision)
        world.now += NOTICED_WITHIN
        seen.append(_is_neutral(world, _refreshes(world, library), of))

    assert seen == [True, False, True, False]


def test_decision_about_another_wording_leaves_this_one_alone(world: World) -> None:
    of = world.do(world.library.current).scored[0]
    _decides(world, replace(of, stem="Bunyi yang dulu"), is_neutral=True)

    assert world.do(item_notes.neutral) != frozenset()
    assert not _is_neutral(world, _refreshes(world, Library()), of)


def test_releases_read_before_stay_at_hand_while_nothing_was_decided(world: World) -> None:
    library = _refreshes(world, Library())
    before = world.do(library.current)
    world.now += NOTICED_WITHIN

    _refreshes(world, library)

    assert world.do(library.current) is before


def test_faulty_question_put_aside_rescores_a_result_and_taken_back_restores_it(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    before = world.result(sari)
    assert before is not None
    of = next(item for item, _ in before.scored_answers)
    profiles = []
    for decision in (True, False):
        _decides(world, of, is_neutral=decision)
        world.now += NOTICED_WITHIN
        _refreshes(world, world.library)
        found = world.result(sari)
        assert found is not None
        profiles.append(found.profile)

    assert profiles[0].abilities.overall.theta > before.profile.abilities.overall.theta
    assert profiles[1] == before.profile
