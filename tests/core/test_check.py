"""Short checks of one dimension: passed or not, what a faulty question does, and whether one can be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.answer import Chosen, Unknown
from bot.core.check import Checked, checked, has_fresh_items
from bot.core.item import COACH_DIMENSIONS, Dimension, Format, Item, Status
from bot.core.person import Role
from bot.core.selection import Course
from tests.core.builders import (
    LENGTH,
    TODAY,
    Pair,
    bank,
    best,
    habit,
    item,
    played,
    release,
    sitting,
    source,
    with_coaches,
    worst,
)

SAFETY = Dimension.SAFETY
ITEMS = tuple(item(f"O2-00{n}", Format.SITUATION) for n in (1, 2, 3))
CHECK = Course(7, TODAY, focus=SAFETY)


def given(right: int, items: tuple[Item, ...] = ITEMS) -> list[Pair]:
    """Answer the first items best and the others worst."""
    return [(one, best(one) if place < right else worst(one)) for place, one in enumerate(items)]


@pytest.mark.parametrize(("right", "passed"), [(0, False), (1, False), (2, True), (3, True)])
def test_check_is_passed_from_two_right_answers_on(right: int, passed: bool) -> None:
    pairs = given(right)

    found = checked(sitting(pairs, course=CHECK, lesson="M-O2-aman"), release(ITEMS))

    assert found == Checked(SAFETY, tuple(pairs), right, "M-O2-aman", passed)


def test_answer_that_earns_a_part_is_not_right() -> None:
    pairs: list[Pair] = [(ITEMS[0], best(ITEMS[0])), (ITEMS[1], Chosen(1)), (ITEMS[2], Unknown())]

    assert checked(sitting(pairs, course=CHECK), release(ITEMS)).right == 1


def test_faulty_question_counts_as_right_whatever_was_answered() -> None:
    items = (replace(ITEMS[0], neutral=True), *ITEMS[1:])

    found = checked(sitting([(items[0], worst(items[0])), *given(1, ITEMS[1:])], course=CHECK), release(items))

    assert (found.right, found.passed) == (2, True)


LAST = ITEMS[2]


@pytest.mark.parametrize(
    ("last", "can"),
    [
        (LAST, True),
        (replace(LAST, status=Status.RETIRED), False),
        (replace(LAST, neutral=True), False),
        (replace(LAST, dimension=Dimension.SHOP), False),
        (replace(LAST, sources=(source(TODAY),)), True),
        (replace(LAST, sources=(source(TODAY - timedelta(days=1)),)), False),
    ],
    ids=["as it is", "retired", "neutral", "of another dimension", "true until today", "past its review date"],
)
def test_check_needs_items_that_may_be_asked(last: Item, can: bool) -> None:
    pinned = release((*ITEMS[:2], last, habit("H-001")))

    assert has_fresh_items(pinned, SAFETY, business=None, seen=[], today=TODAY) is can


@pytest.mark.parametrize(("seen", "can"), [(["O5-001"], True), (["O2-002"], False)])
def test_check_needs_items_not_met_lately(seen: list[str], can: bool) -> None:
    assert len(ITEMS) == LENGTH.check_questions
    assert has_fresh_items(release(ITEMS), SAFETY, business=None, seen=seen, today=TODAY) is can


@pytest.mark.parametrize(("business", "can"), [(None, True), ("kuliner", True), ("jasa", False)])
def test_check_needs_items_that_suit_the_business(business: str | None, can: bool) -> None:
    items = (*ITEMS[:2], replace(LAST, suits=frozenset({"kuliner"})))

    assert has_fresh_items(release(items), SAFETY, business=business, seen=[], today=TODAY) is can


def test_check_asks_a_second_sum_rather_than_a_question_asked_before() -> None:
    sums = (item("O2-001", Format.NUMBER), item("O2-002", Format.NUMBER), item("O2-003", Format.NUMBER))
    before = item("O2-004")
    course = replace(CHECK, avoid=frozenset({before.code}))

    asked = played(release((*sums, before)), best, course)

    assert {one.code for one, _ in asked} == {one.code for one in sums}


def test_area_is_checked_by_fresh_items_of_any_of_its_dimensions() -> None:
    items = (item("O1-001"), item("O5-001"), item("O8-001"), item("C1-001"))
    coaches = with_coaches(release(items)).under(Role.COACH)

    assert has_fresh_items(coaches, Dimension.LITERACY, business=None, seen=(), today=TODAY)
    assert not has_fresh_items(coaches, Dimension.LITERACY, business=None, seen={"O5-001"}, today=TODAY)


def test_what_the_form_does_not_measure_cannot_be_checked() -> None:
    items = bank(4, dimensions=COACH_DIMENSIONS)

    assert not has_fresh_items(release(items), Dimension.COACHING, business=None, seen=(), today=TODAY)
    assert not has_fresh_items(release(items), Dimension.LITERACY, business=None, seen=(), today=TODAY)
    assert has_fresh_items(
        with_coaches(release(items)).under(Role.COACH), Dimension.COACHING, business=None, seen=(), today=TODAY
    )
