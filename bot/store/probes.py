"""Queries about shadow customers sent and answered."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from bot.core.delivery import DeliveryId, Outcome
from bot.core.person import PersonId
from bot.core.probe import SentProbe
from bot.store.tables import DeliveryRow, ProbeRow


def owned(session: Session, owner: PersonId) -> list[SentProbe]:
    """Return all probes that the owner got, the oldest first; one that has not arrived is none."""
    statement = select(ProbeRow).where(ProbeRow.person_id == owner, or_(col(ProbeRow.choice).is_not(None), _arrived()))
    return [_sent(row) for row in session.exec(statement.order_by(col(ProbeRow.id)))]


def awaited(session: Session, people: Collection[PersonId]) -> frozenset[PersonId]:
    """Return for whose reply a shadow customer waits."""
    theirs = col(ProbeRow.person_id).in_(list(people))
    found = select(ProbeRow.person_id).where(theirs, col(ProbeRow.choice).is_(None), _arrived())
    return frozenset(map(PersonId, session.exec(found)))


def _arrived() -> ColumnElement[bool]:
    """Say that a probe did not come with a message which is still on its way, or never arrived."""
    outcome = col(DeliveryRow.outcome)
    lost = or_(outcome.is_(None), outcome.in_([str(Outcome.FAILED), str(Outcome.SUPERSEDED)]))
    return ~exists().where(col(DeliveryRow.id) == col(ProbeRow.delivery_id), lost)


def one(session: Session, owner: PersonId, probe_id: int) -> SentProbe | None:
    """Return one of the owner's probes, also one whose message is just arriving."""
    found = session.exec(select(ProbeRow).where(ProbeRow.person_id == owner, ProbeRow.id == probe_id)).first()
    return _sent(found) if found else None


def of_delivery(session: Session, delivery_id: DeliveryId) -> SentProbe | None:
    """Return the probe that an owed message brings, if it was tried to send it before."""
    found = session.exec(select(ProbeRow).where(ProbeRow.delivery_id == delivery_id)).first()
    return _sent(found) if found else None


def _sent(row: ProbeRow) -> SentProbe:
    assert row.id is not None
    return SentProbe(row.id, row.code, row.release_id, row.sent_at, row.answered_at, row.choice)


def add(session: Session, owner: PersonId, sent: SentProbe, delivery_id: DeliveryId | None = None) -> SentProbe:
    """Write a probe that is being sent; its id is given here."""
    row = ProbeRow(
        person_id=owner, code=sent.code, release_id=sent.release_id, sent_at=sent.sent_at, delivery_id=delivery_id
    )
    session.add(row)
    session.flush()
    return _sent(row)


def save(session: Session, sent: SentProbe) -> None:
    """Write the reply chosen, or that a probe is sent only now."""
    row = session.get_one(ProbeRow, sent.id)
    row.sent_at, row.answered_at, row.choice = sent.sent_at, sent.answered_at, sent.choice
    session.add(row)
