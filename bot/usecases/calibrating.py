"""Everybody's finished sittings, for figures about items; whoever looks after the bank sees items, never people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.attempt import Attempt, AttemptId, choose_next
from bot.core.item import Item
from bot.core.item_figures import ItemFigures, Progress, item_figures
from bot.core.release import Release
from bot.core.rescoring import Effect, effect
from bot.store import attempts, item_notes, turns
from bot.usecases.library import Library

GIVEN_UP_AFTER = timedelta(days=3)
"""A sitting that was not gone on with for so long counts as given up where it stands."""
GIVEN_UP_LATEST = 1000
EFFECT_LATEST = 10_000
"""Sittings at most that are scored again to see what a decision would change."""


@dataclass(frozen=True, slots=True)
class Bank:
    """The current release, all finished sittings and checks with their releases, and the figures of the items."""

    current: Release
    sittings: tuple[tuple[Attempt, Release], ...]
    figures: tuple[ItemFigures, ...]


def bank(
    session: Session,
    *,
    library: Library,
    now: datetime,
    latest: int | None = None,
    progress: Progress = lambda done, of: None,
) -> Bank:
    """Read everything that answers say about the items, or what the latest sittings say."""
    library.refresh(session, now=now)
    current = library.current(session)
    sittings = _paired(session, library, attempts.every_finished(session, latest=latest))
    figures = item_figures(
        sittings,
        current,
        reports=item_notes.report_counts(session),
        left=left_at(session, library=library, now=now),
        progress=progress,
    )
    return Bank(current, sittings, tuple(figures))


def left_at(session: Session, *, library: Library, now: datetime) -> Mapping[str, int]:
    """Count the latest sittings that were given up, stopped or left lying, by the item that waited."""
    found = attempts.given_up(session, idle_since=now - GIVEN_UP_AFTER, latest=GIVEN_UP_LATEST)
    waiting = (_waiting(attempt, release) for attempt, release in _paired(session, library, found))
    return Counter(code for code in waiting if code is not None)


def _waiting(attempt: Attempt, release: Release) -> str | None:
    """Return what waits in a sitting; one that was stopped is asked again what it would have asked."""
    if attempt.is_active:
        return attempt.current_item
    item = choose_next(attempt, release)
    return None if item is None else item.code


def neutralised(session: Session, *, item: Item, library: Library) -> Effect:
    """Return what would change if this question counted for nothing; nothing is stored."""
    question = (item.code, item.fingerprint)
    return _effect(session, item, library, lambda release: release.without({question}))


def restored(session: Session, *, item: Item, library: Library) -> Effect:
    """Return what would change if this question counted again; nothing is stored."""
    question = (item.code, item.fingerprint)

    def counting(release: Release) -> Release:
        items = (replace(i, neutral=False) if (i.code, i.fingerprint) == question else i for i in release.items)
        return replace(release, items=tuple(items))

    return _effect(session, item, library, counting)


def _effect(session: Session, item: Item, library: Library, change: Callable[[Release], Release]) -> Effect:
    """Score the sittings that asked an item anew; the others stay as they are."""
    asking = attempts.finished_asking(session, item.code, latest=EFFECT_LATEST)
    found = effect(_paired(session, library, asking), change)
    return replace(found, sittings=attempts.count_results(session))


def decide(session: Session, *, item: Item, is_neutral: bool, reason: str, now: datetime) -> None:
    """Put a question aside, or let it count again: every result is worked out anew when it is next looked at."""
    turns.one_decision(session)
    item_notes.decide(session, (item.code, item.fingerprint), is_neutral=is_neutral, reason=reason, now=now)


def one_sitting(session: Session, *, attempt_id: AttemptId, library: Library) -> tuple[Attempt, Release] | None:
    """Return any sitting by its id with its release, to explain its choice of questions; no person is named."""
    attempt = attempts.one(session, attempt_id)
    return None if attempt is None else (attempt, library.release_of(session, attempt))


def _paired(session: Session, library: Library, found: Iterable[Attempt]) -> tuple[tuple[Attempt, Release], ...]:
    return tuple((attempt, library.release_of(session, attempt)) for attempt in found)
