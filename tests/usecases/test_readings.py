"""The short copies of results: written when a sitting or check ends, and always what the answers say."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.core.attempt import Attempt, AttemptId, AttemptStatus
from bot.core.item import Dimension, Item
from bot.core.person import Person, Role
from bot.core.reading import Reading
from bot.store import attempts
from bot.store import readings as store
from bot.usecases import accounts, calibrating, checking, privacy, readings
from bot.usecases.checking import NoCheck
from bot.usecases.library import Library
from tests.core.builders import best, mixed, worst
from tests.usecases.test_settling import halfway, sure_from
from tests.usecases.world import World, later_document

DAY = timedelta(days=1)


def stored(world: World, owner: Person) -> list[Reading]:
    return world.do(lambda s: store.of(s, owner.id))


def worked_out(world: World, owner: Person) -> list[Reading]:
    """Work the readings out anew by a library that knows nothing yet, as another process would."""
    library = Library()

    def again(session: Session) -> list[Reading]:
        library.refresh(session, now=world.now)
        every = [one for one in attempts.every(session, owner.id) if one.has_result and one.form is Role.OWNER]
        return [readings.work_out(session, sitting=one, library=library) for one in every]

    return world.do(again)


def catch_up(world: World) -> int:
    """Write the readings that are missing; return how many."""
    missing = world.do(lambda s: store.unread(s, 100, after=AttemptId(0)))
    world.do(lambda s: readings.catch_up(s, missing=missing, library=world.library, now=world.now))
    assert world.do(store.count_unread) == 0
    return len(missing)


def forget(world: World, item_code: str) -> None:
    world.do(lambda s: readings.forget_item(s, item_code=item_code))


def test_reading_is_written_when_the_sitting_ends_and_not_before(world: World, sari: Person, joko: Person) -> None:
    world.finishes(joko, worst)
    standing = world.begins(sari)
    assert stored(world, sari) == []

    attempt = world.goes_on(sari, standing, mixed(1)).attempt

    (found,) = stored(world, sari)
    result = world.result(sari)
    assert result is not None
    assert (found.attempt_id, found.person_id, found.finished_at) == (attempt.id, sari.id, attempt.finished_at)
    assert found.level == result.profile.level.level.number
    assert found.overall == result.profile.abilities.overall
    assert [found] == worked_out(world, sari)


def test_sitting_that_was_stopped_has_no_reading(world: World, sari: Person) -> None:
    attempt = world.begins(sari).attempt
    world.stops(sari, attempt.id)

    assert (stored(world, sari), catch_up(world)) == ([], 0)


def test_coachs_sitting_has_no_reading(world: World, joko: Person) -> None:
    coach = world.do(lambda s: accounts.choose_role(s, owner=joko, role=Role.COACH))
    standing = world.finishes(coach, best)

    assert standing.attempt.form is Role.COACH
    assert (stored(world, coach), catch_up(world)) == ([], 0)


def test_coachs_check_leaves_the_readings_of_the_time_as_an_owner_alone(world: World, joko: Person) -> None:
    world.finishes(joko, worst)
    before = stored(world, joko)
    coach = world.do(lambda s: accounts.choose_role(s, owner=joko, role=Role.COACH))
    world.finishes(coach, best)
    world.goes_on(coach, world.checks(coach, Dimension.COACHING), best)

    assert stored(world, coach) == before == worked_out(world, coach)


def test_check_of_an_uncertain_dimension_renews_the_reading(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    (before,) = stored(world, sari)
    standing = world.checks(sari, Dimension.RESPONSE)
    assert stored(world, sari) == [before]

    world.goes_on(sari, standing, best)

    (after,) = stored(world, sari)
    assert after.attempt_id == before.attempt_id
    assert after.scores[Dimension.RESPONSE] > before.scores[Dimension.RESPONSE]
    assert [after] == worked_out(world, sari)


def test_check_that_was_stopped_changes_nothing(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    before = stored(world, sari)
    world.stops(sari, world.checks(sari, Dimension.RESPONSE).attempt.id)

    assert stored(world, sari) == before == worked_out(world, sari)


def test_check_after_a_lesson_lifts_the_zone_in_the_reading(world: World, sari: Person) -> None:
    lesson = next(m.code for m in world.do(world.library.current).modules if m.dimension is Dimension.RESPONSE)
    world.finishes(sari, worst)
    (before,) = stored(world, sari)
    world.learns(sari, lesson)
    world.goes_on(sari, world.checks_after(sari, lesson), best)

    (after,) = stored(world, sari)

    lifted = world.do(world.library.current).zones[1].cut_score
    assert (before.scores[Dimension.RESPONSE] < lifted, after.scores[Dimension.RESPONSE]) == (True, lifted)
    assert [after] == worked_out(world, sari)


def test_settled_result_is_read_anew_at_its_end(world: World, sari: Person) -> None:
    world.publish(sure_from(0.99))
    attempt = world.finishes(sari, halfway).attempt
    (before,) = stored(world, sari)
    result = world.result(sari)
    assert result is not None
    assert result.may_confirm
    standing = world.confirms(sari, attempt.id)
    assert stored(world, sari) == [before]

    world.goes_on(sari, standing, best)

    (after,) = stored(world, sari)
    assert after.overall.standard_error < before.overall.standard_error
    assert (after.finished_at, [after]) == (before.finished_at, worked_out(world, sari))


def test_settling_that_was_stopped_is_read_as_far_as_it_came(world: World, sari: Person) -> None:
    world.publish(sure_from(0.99))
    attempt = world.finishes(sari, halfway).attempt
    standing = world.confirms(sari, attempt.id)
    assert standing.item is not None
    world.answers(sari, attempt.id, standing.attempt.slot, best(standing.item))
    world.stops(sari, attempt.id)

    assert stored(world, sari) == worked_out(world, sari)


def test_each_sitting_keeps_a_reading_and_later_checks_leave_the_earlier_ones_alone(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    world.goes_on(sari, world.checks(sari, Dimension.RESPONSE), best)
    (first,) = stored(world, sari)
    world.now += 30 * DAY
    world.finishes(sari, mixed(2))
    world.goes_on(sari, world.checks(sari, Dimension.SAFETY), best)

    found = stored(world, sari)

    assert (len(found), found[0]) == (2, first)
    assert found == worked_out(world, sari)


@pytest.mark.parametrize("seed", range(6))
def test_stored_readings_are_what_the_answers_say_after_any_history(world: World, sari: Person, seed: int) -> None:
    world.publish(sure_from(0.99))
    chance = random.Random(seed)
    for step in range(5):
        world.now += chance.randrange(1, 40) * DAY
        persona = mixed(100 * seed + step)
        match chance.choice(["sit", "check", "check", "stop", "settle"]) if step else "sit":
            case "sit":
                world.finishes(sari, persona)
            case "check":
                dimension = chance.choice([Dimension.RESPONSE, Dimension.SAFETY, Dimension.CAPACITY])
                try:
                    world.goes_on(sari, world.checks(sari, dimension), persona)
                except NoCheck:
                    continue
            case "stop":
                world.stops(sari, world.begins(sari).attempt.id)
            case "settle":
                latest = world.result(sari)
                assert latest is not None
                if latest.may_confirm:
                    world.goes_on(sari, world.confirms(sari, latest.attempt.id), persona)

    found = stored(world, sari)

    assert len(found) >= 1
    assert found == worked_out(world, sari)


def test_readings_of_who_met_a_question_are_forgotten_and_written_anew(
    world: World, sari: Person, joko: Person
) -> None:
    for seed, owner in enumerate((sari, joko), start=1):
        world.goes_on(owner, world.begins(owner, seed), mixed(seed))
    before = {owner.id: stored(world, owner) for owner in (sari, joko)}
    code = min(code for code in _asked_of(world, sari) - _asked_of(world, joko) if not code.startswith("H"))
    item = world.do(world.library.current).item_by_code[code]
    world.do(lambda s: calibrating.decide(s, item=item, is_neutral=True, reason="kunci", now=world.now))

    forget(world, code)

    assert (stored(world, sari), stored(world, joko)) == ([], before[joko.id])
    assert (catch_up(world), catch_up(world)) == (1, 0)
    (after,) = stored(world, sari)
    assert after != before[sari.id][0]
    assert [after] == worked_out(world, sari)


def _asked_of(world: World, owner: Person) -> set[str]:
    return {r.item_code for a in world.do(lambda s: attempts.every(s, owner.id)) for r in a.responses}


def _scored_of(world: World, owner: Person) -> Item:
    code = min(code for code in _asked_of(world, owner) if not code.startswith("H"))
    return world.do(world.library.current).item_by_code[code]


def test_decision_of_another_process_holds_at_once_for_who_finishes(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(1))
    item = _scored_of(world, sari)
    world.now += DAY
    world.do(lambda s: world.library.refresh(s, now=world.now))
    world.do(lambda s: calibrating.decide(s, item=item, is_neutral=True, reason="kunci", now=world.now))
    [sitting] = world.do(lambda s: attempts.every(s, sari.id))

    world.do(lambda s: readings.renew(s, after=sitting, library=world.library, now=world.now))

    assert stored(world, sari) == worked_out(world, sari)


def test_decision_waits_for_who_writes_a_reading_and_throws_it_away(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(1))
    item = _scored_of(world, sari)

    def decide() -> None:
        with world.database.transaction() as session:
            calibrating.decide(session, item=item, is_neutral=True, reason="kunci", now=world.now)
            readings.forget_item(session, item_code=item.code)

    deciding = threading.Thread(target=decide)
    with world.database.transaction() as session:
        [sitting] = attempts.every(session, sari.id)
        readings.renew(session, after=sitting, library=world.library, now=world.now)
        deciding.start()
        deciding.join(0.3)
        waits = deciding.is_alive()
    deciding.join()

    assert (waits, stored(world, sari)) == (True, [])
    assert catch_up(world) == 1
    assert stored(world, sari) == worked_out(world, sari)


def test_question_met_in_a_check_counts_too(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    check = world.goes_on(sari, world.checks(sari, Dimension.RESPONSE), best).attempt

    forget(world, check.responses[0].item_code)

    assert stored(world, sari) == []
    assert catch_up(world) == 1
    assert stored(world, sari) == worked_out(world, sari)


def test_readings_outlive_a_new_release(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    before = stored(world, sari)
    world.now += DAY
    world.publish(later_document())

    assert stored(world, sari) == before == worked_out(world, sari)


def test_what_was_written_or_erased_meanwhile_is_left_alone(world: World, sari: Person, joko: Person) -> None:
    for owner in (sari, joko):
        world.finishes(owner, worst)
    forget(world, next(code for code in _asked_of(world, sari) & _asked_of(world, joko)))
    missing = world.do(lambda s: store.unread(s, 100, after=AttemptId(0)))
    assert catch_up(world) == 2
    before = stored(world, sari)
    world.do(lambda s: privacy.erase(s, owner=joko))

    world.do(lambda s: readings.catch_up(s, missing=missing, library=world.library, now=world.now))

    assert (stored(world, sari), stored(world, joko)) == (before, [])


def test_sitting_under_way_is_not_caught_up_unless_it_had_a_result(world: World, sari: Person, joko: Person) -> None:
    world.publish(sure_from(0.99))
    attempt = world.finishes(sari, halfway).attempt
    world.confirms(sari, attempt.id)
    world.begins(joko)
    forget(world, attempt.responses[0].item_code)

    assert catch_up(world) == 1
    assert ([one.attempt_id for one in stored(world, sari)], stored(world, joko)) == ([attempt.id], [])


def test_reading_goes_with_its_person(world: World, sari: Person) -> None:
    world.finishes(sari, best)

    world.do(lambda s: privacy.erase(s, owner=sari))

    assert (stored(world, sari), catch_up(world)) == ([], 0)


def test_profile_of_a_form_is_worked_out_from_that_forms_sitting(world: World, joko: Person) -> None:
    assert world.do(lambda s: readings.latest_profile(s, owner=joko.id, library=world.library)) is None
    world.finishes(joko, worst)
    coach = world.do(lambda s: accounts.choose_role(s, owner=joko, role=Role.COACH))
    world.finishes(coach, best)

    owners = world.do(lambda s: readings.latest_profile(s, owner=joko.id, library=world.library))
    coachs = world.do(lambda s: readings.latest_profile(s, owner=joko.id, library=world.library, form=Role.COACH))

    assert owners is not None
    assert coachs is not None
    assert (owners.level.level.number, coachs.level.level.number) == (1, 4)


def test_checks_belong_to_the_sitting_before_them(world: World, sari: Person) -> None:
    first = world.finishes(sari, worst).attempt
    early = world.goes_on(sari, world.checks(sari, Dimension.RESPONSE), best).attempt
    world.now += 30 * DAY
    second = world.finishes(sari, worst).attempt
    late = world.goes_on(sari, world.checks(sari, Dimension.SAFETY), best).attempt

    def checks(sitting: Attempt) -> list[AttemptId]:
        return [one.id for one, _ in world.do(lambda s: checking.since(s, sitting=sitting, library=world.library))]

    assert [checks(first), checks(second)] == [[early.id], [late.id]]
    assert {one.status for one in (early, late)} == {AttemptStatus.FINISHED}
