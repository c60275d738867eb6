"""The choice of the next item, on the real content and where the pool runs dry."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answer import Answer, Chosen, Typed
from bot.core.item import OWNER_DIMENSIONS, Dimension, Format, Item
from bot.core.person import Business
from bot.core.selection import Course, next_item, session_length
from tests.core.builders import (
    FEW,
    TODAY,
    Pair,
    bank,
    best,
    form,
    habit,
    in_full,
    item,
    mixed,
    played,
    real_release,
    release,
    source,
    unknown,
    worst,
)

REAL = in_full(real_release())
Person = Callable[[Item], Answer]
SEEDS = st.integers(0, 2**63 - 1)
PEOPLE = st.one_of(st.builds(mixed, st.integers(0, 10**6)), st.sampled_from([best, worst, unknown]))
KINDS = st.sampled_from([None, *(business.value for business in Business)])


def codes(pairs: list[Pair]) -> list[str]:
    return [one.code for one, _ in pairs]


def shares(pairs: list[Pair]) -> dict[Dimension, int]:
    return dict(Counter(one.dimension for one, _ in pairs if one.dimension is not None))


PLAN = {plan.dimension: plan.questions for plan in REAL.form.dimensions}


@FEW
@given(SEEDS, PEOPLE, KINDS)
def test_every_sitting_is_complete_and_balanced(seed: int, person: Person, kind: str | None) -> None:
    pairs = played(REAL, person, Course(seed, TODAY, kind))

    assert len(pairs) == session_length(REAL) == 30
    assert shares(pairs) == PLAN
    assert sum(PLAN.values()) == 24
    assert len(set(codes(pairs))) == 30
    assert [place for place, (one, _) in enumerate(pairs) if one.is_habit] == [0, 5, 10, 15, 20, 25]
    assert [one.code for one, _ in pairs if one.is_habit] == [one.code for one in REAL.habits]


@FEW
@given(SEEDS, PEOPLE, KINDS)
def test_sitting_opens_easy_and_never_asks_two_sums_in_a_row(seed: int, person: Person, kind: str | None) -> None:
    scored = [one for one, _ in played(REAL, person, Course(seed, TODAY, kind)) if not one.is_habit]

    assert scored[0].difficulty <= 2
    sums = [one.format is Format.NUMBER for one in scored]
    assert [pair for pair in pairwise(sums) if all(pair)] == []


@FEW
@given(SEEDS, PEOPLE, KINDS)
def test_items_for_another_kind_of_business_are_not_asked(seed: int, person: Person, kind: str | None) -> None:
    pairs = played(REAL, person, Course(seed, TODAY, kind))

    assert [one.code for one, _ in pairs if kind and one.suits and kind not in one.suits] == []


@FEW
@given(SEEDS, PEOPLE)
def test_same_seed_and_answers_choose_the_same_items_whatever_their_order_in_the_bank(
    seed: int, person: Person
) -> None:
    shuffled = random.Random(seed).sample(REAL.scored, len(REAL.scored))
    turned = replace(REAL, items=(*REAL.habits, *shuffled))

    assert played(turned, person, Course(seed, TODAY)) == played(REAL, person, Course(seed, TODAY))


def test_seeds_spread_people_over_the_bank() -> None:
    sittings = [set(codes(played(REAL, mixed(seed), Course(seed, TODAY)))) for seed in range(30)]

    served = set().union(*sittings)
    assert len({frozenset(one) for one in sittings}) == 30
    assert len(served) > len(REAL.scored) * 0.8


@FEW
@given(SEEDS, SEEDS, PEOPLE)
def test_items_of_the_last_sitting_return_only_where_nothing_else_is_left(
    first: int, second: int, person: Person
) -> None:
    avoid = frozenset(codes(played(REAL, person, Course(first, TODAY))))
    pairs = played(REAL, person, Course(second, TODAY, avoid=avoid))

    assert shares(pairs) == PLAN
    for place, (repeated, _) in enumerate(pairs):
        if repeated.is_habit or repeated.code not in avoid:
            continue
        asked = [one for one, _ in pairs[:place] if not one.is_habit]
        after_sum = bool(asked) and asked[-1].format is Format.NUMBER
        left = [
            one.code
            for one in REAL.scored
            if one.dimension is repeated.dimension
            and one not in asked
            and one.code not in avoid
            and not (after_sum and one.format is Format.NUMBER)
        ]
        assert left == []


@FEW
@given(SEEDS, PEOPLE, st.integers(0, 900))
def test_item_past_its_review_date_is_never_served(seed: int, person: Person, days: int) -> None:
    today = TODAY + timedelta(days=days)

    pairs = played(REAL, person, Course(seed, today))

    assert [one.code for one, _ in pairs if any(fact.review_by < today for fact in one.sources)] == []


def test_sitting_becomes_shorter_where_facts_have_passed_their_review_date() -> None:
    old = source(TODAY - timedelta(days=1))
    items = [replace(one, sources=(old,)) if one.dimension is Dimension.SAFETY else one for one in bank()]

    pairs = played(release(items), best, Course(1, TODAY))

    assert shares(pairs) == {d: 2 for d in OWNER_DIMENSIONS if d is not Dimension.SAFETY}


def test_share_of_a_dimension_is_kept_in_step_with_the_others() -> None:
    scored = [one for one, _ in played(release(), best, Course(5, TODAY))]

    first, second = [one.dimension for one in scored[:8]], [one.dimension for one in scored[8:]]
    assert set(first) == set(OWNER_DIMENSIONS)
    assert first == second


@pytest.mark.parametrize("between", [1, 2, 4])
def test_habits_stand_after_every_given_number_of_scored_items(between: int) -> None:
    items = (*bank(), *(habit(f"H-00{n}") for n in (1, 2, 3)))

    pairs = played(release(items, shape=form(between=between)), best, Course(2, TODAY))

    places = [place for place, (one, _) in enumerate(pairs) if one.is_habit]
    assert places == [0, between + 1, 2 * (between + 1)]


def test_habits_that_found_no_place_close_the_sitting() -> None:
    habits = tuple(habit(f"H-{n:03}") for n in range(1, 7))

    pairs = played(release((*bank(), *habits), shape=form(1, between=4)), best, Course(2, TODAY))

    assert [one.is_habit for one, _ in pairs] == [
        True, *([False] * 4), True, *([False] * 4), True, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(("answering", "last", "step"), [(best, 5, 1), (worst, 1, -1)])
def test_difficulty_starts_easy_and_follows_the_ability(answering: Person, last: int, step: int) -> None:
    pairs = played(release(bank(10), shape=form(2)), answering, Course(3, TODAY))

    found = [one.difficulty for one, _ in pairs]
    assert found[0] <= 2
    assert last in found
    assert step * (sum(found[8:]) - sum(found[:8])) > 0


def test_item_far_above_the_target_is_left_for_one_as_far_below() -> None:
    asked: list[Pair] = [(item("O2-001", difficulty=2), Chosen(0))]
    pinned = release([item("O1-001", difficulty=1), item("O1-002", difficulty=5)])

    found = [next_item(pinned, Course(seed, TODAY), asked) for seed in range(20)]

    assert {one and one.code for one in found} == {"O1-001"}


def test_seeds_spread_people_over_all_items_that_are_equally_near() -> None:
    near = [item(f"O1-{n:03}", difficulty=2) for n in range(1, 10)]
    far = [item(f"O1-{n:03}", difficulty=5) for n in range(10, 13)]

    chosen = {first_of([*near, *far], seed) for seed in range(300)}

    assert chosen == {one.code for one in near}


def first_of(items: list[Item], seed: int) -> str:
    found = next_item(release(items), Course(seed, TODAY), [])
    assert found is not None
    return found.code


def test_nothing_is_chosen_when_the_form_is_complete_or_the_bank_empty() -> None:
    done: list[Pair] = [(one, Chosen(0)) for one in bank(2)]

    full = next_item(release(), Course(1, TODAY), done)
    empty = next_item(release([]), Course(1, TODAY), [])

    assert (full, empty) == (None, None)


def test_next_dimension_is_asked_where_the_one_most_behind_has_only_a_second_sum() -> None:
    items = [item("O1-001", Format.NUMBER), item("O2-001", Format.NUMBER), item("O3-001")]

    asked: list[Pair] = [(items[0], Typed(0))]

    found = {next_item(release(items), Course(seed, TODAY), asked) for seed in range(20)}

    assert found == {items[2]}


def test_business_not_told_yet_rules_nothing_out() -> None:
    only = [item("O1-001", suits=frozenset({"kuliner"}))]

    asked = [codes(played(release(only), best, Course(1, TODAY, kind))) for kind in (None, "kuliner", "jasa")]

    assert asked == [["O1-001"], ["O1-001"], []]


def test_second_sum_in_a_row_is_better_than_a_sitting_that_ends_short() -> None:
    items = [item("O1-001", Format.NUMBER), item("O1-002", Format.NUMBER)]

    assert len(played(release(items), best, Course(1, TODAY))) == 2


def test_habits_are_asked_even_where_the_scored_items_run_out() -> None:
    items = [item("O1-001"), habit("H-001"), habit("H-002")]

    assert len(played(release(items), best, Course(1, TODAY))) == 3
