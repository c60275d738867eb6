"""What answers say about an item itself: how hard it is, whether it separates, which options work, what looks wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from operator import mul
from statistics import fmean, median, stdev

from bot.core.ability import posterior_curves
from bot.core.answer import ONE_CHOICE, Answer, encode, score
from bot.core.attempt import Attempt
from bot.core.calibration import Calibrated, calibrate
from bot.core.item import Item
from bot.core.person import Role
from bot.core.release import Release
from bot.core.response_model import THETA_GRID, outcome_curve, parameters, probabilities

FLAGGED_FROM = 30
"""Answers below which an item's figures raise no flag."""
MISFIT = 1.3
CONFUSING_REPORTS, CONFUSING_SHARE = 3, 0.05
"""An item is flagged as confusing from so many reports and such a share of its answers."""
LEFT_AT, LEFT_SHARE = 3, 0.05
"""The same for sittings that were given up at it."""
ASKED_TOO_OFTEN = 0.5
"""Share of the sittings from which an item is met too often, unless there are no others to ask."""
SLOW_SECONDS = 120
SEPARATES, SURE = 0.2, 2.0
"""An item separates nobody where even so many standard errors above what was found it would correlate less."""
GROUPS = 3
"""Into so many groups of equal size, by ability, the answers of an item are parted."""


class Flag(StrEnum):
    """Why an item wants a look."""

    TOO_EASY = "terlalu mudah"
    TOO_HARD = "terlalu sulit"
    WEAK = "tidak membedakan"
    MISFIT = "jawabannya tidak menurut model"
    CONFUSING = "sering disebut membingungkan"
    UNUSED_OPTION = "ada pilihan yang tidak pernah dipilih"
    ABLE_CHOOSE_WRONG = "yang mampu memilih pilihan lain"
    UNLIKE_EXPERT = "jauh dari taksiran ahli"
    LEFT_AT = "banyak yang berhenti di sini"
    ASKED_OFTEN = "terlalu sering ditanyakan"
    SLOW = "lama dijawab"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Figures of one item.

    `facility` is the mean share of its points, `point_biserial` the correlation of its points with the ability in its
    dimension that all other answers tell (shares of points would not do: an adaptive sitting asks everybody what they
    get half right), `seconds` the median time to answer, `reports` how often it was called confusing.
    `outfit` and `infit` are mean squares of the standardised residuals (Wright & Masters 1982): 1 where answers scatter
    as the model says, more where they are stranger; abilities are posterior means, so that a fitting item lies a
    little below 1. `chosen` says of every stored answer how often it was given and by whom, `groups` how often by each
    group of ability, the least able first; without enough answers there are none. `exposure` is the share of the whole
    sittings that asked it among those that could have, `left` how many sittings were given up at it.
    """

    item: Item
    calibrated: Calibrated
    facility: float
    point_biserial: float
    outfit: float
    infit: float
    chosen: Mapping[str, Choosers]
    seconds: float | None
    reports: int
    groups: tuple[Mapping[str, int], ...]
    exposure: float
    left: int
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Choosers:
    """Those who gave one answer: how many, and their mean ability by all other answers, in scale points, with the
    standard error of that mean.
    """

    count: int
    ability: float
    error: float


@dataclass(frozen=True, slots=True)
class _Given:
    """One answer: its share of the points, the ability in its dimension by all other answers and by all, the time."""

    answer: Answer
    share: float
    rest: float
    theta: float
    seconds: float | None


Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


def item_figures(
    sittings: Sequence[tuple[Attempt, Release]],
    current: Release,
    *,
    reports: Mapping[str, int],
    left: Mapping[str, int] | None = None,
    progress: Progress = lambda done, of: None,
) -> list[ItemFigures]:
    """Return the figures of every item of the current release that was answered in finished sittings and checks;
    `reports` counts how often each was called confusing, `left` how many sittings were given up at it. An item is
    judged by those it was written for: what coaches say to owners' items only tells how able they are.
    """
    found: list[ItemFigures] = []
    forms = (Role.OWNER, *(current.forms.keys() - {Role.OWNER}))
    for place, form in enumerate(forms):
        own = [(attempt, release) for attempt, release in sittings if attempt.form is form]
        rounds = _part_of(progress, place, len(forms))
        found += _figures_under(own, current.under(form), _Counts(reports, left or {}), rounds)
    return sorted(found, key=lambda figures: figures.item.code)


def _part_of(progress: Progress, place: int, parts: int) -> Progress:
    return lambda done, of: progress(place * of + done, parts * of)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted of items beside the answers, by code."""

    reports: Mapping[str, int]
    left: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Noted:
    """The same of one item, and the share of the sittings that asked it."""

    reports: int
    left: int
    exposure: float


