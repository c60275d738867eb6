"""Queries about the working copy: the parts that editors changed and have not released yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.core.person import PersonId
from bot.store.tables import DraftRow, PersonRow

_DRAFT: Table = DraftRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Draft:
    """One changed part: its JSON (None: taken out), its version, who changed it last (no name: erased) and when."""

    part: str
    payload: str | None
    version: int
    changed_by: PersonId
    changed_by_name: str | None
    changed_at: datetime


def every(session: Session) -> list[Draft]:
    """Return all changed parts by name."""
    statement = _with_names().order_by(_DRAFT.c.part)
    return [_draft(row) for row in session.execute(statement)]


def one(session: Session, part: str) -> Draft | None:
    """Return a changed part."""
    row = session.execute(_with_names().where(_DRAFT.c.part == part)).first()
    return _draft(row) if row else None


def put(
    session: Session,
    *,
    part: str,
    payload: str | None,
    version: int,
    over: int | None,
    changed_by: PersonId,
    now: datetime,
) -> bool:
    """Keep a part over the draft of version `over` (None: over none); tell whether that still was what stood there."""
    values = {"payload": payload, "version": version, "changed_by": changed_by, "changed_at": now}
    if over is not None:
        at = (_DRAFT.c.part == part) & (_DRAFT.c.version == over)
        return _touched(session.execute(update(_DRAFT).where(at).values(**values)))
    try:
        with session.begin_nested():
            session.execute(insert(_DRAFT).values(part=part, **values))
    except IntegrityError:
        return False
    return True


def drop(session: Session, *, part: str, version: int) -> bool:
    """Forget a draft of this version; tell whether it was there."""
    at = (_DRAFT.c.part == part) & (_DRAFT.c.version == version)
    return _touched(session.execute(delete(_DRAFT).where(at)))


def drop_all(session: Session, parts: Iterable[str]) -> None:
    """Forget drafts whose parts stand in a release now."""
    session.execute(delete(_DRAFT).where(_DRAFT.c.part.in_(list(parts))))


def _touched(result: Any) -> bool:
    return bool(result.rowcount)


def _with_names() -> Any:
    return select(_DRAFT, _PERSON.c.first_name).outerjoin(_PERSON, _PERSON.c.id == _DRAFT.c.changed_by)


def _draft(row: Any) -> Draft:
    return Draft(row.part, row.payload, row.version, PersonId(row.changed_by), row.first_name, row.changed_at)
