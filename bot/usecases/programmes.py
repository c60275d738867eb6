"""What a dinas or a ministry sees of all groups: sums only, and none that would give somebody away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.content.regions import regions
from bot.core.access import Viewer, may_see_programmes
from bot.core.programme import (
    NOBODY,
    UNSAID,
    By,
    Month,
    Period,
    Scope,
    Sums,
    Tally,
    hidden_counts,
    hidden_in,
    month_of,
    sums,
    tallies,
)
from bot.core.release import Release
from bot.store import programmes
from bot.store.programmes import Placed, Share
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library

MONTHS_MOST = 12
"""A table by month shows the latest twelve of the period."""


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One row: what it stands for, how many groups and members, and what is told of their results.

    `key` is the programme, code or month that sets it apart. `sums` is None where there is no result, and where
    `is_hidden`: the results are too few, or would tell of others that are. By month, groups and members are new ones.
    """

    key: str
    scope: Scope
    month: Month | None
    groups: int
    members: int
    sums: Sums | None
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be asked for: the values that groups have, in the order in which they are offered."""

    programmes: tuple[str, ...]
    provinces: tuple[str, ...]
    regencies: tuple[str, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A table with its total, and the choices beside it; rows stand by name or by time, never by result."""

    by: By
    where: Scope
    period: Period
    rows: tuple[ProgrammeRow, ...]
    total: ProgrammeRow
    choices: Choices
    release: Release

    @property
    def fewest(self) -> int:
        return self.release.rules.group_fewest

    @property
    def hidden_rows(self) -> int:
        """Return how many rows keep their results to themselves."""
        return sum(row.is_hidden for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Table:
    """What was found of all scopes, and what stays hidden of each."""

    groups: dict[Scope, int]
    found: dict[Scope, Tally]
    gone: dict[Scope, frozenset[int]]
    fewest: int

    def row(self, key: str, scope: Scope) -> ProgrammeRow:
        gone = self.gone.get(scope, frozenset())
        return _row(key, scope, self.found.get(scope, NOBODY), gone, groups=self.groups[scope], fewest=self.fewest)


def programme_view(
    session: Session, *, viewer: Viewer, by: By, where: Scope, period: Period, library: Library, now: datetime
) -> ProgrammeView:
    """Sum up all groups for one table, in a bounded number of queries; refuses with NotForYou who is no admin."""
    if not may_see_programmes(viewer):
        raise NotForYou
    period = _clipped(period, by, now)
    release = library.current(session)
    fewest, levels = release.rules.group_fewest, len(release.levels)
    placed = programmes.placed(session, period)
    table = _table(placed, programmes.shares(session, period, levels=levels), fewest)
    choices = _choices(session, table, where, now)
    if by is By.MONTH:
        rows, total = _by_month(session, table, where, period, levels)
    else:
        rows, total = _by_place(table, by, where), table.row("", where) if where in table.groups else _empty(where)
    return ProgrammeView(by, where, period, tuple(rows), total, choices, release)


def _clipped(period: Period, by: By, now: datetime) -> Period:
    """Return the period without what is to come, and for a table by month no longer than is shown."""
    last = min(period.last, month_of(now))
    first = min(period.first, last) if period.first else None
    clipped = Period(first, last)
    return Period(clipped.latest(MONTHS_MOST)[0], last) if by is By.MONTH else clipped


def _table(placed: Sequence[Placed], shares: Sequence[Share], fewest: int) -> _Table:
    groups: dict[Scope, int] = {}
    for one in placed:
        for scope in one.place.around():
            groups[scope] = groups.get(scope, 0) + one.groups
    found = tallies((share.places, share.tally) for share in shares)
    return _Table(groups, found, dict(hidden_in(found, fewest=fewest)), fewest)


def _by_place(table: _Table, by: By, where: Scope) -> list[ProgrammeRow]:
    rows = [table.row(_key(by, scope), scope) for scope in table.groups if where.parted(by, scope)]
    return sorted(
        rows, key=lambda row: (row.key == UNSAID, regions().name(row.key).casefold(), row.scope.province or "")
    )


def _key(by: By, scope: Scope) -> str:
    return {By.PROGRAMME: scope.programme, By.PROVINCE: scope.province, By.REGENCY: scope.regency}[by] or UNSAID


def _by_month(
    session: Session, table: _Table, where: Scope, period: Period, levels: int
) -> tuple[list[ProgrammeRow], ProgrammeRow]:
    """Make a row for each month; what its month hides anywhere stays hidden, and the months hide each other."""
    months = period.latest(MONTHS_MOST)
    placed = programmes.placed(session, period, months)
    shares = programmes.shares(session, period, levels=levels, months=months)
    tables = {
        month: _table([p for p in placed if p.month == month], [s for s in shares if s.month == month], table.fewest)
        for month in months
    }
    found: dict[Month | None, Tally] = {month: one.found.get(where, NOBODY) for month, one in tables.items()}
    gone: dict[Month | None, frozenset[int]] = {m: one.gone.get(where, frozenset()) for m, one in tables.items()}
    found[None], gone[None] = table.found.get(where, NOBODY), table.gone.get(where, frozenset())
    decided = hidden_counts(found, [(None, months)], fewest=table.fewest, besides=gone)

    def row(month: Month | None, groups: int) -> ProgrammeRow:
        key = month.text if month else ""
        return _row(key, where, found[month], decided.get(month, ()), groups=groups, fewest=table.fewest, month=month)

    rows = [row(month, one.groups.get(where, 0)) for month, one in tables.items()]
    return rows, row(None, sum(one.groups for one in rows))


def _row(
    key: str,
    scope: Scope,
    tally: Tally,
    gone: Collection[int],
    *,
    groups: int,
    fewest: int,
    month: Month | None = None,
) -> ProgrammeRow:
    told = sums(tally, gone, fewest=fewest)
    is_hidden = tally.results > 0 and told is None
    return ProgrammeRow(key, scope, month, groups, tally.members, told, is_hidden)


def _empty(where: Scope) -> ProgrammeRow:
    return ProgrammeRow("", where, None, 0, 0, None, is_hidden=False)


def _choices(session: Session, table: _Table, where: Scope, now: datetime) -> Choices:
    last = month_of(now)
    first = programmes.first_month(session)
    count = 1 if first is None else (last.year - first.year) * 12 + last.number - first.number + 1
    return Choices(
        programmes=_offered({scope.programme for scope in table.groups}),
        provinces=_offered({scope.province for scope in table.groups}),
        regencies=_offered({s.regency for s in table.groups if where.province and s.province == where.province}),
        months=tuple(last.later(-n) for n in range(count)),
    )


def _offered(keys: set[str | None]) -> tuple[str, ...]:
    said = [key for key in keys if key is not None]
    return tuple(sorted(said, key=lambda key: (key == UNSAID, regions().name(key).casefold())))
