"""Queries about what was noted of questions: reports that one is confusing, decisions that one counts for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.core.attempt import AttemptId
from bot.store.tables import NeutralRow, ReportRow

Question = tuple[str, str]
"""An item's code and its fingerprint."""


def report(session: Session, attempt_id: AttemptId, slot: int, item_code: str, now: datetime) -> None:
    """Note that the question in a slot is confusing; once is enough."""
    if session.get(ReportRow, (attempt_id, slot)) is None:
        session.add(ReportRow(attempt_id=attempt_id, slot=slot, item_code=item_code, reported_at=now))


def report_counts(session: Session) -> Mapping[str, int]:
    """Return how often each item was found confusing."""
    counted = select(ReportRow.item_code, func.count()).group_by(col(ReportRow.item_code))
    return dict(session.exec(counted).all())


def neutral(session: Session) -> frozenset[Question]:
    """Return the questions that count for nothing now: of each, the latest decision holds."""
    rows = session.exec(select(NeutralRow).order_by(col(NeutralRow.id))).all()
    latest = {(row.item_code, row.fingerprint): row.is_neutral for row in rows}
    return frozenset(question for question, is_neutral in latest.items() if is_neutral)


def count_decisions(session: Session) -> int:
    """Return how many decisions there are; none is ever taken out, so that the same number means the same ones."""
    return session.exec(select(func.count()).select_from(NeutralRow)).one()


@dataclass(frozen=True, slots=True)
class Decision:
    """That a question counts for nothing from then on, or counts again, and why."""

    is_neutral: bool
    reason: str
    decided_at: datetime


def decisions(session: Session, question: Question) -> list[Decision]:
    """Return what was decided of a question, the latest first."""
    code, fingerprint = question
    of_it = select(NeutralRow).where(NeutralRow.item_code == code, NeutralRow.fingerprint == fingerprint)
    rows = session.exec(of_it.order_by(col(NeutralRow.id).desc())).all()
    return [Decision(row.is_neutral, row.reason, row.decided_at) for row in rows]


def decide(session: Session, question: Question, *, is_neutral: bool, reason: str, now: datetime) -> None:
    """Add a decision to the log."""
    code, fingerprint = question
    session.add(
        NeutralRow(item_code=code, fingerprint=fingerprint, is_neutral=is_neutral, reason=reason, decided_at=now)
    )
