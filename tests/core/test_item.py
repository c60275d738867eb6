"""Items and releases: what they tell about themselves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.core.item import Dimension, Format, Status
from tests.core.builders import TODAY, bank, form, habit, item, module, release, source


@pytest.mark.parametrize(
    ("format", "points"),
    [(Format.CHOICE, 1), (Format.SITUATION, 2), (Format.NUMBER, 1), (Format.MULTIPLE, 2)],
)
def test_max_score_is_two_only_where_part_credit_exists(format: Format, points: int) -> None:
    assert item("O1-001", format).max_score == points


def test_right_ticks_is_the_mask_of_the_options_that_belong() -> None:
    assert item("O1-001", Format.MULTIPLE).right_ticks == 0b101


def test_habit_is_told_from_scored_items() -> None:
    assert [habit("H-001").is_habit, item("O1-001").is_habit] == [True, False]


@pytest.mark.parametrize(
    ("status", "servable"),
    [
        (Status.DRAFT, False),
        (Status.REVIEW, False),
        (Status.ACTIVE, True),
        (Status.WATCH, True),
        (Status.RETIRED, False),
    ],
)
def test_item_is_servable_only_when_active_or_watched(status: Status, servable: bool) -> None:
    assert item("O1-001", status=status).is_servable(TODAY) is servable


@pytest.mark.parametrize(("days", "fresh"), [(1, True), (0, True), (-1, False)])
def test_review_day_itself_is_the_last_day_of_an_item_and_a_lesson(days: int, fresh: bool) -> None:
    dates = (source(TODAY + timedelta(days=days)), source(date(2099, 1, 1)))

    assert item("O1-001", sources=dates).is_servable(TODAY) is fresh
    assert module("M-O1-satu", sources=dates).is_current(TODAY) is fresh


def test_release_finds_its_items_and_lessons_by_code() -> None:
    lesson = module("M-O1-satu")
    pinned = release((*bank(1), habit("H-001")), modules=[lesson])

    assert pinned.item_by_code["O3-001"] is pinned.items[2]
    assert pinned.module_by_code == {"M-O1-satu": lesson}
    assert [one.code for one in pinned.habits] == ["H-001"]
    assert [one.code for one in pinned.scored] == [f"O{n}-001" for n in range(1, 9)]


def test_form_counts_its_questions_and_finds_every_plan() -> None:
    shape = form(3)

    assert shape.scored_count == 24
    assert [shape.plan(dimension).dimension for dimension in Dimension] == list(Dimension)
