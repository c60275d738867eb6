"""Figures about everybody for whoever runs the bot: never about one person, and cheap whatever has piled up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, func, literal, select, union_all
from sqlmodel import Session

from bot.store.tables import AttemptRow, CodeGuessRow, DeliveryRow, LessonRow, PersonRow, QuarantineRow, ReadingRow

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_ATTEMPT: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_READING: Table = ReadingRow.__table__  # type: ignore[attr-defined]
_LESSON: Table = LessonRow.__table__  # type: ignore[attr-defined]
_QUARANTINE: Table = QuarantineRow.__table__  # type: ignore[attr-defined]
_GUESS: Table = CodeGuessRow.__table__  # type: ignore[attr-defined]

COUNTED_TO = 10_000
"""What has piled up is counted so far and no further: more than that means the same."""


@dataclass(frozen=True, slots=True)
class OwedNow:
    """What of one kind is due and not done: how much (up to COUNTED_TO), and since when."""

    kind: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many came how far, whoever they are."""

    consented: int
    began: int
    finished: int
    lessons_opened: int
    lessons_done: int


def owed_now(session: Session, kinds: Collection[str], now: datetime) -> list[OwedNow]:
    """Return what is due, by kind; each kind is one seek in the index of what is open and a walk of bounded length."""
    statement = union_all(*(_owed(kind, now) for kind in kinds))
    rows = session.execute(statement).all()
    return [OwedNow(row.kind, row.times, row.oldest) for row in rows if row.times]


def _owed(kind: str, now: datetime) -> Select[str, int, Any]:
    is_due = (_DELIVERY.c.kind == kind) & _DELIVERY.c.done_at.is_(None) & (_DELIVERY.c.due_at <= now)
    # In the order of the index, so that those counted are the oldest.
    oldest = select(_DELIVERY.c.due_at).where(is_due).order_by(_DELIVERY.c.due_at).limit(COUNTED_TO).subquery()
    return select(
        literal(kind).label("kind"), func.count().label("times"), func.min(oldest.c.due_at).label("oldest")
    ).select_from(oldest)


def quarantined(session: Session, since: datetime | None = None) -> int:
    """Count updates in quarantine, or those that came there since a moment; up to COUNTED_TO."""
    found = select(_QUARANTINE.c.id).limit(COUNTED_TO)
    if since is not None:
        found = found.where(_QUARANTINE.c.created_at > since)
    return int(session.execute(select(func.count()).select_from(found.subquery())).scalar_one())


def guessed(session: Session, since: datetime) -> int:
    """Count the join codes that opened nothing since a moment, of all people together; up to COUNTED_TO."""
    found = select(_GUESS.c.id).where(_GUESS.c.guessed_at > since).limit(COUNTED_TO)
    return int(session.execute(select(func.count()).select_from(found.subquery())).scalar_one())


def funnel(session: Session) -> Funnel:
    """Count how far everybody came. It walks whole indexes and the lessons: ask seldom, and where nobody waits."""
    counts = [
        select(func.count(_PERSON.c.telegram_id)),
        select(func.count(_ATTEMPT.c.person_id)),
        select(func.count(_READING.c.person_id)),
        select(func.count()).select_from(_LESSON),
        select(func.count(_LESSON.c.done_at)),
    ]
    return Funnel(*(session.execute(one).scalar_one() for one in counts))
