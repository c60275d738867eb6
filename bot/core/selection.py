"""Which item comes next: balanced over the form, telling most at the ability, the same again from the same seed.

Of the three items that tell most one is taken by the seed, so that no item is met by everybody (randomesque exposure
control, Kingsbury & Zara 1989).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.ability import estimate
from bot.core.answer import Answer
from bot.core.item import Dimension, Format, Item
from bot.core.release import Release
from bot.core.response_model import information, parameters

BEST_OF = 3

Asked = Sequence[tuple[Item, Answer]]
Theta = Callable[[Item], float]


def session_length(release: Release) -> int:
    """Return how many questions one sitting has, habits included."""
    return release.form.scored_count + len(release.habits)


def next_item(
    release: Release,
    *,
    seed: int,
    asked: Asked,
    avoid: frozenset[str],
    keep: frozenset[str],
    business: str | None,
    today: date,
) -> Item | None:
    """Choose the item for the next slot, or None when the form is complete.

    `asked` holds the slots so far in order, `avoid` codes of the last sitting (asked again only where nothing else is
    left), `keep` those of its items that link the two sittings and are asked first.
    """
    habits_asked = sum(item.is_habit for item, _ in asked)
    scored = [pair for pair in asked if not pair[0].is_habit]
    if habits_asked < len(release.habits) and habits_asked <= len(scored) // release.form.scored_between_habits:
        return release.habits[habits_asked]
    if len(scored) < release.form.scored_count:
        seen = {item.code for item, _ in scored}
        servable = [
            item
            for item in release.scored
            if item.code not in seen and item.is_servable(today) and _suits(item, business)
        ]
        chosen = _choose(release, seed, scored, servable, _Links(avoid, keep))
        if chosen is not None:
            return chosen
    return next(iter(release.habits[habits_asked:]), None)


def _suits(item: Item, business: str | None) -> bool:
    return not item.suits or business is None or business in item.suits


def linking_items(asked: Asked, *, seed: int) -> frozenset[str]:
    """Return one item of each dimension of an earlier sitting, an anchor where there was one, to link a retest."""
    found: dict[Dimension, Item] = {}
    for item, _ in sorted(asked, key=lambda pair: (not pair[0].anchor, _chance(seed, pair[0].code))):
        if item.dimension is not None:
            found.setdefault(item.dimension, item)
    return frozenset(item.code for item in found.values())


@dataclass(frozen=True, slots=True)
class _Links:
    """Of the last sitting: what to avoid and what to ask again."""

    avoid: frozenset[str]
    keep: frozenset[str]


def _choose(release: Release, seed: int, scored: Asked, servable: list[Item], links: _Links) -> Item | None:
    theta = _thetas(release, scored)
    pools = list(_pools(release, seed, scored, servable, links, theta))
    if not pools:
        return None
    _, pool = min(pools, key=lambda found: found[0])
    drawn = sorted(pool, key=lambda item: _chance(seed, item.code))
    best = sorted(drawn, key=lambda item: information(parameters(item, release.model), theta(item)), reverse=True)
    return min(best[:BEST_OF], key=lambda item: _chance(seed, item.code))


def _thetas(release: Release, scored: Asked) -> Theta:
    """Return the present estimate for an item's dimension; before any answer, an ability to which easy items fit."""
    if not scored:
        low, next_low = release.model.difficulty[:2]
        return lambda item: (low + next_low) / 2
    found = estimate(scored, release.model).dimensions
    return lambda item: found[item.dimension].theta if item.dimension else 0.0


GivenUp = tuple[bool, bool, bool, int, bool]
"""What choosing from a pool gives up, the worst first."""


def _pools(
    release: Release, seed: int, scored: Asked, servable: list[Item], links: _Links, theta: Theta
) -> Iterator[tuple[GivenUp, list[Item]]]:
    """Yield for each dimension that is not full the items that give up least, with what they give up.

    In this order: two sums in a row, items of the last sitting, a jump of more than one expert level, the balance of
    the form, the link to the last sitting.
    """
    after_sum = bool(scored) and scored[-1][0].format is Format.NUMBER
    reach = _one_level(release)
    counts = Counter(item.dimension for item, _ in scored)
    for rank, dimension in enumerate(_most_behind(release, counts, seed)):

        def given_up(item: Item, rank: int = rank) -> GivenUp:
            is_second_sum = after_sum and item.format is Format.NUMBER
            is_jump = parameters(item, release.model).b > theta(item) + reach
            return (
                is_second_sum,
                item.code in links.avoid,
                is_jump,
                rank,
                item.code not in links.keep,
            )

        here = [item for item in servable if item.dimension is dimension]
        if here:
            least = min(map(given_up, here))
            yield least, [item for item in here if given_up(item) == least]


def _one_level(release: Release) -> float:
    """Return the mean distance between two expert levels, in logits."""
    scale = release.model.difficulty
    return (scale[-1] - scale[0]) / (len(scale) - 1)


def _most_behind(release: Release, counts: Counter[Dimension | None], seed: int) -> list[Dimension]:
    open_plans = [plan for plan in release.form.dimensions if counts[plan.dimension] < plan.questions]
    open_plans.sort(key=lambda plan: (counts[plan.dimension] / plan.questions, _chance(seed, plan.dimension)))
    return [plan.dimension for plan in open_plans]


def _chance(seed: int, code: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{code}".encode(), digest_size=8).digest()
