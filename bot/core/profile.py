"""What an attempt says about a person: level, zones, habits, certainty, and the gate before selling online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from bot.core.ability import Abilities, Estimate, estimate
from bot.core.answer import Chosen, score
from bot.core.attempt import Attempt, Confidence, Response, answered_items
from bot.core.item import Dimension
from bot.core.release import Level, Release, ZoneBand


@dataclass(frozen=True, slots=True)
class LevelCall:
    """The level of the estimate, with the probability that the true ability lies in it."""

    level: Level
    probability: float


@dataclass(frozen=True, slots=True)
class ZoneCall:
    """The coarse zone of one dimension, with its probability."""

    band: ZoneBand
    probability: float
    estimate: Estimate


class GateColour(StrEnum):
    GREEN = "hijau"
    YELLOW = "kuning"
    RED = "merah"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether selling online can begin: `missing` lists which of response and capacity is not there yet.

    `habit_contradicts` lists dimensions whose answers suffice while the person's own practice says otherwise.
    """

    colour: GateColour
    missing: tuple[Dimension, ...]
    habit_contradicts: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class HabitIndex:
    """Points of the practice questions, never mixed into the ability."""

    points: int
    highest: int
    by_dimension: Mapping[Dimension, float]


@dataclass(frozen=True, slots=True)
class Profile:
    abilities: Abilities
    level: LevelCall
    zones: Mapping[Dimension, ZoneCall]
    habits: HabitIndex
    gate: Gate
    strengths: tuple[Dimension, ...]
    confident_wrong: tuple[Response, ...]
    unsure_right: tuple[Response, ...]


GATE_DIMENSIONS = (Dimension.RESPONSE, Dimension.CAPACITY)
HABIT_TOO_RARE = 0.34


def profile(attempt: Attempt, release: Release) -> Profile:
    """Work the whole profile out anew from the raw responses and the pinned release."""
    pairs = answered_items(attempt, release)
    abilities = estimate(pairs, release.model)
    habits = _habits(attempt, release)
    zones = {d: _zone(e, release.zones) for d, e in abilities.dimensions.items()}
    gate = _gate(abilities, habits, release.rules.ready_cut)
    confident_wrong = tuple(r for r in attempt.responses if was_confident_and_wrong(r, release))
    weak = {*gate.missing, *gate.habit_contradicts}
    if any(release.item_by_code[r.item_code].dimension is Dimension.SAFETY for r in confident_wrong):
        weak.add(Dimension.SAFETY)
    return Profile(
        abilities=abilities,
        level=_level(abilities.overall, release.levels),
        zones=zones,
        habits=habits,
        gate=gate,
        strengths=_strengths(abilities, weak=weak),
        confident_wrong=confident_wrong,
        unsure_right=tuple(r for r in attempt.responses if r.confidence is Confidence.GUESS and _earned(r, release)),
    )


def was_confident_and_wrong(response: Response, release: Release) -> bool:
    """Tell whether a wrong answer was given in full certainty: the costliest kind where safety is at stake."""
    return response.confidence is Confidence.SURE and not _earned(response, release)


def _earned(response: Response, release: Release) -> bool:
    return score(release.item_by_code[response.item_code], response.answer) > 0


def _within(estimate: Estimate, cuts: Sequence[float]) -> tuple[int, float]:
    """Return the index of the band that holds the scale score, and the probability of that band; cuts[0] is open
    below.
    """
    index = max(i for i, cut in enumerate(cuts) if i == 0 or estimate.scale_score >= cut)
    below = 0.0 if index == 0 else estimate.probability_below(cuts[index])
    up_to = 1.0 if index == len(cuts) - 1 else estimate.probability_below(cuts[index + 1])
    return index, up_to - below


def _level(overall: Estimate, levels: Sequence[Level]) -> LevelCall:
    index, probability = _within(overall, [level.cut_score for level in levels])
    return LevelCall(levels[index], probability)


def _zone(estimate: Estimate, bands: Sequence[ZoneBand]) -> ZoneCall:
    index, probability = _within(estimate, [band.cut_score for band in bands])
    return ZoneCall(bands[index], probability, estimate)


def _habits(attempt: Attempt, release: Release) -> HabitIndex:
    points, highest = 0, 0
    shares: dict[Dimension, list[float]] = {}
    for item, given in answered_items(attempt, release):
        if not item.is_habit or not isinstance(given, Chosen):
            continue
        best = max(option.score for option in item.options)
        points += score(item, given)
        highest += best
        if item.supports is not None:
            shares.setdefault(item.supports, []).append(score(item, given) / best)
    return HabitIndex(points, highest, {d: sum(values) / len(values) for d, values in shares.items()})


def _gate(abilities: Abilities, habits: HabitIndex, ready_cut: float) -> Gate:
    missing = tuple(d for d in GATE_DIMENSIONS if abilities.dimensions[d].scale_score < ready_cut)
    doubtful = tuple(
        d for d in GATE_DIMENSIONS if d not in missing and habits.by_dimension.get(d, 1.0) < HABIT_TOO_RARE
    )
    match len(missing) + len(doubtful):
        case 0:
            colour = GateColour.GREEN
        case 1:
            colour = GateColour.YELLOW
        case _:
            colour = GateColour.RED if len(missing) == 2 else GateColour.YELLOW
    return Gate(colour, missing, doubtful)


def _strengths(abilities: Abilities, *, weak: Set[Dimension]) -> tuple[Dimension, ...]:
    """Return the two strongest dimensions, none of which the next steps find fault with."""
    ranked = sorted(abilities.dimensions.keys() - weak, key=lambda d: (-abilities.dimensions[d].theta, d))
    return tuple(ranked[:2])
