"""Everybody's finished sittings, for figures about items; whoever looks after the bank sees items, never people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.core.attempt import Attempt, AttemptId
from bot.core.item import Item
from bot.core.item_figures import ItemFigures, item_figures
from bot.core.release import Release
from bot.core.rescoring import Effect, effect
from bot.store import attempts, item_notes
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class Bank:
    """The current release, all finished sittings and checks with their releases, and the figures of the items."""

    current: Release
    sittings: tuple[tuple[Attempt, Release], ...]
    figures: tuple[ItemFigures, ...]


def bank(session: Session, *, library: Library, now: datetime) -> Bank:
    """Read everything that answers say about the items."""
    library.refresh(session, now=now)
    current = library.current(session)
    sittings = _sittings(session, library)
    return Bank(current, sittings, tuple(item_figures(sittings, current, reports=item_notes.report_counts(session))))


def neutralised(session: Session, *, item: Item, library: Library) -> Effect:
    """Return what would change if this question counted for nothing; nothing is stored."""
    question = (item.code, item.fingerprint)
    return effect(_sittings(session, library), lambda release: release.without({question}))


def decide(session: Session, *, item: Item, is_neutral: bool, reason: str, now: datetime) -> None:
    """Put a question aside, or let it count again: every result is worked out anew when it is next looked at."""
    item_notes.decide(session, (item.code, item.fingerprint), is_neutral=is_neutral, reason=reason, now=now)


def one_sitting(session: Session, *, attempt_id: AttemptId, library: Library) -> tuple[Attempt, Release] | None:
    """Return any sitting by its id with its release, to explain its choice of questions; no person is named."""
    attempt = attempts.one(session, attempt_id)
    return None if attempt is None else (attempt, library.release_of(session, attempt))


def _sittings(session: Session, library: Library) -> tuple[tuple[Attempt, Release], ...]:
    every = attempts.every_finished(session)
    return tuple((attempt, library.release_of(session, attempt)) for attempt in every)
