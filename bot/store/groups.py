"""Queries about groups, who coaches them, and what leads into them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, delete, func, insert, select, update
from sqlmodel import Session

from bot.core.access import Relation
from bot.core.group import Group, GroupId, Invitation
from bot.core.person import PersonId
from bot.store.tables import (
    ChatOfferRow,
    CoachOfferRow,
    DeliveryRow,
    GroupChatRow,
    GroupCoachRow,
    GroupRow,
    InvitedRow,
    MembershipRow,
    PersonRow,
)

_GROUP: Table = GroupRow.__table__  # type: ignore[attr-defined]
_COACH: Table = GroupCoachRow.__table__  # type: ignore[attr-defined]
_CHAT: Table = GroupChatRow.__table__  # type: ignore[attr-defined]
_CHAT_OFFER: Table = ChatOfferRow.__table__  # type: ignore[attr-defined]
_OFFER: Table = CoachOfferRow.__table__  # type: ignore[attr-defined]
_MEMBER: Table = MembershipRow.__table__  # type: ignore[attr-defined]
_INVITED: Table = InvitedRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in a coach's list, with its number of members and of people who wait to be agreed to."""

    group: Group
    members: int
    waiting: int
    leads: bool


@dataclass(frozen=True, slots=True)
class GroupCoach:
    """Who looks after a group."""

    person_id: PersonId
    first_name: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A link that makes its finder a coach of the group: the second one, or the one who leads from now on."""

    group_id: GroupId
    offered_by: PersonId
    hands_over: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """A group whose coach has gone: who leads it now, None for nobody, and whether that is somebody new."""

    group_id: GroupId
    lead: PersonId | None
    is_new: bool


def _group(row: Row[Any]) -> Group:
    return Group(
        id=GroupId(row.id),
        name=row.name,
        programme=row.programme,
        province=row.province,
        regency=row.regency,
        approves=row.approves,
        member_limit=row.member_limit,
        invitation=Invitation(row.token, row.code, row.invitation_ends_at),
        created_at=row.created_at,
        archived_at=row.archived_at,
    )


def add(
    session: Session, coach: PersonId, *, name: str, member_limit: int, invitation: Invitation, now: datetime
) -> Group:
    """Store a new group that this coach leads."""
    values = {
        "name": name,
        "approves": False,
        "member_limit": member_limit,
        "token": invitation.token,
        "code": invitation.code,
        "invitation_ends_at": invitation.ends_at,
        "created_at": now,
    }
    row = session.execute(insert(_GROUP).values(**values).returning(_GROUP)).one()
    add_coach(session, coach, GroupId(row.id), leads=True, now=now)
    return _group(row)


def save(session: Session, group: Group) -> None:
    """Write what can change of a group."""
    session.execute(
        update(_GROUP)
        .where(_GROUP.c.id == group.id)
        .values(
            name=group.name,
            programme=group.programme,
            province=group.province,
            regency=group.regency,
            approves=group.approves,
            member_limit=group.member_limit,
            token=group.invitation.token,
            code=group.invitation.code,
            invitation_ends_at=group.invitation.ends_at,
            archived_at=group.archived_at,
        )
    )


def seen(session: Session, viewer: PersonId, group_id: GroupId, *, lock: bool = False) -> tuple[Group, Relation] | None:
    """Return a group and how the viewer stands to it; None where there is none. Admins are not known here.

    With `lock` it is held until the transaction ends; first held and then read, so that what is read is not from before
    the wait.
    """
    if lock:
        hold(session, [group_id])
    statement = (
        select(_GROUP, _COACH.c.leads, _MEMBER.c.waits)
        .outerjoin(_COACH, (_COACH.c.group_id == _GROUP.c.id) & (_COACH.c.person_id == viewer))
        .outerjoin(_MEMBER, (_MEMBER.c.group_id == _GROUP.c.id) & (_MEMBER.c.person_id == viewer))
        .where(_GROUP.c.id == group_id)
    )
    row = session.execute(statement).first()
    if row is None:
        return None
    if row.leads is not None:
        return _group(row), Relation.LEAD if row.leads else Relation.COACH
    if row.waits is not None:
        return _group(row), Relation.WAITING if row.waits else Relation.MEMBER
    return _group(row), Relation.OUTSIDER


def hold(session: Session, wanted: Collection[GroupId]) -> None:
    """Let nobody else change these groups, their members and coaches, until the transaction ends."""
    session.execute(select(_GROUP.c.id).where(_GROUP.c.id.in_(wanted)).order_by(_GROUP.c.id).with_for_update())


def coached(session: Session, coach: PersonId, *, archived: bool = False) -> list[GroupLine]:
    """Return the groups a coach looks after, by name, with their sizes."""
    counted = (
        select(
            _MEMBER.c.group_id,
            func.count().filter(~_MEMBER.c.waits).label("members"),
            func.count().filter(_MEMBER.c.waits).label("waiting"),
        )
        .where(_MEMBER.c.group_id.in_(select(_COACH.c.group_id).where(_COACH.c.person_id == coach)))
        .group_by(_MEMBER.c.group_id)
        .subquery()
    )
    statement = (
        select(_GROUP, _COACH.c.leads, counted.c.members, counted.c.waiting)
        .join(_COACH, _COACH.c.group_id == _GROUP.c.id)
        .outerjoin(counted, counted.c.group_id == _GROUP.c.id)
        .where(_COACH.c.person_id == coach, _GROUP.c.archived_at.is_not(None) == archived)
        .order_by(func.lower(_GROUP.c.name), _GROUP.c.id)
    )
    return [GroupLine(_group(r), r.members or 0, r.waiting or 0, r.leads) for r in session.execute(statement)]


def by_token(session: Session, token: str) -> Group | None:
    """Return the group that a link leads to, whatever its state."""
    return _first(session, select(_GROUP).where(_GROUP.c.token == token))


def by_code(session: Session, code: str) -> Group | None:
    """Return the group that a typed code leads to, whatever its state."""
    return _first(session, select(_GROUP).where(_GROUP.c.code == code))


def _first(session: Session, statement: Select[Any]) -> Group | None:
    row = session.execute(statement).first()
    return None if row is None else _group(row)


def coaches(session: Session, group_id: GroupId) -> list[GroupCoach]:
    """Return who looks after a group, the one who leads first."""
    statement = (
        select(_PERSON.c.id, _PERSON.c.first_name, _COACH.c.leads)
        .join(_COACH, _COACH.c.person_id == _PERSON.c.id)
        .where(_COACH.c.group_id == group_id)
        .order_by(_COACH.c.leads.desc(), _COACH.c.added_at, _PERSON.c.id)
    )
    return [GroupCoach(PersonId(r.id), r.first_name, r.leads) for r in session.execute(statement)]


def add_coach(session: Session, coach: PersonId, group_id: GroupId, *, leads: bool, now: datetime) -> None:
    """Let a person look after a group."""
    session.execute(insert(_COACH).values(group_id=group_id, person_id=coach, leads=leads, added_at=now))


def set_lead(session: Session, coach: PersonId, group_id: GroupId) -> None:
    """Let one of a group's coaches lead it, and nobody else."""
    session.execute(update(_COACH).where(_COACH.c.group_id == group_id).values(leads=_COACH.c.person_id == coach))