def _figures_under(
    sittings: Sequence[tuple[Attempt, Release]], current: Release, noted: _Counts, progress: Progress
) -> list[ItemFigures]:
    """Return the figures of the form's own items."""
    own = {area.dimension for area in current.form.areas}
    given: dict[str, list[_Given]] = {}
    answered = []
    for attempt, release in sittings:
        pairs = _scored(attempt, release, current)
        answered.append([(item, answer) for item, answer, _ in pairs])
        curves = posterior_curves(answered[-1], current.model)
        for item, answer, seconds in pairs:
            if item.dimension not in own:
                continue
            assert item.dimension is not None
            curve = curves[item.dimension]
            others = [p / told for p, told in zip(curve, outcome_curve(item, answer, current.model), strict=True)]
            share = score(item, answer) / item.max_score
            given.setdefault(item.code, []).append(_Given(answer, share, _mean(others), _mean(curve), seconds))
    learnt = calibrate(answered, current.model, of=own, progress=progress)
    met = exposures(sittings)
    return [
        _figures(
            current.item_by_code[code],
            given[code],
            learnt[code],
            current,
            _Noted(noted.reports.get(code, 0), noted.left.get(code, 0), met.get(code, 0.0)),
        )
        for code in sorted(given)
    ]


def _mean(curve: Sequence[float]) -> float:
    """Return the mean ability under a curve over THETA_GRID."""
    return math.fsum(map(mul, curve, THETA_GRID)) / math.fsum(curve)


def exposures(sittings: Sequence[tuple[Attempt, Release]]) -> Mapping[str, float]:
    """Return the share of the whole sittings that asked each item, among those whose release had it to ask."""
    asked: Counter[str] = Counter()
    under: Counter[str] = Counter()
    releases: dict[str, Release] = {}
    for attempt, release in sittings:
        if not attempt.is_check:
            asked.update(response.item_code for response in attempt.responses)
            under[release.id] += 1
            releases[release.id] = release
    could: Counter[str] = Counter()
    for release_id, release in releases.items():
        could.update({item.code: under[release_id] for item in release.items if item.is_live})
    return {code: count / could[code] for code, count in asked.items() if could[code]}


def _scored(attempt: Attempt, release: Release, current: Release) -> list[tuple[Item, Answer, float | None]]:
    """Return item, answer and seconds of the scored items that are still the same question in the current release."""
    found: list[tuple[Item, Answer, float | None]] = []
    before = attempt.started_at
    for response in attempt.responses:
        item = current.item_by_code.get(response.item_code)
        asked = release.item_by_code[response.item_code]
        seconds = (response.answered_at - before).total_seconds()
        before = response.answered_at
        if item is not None and item.counts and (item is asked or item.fingerprint == asked.fingerprint):
            found.append((item, response.answer, seconds if seconds < 600 else None))
    return found


def _figures(item: Item, given: list[_Given], learnt: Calibrated, release: Release, noted: _Noted) -> ItemFigures:
    times = [g.seconds for g in given if g.seconds is not None]
    by_answer: dict[str, list[float]] = {}
    for g in given:
        by_answer.setdefault(encode(g.answer), []).append(g.rest)
    outfit, infit = _fit(replace(item, calibrated=learnt.difficulty), given, release)
    found = ItemFigures(
        item=item,
        calibrated=learnt,
        facility=fmean(g.share for g in given),
        point_biserial=_correlation([g.share for g in given], [g.rest for g in given]),
        outfit=outfit,
        infit=infit,
        chosen={answer: _choosers(rests) for answer, rests in sorted(by_answer.items())},
        seconds=median(times) if times else None,
        reports=noted.reports,
        groups=_groups(given) if len(given) >= FLAGGED_FROM else (),
        exposure=noted.exposure,
        left=noted.left,
        flags=(),
    )
    return replace(found, flags=tuple(_flags(found, release))) if len(given) >= FLAGGED_FROM else found


