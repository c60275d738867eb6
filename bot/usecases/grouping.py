"""Looking after a group: making it, placing it, inviting, agreeing to newcomers, sharing and handing over the work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.content.regions import regions
from bot.core.access import Act, Relation, Viewer, may
from bot.core.delivery import Delivery, Kind, after_quiet_hours
from bot.core.group import (
    MEMBERS_MOST,
    MEMBERS_USUAL,
    PROGRAMME_LIMIT,
    Group,
    GroupId,
    invitation,
    tidy_name,
)
from bot.core.person import Person, PersonId
from bot.store import deliveries, groups, members, people
from bot.store.groups import GroupCoach, GroupLine, Offer
from bot.store.members import Newcomer

OFFER_LASTS = timedelta(days=3)
TOKEN_BYTES = 16


class NotForYou(Exception):
    """No such group, or not one with which the viewer may do this; the two are never told apart."""


class NameMissing(ValueError):
    """A group's name holds nothing that can be seen."""


class HandOverFirst(Exception):
    """Who leads a group cannot step down before handing it over."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A group as the viewer may see it."""

    group: Group
    relation: Relation

    @property
    def is_run(self) -> bool:
        return may(Act.RUN, self.relation)

    @property
    def is_led(self) -> bool:
        return may(Act.LEAD, self.relation)


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer to coach a group, as its finder sees it before agreeing."""

    group_name: str
    hands_over: bool
    offered_by: str


def permitted(session: Session, *, viewer: Viewer, group_id: GroupId, act: Act, lock: bool = False) -> Seen:
    """Return the group if the viewer may do this with it; else refuse with NotForYou. Coaches must still be coaches."""
    found = groups.seen(session, viewer.person.id, group_id, lock=lock)
    if found is None:
        raise NotForYou(group_id)
    group, relation = found
    if relation in (Relation.LEAD, Relation.COACH) and not viewer.is_coach:
        relation = Relation.OUTSIDER
    if not may(act, relation) and viewer.is_admin:
        relation = Relation.ADMIN
    if not may(act, relation):
        raise NotForYou(group_id)
    return Seen(group, relation)


def look(session: Session, *, viewer: Viewer, group_id: GroupId) -> Seen:
    """Return a group that the viewer coaches; refuses with NotForYou."""
    return permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN)


def mine(session: Session, *, viewer: Viewer, archived: bool = False) -> list[GroupLine]:
    """Return the groups that the viewer coaches."""
    return groups.coached(session, viewer.person.id, archived=archived) if viewer.is_coach else []


def create(session: Session, *, viewer: Viewer, name: str, new_token: Callable[[int], str], now: datetime) -> Group:
    """Make a group that the viewer leads; refuses with NameMissing, or NotForYou who is no coach."""
    if not viewer.is_coach:
        raise NotForYou
    tidy = _named(name)
    opened = invitation(new_token(TOKEN_BYTES), now=now)
    return groups.add(session, viewer.person.id, name=tidy, member_limit=MEMBERS_USUAL, invitation=opened, now=now)


def _change(session: Session, viewer: Viewer, group_id: GroupId, act: Act = Act.RUN) -> Group:
    return permitted(session, viewer=viewer, group_id=group_id, act=act, lock=True).group


def rename(session: Session, *, viewer: Viewer, group_id: GroupId, name: str) -> Group:
    """Give a group another name; refuses with NameMissing."""
    group = _change(session, viewer, group_id)
    return _saved(session, replace(group, name=_named(name)))


def _named(text: str) -> str:
    name = tidy_name(text)
    if not name:
        raise NameMissing(text)
    return name


def place(session: Session, *, viewer: Viewer, group_id: GroupId, code: str | None) -> Group:
    """Say where a group is, by an official code of two or four digits, with or without the decree's dot, or that it is
    not said; refuses with UnknownRegion a code that is not on the list.
    """
    group = _change(session, viewer, group_id)
    if code is None:
        return _saved(session, replace(group, province=None, regency=None))
    found, province = regions().find(code), regions().province_of(code)
    regency = found.code if found and found is not province else None
    return _saved(session, replace(group, province=province.code, regency=regency))


def set_programme(session: Session, *, viewer: Viewer, group_id: GroupId, programme: str | None) -> Group:
    """Tag a group with a programme, or with none."""
    tag = tidy_name(programme or "", PROGRAMME_LIMIT) or None
    return _saved(session, replace(_change(session, viewer, group_id), programme=tag))


def set_approval(session: Session, *, viewer: Viewer, group_id: GroupId, approves: bool) -> Group:
    """Say whether a coach agrees to each newcomer."""
    return _saved(session, replace(_change(session, viewer, group_id), approves=approves))


def set_limit(session: Session, *, viewer: Viewer, group_id: GroupId, members: int) -> Group:
    """Say how many members a group takes, 1 to 10,000; who is in stays in."""
    if not 1 <= members <= MEMBERS_MOST:
        raise ValueError(members)
    return _saved(session, replace(_change(session, viewer, group_id), member_limit=members))


def renew_invitation(
    session: Session,
    *,
    viewer: Viewer,
    group_id: GroupId,
    new_token: Callable[[int], str],
    now: datetime,
    shown: str | None = None,
) -> Group:
    """Make a new link and code for two weeks; the old ones lead nowhere. Where the code that was shown is no longer the
    one that counts, it was done already.
    """
    group = _change(session, viewer, group_id)
    if shown not in (None, group.invitation.code):
        return group
    return _saved(session, replace(group, invitation=invitation(new_token(TOKEN_BYTES), now=now)))


def close_invitation(session: Session, *, viewer: Viewer, group_id: GroupId, now: datetime) -> Group:
    """Let link and code lead nowhere from now on."""
    group = _change(session, viewer, group_id)
    return _saved(session, replace(group, invitation=replace(group.invitation, ends_at=now)))


def archive(session: Session, *, viewer: Viewer, group_id: GroupId, now: datetime) -> Group:
    """Put a group away: its invitation ends and nothing is sent; it can be taken out again."""
    group = _change(session, viewer, group_id, Act.LEAD)
    if group.archived_at:
        return group
    return _saved(session, replace(group, archived_at=now, invitation=replace(group.invitation, ends_at=now)))


def unarchive(session: Session, *, viewer: Viewer, group_id: GroupId) -> Group:
    """Take a group out again; its invitation stays closed until it is renewed."""
    return _saved(session, replace(_change(session, viewer, group_id, Act.LEAD), archived_at=None))


def _saved(session: Session, group: Group) -> Group:
    groups.save(session, group)
    return group


def coaches(session: Session, *, viewer: Viewer, group_id: GroupId) -> list[GroupCoach]:
    """Return who looks after a group."""
    permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN)
    return groups.coaches(session, group_id)


def newcomers(session: Session, *, viewer: Viewer, group_id: GroupId) -> list[Newcomer]:
    """Return who waits to be agreed to."""
    permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN)
    return members.waiting(session, group_id)


def admit(session: Session, *, viewer: Viewer, group_id: GroupId, person_id: PersonId, now: datetime) -> bool:
    """Agree to someone who waits, who is told so by day; tell whether they still waited."""
    seen = permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True)
    asked = next((one for one in members.waiting(session, group_id) if one.person_id == person_id), None)
    if asked is None:
        return False
    members.change(session, person_id, group_id, waits=False)
    key = f"{Kind.ADMITTED}:{group_id}:{person_id}:{asked.asked_at:%Y-%m-%dT%H:%M:%S}"
    due_at = after_quiet_hours(now, people.zones(session, [person_id]).get(person_id))
    owed = Delivery(person_id, key, Kind.ADMITTED, due_at, group_id, sender_name=seen.group.name)
    deliveries.owe(session, [owed], now)
    return True


def turn_down(session: Session, *, viewer: Viewer, group_id: GroupId, person_id: PersonId) -> bool:
    """Turn down someone who still waits, who is not told; tell whether they did."""
    permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True)
    waits = any(one.person_id == person_id for one in members.waiting(session, group_id))
    return waits and members.remove(session, person_id, group_id)


def dismiss(session: Session, *, viewer: Viewer, group_id: GroupId, person_id: PersonId) -> bool:
    """End a membership; tell whether there was one. What was shared ends with it."""
    permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True)
    return members.remove(session, person_id, group_id)


def offer(
    session: Session,
    *,
    viewer: Viewer,
    group_id: GroupId,
    hands_over: bool,
    new_token: Callable[[int], str],
    now: datetime,
) -> str:
    """Return the token of a link, good for three days and once, that makes another coach the second one, or hands the
    group over.
    """
    permitted(session, viewer=viewer, group_id=group_id, act=Act.LEAD, lock=True)
    token = new_token(TOKEN_BYTES)
    groups.add_offer(session, hashed(token), Offer(group_id, viewer.person.id, hands_over, now + OFFER_LASTS))
    return token


def hashed(token: str) -> str:
    """Return what is stored of a token that is shown only once."""
    return hashlib.sha256(token.encode()).hexdigest()


def offered(session: Session, *, viewer: Viewer, token: str, now: datetime) -> Offered:
    """Return what a link offers; refuses with NotForYou one that is used, late, or withdrawn with who offered it."""
    found, group = _open_offer(session, viewer, token, now, lock=False)
    who = next(c for c in groups.coaches(session, found.group_id) if c.person_id == found.offered_by)
    return Offered(group.name, found.hands_over, who.first_name)


def _open_offer(session: Session, viewer: Viewer, token: str, now: datetime, *, lock: bool) -> tuple[Offer, Group]:
    found = groups.offer(session, hashed(token))
    if found is None or not viewer.is_coach or now >= found.ends_at:
        raise NotForYou
    leading = groups.seen(session, found.offered_by, found.group_id, lock=lock)
    here = groups.seen(session, viewer.person.id, found.group_id)
    if leading is None or leading[1] is not Relation.LEAD or here is None or here[1] is Relation.LEAD:
        raise NotForYou
    if here[1] is Relation.COACH and not found.hands_over:
        raise NotForYou
    return found, here[0]


def accept(session: Session, *, viewer: Viewer, token: str, now: datetime) -> Group:
    """Become a coach of the group that a link offers, or the one who leads it; refuses with NotForYou."""
    found, group = _open_offer(session, viewer, token, now, lock=True)
    if not groups.take_offer(session, hashed(token)):
        raise NotForYou
    is_new = all(c.person_id != viewer.person.id for c in groups.coaches(session, group.id))
    if is_new:
        groups.add_coach(session, viewer.person.id, group.id, leads=False, now=now)
    if found.hands_over:
        groups.set_lead(session, viewer.person.id, group.id)
        groups.remove_coach(session, found.offered_by, group.id)
    key = f"{Kind.COACH_ADDED}:{group.id}:{hashed(token)[:16]}"
    owed = Delivery(found.offered_by, key, Kind.COACH_ADDED, now, group.id, sender_name=viewer.person.first_name)
    deliveries.owe(session, [owed], now)
    if is_new:
        introduce(session, group=group, coach=viewer.person, now=now)
    return group


def introduce(session: Session, *, group: Group, coach: Person, now: datetime) -> None:
    """Tell the members, in the morning if it is night, that somebody else sees now what they share."""
    ids = members.ids(session, group.id)
    zones = people.zones(session, ids)
    owed = [
        Delivery(
            person_id=person,
            key=f"{Kind.NEW_COACH}:{group.id}:{coach.id}:{person}:{now:%Y-%m-%d}",
            kind=Kind.NEW_COACH,
            due_at=after_quiet_hours(now, zones.get(person)),
            group_id=group.id,
            sender_name=coach.first_name,
        )
        for person in ids
    ]
    deliveries.owe(session, owed, now)


def remove_coach(session: Session, *, viewer: Viewer, group_id: GroupId, person_id: PersonId) -> bool:
    """Let another coach look after the group no longer; tell whether there was one. Who leads stays."""
    permitted(session, viewer=viewer, group_id=group_id, act=Act.LEAD, lock=True)
    found = next((c for c in groups.coaches(session, group_id) if c.person_id == person_id and not c.leads), None)
    if found is not None:
        groups.remove_coach(session, person_id, group_id)
    return found is not None


def step_down(session: Session, *, viewer: Viewer, group_id: GroupId) -> None:
    """Look after a group no longer; who leads it is refused with HandOverFirst."""
    seen = permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True)
    if seen.is_led:
        raise HandOverFirst(group_id)
    groups.remove_coach(session, viewer.person.id, group_id)
