"""Pictures of the content, uploaded once by each bot for everybody."""

from __future__ import annotations

from sqlmodel import Session

from bot.store import pictures


def file(session: Session, *, bot_id: int | None, digest: str) -> str | None:
    """Return Telegram's file id of a picture, if this bot sent it to anybody before."""
    return pictures.shared_file(session, bot_id, digest)


def keep_file(session: Session, *, bot_id: int | None, digest: str, file_id: str) -> None:
    """Keep Telegram's file id, which is good for this bot alone, so that it uploads the picture once."""
    pictures.save_shared_file(session, bot_id, digest, file_id)
