"""Difficulties found again from simulated answers."""

from __future__ import annotations

import math

import pytest

from bot.core.ability import estimate, posterior_curves
from bot.core.calibration import PRIOR_SPREAD, calibrate
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS
from bot.core.person import Role
from bot.core.response_model import THETA_GRID, parameters
from bot.usecases.choosers import adaptive
from bot.usecases.simulating import sittings
from bot.usecases.synthetic import true_parameters
from tests.core.builders import MODEL, TODAY, Pair, real_release


def test_posterior_curves_have_the_estimates_mean() -> None:
    release = real_release()
    truth = true_parameters(release, noise=0.6, seed=3)
    (asked,) = sittings(release, owners=1, seed=3, truth=truth, choose=adaptive(TODAY))

    curves = posterior_curves(asked, release.model)

    estimates = estimate(asked, release.model).dimensions
    for dimension in OWNER_DIMENSIONS:
        assert sum(curves[dimension]) == pytest.approx(1)
        mean = sum(p * t for p, t in zip(curves[dimension], THETA_GRID, strict=True))
        assert mean == pytest.approx(estimates[dimension].theta)


def test_calibration_comes_nearer_to_the_truth_than_the_expert() -> None:
    release = real_release()
    truth = true_parameters(release, noise=0.6, seed=1)
    answered = sittings(release, owners=300, seed=9, truth=truth, choose=adaptive(TODAY))

    found = calibrate(answered, release.model)

    off = [found[code].difficulty - truth[code].b for code in found]
    expert_off = [parameters(release.item_by_code[code], release.model).b - truth[code].b for code in found]
    assert found.keys() == {one.code for pairs in answered for one, _ in scored(pairs)}
    assert len(found) > 0.95 * len(truth)
    assert _spread(off) < 0.5 * _spread(expert_off)
    assert 0.8 < _spread([o / found[code].standard_error for o, code in zip(off, found, strict=True)]) < 1.4
    assert sum(c.answers for c in found.values()) == sum(len(scored(pairs)) for pairs in answered)


def test_calibration_of_few_answers_stays_near_the_expert_and_says_how_unsure_it_is() -> None:
    release = real_release()
    truth = true_parameters(release, noise=0.6, seed=1)
    answered: list[list[Pair]] = sittings(release, owners=1, seed=9, truth=truth, choose=adaptive(TODAY))

    found = calibrate(answered, release.model)

    for code, calibrated in found.items():
        assert calibrated.answers == 1
        assert abs(calibrated.difficulty - parameters(release.item_by_code[code], MODEL).b) < PRIOR_SPREAD
        assert 0.6 < calibrated.standard_error < PRIOR_SPREAD


def test_calibration_of_nothing_is_nothing() -> None:
    assert calibrate([], MODEL) == {}


def scored(pairs: list[Pair]) -> list[Pair]:
    return [(one, given) for one, given in pairs if one.counts]


def _spread(values: list[float]) -> float:
    return math.sqrt(sum(v * v for v in values) / len(values))


def test_items_of_other_dimensions_keep_their_difficulty() -> None:
    coaches = real_release().under(Role.COACH)
    truth = true_parameters(coaches, noise=0.6, seed=1)
    answered = sittings(coaches, owners=200, seed=9, truth=truth, choose=adaptive(TODAY))

    found = calibrate(answered, coaches.model, of=COACH_DIMENSIONS)

    own = {one.code for pairs in answered for one, _ in pairs if one.dimension in COACH_DIMENSIONS}
    off = [found[code].difficulty - truth[code].b for code in found]
    expert_off = [parameters(coaches.item_by_code[code], coaches.model).b - truth[code].b for code in found]
    assert found.keys() == own
    assert _spread(off) < 0.6 * _spread(expert_off)
