"""Short checks of one dimension or area: three fresh items where a zone is uncertain, or after a lesson (R5, R6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.core.answer import Answer, score
from bot.core.attempt import Attempt, answered_items
from bot.core.item import Dimension, Item
from bot.core.release import Release


@dataclass(frozen=True, slots=True)
class Checked:
    """A finished check: what was asked and answered, how many were fully right, and the lesson it followed, if any."""

    dimension: Dimension
    pairs: tuple[tuple[Item, Answer], ...]
    right: int
    lesson: str | None
    passed: bool


def checked(attempt: Attempt, release: Release) -> Checked:
    """Read a finished check; a neutral item counts as right, for its fault is not the person's."""
    assert attempt.course.focus is not None
    pairs = tuple(answered_items(attempt, release))
    right = sum(item.neutral or score(item, answer) == item.max_score for item, answer in pairs)
    passed = right >= release.form.length.check_right
    return Checked(attempt.course.focus, pairs, right, attempt.lesson, passed)


def has_fresh_items(
    release: Release, dimension: Dimension, *, business: str | None, seen: Collection[str], today: date
) -> bool:
    """Tell whether a check of this dimension or area can be made of items that suit the business and are not `seen`."""
    if not release.form.measures(dimension):
        return False
    parts = release.form.area(dimension).parts
    here = (item for part in parts for item in release.servable(today).get(part, ()))
    fresh = [item for item in here if item.code not in seen and item.is_for(business)]
    return len(fresh) >= release.form.length.check_questions
