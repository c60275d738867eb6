"""What an admin sees of the whole at a glance: counts, and nobody by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select
from sqlmodel import Session

from bot.core.attempt import AttemptStatus
from bot.store.tables import AttemptRow, DeliveryRow, DraftRow

_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_DRAFT: Table = DraftRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Counts:
    """Sittings and checks under way, and finished since a moment; messages owed, and late; parts not released yet."""

    active: int
    finished: int
    owed: int
    late: int
    drafts: int


def counts(session: Session, *, since: datetime, late_before: datetime) -> Counts:
    """Return the counts; a message is late that was due before `late_before`."""
    done = (_SITTING.c.status == AttemptStatus.FINISHED) & (_SITTING.c.finished_at >= since)
    sittings = session.execute(
        select(
            func.count().filter(_SITTING.c.status == AttemptStatus.ACTIVE).label("active"),
            func.count().filter(done).label("finished"),
        ).select_from(_SITTING)
    ).one()
    owed = session.execute(
        select(
            func.count().label("owed"),
            func.count().filter(_DELIVERY.c.due_at < late_before).label("late"),
        ).where(_DELIVERY.c.done_at.is_(None))
    ).one()
    drafts = session.execute(select(func.count()).select_from(_DRAFT)).scalar_one()
    return Counts(sittings.active, sittings.finished, owed.owed, owed.late, drafts)
