"""What a group needs next (R8), and where its coach had better bring someone along (R9).

Only means and shares leave this module, never who stands where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean

from bot.core.item import Dimension
from bot.core.release import AdviceRules, Release


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two parts of a group that splits: how many members, and their mean on the scale."""

    members: int
    mean: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A dimension worth a session: mean gap to the cut in scale points, share of members below it.

    `parts` holds two entries, the lower first, where the group splits in two large enough to be shown; `together` tells
    that the coach stands below the cut too, so that the topic is taught with a colleague or referred on.
    """

    dimension: Dimension
    gap: float
    share_below: float
    parts: tuple[Part, ...]
    together: bool


class TooFew(Exception):
    """A group with too few results is not summed up, so that nobody can be guessed from it."""


Scores = Mapping[Dimension, float]
"""Scale points of one person by dimension."""


def topics(members: Sequence[Scores], release: Release, *, coach: Scores | None = None) -> list[Topic]:
    """Rank the topics of a group by mean gap × teachability; refuses a group with too few results with TooFew."""
    rules = release.rules
    if len(members) < rules.group_fewest:
        raise TooFew(len(members))
    found = [
        _topic(plan.dimension, [member[plan.dimension] for member in members], rules, coach)
        for plan in release.form.dimensions
    ]
    teachability: Mapping[Dimension, float] = {p.dimension: p.teachability for p in release.form.dimensions}
    wanted = [topic for topic in found if topic.share_below >= rules.group_below]
    return sorted(wanted, key=lambda topic: (-topic.gap * teachability[topic.dimension], topic.dimension))


def _topic(dimension: Dimension, scores: list[float], rules: AdviceRules, coach: Scores | None) -> Topic:
    gaps = [max(0.0, rules.goal_cut - score) for score in scores]
    return Topic(
        dimension=dimension,
        gap=fmean(gaps),
        share_below=sum(gap > 0 for gap in gaps) / len(gaps),
        parts=_parts(sorted(scores), rules),
        together=coach is not None and coach[dimension] < rules.goal_cut,
    )


def _parts(scores: list[float], rules: AdviceRules) -> tuple[Part, ...]:
    """Return the two parts of rising scores if two means explain nearly all of the variance, else none; a part too
    small to be summed up is none.

    Two means explain 64 % of a normal spread and 75 % of an even one; more than that is a group of two kinds.
    """
    count, mean = len(scores), fmean(scores)
    spread = sum((score - mean) ** 2 for score in scores)
    least = max(rules.group_fewest, round(rules.group_part * count))
    sums = list(accumulate(scores, initial=0.0))

    def explained(at: int) -> float:
        low, high = sums[at] / at, (sums[count] - sums[at]) / (count - at)
        return at * (low - mean) ** 2 + (count - at) * (high - mean) ** 2

    best = max(range(least, count - least + 1), key=explained, default=None)
    if best is None or spread == 0 or explained(best) < rules.group_split * spread:
        return ()
    return Part(best, fmean(scores[:best])), Part(count - best, fmean(scores[best:]))
