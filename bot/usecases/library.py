"""The content releases, read once and kept: a release never changes under its id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

from sqlmodel import Session

from bot.content import release as forms
from bot.content.parts import JSON, split
from bot.content.schema import ContentDocument
from bot.core.attempt import Attempt
from bot.core.release import Release
from bot.store import item_notes, releases
from bot.texts.catalogue import Translations

Value = TypeVar("Value")
KEPT = 8
KEPT_AS_DOCUMENTS = 3
NOTICED_WITHIN = timedelta(seconds=10)
"""A decision about a question, made by another process, holds in this one after so long at the latest."""


class Library:
    """Hands out releases by id, with the questions that count for nothing marked; holds the few in use.

    `translations` are those that travel with the current release; who draws a screen lets them come first.
    """

    def __init__(self) -> None:
        self._reading = Lock()
        """Held by who reads anew: what was worked out before a decision must not be kept after it."""
        self._known: dict[str, Release] = {}
        self._neutral: frozenset[item_notes.Question] = frozenset()
        self._refreshed_at: datetime | None = None
        self.translations: Translations = {}
        self._documents: dict[str, ContentDocument] = {}
        self._parts: dict[str, Mapping[str, JSON]] = {}

    def refresh(self, session: Session, *, now: datetime) -> None:
        """Read again which questions count for nothing and how texts are translated, unless that was done just now."""
        if self._refreshed_at is None or abs(now - self._refreshed_at) >= NOTICED_WITHIN:
            self.look_again(session, now=now)

    def look_again(self, session: Session, *, now: datetime) -> None:
        """Read the same again at once, for what must not rest on a decision of ten seconds ago."""
        neutral = item_notes.neutral(session)
        with self._reading:
            if neutral != self._neutral:
                self._known.clear()
            self._neutral, self._refreshed_at = neutral, now
        current = releases.current_id(session)
        self.translations = self.pinned(session, current).translations if current else {}

    def pinned(self, session: Session, release_id: str) -> Release:
        """Return the release an attempt or lesson is bound to."""
        found = self._known.get(release_id)
        if found is None:
            thawed = forms.thaw(release_id, releases.payload(session, release_id))
            with self._reading:
                found = thawed.without(self._neutral)
                _keep(self._known, release_id, found, KEPT)
        return found

    def document(self, session: Session, release_id: str) -> ContentDocument:
        """Return a release as editors see it; answering questions never needs it."""
        found = self._documents.get(release_id)
        if found is None:
            found = ContentDocument.model_validate_json(releases.payload(session, release_id))
            with self._reading:
                _keep(self._documents, release_id, found, KEPT_AS_DOCUMENTS)
        return found

    def parts(self, session: Session, release_id: str) -> Mapping[str, JSON]:
        """Return a release's parts by name; nobody may change them."""
        found = self._parts.get(release_id)
        if found is None:
            found = split(self.document(session, release_id))
            with self._reading:
                _keep(self._parts, release_id, found, KEPT_AS_DOCUMENTS)
        return found

    def release_of(self, session: Session, attempt: Attempt) -> Release:
        """Return the release that an attempt pins, under the form that it asks."""
        return self.pinned(session, attempt.release_id).under(attempt.form)

    def current(self, session: Session) -> Release:
        """Return the release that new attempts get; a database without any is not ready."""
        release_id = releases.current_id(session)
        if release_id is None:
            raise NothingPublished
        return self.pinned(session, release_id)


def _keep(known: dict[str, Value], release_id: str, found: Value, most: int) -> None:
    """Keep what was read beside the few that were read last."""
    if len(known) >= most:
        known.pop(next(iter(known)))
    known[release_id] = found


class NothingPublished(Exception):
    """The database holds no content release yet."""
