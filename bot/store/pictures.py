"""Queries about pictures that Telegram holds for everybody."""

from __future__ import annotations

from sqlmodel import Session

from bot.store.replacing import put
from bot.store.tables import SharedPictureRow


def shared_file(session: Session, bot_id: int | None, digest: str) -> str | None:
    """Return the file id of a picture for a bot, by the digest of its source."""
    row = session.get(SharedPictureRow, (bot_id or 0, digest))
    return row.file_id if row else None


def save_shared_file(session: Session, bot_id: int | None, digest: str, file_id: str) -> None:
    """Keep the file id of a picture for a bot; a later upload takes the place of an earlier one."""
    put(session, SharedPictureRow(bot_id=bot_id or 0, digest=digest, file_id=file_id))
