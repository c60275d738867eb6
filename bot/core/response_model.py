"""How likely each outcome of an item is at each ability, and how much an item tells there.

Choice items follow the three-parameter logistic model with the guessing floor at 1/options (Birnbaum 1968, in Lord &
Novick); items with part credit follow the generalised partial credit model (Muraki 1992). Discrimination is equal, and
difficulty the expert's 1–5 in logits until an item is calibrated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.core.answer import Answer, score
from bot.core.item import OWNER_DIMENSIONS, Dimension, Format, Item

THETA_GRID = tuple(-4 + 0.2 * step for step in range(41))

Curve = tuple[float, ...]
"""One value at every point of THETA_GRID."""


@dataclass(frozen=True, slots=True)
class Model:
    """Parameters of the response model, versioned with the content.

    `difficulty` maps the expert's 1–5 to logits; `step` is half the distance between the two steps of a part-credit
    item; `areas` are what the overall ability is the mean of, each the mean of its dimensions.
    """

    discrimination: float
    correlation: float
    difficulty: tuple[float, float, float, float, float]
    step: float
    areas: Mapping[Dimension, tuple[Dimension, ...]] = field(
        default_factory=lambda: {d: (d,) for d in OWNER_DIMENSIONS}
    )

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return the dimensions that share the common factor."""
        return tuple(dimension for parts in self.areas.values() for dimension in parts)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Of one item: discrimination a, difficulty b (logits), guessing floor c, half-step where part credit exists."""

    a: float
    b: float
    c: float
    step: float | None


_GUESSABLE = (Format.CHOICE, Format.PICTURE)


def parameters(item: Item, model: Model) -> Parameters:
    """Return an item's parameters: its calibrated difficulty where it has one, else the expert's."""
    return Parameters(*_parameters(item, model))


def _parameters(item: Item, model: Model) -> tuple[float, float, float, float | None]:
    b = model.difficulty[item.difficulty - 1] if item.calibrated is None else item.calibrated
    floor = 1 / len(item.options) if item.format in _GUESSABLE else 0.0
    return model.discrimination, b, floor, model.step if item.max_score == 2 else None


def probabilities(known: Parameters, theta: float) -> tuple[float, ...]:
    """Return the probability of each score, 0 upwards, at an ability."""
    if known.step is None:
        right = known.c + (1 - known.c) * _logistic(known.a * (theta - known.b))
        return 1 - right, right
    first = math.exp(known.a * (theta - known.b + known.step))
    second = first * math.exp(known.a * (theta - known.b - known.step))
    total = 1 + first + second
    return 1 / total, first / total, second / total


def information(known: Parameters, theta: float) -> float:
    """Return Fisher's information of an item at an ability.

    For the 3PL a²(1−P)/P·((P−c)/(1−c))² (Lord 1980, eq. 5-6); for part credit a² times the variance of the score
    (Muraki 1993).
    """
    found = probabilities(known, theta)
    if known.step is None:
        right = found[1]
        return known.a**2 * (1 - right) / right * ((right - known.c) / (1 - known.c)) ** 2
    mean = found[1] + 2 * found[2]
    return known.a**2 * (found[1] + 4 * found[2] - mean**2)


def outcome_curve(item: Item, answer: Answer, model: Model) -> Curve:
    """Return the likelihood of this answer at every point of THETA_GRID.

    "Belum tahu" counts as wrong: a wrong choice has the likelihood (1 - c)(1 - P), which says the same about theta.
    """
    return _curves(*_parameters(item, model))[score(item, answer)]


@lru_cache(maxsize=2048)
def _curves(a: float, b: float, c: float, step: float | None) -> tuple[Curve, ...]:
    """Return the likelihood of each score over the grid; kept by plain numbers, which are found faster than an object
    of them.
    """
    known = Parameters(a, b, c, step)
    return tuple(zip(*(probabilities(known, theta) for theta in THETA_GRID), strict=True))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
