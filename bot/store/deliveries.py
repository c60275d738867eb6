"""Queries about messages owed to people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.core.announcement import AnnouncementId
from bot.core.attempt import AttemptStatus
from bot.core.delivery import Delivery, DeliveryId, Kind, Outcome
from bot.core.group import GroupId
from bot.core.person import PersonId, Role
from bot.core.profile import GateColour
from bot.store.tables import (
    AttemptRow,
    DeliveryRow,
    GroupCoachRow,
    GroupRow,
    MembershipRow,
    PersonRow,
    ReadingRow,
)

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_GROUP: Table = GroupRow.__table__  # type: ignore[attr-defined]
_COACH: Table = GroupCoachRow.__table__  # type: ignore[attr-defined]
_MEMBER: Table = MembershipRow.__table__  # type: ignore[attr-defined]
_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_READING: Table = ReadingRow.__table__  # type: ignore[attr-defined]

AT_ONCE = 500
_TURN = 5_000_001
"""An arbitrary number that names the lock of `take_turn`."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What has become, since a message was owed, of its reader and of the group it comes from.

    `group_name` is None where no group stands now: there is none, or it was put away. `is_member` holds for who was let
    in, `is_waited_for` where somebody waits to be let into the group, `gate` is that of the latest result.
    """

    owed_at: datetime
    is_reachable: bool
    group_name: str | None
    is_member: bool
    is_muted: bool
    is_coach: bool
    is_waited_for: bool
    is_sitting: bool
    has_result: bool
    gate: GateColour | None


def owe(session: Session, owed: Sequence[Delivery], now: datetime) -> int:
    """Store messages that are owed; return how many of them were not owed or sent already."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = 0
    for start in range(0, len(owed), AT_ONCE):
        rows = [_values(one, now) for one in owed[start : start + AT_ONCE]]
        statement = make(_DELIVERY).values(rows).on_conflict_do_nothing(index_elements=["key"])
        new += len(session.execute(statement.returning(_DELIVERY.c.id)).all())
    return new


def forget_unsent(session: Session, keys: Collection[str]) -> None:
    """Delete messages that ended without having come, so that the same can be owed once more."""
    unsent = _DELIVERY.c.outcome.in_((Outcome.SUPERSEDED, Outcome.FAILED))
    session.execute(delete(_DELIVERY).where(_DELIVERY.c.key.in_(list(keys)), unsent))


def _values(owed: Delivery, now: datetime) -> dict[str, object]:
    return {
        "person_id": owed.person_id,
        "key": owed.key,
        "kind": owed.kind,
        "group_id": owed.group_id,
        "sender_name": owed.sender_name,
        "module_code": owed.module_code,
        "announcement_id": owed.announcement_id,
        "due_at": owed.due_at,
        "created_at": now,
    }


def delivery(row: Row[Any]) -> Delivery:
    """Return the message of a row."""
    return Delivery(
        id=DeliveryId(row.id),
        person_id=PersonId(row.person_id),
        key=row.key,
        kind=Kind(row.kind),
        due_at=row.due_at,
        group_id=GroupId(row.group_id) if row.group_id else None,
        sender_name=row.sender_name,
        module_code=row.module_code,
        announcement_id=AnnouncementId(row.announcement_id) if row.announcement_id else None,
    )


