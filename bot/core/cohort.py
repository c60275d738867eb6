"""What a group says as a whole: how far it is on the road, how it stands by dimension, and whether it has grown.

Nobody may be worked out from a sum. Results are summed up only where enough people have one. Who shares a name can be
seen one by one, so that every sum is also a sum over the nameless alone: their results count only where they are enough
among themselves, and new ones come in only so many at a time; else the sum before and the sum after would tell what
came between. How far people are on the road is told of everybody, as counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from math import sqrt
from statistics import fmean

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
        """Tell whether name and result are shared."""
        return self.first_name is not None

    @property
    def latest(self) -> Reading | None:
        """Return the latest result, None before the first."""
        return self.readings[-1] if self.readings else None


def as_shared(member: Member) -> Member:
    """Return a member as somebody else may see them: of who shares no name nothing but that they are there."""
    return member if member.shares else Member(member.person_id, None, member.joined_at)


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
    fewest = release.rules.group_fewest
    shared = [m.readings[-1] for m in members if m.readings and m.first_name is not None]
    found = shared + _nameless([m for m in members if m.readings and m.first_name is None], fewest)
    if len(found) < fewest:
        raise TooFew(len(found))
    return found


def _nameless(members: Sequence[Member], fewest: int) -> list[Reading]:
    """Return the latest of the results that came in whole lots of `fewest`, in the order in which the group got them;
    none where they are of fewer people.
    """
    came = sorted(
        ((max(m.joined_at, result.finished_at), result.attempt_id, result) for m in members for result in m.readings),
        key=lambda arrival: arrival[:2],
    )
    latest = {result.person_id: result for *_, result in came[: len(came) - len(came) % fewest]}
    return list(latest.values()) if len(latest) >= fewest else []


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
    reached = [len(scores), *(sum([score >= cut for score in scores]) for cut in cuts), 0]
    counts = [here - beyond for here, beyond in pairwise(reached)]
    mean, count = fmean(scores), len(scores)
    variance = sum([(score - mean) ** 2 for score in scores]) / (count - 1)
    return Spread(dimension, mean, sqrt(variance / count), tuple(counts))


def levels(results: Sequence[Reading], release: Release) -> Mapping[int, int]:
    """Count members by level, every level named; a level of an older release that is no more is left out."""
    found = Counter(result.level for result in results)
    return {level.number: found[level.number] for level in release.levels}


@dataclass(frozen=True, slots=True)
class Rounds:
    """How a group has changed from the first to the latest sitting of those who took two."""

    growth: Growth
    members: int


def rounds(members: Sequence[Member], release: Release) -> Rounds:
    """Return the mean change between sittings; refuses with TooFew where it would give somebody away."""
    twice = [m for m in members if len(m.readings) > 1]
    first = {m.person_id: m.readings[0] for m in twice}
    later = countable([replace(m, readings=m.readings[1:]) for m in twice], release)
    return Rounds(group_growth([(first[result.person_id].overall, result.overall) for result in later]), len(later))
