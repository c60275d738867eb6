"""Queries about readings, the copies of results that groups are read from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.core.ability import Estimate
from bot.core.attempt import AttemptId, AttemptStatus
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import PersonId, Role
from bot.core.profile import GateColour
from bot.core.reading import Reading
from bot.store.tables import AttemptRow, PersonRow, ReadingRow, ResponseRow

_READING: Table = ReadingRow.__table__  # type: ignore[attr-defined]
_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_RESPONSE: Table = ResponseRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]


def save(session: Session, reading: Reading) -> None:
    """Write a reading in the place of the one before it; two processes may write the same one at once."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = _values(reading)
    statement = make(_READING).values(attempt_id=reading.attempt_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["attempt_id"], set_=values))


def _values(reading: Reading) -> dict[str, object]:
    return {
        "person_id": reading.person_id,
        "finished_at": reading.finished_at,
        "level": reading.level,
        "overall": reading.overall.theta,
        "overall_error": reading.overall.standard_error,
        "gate": reading.gate,
        "missing": " ".join(sorted(reading.missing)),
        "contradicts": " ".join(sorted(reading.contradicts)),
        "scam_risk": reading.scam_risk,
    } | {d.lower(): reading.scores[d] for d in OWNER_DIMENSIONS}


def reading(row: Row[Any]) -> Reading:
    """Return a row as the core knows it."""
    return Reading(
        attempt_id=AttemptId(row.attempt_id),
        person_id=PersonId(row.person_id),
        finished_at=row.finished_at,
        level=row.level,
        overall=Estimate(row.overall, row.overall_error),
        scores=dict(
            zip(OWNER_DIMENSIONS, (row.o1, row.o2, row.o3, row.o4, row.o5, row.o6, row.o7, row.o8), strict=True)
        ),
        gate=_COLOURS[row.gate],
        missing=_dimensions(row.missing),
        contradicts=_dimensions(row.contradicts),
        scam_risk=row.scam_risk,
    )


_COLOURS = {colour.value: colour for colour in GateColour}


@lru_cache(maxsize=64)
def _dimensions(text: str) -> frozenset[Dimension]:
    return frozenset(map(Dimension, text.split()))


def of(session: Session, owner: PersonId) -> list[Reading]:
    """Return the owner's readings, the oldest first."""
    statement = select(_READING).where(_READING.c.person_id == owner)
    return [reading(row) for row in session.execute(statement.order_by(_READING.c.finished_at))]


def unread(session: Session, limit: int, *, after: AttemptId) -> list[AttemptId]:
    """Return sittings with a result of which no reading is written, from one on; it takes as long as there are any."""
    statement = _unread(select(_SITTING.c.id)).where(_SITTING.c.id > after).order_by(_SITTING.c.id).limit(limit)
    return [AttemptId(attempt) for attempt in session.execute(statement).scalars()]


def still_unread(session: Session, sittings: Collection[AttemptId]) -> list[AttemptId]:
    """Return those of which no reading is written now. Their people are held until the transaction ends, so that none
    goes on with a sitting, or is erased, meanwhile.
    """
    statement = (
        _unread(select(_SITTING.c.id))
        .where(_SITTING.c.id.in_(sittings))
        .order_by(_SITTING.c.person_id, _SITTING.c.id)
        .with_for_update(of=_PERSON)
    )
    return [AttemptId(attempt) for attempt in session.execute(statement).scalars()]


def count_unread(session: Session) -> int:
    """Return of how many sittings with a result no reading is written now."""
    return int(session.execute(_unread(select(func.count(_SITTING.c.id)))).scalar_one())


def _unread(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join(_PERSON, _PERSON.c.id == _SITTING.c.person_id)
        .outerjoin(_READING, _READING.c.attempt_id == _SITTING.c.id)
        .where(_READING.c.attempt_id.is_(None), _SITTING.c.focus.is_(None), _SITTING.c.form == Role.OWNER)
        .where((_SITTING.c.status == AttemptStatus.FINISHED) | _SITTING.c.confirm_from.is_not(None))
    )


def forget(session: Session, item_codes: Iterable[str]) -> None:
    """Throw away the readings that rest on these items, of the sitting or of a check, so that they are written anew."""
    people = (
        select(_SITTING.c.person_id)
        .join(_RESPONSE, _RESPONSE.c.attempt_id == _SITTING.c.id)
        .where(_RESPONSE.c.item_code.in_(list(item_codes)))
    )
    session.execute(delete(_READING).where(_READING.c.person_id.in_(people)))
