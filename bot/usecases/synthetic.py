"""Synthetic owners and coaches: abilities from the model's own population, answers from the items' true parameters."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations, product

from bot.core.answer import Answer, Chosen, Ordered, Replied, Ticked, Typed, Unknown, score
from bot.core.item import Dimension, Format, Item
from bot.core.release import Release
from bot.core.response_model import Model, Parameters, parameters, probabilities


@dataclass(frozen=True, slots=True)
class Owner:
    """A synthetic owner, or coach: true abilities in population standard deviations, and a source of luck. With a
    `name` the luck at each item is its own: the same, whatever else is asked.
    """

    theta: Mapping[Dimension, float]
    luck: random.Random
    name: str = ""

    def luck_at(self, item: Item) -> random.Random:
        """Return the source of luck for an answer to this item."""
        return random.Random(f"{self.name} {item.code}") if self.name else self.luck

    def overall(self, model: Model) -> float:
        """Return the true overall ability, scaled as the estimate is."""
        parts = model.areas.values()
        return self._mean({d: 1 / len(parts) / len(of) for of in parts for d in of}, model.correlation)

    def area(self, area: Dimension, model: Model) -> float:
        """Return the true ability in an area, scaled as the estimate is."""
        of = model.areas[area]
        return self._mean(dict.fromkeys(of, 1 / len(of)), model.correlation)

    def _mean(self, weights: Mapping[Dimension, float], correlation: float) -> float:
        scale = math.sqrt(correlation + (1 - correlation) * sum(w * w for w in weights.values()))
        return sum(w * self.theta[d] for d, w in weights.items()) / scale


def true_parameters(release: Release, *, noise: float, seed: int) -> Mapping[str, Parameters]:
    """Draw each item's true parameters: its difficulty lies off the present one by a normal error of `noise` logits."""
    rng = random.Random(f"{seed} items")
    found = {}
    for item in release.scored:
        known = parameters(item, release.model)
        found[item.code] = replace(known, b=known.b + rng.gauss(0, noise))
    return found


def with_difficulties(release: Release, *, difficulties: Mapping[str, float]) -> Release:
    """Return the release as if its items had been calibrated to these difficulties, in logits."""
    items = tuple(replace(i, calibrated=difficulties.get(i.code, i.calibrated)) for i in release.items)
    return replace(release, items=items)


def synthetic_owner(release: Release, *, seed: int, number: int, own_luck: bool = False) -> Owner:
    """Draw one owner from the population that the model assumes; with `own_luck` the same owner answers the same item
    alike in two releases.
    """
    rng = random.Random(f"{seed} owner {number}")
    r = release.model.correlation
    g = rng.gauss(0, 1)
    theta = {d: math.sqrt(r) * g + math.sqrt(1 - r) * rng.gauss(0, 1) for d in release.model.dimensions}
    return Owner(theta, rng, f"{seed} owner {number}" if own_luck else "")


def answer_of(owner: Owner, *, item: Item, known: Parameters) -> Answer:
    """Return what the owner answers: a score drawn from the true model, as an answer that earns it."""
    if item.dimension is None:
        return Chosen(owner.luck_at(item).randrange(len(item.options)))
    chances = probabilities(known, owner.theta[item.dimension])
    points = owner.luck_at(item).choices(range(len(chances)), chances)[0]
    return earning(item, points=points)


def earning(item: Item, *, points: int) -> Answer:
    """Return an answer of the item that is worth exactly these points."""
    return next(answer for answer in _possible(item) if score(item, answer) == points)


def _possible(item: Item) -> Iterator[Answer]:
    count = len(item.options)
    match item.format:
        case Format.NUMBER:
            assert item.numeric is not None
            yield from (Typed(item.numeric.value), Typed(item.numeric.high + 1))
        case Format.MULTIPLE:
            yield from (Ticked(mask) for mask in range(1, 1 << count))
        case Format.ORDER:
            yield from (Ordered(sequence) for sequence in permutations(range(count)))
        case Format.CONVERSATION:
            yield from (Replied(picks) for picks in product(*(range(len(turn.options)) for turn in item.turns)))
            yield Unknown()  # where every reply is worth something, only this is worth nothing
        case Format.CHOICE | Format.PICTURE | Format.SITUATION | Format.HABIT:
            yield from (Chosen(index) for index in range(count))
