"""Announcements by admins, from the first draft to the last message, and what the law wants told to everybody; every
step is written into the log.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.content.regions import regions
from bot.core.access import Viewer, may_edit
from bot.core.announcement import (
    LATEST,
    TEXT_LIMIT,
    Announcement,
    AnnouncementId,
    Circle,
    Progress,
    State,
    Wording,
)
from bot.core.delivery import Delivery, Kind, after_quiet_hours
from bot.core.group import GroupId
from bot.core.person import Person
from bot.core.wish import Wanted, Wish
from bot.store import announcements, audit, deliveries, groups, people, wishes
from bot.store.announcements import GroupChoice, Reach
from bot.texts import notice
from bot.texts.notice import Fault
from bot.usecases.grouping import NotForYou

SPREAD_AT_ONCE = 200
"""People who are owed an announcement within one transaction."""
GROUPS_SHOWN = 20
NOBODY = Reach(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Written:
    """A draft that is stored."""

    announcement: Announcement


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong with a draft: with its text, and whether nobody is meant by what was chosen."""

    faults: tuple[Fault, ...]
    nobody: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """An announcement that goes out by itself from now on."""

    announcement: Announcement


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """It is not, or no more, the draft that was read before it was sent."""


@dataclass(frozen=True, slots=True)
class OutOfTime:
    """The moment has passed, or lies too far ahead."""


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """Everybody was told these very words already."""

    announcement: Announcement


@dataclass(frozen=True, slots=True)
class View:
    """An announcement as its admins see it: `target_name` is empty where all are meant and of a group that is gone,
    `author` is None once erased, `reach` counts whom it would reach now.
    """

    announcement: Announcement
    state: State
    progress: Progress
    target_name: str
    author: str | None
    reach: Reach = NOBODY


def allow(session: Session, *, owner: Person, wants: bool, text_hash: str, now: datetime) -> Person:
    """Allow announcements, or end that; what is owed to the person already is looked at again when it is sent.

    The word is dated and kept with the hash of what was agreed to; the same word again changes nothing.
    """
    before = wishes.owned(session, owner.id).get(Wish.NEWS)
    if before is None or before.wanted != wants:
        wishes.save(session, owner.id, Wanted(Wish.NEWS, wants, decided_at=now, text_hash=text_hash))
    announcements.allow(session, owner.id, wants=wants)
    return replace(owner, wants_news=wants)


def _admitted(viewer: Viewer) -> None:
    if not may_edit(viewer):
        raise NotForYou


def _found(session: Session, announcement_id: AnnouncementId, *, lock: bool = False) -> Announcement:
    found = announcements.by_id(session, announcement_id, lock=lock)
    if found is None:
        raise NotForYou(announcement_id)
    return found


def seal(wording: Wording) -> str:
    """Return a short mark of what is told to whom, by which a change is noticed."""
    return hashlib.sha256(_logged(wording).encode()).hexdigest()[:16]


def _logged(wording: Wording) -> str:
    return json.dumps([wording.circle, wording.target, wording.text], ensure_ascii=False)


def _thing(announcement_id: AnnouncementId) -> str:
    return f"announcement:{announcement_id}"


def _checked(session: Session, wording: Wording) -> Refused | None:
    found, nobody = faults(wording.text), not is_there(session, wording=wording)
    return Refused(found, nobody) if found or nobody else None


def is_there(session: Session, *, wording: Wording) -> bool:
    """Tell whether there is such a province, programme or group, one that was put away left out."""
    target = wording.target or ""
    match wording.circle:
        case Circle.EVERYONE:
            return not target
        case Circle.PROVINCE:
            return any(province.code == target for province in regions().provinces)
        case Circle.PROGRAMME:
            return target in groups.programmes(session)
        case Circle.BY_LAW:
            return False  # no admin chooses it
        case Circle.GROUP:
            return target.isdecimal() and announcements.group(session, GroupId(int(target))) is not None


