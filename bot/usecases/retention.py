"""Keeping nothing for longer than was promised: people who went away, and raw updates that could not be handled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.person import PersonId
from bot.store import personal, retention

IDLE_FOR = timedelta(days=730)
"""The 24 months of the privacy text."""
AT_ONCE = 50
LOOKED_THROUGH = 1000
"""People looked through in one transaction: so few keep a tap waiting for less than a blink, however few are idle."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many went, and after whom to go on; None where nobody is left to look at."""

    people: int
    updates: int
    go_on_after: PersonId | None


def purge(
    session: Session,
    *,
    now: datetime,
    admins: Collection[int] = (),
    after: PersonId | None = None,
    limit: int = AT_ONCE,
    most: int = LOOKED_THROUGH,
) -> Purged:
    """Erase whoever did nothing for 24 months, a few at a time, and raw updates older than 30 days.

    At most `limit` people are erased and `most` looked through.

    `admins` are those named in the settings, by Telegram id: they stay. Erasing is that of /hapus.
    """
    after = after or PersonId(0)
    until = retention.last_of(session, after=after, most=most)
    found = retention.idle(session, since=now - IDLE_FOR, after=after, until=until, limit=limit)
    gone = [(person, telegram_id) for person, telegram_id in found if telegram_id not in admins]
    for person, telegram_id in gone:
        personal.erase(session, person, telegram_id)
    updates = retention.drop_old_quarantine(session, now)
    return Purged(len(gone), updates, found[-1][0] if len(found) == limit else until)
