"""Every sitting can be replayed from its stored course: the same items slot by slot, and the reasons with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.answer import Answer
from bot.core.attempt import Attempt, explain
from bot.core.item import OWNER_DIMENSIONS, Dimension, Item
from bot.core.person import Business, Role
from bot.core.selection import Course, Purpose, choose, linking_items
from tests.core.builders import FEW, TODAY, Pair, best, go_on, mixed, played, real_release, sitting, unknown, worst

REAL = real_release()
Person = Callable[[Item], Answer]
PEOPLE = st.one_of(st.builds(mixed, st.integers(0, 10**6)), st.sampled_from([best, worst, unknown]))
FIRST = st.builds(
    Course,
    seed=st.integers(0, 2**63 - 1),
    today=st.just(TODAY),
    business=st.sampled_from([None, *(business.value for business in Business)]),
)


def retest(course: Course, before: list[Pair]) -> Course:
    """Return the course of the sitting after this one."""
    keep = linking_items(before, seed=course.seed + 1)
    return replace(course, seed=course.seed + 1, keep=keep, avoid=frozenset(one.code for one, _ in before) - keep)


def asked_and_explained(attempt: Attempt) -> tuple[list[str], list[str | None]]:
    """Return what was asked, and what the replay chooses for each slot and the one that waits."""
    explained = [choice.item.code if choice else None for choice in explain(attempt, REAL)]
    return [response.item_code for response in attempt.responses], explained


@FEW
@given(FIRST, PEOPLE)
def test_sitting_replays_slot_by_slot(course: Course, person: Person) -> None:
    pairs = played(REAL, person, course)

    asked, explained = asked_and_explained(sitting(pairs, course=course))

    assert explained == [*asked, None]


@FEW
@given(FIRST, PEOPLE)
def test_retest_replays_slot_by_slot(course: Course, person: Person) -> None:
    course = retest(course, played(REAL, person, course))
    pairs = played(REAL, person, course)

    asked, explained = asked_and_explained(sitting(pairs, course=course))

    assert explained == [*asked, None]
    assert {REAL.item_by_code[code].dimension for code in course.keep} == set(OWNER_DIMENSIONS)


@FEW
@given(FIRST, PEOPLE, st.sampled_from(OWNER_DIMENSIONS))
def test_check_replays_slot_by_slot(course: Course, person: Person, dimension: Dimension) -> None:
    course = replace(course, focus=dimension)
    pairs = played(REAL, person, course)

    asked, explained = asked_and_explained(sitting(pairs, course=course))

    assert explained == [*asked, None]
    assert asked != []


@FEW
@given(FIRST, PEOPLE)
def test_sitting_taken_up_again_replays_slot_by_slot(course: Course, person: Person) -> None:
    before = played(REAL, person, course)
    taken_up = replace(course, confirm_from=len(before))
    pairs = go_on(REAL, person, taken_up, before)

    attempt = sitting(pairs, course=taken_up)

    asked, explained = asked_and_explained(attempt)
    reasons = [choice.purpose for choice in explain(attempt, REAL) if choice]
    assert explained == [*asked, None]
    assert Purpose.SETTLE not in reasons[: len(before)]
    assert set(reasons[len(before) :]) == {Purpose.SETTLE}


@FEW
@given(FIRST, PEOPLE, st.data())
def test_replay_of_an_unfinished_sitting_ends_with_what_waits(
    course: Course, person: Person, data: st.DataObject
) -> None:
    pairs = played(REAL, person, course)
    count = data.draw(st.integers(0, len(pairs) - 1))

    explained = explain(sitting(pairs[:count], course=course), REAL)

    assert len(explained) == count + 1
    assert explained[-1] == choose(REAL, course, pairs[:count])
    assert explained[-1] is not None and explained[-1].item == pairs[count][0]


COACHES = REAL.under(Role.COACH)


@FEW
@given(FIRST, PEOPLE, st.booleans())
def test_coachs_sitting_and_retest_replay_slot_by_slot(course: Course, person: Person, again: bool) -> None:
    course = replace(course, business=None)
    if again:
        before = played(COACHES, person, course)
        keep = linking_items(before, seed=course.seed + 1)
        course = replace(course, keep=keep, avoid=frozenset(one.code for one, _ in before) - keep)
        assert {REAL.item_by_code[code].dimension for code in keep} == set(COACHES.model.dimensions)
    pairs = played(COACHES, person, course)

    explained = explain(sitting(pairs, course=course), COACHES)

    assert [choice.item if choice else None for choice in explained] == [*(one for one, _ in pairs), None]


@FEW
@given(FIRST, PEOPLE, st.sampled_from([area.dimension for area in COACHES.form.areas]))
def test_check_of_a_coachs_area_replays_slot_by_slot(course: Course, person: Person, area: Dimension) -> None:
    course = replace(course, business=None, focus=area)
    pairs = played(COACHES, person, course)

    explained = explain(sitting(pairs, course=course), COACHES)

    assert [choice.item if choice else None for choice in explained] == [*(one for one, _ in pairs), None]
    assert {one.dimension for one, _ in pairs} <= set(COACHES.form.area(area).parts)
