"""Session plans at their longest, for the chat and for paper: every pair of topics, split, taught together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from bot.core.group import NAME_LIMIT
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.topics import Part, Topic
from bot.usecases.coaching import PlanTopic
from tests.core.builders import real_release

PAIRS = list(combinations(OWNER_DIMENSIONS, 2))
SPLIT = (Part(4_999, 41.0), Part(5_001, 63.0))


def values(
    dimensions: Sequence[Dimension], *, parts: tuple[Part, ...] = SPLIT, together: bool = True
) -> dict[str, object]:
    """Return what both templates of a plan take, with the longest names and titles that can occur."""
    release = real_release()
    lessons = {d: [m for m in release.modules if m.dimension is d] for d in dimensions}
    planned = [
        PlanTopic(
            Topic(dimension, 8.0, 0.587, parts, together),
            max(lessons[dimension], key=lambda module: len(module.title)),
            release.sessions[dimension],
        )
        for dimension in dimensions
    ]
    return {
        "group": "Pasar Wage Kebumen ".ljust(NAME_LIMIT, "W"),
        "results": 10_000,
        "day": date(2026, 11, 24),
        "topics": [(one, release.form.plan(one.topic.dimension).name) for one in planned],
    }
