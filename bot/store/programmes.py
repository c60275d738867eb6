"""Sums over all groups, in a bounded number of queries; nobody's name or result alone leaves this room.

People are summed up by the places of the groups they are in. Most are in one group; who is in several is summed up
under all of them together, so that each is counted once wherever the sums are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlmodel import Session

from bot.core.item import OWNER_DIMENSIONS
from bot.core.person import Role
from bot.core.profile import GateColour
from bot.core.programme import UNSAID, Month, Period, Scope, Tally, month_of
from bot.store.tables import AttemptRow, GroupRow, LessonRow, MembershipRow, ReadingRow

_GROUP: Table = GroupRow.__table__  # type: ignore[attr-defined]
_MEMBER: Table = MembershipRow.__table__  # type: ignore[attr-defined]
_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_READING: Table = ReadingRow.__table__  # type: ignore[attr-defined]
_LESSON: Table = LessonRow.__table__  # type: ignore[attr-defined]

_BETWEEN = " "
Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """How many groups there are in one place, archived ones too; `month` is when they were made, None if not asked."""

    place: Scope
    month: Month | None
    groups: int


@dataclass(frozen=True, slots=True)
class Share:
    """What is known of those people whose groups are in exactly these places."""

    places: frozenset[Scope]
    month: Month | None
    tally: Tally


def placed(session: Session, period: Period, months: Sequence[Month] = ()) -> list[Placed]:
    """Count the groups that were made before the period's end, by place, and by month where months are named."""
    made = _bucket(_GROUP.c.created_at, months).label("month")
    place = (_GROUP.c.programme, _GROUP.c.province, _GROUP.c.regency)
    statement = (
        select(*place, made, func.count().label("groups"))
        .where(_during(_GROUP.c.created_at, period, months))
        .group_by(*place, made)
    )
    return [Placed(_scope(row), _month(row.month), row.groups) for row in session.execute(statement)]


def first_month(session: Session) -> Month | None:
    """Return the month in which the first group was made; None before."""
    first = session.execute(select(_GROUP.c.created_at).order_by(_GROUP.c.created_at).limit(1)).scalar()
    return None if first is None else month_of(first)


def _scope(row: Row[Any]) -> Scope:
    province = row.province or UNSAID
    return Scope(row.programme or UNSAID, province, row.regency or UNSAID)


def shares(session: Session, period: Period, *, levels: int, months: Sequence[Month] = ()) -> list[Share]:
    """Sum up the people of all groups, who waits to be agreed to left out, in four queries.

    A result is the latest one of the period, or the latest of each month where months are named; then members and
    those who began are counted in the month they did.
    """
    leaves = {
        str(row.leaf): _scope(row)
        for row in session.execute(
            select(_leaf().label("leaf"), _GROUP.c.programme, _GROUP.c.province, _GROUP.c.regency)
        )
    }
    found = [
        *((row, Tally(members=row.people)) for row in session.execute(_members(period, months))),
        *((row, Tally(begun=row.people)) for row in session.execute(_begun(period, months))),
        *((row, _tally(row, levels)) for row in session.execute(_results(period, months, levels))),
    ]
    together: dict[tuple[frozenset[str], str], Tally] = {}
    for row, tally in found:
        key = frozenset(row.places.split(_BETWEEN)), row.month
        together[key] = together[key].plus(tally) if key in together else tally
    return [
        Share(frozenset(leaves[leaf] for leaf in places), _month(month), tally)
        for (places, month), tally in together.items()
    ]


def _tally(row: Row[Any], levels: int) -> Tally:
    return Tally(
        results=row.people,
        learnt=row.learnt,
        retested=row.retested,
        levels=tuple(row._mapping[f"level{n}"] for n in range(1, levels + 1)),
        gates=tuple(row._mapping[colour] for colour in GateColour),
        scores=tuple(row._mapping[d.lower()] for d in OWNER_DIMENSIONS),
        grown=row.grown,
        grown_squared=row.grown_squared,
    )


def _leaf() -> Column:
    """Return what stands for a group's place: the first group there."""
    return func.min(_GROUP.c.id).over(partition_by=(_GROUP.c.programme, _GROUP.c.province, _GROUP.c.regency))


def _people(period: Period) -> CTE:
    """Return everyone who is in a group, with the places of their groups and when they first joined one."""
    leaves = select(_GROUP.c.id, cast(_leaf(), String).label("leaf")).subquery()
    return (
        select(
            _MEMBER.c.person_id,
            func.aggregate_strings(leaves.c.leaf, _BETWEEN).label("places"),
            func.min(_MEMBER.c.joined_at).label("joined_at"),
        )
        .join(leaves, leaves.c.id == _MEMBER.c.group_id)
        .where(~_MEMBER.c.waits, _MEMBER.c.joined_at < period.ends)
        .group_by(_MEMBER.c.person_id)
        .cte("people")
    )


