"""Synthetic owners or coaches walk through the real selection and scoring of a release: how well would it measure?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from bot.core.ability import Abilities, estimate
from bot.core.answer import Chosen
from bot.core.bands import call_level
from bot.core.item import Dimension
from bot.core.release import Release
from bot.core.response_model import Model, Parameters
from bot.usecases.choosers import Asked, Chooser
from bot.usecases.synthetic import Owner, answer_of, synthetic_owner

DAMPING = 0.7
"""How much of a correction is made in one round."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a simulation found. Reliabilities are squared correlations of estimate and truth over the owners;
    that of the dimensions is the mean of what a result shows.

    `settled_level` is the share of owners whose level is told with at least the probability that settles it.
    """

    owners: int
    reliability: float
    dimension_reliability: float
    by_area: Mapping[Dimension, float]
    exact_level: float
    within_one_level: float
    settled_level: float
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
    return _report(release, _taken(release, owners, seed, truth, choose, progress, own_luck=False))


@dataclass(frozen=True, slots=True)
class Taken:
    """A report, the level that each owner was told, and how often each item was asked."""

    report: Report
    levels: tuple[str, ...]
    asked: Mapping[str, int]


def take(
    release: Release,
    *,
    owners: int,
    seed: int,
    truth: Mapping[str, Parameters],
    choose: Chooser,
    progress: Callable[[int], None] = lambda done: None,
) -> Taken:
    """Simulate as `simulate` does, but so that two releases can be compared person by person: from the same seed, each
    owner answers an item that both ask alike.
    """
    tally = _taken(release, owners, seed, truth, choose, progress, own_luck=True)
    levels = tuple(call_level(found.overall, release.levels).level.name for found in tally.estimates)
    return Taken(_report(release, tally), levels, dict(tally.exposure))


def _taken(
    release: Release,
    owners: int,
    seed: int,
    truth: Mapping[str, Parameters],
    choose: Chooser,
    progress: Callable[[int], None],
    *,
    own_luck: bool,
) -> _Tally:
    tally = _Tally()
    for number in range(owners):
        owner = synthetic_owner(release, seed=seed, number=number, own_luck=own_luck)
        asked = _sitting(release, owner, seed * 1_000_003 + number, truth, choose, tally)
        began = time.process_time()
        tally.estimates.append(estimate(asked, release.model))
        tally.seconds += time.process_time() - began
        tally.owners.append(owner)
        progress(number + 1)
    return tally


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


def reliability_by_length(
    release: Release, *, owners: int, seed: int, truth: Mapping[str, Parameters], choose: Chooser
) -> list[float]:
    """Return the overall reliability after 1, 2, 3 … scored items of the release's form."""
    tally = _Tally()
    people = [synthetic_owner(release, seed=seed, number=number) for number in range(owners)]
    said: list[list[float]] = []
    for number, owner in enumerate(people):
        asked = _sitting(release, owner, seed * 1_000_003 + number, truth, choose, tally)
        scored = [pair for pair in asked if pair[0].counts]
        said.append([estimate(scored[: n + 1], release.model).overall.theta for n in range(len(scored))])
    true = [owner.overall(release.model) for owner in people]
    return [_reliability(column, true) for column in zip(*said, strict=False)]


def items_needed(reliabilities: Sequence[float], *, target: float) -> float | None:
    """Return after how many items the target was reached, between two lengths by interpolation; None if it was not."""
    before = 0.0
    for count, value in enumerate(reliabilities, start=1):
        if value >= target:
            return count - (value - target) / (value - before)
        before = value
    return None


def hold_back(
    release: Release,
    *,
    owners: int,
    seed: int,
    truth: Mapping[str, Parameters],
    choose: Chooser,
    limit: float,
    rounds: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Mapping[str, float]:
    """Return the share of sittings that may ask each item, below 1, so that none is asked in more than `limit` of all.

    Simulates and corrects in turns (Sympson & Hetter 1985), gently, for holding one item back brings others forward.
    """
    admitted = {item.code: 1.0 for item in release.scored}
    for round_number in range(rounds):
        items = tuple(replace(item, admitted=admitted.get(item.code, 1.0)) for item in release.items)
        tried = replace(release, items=items)
        tally = _Tally()
        for number in range(owners):
            owner = synthetic_owner(tried, seed=seed, number=number)
            _sitting(tried, owner, seed * 1_000_003 + round_number * owners + number, truth, choose, tally)
        for code, count in tally.exposure.items():
            admitted[code] = min(1.0, max(0.02, admitted[code] * (limit * owners / count) ** DAMPING))
        progress(round_number + 1)
    return {code: round(share, 2) for code, share in sorted(admitted.items()) if share < 0.99}


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
    model = release.model
    count = len(tally.owners)
    said = [found.overall.theta for found in tally.estimates]
    true = [owner.overall(model) for owner in tally.owners]
    steps = [abs(_level(release, a) - _level(release, b)) for a, b in zip(said, true, strict=True)]
    by_area = {
        area: _reliability([f.of(area).theta for f in tally.estimates], [o.area(area, model) for o in tally.owners])
        for area in model.areas
    }
    return Report(
        owners=count,
        reliability=_reliability(said, true),
        dimension_reliability=fmean(by_area.values()),
        by_area=by_area,
        exact_level=sum(step == 0 for step in steps) / count,
        within_one_level=sum(step <= 1 for step in steps) / count,
        settled_level=sum(_is_settled(release, found) for found in tally.estimates) / count,
        weakest_hit=fmean(_weakest_hit(f, o, model) for f, o in zip(tally.estimates, tally.owners, strict=True)),
        mean_items=tally.items / count,
        top_exposure=max(tally.exposure.values()) / count,
        milliseconds=1000 * tally.seconds / tally.steps,
    )


def _is_settled(release: Release, found: Abilities) -> bool:
    return call_level(found.overall, release.levels).probability >= release.rules.level_probability


def _level(release: Release, theta: float) -> int:
    scale = 50 + 12.5 * theta
    return sum(scale >= level.cut_score for level in release.levels[1:])


def _weakest_hit(found: Abilities, owner: Owner, model: Model) -> float:
    """Return the share of the two areas said to be weakest that are among the three truly weakest."""
    said = sorted(model.areas, key=lambda d: found.of(d).theta)[:2]
    true = sorted(model.areas, key=lambda d: owner.area(d, model))[:3]
    return sum(d in true for d in said) / 2


def _reliability(said: Sequence[float], true: Sequence[float]) -> float:
    """Return the squared correlation of estimates with the truth."""
    mean_said, mean_true = sum(said) / len(said), sum(true) / len(true)
    together = sum((a - mean_said) * (b - mean_true) for a, b in zip(said, true, strict=True))
    spread = sum((a - mean_said) ** 2 for a in said) * sum((b - mean_true) ** 2 for b in true)
    return together**2 / spread
