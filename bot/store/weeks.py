"""What happened in groups between two moments, counted for any number of them in four queries; nobody is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlmodel import Session

from bot.core.group import GroupId
from bot.core.person import Role
from bot.core.week import Week
from bot.store.tables import AttemptRow, LessonRow, MembershipRow, ReadingRow

_MEMBER: Table = MembershipRow.__table__  # type: ignore[attr-defined]
_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_READING: Table = ReadingRow.__table__  # type: ignore[attr-defined]
_LESSON: Table = LessonRow.__table__  # type: ignore[attr-defined]


def between(
    session: Session, wanted: Collection[GroupId], *, until: datetime, since: datetime | None = None
) -> dict[GroupId, Week]:
    """Return what happened in each of these groups since a moment, or ever, as far as their members of now go."""
    found = {group: Week() for group in wanted}

    def within(moment: ColumnElement[Any]) -> ColumnElement[bool]:
        return (moment <= until) if since is None else (moment > since) & (moment <= until)

    def counted(table: Table, condition: ColumnElement[bool], *also: ColumnElement[Any]) -> Select[Any]:
        joined = _MEMBER if table is _MEMBER else _MEMBER.join(table, table.c.person_id == _MEMBER.c.person_id)
        people = func.count(_MEMBER.c.person_id.distinct()).label("people")
        return (
            select(_MEMBER.c.group_id, people, *also)
            .select_from(joined)
            .where(_MEMBER.c.group_id.in_(list(wanted)), ~_MEMBER.c.waits, condition)
            .group_by(_MEMBER.c.group_id)
        )

    whole = _SITTING.c.focus.is_(None) & (_SITTING.c.form == Role.OWNER)
    for row in session.execute(counted(_MEMBER, within(_MEMBER.c.joined_at))):
        found[row.group_id] = Week(joined=row.people)
    for row in session.execute(counted(_SITTING, whole & within(_SITTING.c.started_at))):
        found[row.group_id] = replace(found[row.group_id], begun=row.people)
    for row in session.execute(counted(_READING, within(_READING.c.finished_at))):
        found[row.group_id] = replace(found[row.group_id], finished=row.people)
    lessons = func.count().label("lessons")
    for row in session.execute(counted(_LESSON, within(_LESSON.c.done_at), lessons)):
        found[row.group_id] = replace(found[row.group_id], learners=row.people, lessons=row.lessons)
    return found
