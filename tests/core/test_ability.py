"""The measurement model: what must hold for every set of answers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ability import Abilities, Estimate, estimate
from bot.core.answer import Answer, Chosen, Ticked, Typed, Unknown, score
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension, Format, Item
from bot.core.person import Role
from bot.core.response_model import THETA_GRID, outcome_curve, parameters, probabilities
from tests.core.builders import (
    CALM,
    COACH_MODEL,
    MODEL,
    Pair,
    best,
    habit,
    item,
    mixed,
    possible_answers,
    real_release,
    unknown,
    worst,
)

BANK = real_release().scored
SEEDS = st.integers(0, 2**32)
SUBSETS = st.lists(st.sampled_from(BANK), min_size=1, max_size=30, unique_by=lambda one: one.code)
TINY = 1e-9
FORMATS = (Format.CHOICE, Format.SITUATION, Format.NUMBER, Format.MULTIPLE)


def all_thetas(found: Abilities) -> dict[str, float]:
    return {"overall": found.overall.theta} | {d.value: e.theta for d, e in found.dimensions.items()}


def estimates(found: Abilities) -> list[Estimate]:
    return [found.overall, *found.dimensions.values()]


def answered(items: list[Item], seed: int) -> list[Pair]:
    pick = mixed(seed)
    return [(one, pick(one)) for one in items]


@CALM
@given(SUBSETS, SEEDS, st.data())
def test_better_answer_lowers_no_estimate(items: list[Item], seed: int, data: st.DataObject) -> None:
    pairs = answered(items, seed)
    place = data.draw(st.integers(0, len(items) - 1))
    changed, before = pairs[place]
    better = data.draw(
        st.sampled_from([a for a in possible_answers(changed) if score(changed, a) >= score(changed, before)])
    )

    low = estimate(pairs, MODEL)
    high = estimate([*pairs[:place], (changed, better), *pairs[place + 1 :]], MODEL)

    fallen = [name for name, theta in all_thetas(low).items() if all_thetas(high)[name] < theta - TINY]
    assert fallen == []
    if score(changed, better) > score(changed, before):
        assert changed.dimension is not None
        assert high.dimensions[changed.dimension].theta > low.dimensions[changed.dimension].theta
        assert high.overall.theta > low.overall.theta


@CALM
@given(SUBSETS, SEEDS)
def test_order_of_answers_does_not_matter(items: list[Item], seed: int) -> None:
    pairs = answered(items, seed)
    shuffled = random.Random(seed).sample(pairs, len(pairs))

    assert estimate(shuffled, MODEL) == estimate(pairs, MODEL)


@pytest.mark.parametrize("answering", [best, worst, unknown])
def test_estimates_are_finite_and_inside_the_grid_when_all_answers_are_alike(
    answering: Callable[[Item], Answer],
) -> None:
    found = estimate([(one, answering(one)) for one in BANK], MODEL)

    assert all(math.isfinite(e.theta) and abs(e.theta) < THETA_GRID[-1] for e in estimates(found))
    assert all(0 < e.standard_error < 1 for e in estimates(found))


def test_all_right_is_above_and_all_wrong_below_the_average_in_everything() -> None:
    right = estimate([(one, best(one)) for one in BANK], MODEL)
    wrong = estimate([(one, worst(one)) for one in BANK], MODEL)

    assert min(e.theta for e in estimates(right)) > 1
    assert max(e.theta for e in estimates(wrong)) < -1


def test_without_answers_everyone_is_average_with_the_full_uncertainty() -> None:
    found = estimate([], MODEL)

    assert [round(e.theta, 6) for e in estimates(found)] == [0] * 9
    assert all(abs(e.standard_error - 1) < 0.01 for e in estimates(found))


@CALM
@given(SUBSETS, SEEDS)
def test_unknown_gives_exactly_the_estimate_of_a_wrong_answer(items: list[Item], seed: int) -> None:
    """The likelihoods of wrong-with-guessing, (1 - c)(1 - P), and of "Belum tahu", 1 - P, differ only by a factor."""
    rest = answered(items[1:], seed)

    honest = estimate([*rest, (items[0], Unknown())], MODEL)
    wrong = estimate([*rest, (items[0], worst(items[0]))], MODEL)

    assert score(items[0], worst(items[0])) == 0
    assert all_thetas(honest) == pytest.approx(all_thetas(wrong), abs=TINY)


@CALM
@given(SUBSETS, SEEDS)
def test_one_more_question_shrinks_the_expected_error_exactly_as_probability_demands(
    items: list[Item], seed: int
) -> None:
    """Over right and wrong, weighted by how likely each is, mean and variance must add up to those before (Bayes)."""
    *rest, _ = answered(items, seed)
    asked = next(one for one in BANK if one.format is Format.CHOICE and one not in items)
    before = estimate(rest, MODEL)
    right, wrong = (estimate([*rest, (asked, answer)], MODEL) for answer in (best(asked), worst(asked)))
    chance = (before.overall.theta - wrong.overall.theta) / (right.overall.theta - wrong.overall.theta)

    for old, up, down in zip(estimates(before), estimates(right), estimates(wrong), strict=True):
        mean = chance * up.theta + (1 - chance) * down.theta
        remaining = chance * up.standard_error**2 + (1 - chance) * down.standard_error**2
        explained = chance * (1 - chance) * (up.theta - down.theta) ** 2

        assert mean == pytest.approx(old.theta, abs=1e-7)
        assert remaining + explained == pytest.approx(old.standard_error**2, abs=1e-7)
        assert remaining <= old.standard_error**2 + TINY


@CALM
@given(SEEDS)
def test_a_longer_sitting_is_more_certain_than_a_short_one_and_than_none(seed: int) -> None:
    pairs = answered(random.Random(seed).sample(BANK, len(BANK)), seed)

    none, few, form, everything = (
        estimate(pairs[:count], MODEL).overall.standard_error for count in (0, 6, 24, len(pairs))
    )

    assert none > few > form > everything


@pytest.mark.parametrize("format", FORMATS)
def test_dimension_estimate_agrees_with_plain_integration_over_a_standard_normal(format: Format) -> None:
    asked = item("O1-001", format, difficulty=4)

    for answer in possible_answers(asked):
        curve = outcome_curve(asked, answer, MODEL)
        weights = [math.exp(-0.5 * t * t) * c for t, c in zip(THETA_GRID, curve, strict=True)]
        expected = sum(w * t for w, t in zip(weights, THETA_GRID, strict=True)) / sum(weights)

        found = estimate([(asked, answer)], MODEL).dimensions[Dimension.DEVICES]

        assert found.theta == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("correlation", [0.2, 0.6, 0.9])
def test_unasked_dimensions_move_by_the_correlation(correlation: float) -> None:
    model = type(MODEL)(MODEL.discrimination, correlation, MODEL.difficulty, MODEL.step)

    found = estimate([(item("O1-001"), Chosen(0))], model).dimensions

    moved = {d: found[d].theta / found[Dimension.DEVICES].theta for d in OWNER_DIMENSIONS if d is not Dimension.DEVICES}
    assert moved == pytest.approx(dict.fromkeys(moved, correlation), abs=0.02)


def test_habits_leave_every_estimate_alone() -> None:
    pairs: list[Pair] = [(one, best(one)) for one in BANK[:5]]

    assert estimate([*pairs, (habit("H-001"), Chosen(3))], MODEL) == estimate(pairs, MODEL)


@pytest.mark.parametrize("format", FORMATS)
def test_likelihoods_of_all_different_outcomes_add_up_to_one(format: Format) -> None:
    asked = item("O1-001", format, difficulty=2)
    outcomes: dict[int, Answer] = {score(asked, a): a for a in possible_answers(asked) if not isinstance(a, Unknown)}

    curves = [outcome_curve(asked, answer, MODEL) for answer in outcomes.values()]

    assert [sum(at) for at in zip(*curves, strict=True)] == pytest.approx([1.0] * len(THETA_GRID))


@pytest.mark.parametrize(
    ("format", "right", "floor"), [(Format.CHOICE, Chosen(0), 0.25), (Format.NUMBER, Typed(100), 0.0)]
)
def test_only_a_choice_can_be_guessed(format: Format, right: Answer, floor: float) -> None:
    curve = outcome_curve(item("O1-001", format, difficulty=5), right, MODEL)

    assert curve[0] == pytest.approx(floor, abs=0.002)
    assert curve[-1] > 0.9


def test_half_of_two_steps_is_likeliest_in_the_middle() -> None:
    curve = outcome_curve(item("O1-001", Format.MULTIPLE), Ticked(0b001), MODEL)

    assert max(range(len(curve)), key=curve.__getitem__) == THETA_GRID.index(min(THETA_GRID, key=abs))


@pytest.mark.parametrize(("theta", "shown"), [(0, 50), (1, 62.5), (-1, 37.5), (4, 100), (4.5, 100), (-4, 0), (-9, 0)])
def test_scale_score_is_fifty_and_a_step_for_every_deviation(theta: float, shown: float) -> None:
    assert Estimate(theta, 0.4).scale_score == shown


@pytest.mark.parametrize(
    ("cut", "probability"), [(50, 0.5), (50 + 12.5 * 0.4, 0.841345), (50 - 12.5 * 0.4, 0.158655), (0, 0.0), (100, 1.0)]
)
def test_probability_below_a_cut_is_the_normal_one(cut: float, probability: float) -> None:
    assert Estimate(0, 0.4).probability_below(cut) == pytest.approx(probability, abs=1e-6)


COACH_BANK = real_release().under(Role.COACH).scored
AREAS = COACH_MODEL.areas


def test_nothing_answered_leaves_every_area_and_the_overall_at_the_population() -> None:
    found = estimate([], COACH_MODEL)

    for known in (found.overall, *found.areas.values()):
        assert known.theta == pytest.approx(0, abs=1e-9)
        assert known.standard_error == pytest.approx(1, abs=0.01)


def test_only_areas_of_several_dimensions_have_an_estimate_of_their_own() -> None:
    found = estimate([], COACH_MODEL)

    assert (list(found.areas), set(found.dimensions)) == ([Dimension.LITERACY], {*OWNER_DIMENSIONS, *COACH_DIMENSIONS})
    assert found.of(Dimension.LITERACY) == found.areas[Dimension.LITERACY]
    assert found.of(Dimension.COACHING) == found.dimensions[Dimension.COACHING]
    assert estimate([], MODEL).areas == {}


def test_two_dimensions_make_an_area() -> None:
    pair = (Dimension.DEVICES, Dimension.SAFETY)

    found = estimate([], replace(MODEL, areas={Dimension.LITERACY: pair}))

    assert found.areas == {Dimension.LITERACY: found.overall}


@CALM
@given(st.lists(st.sampled_from(COACH_BANK), max_size=31, unique_by=lambda one: one.code), SEEDS)
def test_area_is_the_mean_of_its_dimensions_and_the_overall_the_mean_of_the_areas(items: list[Item], seed: int) -> None:
    found = estimate(answered(items, seed), COACH_MODEL)

    means = [fmean(found.dimensions[d].theta for d in parts) for parts in AREAS.values()]
    squares = 1 / 36 / 8 + 5 / 36
    assert found.overall.theta * math.sqrt(0.6 + 0.4 * squares) == pytest.approx(fmean(means))
    assert found.areas[Dimension.LITERACY].theta * math.sqrt(0.6 + 0.4 / 8) == pytest.approx(means[0])


def test_errors_of_areas_agree_with_a_weighted_draw_from_the_population() -> None:
    pairs = answered(list(COACH_BANK[::9]), seed=5)
    known = [(parameters(one, COACH_MODEL), one.dimension, score(one, given)) for one, given in pairs]
    rng = random.Random(1)
    total = {"overall": [0.0, 0.0, 0.0], "literacy": [0.0, 0.0, 0.0]}
    for _ in range(40_000):
        g = rng.gauss(0, 1)
        theta = {d: math.sqrt(0.6) * g + math.sqrt(0.4) * rng.gauss(0, 1) for d in COACH_MODEL.dimensions}
        weight = math.prod(probabilities(p, theta[d])[points] for p, d, points in known if d is not None)
        means = [fmean(theta[d] for d in parts) for parts in AREAS.values()]
        overall = fmean(means) / math.sqrt(0.6 + 0.4 * (1 / 36 / 8 + 5 / 36))
        for name, value in (("overall", overall), ("literacy", means[0] / math.sqrt(0.6 + 0.4 / 8))):
            total[name] = [total[name][0] + weight, total[name][1] + weight * value, total[name][2] + weight * value**2]

    found = estimate(pairs, COACH_MODEL)

    for name, told in (("overall", found.overall), ("literacy", found.areas[Dimension.LITERACY])):
        mass, first, second = total[name]
        assert told.theta == pytest.approx(first / mass, abs=0.03)
        assert told.standard_error == pytest.approx(math.sqrt(second / mass - (first / mass) ** 2), abs=0.03)


def test_what_owners_answer_says_the_same_of_them_under_the_coaches_model() -> None:
    pairs = answered(list(BANK[::4]), seed=3)

    owners, coaches = estimate(pairs, MODEL), estimate(pairs, COACH_MODEL)

    for dimension in OWNER_DIMENSIONS:
        assert coaches.dimensions[dimension].theta == pytest.approx(owners.dimensions[dimension].theta)
    assert coaches.areas[Dimension.LITERACY].theta == pytest.approx(owners.overall.theta)
    assert coaches.areas[Dimension.LITERACY].standard_error == pytest.approx(owners.overall.standard_error)
