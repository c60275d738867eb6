"""Groups of members for the tests of what a group says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.ability import Estimate
from bot.core.attempt import AttemptId
from bot.core.cohort import Member
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import PersonId
from bot.core.profile import GateColour
from bot.core.reading import Reading
from tests.core.builders import NOW

DAY = timedelta(days=1)


def reading(
    person: int = 1,
    *,
    sitting: int = 1,
    finished_at: datetime = NOW,
    level: int = 2,
    theta: float = 0.0,
    scores: float = 50.0,
    missing: Sequence[Dimension] = (),
    contradicts: Sequence[Dimension] = (),
    scam_risk: bool = False,
) -> Reading:
    """Return a result with the same scale points in every dimension."""
    return Reading(
        attempt_id=AttemptId(100 * person + sitting),
        person_id=PersonId(person),
        finished_at=finished_at,
        level=level,
        overall=Estimate(theta, 0.3),
        scores=dict.fromkeys(OWNER_DIMENSIONS, scores),
        gate=GateColour.YELLOW,
        missing=frozenset(missing),
        contradicts=frozenset(contradicts),
        scam_risk=scam_risk,
    )


def member(
    person: int = 1,
    name: str | None = "Sari",
    *results: Reading,
    joined_at: datetime = NOW - 30 * DAY,
    begun_at: datetime | None = None,
    lessons: int = 0,
    acts: int = 0,
) -> Member:
    """Return a member with these results, the oldest first."""
    begun = begun_at or (results[-1].finished_at if results else None)
    return Member(
        PersonId(person), name, joined_at, begun_at=begun, readings=tuple(results), lessons=lessons, acts=acts
    )


def people(first: int, count: int, name: str | None = "Sari") -> list[Member]:
    """Return members who finished one sitting each, a minute apart, all of them different."""
    return [_someone(person, name, sittings=1) for person in range(first, first + count)]


def twice(first: int, count: int, name: str | None = "Sari") -> list[Member]:
    """Return members who finished two sittings."""
    return [_someone(person, name, sittings=2) for person in range(first, first + count)]


def _someone(person: int, name: str | None, *, sittings: int) -> Member:
    chance = random.Random(person)
    results = [
        reading(
            person,
            sitting=n,
            finished_at=NOW + n * DAY + timedelta(minutes=person),
            level=chance.randint(1, 4),
            theta=chance.uniform(-2, 2),
            scores=chance.uniform(10, 90),
            missing=chance.choice([(), (Dimension.RESPONSE,)]),
            scam_risk=chance.random() < 0.5,
        )
        for n in range(1, 1 + sittings)
    ]
    return member(person, name, *results)
