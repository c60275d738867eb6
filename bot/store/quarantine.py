"""Updates that could not be handled."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from bot.store.tables import QuarantineRow

KEPT_FOR = timedelta(days=30)


def add(
    session: Session, *, update_id: int, telegram_id: int | None, payload: str, error: str, error_id: str, now: datetime
) -> None:
    """Keep a raw update with the kind of error it met, and drop those kept long enough."""
    session.execute(delete(QuarantineRow).where(col(QuarantineRow.created_at) < now - KEPT_FOR))
    session.add(
        QuarantineRow(
            update_id=update_id,
            telegram_id=telegram_id,
            payload=payload,
            error=error,
            error_id=error_id,
            created_at=now,
        )
    )


def count(session: Session) -> int:
    """Return how many updates lie in quarantine."""
    return session.exec(select(func.count()).select_from(QuarantineRow)).one()
