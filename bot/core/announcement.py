"""Something told to many: for whom it is, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.person import PersonId

AnnouncementId = NewType("AnnouncementId", int)

TEXT_LIMIT = 1500
"""Characters that the reader sees."""
WEEKLY_MOST = 2
"""Announcements that one person gets within a week, whoever sends them."""
LATEST = timedelta(days=90)
"""How far ahead one can be planned."""
NOBODY = PersonId(0)


class Circle(StrEnum):
    """Who is meant. Of these only those are reached who allowed announcements; what the law wants told reaches all."""

    EVERYONE = "semua"
    PROVINCE = "provinsi"
    PROGRAMME = "program"
    GROUP = "kelompok"
    BY_LAW = "wajib"


class State(StrEnum):
    """Where an announcement stands: nobody was promised it yet; it waits for its time; it is on its way; all of it has
    ended; somebody stopped it.
    """

    DRAFT = "rancangan"
    PLANNED = "terjadwal"
    UNDER_WAY = "dikirim"
    DONE = "selesai"
    STOPPED = "dihentikan"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is told to whom, as an admin writes it; `target` is a province's code, a programme or a group's number."""

    text: str
    circle: Circle
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many messages of an announcement are still owed, arrived, did not, may have, or were called off."""

    owed: int = 0
    sent: int = 0
    failed: int = 0
    unsure: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        return self.owed + self.ended

    @property
    def ended(self) -> int:
        return self.sent + self.failed + self.unsure + self.stopped


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement; without `due_at` it is a draft. Up to the person `reached` everybody meant is owed it, and since
    `spread_at` all are.
    """

    id: AnnouncementId
    wording: Wording
    created_by: PersonId
    created_at: datetime
    due_at: datetime | None = None
    reached: PersonId = NOBODY
    spread_at: datetime | None = None
    stopped_at: datetime | None = None

    def state(self, progress: Progress, now: datetime) -> State:
        """Tell where it stands."""
        if self.stopped_at is not None:
            return State.STOPPED
        if self.due_at is None:
            return State.DRAFT
        if self.due_at > now:
            return State.PLANNED
        return State.UNDER_WAY if self.spread_at is None or progress.owed else State.DONE
