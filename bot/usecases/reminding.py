"""What a coach sends to members: reminders to go on, and lessons; as messages owed, each held to the reader's peace."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.core.access import Act, Viewer
from bot.core.cohort import Member, as_shared
from bot.core.delivery import FROM_COACH, NUDGE_PAUSE, WEEK, WEEKLY_MOST, Delivery, Kind, after_quiet_hours
from bot.core.group import Group, GroupId
from bot.core.item import OWNER_DIMENSIONS
from bot.core.person import PersonId
from bot.core.profile import GateColour
from bot.core.release import Module
from bot.core.triage import Flag, flags
from bot.store import deliveries, members, people
from bot.usecases import grouping
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library


class Whom(StrEnum):
    """Which members a lesson is for."""

    BELOW = "perlu"
    EVERYBODY = "semua"


@dataclass(frozen=True, slots=True)
class Round:
    """A round of messages before it is sent: who gets one, and how many of those meant are left in peace.

    `muted` want none or cannot be reached, `already` had this lesson from the group before, `recent` had a reminder too
    lately or too many messages this week.
    """

    group: Group
    sender_name: str
    receivers: tuple[Member, ...]
    muted: int
    recent: int
    already: int = 0
    module: Module | None = None


def unfinished(session: Session, *, viewer: Viewer, group_id: GroupId, now: datetime) -> Round:
    """Return whom a reminder would reach now: members without a result; refuses with NotForYou."""
    seen = grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN)
    meant = [m for m in members.cohort(session, group_id) if m.latest is None]
    return _round(session, seen.group, viewer, meant, None, now)


def remind(session: Session, *, viewer: Viewer, group_id: GroupId, now: datetime) -> int:
    """Owe everybody who has not finished a reminder in the coach's name; return how many get one."""
    _living(session, viewer, group_id)
    found = unfinished(session, viewer=viewer, group_id=group_id, now=now)
    return _owe(session, found, lambda member: f"{Kind.NUDGE}:{member.person_id}:{now:%Y-%m-%d}", Kind.NUDGE, now)


def lesson_round(
    session: Session,
    *,
    viewer: Viewer,
    group_id: GroupId,
    module_code: str,
    whom: Whom | Flag | Collection[PersonId],
    library: Library,
    now: datetime,
) -> Round:
    """Return whom a lesson would reach now: chosen members, those of whom a reason for attention is true, those below
    the cut in its dimension, or all.

    Who shares no result is met only where all are. A lesson on selling is for those whose gate is known to be open, and
    for the nameless, whose gate is looked at when it is sent. Refuses with NotForYou, also a lesson that is not there,
    stale, or for coaches.
    """
    seen = grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN)
    release = library.current(session)
    module = release.module_by_code.get(module_code)
    if module is None or module.dimension not in OWNER_DIMENSIONS or not module.is_current(now.date()):
        raise NotForYou(module_code)

    def is_meant(member: Member) -> bool:
        if not member.shares:
            return whom is Whom.EVERYBODY
        result = member.latest
        if module.promotion and (result is None or result.gate is not GateColour.GREEN):
            return False
        match whom:
            case Whom.EVERYBODY:
                return True
            case Whom.BELOW:
                return result is not None and result.scores[module.dimension] < release.rules.goal_cut
            case Flag():
                return whom in flags(member, now=now)
            case _:
                return member.person_id in whom

    meant = [m for m in members.cohort(session, group_id) if is_meant(m)]
    return _round(session, seen.group, viewer, meant, module, now)


def send_lesson(
    session: Session,
    *,
    viewer: Viewer,
    group_id: GroupId,
    module_code: str,
    whom: Whom | Flag | Collection[PersonId],
    library: Library,
    now: datetime,
) -> int:
    """Owe the chosen members a lesson, unless the group gave it to them before; return how many get it."""
    _living(session, viewer, group_id)
    found = lesson_round(
        session, viewer=viewer, group_id=group_id, module_code=module_code, whom=whom, library=library, now=now
    )
    at = f"{now:%Y-%m-%dT%H:%M:%S}"
    return _owe(
        session, found, lambda m: f"{Kind.LESSON}:{group_id}:{m.person_id}:{module_code}:{at}", Kind.LESSON, now
    )


def _living(session: Session, viewer: Viewer, group_id: GroupId) -> None:
    """Hold the group for this transaction, and the right to count what people get; nothing is sent from a group that
    was put away.
    """
    deliveries.take_turn(session)
    if grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True).group.archived_at:
        raise NotForYou(group_id)


def _round(
    session: Session, group: Group, viewer: Viewer, meant: list[Member], module: Module | None, now: datetime
) -> Round:
    willing = [m for m in meant if m.reachable and not m.muted]
    had = deliveries.had_lesson(session, group.id, module.code) if module else frozenset()
    fresh = [m for m in willing if m.person_id not in had]
    ids = [m.person_id for m in fresh]
    last = deliveries.latest(session, ids, (Kind.NUDGE,)) if module is None else {}
    weekly = deliveries.counts(session, ids, FROM_COACH, since=now - WEEK)
    receivers = tuple(
        as_shared(m)
        for m in fresh
        if weekly.get(m.person_id, 0) < WEEKLY_MOST
        and (m.person_id not in last or now - last[m.person_id] >= NUDGE_PAUSE)
    )
    return Round(
        group=group,
        sender_name=viewer.person.first_name,
        receivers=receivers,
        muted=len(meant) - len(willing),
        recent=len(fresh) - len(receivers),
        already=len(willing) - len(fresh),
        module=module,
    )


def _owe(session: Session, found: Round, key: Callable[[Member], str], kind: Kind, now: datetime) -> int:
    zones = people.zones(session, [m.person_id for m in found.receivers])
    owed = [
        Delivery(
            person_id=member.person_id,
            key=key(member),
            kind=kind,
            due_at=after_quiet_hours(now, zones.get(member.person_id)),
            group_id=found.group.id,
            sender_name=found.sender_name,
            module_code=found.module.code if found.module else None,
        )
        for member in found.receivers
    ]
    return deliveries.owe(session, owed, now)
