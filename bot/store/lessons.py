"""Queries about lessons opened and done, and what was said of trying their acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from bot.core.acts import ActReport, Tried
from bot.core.person import PersonId
from bot.store.tables import ActReportRow, LessonRow


@dataclass(frozen=True, slots=True)
class Lesson:
    """One person's way through one module; the pinned release holds its cards."""

    module_code: str
    release_id: str
    opened_at: datetime
    done_at: datetime | None


def owned(session: Session, owner: PersonId) -> list[Lesson]:
    """Return all lessons the owner opened, the oldest first."""
    rows = session.exec(select(LessonRow).where(LessonRow.person_id == owner).order_by(LessonRow.opened_at)).all()  # type: ignore[arg-type]
    return [Lesson(r.module_code, r.release_id, r.opened_at, r.done_at) for r in rows]


def one(session: Session, owner: PersonId, module_code: str) -> Lesson | None:
    """Return the owner's lesson on one module."""
    row = session.get(LessonRow, (owner, module_code))
    return Lesson(row.module_code, row.release_id, row.opened_at, row.done_at) if row else None


def save(session: Session, owner: PersonId, lesson: Lesson) -> None:
    """Write a lesson's state."""
    session.merge(
        LessonRow(
            person_id=owner,
            module_code=lesson.module_code,
            release_id=lesson.release_id,
            opened_at=lesson.opened_at,
            done_at=lesson.done_at,
        )
    )


def act_report(session: Session, owner: PersonId, module_code: str) -> ActReport | None:
    """Return the owner's latest word on trying the act of a lesson."""
    row = session.get(ActReportRow, (owner, module_code))
    return ActReport(row.module_code, Tried(row.said), row.said_at) if row else None


def save_act_report(session: Session, owner: PersonId, report: ActReport) -> None:
    """Write what the owner says of an act, in place of what was said before."""
    row = ActReportRow(person_id=owner, module_code=report.module_code, said=report.tried, said_at=report.said_at)
    session.merge(row)
