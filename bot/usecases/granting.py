"""Giving and taking roles: an admin asks on the web or in the chat, says so once more in the chat, and then it holds.

`admins` are the Telegram ids that the settings name: always admins, whatever is granted or taken.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.core.access import Viewer, may_edit, viewer_of
from bot.core.delivery import Delivery, Kind
from bot.core.grant import ASKED_MOST, CONFIRM_WITHIN, INVITATION_LASTS, Deed, Grant, GrantId, Trust
from bot.core.group import Group, GroupId
from bot.core.person import Person, PersonId, Role
from bot.store import audit, deliveries, grants, groups, people, sign_ins
from bot.usecases import entrusting, joining
from bot.usecases.entrusting import standing
from bot.usecases.grouping import TOKEN_BYTES, NotForYou, hashed
from bot.usecases.library import Library


class Why(StrEnum):
    """Why a change of roles was refused."""

    UNKNOWN = "unknown"
    ALREADY = "already"
    NAMED = "named"
    LAST_ADMIN = "last_admin"
    IS_MEMBER = "is_member"
    NO_COACH = "no_coach"
    HAS_COACH = "has_coach"
    TOO_MANY = "too_many"
    DONE = "done"
    OVER = "over"


class GrantRefused(Exception):
    """A change that cannot be asked for, or does not hold any more; `why` says what is in the way."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An admin or coach in a list; `is_named` by the settings, `groups` are those that they look after."""

    person_id: PersonId
    first_name: str
    role: Role | None
    is_named: bool
    is_you: bool
    groups: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A change that waits for its admin's word, or an invitation that waits for a finder, in names."""

    grant: Grant
    asked_by: str
    about: str
    group: str
    is_yours: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """All admins, what waits, and the groups that nobody looks after; `not_joined` counts admins of the settings who
    have never opened the bot.
    """

    admins: tuple[StaffMember, ...]
    not_joined: int
    asked: tuple[Line, ...]
    invitations: tuple[Line, ...]
    orphans: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A change that holds now: about whom, None for an invitation, whose `token` is told only here; `orphans` are
    groups that nobody looks after now.
    """

    grant: Grant
    person: Person | None
    token: str | None = None
    orphans: tuple[Group, ...] = ()


def staff(session: Session, *, viewer: Viewer, admins: frozenset[int], now: datetime) -> Staff:
    """Return who is trusted with what, for an admin."""
    _permit(viewer)
    found = people.admins(session, admins)
    members = [_member(person, viewer, admins, 0) for person in found]
    not_joined = len(admins - {person.telegram_id for person in found})
    asked = _lines(session, grants.waiting(session, now), viewer)
    open_ones = _lines(session, grants.invitations(session, now), viewer)
    return Staff(tuple(members), not_joined, asked, open_ones, tuple(groups.orphans(session)))


def coaches(
    session: Session, *, viewer: Viewer, called: str, admins: frozenset[int], limit: int, offset: int = 0
) -> list[StaffMember]:
    """Return coaches whose name holds this, for an admin."""
    _permit(viewer)
    found = people.coaches(session, called, limit=limit, offset=offset)
    looked_after = groups.looked_after(session, [person.id for person in found])
    return [_member(person, viewer, admins, looked_after.get(person.id, 0)) for person in found]


def count_coaches(session: Session, *, viewer: Viewer, called: str) -> int:
    """Count coaches whose name holds this."""
    _permit(viewer)
    return people.count_coaches(session, called)


def find(session: Session, *, viewer: Viewer, telegram_id: int) -> Person:
    """Return who has this Telegram id; refuses with UNKNOWN who never joined, about whom nothing is kept."""
    _permit(viewer)
    found = people.by_telegram_ids(session, [telegram_id]).get(telegram_id)
    if found is None:
        raise GrantRefused(Why.UNKNOWN)
    return found


def ask(
    session: Session,
    *,
    viewer: Viewer,
    trust: Trust,
    deed: Deed,
    person_id: PersonId | None = None,
    group_id: GroupId | None = None,
    admins: frozenset[int],
    by_chat: bool,
    now: datetime,
) -> Grant:
    """Ask to give or take a role, to invite, or to hand a group over; it holds once the admin confirms it in the chat,
    within half an hour. What was asked for on the web is brought there. Refuses with GrantRefused.
    """
    _permit(viewer)
    person = None
    if deed is not Deed.INVITE:
        person = people.by_id(session, person_id) if person_id is not None else None
        if person is None or (deed is Deed.HAND_OVER) != (group_id is not None):
            raise GrantRefused(Why.UNKNOWN)
    ends_at = now + CONFIRM_WITHIN
    telegram_id = person.telegram_id if person else None
    wanted = Grant(GrantId(0), trust, deed is Deed.TAKE, viewer.person.id, now, ends_at, telegram_id, group_id)
    _check(session, wanted, person, admins)
    waiting = [one for one in grants.waiting(session, now) if one.asked_by == viewer.person.id]
    same = next((one for one in waiting if _is_about(one) == _is_about(wanted)), None)
    if same is None and len(waiting) >= ASKED_MOST:
        raise GrantRefused(Why.TOO_MANY)
    asked = same or grants.add(session, wanted)
    if same is None:
        _note(session, viewer.person.id, "role.ask", asked, person, None, _wish(asked), now)
    if not by_chat:
        owed = Delivery(viewer.person.id, f"{Kind.GRANT_ASKED}:{asked.id}", Kind.GRANT_ASKED, now)
        deliveries.owe(session, [owed], now)
    return asked


def _wish(grant: Grant) -> str:
    """Return what was asked for, in the words of the log."""
    return f"{grant.deed} {grant.trust}"


def _is_about(grant: Grant) -> tuple[object, ...]:
    return grant.trust, grant.takes, grant.telegram_id, grant.group_id


def asked(session: Session, *, viewer: Viewer, grant_id: GrantId, now: datetime) -> Line:
    """Return what the viewer asked for and may still confirm; refuses with OVER or DONE."""
    _permit(viewer)
    return _lines(session, [_asked(session, viewer, grant_id, now)], viewer)[0]


def _asked(session: Session, viewer: Viewer, grant_id: GrantId, now: datetime) -> Grant:
    found = grants.one(session, grant_id)
    if found is None or found.asked_by != viewer.person.id:
        raise GrantRefused(Why.OVER)
    if found.confirmed_at is not None:
        raise GrantRefused(Why.DONE)
    if not found.awaits_word(now):
        raise GrantRefused(Why.OVER)
    return found


def confirm(
    session: Session,
    *,
    viewer: Viewer,
    grant_id: GrantId,
    admins: frozenset[int],
    library: Library,
    new_token: Callable[[int], str],
    now: datetime,
) -> Held:
    """Let a change hold that the viewer asked for; refuses with GrantRefused what is late, done, or not right now."""
    _permit(viewer)
    waiting = _asked(session, viewer, grant_id, now)
    if waiting.trust is Trust.ADMIN and waiting.takes:
        people.admins(session, admins, lock=True)
    if waiting.group_id is not None:
        groups.hold(session, [waiting.group_id])
    known = people.locked(session, waiting.telegram_id) if waiting.telegram_id is not None else None
    person = known[0] if known else None
    _check(session, waiting, person, admins)
    grant = grants.confirm(session, viewer.person.id, grant_id, now)
    if grant is None:
        raise GrantRefused(Why.DONE)
    if person is None:
        token = new_token(TOKEN_BYTES)
        grants.open_to_finders(session, grant.id, token_hash=hashed(token), ends_at=now + INVITATION_LASTS)
        audit.note(session, viewer.person.id, "invitation.make", f"invitation:{grant.id}", after=grant.trust, now=now)
        return Held(grant, None, token)
    grants.note_used(session, grant.id, now)
    _hold(session, grant, person, viewer.person.id, library, now)
    return Held(grant, person, orphans=tuple(groups.orphans(session)) if grant.takes else ())


def _hold(session: Session, grant: Grant, person: Person, by: PersonId, library: Library, now: datetime) -> Person:
    """Do what a grant says, write it down, and owe the person the news."""
    match grant.deed, grant.trust:
        case Deed.HAND_OVER, _:
            assert grant.group_id is not None
            entrusting.take_over(session, person=person, group_id=grant.group_id, grant=grant, now=now)
            return person
        case Deed.TAKE, Trust.ADMIN:
            after = entrusting.end_admin(session, person=person)
        case Deed.TAKE, _:
            after = entrusting.end_coaching(session, person=person, grant=grant, library=library, now=now)
        case _, Trust.ADMIN:
            after = entrusting.make_admin(session, person=person)
        case _:
            after = entrusting.make_coach(session, person=person, library=library, now=now)
    act = "role.take" if grant.takes else "role.give"
    _note(session, by, act, grant, person, standing(person), standing(after), now)
    if by != person.id:
        deliveries.owe(session, [Delivery(person.id, f"{Kind.ROLE}:{grant.id}", Kind.ROLE, now)], now)
    return after


def decline(session: Session, *, viewer: Viewer, grant_id: GrantId, everything: bool = False, now: datetime) -> None:
    """Take back what the viewer asked for or invited to; with `everything` all of it, and sign every browser out, for
    it was not the viewer who asked.
    """
    _permit(viewer)
    found = grants.one(session, grant_id)
    if everything:
        taken = grants.withdraw_all(session, viewer.person.id)
        sign_ins.close_all(session, viewer.person.id)
    else:
        mine = found is not None and (found.asked_by == viewer.person.id or found.is_invitation)
        one = grants.withdraw(session, grant_id) if mine else None
        taken = [one] if one else []
    for grant in taken:
        _note(session, viewer.person.id, "role.drop", grant, _person(session, grant), _wish(grant), None, now)


def _person(session: Session, grant: Grant) -> Person | None:
    return people.by_telegram_ids(session, [grant.telegram_id]).get(grant.telegram_id) if grant.telegram_id else None


def invited(session: Session, *, trust: Trust, token: str, admins: frozenset[int], now: datetime) -> Line:
    """Return who invites to what by this link; refuses with OVER a link that is used, late, or whose admin is none any
    more.
    """
    found = grants.by_token(session, hashed(token))
    asker = people.by_id(session, found.asked_by) if found else None
    if found is None or found.trust is not trust or not found.is_open(now):
        raise GrantRefused(Why.OVER)
    if asker is None or not may_edit(viewer_of(asker, admins)):
        raise GrantRefused(Why.OVER)
    return Line(found, asker.first_name, "", "", is_yours=False)


def take_up(
    session: Session,
    *,
    person: Person,
    trust: Trust,
    token: str,
    admins: frozenset[int],
    library: Library,
    now: datetime,
) -> Person:
    """Become what a link invites to, and tell who invited; refuses with GrantRefused. A link works once."""
    line = invited(session, trust=trust, token=token, admins=admins, now=now)
    if _is(person, trust, admins):
        raise GrantRefused(Why.ALREADY)
    grant = grants.take_up(session, hashed(token), person.telegram_id, now)
    if grant is None:
        raise GrantRefused(Why.OVER)
    after = _hold(session, grant, person, person.id, library, now)
    key = f"{Kind.GRANT_USED}:{grant.id}"
    owed = Delivery(line.grant.asked_by, key, Kind.GRANT_USED, now, sender_name=person.first_name)
    deliveries.owe(session, [owed], now)
    return after


def may_coach(session: Session, *, person: Person) -> bool:
    """Tell whether somebody may choose to coach: not who was told to stop, until an admin gives the role again."""
    decided = grants.latest(session, person.telegram_id, Trust.COACH)
    return decided is None or not decided.takes


def lines(session: Session, *, wanted: Collection[GrantId]) -> dict[GrantId, Line]:
    """Return grants in names, for a message to who asked for them or whom they are about."""
    found = list(grants.several(session, wanted).values())
    return {line.grant.id: line for line in _lines(session, found, None)}


def _permit(viewer: Viewer) -> None:
    if not may_edit(viewer):
        raise NotForYou


def _member(person: Person, viewer: Viewer, admins: frozenset[int], looked_after: int) -> StaffMember:
    is_named, is_you = person.telegram_id in admins, person.id == viewer.person.id
    return StaffMember(person.id, person.first_name, person.role, is_named, is_you, looked_after)


def _lines(session: Session, wanted: list[Grant], viewer: Viewer | None) -> tuple[Line, ...]:
    askers = people.several(session, {one.asked_by for one in wanted})
    about = people.by_telegram_ids(session, {one.telegram_id for one in wanted if one.telegram_id is not None})
    called = groups.names(session, {one.group_id for one in wanted if one.group_id is not None})
    return tuple(
        Line(
            grant=one,
            asked_by=askers[one.asked_by].first_name if one.asked_by in askers else "",
            about=about[one.telegram_id].first_name if one.telegram_id in about else "",
            group=called.get(one.group_id, "") if one.group_id is not None else "",
            is_yours=viewer is not None and one.asked_by == viewer.person.id,
        )
        for one in wanted
    )


def _is(person: Person, trust: Trust, admins: frozenset[int]) -> bool:
    return person.role is Role.COACH if trust is Trust.COACH else viewer_of(person, admins).is_admin


def _check(session: Session, grant: Grant, person: Person | None, admins: frozenset[int]) -> None:
    """Refuse a change that makes no sense as things stand now."""
    if grant.deed is Deed.INVITE:
        return
    if person is None:
        raise GrantRefused(Why.UNKNOWN)
    if grant.group_id is not None:
        _check_hand_over(session, grant.group_id, person)
    elif _is(person, grant.trust, admins) != grant.takes:
        raise GrantRefused(Why.ALREADY)
    elif grant.takes and grant.trust is Trust.ADMIN:
        _check_last(session, person, admins)
    elif not grant.takes and grant.trust is Trust.COACH and joining.mine(session, owner=person):
        raise GrantRefused(Why.IS_MEMBER)


def _check_hand_over(session: Session, group_id: GroupId, person: Person) -> None:
    if person.role is not Role.COACH:
        raise GrantRefused(Why.NO_COACH)
    if all(one.id != group_id for one in groups.orphans(session)):
        raise GrantRefused(Why.HAS_COACH)


def _check_last(session: Session, person: Person, admins: frozenset[int]) -> None:
    """Refuse to take admin from who the settings name, and from the last who can work as one."""
    if person.telegram_id in admins:
        raise GrantRefused(Why.NAMED)
    others = [one for one in people.admins(session, admins) if one.id != person.id and one.role is not None]
    if not others:
        raise GrantRefused(Why.LAST_ADMIN)


def _note(
    session: Session,
    by: PersonId,
    act: str,
    grant: Grant,
    person: Person | None,
    before: str | None,
    after: str | None,
    now: datetime,
) -> None:
    thing = f"person:{person.id}" if person else f"invitation:{grant.id}"
    audit.note(session, by, act, thing, before=before, after=after, now=now)
