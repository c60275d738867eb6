"""Queries about messages owed to people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.core.delivery import Delivery, DeliveryId, Kind, Outcome
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.store.tables import DeliveryRow

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages of one kind from one group are out, still owed, or came to nothing."""

    sent: int
    owed: int
    other: int


def owe(session: Session, owed: Sequence[Delivery], now: datetime) -> int:
    """Store messages that are owed; return how many of them were not owed or sent already."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = 0
    for start in range(0, len(owed), AT_ONCE):
        rows = [_values(one, now) for one in owed[start : start + AT_ONCE]]
        statement = make(_DELIVERY).values(rows).on_conflict_do_nothing(index_elements=["key"])
        new += len(session.execute(statement.returning(_DELIVERY.c.id)).all())
    return new


def _values(owed: Delivery, now: datetime) -> dict[str, object]:
    return {
        "person_id": owed.person_id,
        "key": owed.key,
        "kind": owed.kind,
        "group_id": owed.group_id,
        "sender_name": owed.sender_name,
        "module_code": owed.module_code,
        "due_at": owed.due_at,
        "created_at": now,
    }


def due(session: Session, *, now: datetime, limit: int) -> list[Delivery]:
    """Return messages that should be out by now, the oldest first."""
    statement = (
        select(_DELIVERY)
        .where(_DELIVERY.c.done_at.is_(None), _DELIVERY.c.due_at <= now)
        .order_by(_DELIVERY.c.due_at, _DELIVERY.c.id)
        .limit(limit)
    )
    return [_delivery(row) for row in session.execute(statement)]


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=DeliveryId(row.id),
        person_id=PersonId(row.person_id),
        key=row.key,
        kind=Kind(row.kind),
        due_at=row.due_at,
        group_id=GroupId(row.group_id) if row.group_id else None,
        sender_name=row.sender_name,
        module_code=row.module_code,
    )


def settle(session: Session, delivery_id: DeliveryId, outcome: Outcome, now: datetime) -> None:
    """Note how a message ended; the first word stays."""
    open_one = (_DELIVERY.c.id == delivery_id) & _DELIVERY.c.done_at.is_(None)
    session.execute(update(_DELIVERY).where(open_one).values(done_at=now, outcome=outcome))


def latest(session: Session, people: Collection[PersonId], kinds: Collection[Kind]) -> dict[PersonId, datetime]:
    """Return when each of these people was last owed a message of these kinds, whoever sent it."""
    statement = (
        select(_DELIVERY.c.person_id, func.max(_DELIVERY.c.due_at).label("at"))
        .where(_DELIVERY.c.person_id.in_(list(people)), _DELIVERY.c.kind.in_([str(kind) for kind in kinds]))
        .where(_DELIVERY.c.outcome.is_(None) | (_DELIVERY.c.outcome != Outcome.SUPERSEDED))
        .group_by(_DELIVERY.c.person_id)
    )
    return {PersonId(row.person_id): row.at for row in session.execute(statement)}


def counts(
    session: Session, people: Collection[PersonId], kinds: Collection[Kind], since: datetime
) -> dict[PersonId, int]:
    """Count what each of these people was owed since a moment."""
    statement = (
        select(_DELIVERY.c.person_id, func.count().label("times"))
        .where(_DELIVERY.c.person_id.in_(list(people)), _DELIVERY.c.kind.in_([str(kind) for kind in kinds]))
        .where(_DELIVERY.c.due_at > since)
        .where(_DELIVERY.c.outcome.is_(None) | (_DELIVERY.c.outcome != Outcome.SUPERSEDED))
        .group_by(_DELIVERY.c.person_id)
    )
    return {PersonId(row.person_id): row.times for row in session.execute(statement)}


def sent_of(session: Session, group_id: GroupId, kind: Kind, since: datetime) -> Sent:
    """Count what became of a group's messages of one kind since a moment."""
    done = _DELIVERY.c.outcome == Outcome.SENT
    open_one = _DELIVERY.c.done_at.is_(None)
    row = session.execute(
        select(
            func.count().filter(done).label("sent"),
            func.count().filter(open_one).label("owed"),
            func.count().label("whole"),
        ).where(_DELIVERY.c.group_id == group_id, _DELIVERY.c.kind == kind, _DELIVERY.c.created_at >= since)
    ).one()
    return Sent(row.sent, row.owed, row.whole - row.sent - row.owed)