def _members(period: Period, months: Sequence[Month]) -> Select[Any]:
    people = _people(period)
    month = _bucket(people.c.joined_at, months).label("month")
    return (
        select(people.c.places, month, func.count().label("people"))
        .where(_during(people.c.joined_at, period, months))
        .group_by(people.c.places, month)
    )


def _begun(period: Period, months: Sequence[Month]) -> Select[Any]:
    people = _people(period)
    month = _bucket(_SITTING.c.started_at, months).label("month")
    whole = and_(_SITTING.c.focus.is_(None), _SITTING.c.form == Role.OWNER)
    begun = (
        select(_SITTING.c.person_id, month)
        .where(whole, _within(_SITTING.c.started_at, period, months))
        .distinct()
        .subquery()
    )
    return (
        select(people.c.places, begun.c.month, func.count().label("people"))
        .join(begun, begun.c.person_id == people.c.person_id)
        .group_by(people.c.places, begun.c.month)
    )


def _results(period: Period, months: Sequence[Month], levels: int) -> Select[Any]:
    people, latest, first = _people(period), _latest(period, months), _READING.alias("first")
    learnt = select(_LESSON.c.person_id).where(_LESSON.c.done_at < period.ends).distinct().subquery()
    again = _READING.c.attempt_id > first.c.attempt_id
    change = _READING.c.overall - first.c.overall
    errors = _READING.c.overall_error * _READING.c.overall_error + first.c.overall_error * first.c.overall_error
    return (
        select(
            people.c.places,
            latest.c.month,
            func.count().label("people"),
            func.count(learnt.c.person_id).label("learnt"),
            _count(again).label("retested"),
            *(_count(_READING.c.level == n).label(f"level{n}") for n in range(1, levels + 1)),
            *(_count(_READING.c.gate == colour).label(colour) for colour in GateColour),
            *(func.sum(_READING.c[d.lower()]).label(d.lower()) for d in OWNER_DIMENSIONS),
            _sum(again, change).label("grown"),
            _sum(again, errors).label("grown_squared"),
        )
        .select_from(latest)
        .join(people, people.c.person_id == latest.c.person_id)
        .join(_READING, _READING.c.attempt_id == latest.c.attempt_id)
        .join(first, first.c.attempt_id == latest.c.first_id)
        .outerjoin(learnt, learnt.c.person_id == latest.c.person_id)
        .group_by(people.c.places, latest.c.month)
    )


def _count(told: Column) -> Column:
    return func.count(case((told, 1)))


def _sum(told: Column, value: Any) -> Column:
    return func.sum(case((told, value), else_=0))


def _latest(period: Period, months: Sequence[Month]) -> FromClause:
    """Return everyone's latest sitting in the period, or in each month, beside the first one ever.

    A person's sittings follow each other, so that the later one has the higher id.
    """
    month = _bucket(_READING.c.finished_at, months).label("month")
    earlier = _READING.alias("earlier")
    first = select(func.min(earlier.c.attempt_id)).where(earlier.c.person_id == _READING.c.person_id)
    return (
        select(
            _READING.c.person_id,
            month,
            func.max(_READING.c.attempt_id).label("attempt_id"),
            first.correlate(_READING).scalar_subquery().label("first_id"),
        )
        .where(_within(_READING.c.finished_at, period, months))
        .group_by(_READING.c.person_id, *((month,) if months else ()))
        .subquery("latest")
    )


def _bucket(moment: Column, months: Sequence[Month]) -> Column:
    """Return the month of a moment as text, empty where none are named or it lies before them."""
    if not months:
        return literal("", Text)
    backwards = reversed(months)
    return case(*((moment >= month.begins, month.text) for month in backwards), else_="")


def _within(moment: Column, period: Period, months: Sequence[Month]) -> Column:
    begins = months[0].begins if months else period.begins
    return and_(moment < period.ends, *((moment >= begins,) if begins else ()))


def _during(moment: Column, period: Period, months: Sequence[Month]) -> Column:
    """Narrow what has lasted since then, such as a group: all of it before the period's end, or that of the months."""
    return _within(moment, period, months) if months else moment < period.ends


def _month(text: str) -> Month | None:
    return Month(int(text[:4]), int(text[5:])) if text else None
