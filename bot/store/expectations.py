"""Queries about what the next typed text of a person is meant to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.store.tables import ExpectationRow


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is awaited (a name of a screen's own), for which group, since when."""

    what: str
    group_id: GroupId | None
    since: datetime


def one(session: Session, owner: PersonId) -> Expectation | None:
    """Return what the owner's next text is meant to be."""
    row = session.get(ExpectationRow, owner)
    return Expectation(row.what, GroupId(row.group_id) if row.group_id else None, row.since) if row else None


def expect(session: Session, owner: PersonId, what: str, group_id: GroupId | None, now: datetime) -> None:
    """Await a text; whatever was awaited before is not any more."""
    session.merge(ExpectationRow(person_id=owner, what=what, group_id=group_id, since=now))


def forget(session: Session, owner: PersonId) -> None:
    """Await nothing."""
    row = session.get(ExpectationRow, owner)
    if row is not None:
        session.delete(row)
        session.flush()
