"""Queries about pictures that Telegram holds for everybody."""

from __future__ import annotations

from sqlmodel import Session

from bot.store.tables import SharedPictureRow


def shared_file(session: Session, digest: str) -> str | None:
    """Return Telegram's file id of a picture, by the digest of its source."""
    row = session.get(SharedPictureRow, (0, digest))
    return row.file_id if row else None


def save_shared_file(session: Session, digest: str, file_id: str) -> None:
    """Keep Telegram's file id of a picture; a later upload takes the place of an earlier one."""
    session.merge(SharedPictureRow(digest=digest, file_id=file_id))
