"""Difficulties from answers: marginal maximum a posteriori by EM, everything but the difficulties held fixed.

Answers are sparse (each sitting meets a part of the bank), so only difficulty is calibrated, as in the Rasch tradition,
until an item has about a thousand answers. Each difficulty has a normal prior around the expert's (Mislevy 1986).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.ability import posterior_curves
from bot.core.answer import Answer, score
from bot.core.item import Dimension, Item
from bot.core.response_model import THETA_GRID, Curve, Model, Parameters, information, parameters, probabilities

ROUNDS = 6
PRIOR_SPREAD = 1.0
WIDEST = 4.0


@dataclass(frozen=True, slots=True)
class Calibrated:
    """An item's difficulty in logits with its standard error, and how many answers it rests on."""

    difficulty: float
    standard_error: float
    answers: int


Sitting = Sequence[tuple[Item, Answer]]


def calibrate(
    sittings: Sequence[Sitting],
    model: Model,
    *,
    of: Container[Dimension] = tuple(Dimension),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Mapping[str, Calibrated]:
    """Estimate the difficulty of every scored item that was answered; the expert's view is where each starts.

    Items of other dimensions than `of` keep their difficulty: they only tell how able somebody is.
    """
    items = {item.code: item for sitting in sittings for item, _ in sitting if item.counts and item.dimension in of}
    expert = {code: parameters(replace(item, calibrated=None), model) for code, item in items.items()}
    found = {code: known.b for code, known in expert.items()}
    counts: Mapping[str, tuple[Curve, ...]] = {}
    for round_number in range(ROUNDS):
        counts = _expected_counts(sittings, model, found)
        found = {code: _best_difficulty(expert[code], counts[code]) for code in found}
        progress(round_number + 1, ROUNDS)
    return {code: _with_error(replace(expert[code], b=b), counts[code]) for code, b in found.items()}


def _expected_counts(
    sittings: Iterable[Sitting], model: Model, difficulties: Mapping[str, float]
) -> Mapping[str, tuple[Curve, ...]]:
    """Return per item and score how many people are expected at each ability (the E step)."""
    counts: dict[str, list[list[float]]] = {}
    for sitting in sittings:
        placed = [(replace(i, calibrated=difficulties.get(i.code, i.calibrated)), a) for i, a in sitting if i.counts]
        curves = posterior_curves(placed, model)
        for item, answer in placed:
            if item.code not in difficulties:
                continue
            assert item.dimension is not None
            rows = counts.setdefault(item.code, [[0.0] * len(THETA_GRID) for _ in range(item.max_score + 1)])
            row = rows[score(item, answer)]
            row[:] = map(sum, zip(row, curves[item.dimension], strict=True))
    return {code: tuple(map(tuple, rows)) for code, rows in counts.items()}


def _best_difficulty(expert: Parameters, counts: tuple[Curve, ...]) -> float:
    """Return the difficulty of highest posterior (the M step), by golden section."""

    def misfit(b: float) -> float:
        known = replace(expert, b=b)
        total = 0.5 * ((b - expert.b) / PRIOR_SPREAD) ** 2
        for index, theta in enumerate(THETA_GRID):
            chances = probabilities(known, theta)
            total -= sum(row[index] * math.log(p) for row, p in zip(counts, chances, strict=True))
        return total

    ratio = (math.sqrt(5) - 1) / 2
    low, high = -WIDEST, WIDEST
    while high - low > 0.005:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if misfit(left) < misfit(right):
            high = right
        else:
            low = left
    return (low + high) / 2


def _with_error(known: Parameters, counts: tuple[Curve, ...]) -> Calibrated:
    """Add the standard error from the information about b, which enters as theta - b and so is that about theta."""
    people = [sum(column) for column in zip(*counts, strict=True)]
    told = sum(n * information(known, theta) for n, theta in zip(people, THETA_GRID, strict=True))
    return Calibrated(known.b, 1 / math.sqrt(told + 1 / PRIOR_SPREAD**2), round(sum(people)))
