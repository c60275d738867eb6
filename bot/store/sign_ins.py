"""Queries about signing in on the web: links that work once, open sessions, spent Mini App data.

Secrets never come here: every token is known by its SHA-256 only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from bot.core.person import PersonId
from bot.store.tables import LoginRow, SpentInitDataRow, WebSessionRow


@dataclass(frozen=True, slots=True)
class WebSession:
    """A signed-in browser: the hash that it is known by, whose it is, how it came, and the times that end it."""

    id_hash: str
    person_id: PersonId
    channel: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


def save_link(session: Session, owner: PersonId, *, token_hash: str, ends_at: datetime, now: datetime) -> None:
    """Write the owner's one link in the place of the one before; links that nobody used in time go away."""
    session.execute(delete(LoginRow).where(or_(col(LoginRow.ends_at) <= now, col(LoginRow.person_id) == owner)))
    session.add(LoginRow(person_id=owner, token_hash=token_hash, ends_at=ends_at))
    session.flush()


def spend_link(session: Session, token_hash: str, *, now: datetime) -> PersonId | None:
    """Take a link that is still good away and return whose it was; of many at once, one gets it."""
    spent = delete(LoginRow).where(col(LoginRow.token_hash) == token_hash, col(LoginRow.ends_at) > now)
    found = session.execute(spent.returning(col(LoginRow.person_id))).first()
    return None if found is None else PersonId(found[0])


def open_session(session: Session, opened: WebSession, *, idle_since: datetime, now: datetime) -> None:
    """Store an open session; sessions that have ended, or were not used since `idle_since`, go away."""
    ended = or_(col(WebSessionRow.ends_at) <= now, col(WebSessionRow.seen_at) <= idle_since)
    session.execute(delete(WebSessionRow).where(ended))
    session.add(
        WebSessionRow(
            id_hash=opened.id_hash,
            person_id=opened.person_id,
            channel=opened.channel,
            created_at=opened.created_at,
            seen_at=opened.seen_at,
            ends_at=opened.ends_at,
        )
    )
    session.flush()


def found(session: Session, id_hash: str) -> WebSession | None:
    """Return a stored session, ended or not."""
    row = session.exec(select(WebSessionRow).where(WebSessionRow.id_hash == id_hash)).first()
    if row is None:
        return None
    return WebSession(row.id_hash, PersonId(row.person_id), row.channel, row.created_at, row.seen_at, row.ends_at)


def touch(session: Session, id_hash: str, *, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(WebSessionRow).where(col(WebSessionRow.id_hash) == id_hash).values(seen_at=now))


def close(session: Session, id_hash: str) -> None:
    """End one session."""
    session.execute(delete(WebSessionRow).where(col(WebSessionRow.id_hash) == id_hash))


def close_all(session: Session, owner: PersonId) -> int:
    """End every session of the owner, with the link that might open another; return how many sessions ended."""
    session.execute(delete(LoginRow).where(col(LoginRow.person_id) == owner))
    ended = session.execute(
        delete(WebSessionRow).where(col(WebSessionRow.person_id) == owner).returning(col(WebSessionRow.id_hash))
    )
    return len(ended.all())


def spend_init_data(session: Session, digest: str, *, now: datetime, old: datetime) -> bool:
    """Note that Mini App data was used; False where it was before. What was spent before `old` is forgotten."""
    session.execute(delete(SpentInitDataRow).where(col(SpentInitDataRow.spent_at) < old))
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    insert = make(SpentInitDataRow).values(digest=digest, spent_at=now).on_conflict_do_nothing()
    return session.execute(insert.returning(col(SpentInitDataRow.digest))).first() is not None
