"""Queries about content releases and what Telegram was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.store.replacing import put
from bot.store.tables import RegistrationRow, ReleaseRow

FILES, EDITORS = "berkas", "editor"
"""Who made a release current last."""


def current_id(session: Session) -> str | None:
    """Return the id of the release published last."""
    return session.exec(select(ReleaseRow.id).order_by(col(ReleaseRow.published_at).desc()).limit(1)).first()


def payload(session: Session, release_id: str) -> str:
    """Return a release's stored JSON; an attempt's release always exists."""
    return session.exec(select(ReleaseRow.payload).where(ReleaseRow.id == release_id)).one()


def up_to(session: Session, release_id: str, *, limit: int) -> list[tuple[str, str]]:
    """Return id and origin of a release and of those published before it, newest first."""
    published = select(ReleaseRow.published_at).where(ReleaseRow.id == release_id).scalar_subquery()
    found = select(ReleaseRow.id, ReleaseRow.origin).where(col(ReleaseRow.published_at) <= published)
    return [(row[0], row[1]) for row in session.exec(found.order_by(col(ReleaseRow.published_at).desc()).limit(limit))]


def latest_payloads(session: Session, *, limit: int) -> list[str]:
    """Return the stored JSON of the latest releases, the current one first."""
    latest = select(ReleaseRow.payload).order_by(col(ReleaseRow.published_at).desc()).limit(limit)
    return list(session.exec(latest))


def is_there(session: Session, release_id: str) -> bool:
    """Tell whether a release exists."""
    return session.exec(select(ReleaseRow.id).where(ReleaseRow.id == release_id)).first() is not None


def origin(session: Session, release_id: str) -> str:
    """Return who made a release current last."""
    return session.exec(select(ReleaseRow.origin).where(ReleaseRow.id == release_id)).one()


def set_origin(session: Session, release_id: str, origin: str) -> None:
    """Note who stands behind a release."""
    row = session.get_one(ReleaseRow, release_id)
    row.origin = origin
    session.add(row)


@dataclass(frozen=True, slots=True)
class Published:
    """A release without its content, and when it became current last."""

    id: str
    published_at: datetime
    origin: str


def listed(session: Session, *, limit: int) -> list[Published]:
    """Return the releases, the one published last first."""
    columns = (ReleaseRow.id, ReleaseRow.published_at, ReleaseRow.origin)
    rows = session.exec(select(*columns).order_by(col(ReleaseRow.published_at).desc()).limit(limit))
    return [Published(*row) for row in rows]


def publish(session: Session, *, release_id: str, payload: str, origin: str = FILES, now: datetime) -> None:
    """Make a release the current one, storing it if it is new; a clock that was set back does not matter."""
    latest = session.exec(
        select(ReleaseRow.published_at).order_by(col(ReleaseRow.published_at).desc()).limit(1)
    ).first()
    now = now if latest is None else max(now, latest + timedelta(microseconds=1))
    row = session.get(ReleaseRow, release_id)
    if row is None:
        session.add(ReleaseRow(id=release_id, payload=payload, published_at=now, origin=origin))
    else:
        row.published_at, row.origin = now, origin
        session.add(row)


def registered_digest(session: Session, bot_id: int) -> str | None:
    """Return the digest of what Telegram was last told about this bot's commands."""
    row = session.get(RegistrationRow, bot_id)
    return row.digest if row else None


def save_registered(session: Session, bot_id: int, digest: str) -> None:
    """Note what Telegram was told."""
    put(session, RegistrationRow(bot_id=bot_id, digest=digest))
