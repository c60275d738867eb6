"""Messages owed to people at the moment of sending: which still make sense, and how each one ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.core.announcement import Announcement, AnnouncementId
from bot.core.delivery import ABOUT_ROLES, WAITS_FOR_MORNING, Delivery, DeliveryId, Kind, Outcome, after_quiet_hours
from bot.core.grant import GrantId
from bot.core.group import GroupId
from bot.core.person import Person
from bot.core.release import Module, Release
from bot.store import announcements, deliveries, people
from bot.store.deliveries import Circumstances
from bot.usecases import granting, relevance
from bot.usecases.granting import Line
from bot.usecases.library import Library
from bot.usecases.relevance import Matter

RATHER_TWICE = (Kind.SIGNED_IN, *ABOUT_ROLES)
"""Kinds that are sent again where Telegram leaves open whether they arrived: a warning must not be missed."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A message to send now, with all that it says.

    `minutes` is what the module or, without one, the assessment takes; `has_begun` tells whether a sitting is under
    way, `is_coach` whether the reader coaches the group; `news` is the text of an announcement, as it was typed;
    `grant` is the change of roles that the message is about.
    """

    id: DeliveryId
    kind: Kind
    person: Person
    owed_at: datetime
    sender_name: str
    group_id: GroupId | None
    group_name: str
    minutes: int
    has_begun: bool
    is_coach: bool
    module: Module | None
    news: str = ""
    grant: Line | None = None


def due(session: Session, *, library: Library, now: datetime, limit: int) -> list[Owed]:
    """Return messages that should be out by now, the oldest first and announcements last.

    One that nobody needs any more, or whose reader cannot be reached, ends here; what can wait waits for the morning
    where the reader's quiet hours have begun meanwhile.
    """
    found = deliveries.due(session, now=now, limit=limit)
    if not found:
        return []
    library.refresh(session, now=now)
    release = library.current(session)
    readers = people.several(session, {one.person_id for one in found})
    standing = deliveries.circumstances(session, [one.id for one in found])
    told = announcements.several(session, {one.announcement_id for one in found if one.announcement_id})
    changes = _changes(session, found)
    wanted = []
    for one in found:
        reader, here = readers[one.person_id], standing[one.id]
        theirs = release.under(reader.form)
        news = _news(one, told)
        change = changes.get(one.id)
        ended = relevance.ended(Matter(one, reader, here, theirs, news, change), now=now)
        morning = after_quiet_hours(now, reader.context.zone)
        if ended is not None:
            deliveries.settle(session, one.id, ended, now)
        elif one.kind in WAITS_FOR_MORNING and morning > now:
            deliveries.put_off(session, one.id, morning)
        else:
            wanted.append(replace(_owed(one, reader, here, theirs, news), grant=change))
    return wanted


def _changes(session: Session, found: list[Delivery]) -> dict[DeliveryId, Line]:
    """Return the changes of roles that messages are about; the key of such a message ends in the change's number."""
    about = {one.id: GrantId(int(one.key.rpartition(":")[2])) for one in found if one.kind in ABOUT_ROLES}
    lines = granting.lines(session, wanted=list(about.values())) if about else {}
    return {one: lines[grant] for one, grant in about.items() if grant in lines}


def _news(one: Delivery, told: Mapping[AnnouncementId, Announcement]) -> Announcement | None:
    return told.get(one.announcement_id) if one.announcement_id else None


def _owed(one: Delivery, reader: Person, here: Circumstances, release: Release, news: Announcement | None) -> Owed:
    module = relevance.module(one, release)
    return Owed(
        id=one.id,
        kind=one.kind,
        person=reader,
        owed_at=here.owed_at,
        sender_name=one.sender_name,
        group_id=one.group_id,
        group_name=here.group_name or "",
        minutes=module.minutes if module else release.form.minutes,
        has_begun=here.is_sitting,
        is_coach=here.is_coach,
        module=module,
        news=news.wording.text if news else "",
    )


def put_off(session: Session, *, delivery_id: DeliveryId, until: datetime) -> None:
    """Let a message that could not be sent be due again later."""
    deliveries.put_off(session, delivery_id, until)


def settle(session: Session, *, delivery_id: DeliveryId, outcome: Outcome, now: datetime) -> None:
    """Note how a message ended; the first word stays."""
    deliveries.settle(session, delivery_id, outcome, now)
