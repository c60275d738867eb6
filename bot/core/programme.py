"""Sums over many groups, as a dinas or a ministry sees them: by programme, province, kabupaten or kota, and month."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise, zip_longest
from math import sqrt
from typing import NamedTuple, TypeVar

from bot.core.growth import Growth
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.profile import GateColour
from bot.core.suppression import FEWEST, Family, hidden

UNSAID = ""
"""The programme, province or kabupaten of a group whose coach has not said it."""
JAKARTA = timedelta(hours=7)
"""Months begin at midnight in the capital, for everybody."""
POINTS = 12.5
"""Scale points in one population standard deviation."""

Key = TypeVar("Key", bound=Hashable)


class By(StrEnum):
    """What a table has a row for."""

    PROGRAMME = "program"
    PROVINCE = "provinsi"
    REGENCY = "kabupaten"
    MONTH = "bulan"


class Month(NamedTuple):
    """A month of the calendar."""

    year: int
    number: int

    @property
    def begins(self) -> datetime:
        """Return its first moment in the capital, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=UTC) - JAKARTA

    def later(self, months: int) -> Month:
        """Return the month so many months later, or earlier where that is negative."""
        years, index = divmod(self.number - 1 + months, 12)
        return Month(self.year + years, index + 1)

    @property
    def text(self) -> str:
        """Return it as 2026-11."""
        return f"{self.year:04d}-{self.number:02d}"


def month_of(moment: datetime) -> Month:
    """Return the month that a moment fell in, in the capital."""
    there = moment.astimezone(UTC) + JAKARTA
    return Month(there.year, there.month)


@dataclass(frozen=True, slots=True)
class Period:
    """Months from `first`, or from the beginning where that is None, to `last`, both included."""

    first: Month | None
    last: Month

    @property
    def begins(self) -> datetime | None:
        return self.first.begins if self.first else None

    @property
    def ends(self) -> datetime:
        """Return the first moment after it."""
        return self.last.later(1).begins

    def latest(self, most: int) -> tuple[Month, ...]:
        """Return its latest months, at most so many, the oldest first."""
        back = (self.last.later(-n) for n in range(most))
        return tuple(reversed([month for month in back if self.first is None or month >= self.first]))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sum is over: a programme, a province, a kabupaten or kota; None is all of them, UNSAID those without."""

    programme: str | None = None
    province: str | None = None
    regency: str | None = None

    @property
    def widenings(self) -> Iterator[tuple[By, Scope]]:
        """Return each scope that this one is a part of, with what it is told apart by there."""
        if self.programme is not None:
            yield By.PROGRAMME, replace(self, programme=None)
        if self.regency is not None:
            yield By.REGENCY, replace(self, regency=None)
        elif self.province is not None:
            yield By.PROVINCE, replace(self, province=None)

    def around(self) -> Iterator[Scope]:
        """Return the six scopes that hold a place named in full."""
        for programme in (None, self.programme):
            yield Scope(programme)
            yield Scope(programme, self.province)
            yield Scope(programme, self.province, self.regency)

    def parted(self, by: By, scope: Scope) -> bool:
        """Tell whether a scope is one of those that this one is parted into."""
        fits = all(mine in (None, its) for mine, its in zip(self._names, scope._names, strict=True))
        wanted = [mine is not None for mine in self._names]
        match by:
            case By.PROGRAMME:
                wanted[0] = True
            case By.PROVINCE:
                wanted[1] = True
            case By.REGENCY:
                wanted[1] = wanted[2] = True
            case By.MONTH:  # pragma: no branch: there is no other way to part
                return False
        return fits and wanted == [name is not None for name in scope._names]

    def order(self) -> tuple[bool | str, ...]:
        """Return what scopes are sorted by: the wide ones first."""
        return tuple(part for name in self._names for part in (name is not None, name or UNSAID))

    @property
    def _names(self) -> tuple[str | None, str | None, str | None]:
        return self.programme, self.province, self.regency


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of people, each counted once, and sums over those with a result; tallies of different people add up.

    Levels are counted from the first, gates from green to red, scores in scale points by dimension. `grown` sums up the
    change from the first to the latest sitting of those who took two, in population standard deviations, and
    `grown_squared` the squared errors of it.
    """

    members: int = 0
    begun: int = 0
    results: int = 0
    learnt: int = 0
    retested: int = 0
    levels: tuple[int, ...] = ()
    gates: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    grown: float = 0.0
    grown_squared: float = 0.0

    def plus(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.members + other.members,
            self.begun + other.begun,
            self.results + other.results,
            self.learnt + other.learnt,
            self.retested + other.retested,
            tuple(a + b for a, b in zip_longest(self.levels, other.levels, fillvalue=0)),
            tuple(a + b for a, b in zip_longest(self.gates, other.gates, fillvalue=0)),
            tuple(a + b for a, b in zip_longest(self.scores, other.scores, fillvalue=0.0)),
            self.grown + other.grown,
            self.grown_squared + other.grown_squared,
        )


