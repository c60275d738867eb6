"""Which lessons or checks come next, and why, in a fixed order of rules.

R0 safety, R1 and R2 gate, R3 goal, R4 what comes before, R5 check what is too uncertain, R7 time for a retest, R10 a
lesson whose facts are being renewed is not taught. R6 stands in `check` and `profile`, R8 and R9 in `group`.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.bands import call_level
from bot.core.item import Dimension
from bot.core.profile import GateColour, Profile
from bot.core.release import AdviceRules, Module, Release


class Reason(StrEnum):
    """Why something is advised; the sentence for each stands in the chat's templates."""

    SAFETY = "safety"
    RESPONSE_FIRST = "response_first"
    CAPACITY_FIRST = "capacity_first"
    GOAL = "goal"
    COMES_BEFORE = "comes_before"
    UNSURE = "unsure"
    STRENGTHEN = "strengthen"


@dataclass(frozen=True, slots=True)
class Advice:
    """A lesson worth having now; without a module it is a check. `dimension` is the area that it is for."""

    dimension: Dimension
    reason: Reason
    module: Module | None


@dataclass(frozen=True, slots=True)
class AdvicePlan:
    """What to offer now, in order; `waiting` are promotion lessons hidden until the gate is green."""

    next: tuple[Advice, ...]
    waiting: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What advice knows of a person beside the profile.

    `done` are codes of finished modules, which are not offered again; `checkable` the dimensions of which a check can
    still be made.
    """

    business: str | None
    done: Set[str]
    checkable: Set[Dimension]
    today: date


def advise(profile: Profile, release: Release, situation: Situation) -> AdvicePlan:
    """Rank lessons and checks for one person."""
    gate_open = profile.gate.colour is GateColour.GREEN
    current = [m for m in release.modules if m.code not in situation.done and m.is_current(situation.today)]
    offered = [m for m in current if gate_open or not m.promotion]
    return AdvicePlan(
        next=tuple(_chosen(profile, release, situation, offered)),
        waiting=tuple(m for m in current if m not in offered),
    )


def retest_is_due(rules: AdviceRules, *, finished_at: datetime, now: datetime, lessons_done: int) -> bool:
    """Tell whether it is time to take the whole assessment again (R7)."""
    return now - finished_at >= timedelta(days=rules.retest_days) or lessons_done >= rules.retest_modules


def _chosen(profile: Profile, release: Release, situation: Situation, offered: list[Module]) -> Iterator[Advice]:
    """Yield as much advice as is given at once, one a dimension."""
    taken: set[Dimension] = set()
    for dimension, reason in _wishes(profile, release, situation):
        advice = _answer(profile, release, situation, offered, dimension, reason)
        if advice is not None and dimension not in taken:
            taken.add(dimension)
            yield advice
        if len(taken) == release.rules.modules_at_once:
            return


def _answer(
    profile: Profile,
    release: Release,
    situation: Situation,
    offered: list[Module],
    dimension: Dimension,
    reason: Reason,
) -> Advice | None:
    """Turn a wish into a check, a lesson, or nothing where there is none left."""
    zone = profile.zones[dimension]
    is_unsure = reason is Reason.STRENGTHEN and not zone.lifted and zone.probability < release.rules.zone_probability
    if is_unsure and dimension in situation.checkable:
        return Advice(dimension, Reason.UNSURE, None)
    if reason is Reason.SAFETY:
        module = next((m for m in offered if m.code == release.rules.safety_module), None)
    else:
        module = _lesson_of_area(profile, release, offered, dimension)
    if module is None:
        return None
    is_weak = reason is Reason.STRENGTHEN and zone.scale_score < release.rules.goal_cut
    return Advice(dimension, Reason.GOAL if is_weak else reason, module)


def _lesson_of_area(profile: Profile, release: Release, offered: list[Module], dimension: Dimension) -> Module | None:
    """Return the lesson for the dimension of an area that stands lowest and has one left."""
    for part in sorted(release.form.area(dimension).parts, key=lambda d: (profile.zones[d].scale_score, d)):
        step = call_level(profile.zones[part].estimate, release.levels).level.number
        module = _lesson(offered, part, step)
        if module is not None:
            return module
    return None


def _lesson(offered: list[Module], dimension: Dimension, step: int) -> Module | None:
    """Return the lesson of a dimension that starts nearest to where the person stands in it."""
    here = [m for m in offered if m.dimension is dimension]
    return min(here, key=lambda m: (abs(m.steps_from - step), m.code), default=None)


def _wishes(profile: Profile, release: Release, situation: Situation) -> list[tuple[Dimension, Reason]]:
    rules = release.rules
    wishes: list[tuple[Dimension, Reason]] = []
    mistakes = profile.certainty.sure_but_wrong
    if any(release.item_by_code[r.item_code].dimension is Dimension.SAFETY for r in mistakes):
        wishes.append((release.form.shown_in(Dimension.SAFETY).dimension, Reason.SAFETY))
    blocked = profile.gate.missing + profile.gate.habit_contradicts
    if Dimension.RESPONSE in blocked:
        wishes.append((Dimension.RESPONSE, Reason.RESPONSE_FIRST))
    if Dimension.CAPACITY in blocked:
        wishes.append((Dimension.CAPACITY, Reason.CAPACITY_FIRST))
    ranked = sorted(
        (area.dimension for area in release.form.areas),
        key=lambda d: (-_worth(profile, release, situation, d), profile.habits.by_dimension.get(d, 1.0), d),
    )
    below = [d for d in ranked if profile.zones[d].probability_below(rules.goal_cut) >= rules.goal_probability]
    for dimension in ranked:
        reason = Reason.GOAL if dimension in below else Reason.STRENGTHEN
        wishes.extend(_with_what_comes_before(profile, release, dimension, reason))
    return wishes


def _worth(profile: Profile, release: Release, situation: Situation, dimension: Dimension) -> float:
    """Return gap × teachability × weight of the kind of business, in scale points."""
    gap = release.rules.goal_cut - profile.zones[dimension].scale_score
    weight = release.rules.business_weights.get(situation.business or "", {}).get(dimension, 1.0)
    factor = release.form.area(dimension).teachability * weight
    return gap * factor if gap > 0 else gap / factor


def _with_what_comes_before(
    profile: Profile, release: Release, dimension: Dimension, reason: Reason
) -> list[tuple[Dimension, Reason]]:
    for rule in release.rules.prerequisites:
        if rule.dimension is dimension and profile.zones[rule.needs].scale_score < rule.at_least:
            return [(rule.needs, Reason.COMES_BEFORE), (dimension, reason)]
    return [(dimension, reason)]
