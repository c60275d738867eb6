"""Which lessons come next, and why, in a fixed order of rules (R0 safety, R1 and R2 gate, R3 goal, R4 what comes
before).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.item import Dimension
from bot.core.profile import GateColour, Profile
from bot.core.release import Module, Release


class Reason(StrEnum):
    """Why a lesson is advised; the sentence for each stands in the chat's templates."""

    SAFETY = "safety"
    RESPONSE_FIRST = "response_first"
    CAPACITY_FIRST = "capacity_first"
    GOAL = "goal"
    COMES_BEFORE = "comes_before"
    STRENGTHEN = "strengthen"


@dataclass(frozen=True, slots=True)
class Advice:
    module: Module
    reason: Reason


@dataclass(frozen=True, slots=True)
class AdvicePlan:
    """The lessons to offer now, in order; `waiting` are promotion lessons hidden until the gate is green; `unsure`
    want a check.
    """

    next: tuple[Advice, ...]
    waiting: tuple[Module, ...]
    unsure: tuple[Dimension, ...]


def advise(profile: Profile, release: Release, *, business: str | None, done: Set[str], today: date) -> AdvicePlan:
    """Rank the lessons for one person; `done` holds codes of finished modules, which are not offered again."""
    gate_open = profile.gate.colour is GateColour.GREEN
    open_modules = [m for m in release.modules if m.code not in done and m.is_current(today)]
    offered = [m for m in open_modules if gate_open or not m.promotion]
    chosen: dict[str, Advice] = {}
    for dimension, reason in _wishes(profile, release, business):
        module = _safety(offered, release) if reason is Reason.SAFETY else _for(offered, dimension, profile)
        if module is not None and module.code not in chosen:
            chosen[module.code] = Advice(module, reason)
    return AdvicePlan(
        next=tuple(chosen.values())[: release.rules.modules_at_once],
        waiting=tuple(m for m in open_modules if m not in offered),
        unsure=tuple(d for d, call in profile.zones.items() if call.probability < release.rules.zone_probability),
    )


def _wishes(profile: Profile, release: Release, business: str | None) -> list[tuple[Dimension, Reason]]:
    rules = release.rules
    wishes: list[tuple[Dimension, Reason]] = []
    if any(release.item_by_code[r.item_code].dimension is Dimension.SAFETY for r in profile.confident_wrong):
        wishes.append((Dimension.SAFETY, Reason.SAFETY))
    blocked = profile.gate.missing + profile.gate.habit_contradicts
    if Dimension.RESPONSE in blocked:
        wishes.append((Dimension.RESPONSE, Reason.RESPONSE_FIRST))
    if Dimension.CAPACITY in blocked:
        wishes.append((Dimension.CAPACITY, Reason.CAPACITY_FIRST))
    ranked = sorted(
        profile.zones,
        key=lambda d: (-_worth(profile, release, business, d), profile.habits.by_dimension.get(d, 1.0), d),
    )
    below = [d for d in ranked if profile.zones[d].estimate.probability_below(rules.goal_cut) >= rules.goal_probability]
    for dimension in ranked:
        reason = Reason.GOAL if dimension in below else Reason.STRENGTHEN
        wishes.extend(_with_what_comes_before(profile, release, dimension, reason))
    return wishes


def _worth(profile: Profile, release: Release, business: str | None, dimension: Dimension) -> float:
    """Return gap × teachability × weight of the kind of business, in scale points."""
    gap = release.rules.goal_cut - profile.zones[dimension].estimate.scale_score
    weight = release.rules.business_weights.get(business or "", {}).get(dimension, 1.0)
    factor = release.form.plan(dimension).teachability * weight
    return gap * factor if gap > 0 else gap / factor


def _with_what_comes_before(
    profile: Profile, release: Release, dimension: Dimension, reason: Reason
) -> list[tuple[Dimension, Reason]]:
    for rule in release.rules.prerequisites:
        if rule.dimension is dimension and profile.zones[rule.needs].estimate.scale_score < rule.at_least:
            return [(rule.needs, Reason.COMES_BEFORE), (dimension, reason)]
    return [(dimension, reason)]


def _safety(offered: list[Module], release: Release) -> Module | None:
    return next((m for m in offered if m.code == release.rules.safety_module), None)


def _for(offered: list[Module], dimension: Dimension, profile: Profile) -> Module | None:
    """Return the lesson of a dimension that starts nearest to the person's level."""
    here = [m for m in offered if m.dimension is dimension]
    return min(here, key=lambda m: (abs(m.steps_from - profile.level.level.number), m.code), default=None)