NOBODY = Tally()


def tallies(shares: Iterable[tuple[Collection[Scope], Tally]]) -> dict[Scope, Tally]:
    """Add up by scope what is known of people by the places their groups are in; who is in two counts once in each."""
    found: dict[Scope, Tally] = {}
    for places, tally in shares:
        for scope in {scope for place in places for scope in place.around()}:
            found[scope] = found[scope].plus(tally) if scope in found else tally
    return found


def _counts(tally: Tally) -> tuple[int, ...]:
    """Return every count of results that is shown of a scope, that of all its results first."""
    found, learnt, retested = tally.results, tally.learnt, tally.retested
    return (found, *tally.levels, *tally.gates, learnt, found - learnt, retested, found - retested)


def _parted(tally: Tally) -> tuple[range, ...]:
    """Return where in `_counts` the parts of one whole stand: levels, gates, lesson done or not, retested or not."""
    levels, gates = len(tally.levels), len(tally.gates)
    ends = (1, 1 + levels, 1 + levels + gates, 3 + levels + gates, 5 + levels + gates)
    return tuple(range(begin, end) for begin, end in pairwise(ends))


Hidden = Mapping[Key, frozenset[int]]
"""For each sum the counts in it that are hidden, by their place; where the first is, all are."""


def hidden_counts(
    found: Mapping[Key, Tally],
    wholes: Sequence[tuple[Key, Sequence[Key]]],
    *,
    fewest: int = FEWEST,
    besides: Hidden[Key] | None = None,
) -> Hidden[Key]:
    """Decide for many sums at once what stays hidden; `wholes` names those that others add up to."""
    held = {key: tally for key, tally in found.items() if tally.results}
    numbers = {key: number for number, key in enumerate(held)}
    width = len(_counts(next(iter(held.values())))) if held else 1
    counts = {numbers[k] * width + i: n for k, tally in held.items() for i, n in enumerate(_counts(tally))}
    families = [
        Family(numbers[key] * width, tuple(numbers[key] * width + i for i in parts), fall=True)
        for key, tally in held.items()
        for parts in _parted(tally)
    ]
    for whole, parts in wholes:
        if whole in held:
            inside = [numbers[part] * width for part in parts if part in held]
            base = numbers[whole] * width
            families += [Family(base + i, tuple(part + i for part in inside)) for i in range(width)]
    already = {numbers[key] * width + i for key, gone in (besides or {}).items() if key in held for i in gone}
    away: dict[Key, set[int]] = {key: set() for key in held}
    keys = list(held)
    for cell in hidden(counts, families, fewest=fewest, besides=already):
        away[keys[cell // width]].add(cell % width)
    return {key: frozenset(gone) for key, gone in away.items()}


def hidden_in(found: Mapping[Scope, Tally], *, fewest: int = FEWEST) -> Hidden[Scope]:
    """Decide for every scope of one period at once and in one order, so that whoever asks for whichever table is told
    the same.
    """
    parts: dict[tuple[By, Scope], list[Scope]] = {}
    ordered = {scope: found[scope] for scope in sorted(found, key=Scope.order)}
    for scope in ordered:
        for by, wider in scope.widenings:
            parts.setdefault((by, wider), []).append(scope)
    return hidden_counts(ordered, [(wider, inside) for (_, wider), inside in parts.items()], fewest=fewest)


@dataclass(frozen=True, slots=True)
class Sums:
    """What is told of the results of a scope; None stands for a count that stays hidden.

    Means are whole scale points: finer ones would tell more of who has come since.
    """

    begun: int
    results: int
    means: Mapping[Dimension, int]
    levels: tuple[int | None, ...]
    gates: Mapping[GateColour, int | None]
    learnt: int | None
    retested: int | None
    growth: Growth | None


def sums(tally: Tally, gone: Collection[int], *, fewest: int = FEWEST) -> Sums | None:
    """Return what is told of a scope; None where it has no result, or its results stay hidden."""
    if not tally.results or 0 in gone:
        return None
    shown = [None if place in gone else count for place, count in enumerate(_counts(tally))]
    levels, gates, lesson, retest = _parted(tally)
    retested = shown[retest.start]
    return Sums(
        begun=tally.begun,
        results=tally.results,
        means={d: round(total / tally.results) for d, total in zip(OWNER_DIMENSIONS, tally.scores, strict=True)},
        levels=tuple(shown[place] for place in levels),
        gates=dict(zip(GateColour, (shown[place] for place in gates), strict=True)),
        learnt=shown[lesson.start],
        retested=retested,
        growth=_growth(tally, retested) if retested is not None and retested >= fewest else None,
    )


def _growth(tally: Tally, people: int) -> Growth:
    return Growth(POINTS * tally.grown / people, POINTS * sqrt(tally.grown_squared) / people)
