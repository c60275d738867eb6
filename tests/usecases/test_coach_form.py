"""The coaches' own assessment: begun by their role, read under their form, apart from what they took as owners."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.core.advice import Reason
from bot.core.attempt import Attempt, explain
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension, Item
from bot.core.person import Person, Role
from bot.core.profile import OPEN_GATE
from bot.core.release import Release
from bot.store import attempts
from bot.usecases import accounts, calibrating, checking, learning, privacy, results
from bot.usecases.checking import NoCheck
from bot.usecases.results import Result
from bot.usecases.taking import NothingToConfirm
from tests.core.builders import best, mixed, worst
from tests.usecases.world import World, document

LITERACY, COACHING = Dimension.LITERACY, Dimension.COACHING
LESSON = "M-C2-hp-di-tangannya"


def becomes_coach(world: World, person: Person) -> Person:
    return world.do(lambda s: accounts.choose_role(s, owner=person, role=Role.COACH))


@pytest.fixture
def rani(world: World) -> Person:
    return becomes_coach(world, world.joins(3001, "Rani"))


def _result(world: World, person: Person) -> Result:
    found = world.result(person)
    assert found is not None
    return found


def _asked(world: World, attempt: Attempt) -> list[Item]:
    release = world.do(lambda s: world.library.release_of(s, attempt))
    return [release.item_by_code[response.item_code] for response in attempt.responses]


def test_coach_is_asked_the_coaches_form_and_gets_its_level_and_zones(world: World, rani: Person) -> None:
    attempt = world.finishes(rani, mixed(3)).attempt

    found = _result(world, rani)
    dimensions = {item.dimension for item in _asked(world, attempt)}
    assert attempt.form is Role.COACH
    assert dimensions == {*OWNER_DIMENSIONS, *COACH_DIMENSIONS}
    assert found.attempt == attempt
    assert found.profile.level.level in found.release.levels
    assert found.release.levels[0].name == "Belajar"
    assert set(found.profile.zones) == set(Dimension)
    assert (found.profile.gate, found.plan.waiting) == (OPEN_GATE, ())


def test_what_a_coach_once_took_as_an_owner_is_no_result_of_theirs(world: World) -> None:
    person = world.joins(3002, "Rani")
    once = world.finishes(person, mixed(3)).attempt
    coach = becomes_coach(world, person)

    before = world.result(coach)
    with pytest.raises(NothingToConfirm):
        world.confirms(coach, once.id)
    with pytest.raises(NoCheck):
        world.checks(coach, COACHING)
    now = world.finishes(coach, mixed(3)).attempt

    assert before is None
    assert _result(world, coach).attempt == now
    assert _result(world, coach).grown is None
    assert world.do(lambda s: attempts.last_with_result(s, coach.id)) == once


def test_sitting_begun_as_an_owner_goes_on_as_it_was(world: World) -> None:
    person = world.joins(3002, "Rani")
    begun = world.begins(person)
    coach = becomes_coach(world, person)

    ended = world.finishes(coach, mixed(3)).attempt

    assert (ended.id, ended.form) == (begun.attempt.id, Role.OWNER)
    assert {item.dimension for item in _asked(world, ended) if not item.is_habit} == set(OWNER_DIMENSIONS)


def test_next_sitting_of_a_coach_is_linked_in_every_dimension_and_tells_growth(world: World, rani: Person) -> None:
    first = world.finishes(rani, worst).attempt
    again = world.finishes(rani, best).attempt

    linked = {item.dimension for item in _asked(world, again) if item.code in again.course.keep}
    grown = _result(world, rani).grown
    assert again.course.avoid == {r.item_code for r in first.responses} - again.course.keep
    assert linked == {*OWNER_DIMENSIONS, *COACH_DIMENSIONS}
    assert grown is not None and grown.since == first.finished_at and grown.growth.is_certain


def test_every_sitting_of_a_coach_can_be_explained(world: World, rani: Person) -> None:
    attempt = world.finishes(rani, mixed(8)).attempt

    found = world.do(lambda s: calibrating.one_sitting(s, attempt_id=attempt.id, library=world.library))

    assert found is not None
    explained = [choice.item.code if choice else None for choice in explain(*found)]
    assert explained == [*(response.item_code for response in attempt.responses), None]


def test_literacy_is_checked_over_its_dimensions_and_pooled(world: World, rani: Person) -> None:
    sitting = world.finishes(rani, mixed(3)).attempt
    before = _result(world, rani).profile

    check = world.goes_on(rani, world.checks(rani, LITERACY), best).attempt

    after = _result(world, rani).profile
    asked = _asked(world, check)
    assert (check.form, check.course.focus) == (Role.COACH, LITERACY)
    assert len({item.dimension for item in asked}) == 3
    assert not {item.code for item in asked} & {response.item_code for response in sitting.responses}
    assert after.abilities.areas[LITERACY].theta > before.abilities.areas[LITERACY].theta
    assert LITERACY not in _checkable(world, rani)


def _checkable(world: World, person: Person) -> frozenset[Dimension]:
    sitting = _result(world, person).attempt

    def ask(session: Session) -> frozenset[Dimension]:
        checks = checking.since(session, sitting=sitting, library=world.library)
        return checking.checkable(
            session, owner=person, sitting=sitting, checks=checks, library=world.library, today=world.now.date()
        )

    return world.do(ask)


def test_what_can_be_checked_are_a_coachs_areas(world: World, rani: Person) -> None:
    world.finishes(rani, mixed(3))

    assert _checkable(world, rani) == {LITERACY, *COACH_DIMENSIONS}


def test_passed_check_after_a_coachs_lesson_lifts_its_zone(world: World, rani: Person) -> None:
    world.finishes(rani, worst)
    before = _result(world, rani).profile.zones[COACHING]
    world.learns(rani, LESSON)

    world.goes_on(rani, world.checks_after(rani, LESSON), best)

    after = _result(world, rani).profile.zones[COACHING]
    assert (before.lifted, after.lifted) == (False, True)
    assert after.band.cut_score > before.band.cut_score


def test_owner_cannot_be_checked_in_what_only_coaches_are_asked(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))

    for dimension in (COACHING, LITERACY):
        with pytest.raises(NoCheck):
            world.checks(sari, dimension)


def test_shelf_of_a_coach_advises_for_their_areas_and_holds_nothing_back(world: World, rani: Person) -> None:
    def shelf() -> learning.Shelf:
        return world.do(lambda s: learning.shelf(s, owner=rani, library=world.library, now=world.now))

    before = shelf()
    world.finishes(rani, lambda item: worst(item) if item.dimension in COACH_DIMENSIONS else best(item))
    after = shelf()

    assert (before.waiting, after.waiting, before.advised) == ((), (), ())
    assert [(module.dimension in COACH_DIMENSIONS, reason) for module, reason in after.advised] == [
        (True, Reason.GOAL),
        (True, Reason.GOAL),
    ]
    promotion = next(module.code for module in document().modules if module.promotion)
    assert world.reads(rani, promotion).module.code == promotion


def test_coach_whose_literacy_is_below_the_cut_is_sent_to_an_owners_lesson(world: World, rani: Person) -> None:
    world.finishes(rani, lambda item: worst(item) if item.dimension in OWNER_DIMENSIONS else best(item))

    first = _result(world, rani).plan.next[0]
    assert first.dimension is LITERACY
    assert first.module is not None and first.module.dimension in OWNER_DIMENSIONS


def test_data_of_a_coach_come_with_the_form_that_was_asked(world: World, rani: Person) -> None:
    attempt = world.finishes(rani, mixed(3)).attempt

    found = world.do(lambda s: privacy.export(s, owner=rani, library=world.library))

    ((exported, release),) = found.sittings
    assert (exported, release.form.code) == (attempt, "pembina")


def test_before_there_was_a_form_for_coaches_they_take_the_owners(world: World, rani: Person) -> None:
    world.publish(document().model_copy(update={"coach": None}))

    world.finishes(rani, mixed(3))

    found = _result(world, rani)
    assert found.release.form.code == "pemilik"
    assert set(found.profile.zones) == set(OWNER_DIMENSIONS)


def test_views_of_a_release_are_made_once(world: World) -> None:
    def coaches() -> Release:
        return world.do(world.library.current).under(Role.COACH)

    assert coaches() is coaches()


def test_result_of_an_old_sitting_is_still_read_under_its_own_form(world: World) -> None:
    person = world.joins(3002, "Rani")
    once = world.finishes(person, mixed(3)).attempt
    coach = becomes_coach(world, person)

    found = world.do(
        lambda s: results.of_attempt(s, owner=coach, attempt_id=once.id, library=world.library, now=world.now)
    )

    assert found is not None
    assert (found.release.form.code, found.profile.level.level.name) == (
        "pemilik",
        found.release.levels[found.profile.level.level.number - 1].name,
    )
