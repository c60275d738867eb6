"""Which item comes next: balanced over the form, near the person's ability, and the same again from the same seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.core.ability import estimate
from bot.core.answer import Answer
from bot.core.item import Dimension, Format, Item
from bot.core.release import Release

BEST_OF = 3
FIRST_DIFFICULTY = 2


def session_length(release: Release) -> int:
    """Return how many questions one sitting has, habits included."""
    return release.form.scored_count + len(release.habits)


def next_item(
    release: Release,
    *,
    seed: int,
    asked: Sequence[tuple[Item, Answer]],
    avoid: frozenset[str],
    business: str | None,
    today: date,
) -> Item | None:
    """Choose the item for the next slot, or None when the form is complete.

    `asked` holds the slots so far in order, `avoid` the codes of the last sitting (asked again only where nothing
    else is left).
    """
    habits_asked = sum(item.is_habit for item, _ in asked)
    scored = [pair for pair in asked if not pair[0].is_habit]
    if habits_asked < len(release.habits) and habits_asked <= len(scored) // release.form.scored_between_habits:
        return release.habits[habits_asked]
    if len(scored) >= release.form.scored_count:
        return release.habits[habits_asked] if habits_asked < len(release.habits) else None
    pool = _pool(release, [item for item, _ in scored], avoid=avoid, business=business, today=today)
    if not pool:
        return None
    difficulty = _target_difficulty(release, scored)
    ranked = sorted(pool, key=lambda item: (_strain(item, difficulty), _chance(seed, item.code)))
    best = [item for item in ranked if _strain(item, difficulty) <= _strain(ranked[0], difficulty) + 0.5][:BEST_OF]
    return min(best, key=lambda item: _chance(seed, item.code))


def _pool(
    release: Release, asked: Sequence[Item], *, avoid: frozenset[str], business: str | None, today: date
) -> list[Item]:
    """Return the items of the dimension most behind its share, kinder restrictions dropped one by one if nothing is
    left.
    """
    seen = {item.code for item in asked}
    counts = Counter(item.dimension for item in asked)
    after_number = bool(asked) and asked[-1].format is Format.NUMBER
    servable = [
        item
        for item in release.scored
        if item.code not in seen
        and item.is_servable(today)
        and (not item.suits or business is None or business in item.suits)
    ]
    for dimension in _most_behind(release, counts):
        here = [item for item in servable if item.dimension is dimension]
        fresh = [item for item in here if item.code not in avoid]
        for candidates in (fresh, here):
            calm = [item for item in candidates if not (after_number and item.format is Format.NUMBER)]
            if calm:
                return calm
    return []


def _most_behind(release: Release, counts: Counter[Dimension | None]) -> list[Dimension]:
    open_plans = [plan for plan in release.form.dimensions if counts[plan.dimension] < plan.questions]
    open_plans.sort(key=lambda plan: counts[plan.dimension] / plan.questions)
    return [plan.dimension for plan in open_plans]


def _target_difficulty(release: Release, scored: Sequence[tuple[Item, Answer]]) -> float:
    """Return the expert difficulty (1–5, with fractions) that matches the ability so far; the first item is easy."""
    if not scored:
        return FIRST_DIFFICULTY
    theta = estimate(scored, release.model).overall.theta
    scale = release.model.difficulty
    return min(range(1, 6), key=lambda level: abs(scale[level - 1] - theta))


def _strain(item: Item, target: float) -> float:
    """Return how far an item lies from the target; more than one level above it counts triple."""
    above = item.difficulty - target
    return 3 * above if above > 1 else abs(above)


def _chance(seed: int, code: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{code}".encode(), digest_size=8).digest()
