"""Synthetic owners walk through the real selection and scoring of a content release: how well would it measure?"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.core.ability import Abilities, estimate
from bot.core.answer import Answer, Chosen, Ticked, Typed, score
from bot.core.item import Dimension, Format, Item
from bot.core.release import Release
from bot.core.response_model import Parameters, information, parameters, probabilities
from bot.core.selection import next_item

Asked = list[tuple[Item, Answer]]
Chooser = Callable[[Release, int, Asked], Item | None]


@dataclass(frozen=True, slots=True)
class Owner:
    """A synthetic owner: true abilities in population standard deviations, and a source of luck."""

    theta: Mapping[Dimension, float]
    luck: random.Random

    def overall(self, correlation: float) -> float:
        """Return the true overall ability, scaled as the estimate is."""
        count = len(self.theta)
        return sum(self.theta.values()) / count / math.sqrt(correlation + (1 - correlation) / count)


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulation found. Reliabilities are squared correlations of estimate and truth over the owners."""

    owners: int
    reliability: float
    dimension_reliability: float
    exact_level: float
    within_one_level: float
    weakest_hit: float
    mean_items: float
    top_exposure: float
    milliseconds: float


@dataclass(slots=True)
class _Tally:
    estimates: list[Abilities] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)
    items: int = 0
    steps: int = 0
    seconds: float = 0.0
    exposure: Counter[str] = field(default_factory=Counter)


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


def synthetic_owner(release: Release, *, seed: int, number: int) -> Owner:
    """Draw one owner from the population that the model assumes."""
    rng = random.Random(f"{seed} owner {number}")
    r = release.model.correlation
    g = rng.gauss(0, 1)
    return Owner({d: math.sqrt(r) * g + math.sqrt(1 - r) * rng.gauss(0, 1) for d in Dimension}, rng)


def answer_of(owner: Owner, *, item: Item, known: Parameters) -> Answer:
    """Return what the owner answers: a score drawn from the true model, as an answer that earns it."""
    if item.dimension is None:
        return Chosen(owner.luck.randrange(len(item.options)))
    chances = probabilities(known, owner.theta[item.dimension])
    points = owner.luck.choices(range(len(chances)), chances)[0]
    return earning(item, points=points)


def earning(item: Item, *, points: int) -> Answer:
    """Return an answer of the item that is worth exactly these points."""
    if item.numeric is not None:
        return Typed(item.numeric.value if points else item.numeric.high + 1)
    if item.format is Format.MULTIPLE:
        masks = range(1, 1 << len(item.options))
        return next(Ticked(mask) for mask in masks if score(item, Ticked(mask)) == points)
    return next(Chosen(index) for index, option in enumerate(item.options) if option.score == points)


def adaptive(today: date) -> Chooser:
    """Return the product's own choice of items."""

    def choose(release: Release, seed: int, asked: Asked) -> Item | None:
        return next_item(
            release, seed=seed, asked=asked, avoid=frozenset(), keep=frozenset(), business=None, today=today
        )

    return choose


def fixed_form(release: Release) -> Chooser:
    """Return the best form that is the same for all: per dimension the items that tell most over the population."""

    def worth(item: Item) -> float:
        known = parameters(item, release.model)
        return sum(math.exp(-0.5 * t * t) * information(known, t) for t in (x / 4 for x in range(-12, 13)))

    form: list[Item] = []
    for plan in release.form.dimensions:
        here = [item for item in release.scored if item.dimension is plan.dimension]
        form += sorted(here, key=worth, reverse=True)[: plan.questions]
    return lambda _, __, asked: form[len(asked)] if len(asked) < len(form) else None


def random_items(release: Release) -> Chooser:
    """Return a choice by chance within the form's shares."""

    def choose(_: Release, seed: int, asked: Asked) -> Item | None:
        form: list[Item] = []
        for plan in release.form.dimensions:
            here = [item for item in release.scored if item.dimension is plan.dimension]
            form += random.Random(f"{seed} {plan.dimension}").sample(here, plan.questions)
        return form[len(asked)] if len(asked) < len(form) else None

    return choose


