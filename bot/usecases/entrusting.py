"""What happens when somebody becomes coach or admin, or is one no more. Who may decide that is asked in `granting`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.core.delivery import Delivery, Kind
from bot.core.grant import Grant
from bot.core.group import GroupId
from bot.core.person import Person, PersonId, Role
from bot.store import audit, deliveries, grants, groups, members, people, sign_ins
from bot.usecases import accounts, grouping, joining, taking
from bot.usecases.library import Library


def standing(person: Person) -> str:
    """Return what somebody is, in the words of the log."""
    return ", ".join(([person.role.value] if person.role else ["tanpa peran"]) + ["admin"] * person.is_admin)


def make_admin(session: Session, *, person: Person) -> Person:
    """Make somebody an admin; a role of their own they choose like everybody."""
    people.set_admin(session, person.id, is_admin=True)
    return replace(person, is_admin=True)


def end_admin(session: Session, *, person: Person) -> Person:
    """Let somebody be an admin no more: browsers are signed out at once, and what they asked for is taken back."""
    people.set_admin(session, person.id, is_admin=False)
    sign_ins.close_all(session, person.id)
    grants.withdraw_all(session, person.id)
    return replace(person, is_admin=False)


def make_coach(session: Session, *, person: Person, library: Library, now: datetime) -> Person:
    """Make somebody a coach: an owner's sitting is closed, and groups that they were a member of are left."""
    _close_sitting(session, person, library, now)
    for place in joining.mine(session, owner=person):
        joining.leave(session, owner=person, group_id=place.group_id, now=now)
    members.forget_invitation(session, person.id)
    return accounts.choose_role(session, owner=person, role=Role.COACH)


def end_coaching(session: Session, *, person: Person, grant: Grant, library: Library, now: datetime) -> Person:
    """Let somebody be a coach no more, with no role until they choose one.

    Their groups go to the second coach, who is told; a group that nobody else coaches stays with its members, closed to
    newcomers, until an admin finds another coach.
    """
    _close_sitting(session, person, library, now)
    settled = groups.step_out(session, person.id)
    groups.close_invitations(session, [one.group_id for one in settled if one.lead is None], now)
    for one in settled:
        _note(session, grant.asked_by, one.group_id, person.id, one.lead if one.is_new else None, now)
        if one.lead is not None and one.is_new:
            _tell_lead(session, one.lead, one.group_id, grant, now)
    sign_ins.close_all(session, person.id)
    people.await_text(session, person.id, None)
    without = replace(person, role=None)
    people.save(session, person.id, without)
    return without


def take_over(session: Session, *, person: Person, group_id: GroupId, grant: Grant, now: datetime) -> None:
    """Let a coach lead a group that nobody looks after; the members are told who sees now what they share."""
    groups.add_coach(session, person.id, group_id, leads=True, now=now)
    found = groups.seen(session, person.id, group_id)
    assert found is not None
    grouping.introduce(session, group=found[0], coach=person, now=now)
    _tell_lead(session, person.id, group_id, grant, now)
    _note(session, grant.asked_by, group_id, None, person.id, now)


def _close_sitting(session: Session, person: Person, library: Library, now: datetime) -> None:
    """Close a sitting of the form that is not the person's own any more; what was answered stays."""
    under_way = taking.standing(session, owner=person, library=library)
    if under_way is not None:
        taking.stop(session, owner=person, attempt_id=under_way.attempt.id, library=library, now=now)


def _tell_lead(session: Session, lead: PersonId, group_id: GroupId, grant: Grant, now: datetime) -> None:
    key = f"{Kind.LEADS}:{group_id}:{grant.id}"
    deliveries.owe(session, [Delivery(lead, key, Kind.LEADS, now, group_id)], now)


def _note(
    session: Session, by: PersonId, group_id: GroupId, before: PersonId | None, after: PersonId | None, now: datetime
) -> None:
    was, became = (None if who is None else f"person:{who}" for who in (before, after))
    audit.note(session, by, "group.coach", f"group:{group_id}", before=was, after=became, now=now)