def remove_coach(session: Session, coach: PersonId, group_id: GroupId) -> None:
    """Let a person look after a group no longer; the Telegram group that they linked to it gets nothing more."""
    for table in (_COACH, _CHAT, _CHAT_OFFER):
        session.execute(delete(table).where(table.c.group_id == group_id, table.c.person_id == coach))


def add_offer(session: Session, token_hash: str, offer: Offer) -> None:
    """Store an offer under the hash of its token; an older one of the same coach and group gives way."""
    session.execute(delete(_OFFER).where(_OFFER.c.group_id == offer.group_id, _OFFER.c.person_id == offer.offered_by))
    session.execute(
        insert(_OFFER).values(
            token_hash=token_hash,
            group_id=offer.group_id,
            person_id=offer.offered_by,
            hands_over=offer.hands_over,
            ends_at=offer.ends_at,
        )
    )


def offer(session: Session, token_hash: str) -> Offer | None:
    """Return an offer by the hash of its token."""
    row = session.execute(select(_OFFER).where(_OFFER.c.token_hash == token_hash)).first()
    return Offer(GroupId(row.group_id), PersonId(row.person_id), row.hands_over, row.ends_at) if row else None


def take_offer(session: Session, token_hash: str) -> bool:
    """Use an offer up; tell whether it was still there."""
    found = session.execute(delete(_OFFER).where(_OFFER.c.token_hash == token_hash).returning(_OFFER.c.group_id))
    return found.first() is not None


