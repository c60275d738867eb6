"""The owner's side of a group: opening an invitation, agreeing to what is shared, changing one's mind, leaving."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from bot.core.delivery import Delivery, Kind, after_quiet_hours
from bot.core.group import GUESSES_A_DAY, GUESSES_A_MINUTE, Group, GroupId, read_code
from bot.core.person import Person, Role
from bot.store import deliveries, groups, members, people
from bot.store.groups import GroupCoach
from bot.store.members import Decision, Membership


class Sharing(StrEnum):
    """What a person lets the coaches of a group see: name and result; only counts and means; nothing any more."""

    NAME = "nama"
    SUMS = "jumlah"
    NOTHING = "keluar"


class NoWayIn(Exception):
    """The invitation is wrong, over, withdrawn, full, or not for the person; which of these is never told."""


class TooManyGuesses(Exception):
    """So many codes that opened nothing were typed that the person must wait."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an owner sees before deciding: the group, who looks after it, and whether a coach must agree."""

    group: Group
    coaches: tuple[GroupCoach, ...]


def open_link(session: Session, *, owner: Person, token: str, now: datetime) -> Proposal:
    """Open an invitation by its link, and remember it until the owner decides; refuses with NoWayIn."""
    return _opened(session, owner, groups.by_token(session, token), now)


def introduced(session: Session, *, token: str, now: datetime) -> Proposal | None:
    """Return into which group a link leads, for a finder of whom nothing is known yet; None where it leads nowhere."""
    group = groups.by_token(session, token)
    if group is None or not _leads_in(group, now) or _is_full(session, group):
        return None
    return Proposal(group, tuple(groups.coaches(session, group.id)))


def open_code(session: Session, *, owner: Person, text: str, now: datetime) -> Proposal:
    """Open an invitation by a typed code; refuses with NoWayIn, and with TooManyGuesses who guesses on."""
    guesses = members.guesses(session, owner.id, since=now - timedelta(days=1))
    lately = sum(at > now - timedelta(minutes=1) for at in guesses)
    if lately >= GUESSES_A_MINUTE or len(guesses) >= GUESSES_A_DAY:
        raise TooManyGuesses
    code = read_code(text)
    found = groups.by_code(session, code) if code else None
    if _is_open(session, owner, found, now):
        return _opened(session, owner, found, now)
    members.note_guess(session, owner.id, now)
    raise NoWayIn


def _is_open(session: Session, owner: Person, group: Group | None, now: datetime) -> bool:
    if group is None or owner.role is Role.COACH or not _leads_in(group, now):
        return False
    return members.one(session, owner.id, group.id) is not None or not _is_full(session, group)


def _leads_in(group: Group, now: datetime) -> bool:
    return group.archived_at is None and group.invitation.is_open(now)


def _is_full(session: Session, group: Group) -> bool:
    return members.count(session, group.id) >= group.member_limit


def _opened(session: Session, owner: Person, group: Group | None, now: datetime) -> Proposal:
    if group is None or not _is_open(session, owner, group, now):
        raise NoWayIn
    if members.one(session, owner.id, group.id) is None:
        members.invite(session, owner.id, group.id, now)
    return Proposal(group, tuple(groups.coaches(session, group.id)))


def pending(session: Session, *, owner: Person, now: datetime) -> Proposal | None:
    """Return the invitation that waits for the owner's word; one that has ended meanwhile is forgotten."""
    group_id = members.invitation_of(session, owner.id)
    if group_id is None:
        return None
    found = groups.seen(session, owner.id, group_id)
    if found is None or not _is_open(session, owner, found[0], now):
        members.forget_invitation(session, owner.id)
        return None
    return Proposal(found[0], tuple(groups.coaches(session, group_id)))


def join(
    session: Session,
    *,
    owner: Person,
    group_id: GroupId,
    sharing: Sharing,
    version: str,
    text: str,
    now: datetime,
) -> Membership:
    """Enter the group whose invitation waits, sharing what was agreed to; the same again changes nothing.

    `text` is what the person read before agreeing; its hash is kept as proof. Refuses with NoWayIn.
    """
    known = members.one(session, owner.id, group_id)
    if known is not None:
        return known
    locked = groups.seen(session, owner.id, group_id, lock=True)
    if locked is None or members.invitation_of(session, owner.id) != group_id or sharing is Sharing.NOTHING:
        raise NoWayIn
    group = locked[0]
    if not _is_open(session, owner, group, now):
        raise NoWayIn
    members.forget_invitation(session, owner.id)
    shares = sharing is Sharing.NAME
    members.add(session, owner.id, group_id, shares=shares, waits=group.approves, now=now)
    _note(session, owner, group_id, sharing, version, text, now)
    if group.approves:
        _ask_coaches(session, group, now)
    return Membership(group_id, group.name, shares, group.approves, muted=False, joined_at=now)


def _ask_coaches(session: Session, group: Group, now: datetime) -> None:
    """Tell the coaches that somebody waits: by day, and once for all who ask within the same hour or night."""
    coaches = [coach.person_id for coach in groups.coaches(session, group.id)]
    zones = people.zones(session, coaches)
    due = {coach: after_quiet_hours(now, zones.get(coach)) for coach in coaches}
    owed = [
        Delivery(
            person_id=coach,
            key=f"{Kind.REQUEST}:{group.id}:{coach}:{due_at:%Y-%m-%dT%H}",
            kind=Kind.REQUEST,
            due_at=due_at,
            group_id=group.id,
            sender_name=group.name,
        )
        for coach, due_at in due.items()
    ]
    deliveries.owe(session, owed, now)


def _note(
    session: Session, owner: Person, group_id: GroupId, sharing: Sharing, version: str, text: str, now: datetime
) -> None:
    text_hash = hashlib.sha256(text.encode()).hexdigest()
    members.note_decision(session, owner.id, group_id, Decision(sharing, version, text_hash), now)


def refuse(session: Session, *, owner: Person) -> None:
    """Decide not to enter the group whose invitation waits; nothing is kept of it."""
    members.forget_invitation(session, owner.id)


def mine(session: Session, *, owner: Person) -> list[Membership]:
    """Return the groups the owner is in."""
    return members.memberships(session, owner.id)


def change_sharing(
    session: Session, *, owner: Person, group_id: GroupId, sharing: Sharing, version: str, text: str, now: datetime
) -> bool:
    """Share name and result from now on, only be counted, or leave; tell whether the owner was in the group.

    What is so already is not agreed to again: the text that was read then is another one.
    """
    if sharing is Sharing.NOTHING:
        return leave(session, owner=owner, group_id=group_id, now=now)
    shares = {one.group_id: one.shares for one in members.memberships(session, owner.id)}
    if group_id not in shares:
        return False
    if shares[group_id] != (sharing is Sharing.NAME):
        members.change(session, owner.id, group_id, shares=sharing is Sharing.NAME)
        _note(session, owner, group_id, sharing, version, text, now)
    return True


def mute(session: Session, *, owner: Person, group_id: GroupId, muted: bool) -> bool:
    """Stop reminders and lessons from this group's coaches, or take them again; tell whether the owner is in it."""
    return members.change(session, owner.id, group_id, muted=muted)


def leave(session: Session, *, owner: Person, group_id: GroupId, now: datetime) -> bool:
    """Leave a group at once, with all that was shared; tell whether the owner was in it."""
    if not members.remove(session, owner.id, group_id):
        return False
    members.note_decision(session, owner.id, group_id, Decision(Sharing.NOTHING, "", ""), now)
    return True