def draft(session: Session, *, viewer: Viewer, wording: Wording, now: datetime) -> Written | Refused:
    """Store a new announcement as a draft; refuses with NotForYou who is no admin."""
    _admitted(viewer)
    refused = _checked(session, wording)
    if refused is not None:
        return refused
    made = announcements.add(session, wording, viewer.person.id, now)
    audit.note(session, viewer.person.id, "announcement.draft", _thing(made), after=_logged(wording), now=now)
    return Written(_found(session, made))


def change(
    session: Session, *, viewer: Viewer, announcement_id: AnnouncementId, seen: str, wording: Wording, now: datetime
) -> Written | Refused | ChangedMeanwhile:
    """Write a draft anew, if it still is the draft that was `seen` (by its seal); refuses with NotForYou."""
    _admitted(viewer)
    before = _found(session, announcement_id, lock=True)
    if not _is_draft(before) or seal(before.wording) != seen:
        return ChangedMeanwhile()
    refused = _checked(session, wording)
    if refused is not None:
        return refused
    if wording != before.wording:
        announcements.change(session, announcement_id, wording)
        what, was = _thing(announcement_id), _logged(before.wording)
        audit.note(session, viewer.person.id, "announcement.change", what, before=was, after=_logged(wording), now=now)
    return Written(_found(session, announcement_id))


def _is_draft(one: Announcement) -> bool:
    return one.due_at is None and one.stopped_at is None


def plan(
    session: Session,
    *,
    viewer: Viewer,
    announcement_id: AnnouncementId,
    seen: str,
    due_at: datetime | None,
    now: datetime,
) -> Planned | ChangedMeanwhile | OutOfTime:
    """Let the draft that was `seen` (by its seal) go out at once or at a later moment; refuses with NotForYou."""
    _admitted(viewer)
    one = _found(session, announcement_id, lock=True)
    if not _is_draft(one) or seal(one.wording) != seen:
        return ChangedMeanwhile()
    if due_at is not None and not is_in_time(due_at, now=now):
        return OutOfTime()
    moment = due_at or now
    announcements.plan(session, announcement_id, moment)
    after = json.dumps({"due_at": moment.isoformat(timespec="minutes")})
    audit.note(session, viewer.person.id, "announcement.plan", _thing(announcement_id), after=after, now=now)
    return Planned(_found(session, announcement_id))


def tell_by_law(session: Session, *, text: str, now: datetime) -> Planned | ToldBefore:
    """Let a text go out at once to everybody who can be reached, whatever they allowed; the same text only once."""
    before = announcements.told_by_law(session, text)
    if before is not None:
        return ToldBefore(before)
    wording = Wording(text, Circle.BY_LAW)
    made = announcements.add(session, wording, audit.MACHINE, now)
    announcements.plan(session, made, now)
    audit.note(session, audit.MACHINE, "announcement.by_law", _thing(made), after=_logged(wording), now=now)
    return Planned(_found(session, made))


def is_in_time(due_at: datetime, *, now: datetime) -> bool:
    """Tell whether an announcement may be planned for this moment: not past, and within 90 days."""
    return now <= due_at <= now + LATEST


def stop(session: Session, *, viewer: Viewer, announcement_id: AnnouncementId, now: datetime) -> int:
    """Stop an announcement at once and for good, whatever its state; return how many messages were called off.

    Refuses with NotForYou. What is being sent in this very second may still arrive.
    """
    _admitted(viewer)
    one = _found(session, announcement_id, lock=True)
    if one.stopped_at is not None:
        return 0
    called_off = announcements.stop(session, announcement_id, now)
    after = json.dumps({"called_off": called_off})
    audit.note(session, viewer.person.id, "announcement.stop", _thing(announcement_id), after=after, now=now)
    return called_off


def view(session: Session, *, viewer: Viewer, announcement_id: AnnouncementId, now: datetime) -> View:
    """Return an announcement with its progress and, until all are owed it, whom it would reach; refuses with
    NotForYou.
    """
    _admitted(viewer)
    one = _found(session, announcement_id)
    is_open = one.spread_at is None and one.stopped_at is None
    counted = announcements.reach(session, one.wording, now) if is_open else NOBODY
    return _views(session, [one], now, counted)[0]


