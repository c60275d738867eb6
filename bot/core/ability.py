"""Abilities from answers: one overall and one a dimension, each with a standard error.

The dimensions share a normal factor, so that each borrows strength from the others:
theta_d = sqrt(r)·g + sqrt(1 - r)·e_d, which gives every pair of dimensions the correlation r. Given g they are
independent, so that the posterior is an exact sum over two grids. Estimates are posterior means (Bock & Mislevy 1982),
finite for all-right and all-wrong.

An area of several dimensions is their mean, the overall ability the mean of the areas; both are scaled to variance one
in the population. A mean with weights w that sum to 1 has the variance r + (1 - r)·Σw².
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import mul

from bot.core.answer import Answer
from bot.core.item import Dimension, Item
from bot.core.response_model import THETA_GRID, Curve, Model, outcome_curve

FACTOR_GRID = tuple(-3.5 + 0.35 * step for step in range(21))


@dataclass(frozen=True, slots=True)
class Estimate:
    """An ability in population standard deviations, with its standard error in the same unit."""

    theta: float
    standard_error: float

    @property
    def scale_score(self) -> float:
        """Return the number that is shown: 50 + 12.5·theta, kept within 0 to 100. Not a percentage."""
        return min(100.0, max(0.0, 50 + 12.5 * self.theta))

    def probability_below(self, cut_score: float) -> float:
        """Return the probability that the true scale score lies below a cut."""
        distance = ((cut_score - 50) / 12.5 - self.theta) / self.standard_error
        return 0.5 * math.erfc(-distance / math.sqrt(2))


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a set of answers says about one person; `areas` are those of several dimensions."""

    overall: Estimate
    dimensions: Mapping[Dimension, Estimate]
    areas: Mapping[Dimension, Estimate] = field(default_factory=dict)

    def of(self, dimension: Dimension) -> Estimate:
        """Return the estimate of a dimension or an area."""
        return self.areas[dimension] if dimension in self.areas else self.dimensions[dimension]


@dataclass(frozen=True, slots=True)
class _Row:
    """P(theta | g) over the grid at one factor point, and the same times theta and theta squared."""

    weight: Curve
    first: Curve
    second: Curve


@lru_cache(maxsize=8)
def _conditional(correlation: float) -> tuple[_Row, ...]:
    loading, spread = math.sqrt(correlation), math.sqrt(1 - correlation)
    rows = []
    for g in FACTOR_GRID:
        raw = [math.exp(-0.5 * ((theta - loading * g) / spread) ** 2) for theta in THETA_GRID]
        total = sum(raw)
        weight = tuple(value / total for value in raw)
        first = tuple(map(mul, weight, THETA_GRID))
        rows.append(_Row(weight, first, tuple(map(mul, first, THETA_GRID))))
    return tuple(rows)


_FACTOR_PRIOR = tuple(math.exp(-0.5 * g * g) for g in FACTOR_GRID)


def estimate(answered: Iterable[tuple[Item, Answer]], model: Model) -> Abilities:
    """Estimate all abilities from the scored answers; their order does not matter; habits and neutral items are
    ignored.
    """
    _, moments, posterior = _posterior(answered, model)
    in_overall = {d: 1 / len(model.areas) / len(parts) for parts in model.areas.values() for d in parts}
    within = {area: dict.fromkeys(parts, 1 / len(parts)) for area, parts in model.areas.items() if len(parts) > 1}
    return Abilities(
        overall=_mean(posterior, moments, in_overall, model.correlation),
        dimensions={d: _marginal(posterior, at) for d, at in moments.items()},
        areas={area: _mean(posterior, moments, weights, model.correlation) for area, weights in within.items()},
    )


def posterior_curves(answered: Iterable[tuple[Item, Answer]], model: Model) -> Mapping[Dimension, Curve]:
    """Return for each dimension the posterior probability of every point of THETA_GRID."""
    likelihood, moments, posterior = _posterior(answered, model)
    rows = _conditional(model.correlation)
    found = {}
    for d in model.dimensions:
        shares = [p / m.mass for p, m in zip(posterior, moments[d], strict=True)]
        columns = zip(*(row.weight for row in rows), strict=True)
        found[d] = tuple(k * sum(map(mul, shares, c)) for k, c in zip(likelihood[d], columns, strict=True))
    return found


def _posterior(
    answered: Iterable[tuple[Item, Answer]], model: Model
) -> tuple[Mapping[Dimension, Curve], Mapping[Dimension, tuple[_Moments, ...]], list[float]]:
    """Return the likelihoods, the moments a dimension, and the posterior of the common factor."""
    likelihood = _likelihoods(answered, model)
    moments = {d: _moments(likelihood[d], model.correlation) for d in model.dimensions}
    return likelihood, moments, _factor_posterior(moments)


def _likelihoods(answered: Iterable[tuple[Item, Answer]], model: Model) -> Mapping[Dimension, Curve]:
    likelihood: dict[Dimension, Curve] = dict.fromkeys(model.dimensions, _NOTHING_KNOWN)
    for item, answer in sorted(answered, key=lambda pair: pair[0].code):
        if item.dimension in likelihood and item.counts:
            curve = outcome_curve(item, answer, model)
            likelihood[item.dimension] = tuple(map(mul, likelihood[item.dimension], curve))
    return likelihood


_NOTHING_KNOWN: Curve = (1.0,) * len(THETA_GRID)


@dataclass(frozen=True, slots=True)
class _Moments:
    """Of one dimension at one factor point: marginal likelihood, posterior mean and second moment."""

    mass: float
    mean: float
    square: float


@lru_cache(maxsize=2048)
def _moments(likelihood: Curve, correlation: float) -> tuple[_Moments, ...]:
    """Return the moments at every factor point; an answer changes one dimension, the others are remembered."""
    found = []
    for row in _conditional(correlation):
        mass = sum(map(mul, row.weight, likelihood))
        mean = sum(map(mul, row.first, likelihood)) / mass
        found.append(_Moments(mass, mean, sum(map(mul, row.second, likelihood)) / mass))
    return tuple(found)


def _factor_posterior(moments: Mapping[Dimension, tuple[_Moments, ...]]) -> list[float]:
    logs = [
        math.log(prior) + sum(math.log(at[index].mass) for at in moments.values())
        for index, prior in enumerate(_FACTOR_PRIOR)
    ]
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    total = sum(weights)
    return [weight / total for weight in weights]


def _marginal(posterior: list[float], at: tuple[_Moments, ...]) -> Estimate:
    mean = sum(p * m.mean for p, m in zip(posterior, at, strict=True))
    square = sum(p * m.square for p, m in zip(posterior, at, strict=True))
    return Estimate(mean, math.sqrt(square - mean * mean))


def _mean(
    posterior: list[float],
    moments: Mapping[Dimension, tuple[_Moments, ...]],
    weights: Mapping[Dimension, float],
    correlation: float,
) -> Estimate:
    """Return a weighted mean of dimensions, scaled to variance one in the population."""
    scale = math.sqrt(correlation + (1 - correlation) * sum(w * w for w in weights.values()))
    found = [[(w, moments[d][i]) for d, w in weights.items()] for i in range(len(posterior))]
    means = [sum(w * at.mean for w, at in row) for row in found]
    inner = [sum(w * w * (at.square - at.mean**2) for w, at in row) for row in found]
    mean = sum(p * m for p, m in zip(posterior, means, strict=True))
    variance = sum(p * (v + (m - mean) ** 2) for p, m, v in zip(posterior, means, inner, strict=True))
    return Estimate(mean / scale, math.sqrt(variance) / scale)
