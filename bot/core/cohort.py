"""What a group says as a whole: how far it is on the road, how it stands by dimension, and whether it has grown.

Nobody may be worked out from a sum. Results are summed up only where enough people have one, and those of people who
share no name only where they are enough among themselves; else a sum over the others, who can be seen one by one, would
give them away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt
from statistics import fmean, stdev

from bot.core.growth import Growth, group_growth
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import PersonId
from bot.core.reading import Reading
from bot.core.release import Release
from bot.core.topics import TooFew


@dataclass(frozen=True, slots=True)
class Member:
    """An owner in a group as its coach may know them; `first_name` is None for who shares no name.

    `begun_at` is when the latest whole sitting was begun; `readings` are the results, the oldest first; lessons are
    counted as opened, and as done with their act.
    """

    person_id: PersonId
    first_name: str | None
    joined_at: datetime
    muted: bool = False
    reachable: bool = True
    begun_at: datetime | None = None
    readings: tuple[Reading, ...] = ()
    lessons: int = 0
    acts: int = 0

    @property
    def shares(self) -> bool:
        return self.first_name is not None

    @property
    def latest(self) -> Reading | None:
        """Return the latest result, None before the first."""
        return self.readings[-1] if self.readings else None


class Step(StrEnum):
    """How far someone is on the road; who is at a step has passed those before it."""

    INVITED = "invited"
    BEGUN = "begun"
    FINISHED = "finished"
    LESSON = "lesson"
    ACT = "act"
    RETEST = "retest"


def funnel(members: Sequence[Member], *, invited: int) -> Mapping[Step, int]:
    """Count who has come so far; `invited` opened the invitation without an answer yet."""
    return {
        Step.INVITED: invited + len(members),
        Step.BEGUN: sum(m.begun_at is not None or bool(m.readings) for m in members),
        Step.FINISHED: sum(bool(m.readings) for m in members),
        Step.LESSON: sum(bool(m.readings) and m.lessons > 0 for m in members),
        Step.ACT: sum(bool(m.readings) and m.acts > 0 for m in members),
        Step.RETEST: sum(len(m.readings) > 1 for m in members),
    }


def countable(members: Sequence[Member], release: Release) -> list[Reading]:
    """Return the latest results that may be summed up; refuses with TooFew where they would give somebody away."""
    shared = [m.latest for m in members if m.latest is not None and m.shares]
    nameless = [m.latest for m in members if m.latest is not None and not m.shares]
    fewest = release.rules.group_fewest
    found = shared + nameless if len(nameless) >= fewest else shared
    if len(found) < fewest:
        raise TooFew(len(found))
    return found


@dataclass(frozen=True, slots=True)
class Spread:
    """How a group stands in one dimension: mean in scale points, the standard error of that mean, members by zone."""

    dimension: Dimension
    mean: float
    error: float
    zones: tuple[int, ...]


def spreads(results: Sequence[Reading], release: Release) -> list[Spread]:
    """Return how a group stands by dimension, in the order of the form; takes what `countable` lets through."""
    cuts = [band.cut_score for band in release.zones[1:]]
    return [_spread(d, [result.scores[d] for result in results], cuts) for d in OWNER_DIMENSIONS]


def _spread(dimension: Dimension, scores: list[float], cuts: Sequence[float]) -> Spread:
    counts = [0] * (len(cuts) + 1)
    for score in scores:
        counts[sum(score >= cut for cut in cuts)] += 1
    return Spread(dimension, fmean(scores), stdev(scores) / sqrt(len(scores)), tuple(counts))


def levels(results: Sequence[Reading], release: Release) -> Mapping[int, int]:
    """Count members by level, every level named."""
    found = {level.number: 0 for level in release.levels}
    for result in results:
        found[result.level] += 1
    return found


@dataclass(frozen=True, slots=True)
class Rounds:
    """How a group has changed from the first to the latest sitting of those who took two."""

    growth: Growth
    members: int


def rounds(members: Sequence[Member], release: Release) -> Rounds:
    """Return the mean change between sittings; refuses with TooFew where it would give somebody away."""
    twice = [m for m in members if len(m.readings) > 1]
    counted = {result.person_id for result in countable(twice, release)}
    pairs = [(m.readings[0].overall, m.readings[-1].overall) for m in twice if m.person_id in counted]
    return Rounds(group_growth(pairs), len(pairs))
