"""What answers say about an item itself: how hard it is, whether it separates, which options work, what looks wrong."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

from bot.core.answer import Answer, Chosen, encode, score
from bot.core.attempt import Attempt
from bot.core.calibration import Calibrated, calibrate
from bot.core.item import Item
from bot.core.release import Release

FLAGGED_FROM = 30
"""Answers below which an item's figures raise no flag."""


class Flag(StrEnum):
    """Why an item wants a look."""

    TOO_EASY = "terlalu mudah"
    TOO_HARD = "terlalu sulit"
    WEAK = "tidak membedakan"
    UNUSED_OPTION = "ada pilihan yang tidak pernah dipilih"
    ABLE_CHOOSE_WRONG = "yang mampu memilih pilihan lain"
    UNLIKE_EXPERT = "jauh dari taksiran ahli"


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Figures of one item.

    `facility` is the mean share of its points, `point_biserial` the correlation of its points with the share of points
    in the rest of the sitting, `chosen` how often each stored answer was given, `seconds` the median time to answer.
    """

    item: Item
    calibrated: Calibrated
    facility: float
    point_biserial: float
    chosen: Mapping[str, int]
    seconds: float | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    answer: Answer
    share: float
    rest: float
    seconds: float | None


def item_figures(sittings: Sequence[tuple[Attempt, Release]], current: Release) -> list[ItemFigures]:
    """Return the figures of every item of the current release that was answered in finished sittings."""
    given: dict[str, list[_Given]] = {}
    answered = []
    for attempt, release in sittings:
        pairs = _scored(attempt, release, current)
        answered.append([(item, answer) for item, answer, _ in pairs])
        shares = [score(item, answer) / item.max_score for item, answer, _ in pairs]
        for (item, answer, seconds), share in zip(pairs, shares, strict=True):
            rest = (sum(shares) - share) / max(1, len(shares) - 1)
            given.setdefault(item.code, []).append(_Given(answer, share, rest, seconds))
    learnt = calibrate(answered, current.model)
    return [_figures(current.item_by_code[code], given[code], learnt[code], current) for code in sorted(given)]


def _scored(attempt: Attempt, release: Release, current: Release) -> list[tuple[Item, Answer, float | None]]:
    """Return item, answer and seconds of the scored items whose text and options are still the current release's."""
    found: list[tuple[Item, Answer, float | None]] = []
    before = attempt.started_at
    for response in attempt.responses:
        item = current.item_by_code.get(response.item_code)
        asked = release.item_by_code[response.item_code]
        seconds = (response.answered_at - before).total_seconds()
        before = response.answered_at
        if item is not None and not item.is_habit and (item.stem, item.options) == (asked.stem, asked.options):
            found.append((item, response.answer, seconds if seconds < 600 else None))
    return found


def _figures(item: Item, given: list[_Given], learnt: Calibrated, release: Release) -> ItemFigures:
    times = [g.seconds for g in given if g.seconds is not None]
    chosen = Counter(encode(g.answer) for g in given)
    facility = fmean(g.share for g in given)
    separates = _correlation([g.share for g in given], [g.rest for g in given])
    flags = _flags(item, given, chosen, facility, separates) if len(given) >= FLAGGED_FROM else []
    expert = release.model.difficulty[item.difficulty - 1]
    if len(given) >= FLAGGED_FROM and abs(learnt.difficulty - expert) > max(1.0, 2 * learnt.standard_error):
        flags.append(Flag.UNLIKE_EXPERT)
    return ItemFigures(item, learnt, facility, separates, dict(chosen), median(times) if times else None, tuple(flags))


def _flags(item: Item, given: list[_Given], chosen: Counter[str], facility: float, separates: float) -> list[Flag]:
    flags = []
    if facility > 0.95:
        flags.append(Flag.TOO_EASY)
    if facility < 0.15:
        flags.append(Flag.TOO_HARD)
    if separates < 0.1:
        flags.append(Flag.WEAK)
    if any(isinstance(g.answer, Chosen) for g in given) and len(given) >= 10 * len(item.options):
        if any(f"c{index}" not in chosen for index in range(len(item.options))):
            flags.append(Flag.UNUSED_OPTION)
        if _able_choose_wrong(item, given):
            flags.append(Flag.ABLE_CHOOSE_WRONG)
    return flags


def _able_choose_wrong(item: Item, given: list[_Given]) -> bool:
    """Tell whether those who chose some worthless option did better in the rest than those who chose the best."""
    rests: dict[int, list[float]] = {}
    for g in given:
        if isinstance(g.answer, Chosen):
            rests.setdefault(g.answer.index, []).append(g.rest)
    best = max(range(len(item.options)), key=lambda index: item.options[index].score)
    worthless = [
        index for index, option in enumerate(item.options) if option.score == 0 and len(rests.get(index, [])) >= 5
    ]
    return best in rests and any(fmean(rests[index]) > fmean(rests[best]) for index in worthless)


def _correlation(left: list[float], right: list[float]) -> float:
    """Return the correlation, 0 where one side does not vary."""
    mean_left, mean_right = fmean(left), fmean(right)
    together = sum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True))
    spread = math.sqrt(sum((a - mean_left) ** 2 for a in left) * sum((b - mean_right) ** 2 for b in right))
    return together / spread if spread else 0.0
