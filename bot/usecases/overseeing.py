"""The state of the whole at a glance, for admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.core.access import Viewer, may_edit
from bot.core.person import local
from bot.store import groups, oversight, quarantine, releases
from bot.store.oversight import Counts
from bot.store.releases import Published
from bot.usecases.grouping import NotForYou

LATE = timedelta(minutes=10)
"""A message that should have been out for so long is worth a look."""


@dataclass(frozen=True, slots=True)
class Status:
    """Counts, how many updates could not be handled, the current release, and groups that nobody looks after."""

    counts: Counts
    quarantined: int
    release: Published | None
    orphans: int


def status(session: Session, *, viewer: Viewer, now: datetime) -> Status:
    """Return how things stand today where the viewer lives (WIB where that is not known); refuses with NotForYou."""
    if not may_edit(viewer):
        raise NotForYou
    today = local(now, viewer.person.context.zone)
    since = today.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    latest = releases.listed(session, limit=1)
    return Status(
        counts=oversight.counts(session, since=since, late_before=now - LATE),
        quarantined=quarantine.count(session),
        release=latest[0] if latest else None,
        orphans=len(groups.orphans(session)),
    )
