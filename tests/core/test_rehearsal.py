"""When a dry run speaks against a release, and how old answers are read by a new one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.item import Dimension
from bot.core.person import Role
from bot.core.rehearsal import Bounds, Doubt, FormFigures, FormPair, Objection, Rehearsal, objections, reread
from bot.core.release import Level, Release
from tests.core.builders import COACH_LEVELS, LEVELS, item, release, with_coaches

BOUNDS = Bounds(400, 0.02, 0.06, {Role.OWNER: 0.4})
BEFORE = FormFigures(0.80, {Dimension.SAFETY: 0.6, Dimension.SHOP: 0.5}, 17.0, "O2-001", 0.3)


def rehearsal(after: FormFigures, *, before: FormFigures = BEFORE, form: Role = Role.OWNER) -> Rehearsal:
    return Rehearsal("new", "old", 400, (FormPair(form, before, after, ()),), 0, (), 20.0)


def test_release_that_measures_as_well_meets_no_objection() -> None:
    assert objections(rehearsal(BEFORE), BOUNDS) == ()


@pytest.mark.parametrize(("reliability", "told"), [(0.785, 0), (0.775, 1), (0.9, 0)])
def test_reliability_may_fall_a_little(reliability: float, told: int) -> None:
    found = objections(rehearsal(replace(BEFORE, reliability=reliability)), BOUNDS)

    assert [o.doubt for o in found] == [Doubt.RELIABILITY] * told


def test_dimension_that_falls_far_is_named() -> None:
    after = replace(BEFORE, by_area={Dimension.SAFETY: 0.5, Dimension.SHOP: 0.45})

    assert objections(rehearsal(after), BOUNDS) == (Objection(Doubt.DIMENSION, Role.OWNER, "O2", 0.6, 0.5, 0.06),)


def test_dimension_that_was_not_there_before_is_not_compared() -> None:
    after = replace(BEFORE, by_area={**BEFORE.by_area, Dimension.PAYMENT: 0.1})

    assert objections(rehearsal(after), BOUNDS) == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(0.3, 0.4, 0), (0.3, 0.41, 1), (0.5, 0.5, 0), (0.5, 0.515, 0), (0.5, 0.53, 1), (0.5, 0.45, 0)],
)
def test_most_asked_item_keeps_its_bound_unless_it_was_so_before(before: float, after: float, told: int) -> None:
    pair = rehearsal(replace(BEFORE, top_exposure=after), before=replace(BEFORE, top_exposure=before))

    assert [(o.doubt, o.of) for o in objections(pair, BOUNDS)] == [(Doubt.MOST_ASKED, "O2-001")] * told


def test_form_without_a_bound_may_ask_an_item_always() -> None:
    assert objections(rehearsal(replace(BEFORE, top_exposure=1.0), form=Role.COACH), BOUNDS) == ()


ITEMS = [item("O1-001"), item("O2-001"), item("C1-001")]


def both(*, items: list[object] | None = None, levels: tuple[Level, ...] = LEVELS) -> Release:
    return with_coaches(replace(release(ITEMS), items=tuple(items or ITEMS), levels=levels))  # type: ignore[arg-type]


def test_same_question_is_reread_with_its_new_difficulty_and_another_stays() -> None:
    harder, reworded = replace(ITEMS[0], difficulty=5, calibrated=1.5), replace(ITEMS[1], stem="Lain", difficulty=1)
    before = both()

    read = reread(before, both(items=[harder, reworded]))

    assert [(i.difficulty, i.calibrated) for i in read.items] == [(5, 1.5), (3, None), (3, None)]
    assert [i.stem for i in read.items] == [i.stem for i in ITEMS]


def test_each_form_is_reread_by_its_own_levels() -> None:
    higher = tuple(replace(level, cut_score=level.cut_score + 1) for level in LEVELS)
    before, after = both(), both(levels=higher)

    assert reread(before, after).levels == higher
    assert reread(before.under(Role.COACH), after).levels == COACH_LEVELS


def test_release_of_before_the_forms_is_read_as_it_was() -> None:
    old = replace(both(), forms={})

    assert reread(old, both()) is old
