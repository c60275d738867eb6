"""The measurement model: one overall ability and eight dimension abilities, each with a standard error.

Choice items follow the three-parameter logistic model with the guessing floor at 1/options (Birnbaum 1968, in Lord &
Novick);
items with part credit follow the generalised partial credit model (Muraki 1992). The dimensions share a normal
factor, so that each
borrows strength from the others: theta_d = sqrt(r)·g + sqrt(1 - r)·e_d, which gives every pair of dimensions the
correlation r.
Estimates are posterior means on a grid (Bock & Mislevy 1982), finite for all-right and all-wrong. The overall ability
is the mean of
the dimensions, scaled to variance one in the population.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from bot.core.answer import Answer, score
from bot.core.item import Dimension, Format, Item

THETA_GRID = tuple(-4 + 0.2 * step for step in range(41))
FACTOR_GRID = tuple(-3.5 + 0.35 * step for step in range(21))


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters of the response model, versioned with the content.

    `difficulty` maps the expert's 1–5 to logits; `step` is half the distance between the two steps of a part-credit
    item.
    """

    discrimination: float
    correlation: float
    difficulty: tuple[float, float, float, float, float]
    step: float


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
    """What a set of answers says about one person."""

    overall: Estimate
    dimensions: Mapping[Dimension, Estimate]


Curve = tuple[float, ...]


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@lru_cache(maxsize=4096)
def _curve(format: Format, options: int, difficulty: int, points: int, model: Model) -> Curve:
    """Return the likelihood of one outcome over the theta grid."""
    a, b = model.discrimination, model.difficulty[difficulty - 1]
    if format in (Format.SITUATION, Format.MULTIPLE):
        return tuple(_partial_credit(a, b, model.step, theta)[points] for theta in THETA_GRID)
    floor = 1 / options if format is Format.CHOICE else 0.0
    right = tuple(floor + (1 - floor) * _logistic(a * (theta - b)) for theta in THETA_GRID)
    return right if points else tuple(1 - p for p in right)


def _partial_credit(a: float, b: float, step: float, theta: float) -> tuple[float, float, float]:
    first = math.exp(a * (theta - b + step))
    second = first * math.exp(a * (theta - b - step))
    total = 1 + first + second
    return 1 / total, first / total, second / total


def outcome_curve(item: Item, answer: Answer, model: Model) -> Curve:
    """Return the likelihood of this answer at every point of THETA_GRID.

    "Belum tahu" counts as wrong: a wrong choice has the likelihood (1 - c)(1 - P), which says the same about theta.
    """
    return _curve(item.format, len(item.options), item.difficulty, score(item, answer), model)


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
    """Estimate all abilities from the scored answers; their order does not matter, and habits are ignored."""
    likelihood: dict[Dimension, Curve] = dict.fromkeys(Dimension, _NOTHING_KNOWN)
    for item, answer in sorted(answered, key=lambda pair: pair[0].code):
        if item.dimension is not None:
            curve = outcome_curve(item, answer, model)
            likelihood[item.dimension] = tuple(map(mul, likelihood[item.dimension], curve))
    moments = {d: _moments(likelihood[d], model.correlation) for d in Dimension}
    posterior = _factor_posterior(moments)
    dimensions = {d: _marginal(posterior, moments[d]) for d in Dimension}
    return Abilities(overall=_overall(posterior, moments, model.correlation), dimensions=dimensions)


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


def _overall(posterior: list[float], moments: Mapping[Dimension, tuple[_Moments, ...]], correlation: float) -> Estimate:
    count = len(moments)
    scale = math.sqrt(correlation + (1 - correlation) / count)
    means = [sum(at[i].mean for at in moments.values()) / count for i in range(len(posterior))]
    inner = [sum(at[i].square - at[i].mean ** 2 for at in moments.values()) / count**2 for i in range(len(posterior))]
    mean = sum(p * m for p, m in zip(posterior, means, strict=True))
    variance = sum(p * (v + (m - mean) ** 2) for p, m, v in zip(posterior, means, inner, strict=True))
    return Estimate(mean / scale, math.sqrt(variance) / scale)
