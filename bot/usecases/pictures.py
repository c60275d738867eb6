"""Pictures of the content, uploaded once for everybody."""

from __future__ import annotations

from sqlmodel import Session

from bot.store import pictures


def file(session: Session, *, digest: str) -> str | None:
    """Return Telegram's file id of a picture, if it was sent to anybody before."""
    return pictures.shared_file(session, digest)


def keep_file(session: Session, *, digest: str, file_id: str) -> None:
    """Keep Telegram's file id, so that the picture is uploaded once."""
    pictures.save_shared_file(session, digest, file_id)
