"""What an attempt says about a person: level, zones, habits, certainty, and the gate before selling online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from bot.core.ability import Abilities, estimate
from bot.core.answer import Chosen, score
from bot.core.attempt import Attempt, Confidence, Response, answered_items
from bot.core.bands import LevelCall, ZoneCall, call_level, call_zone, lift
from bot.core.check import Checked
from bot.core.item import Dimension
from bot.core.release import Form, Release, ZoneBand


class GateColour(StrEnum):
    GREEN = "hijau"
    YELLOW = "kuning"
    RED = "merah"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether selling online can begin: `missing` lists which of response and capacity is not there yet.

    `habit_contradicts` lists dimensions whose answers suffice while the person's own practice says otherwise. For who
    has no shop, a coach, it stands open.
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
class Certainty:
    """How well a person judges the own answers: those given in full certainty, and those said to be guessed.

    Overconfident is who was sure of something wrong, underconfident who called something right a guess.
    """

    sure: int
    sure_but_wrong: tuple[Response, ...]
    guessed: int
    guessed_but_right: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The reading of an attempt; `zones` are of every dimension and every area."""

    abilities: Abilities
    level: LevelCall
    zones: Mapping[Dimension, ZoneCall]
    habits: HabitIndex
    gate: Gate
    strengths: tuple[Dimension, ...]
    certainty: Certainty


GATE_DIMENSIONS = (Dimension.RESPONSE, Dimension.CAPACITY)
OPEN_GATE = Gate(GateColour.GREEN, (), ())
HABIT_TOO_RARE = 0.34


def has_gate(form: Form) -> bool:
    """Tell whether the form is of people with a shop: response and capacity are areas of their own."""
    return {area.dimension for area in form.areas}.issuperset(GATE_DIMENSIONS)


def profile(attempt: Attempt, release: Release, checks: Sequence[Checked] = ()) -> Profile:
    """Work the whole profile out anew from the raw responses, the pinned release and the checks made since.

    A check without a lesson is pooled with the sitting; one after a lesson, if passed, lifts the zone of its dimension
    by one (R6), for its answers tell of the person after learning.
    """
    pairs = answered_items(attempt, release)
    pooled = [pair for check in checks if check.lesson is None for pair in check.pairs]
    abilities = estimate([*pairs, *pooled], release.model)
    lifted = {check.dimension for check in checks if check.lesson is not None and check.passed}
    zones = {d: call_zone(found, release.zones) for d, found in {**abilities.dimensions, **abilities.areas}.items()}
    zones |= {d: lift(zones[d], release.zones) for d in lifted}
    habits = _habits(attempt, release)
    gate = _gate(zones, habits, release.rules.ready_cut) if has_gate(release.form) else OPEN_GATE
    certainty = _certainty(attempt, release)
    weak = {*gate.missing, *gate.habit_contradicts}
    if any(release.item_by_code[r.item_code].dimension is Dimension.SAFETY for r in certainty.sure_but_wrong):
        weak.add(release.form.shown_in(Dimension.SAFETY).dimension)
    return Profile(
        abilities=abilities,
        level=call_level(abilities.overall, release.levels),
        zones=zones,
        habits=habits,
        gate=gate,
        strengths=_strengths(
            {area.dimension: zones[area.dimension] for area in release.form.areas}, lowest=release.zones[0], weak=weak
        ),
        certainty=certainty,
    )


def _certainty(attempt: Attempt, release: Release) -> Certainty:
    said = [r for r in attempt.responses if not release.item_by_code[r.item_code].neutral]
    sure = [r for r in said if r.confidence is Confidence.SURE]
    guessed = [r for r in said if r.confidence is Confidence.GUESS]
    return Certainty(
        sure=len(sure),
        sure_but_wrong=tuple(r for r in sure if not _earned(r, release)),
        guessed=len(guessed),
        guessed_but_right=tuple(r for r in guessed if _earned(r, release)),
    )


def was_confident_and_wrong(response: Response, release: Release) -> bool:
    """Tell whether a wrong answer was given in full certainty: the costliest kind where safety is at stake."""
    return response.confidence is Confidence.SURE and not _earned(response, release)


def _earned(response: Response, release: Release) -> bool:
    return score(release.item_by_code[response.item_code], response.answer) > 0


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


def _gate(zones: Mapping[Dimension, ZoneCall], habits: HabitIndex, ready_cut: float) -> Gate:
    missing = tuple(d for d in GATE_DIMENSIONS if zones[d].scale_score < ready_cut)
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


def _strengths(zones: Mapping[Dimension, ZoneCall], *, lowest: ZoneBand, weak: Set[Dimension]) -> tuple[Dimension, ...]:
    """Return up to two of the strongest dimensions, none of which the next steps find fault with.

    Those above the lowest zone; where all are in it, the two that have come farthest.
    """
    ranked = sorted(zones.keys() - weak, key=lambda d: (-zones[d].scale_score, d))
    return tuple([d for d in ranked if zones[d].band != lowest] or ranked)[:2]
