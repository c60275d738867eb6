"""Everything the database holds about one person: to hand it over, or to erase it.

Both walk the same list of tables; a test fails when a table refers to a person and is missing here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from bot.core.person import PersonId
from bot.store import grants, groups
from bot.store.session import ERASED, LEAVE_NO_TRACE
from bot.store.tables import (
    ActReportRow,
    AttemptRow,
    BigOrderRow,
    ChatOfferRow,
    CoachOfferRow,
    CodeGuessRow,
    ConsentRow,
    DeliveryRow,
    GrantRow,
    GroupChatRow,
    GroupCoachRow,
    InvitedRow,
    LessonRow,
    LoginRow,
    MembershipRow,
    PersonRow,
    PictureRow,
    PracticeNumberRow,
    PracticeRow,
    ProbeRow,
    QuarantineRow,
    ReadingRow,
    ReportRow,
    ResponseRow,
    SharingRow,
    ThreadRow,
    WebSessionRow,
    WishRow,
)

BY_ATTEMPT: tuple[type[SQLModel], ...] = (ResponseRow, ReportRow, PictureRow, ReadingRow)
BY_PERSON: tuple[type[SQLModel], ...] = (
    LessonRow,
    ActReportRow,
    PracticeNumberRow,
    PracticeRow,
    BigOrderRow,
    ProbeRow,
    WishRow,
    ThreadRow,
    GroupChatRow,
    ChatOfferRow,
    MembershipRow,
    InvitedRow,
    SharingRow,
    CodeGuessRow,
    DeliveryRow,
    CoachOfferRow,
    GroupCoachRow,
    LoginRow,
    WebSessionRow,
    ConsentRow,
    AttemptRow,
)


def rows(session: Session, owner: PersonId, telegram_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return every stored row about the owner, by table name."""
    found: dict[str, list[Any]] = {"person": [session.get(PersonRow, owner)]}
    mine = select(AttemptRow.id).where(AttemptRow.person_id == owner)
    for table in BY_PERSON:
        found[str(table.__tablename__)] = list(session.exec(select(table).where(table.person_id == owner)))  # type: ignore[attr-defined]
    for table in BY_ATTEMPT:
        found[str(table.__tablename__)] = list(session.exec(select(table).where(col(table.attempt_id).in_(mine))))  # type: ignore[attr-defined]
    quarantined = session.exec(select(QuarantineRow).where(QuarantineRow.telegram_id == telegram_id))
    found["quarantine"] = list(quarantined)
    found["role_grant"] = list(session.exec(select(GrantRow).where(GrantRow.telegram_id == telegram_id)))
    return {name: [row.model_dump(mode="json") for row in listed if row is not None] for name, listed in found.items()}


def erase(session: Session, owner: PersonId, telegram_id: int) -> None:
    """Delete every row about the owner, note it outside the database, and empty the log of a SQLite file.

    A group that only the owner coached goes too, for nobody is left whom its members agreed to be seen by.
    """
    session.info[LEAVE_NO_TRACE] = True
    session.info.setdefault(ERASED, []).append(telegram_id)
    groups.without_coach(session, owner)
    grants.withdraw_all(session, owner)
    mine = select(AttemptRow.id).where(AttemptRow.person_id == owner)
    for table in BY_ATTEMPT:
        session.execute(delete(table).where(col(table.attempt_id).in_(mine)))  # type: ignore[attr-defined]
    for table in BY_PERSON:
        session.execute(delete(table).where(col(table.person_id) == owner))  # type: ignore[attr-defined]
    for table in (QuarantineRow, GrantRow):
        session.execute(delete(table).where(col(table.telegram_id) == telegram_id))
    session.execute(delete(PersonRow).where(col(PersonRow.id) == owner))
