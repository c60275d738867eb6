"""How somebody in the demo answers: as the response model says of their abilities, and as sure as they are."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.answer import ONE_CHOICE, Answer, Chosen, Unknown, score
from bot.core.attempt import Confidence, Response
from bot.core.item import Dimension, Item
from bot.core.release import Release
from bot.core.response_model import parameters, probabilities
from bot.usecases.synthetic import earning

KEPT = 0.6
"""How much better habits are kept than known about, in population standard deviations."""
HONEST = 0.3
"""The share of what is not known that is answered with "Belum tahu"."""


@dataclass(frozen=True, slots=True)
class Mind:
    """True abilities in population standard deviations, and luck; `sure` is who never doubts an answer."""

    theta: Mapping[Dimension, float]
    luck: random.Random
    sure: bool = False

    def answer(self, item: Item, release: Release) -> Answer:
        """Return an answer, right as often as the abilities make it."""
        if item.is_habit:
            theta = self.theta[item.supports] if item.supports else 0.0
            weights = [math.exp((theta + KEPT) * option.score) for option in item.options]
            return Chosen(self.luck.choices(range(len(item.options)), weights)[0])
        assert item.dimension is not None
        chances = probabilities(parameters(item, release.model), self.theta[item.dimension])
        points = self.luck.choices(range(len(chances)), chances)[0]
        if points == 0 and not self.sure and self.luck.random() < HONEST:
            return Unknown()
        if item.format in ONE_CHOICE:
            worth = [Chosen(n) for n in range(len(item.options)) if score(item, Chosen(n)) == points]
            return self.luck.choice(worth)
        return earning(item, points=points)

    def confidence(self, response: Response, release: Release) -> Confidence:
        """Return how sure an answer was: who doubts at all doubts what is wrong."""
        if self.sure:
            return Confidence.SURE
        is_right = score(release.item_by_code[response.item_code], response.answer) > 0
        weights = (5, 4, 1) if is_right else (0, 5, 4)
        return self.luck.choices((Confidence.SURE, Confidence.FAIRLY, Confidence.GUESS), weights)[0]
