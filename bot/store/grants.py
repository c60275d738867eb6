"""Queries about roles that admins give and take; an invitation's token is known by its SHA-256 only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlmodel import Session

from bot.core.grant import Grant, GrantId, Trust
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.store.tables import GrantRow

_GRANT: Table = GrantRow.__table__  # type: ignore[attr-defined]


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=GrantId(row.id),
        trust=Trust(row.role),
        takes=row.takes,
        asked_by=PersonId(row.asked_by),
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        telegram_id=row.telegram_id,
        group_id=GroupId(row.group_id) if row.group_id else None,
        is_invitation=row.token_hash is not None,
        confirmed_at=row.confirmed_at,
        used_at=row.used_at,
    )


def add(session: Session, asked: Grant) -> Grant:
    """Store a change that an admin asks for; return it with its number."""
    values = {
        "telegram_id": asked.telegram_id,
        "role": asked.trust,
        "takes": asked.takes,
        "group_id": asked.group_id,
        "asked_by": asked.asked_by,
        "asked_at": asked.asked_at,
        "ends_at": asked.ends_at,
    }
    made = session.execute(insert(_GRANT).values(**values).returning(_GRANT.c.id)).scalar_one()
    return replace(asked, id=GrantId(made))


def one(session: Session, grant_id: GrantId) -> Grant | None:
    """Return a grant, whatever became of it."""
    row = session.execute(select(_GRANT).where(_GRANT.c.id == grant_id)).first()
    return None if row is None else _grant(row)


def several(session: Session, wanted: Collection[GrantId]) -> dict[GrantId, Grant]:
    """Return grants by their numbers; those that are gone are left out."""
    if not wanted:
        return {}
    rows = session.execute(select(_GRANT).where(_GRANT.c.id.in_(list(wanted))))
    return {GrantId(row.id): _grant(row) for row in rows}


def waiting(session: Session, now: datetime) -> list[Grant]:
    """Return what admins asked for and may still confirm, the oldest first."""
    still = _GRANT.c.confirmed_at.is_(None) & (_GRANT.c.ends_at > now)
    return [_grant(row) for row in session.execute(select(_GRANT).where(still).order_by(_GRANT.c.id))]


def invitations(session: Session, now: datetime) -> list[Grant]:
    """Return the invitations that somebody may still take up, the oldest first."""
    still = _GRANT.c.token_hash.is_not(None) & _GRANT.c.used_at.is_(None) & (_GRANT.c.ends_at > now)
    return [_grant(row) for row in session.execute(select(_GRANT).where(still).order_by(_GRANT.c.id))]


def confirm(session: Session, asker: PersonId, grant_id: GrantId, now: datetime) -> Grant | None:
    """Let a change hold that this admin asked for; None where it is not theirs, late, or was confirmed: of many at once
    one gets it.
    """
    theirs = (_GRANT.c.id == grant_id) & (_GRANT.c.asked_by == asker)
    still = _GRANT.c.confirmed_at.is_(None) & (_GRANT.c.ends_at > now)
    row = session.execute(update(_GRANT).where(theirs, still).values(confirmed_at=now).returning(_GRANT)).first()
    return None if row is None else _grant(row)


def open_to_finders(session: Session, grant_id: GrantId, *, token_hash: str, ends_at: datetime) -> None:
    """Make an invitation of a confirmed grant: whoever brings the token before `ends_at` may take it up."""
    session.execute(update(_GRANT).where(_GRANT.c.id == grant_id).values(token_hash=token_hash, ends_at=ends_at))


def note_used(session: Session, grant_id: GrantId, now: datetime) -> None:
    """Note that a grant is in force."""
    session.execute(update(_GRANT).where(_GRANT.c.id == grant_id).values(used_at=now))


def by_token(session: Session, token_hash: str) -> Grant | None:
    """Return the invitation with this token, whatever became of it."""
    row = session.execute(select(_GRANT).where(_GRANT.c.token_hash == token_hash)).first()
    return None if row is None else _grant(row)


def take_up(session: Session, token_hash: str, telegram_id: int, now: datetime) -> Grant | None:
    """Use an invitation up for one finder; None where it is late or taken: of many at once one gets it."""
    still = (_GRANT.c.token_hash == token_hash) & _GRANT.c.used_at.is_(None) & (_GRANT.c.ends_at > now)
    taken = update(_GRANT).where(still).values(used_at=now, telegram_id=telegram_id)
    row = session.execute(taken.returning(_GRANT)).first()
    return None if row is None else _grant(row)


def withdraw(session: Session, grant_id: GrantId) -> Grant | None:
    """Take back what is not in force yet; return it, None where there was nothing to take back."""
    not_yet = (_GRANT.c.id == grant_id) & _GRANT.c.used_at.is_(None)
    row = session.execute(delete(_GRANT).where(not_yet).returning(_GRANT)).first()
    return None if row is None else _grant(row)


def withdraw_all(session: Session, asker: PersonId) -> list[Grant]:
    """Take back all that this admin asked for and that is not in force yet."""
    theirs = (_GRANT.c.asked_by == asker) & _GRANT.c.used_at.is_(None)
    return [_grant(row) for row in session.execute(delete(_GRANT).where(theirs).returning(_GRANT))]


def latest(session: Session, telegram_id: int, trust: Trust) -> Grant | None:
    """Return what was decided last about trusting somebody with this, as far as admins decided anything."""
    about = (_GRANT.c.telegram_id == telegram_id) & (_GRANT.c.role == trust) & _GRANT.c.used_at.is_not(None)
    row = session.execute(select(_GRANT).where(about).order_by(_GRANT.c.used_at.desc(), _GRANT.c.id.desc())).first()
    return None if row is None else _grant(row)
