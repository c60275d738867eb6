"""How often one person may take a file out, in a bucket of its own: an export is the dearest page."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.person import PersonId

MOST, WITHIN = 10, timedelta(minutes=10)


class ExportLimit:
    """So many exports a person in so many minutes, counted in the memory of one process: nothing is lost with it."""

    def __init__(self) -> None:
        self._taken: dict[PersonId, list[datetime]] = {}

    def takes(self, person: PersonId, now: datetime) -> bool:
        """Tell whether this person may export now, and count it."""
        self._taken = {who: when for who, when in self._taken.items() if now - when[-1] < WITHIN}
        lately = [at for at in self._taken.get(person, ()) if now - at < WITHIN]
        if len(lately) >= MOST:
            return False
        self._taken[person] = [*lately, now]
        return True
