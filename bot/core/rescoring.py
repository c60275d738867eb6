"""Who would stand elsewhere if a release were another: before difficulties are renewed or a question is put aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.attempt import Attempt
from bot.core.person import Role
from bot.core.profile import profile
from bot.core.release import Release


@dataclass(frozen=True, slots=True)
class Effect:
    """Of so many sittings with a result, how many change in score at all, and how many go from level to level."""

    sittings: int
    touched: int
    moved: Mapping[tuple[str, str], int]


def effect(sittings: Sequence[tuple[Attempt, Release]], change: Callable[[Release], Release]) -> Effect:
    """Score every sitting as it is and under the changed release; nothing is stored."""
    changed: dict[tuple[str, Role], Release] = {}
    touched = 0
    moved: Counter[tuple[str, str]] = Counter()
    whole = [(attempt, release) for attempt, release in sittings if attempt.has_result]
    for attempt, release in whole:
        key = (release.id, attempt.form)
        if key not in changed:
            changed[key] = change(release)
        before, after = profile(attempt, release), profile(attempt, changed[key])
        touched += before.abilities != after.abilities
        if before.level.level.number != after.level.level.number:
            moved[(before.level.level.name, after.level.level.name)] += 1
    return Effect(len(whole), touched, dict(moved))