def without_coach(session: Session, leaving: PersonId) -> None:
    """Settle the groups of a coach who is about to be erased: another coach leads, or the group goes with the coach."""
    for settled in step_out(session, leaving):
        if settled.lead is None:
            _remove(session, settled.group_id)


def step_out(session: Session, leaving: PersonId) -> list[Settled]:
    """Let a coach look after no group any more, and send nothing more in their name; return what became of each group.

    Where nobody is left the group stays with its members.
    """
    found = session.execute(select(_COACH.c.group_id).where(_COACH.c.person_id == leaving))
    mine = [GroupId(group_id) for group_id in found.scalars()]
    hold(session, mine)
    name = select(_PERSON.c.first_name).where(_PERSON.c.id == leaving).scalar_subquery()
    owed_in_their_name = _DELIVERY.c.group_id.in_(mine) & (_DELIVERY.c.sender_name == name)
    session.execute(delete(_DELIVERY).where(owed_in_their_name, _DELIVERY.c.done_at.is_(None)))
    session.execute(delete(_OFFER).where(_OFFER.c.person_id == leaving))
    return [_settled(session, leaving, group_id) for group_id in mine]


def _settled(session: Session, leaving: PersonId, group_id: GroupId) -> Settled:
    remove_coach(session, leaving, group_id)
    left = coaches(session, group_id)
    if not left:
        return Settled(group_id, None, is_new=False)
    lead = left[0]
    set_lead(session, lead.person_id, group_id)
    return Settled(group_id, lead.person_id, is_new=not lead.leads)


def close_invitations(session: Session, wanted: Collection[GroupId], now: datetime) -> None:
    """Let the links and codes of these groups lead nowhere from now on."""
    still = _GROUP.c.id.in_(list(wanted)) & (_GROUP.c.invitation_ends_at > now)
    session.execute(update(_GROUP).where(still).values(invitation_ends_at=now))


def names(session: Session, wanted: Collection[GroupId]) -> dict[GroupId, str]:
    """Return how groups are called; those that are gone are left out."""
    statement = select(_GROUP.c.id, _GROUP.c.name).where(_GROUP.c.id.in_(list(wanted)))
    return {GroupId(row.id): row.name for row in session.execute(statement)}


def orphans(session: Session) -> list[Group]:
    """Return the groups that nobody looks after, by name."""
    alone = select(_GROUP).where(~select(_COACH.c.group_id).where(_COACH.c.group_id == _GROUP.c.id).exists())
    return [_group(row) for row in session.execute(alone.order_by(func.lower(_GROUP.c.name), _GROUP.c.id))]


def looked_after(session: Session, people: Collection[PersonId]) -> dict[PersonId, int]:
    """Count the groups that each of these people looks after; who looks after none is left out."""
    statement = select(_COACH.c.person_id, func.count().label("groups")).where(_COACH.c.person_id.in_(list(people)))
    return {PersonId(row.person_id): row.groups for row in session.execute(statement.group_by(_COACH.c.person_id))}


def _remove(session: Session, group_id: GroupId) -> None:
    for table in (_OFFER, _INVITED, _MEMBER, _DELIVERY, _CHAT, _CHAT_OFFER):
        session.execute(delete(table).where(table.c.group_id == group_id))
    session.execute(delete(_GROUP).where(_GROUP.c.id == group_id))


def programmes(session: Session) -> list[str]:
    """Return the programme tags in use, by name."""
    statement = select(_GROUP.c.programme).where(_GROUP.c.programme.is_not(None)).distinct()
    return sorted(session.execute(statement).scalars())
