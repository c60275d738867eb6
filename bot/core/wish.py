"""What people ask to get by itself; nothing of it comes to who did not ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.delivery import Kind


class Wish(StrEnum):
    """What can be asked for: lessons one by one, reminders of what was begun, shadow customers, a group's week,
    announcements.
    """

    LESSONS = "pelajaran"
    REMINDERS = "pengingat"
    CUSTOMERS = "pelanggan"
    SUMMARY = "ringkasan"
    NEWS = "pengumuman"


KINDS = {
    Wish.LESSONS: (Kind.DRIP,),
    Wish.REMINDERS: (Kind.UNFINISHED, Kind.ACT, Kind.RETEST),
    Wish.CUSTOMERS: (Kind.PROBE,),
    Wish.SUMMARY: (Kind.WEEKLY,),
    Wish.NEWS: (Kind.NEWS,),
}
"""The messages that come of each wish."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody said about one wish.

    `hour` is that of the reader's own day, None where none was chosen: only lessons and a group's week have one.
    At `next_at` the timetable looks what to send next. It is None where nothing comes by timetable, as with reminders
    and announcements, where the wish was stopped, and where it sleeps: until there is a lesson, or hours by day.
    """

    what: Wish
    wanted: bool
    decided_at: datetime
    hour: int | None = None
    text_hash: str = ""
    next_at: datetime | None = None
