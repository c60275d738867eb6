"""Everybody's finished sittings, for figures about items; whoever looks after the bank sees items, never people."""

from __future__ import annotations

from sqlmodel import Session

from bot.core.attempt import Attempt
from bot.core.release import Release
from bot.store import attempts
from bot.usecases.library import Library


def finished_sittings(session: Session, *, library: Library) -> list[tuple[Attempt, Release]]:
    """Return all finished attempts, each with its release."""
    return [(attempt, library.pinned(session, attempt.release_id)) for attempt in attempts.every_finished(session)]
