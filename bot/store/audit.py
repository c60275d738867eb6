"""The log of changes: it only grows, and the database itself refuses to change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, func, insert, select
from sqlmodel import Session

from bot.core.person import PersonId
from bot.store.tables import AuditRow, PersonRow

_AUDIT: Table = AuditRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]

MACHINE = PersonId(0)
"""Who acts where nobody did: a schedule, a command."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who (without a name: the machine, or somebody erased), what to which thing, before and after."""

    id: int
    at: datetime
    actor: PersonId
    actor_name: str | None
    act: str
    thing: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes to look at; None leaves a field open. `about` stands somewhere in the name of the thing."""

    act: str | None = None
    thing: str | None = None
    about: str | None = None
    actor: PersonId | None = None
    since: datetime | None = None
    until: datetime | None = None


def note(
    session: Session,
    actor: PersonId,
    act: str,
    thing: str,
    *,
    before: str | None = None,
    after: str | None = None,
    now: datetime,
) -> None:
    """Add one change to the log."""
    values = {"at": now, "actor": actor, "act": act, "thing": thing, "before": before, "after": after}
    session.execute(insert(_AUDIT).values(**values))


def _matching(wanted: Wanted) -> Select[Any]:
    statement = select(_AUDIT, _PERSON.c.first_name).outerjoin(_PERSON, _PERSON.c.id == _AUDIT.c.actor)
    for column, value in (("act", wanted.act), ("thing", wanted.thing), ("actor", wanted.actor)):
        if value is not None:
            statement = statement.where(_AUDIT.c[column] == value)
    if wanted.about is not None:
        statement = statement.where(func.lower(_AUDIT.c.thing).contains(wanted.about.lower(), autoescape=True))
    if wanted.since is not None:
        statement = statement.where(_AUDIT.c.at >= wanted.since)
    return statement if wanted.until is None else statement.where(_AUDIT.c.at < wanted.until)


def entries(session: Session, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Entry]:
    """Return the changes that match, the latest first."""
    rows = session.execute(_matching(wanted).order_by(_AUDIT.c.id.desc()).limit(limit).offset(offset))
    return [Entry(r.id, r.at, PersonId(r.actor), r.first_name, r.act, r.thing, r.before, r.after) for r in rows]


def actors(session: Session) -> list[tuple[PersonId, str | None]]:
    """Return who changed anything, with their name while there is one."""
    statement = select(_AUDIT.c.actor, _PERSON.c.first_name).outerjoin(_PERSON, _PERSON.c.id == _AUDIT.c.actor)
    rows = session.execute(statement.distinct().order_by(_AUDIT.c.actor))
    return [(PersonId(row.actor), row.first_name) for row in rows]


def acts(session: Session) -> list[str]:
    """Return what was done, each once."""
    return list(session.execute(select(_AUDIT.c.act).distinct().order_by(_AUDIT.c.act)).scalars())


def count(session: Session, wanted: Wanted) -> int:
    """Return how many changes match."""
    return int(session.execute(select(func.count()).select_from(_matching(wanted).subquery())).scalar_one())
