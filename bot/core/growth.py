"""The change between two sittings on one scale, told only where it exceeds the error of measurement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.core.ability import Estimate

CERTAIN = 1.645
"""Standard errors that a change must exceed: a change of nothing looks this large once in twenty sittings."""


@dataclass(frozen=True, slots=True)
class Growth:
    """A difference in scale points with its standard error in the same unit."""

    points: float
    standard_error: float

    @property
    def is_certain(self) -> bool:
        """Tell whether there was growth beyond the error of measurement."""
        return self.points > CERTAIN * self.standard_error


def growth(earlier: Estimate, later: Estimate) -> Growth:
    """Return the change of one person from an earlier to a later estimate; the errors of the two are independent."""
    error = math.hypot(earlier.standard_error, later.standard_error)
    return Growth(12.5 * (later.theta - earlier.theta), 12.5 * error)


def group_growth(pairs: Sequence[tuple[Estimate, Estimate]]) -> Growth:
    """Return the mean change of a group of (earlier, later) estimates; refuses an empty group with ValueError."""
    if not pairs:
        raise ValueError("a group without members has no growth")
    each = [growth(earlier, later) for earlier, later in pairs]
    error = math.sqrt(sum(g.standard_error**2 for g in each)) / len(each)
    return Growth(fmean(g.points for g in each), error)
