"""Who has left no trace for so long that nothing of them may be kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, delete, exists, false, func, select, true
from sqlmodel import Session, SQLModel, col

from bot.core.person import PersonId
from bot.store.people import month
from bot.store.quarantine import KEPT_FOR
from bot.store.tables import (
    ActReportRow,
    AttemptRow,
    ConsentRow,
    GroupCoachRow,
    InvitedRow,
    LessonRow,
    MembershipRow,
    PersonRow,
    PracticeNumberRow,
    PracticeRow,
    ProbeRow,
    QuarantineRow,
    ResponseRow,
    SharingRow,
    WebSessionRow,
    WishRow,
)

TRACES: tuple[tuple[type[SQLModel], str], ...] = (
    (ConsentRow, "given_at"),
    (AttemptRow, "started_at"),
    (AttemptRow, "finished_at"),
    (LessonRow, "opened_at"),
    (LessonRow, "done_at"),
    (ActReportRow, "said_at"),
    (PracticeNumberRow, "changed_at"),
    (PracticeRow, "since"),
    (ProbeRow, "answered_at"),
    (MembershipRow, "joined_at"),
    (InvitedRow, "opened_at"),
    (SharingRow, "decided_at"),
    (WebSessionRow, "seen_at"),
    (WishRow, "decided_at"),
)
"""What somebody does by themselves, with its moment; not what is sent to them. `used_on` holds the rest, since 0008."""


def last_of(session: Session, *, after: PersonId, most: int) -> PersonId | None:
    """Return the id up to which there are `most` people after another one; None where so many are not left."""
    ids = select(col(PersonRow.id)).where(col(PersonRow.id) > after).order_by(col(PersonRow.id))
    found = session.execute(ids.offset(most - 1).limit(1)).scalar()
    return None if found is None else PersonId(found)


def idle(
    session: Session, *, since: datetime, after: PersonId, until: PersonId | None, limit: int
) -> list[tuple[PersonId, int]]:
    """Return people, with their Telegram ids, who did nothing since a moment, in the order of their ids.

    Only those after one and until another id are looked through. Who coaches a group, or is an admin, is never among
    them: much of what they do on the web leaves no trace here. Who did anything in the month of that moment stays.
    """
    person = col(PersonRow.id)
    traces = [
        exists().where(_column(table, "person_id") == person, _column(table, moment) >= since)
        for table, moment in TRACES
    ]
    answers = exists().where(
        col(ResponseRow.attempt_id) == col(AttemptRow.id),
        col(AttemptRow.person_id) == person,
        col(ResponseRow.answered_at) >= since,
    )
    used = func.coalesce(col(PersonRow.used_on) >= month(since), false())
    coaches = exists().where(col(GroupCoachRow.person_id) == person)
    found = (
        select(person, col(PersonRow.telegram_id))
        .where(person > after, true() if until is None else person <= until)
        .where(col(PersonRow.created_at) < since, col(PersonRow.is_admin) == false())
        .where(~used, *(~trace for trace in [*traces, answers, coaches]))
        .order_by(person)
        .limit(limit)
    )
    return [(PersonId(row[0]), row[1]) for row in session.execute(found)]


def _column(table: type[SQLModel], name: str) -> Column[object]:
    found: Column[object] = table.__table__.c[name]  # type: ignore[attr-defined]
    return found


def drop_old_quarantine(session: Session, now: datetime) -> int:
    """Delete the raw updates that were kept for long enough; return how many."""
    old = session.execute(delete(QuarantineRow).where(col(QuarantineRow.created_at) < now - KEPT_FOR))
    return int(old.rowcount)  # type: ignore[attr-defined]
