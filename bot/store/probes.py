"""Queries about shadow customers sent and answered."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bot.core.person import PersonId
from bot.core.probe import SentProbe
from bot.store.tables import ProbeRow


def owned(session: Session, owner: PersonId) -> list[SentProbe]:
    """Return all probes that the owner got, the oldest first."""
    rows = session.exec(select(ProbeRow).where(ProbeRow.person_id == owner).order_by(col(ProbeRow.id)))
    return [_sent(row) for row in rows]


def _sent(row: ProbeRow) -> SentProbe:
    assert row.id is not None
    return SentProbe(row.id, row.code, row.release_id, row.sent_at, row.answered_at, row.choice)


def add(session: Session, owner: PersonId, sent: SentProbe) -> SentProbe:
    """Write a probe that is being sent; its id is given here."""
    row = ProbeRow(person_id=owner, code=sent.code, release_id=sent.release_id, sent_at=sent.sent_at)
    session.add(row)
    session.flush()
    return _sent(row)


def save_answer(session: Session, sent: SentProbe) -> None:
    """Write the reply chosen."""
    row = session.get_one(ProbeRow, sent.id)
    row.answered_at, row.choice = sent.answered_at, sent.choice
    session.add(row)
