"""The dry run: the same people, the same luck, and a truth that favours neither release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.content.release import freeze
from bot.content.schema import ContentDocument
from bot.core.person import Person, Role
from bot.core.rehearsal import Rehearsal
from bot.core.response_model import parameters
from bot.usecases.rehearsal_figures import REHEARSAL, rehearse, truth_of_both
from bot.usecases.synthetic import answer_of, synthetic_owner
from tests.core.builders import best, real_release
from tests.usecases.world import World, document, later_document

PEOPLE = 10


def rehearsed(world: World, proposed: ContentDocument, told: list[tuple[int, int]] | None = None) -> Rehearsal:
    digest, payload = freeze(proposed)
    base = world.do(world.library.current).id
    values: dict[str, Any] = {"digest": digest, "payload": payload, "base_id": base, "today": "2026-11-28"}
    said = told if told is not None else []
    found = rehearse(
        world.database, values={**values, "people": PEOPLE}, progress=lambda done, of: said.append((done, of))
    )
    return REHEARSAL.validate_python(found, strict=False)


def test_other_words_alone_change_no_figure(world: World) -> None:
    told: list[tuple[int, int]] = []

    found = rehearsed(world, later_document(), told)

    assert [pair.form for pair in found.forms] == [Role.OWNER, Role.COACH]
    assert [(pair.before == pair.after, pair.moves) for pair in found.forms] == [(True, ())] * 2
    assert found.digest == freeze(later_document())[0]
    assert (told[-1], len(told)) == ((4 * PEOPLE, 4 * PEOPLE), 4 * PEOPLE)


def test_higher_cuts_move_stored_results_and_made_up_people(world: World, sari: Person) -> None:
    world.finishes(sari, best)
    real = document()
    levels = tuple(
        level.model_copy(update={"cut_score": 0 if level.number == 1 else 90 + level.number})
        for level in real.levels.levels
    )
    stricter = real.model_copy(update={"levels": real.levels.model_copy(update={"levels": levels})})

    found = rehearsed(world, stricter)

    assert (found.sittings, sum(count for _, _, count in found.moves)) == (1, 1)
    assert found.moves[0][0] == "Berbuah"
    owners, coaches = found.forms
    assert {after for _, after, _ in owners.moves} == {"Benih"}
    assert coaches.moves == ()
    assert (owners.before, coaches.before) == (owners.after, coaches.after)


def test_question_that_stays_has_one_truth_between_both_and_a_new_one_its_own() -> None:
    before = real_release()
    stays, changes = before.scored[0], before.scored[1]
    items = tuple(
        replace(item, calibrated=1.0) if item == stays else replace(item, stem="Lain") if item == changes else item
        for item in before.items
    )
    after = replace(before, items=items)

    one, other = truth_of_both(before, after=after)

    error = one[changes.code].b - parameters(changes, before.model).b
    shift = (parameters(stays, before.model).b + 1.0) / 2 - parameters(stays, before.model).b
    alone = truth_of_both(before, after=before)[0][stays.code].b
    assert one[stays.code] == other[stays.code]
    assert one[stays.code].b == pytest.approx(alone + shift)
    assert other[changes.code].b == pytest.approx(parameters(changes, before.model).b + error)


def test_owner_with_luck_of_their_own_answers_an_item_alike_whatever_came_before() -> None:
    release = real_release()
    first, second = release.scored[:2]
    known = parameters(first, release.model)

    def answers(*, own_luck: bool) -> list[list[Any]]:
        rows = []
        for before in (False, True):
            owners = [synthetic_owner(release, seed=3, number=n, own_luck=own_luck) for n in range(40)]
            if before:
                for owner in owners:
                    answer_of(owner, item=second, known=known)
            rows.append([answer_of(owner, item=first, known=known) for owner in owners])
        return rows

    alike, otherwise = answers(own_luck=True), answers(own_luck=False)

    assert alike[0] == alike[1]
    assert otherwise[0] != otherwise[1]
