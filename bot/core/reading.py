"""What one whole sitting of an owner said, small enough to be kept and read for thousands at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.ability import Estimate
from bot.core.attempt import Attempt, AttemptId
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import PersonId
from bot.core.profile import GateColour, Profile
from bot.core.release import Release


@dataclass(frozen=True, slots=True)
class Reading:
    """A result in short: `scores` in scale points, a zone lifted by a check at its beginning; `scam_risk` where
    something about safety was answered wrong in full certainty.
    """

    attempt_id: AttemptId
    person_id: PersonId
    finished_at: datetime
    level: int
    overall: Estimate
    scores: Mapping[Dimension, float]
    gate: GateColour
    missing: frozenset[Dimension]
    contradicts: frozenset[Dimension]
    scam_risk: bool


def read(attempt: Attempt, found: Profile, release: Release) -> Reading:
    """Shorten the profile of a sitting that has a result."""
    assert attempt.finished_at is not None
    wrong = (release.item_by_code[r.item_code].dimension for r in found.certainty.sure_but_wrong)
    return Reading(
        attempt_id=attempt.id,
        person_id=attempt.person_id,
        finished_at=attempt.finished_at,
        level=found.level.level.number,
        overall=found.abilities.overall,
        scores={d: found.zones[d].scale_score for d in OWNER_DIMENSIONS},
        gate=found.gate.colour,
        missing=frozenset(found.gate.missing),
        contradicts=frozenset(found.gate.habit_contradicts),
        scam_risk=Dimension.SAFETY in wrong,
    )
