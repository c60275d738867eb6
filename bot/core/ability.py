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
KEPT = 1024
"""Curves of which moments are kept."""


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


_LOG_PRIOR = tuple(-0.5 * g * g for g in FACTOR_GRID)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What a set of answers says, from which each estimate is worked out only where somebody asks for it."""

    model: Model
    likelihood: Mapping[Dimension, Curve]
    factor: tuple[float, ...]

    def theta(self, dimension: Dimension) -> float:
        """Return the ability in one measured dimension, in population standard deviations."""
        means = _means(self.likelihood[dimension], self.model.correlation)
        theta: float = sum(map(mul, self.factor, means))
        return theta

    def dimension(self, dimension: Dimension) -> Estimate:
        """Return the estimate of one measured dimension."""
        mean = self.theta(dimension)
        square = sum(map(mul, self.factor, _squares(self.likelihood[dimension], self.model.correlation)))
        return Estimate(mean, math.sqrt(square - mean * mean))

    def overall(self) -> Estimate:
        """Return the overall ability: the mean of the areas."""
        areas = self.model.areas
        return self._mean({d: 1 / len(areas) / len(parts) for parts in areas.values() for d in parts})

    def area(self, area: Dimension) -> Estimate:
        """Return the ability in an area: the mean of its dimensions."""
        parts = self.model.areas[area]
        return self._mean(dict.fromkeys(parts, 1 / len(parts)))

    def abilities(self) -> Abilities:
        """Return all estimates."""
        return Abilities(
            overall=self.overall(),
            dimensions={d: self.dimension(d) for d in self.likelihood},
            areas={area: self.area(area) for area, parts in self.model.areas.items() if len(parts) > 1},
        )

    def _mean(self, weights: Mapping[Dimension, float]) -> Estimate:
        """Return a weighted mean of dimensions, scaled to variance one in the population."""
        correlation = self.model.correlation
        scale = math.sqrt(correlation + (1 - correlation) * sum(w * w for w in weights.values()))
        found = [(w, self.likelihood[d]) for d, w in weights.items()]
        means = list(map(sum, zip(*([w * m for m in _means(at, correlation)] for w, at in found), strict=True)))
        inner = map(sum, zip(*([w * w * v for v in _variances(at, correlation)] for w, at in found), strict=True))
        mean = sum(map(mul, self.factor, means))
        variance = sum(p * (v + (m - mean) ** 2) for p, m, v in zip(self.factor, means, inner, strict=True))
        return Estimate(mean / scale, math.sqrt(variance) / scale)


def posterior(answered: Iterable[tuple[Item, Answer]], model: Model) -> Posterior:
    """Weigh the scored answers; their order does not matter; habits and neutral items are ignored."""
    likelihood = _likelihoods(answered, model)
    return Posterior(model, likelihood, _factor_posterior(likelihood.values(), model.correlation))


def estimate(answered: Iterable[tuple[Item, Answer]], model: Model) -> Abilities:
    """Estimate all abilities from the scored answers, as `posterior` weighs them."""
    return posterior(answered, model).abilities()


def posterior_curves(answered: Iterable[tuple[Item, Answer]], model: Model) -> Mapping[Dimension, Curve]:
    """Return for each dimension the posterior probability of every point of THETA_GRID."""
    known = posterior(answered, model)
    columns = tuple(zip(*(row.weight for row in _conditional(model.correlation)), strict=True))
    found = {}
    for d, likelihood in known.likelihood.items():
        shares = [p / mass for p, mass in zip(known.factor, _masses(likelihood, model.correlation), strict=True)]
        found[d] = tuple(k * sum(map(mul, shares, c)) for k, c in zip(likelihood, columns, strict=True))
    return found


def _likelihoods(answered: Iterable[tuple[Item, Answer]], model: Model) -> Mapping[Dimension, Curve]:
    likelihood: dict[Dimension, Curve] = dict.fromkeys(model.dimensions, _NOTHING_KNOWN)
    for item, answer in sorted(answered, key=lambda pair: pair[0].code):
        if item.dimension in likelihood and item.counts:
            curve, before = outcome_curve(item, answer, model), likelihood[item.dimension]
            likelihood[item.dimension] = curve if before is _NOTHING_KNOWN else tuple(map(mul, before, curve))
    return likelihood


_NOTHING_KNOWN: Curve = (1.0,) * len(THETA_GRID)


# Of one dimension at every factor point; an answer changes one dimension, and what is known of the others is kept.


@lru_cache(maxsize=KEPT)
def _masses(likelihood: Curve, correlation: float) -> tuple[float, ...]:
    """Return the marginal likelihoods."""
    return tuple(sum(map(mul, row.weight, likelihood)) for row in _conditional(correlation))


@lru_cache(maxsize=KEPT)
def _log_masses(likelihood: Curve, correlation: float) -> tuple[float, ...]:
    return tuple(map(math.log, _masses(likelihood, correlation)))


@lru_cache(maxsize=KEPT)
def _means(likelihood: Curve, correlation: float) -> tuple[float, ...]:
    """Return the posterior means."""
    rows = zip(_conditional(correlation), _masses(likelihood, correlation), strict=True)
    return tuple(sum(map(mul, row.first, likelihood)) / mass for row, mass in rows)


@lru_cache(maxsize=KEPT)
def _squares(likelihood: Curve, correlation: float) -> tuple[float, ...]:
    """Return the posterior second moments."""
    rows = zip(_conditional(correlation), _masses(likelihood, correlation), strict=True)
    return tuple(sum(map(mul, row.second, likelihood)) / mass for row, mass in rows)


@lru_cache(maxsize=KEPT)
def _variances(likelihood: Curve, correlation: float) -> tuple[float, ...]:
    """Return the posterior variances."""
    moments = zip(_squares(likelihood, correlation), _means(likelihood, correlation), strict=True)
    return tuple(square - mean**2 for square, mean in moments)


def _factor_posterior(likelihoods: Iterable[Curve], correlation: float) -> tuple[float, ...]:
    columns = zip(*(_log_masses(likelihood, correlation) for likelihood in likelihoods), strict=True)
    logs = [prior + sum(column) for prior, column in zip(_LOG_PRIOR, columns, strict=True)]
    top = max(logs)
    weights = [math.exp(value - top) for value in logs]
    total = sum(weights)
    return tuple(weight / total for weight in weights)
