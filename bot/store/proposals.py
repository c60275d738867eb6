"""Queries about proposals: documents that someone wants released, from their note to how they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session

from bot.core.person import PersonId
from bot.store.tables import PersonRow, ProposalRow

_PROPOSAL: Table = ProposalRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal without its document; names are None of who was erased, and of nobody."""

    id: int
    digest: str
    note: str
    proposed_by: PersonId
    proposed_by_name: str | None
    proposed_at: datetime
    approved_by: PersonId | None
    approved_by_name: str | None
    approved_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    outcome: str | None

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


def add(
    session: Session, *, digest: str, payload: str, note: str, by: PersonId, due_at: datetime | None, now: datetime
) -> int:
    """Keep a proposal and return its id."""
    values = {"digest": digest, "payload": payload, "note": note, "proposed_by": by, "proposed_at": now}
    statement = insert(_PROPOSAL).values(**values, due_at=due_at).returning(_PROPOSAL.c.id)
    return int(session.execute(statement).scalar_one())


def open_one(session: Session) -> Proposal | None:
    """Return the proposal that waits for its release; there is one at most."""
    return next(iter(_found(session, _PROPOSAL.c.ended_at.is_(None), limit=1)), None)


def due(session: Session, now: datetime) -> Proposal | None:
    """Return the waiting proposal whose moment has come."""
    return next(iter(_found(session, _PROPOSAL.c.ended_at.is_(None) & (_PROPOSAL.c.due_at <= now), limit=1)), None)


def ended(session: Session, *, limit: int) -> list[Proposal]:
    """Return the proposals that ended, the latest first."""
    return _found(session, _PROPOSAL.c.ended_at.is_not(None), limit=limit)


def payload(session: Session, proposal_id: int) -> str:
    """Return the document of a proposal, which exists."""
    return str(session.execute(select(_PROPOSAL.c.payload).where(_PROPOSAL.c.id == proposal_id)).scalar_one())


def approve(session: Session, *, proposal_id: int, by: PersonId, now: datetime) -> bool:
    """Note who read a waiting proposal; tell whether it was waiting."""
    return _change(session, proposal_id, approved_by=by, approved_at=now)


def end(session: Session, *, proposal_id: int, outcome: str, now: datetime) -> bool:
    """End a waiting proposal; tell whether it was waiting. Its document is kept by the release, if it became one."""
    return _change(session, proposal_id, outcome=outcome, ended_at=now, payload="")


def _change(session: Session, proposal_id: int, **values: Any) -> bool:
    waiting = (_PROPOSAL.c.id == proposal_id) & _PROPOSAL.c.ended_at.is_(None)
    result: Any = session.execute(update(_PROPOSAL).where(waiting).values(**values))
    return bool(result.rowcount)


def _found(session: Session, condition: Any, *, limit: int) -> list[Proposal]:
    by: Any = aliased(PersonRow)
    reader: Any = aliased(PersonRow)
    columns = [column for column in _PROPOSAL.c if column.name != "payload"]
    statement = (
        select(*columns, by.first_name.label("by_name"), reader.first_name.label("reader_name"))
        .outerjoin(by, by.id == _PROPOSAL.c.proposed_by)
        .outerjoin(reader, reader.id == _PROPOSAL.c.approved_by)
        .where(condition)
        .order_by(_PROPOSAL.c.id.desc())
        .limit(limit)
    )
    return [_proposal(row) for row in session.execute(statement)]


def _proposal(row: Any) -> Proposal:
    return Proposal(
        id=row.id,
        digest=row.digest,
        note=row.note,
        proposed_by=PersonId(row.proposed_by),
        proposed_by_name=row.by_name,
        proposed_at=row.proposed_at,
        approved_by=None if row.approved_by is None else PersonId(row.approved_by),
        approved_by_name=row.reader_name,
        approved_at=row.approved_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
    )
