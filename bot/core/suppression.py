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
    hidden total takes its smallest part along. Where a hidden cell could be had from several families together, the
    smallest one beside it goes. This repeats until all is safe. An empty cell tells of nobody and protects nobody; it
    goes only where its total takes it along.
    """
    gone = {key for key, count in counts.items() if 0 < count < fewest} | set(besides)
    named: dict[Key, list[Family[Key]]] = {}
    for family in families:
        for key in (family.total, *family.parts):
            named.setdefault(key, []).append(family)
    waiting = deque(families)
    while waiting:
        _settle(waiting, counts, gone, fewest, named)
        for key in (key for key in solved(families, gone) if counts[key]):
            for near in _beside(key, counts, gone, named):
                gone.add(near)
                waiting.extend(named[near])
    return frozenset(gone)


def _settle(
    waiting: deque[Family[Key]],
    counts: Mapping[Key, int],
    gone: set[Key],
    fewest: int,
    named: Mapping[Key, Sequence[Family[Key]]],
) -> None:
    """Hide more until each family is safe by itself."""
    while waiting:
        family = waiting.popleft()
        for key in _next(family, counts, gone, fewest):
            gone.add(key)
            waiting.extend(named[key])


def _beside(
    start: Key, counts: Mapping[Key, int], gone: Collection[Key], named: Mapping[Key, Sequence[Family[Key]]]
) -> tuple[Key, ...]:
    """Return the smallest shown cell in the nearest families that have one."""
    reached, edge = {start}, [start]
    while edge:  # pragma: no branch: what follows from others follows from a shown cell within reach
        around = [key for near in edge for family in named[near] for key in (family.total, *family.parts)]
        if shown := _smallest([key for key in around if key not in gone], counts):
            return shown
        edge = [key for key in dict.fromkeys(around) if key not in reached]
        reached.update(edge)
    return ()  # pragma: no cover: see above


def _next(family: Family[Key], counts: Mapping[Key, int], gone: Collection[Key], fewest: int) -> tuple[Key, ...]:
    """Return what must go next for a family to be safe; nothing where it is."""
    away = [part for part in family.parts if part in gone]
    here = [part for part in family.parts if part not in gone]
    held = sum(counts[part] for part in away)
    if family.total in gone:
        if family.fall:
            return tuple(here)
        return () if held else _smallest(here, counts)
    if not held or (len(away) >= HIDDEN_TOGETHER and held >= fewest):
        return ()
    return _smallest(here, counts) or (family.total,)


def _smallest(parts: Sequence[Key], counts: Mapping[Key, int]) -> tuple[Key, ...]:
    held = [part for part in parts if counts[part] > 0]
    return (min(held, key=lambda part: counts[part]),) if held else ()


PRIME = 2**61 - 1
"""Equations are solved in whole numbers modulo a prime: exact, and a wrong answer by chance is out of the question."""
Equation = dict[int, int]


def solved(families: Sequence[Family[Key]], gone: Collection[Key]) -> list[Key]:
    """Return the hidden cells that follow from all that is shown, every family being an equation between its cells."""
    numbers: dict[Key, int] = {}
    equations: list[Equation] = []
    for family in families:
        equation = {numbers.setdefault(part, len(numbers)): 1 for part in family.parts if part in gone}
        if family.total in gone:
            equation[numbers.setdefault(family.total, len(numbers))] = PRIME - 1
        if equation:
            equations.append(equation)
    keys = list(numbers)
    return [keys[number] for number in _alone(_eliminated(equations))]


def _eliminated(equations: Sequence[Equation]) -> dict[int, Equation]:
    """Return the equations by the last unknown of each, which then stands there once."""
    found: dict[int, Equation] = {}
    for equation in equations:
        while equation:
            last = max(equation)
            if last not in found:
                inverse = pow(equation[last], PRIME - 2, PRIME)
                found[last] = {unknown: factor * inverse % PRIME for unknown, factor in equation.items()}
                break
            _subtract(equation, found[last], equation[last])
    return found


def _alone(found: dict[int, Equation]) -> list[int]:
    """Put the equations into each other and return the unknowns that one of them holds alone."""
    for last in sorted(found):
        equation = found[last]
        for unknown in [unknown for unknown in equation if unknown != last and unknown in found]:
            _subtract(equation, found[unknown], equation[unknown])
    return [last for last, equation in found.items() if len(equation) == 1]


def _subtract(equation: Equation, other: Equation, times: int) -> None:
    for unknown, factor in other.items():
        left = (equation.get(unknown, 0) - times * factor) % PRIME
        if left:
            equation[unknown] = left
        else:
            equation.pop(unknown, None)
