"""Which item comes next: balanced over the form, near the person's ability, and the same again from the same seed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from bot.core.ability import estimate
from bot.core.answer import Answer
from bot.core.item import Dimension, Format, Item
from bot.core.release import Release

BEST_OF = 3


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
    pool: list[Item] = []
    if len(scored) < release.form.scored_count:
        pool = _pool(release, [item for item, _ in scored], seed=seed, avoid=avoid, business=business, today=today)
    if not pool:
        return next(iter(release.habits[habits_asked:]), None)
    strain = _strain(release, scored)
    ranked = sorted(pool, key=lambda item: (strain(item), _chance(seed, item.code)))
    best = [item for item in ranked[:BEST_OF] if strain(item) <= strain(ranked[0]) + one_level(release) / 2]
    return min(best, key=lambda item: _chance(seed, item.code))


def _pool(
    release: Release, asked: Sequence[Item], *, seed: int, avoid: frozenset[str], business: str | None, today: date
) -> list[Item]:
    """Return the items of the dimension most behind its share; wishes are dropped one by one where nothing is left."""
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
    calm = [item for item in servable if not (after_number and item.format is Format.NUMBER)]
    for allowed in (calm, servable):
        for dimension in _most_behind(release, counts, seed):
            here = [item for item in allowed if item.dimension is dimension]
            fresh = [item for item in here if item.code not in avoid]
            if here:
                return fresh or here
    return []


def _most_behind(release: Release, counts: Counter[Dimension | None], seed: int) -> list[Dimension]:
    open_plans = [plan for plan in release.form.dimensions if counts[plan.dimension] < plan.questions]
    open_plans.sort(key=lambda plan: (counts[plan.dimension] / plan.questions, _chance(seed, plan.dimension)))
    return [plan.dimension for plan in open_plans]


def one_level(release: Release) -> float:
    """Return the mean distance between two expert levels, in logits."""
    scale = release.model.difficulty
    return (scale[-1] - scale[0]) / (len(scale) - 1)


def _strain(release: Release, scored: Sequence[tuple[Item, Answer]]) -> Callable[[Item], float]:
    """Return how far an item's difficulty lies from the ability so far, in logits; the first item is of the easy ones.

    More than one expert level above the ability counts triple.
    """
    scale = release.model.difficulty
    theta = estimate(scored, release.model).overall.theta if scored else (scale[0] + scale[1]) / 2
    far = one_level(release)

    def strain(item: Item) -> float:
        above = scale[item.difficulty - 1] - theta
        return 3 * above if above > far else abs(above)

    return strain


def _chance(seed: int, code: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{code}".encode(), digest_size=8).digest()