def _has_sitting(state: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say whether the reader has an owner's whole sitting in this state; readings may be missing for a while."""
    mine = (_SITTING.c.person_id == _DELIVERY.c.person_id) & (_SITTING.c.form == Role.OWNER)
    return exists().where(mine, _SITTING.c.focus.is_(None), state)


def _standing() -> Select[Any]:
    """Ask how things stand for messages, in one query."""
    here, reader = _GROUP.c.id, _DELIVERY.c.person_id
    waiting = _MEMBER.alias()
    gate = select(_READING.c.gate).where(_READING.c.person_id == reader).order_by(_READING.c.finished_at.desc())
    return (
        select(
            _DELIVERY.c.id,
            _DELIVERY.c.created_at,
            _PERSON.c.reachable,
            _GROUP.c.name,
            _MEMBER.c.waits,
            _MEMBER.c.muted,
            _COACH.c.leads,
            exists().where(waiting.c.group_id == here, waiting.c.waits).label("is_waited_for"),
            _has_sitting(_SITTING.c.status == AttemptStatus.ACTIVE).label("is_sitting"),
            _has_sitting((_SITTING.c.status == AttemptStatus.FINISHED) | _SITTING.c.confirm_from.is_not(None)).label(
                "has_result"
            ),
            gate.limit(1).scalar_subquery().label("gate"),
        )
        .join(_PERSON, _PERSON.c.id == reader)
        .outerjoin(_GROUP, (here == _DELIVERY.c.group_id) & _GROUP.c.archived_at.is_(None))
        .outerjoin(_MEMBER, (_MEMBER.c.group_id == here) & (_MEMBER.c.person_id == reader))
        .outerjoin(_COACH, (_COACH.c.group_id == here) & (_COACH.c.person_id == reader))
        .where(_DELIVERY.c.id.in_(bindparam("owed", expanding=True)))
    )


_STANDING = _standing()


def circumstances(session: Session, owed: Collection[DeliveryId]) -> dict[DeliveryId, Circumstances]:
    """Return how things stand for each of these messages, in one query."""
    return {DeliveryId(row.id): _circumstances(row) for row in session.execute(_STANDING, {"owed": list(owed)})}


def _circumstances(row: Row[Any]) -> Circumstances:
    return Circumstances(
        owed_at=row.created_at,
        is_reachable=row.reachable,
        group_name=row.name,
        is_member=row.waits is not None and not row.waits,
        is_muted=bool(row.muted),
        is_coach=row.leads is not None,
        is_waited_for=row.is_waited_for,
        is_sitting=row.is_sitting,
        has_result=row.has_result,
        gate=GateColour(row.gate) if row.gate else None,
    )


def settle(session: Session, delivery_id: DeliveryId, outcome: Outcome, now: datetime) -> None:
    """Note how a message ended; the first word stays. In whose name it came is not kept.

    Only what was called off while it was on its way is noted as sent after all.
    """
    is_owed = _DELIVERY.c.done_at.is_(None)
    is_open = or_(is_owed, _DELIVERY.c.outcome == Outcome.SUPERSEDED) if outcome is Outcome.SENT else is_owed
    ended = {"done_at": now, "outcome": outcome, "sender_name": ""}
    session.execute(update(_DELIVERY).where(_DELIVERY.c.id == delivery_id, is_open).values(**ended))


def take_turn(session: Session) -> None:
    """Let nobody else owe messages from coaches until the transaction ends, whatever the group.

    Coaches of two groups may count at once what one person got lately, and both find room for one more. SQLite has one
    writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))


def had_lesson(session: Session, group_id: GroupId, module_code: str) -> frozenset[PersonId]:
    """Return who got this lesson from this group before, perhaps got it, or is owed it still."""
    here = (_DELIVERY.c.group_id == group_id) & (_DELIVERY.c.kind == Kind.LESSON)
    came = or_(_DELIVERY.c.outcome.is_(None), _DELIVERY.c.outcome.in_((Outcome.SENT, Outcome.AMBIGUOUS)))
    found = select(_DELIVERY.c.person_id).where(here, _DELIVERY.c.module_code == module_code, came)
    return frozenset(map(PersonId, session.execute(found).scalars()))


def last_came(session: Session, reader: PersonId, kind: Kind, group_id: GroupId | None = None) -> datetime | None:
    """Return when a message of this kind last reached a person, or may have; with a group that of the group."""
    mine = (_DELIVERY.c.person_id == reader) & (_DELIVERY.c.kind == kind)
    statement = select(func.max(_DELIVERY.c.done_at)).where(
        mine if group_id is None else mine & (_DELIVERY.c.group_id == group_id),
        _DELIVERY.c.outcome.in_((Outcome.SENT, Outcome.AMBIGUOUS)),
    )
    return session.execute(statement).scalar()


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