def listing(session: Session, *, viewer: Viewer, limit: int, offset: int, now: datetime) -> tuple[list[View], int]:
    """Return announcements, the latest first, and how many there are; refuses with NotForYou."""
    _admitted(viewer)
    found = announcements.latest(session, limit=limit, offset=offset)
    return _views(session, found, now, NOBODY), announcements.count(session)


def _views(session: Session, found: list[Announcement], now: datetime, counted: Reach) -> list[View]:
    progress = announcements.progress(session, [one.id for one in found])
    authors = people.several(session, {one.created_by for one in found})
    named = announcements.group_names(session, {GroupId(int(t)) for c, t in map(_target, found) if c is Circle.GROUP})

    def name(one: Announcement) -> str:
        circle, target = _target(one)
        match circle:
            case Circle.GROUP:
                return named.get(GroupId(int(target)), "")
            case Circle.PROVINCE:
                return regions().name(target)
            case _:
                return target

    def author(one: Announcement) -> str | None:
        return authors[one.created_by].first_name if one.created_by in authors else None

    return [
        View(
            announcement=one,
            state=one.state(progress[one.id], now),
            progress=progress[one.id],
            target_name=name(one),
            author=author(one),
            reach=counted,
        )
        for one in found
    ]


def _target(one: Announcement) -> tuple[Circle, str]:
    return one.wording.circle, one.wording.target or ""


def faults(text: str) -> tuple[Fault, ...]:
    """Return why a text cannot be announced as it is."""
    return tuple(notice.faults(text, limit=TEXT_LIMIT))


def programmes(session: Session, *, viewer: Viewer) -> list[str]:
    """Return the programmes that can be chosen; refuses with NotForYou."""
    _admitted(viewer)
    return groups.programmes(session)


def find_groups(session: Session, *, viewer: Viewer, words: str) -> list[GroupChoice]:
    """Return some groups whose name holds these words; refuses with NotForYou."""
    _admitted(viewer)
    return announcements.groups_like(session, words, limit=GROUPS_SHOWN) if words else []


def group_chosen(session: Session, *, viewer: Viewer, group_id: GroupId) -> GroupChoice | None:
    """Return a group that can be chosen; refuses with NotForYou."""
    _admitted(viewer)
    return announcements.group(session, group_id)


def spread(session: Session, *, now: datetime, limit: int = SPREAD_AT_ONCE) -> int:
    """Owe the announcement that is due the longest to the next people whom it means; return to how many.

    The person reached last is stored with the messages, so that whatever ends a process, the next one goes on there.
    """
    one = announcements.to_spread(session, now)
    if one is None:
        return 0
    found = announcements.receivers(session, one, now, limit=limit)
    group = GroupId(int(one.wording.target or 0)) if one.wording.circle is Circle.GROUP else None
    kind, about = _kind_and_mark(one)
    owed = [
        Delivery(
            person_id=person,
            key=f"{kind}:{about}:{person}",
            kind=kind,
            due_at=after_quiet_hours(now, zone),
            group_id=group,
            announcement_id=one.id,
        )
        for person, zone in found
    ]
    deliveries.owe(session, owed, now)
    is_all = len(found) < limit
    reached = found[-1][0] if found else one.reached
    announcements.note_reached(session, one.id, reached, spread_at=now if is_all else None)
    if is_all:
        total = announcements.progress(session, [one.id])[one.id].total
        after = json.dumps({"receivers": total})
        audit.note(session, audit.MACHINE, "announcement.spread", _thing(one.id), after=after, now=now)
    return len(found)


def _kind_and_mark(one: Announcement) -> tuple[Kind, object]:
    """Return of what kind the messages of an announcement are, and by which mark each is owed once: what the law wants
    told by its text, so that two commands at once owe it to nobody twice.
    """
    return (Kind.BREACH, seal(one.wording)) if one.wording.circle is Circle.BY_LAW else (Kind.NEWS, one.id)
