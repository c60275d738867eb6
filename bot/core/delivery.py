"""Messages owed to people: of what kind, when they may come, and how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.announcement import AnnouncementId
from bot.core.group import GroupId
from bot.core.person import PersonId, Zone, local

DeliveryId = NewType("DeliveryId", int)

QUIET_FROM, QUIET_UNTIL = 20, 8
"""Hours of the reader's own day between which nothing comes that can wait."""
NUDGE_PAUSE = timedelta(hours=72)
WEEK = timedelta(days=7)
WEEKLY_MOST = 3
"""Messages that nobody awaits, of all kinds together, that a person gets at most in any seven days."""
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=6)
MOST_TRIES = 36
"""Tries after which a message ends as failed: with the waits between them that is a week."""


class Kind(StrEnum):
    """What a message is about."""

    NUDGE = "ingatkan"
    LESSON = "pelajaran"
    SIGNED_IN = "masuk"
    GRANT_ASKED = "pastikan_peran"
    GRANT_USED = "undangan_dipakai"
    ROLE = "peran"
    LEADS = "memimpin"
    ADMITTED = "diterima"
    REQUEST = "permintaan"
    COACH_ADDED = "pembina"
    NEW_COACH = "pembina_baru"
    NEWS = "pengumuman"
    BREACH = "kebocoran"
    UNFINISHED = "belum_selesai"
    DRIP = "harian"
    ACT = "tindak_lanjut"
    RETEST = "ulang"
    PROBE = "pelanggan"
    WEEKLY = "mingguan"
    WEEKLY_CHAT = "mingguan_grup"


FROM_COACH = (Kind.NUDGE, Kind.LESSON)
"""Kinds that a coach sends, and that a person can stop."""
ABOUT_ROLES = (Kind.GRANT_ASKED, Kind.GRANT_USED, Kind.ROLE)
"""Kinds about a change of roles; their key ends in the number of the change."""
BY_WISH = (Kind.UNFINISHED, Kind.DRIP, Kind.ACT, Kind.RETEST, Kind.PROBE, Kind.WEEKLY)
"""Kinds that come because the reader asked to get them by itself (core.wish)."""
COUNTED = (*FROM_COACH, *BY_WISH, Kind.NEWS)
"""Kinds that nobody awaits, of which a person gets only so many a week."""
TO_CHATS = (Kind.WEEKLY_CHAT,)
"""Kinds that go to a chat of several people and count for nobody; they are owed in the name of who asked for them."""
WAITS_FOR_MORNING = (*COUNTED, *TO_CHATS, Kind.BREACH)
"""Kinds that do not come in the reader's quiet hours, even where they were due before."""
LANES = (
    tuple(kind for kind in Kind if kind not in WAITS_FOR_MORNING),
    (Kind.LESSON, Kind.DRIP, Kind.PROBE),
    (Kind.NUDGE, Kind.UNFINISHED, Kind.ACT, Kind.RETEST, Kind.WEEKLY, *TO_CHATS),
    (Kind.NEWS, Kind.BREACH),
)
"""All kinds, those first that go before the others: what somebody waits for, lessons, reminders, announcements."""


class Outcome(StrEnum):
    """How a message ended: sent; never to arrive; perhaps arrived, for Telegram did not say; or not needed any more."""

    SENT = "sent"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message owed to a person; `key` says what it is about, and the same key is owed once."""

    person_id: PersonId
    key: str
    kind: Kind
    due_at: datetime
    group_id: GroupId | None = None
    sender_name: str = ""
    module_code: str | None = None
    announcement_id: AnnouncementId | None = None
    id: DeliveryId = DeliveryId(0)


def after_quiet_hours(now: datetime, zone: Zone | None) -> datetime:
    """Return now, or the end of the quiet hours in the reader's own zone (WIB where it is not known)."""
    here = local(now, zone)
    if QUIET_UNTIL <= here.hour < QUIET_FROM:
        return now
    morning = here.replace(hour=QUIET_UNTIL, minute=0, second=0, microsecond=0)
    return (morning if here.hour < QUIET_UNTIL else morning + timedelta(days=1)).astimezone(UTC)


def retry_wait(tries: int) -> timedelta | None:
    """Return how long to wait after so many tries in vain: a minute, doubled each time up to six hours; None where the
    message is given up.
    """
    if tries >= MOST_TRIES:
        return None
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(max(tries, 1) - 1, 20)))


def after_a_full_week(now: datetime, received: Sequence[datetime]) -> datetime:
    """Return now, or the moment at which fewer than `WEEKLY_MOST` of the messages received lie in the week before."""
    recent = sorted(moment for moment in received if moment > now - WEEK)
    return recent[-WEEKLY_MOST] + WEEK if len(recent) >= WEEKLY_MOST else now