def _choosers(rests: Sequence[float]) -> Choosers:
    spread = stdev(rests) if len(rests) > 1 else 1.0
    return Choosers(len(rests), 50 + 12.5 * fmean(rests), 12.5 * spread / math.sqrt(len(rests)))


def _groups(given: Sequence[_Given]) -> tuple[Mapping[str, int], ...]:
    """Count the answers by groups of equal size, parted by the ability that all other answers tell."""
    ranked = [encode(g.answer) for g in sorted(given, key=lambda g: g.rest)]
    cuts = [len(ranked) * place // GROUPS for place in range(GROUPS + 1)]
    return tuple(Counter(ranked[start:end]) for start, end in pairwise(cuts))


def _fit(item: Item, given: list[_Given], release: Release) -> tuple[float, float]:
    """Return outfit and infit: the plain and the information-weighted mean of squared residuals over their variance."""
    known = parameters(item, release.model)
    squares, variances = [], []
    for g in given:
        chances = probabilities(known, g.theta)
        expected = sum(points * p for points, p in enumerate(chances))
        variances.append(sum((points - expected) ** 2 * p for points, p in enumerate(chances)))
        squares.append((g.share * item.max_score - expected) ** 2)
    outfit = fmean(square / variance for square, variance in zip(squares, variances, strict=True))
    return outfit, sum(squares) / sum(variances)


def _flags(found: ItemFigures, release: Release) -> Iterator[Flag]:
    if found.facility > 0.95:
        yield Flag.TOO_EASY
    if found.facility < 0.15:
        yield Flag.TOO_HARD
    if found.point_biserial + SURE / math.sqrt(found.calibrated.answers) < SEPARATES:
        yield Flag.WEAK
    if found.infit > MISFIT:
        yield Flag.MISFIT
    if found.reports >= CONFUSING_REPORTS and found.reports >= CONFUSING_SHARE * found.calibrated.answers:
        yield Flag.CONFUSING
    if found.left >= LEFT_AT and found.left >= LEFT_SHARE * (found.left + found.calibrated.answers):
        yield Flag.LEFT_AT
    if found.exposure > max(ASKED_TOO_OFTEN, _unavoidable(found.item, release)):
        yield Flag.ASKED_OFTEN
    if found.seconds is not None and found.seconds > SLOW_SECONDS:
        yield Flag.SLOW
    options = found.item.options if found.item.format in ONE_CHOICE else ()
    if options and found.calibrated.answers >= 10 * len(options):
        if any(f"c{index}" not in found.chosen for index in range(len(options))):
            yield Flag.UNUSED_OPTION
        if _able_choose_wrong(found):
            yield Flag.ABLE_CHOOSE_WRONG
    expert = release.model.difficulty[found.item.difficulty - 1]
    if abs(found.calibrated.difficulty - expert) > max(1.0, 2 * found.calibrated.standard_error):
        yield Flag.UNLIKE_EXPERT


def _unavoidable(item: Item, release: Release) -> float:
    """Return the share of the sittings that would ask an item if all of its dimension were asked as often."""
    plan = next(plan for plan in release.form.dimensions if plan.takes(item))
    return plan.questions / max(1, sum(plan.takes(other) and other.is_live for other in release.items))


def _able_choose_wrong(found: ItemFigures) -> bool:
    """Tell whether those who chose some worthless option are surely abler than those who chose the best."""
    by_option = {index: found.chosen.get(f"c{index}") for index in range(len(found.item.options))}
    best = by_option[max(by_option, key=lambda index: found.item.options[index].score)]
    worthless = [by_option[index] for index, option in enumerate(found.item.options) if option.score == 0]
    if best is None:
        return False
    return any(
        w is not None and w.count >= 5 and w.ability - best.ability > SURE * math.hypot(w.error, best.error)
        for w in worthless
    )


def _correlation(left: list[float], right: list[float]) -> float:
    """Return the correlation, 0 where one side does not vary."""
    mean_left, mean_right = fmean(left), fmean(right)
    together = sum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True))
    spread = math.sqrt(sum((a - mean_left) ** 2 for a in left) * sum((b - mean_right) ** 2 for b in right))
    return together / spread if spread else 0.0
