"""Results are worked out anew each time, always alike, and only for their owner."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.core.answer import score
from bot.core.person import Person
from bot.usecases import results
from bot.usecases.results import Result
from tests.core.builders import best, mixed, worst
from tests.usecases.world import World, later_document


def _latest(world: World, owner: Person) -> Result | None:
    return world.do(lambda s: results.latest(s, owner=owner, library=world.library, now=world.now))


def test_result_is_the_same_after_a_restart(world: World, sari: Person, tmp_path: Path) -> None:
    world.finishes(sari, mixed(3))
    before = _latest(world, sari)
    now = world.now
    world.database.close()

    reopened = World.open(tmp_path / "bot.db")
    reopened.now = now
    after = _latest(reopened, sari)
    reopened.database.close()

    assert before is not None
    assert after == before


def test_result_keeps_its_release_when_a_new_one_is_published(world: World, sari: Person) -> None:
    world.finishes(sari, mixed(3))
    before = _latest(world, sari)
    world.now += timedelta(hours=1)

    world.publish(later_document())

    after = _latest(world, sari)
    assert before is not None and after is not None
    assert (after.release.id, after.profile) == (before.release.id, before.profile)


def test_result_without_a_finished_sitting_is_none(world: World, sari: Person) -> None:
    world.begins(sari)

    assert _latest(world, sari) is None


def test_latest_result_is_that_of_the_last_sitting(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    first = _latest(world, sari)
    world.now += timedelta(days=1)
    second_attempt = world.finishes(sari, best).attempt

    second = _latest(world, sari)

    assert first is not None and second is not None
    assert second.attempt == second_attempt
    assert second.profile.abilities.overall.scale_score > first.profile.abilities.overall.scale_score


def test_result_of_an_attempt_is_only_its_owners(world: World, sari: Person, joko: Person) -> None:
    attempt = world.finishes(sari, best).attempt
    under_way = world.begins(joko).attempt

    def of(owner: Person, attempt_id: int) -> Result | None:
        return world.do(
            lambda s: results.of_attempt(
                s, owner=owner, attempt_id=type(attempt.id)(attempt_id), library=world.library, now=world.now
            )
        )

    hers, stolen, unfinished, unknown = (
        of(sari, attempt.id),
        of(joko, attempt.id),
        of(joko, under_way.id),
        of(sari, 99),
    )
    assert hers is not None and hers.attempt == attempt
    assert (stolen, unfinished, unknown) == (None, None, None)


def test_scored_answers_leave_out_habits(world: World, sari: Person) -> None:
    world.finishes(sari, best)

    result = _latest(world, sari)

    assert result is not None
    assert len(result.scored_answers) == len(result.attempt.responses) - len(_habits(result))
    assert _habits(result) != []
    assert {score(item, answer) == item.max_score for item, answer in result.scored_answers} == {True}


def _habits(result: Result) -> list[str]:
    return [r.item_code for r in result.attempt.responses if result.release.item_by_code[r.item_code].is_habit]


def test_picture_is_kept_for_its_language_owner_and_bot(world: World, sari: Person, joko: Person) -> None:
    attempt = world.finishes(sari, best).attempt
    result = _latest(world, sari)
    assert result is not None

    def keep(owner: Person, file_id: str) -> None:
        world.do(
            lambda s: results.keep_picture_file(
                s, owner=owner, attempt_id=attempt.id, language="id", bot_id=7, file_id=file_id
            )
        )

    def kept(language: str, bot_id: int = 7) -> str | None:
        return world.do(lambda s: results.picture_file(s, result=result, language=language, bot_id=bot_id))

    keep(sari, "lama")
    keep(sari, "baru")
    keep(joko, "palsu")

    assert (kept("id"), kept("en"), kept("id", 8)) == ("baru", None, None)


def test_growth_is_told_against_the_sitting_before(world: World, sari: Person) -> None:
    world.finishes(sari, worst)
    first = _latest(world, sari)
    world.now += timedelta(days=31)
    world.finishes(sari, best)

    second = _latest(world, sari)

    assert first is not None and second is not None
    assert first.grown is None
    assert second.grown is not None
    assert (second.grown.since, second.grown.growth.is_certain) == (first.attempt.finished_at, True)


def test_retest_that_goes_worse_is_no_growth(world: World, sari: Person) -> None:
    world.finishes(sari, best)
    world.now += timedelta(days=31)
    world.finishes(sari, worst)

    result = _latest(world, sari)

    assert result is not None and result.grown is not None
    assert not result.grown.growth.is_certain


def test_retest_links_to_the_sitting_before_by_one_item_of_each_dimension(world: World, sari: Person) -> None:
    first = world.finishes(sari, mixed(3)).attempt
    world.now += timedelta(days=31)
    second = world.finishes(sari, mixed(4)).attempt

    again = {r.item_code for r in first.responses} & {r.item_code for r in second.responses}

    assert second.course.keep <= again
    assert len(second.course.keep) == 8
