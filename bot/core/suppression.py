"""Which cells of published tables stay hidden, so that nobody in a small one is worked out from the others.

Primary and complementary cell suppression: Hundepool and others, Statistical Disclosure Control (2012), chapter 4.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST = 5
"""A cell of fewer results is hidden, and the hidden cells of a family hold so many at least."""
HIDDEN_TOGETHER = 2

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Family(Generic[Key]):
    """Cells that add up to a total which is a cell too; where they `fall` with it, they are hidden whenever it is."""

    total: Key
    parts: tuple[Key, ...]
    fall: bool = False


def hidden(
    counts: Mapping[Key, int],
    families: Sequence[Family[Key]],
    *,
    fewest: int = FEWEST,
    besides: Collection[Key] = (),
) -> frozenset[Key]:
    """Return the cells to hide, and with each its counts and means alike; `besides` are hidden already.

    Small cells go first. Then in every family: where a hidden cell could be had by subtraction the next smallest goes
    too, until at least two are hidden that hold at least `fewest` together; where none is left, the total goes. A
    hidden total takes its smallest part along. This repeats until every family is safe. An empty cell tells of nobody
    and protects nobody.
    """
    gone = {key for key, count in counts.items() if 0 < count < fewest} | set(besides)
    named: dict[Key, list[Family[Key]]] = {}
    for family in families:
        for key in (family.total, *family.parts):
            named.setdefault(key, []).append(family)
    waiting = deque(families)
    while waiting:
        family = waiting.popleft()
        for key in _next(family, counts, gone, fewest):
            gone.add(key)
            waiting.extend(named[key])
    return frozenset(gone)


def is_safe(family: Family[Key], counts: Mapping[Key, int], gone: Collection[Key], *, fewest: int = FEWEST) -> bool:
    """Tell whether no hidden cell of a family can be had from those that are shown."""
    return not _next(family, counts, gone, fewest)


def _next(family: Family[Key], counts: Mapping[Key, int], gone: Collection[Key], fewest: int) -> tuple[Key, ...]:
    """Return what must go next for a family to be safe; nothing where it is."""
    away = [part for part in family.parts if part in gone]
    here = [part for part in family.parts if part not in gone]
    if family.total in gone:
        if family.fall:
            return tuple(here)
        return () if away else _smallest(here, counts)
    if not away or (len(away) >= HIDDEN_TOGETHER and sum(counts[part] for part in away) >= fewest):
        return ()
    return _smallest(here, counts) or (family.total,)


def _smallest(parts: Sequence[Key], counts: Mapping[Key, int]) -> tuple[Key, ...]:
    held = [part for part in parts if counts[part] > 0]
    return (min(held, key=lambda part: counts[part]),) if held else ()