def with_items(release: Release, *, count: int) -> Release:
    """Return the release with a form of another length, shared out as the present one (largest remainder)."""
    plans = release.form.dimensions
    exact = [plan.questions * count / release.form.scored_count for plan in plans]
    shares = [int(value) for value in exact]
    for index in sorted(range(len(plans)), key=lambda i: shares[i] - exact[i])[: count - sum(shares)]:
        shares[index] += 1
    pairs = zip(plans, shares, strict=True)
    return replace(release, form=replace(release.form, dimensions=tuple(replace(p, questions=n) for p, n in pairs)))


def simulate(
    release: Release,
    *,
    owners: int,
    seed: int,
    truth: Mapping[str, Parameters],
    choose: Chooser,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Let synthetic owners take the whole assessment and compare what it says with what is true."""
    tally = _Tally()
    for number in range(owners):
        owner = synthetic_owner(release, seed=seed, number=number)
        asked = _sitting(release, owner, seed * 1_000_003 + number, truth, choose, tally)
        began = time.process_time()
        tally.estimates.append(estimate(asked, release.model))
        tally.seconds += time.process_time() - began
        tally.owners.append(owner)
        progress(number + 1)
    return _report(release, tally)


def sittings(
    release: Release, *, owners: int, seed: int, truth: Mapping[str, Parameters], choose: Chooser
) -> list[Asked]:
    """Return what synthetic owners answered, to calibrate on."""
    tally = _Tally()
    found = []
    for number in range(owners):
        owner = synthetic_owner(release, seed=seed, number=number)
        found.append(_sitting(release, owner, seed * 1_000_003 + number, truth, choose, tally))
    return found


def _sitting(
    release: Release, owner: Owner, seed: int, truth: Mapping[str, Parameters], choose: Chooser, tally: _Tally
) -> Asked:
    asked: Asked = []
    while True:
        began = time.process_time()
        item = choose(release, seed, asked)
        tally.seconds += time.process_time() - began
        tally.steps += 1
        if item is None:
            return asked
        asked.append((item, answer_of(owner, item=item, known=truth[item.code]) if item.code in truth else Chosen(0)))
        if not item.is_habit:
            tally.items += 1
            tally.exposure[item.code] += 1


def _report(release: Release, tally: _Tally) -> Report:
    r = release.model.correlation
    count = len(tally.owners)
    said = [found.overall.theta for found in tally.estimates]
    true = [owner.overall(r) for owner in tally.owners]
    steps = [abs(_level(release, a) - _level(release, b)) for a, b in zip(said, true, strict=True)]
    by_dimension = [
        _reliability([f.dimensions[d].theta for f in tally.estimates], [o.theta[d] for o in tally.owners])
        for d in Dimension
    ]
    return Report(
        owners=count,
        reliability=_reliability(said, true),
        dimension_reliability=sum(by_dimension) / len(by_dimension),
        exact_level=sum(step == 0 for step in steps) / count,
        within_one_level=sum(step <= 1 for step in steps) / count,
        weakest_hit=sum(map(_weakest_hit, tally.estimates, tally.owners)) / count,
        mean_items=tally.items / count,
        top_exposure=max(tally.exposure.values()) / count,
        milliseconds=1000 * tally.seconds / tally.steps,
    )


def _level(release: Release, theta: float) -> int:
    scale = 50 + 12.5 * theta
    return sum(scale >= level.cut_score for level in release.levels[1:])


def _weakest_hit(found: Abilities, owner: Owner) -> float:
    """Return the share of the two dimensions said to be weakest that are among the three truly weakest."""
    said = sorted(Dimension, key=lambda d: found.dimensions[d].theta)[:2]
    true = sorted(Dimension, key=lambda d: owner.theta[d])[:3]
    return sum(d in true for d in said) / 2


def _reliability(said: Sequence[float], true: Sequence[float]) -> float:
    """Return the squared correlation of estimates with the truth."""
    mean_said, mean_true = sum(said) / len(said), sum(true) / len(true)
    together = sum((a - mean_said) * (b - mean_true) for a, b in zip(said, true, strict=True))
    spread = sum((a - mean_said) ** 2 for a in said) * sum((b - mean_true) ** 2 for b in true)
    return together**2 / spread
