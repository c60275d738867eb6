"""Settling a result with more questions: offered for what is the latest, fresh and uncertain, and never lost again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.content.schema import ContentDocument
from bot.core.answer import Answer
from bot.core.attempt import AttemptId, AttemptStatus, explain
from bot.core.item import Dimension, Item
from bot.core.person import Person
from bot.usecases.results import Result
from bot.usecases.taking import NothingToConfirm
from tests.core.builders import best, worst
from tests.usecases.world import World, document


def _result(world: World, owner: Person) -> Result:
    found = world.result(owner)
    assert found is not None
    return found


def _refused(world: World, owner: Person, attempt_id: AttemptId) -> None:
    before = world.stands(owner)
    with pytest.raises(NothingToConfirm):
        world.confirms(owner, attempt_id)
    assert world.stands(owner) == before


def sure_from(probability: float) -> ContentDocument:
    """Return the real content, settled from this probability of the level and of every zone on."""
    rules = document().advice.model_copy(update={"level_probability": probability, "zone_probability": probability})
    return document().model_copy(update={"advice": rules})


def halfway(item: Item) -> Answer:
    """Answer every other question of the bank right: nobody is surely on one side of a cut."""
    return best(item) if int(item.code[-1]) % 2 else worst(item)


@pytest.fixture
def doubtful(world: World) -> World:
    """A world in which no result is ever settled."""
    world.publish(sure_from(0.99))
    return world


def test_confirm_asks_on_in_the_same_sitting_and_the_result_stays(doubtful: World, sari: Person) -> None:
    ended = doubtful.finishes(sari, halfway).attempt
    before = _result(doubtful, sari)

    standing = doubtful.confirms(sari, ended.id)

    assert before.may_confirm
    assert (standing.attempt.id, standing.attempt.responses) == (ended.id, ended.responses)
    assert standing.attempt.is_active and standing.item is not None
    assert standing.item.code not in {r.item_code for r in ended.responses}
    assert doubtful.stands(sari) == standing
    assert _result(doubtful, sari).profile == before.profile


def test_settling_to_its_end_keeps_the_day_of_the_result_and_can_be_replayed(doubtful: World, sari: Person) -> None:
    ended = doubtful.finishes(sari, halfway).attempt

    settled = doubtful.goes_on(sari, doubtful.confirms(sari, ended.id), halfway)

    length = settled.release.form.length
    more = len(settled.attempt.responses) - len(ended.responses)
    assert length.confirm_least <= more <= length.confirm_most
    assert (settled.attempt.status, settled.attempt.finished_at) == (AttemptStatus.FINISHED, ended.finished_at)
    result = _result(doubtful, sari)
    assert (result.attempt, result.may_confirm) == (settled.attempt, False)
    replayed = [choice.item.code if choice else None for choice in explain(result.attempt, result.release)]
    assert replayed == [*(r.item_code for r in settled.attempt.responses), None]


def test_stop_while_settling_keeps_the_result_with_what_was_added(doubtful: World, sari: Person) -> None:
    ended = doubtful.finishes(sari, halfway).attempt
    standing = doubtful.confirms(sari, ended.id)
    assert standing.item is not None
    doubtful.answers(sari, ended.id, standing.attempt.slot, best(standing.item))

    stopped = doubtful.stops(sari, ended.id)

    result = _result(doubtful, sari)
    assert stopped and doubtful.stands(sari) is None
    assert (result.attempt.status, result.attempt.finished_at) == (AttemptStatus.FINISHED, ended.finished_at)
    assert len(result.attempt.responses) == len(ended.responses) + 1
    assert not result.may_confirm


def test_begin_while_settling_goes_on_with_it(doubtful: World, sari: Person) -> None:
    standing = doubtful.confirms(sari, doubtful.finishes(sari, halfway).attempt.id)

    assert doubtful.begins(sari) == standing


def test_confirm_is_refused_without_a_result(doubtful: World, sari: Person) -> None:
    _refused(doubtful, sari, AttemptId(1))
    begun = doubtful.begins(sari).attempt

    _refused(doubtful, sari, begun.id)


def test_confirm_is_refused_once_the_result_is_settled(doubtful: World, sari: Person) -> None:
    doubtful.publish(sure_from(0.31))
    ended = doubtful.finishes(sari, halfway).attempt

    assert not _result(doubtful, sari).may_confirm
    _refused(doubtful, sari, ended.id)


def test_confirm_is_refused_a_second_time(doubtful: World, sari: Person) -> None:
    ended = doubtful.finishes(sari, halfway).attempt
    doubtful.confirms(sari, ended.id)
    doubtful.stops(sari, ended.id)

    _refused(doubtful, sari, ended.id)


@pytest.mark.parametrize(("late", "may"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_confirm_is_refused_when_the_result_is_old(doubtful: World, sari: Person, late: timedelta, may: bool) -> None:
    ended = doubtful.finishes(sari, halfway).attempt
    assert ended.finished_at is not None
    doubtful.now = ended.finished_at + timedelta(days=document().form.length.confirm_days) + late

    assert _result(doubtful, sari).may_confirm is may
    if may:
        assert doubtful.confirms(sari, ended.id).attempt.is_active
    else:
        _refused(doubtful, sari, ended.id)


def test_confirm_is_refused_for_an_earlier_sitting(doubtful: World, sari: Person) -> None:
    first = doubtful.finishes(sari, halfway).attempt
    second = doubtful.finishes(sari, halfway).attempt

    _refused(doubtful, sari, first.id)
    assert doubtful.confirms(sari, second.id).attempt.id == second.id


def test_confirm_is_refused_while_another_sitting_or_check_is_under_way(
    doubtful: World, sari: Person, joko: Person
) -> None:
    hers, his = (doubtful.finishes(owner, halfway).attempt for owner in (sari, joko))
    doubtful.begins(sari)
    doubtful.checks(joko, Dimension.SHOP)

    _refused(doubtful, sari, hers.id)
    _refused(doubtful, joko, his.id)


def test_confirm_of_somebody_elses_result_is_refused(doubtful: World, sari: Person, joko: Person) -> None:
    hers = doubtful.finishes(sari, halfway).attempt
    doubtful.finishes(joko, halfway)

    _refused(doubtful, joko, hers.id)
    assert doubtful.stands(sari) is None


def test_check_made_since_does_not_hide_that_the_sitting_can_be_settled(doubtful: World, sari: Person) -> None:
    ended = doubtful.finishes(sari, halfway).attempt
    doubtful.goes_on(sari, doubtful.checks(sari, Dimension.SHOP), best)

    offered = _result(doubtful, sari).may_confirm

    assert offered
    assert doubtful.confirms(sari, ended.id).attempt.is_active
