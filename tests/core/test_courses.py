"""The course of a sitting: when it has asked enough, what settles a result, short checks, and what a choice says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ability import estimate
from bot.core.answer import Answer, Chosen, Typed
from bot.core.bands import call_zone, is_settled
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension, Format, Item
from bot.core.person import Role
from bot.core.release import Length, Release
from bot.core.response_model import information, parameters
from bot.core.selection import (
    BEST_OF,
    Choice,
    Concession,
    Course,
    Purpose,
    can_settle,
    choose,
    linking_items,
    most_questions,
    session_length,
)
from tests.core.builders import (
    FEW,
    LENGTH,
    MODEL,
    RULES,
    TODAY,
    Pair,
    bank,
    best,
    form,
    go_on,
    habit,
    in_full,
    item,
    mixed,
    played,
    real_release,
    release,
    source,
    unknown,
    with_coaches,
    worst,
)

O1, O2, O3, *_ = OWNER_DIMENSIONS
Person = Callable[[Item], Answer]
SEEDS = st.integers(0, 2**63 - 1)
PEOPLE = st.one_of(st.builds(mixed, st.integers(0, 10**6)), st.sampled_from([best, worst, unknown]))
REAL = real_release()
PLAIN = Course(7, TODAY)
NEVER_SURE = replace(RULES, level_probability=1.01)
ALWAYS_SURE = replace(RULES, level_probability=0.0, zone_probability=0.0)


def small(length: Length = LENGTH, *, per_dimension: int = 4, questions: int = 2, sure: bool = False) -> Release:
    """Return a world of easy items whose results are never settled, or always."""
    items = [replace(one, difficulty=1) for one in bank(per_dimension)]
    return release(items, shape=form(questions, length=length), rules=ALWAYS_SURE if sure else NEVER_SURE)


def counted(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair[0].counts]


def shares(pairs: list[Pair]) -> Counter[Dimension | None]:
    return Counter(one.dimension for one, _ in counted(pairs))


def chosen(pinned: Release, course: Course = PLAIN, asked: list[Pair] | None = None) -> Choice:
    found = choose(pinned, course, asked or [])
    assert found is not None
    return found


# Enough


@pytest.mark.parametrize(("error", "seen", "asked"), [(9.0, 1, 8), (9.0, 2, 16), (9.0, 3, 24), (0.0, 1, 24)])
def test_sitting_ends_once_every_dimension_was_seen_and_the_error_is_small(error: float, seen: int, asked: int) -> None:
    pinned = small(replace(LENGTH, enough_error=error, enough_seen=seen), questions=3)

    assert len(played(pinned, best, PLAIN)) == asked


def test_dimension_with_fewer_questions_than_must_be_seen_holds_nothing_up() -> None:
    pinned = small(replace(LENGTH, enough_error=9.0, enough_seen=2), questions=3)
    plans = tuple(replace(plan, questions=1 if plan.dimension is O1 else 3) for plan in pinned.form.dimensions)
    pinned = replace(pinned, form=replace(pinned.form, dimensions=plans))

    assert shares(played(pinned, best, PLAIN)) == Counter(dict.fromkeys(OWNER_DIMENSIONS, 2) | {O1: 1})


@FEW
@given(SEEDS, PEOPLE)
def test_real_sitting_ends_at_the_first_moment_when_enough_is_known(seed: int, person: Person) -> None:
    pairs = counted(played(REAL, person, Course(seed, TODAY)))

    enough = [_is_enough(pairs[:count]) for count in range(len(pairs) + 1)]

    assert not any(enough[:-1])
    assert enough[-1] or len(pairs) == REAL.form.scored_count


def _is_enough(pairs: list[Pair]) -> bool:
    length, counts = REAL.form.length, shares(pairs)
    error = estimate(pairs, REAL.model).overall.standard_error
    return min(counts[d] for d in OWNER_DIMENSIONS) >= length.enough_seen and error <= length.enough_error


def test_habits_left_over_by_an_early_end_are_asked_after_it() -> None:
    habits = tuple(habit(f"H-{n:03}") for n in range(1, 5))
    pinned = small(replace(LENGTH, enough_error=9.0))
    pinned = replace(pinned, items=(*pinned.items, *habits))

    pairs = played(pinned, best, PLAIN)

    assert [one.is_habit for one, _ in pairs] == [True, *([False] * 4), True, *([False] * 4), True, True]


def test_neutral_answers_bring_no_sitting_nearer_to_its_end() -> None:
    aside = [replace(item(f"O1-{n:03}"), neutral=True) for n in range(90, 98)]
    pinned = small(replace(LENGTH, enough_error=9.0))
    pinned = replace(pinned, items=(*pinned.items, *aside))

    pairs = go_on(pinned, best, PLAIN, [(one, best(one)) for one in aside])

    assert shares(pairs) == Counter(dict.fromkeys(OWNER_DIMENSIONS, 1))


# Settling


def first_part(pinned: Release) -> list[Pair]:
    return played(pinned, best, PLAIN)


def settling(pairs: list[Pair]) -> Course:
    return replace(PLAIN, confirm_from=len(pairs))


@pytest.mark.parametrize(("sure", "more"), [(True, LENGTH.confirm_least), (False, LENGTH.confirm_most)])
def test_settling_asks_the_least_and_goes_on_to_the_most_while_it_is_unsettled(sure: bool, more: int) -> None:
    pinned = small(sure=sure)
    before = first_part(pinned)

    after = go_on(pinned, best, settling(before), before)

    assert (after[: len(before)], len(after) - len(before)) == (before, more)


def test_settling_ends_where_no_item_is_left() -> None:
    pinned = small(per_dimension=2, questions=2)
    before = first_part(pinned)[:-3]

    assert len(go_on(pinned, best, settling(before), before)) == len(before) + 3


@FEW
@given(SEEDS, PEOPLE)
def test_settling_ends_on_the_real_content_as_soon_as_it_may(seed: int, person: Person) -> None:
    length = REAL.form.length
    before = played(REAL, person, Course(seed, TODAY))

    after = go_on(REAL, person, Course(seed, TODAY, confirm_from=len(before)), before)

    more = len(after) - len(before)
    sure = [is_settled(estimate(after[: len(before) + n], REAL.model), REAL) for n in range(more + 1)]
    assert length.confirm_least <= more <= length.confirm_most
    assert not any(sure[length.confirm_least : -1])
    assert sure[-1] or more == length.confirm_most
    assert len({one.code for one, _ in after}) == len(after)


def test_settling_asks_about_the_zone_that_is_least_certain() -> None:
    pinned = small()
    before = [(one, best(one) if one.dimension in (O2, O3) else worst(one)) for one in pinned.items[::2]]
    zones = {d: call_zone(found, pinned.zones) for d, found in estimate(before, MODEL).dimensions.items()}

    found = chosen(pinned, settling(before), before)

    assert found.purpose is Purpose.SETTLE
    assert found.item.dimension is min(zones, key=lambda d: (zones[d].probability, d))


def test_settling_counts_its_own_questions_without_those_that_count_for_nothing() -> None:
    pinned = small()
    before = first_part(pinned)
    one, answer = before[0]
    set_aside = [(replace(one, neutral=True), answer), *before[1:]]

    after = go_on(pinned, best, settling(before), set_aside)

    assert len(counted(after)) == len(counted(set_aside)) + LENGTH.confirm_most


@pytest.mark.parametrize(
    ("course", "sure", "least", "can"),
    [
        (PLAIN, False, 16, True),
        (PLAIN, False, 17, False),
        (PLAIN, True, 4, False),
        (replace(PLAIN, focus=O1), False, 4, False),
        (replace(PLAIN, confirm_from=16), False, 4, False),
    ],
    ids=["enough items left", "too few left", "settled", "a check", "settled before"],
)
def test_result_can_be_settled_where_it_would_help(course: Course, sure: bool, least: int, can: bool) -> None:
    pinned = small(replace(LENGTH, confirm_least=least), sure=sure)
    before = first_part(pinned)

    assert can_settle(pinned, course, before, estimate(before, MODEL)) is can


@pytest.mark.parametrize(
    ("course", "most"),
    [
        (PLAIN, 17),
        (replace(PLAIN, confirm_from=17), LENGTH.confirm_most),
        (replace(PLAIN, focus=O1), LENGTH.check_questions),
    ],
)
def test_most_questions_are_told_for_each_part(course: Course, most: int) -> None:
    pinned = release((*bank(), habit("H-001")))

    assert session_length(pinned) == 17
    assert most_questions(pinned, course) == most


# Checks


@FEW
@given(SEEDS, PEOPLE, st.sampled_from(OWNER_DIMENSIONS))
def test_check_asks_a_few_fresh_questions_of_one_dimension_and_no_habit(
    seed: int, person: Person, dimension: Dimension
) -> None:
    seen = frozenset(one.code for one, _ in played(REAL, person, Course(seed, TODAY)))

    pairs = played(REAL, person, Course(seed + 1, TODAY, avoid=seen, focus=dimension))

    assert [one.dimension for one, _ in pairs] == [dimension] * REAL.form.length.check_questions
    assert seen.isdisjoint(one.code for one, _ in pairs)
    assert chosen(REAL, Course(seed + 1, TODAY, focus=dimension)).purpose is Purpose.CHECK


def test_check_ends_short_where_its_dimension_has_no_more_items() -> None:
    assert len(played(small(per_dimension=2), best, replace(PLAIN, focus=O1))) == 2


# Linking


def test_link_is_an_anchor_then_what_is_not_right_yet_then_anything() -> None:
    anchor = replace(item("O1-001"), anchor=True)
    others = [item("O1-002"), item("O2-001"), item("O2-002"), item("O3-001"), habit("H-001")]
    aside = replace(item("O4-001"), neutral=True)
    asked: list[Pair] = [
        (anchor, Chosen(0)),
        (others[0], Chosen(1)),
        (others[1], Chosen(0)),
        (others[2], Chosen(1)),
        (others[3], Chosen(0)),
        (others[4], Chosen(0)),
        (aside, Chosen(1)),
    ]

    found = {linking_items(asked, seed=seed) for seed in range(20)}

    assert found == {frozenset({"O1-001", "O2-002", "O3-001"})}


def test_links_of_equal_worth_are_drawn_by_the_seed() -> None:
    asked: list[Pair] = [(one, Chosen(1)) for one in bank() if one.dimension is O1]

    found = {linking_items(asked, seed=seed) for seed in range(60)}

    assert found == {frozenset({f"O1-00{n}"}) for n in range(1, 5)}


def test_link_to_the_last_sitting_is_taken_before_other_items() -> None:
    course = replace(PLAIN, keep=frozenset({"O1-003"}))
    pinned = release([replace(one, difficulty=1) for one in bank() if one.dimension is O1])

    found = [chosen(pinned, replace(course, seed=seed)) for seed in range(20)]

    assert {(choice.item.code, choice.links, choice.concessions) for choice in found} == {("O1-003", True, ())}


@FEW
@given(SEEDS, PEOPLE)
def test_retest_asks_every_link_that_is_no_jump_even_one_that_is_held_back(seed: int, person: Person) -> None:
    pinned = small(per_dimension=8)
    pinned = replace(pinned, items=tuple(replace(one, admitted=0.0) for one in pinned.items))
    before = played(pinned, person, Course(seed, TODAY))
    keep = linking_items(before, seed=seed)
    avoid = frozenset(one.code for one, _ in before) - keep

    after = played(pinned, person, Course(seed + 1, TODAY, avoid=avoid, keep=keep))

    codes = {one.code for one, _ in after}
    assert len(keep) == len(OWNER_DIMENSIONS)
    assert keep <= codes
    assert avoid.isdisjoint(codes)


# What a choice says


def test_first_choice_looks_for_an_easy_item_and_says_what_it_tells() -> None:
    found = chosen(REAL, Course(3, TODAY), [(REAL.habits[0], Chosen(0))])

    assert found.theta == pytest.approx(sum(REAL.model.difficulty[:2]) / 2)
    assert found.information == pytest.approx(information(parameters(found.item, REAL.model), found.theta))
    assert 1 <= found.rank <= min(BEST_OF, found.pool)
    assert found.purpose is Purpose.BALANCE


def test_habit_is_chosen_for_its_own_sake() -> None:
    only = habit("H-001")

    assert chosen(release([only])) == Choice(only, Purpose.HABIT)


def test_later_choice_looks_at_the_estimate_of_its_dimension() -> None:
    pinned = small()
    asked = first_part(pinned)[:9]

    found = chosen(pinned, PLAIN, asked)

    assert found.item.dimension is not None
    assert found.theta == estimate(asked, MODEL).dimensions[found.item.dimension].theta


@pytest.mark.parametrize("seed", range(5))
def test_choice_is_one_of_the_best_and_names_its_place(seed: int) -> None:
    near = [item(f"O1-{n:03}", difficulty=n) for n in (1, 2, 3)]
    pinned = release(near)
    told = sorted((information(parameters(one, MODEL), -1.35) for one in near), reverse=True)

    found = chosen(pinned, replace(PLAIN, seed=seed))

    assert found.information == pytest.approx(told[found.rank - 1])


SUM, OTHER_SUM = item("O1-001", Format.NUMBER, difficulty=1), item("O1-002", Format.NUMBER, difficulty=1)
AFTER_SUM: list[Pair] = [(SUM, Typed(100))]


@pytest.mark.parametrize(
    ("only", "course", "asked", "given_up"),
    [
        (OTHER_SUM, PLAIN, AFTER_SUM, (Concession.SECOND_SUM,)),
        (item("O1-003", difficulty=1), PLAIN, AFTER_SUM, ()),
        (item("O1-003", difficulty=1), replace(PLAIN, avoid=frozenset({"O1-003"})), [], (Concession.LAST_SITTING,)),
        (item("O1-003", difficulty=5), PLAIN, [], (Concession.JUMP,)),
        (replace(item("O1-003", difficulty=1), admitted=0.0), PLAIN, [], (Concession.HELD_BACK,)),
        (
            replace(OTHER_SUM, difficulty=5, admitted=0.0),
            replace(PLAIN, avoid=frozenset({"O1-002"})),
            [(SUM, Typed(0))],
            tuple(Concession),
        ),
    ],
    ids=["a second sum", "nothing", "the last sitting", "a jump", "held back", "everything"],
)
def test_choice_names_what_had_to_be_given_up(
    only: Item, course: Course, asked: list[Pair], given_up: tuple[Concession, ...]
) -> None:
    assert chosen(release([SUM, only] if asked else [only]), course, asked).concessions == given_up


@pytest.mark.parametrize(
    ("better", "worse", "course"),
    [
        (replace(item("O1-003", difficulty=1), admitted=0.0), item("O1-004", difficulty=5), PLAIN),
        (
            item("O1-003", difficulty=5),
            item("O1-004", difficulty=1),
            replace(PLAIN, avoid=frozenset({"O1-004"})),
        ),
        (
            item("O1-003", difficulty=1),
            replace(OTHER_SUM, code="O1-004"),
            replace(PLAIN, avoid=frozenset({"O1-003"})),
        ),
    ],
    ids=["held back before a jump", "a jump before the last sitting", "the last sitting before a second sum"],
)
def test_concessions_are_made_in_their_order(better: Item, worse: Item, course: Course) -> None:
    pinned = release([SUM, better, worse])

    found = {chosen(pinned, replace(course, seed=seed), [(SUM, Typed(0))]).item.code for seed in range(20)}

    assert found == {better.code}


@pytest.mark.parametrize("admitted", [0.0, 0.25, 0.6, 1.0])
def test_item_is_held_back_in_its_share_of_the_sittings(admitted: float) -> None:
    pinned = release([replace(item("O1-001", difficulty=1), admitted=admitted)])

    held = [Concession.HELD_BACK in chosen(pinned, replace(PLAIN, seed=seed)).concessions for seed in range(600)]

    assert sum(held) / len(held) == pytest.approx(1 - admitted, abs=0.06)


def test_item_held_back_gives_way_to_any_other() -> None:
    held = replace(item("O1-001", difficulty=2), admitted=0.0)
    pinned = release([held, item("O1-002", difficulty=1)])

    assert {chosen(pinned, replace(PLAIN, seed=seed)).item.code for seed in range(20)} == {"O1-002"}


def test_neutral_and_stale_items_are_never_chosen() -> None:
    old = item("O1-002", sources=(source(TODAY - timedelta(days=1)),))

    assert choose(release([replace(item("O1-001"), neutral=True), old]), PLAIN, []) is None


def test_length_of_the_real_form_leaves_room_to_settle_and_to_check() -> None:
    length = REAL.form.length

    assert length.confirm_least <= length.confirm_most
    assert length.check_right <= length.check_questions


# Coaches


COACHES = REAL.under(Role.COACH)


@FEW
@given(SEEDS, PEOPLE)
def test_coach_is_asked_three_of_each_own_dimension_and_two_of_the_harder_part_of_the_owners(
    seed: int, person: Person
) -> None:
    pairs = played(in_full(COACHES), person, Course(seed, TODAY))

    expected = dict.fromkeys(COACH_DIMENSIONS, 3) | dict.fromkeys(OWNER_DIMENSIONS, 2)
    assert shares(pairs) == Counter(expected)
    assert len(pairs) == 31
    assert min(one.difficulty for one, _ in pairs if one.dimension in OWNER_DIMENSIONS) >= 3


@FEW
@given(SEEDS, PEOPLE)
def test_check_of_an_area_asks_one_of_each_of_as_many_dimensions(seed: int, person: Person) -> None:
    pairs = played(COACHES, person, Course(seed, TODAY, focus=Dimension.LITERACY))

    assert sorted(shares(pairs).values()) == [1, 1, 1]
    assert set(shares(pairs)) < set(OWNER_DIMENSIONS)


def test_settling_asks_of_the_area_least_sure_and_there_of_the_dimension_least_sure() -> None:
    items = (*bank(9, dimensions=OWNER_DIMENSIONS), *bank(9, dimensions=COACH_DIMENSIONS))
    easy = [replace(one, difficulty=1) for one in items]
    pinned = with_coaches(release(easy, rules=NEVER_SURE)).under(Role.COACH)
    before = played(pinned, best, PLAIN)
    course = replace(PLAIN, confirm_from=len(before))
    abilities = estimate(before, pinned.model)

    def doubt(dimension: Dimension) -> tuple[float, str]:
        return call_zone(abilities.of(dimension), pinned.zones).probability, dimension

    area = min(pinned.form.areas, key=lambda area: doubt(area.dimension))

    assert chosen(pinned, course, before).item.dimension is min(area.parts, key=doubt)
