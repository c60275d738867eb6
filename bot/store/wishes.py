"""Queries about what people want to get by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, bindparam, func, select, update
from sqlmodel import Session

from bot.core.delivery import BY_WISH, COUNTED, DeliveryId, Kind, Outcome
from bot.core.person import OpeningHours, PersonId, Zone
from bot.core.wish import Wanted, Wish
from bot.store.tables import DeliveryRow, PersonRow, WishRow

_WISH: Table = WishRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
HELD_UP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Coming:
    """A wish whose time has come, with what its timetable needs to know of the reader."""

    person_id: PersonId
    wanted: Wanted
    zone: Zone | None
    hours: OpeningHours | None
    is_reachable: bool


def owned(session: Session, owner: PersonId) -> dict[Wish, Wanted]:
    """Return all that the owner ever said about wishes."""
    rows = session.execute(select(_WISH).where(_WISH.c.person_id == owner))
    return {Wish(row.what): _wanted(row) for row in rows}


def save(session: Session, owner: PersonId, wanted: Wanted) -> None:
    """Write what the owner said about a wish, in place of what was said before."""
    session.merge(
        WishRow(
            person_id=owner,
            what=wanted.what,
            wanted=wanted.wanted,
            hour=wanted.hour,
            decided_at=wanted.decided_at,
            text_hash=wanted.text_hash,
            next_at=wanted.next_at,
        )
    )
    session.flush()


def plan(session: Session, owner: PersonId, what: Wish, next_at: datetime | None) -> None:
    """Note when the timetable looks at a wish next; None where it sleeps."""
    mine = (_WISH.c.person_id == owner) & (_WISH.c.what == what)
    session.execute(update(_WISH).where(mine).values(next_at=next_at))


def plan_all(session: Session, plans: Sequence[tuple[PersonId, Wish, datetime | None]]) -> None:
    """Note the same for many wishes at once."""
    if plans:
        mine = (_WISH.c.person_id == bindparam("reader")) & (_WISH.c.what == bindparam("wish"))
        values = [{"reader": reader, "wish": str(what), "then": next_at} for reader, what, next_at in plans]
        session.connection().execute(update(_WISH).where(mine).values(next_at=bindparam("then")), values)


def coming(session: Session, *, now: datetime, limit: int) -> list[Coming]:
    """Return wishes whose time has come, the longest due first, held for this transaction.

    A wish that another process holds, or whose reader is tapping just now, is left for the next look.
    """
    statement = (
        select(_WISH, _PERSON.c.zone, _PERSON.c.opens, _PERSON.c.closes, _PERSON.c.reachable)
        .join(_PERSON, _PERSON.c.id == _WISH.c.person_id)
        .where(_WISH.c.next_at.is_not(None), _WISH.c.next_at <= now)
        .order_by(_WISH.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_coming(row) for row in session.execute(statement)]


def still_owed(session: Session, people: Collection[PersonId]) -> frozenset[tuple[PersonId, Kind]]:
    """Return of which kinds that were wished for a message is owed to these people and not sent yet."""
    kinds = [str(kind) for kind in BY_WISH]
    statement = select(_DELIVERY.c.person_id, _DELIVERY.c.kind).where(
        _DELIVERY.c.person_id.in_(list(people)), _DELIVERY.c.done_at.is_(None), _DELIVERY.c.kind.in_(kinds)
    )
    return frozenset((PersonId(row.person_id), Kind(row.kind)) for row in session.execute(statement))


def kept_waiting(session: Session, people: Collection[PersonId], now: datetime) -> frozenset[PersonId]:
    """Return who is owed something else than a lesson by timetable that is due, or was put off.

    What should have gone a day ago is held up by something else than a full week, and counts no more.
    """
    kinds = [str(kind) for kind in COUNTED if kind is not Kind.DRIP]
    statement = select(_DELIVERY.c.person_id).where(
        _DELIVERY.c.person_id.in_(list(people)),
        _DELIVERY.c.done_at.is_(None),
        _DELIVERY.c.kind.in_(kinds),
        (_DELIVERY.c.tries > 0) | (_DELIVERY.c.due_at <= now),
        _DELIVERY.c.due_at > now - HELD_UP,
    )
    return frozenset(map(PersonId, session.execute(statement).scalars()))


def lessons_came(session: Session, owner: PersonId) -> dict[str, datetime]:
    """Return which lessons came by themselves before, and when last."""
    mine = (_DELIVERY.c.person_id == owner) & (_DELIVERY.c.kind == Kind.DRIP) & _DELIVERY.c.module_code.is_not(None)
    statement = select(_DELIVERY.c.module_code, func.max(_DELIVERY.c.done_at).label("at"))
    came = statement.where(mine, _DELIVERY.c.outcome == Outcome.SENT).group_by(_DELIVERY.c.module_code)
    return {row.module_code: row.at for row in session.execute(came)}


def note_lesson(session: Session, delivery_id: DeliveryId, module_code: str) -> None:
    """Note which lesson a message brings, now that it is sent."""
    session.execute(update(_DELIVERY).where(_DELIVERY.c.id == delivery_id).values(module_code=module_code))


def _coming(row: Row[Any]) -> Coming:
    zone = Zone(row.zone) if row.zone else None
    is_told = row.opens is not None and row.closes is not None and zone is not None
    return Coming(
        person_id=PersonId(row.person_id),
        wanted=_wanted(row),
        zone=zone,
        hours=OpeningHours(row.opens, row.closes, zone) if is_told and zone else None,
        is_reachable=row.reachable,
    )


def _wanted(row: Row[Any]) -> Wanted:
    return Wanted(
        what=Wish(row.what),
        wanted=row.wanted,
        decided_at=row.decided_at,
        hour=row.hour,
        text_hash=row.text_hash,
        next_at=row.next_at,
    )
