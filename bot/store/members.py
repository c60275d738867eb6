"""Queries about who belongs to a group and what they share; names leave this room only where they are shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, delete, func, insert, select, update
from sqlmodel import Session

from bot.core.cohort import Member
from bot.core.group import GroupId
from bot.core.person import PersonId, Role
from bot.core.reading import Reading
from bot.store.readings import reading
from bot.store.tables import (
    AttemptRow,
    CodeGuessRow,
    GroupRow,
    InvitedRow,
    LessonRow,
    MembershipRow,
    PersonRow,
    ReadingRow,
    SharingRow,
)

_MEMBER: Table = MembershipRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_READING: Table = ReadingRow.__table__  # type: ignore[attr-defined]
_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_LESSON: Table = LessonRow.__table__  # type: ignore[attr-defined]
_GROUP: Table = GroupRow.__table__  # type: ignore[attr-defined]
_INVITED: Table = InvitedRow.__table__  # type: ignore[attr-defined]
_SHARING: Table = SharingRow.__table__  # type: ignore[attr-defined]
_GUESS: Table = CodeGuessRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Membership:
    """An owner's own place in a group."""

    group_id: GroupId
    group_name: str
    shares: bool
    waits: bool
    muted: bool
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Someone who waits for a coach to agree; the name is told, for the coach must know whom to let in."""

    person_id: PersonId
    first_name: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided to share with a group, and the text that was read."""

    scope: str
    version: str
    text_hash: str


def _in(group_id: GroupId) -> ColumnElement[bool]:
    return (_MEMBER.c.group_id == group_id) & ~_MEMBER.c.waits


def cohort(session: Session, group_id: GroupId, *, only: PersonId | None = None) -> list[Member]:
    """Return the members of a group in two queries, whatever their number, by name, the nameless last; with `only` one
    of them.

    For use cases that have asked who the viewer is (`groups.seen`).
    """
    here = _in(group_id) if only is None else _in(group_id) & (_MEMBER.c.person_id == only)
    ids = select(_MEMBER.c.person_id).where(here)
    readings: dict[int, list[Reading]] = {}
    found = (
        select(_READING).where(_READING.c.person_id.in_(ids)).order_by(_READING.c.finished_at, _READING.c.attempt_id)
    )
    for row in session.execute(found):
        readings.setdefault(row.person_id, []).append(reading(row))
    return [
        Member(
            person_id=PersonId(row.person_id),
            first_name=row.shared_name,
            joined_at=row.joined_at,
            muted=row.muted,
            reachable=row.reachable,
            begun_at=row.begun_at,
            readings=tuple(readings.get(row.person_id, ())),
            lessons=row.opened or 0,
            acts=row.done or 0,
        )
        for row in session.execute(_people(here, ids))
    ]


def _people(here: ColumnElement[bool], ids: Select[tuple[int]]) -> Select[Any]:
    begun = (
        select(_SITTING.c.person_id, func.max(_SITTING.c.started_at).label("begun_at"))
        .where(_SITTING.c.person_id.in_(ids), _SITTING.c.focus.is_(None), _SITTING.c.form == Role.OWNER)
        .group_by(_SITTING.c.person_id)
        .subquery()
    )
    lessons = (
        select(_LESSON.c.person_id, func.count().label("opened"), func.count(_LESSON.c.done_at).label("done"))
        .where(_LESSON.c.person_id.in_(ids))
        .group_by(_LESSON.c.person_id)
        .subquery()
    )
    shared_name = case((_MEMBER.c.shares, _PERSON.c.first_name)).label("shared_name")
    told = (shared_name, _MEMBER.c.person_id, _MEMBER.c.joined_at, _MEMBER.c.muted, _PERSON.c.reachable)
    return (
        select(*told, begun.c.begun_at, lessons.c.opened, lessons.c.done)
        .join(_PERSON, _PERSON.c.id == _MEMBER.c.person_id)
        .outerjoin(begun, begun.c.person_id == _MEMBER.c.person_id)
        .outerjoin(lessons, lessons.c.person_id == _MEMBER.c.person_id)
        .where(here)
        .order_by(func.lower(shared_name).nulls_last(), _MEMBER.c.person_id)
    )


def count(session: Session, group_id: GroupId) -> int:
    """Return how many places of a group are taken, by members and by those who wait."""
    statement = select(func.count()).select_from(_MEMBER).where(_MEMBER.c.group_id == group_id)
    return int(session.execute(statement).scalar_one())


def invited_count(session: Session, group_id: GroupId) -> int:
    """Return how many opened the invitation and have not decided."""
    statement = select(func.count()).select_from(_INVITED).where(_INVITED.c.group_id == group_id)
    return int(session.execute(statement).scalar_one())


def ids(session: Session, group_id: GroupId) -> list[PersonId]:
    """Return who belongs to a group, those who wait aside."""
    return [PersonId(person) for person in session.execute(select(_MEMBER.c.person_id).where(_in(group_id))).scalars()]


def waiting(session: Session, group_id: GroupId) -> list[Newcomer]:
    """Return who waits for a coach of this group to agree, the longest first."""
    statement = (
        select(_MEMBER.c.person_id, _PERSON.c.first_name, _MEMBER.c.joined_at)
        .join(_PERSON, _PERSON.c.id == _MEMBER.c.person_id)
        .where(_MEMBER.c.group_id == group_id, _MEMBER.c.waits)
        .order_by(_MEMBER.c.joined_at, _MEMBER.c.person_id)
    )
    return [Newcomer(PersonId(r.person_id), r.first_name, r.joined_at) for r in session.execute(statement)]


def memberships(session: Session, owner: PersonId) -> list[Membership]:
    """Return the groups an owner belongs to, by name."""
    statement = (
        select(_MEMBER, _GROUP.c.name)
        .join(_GROUP, _GROUP.c.id == _MEMBER.c.group_id)
        .where(_MEMBER.c.person_id == owner)
        .order_by(func.lower(_GROUP.c.name), _GROUP.c.id)
    )
    return [
        Membership(GroupId(r.group_id), r.name, r.shares, r.waits, r.muted, r.joined_at)
        for r in session.execute(statement)
    ]


def one(session: Session, owner: PersonId, group_id: GroupId) -> Membership | None:
    """Return the owner's own place in a group."""
    return next((m for m in memberships(session, owner) if m.group_id == group_id), None)


def add(session: Session, owner: PersonId, group_id: GroupId, *, shares: bool, waits: bool, now: datetime) -> None:
    """Store a membership; a group holds a person once."""
    values = {"group_id": group_id, "person_id": owner, "shares": shares, "waits": waits, "muted": False}
    session.execute(insert(_MEMBER).values(**values, joined_at=now))


def change(
    session: Session,
    owner: PersonId,
    group_id: GroupId,
    *,
    shares: bool | None = None,
    waits: bool | None = None,
    muted: bool | None = None,
) -> bool:
    """Change what is named of a membership; tell whether there is one."""
    named = {"shares": shares, "waits": waits, "muted": muted}
    values = {name: value for name, value in named.items() if value is not None}
    mine = (_MEMBER.c.group_id == group_id) & (_MEMBER.c.person_id == owner)
    found = session.execute(update(_MEMBER).where(mine).values(**values).returning(_MEMBER.c.person_id))
    return found.first() is not None


def remove(session: Session, owner: PersonId, group_id: GroupId) -> bool:
    """End a membership; tell whether there was one."""
    mine = (_MEMBER.c.group_id == group_id) & (_MEMBER.c.person_id == owner)
    return session.execute(delete(_MEMBER).where(mine).returning(_MEMBER.c.person_id)).first() is not None


def note_decision(session: Session, owner: PersonId, group_id: GroupId, decision: Decision, now: datetime) -> None:
    """Add to the log what the owner agreed to share, or took back."""
    session.execute(
        insert(_SHARING).values(
            person_id=owner,
            group_id=group_id,
            scope=decision.scope,
            version=decision.version,
            text_hash=decision.text_hash,
            decided_at=now,
        )
    )


def invite(session: Session, owner: PersonId, group_id: GroupId, now: datetime) -> None:
    """Note that the owner opened an invitation; the latest one counts."""
    forget_invitation(session, owner)
    session.execute(insert(_INVITED).values(person_id=owner, group_id=group_id, opened_at=now))


def invitation_of(session: Session, owner: PersonId) -> GroupId | None:
    """Return the group whose invitation the owner has not decided on."""
    found = session.execute(select(_INVITED.c.group_id).where(_INVITED.c.person_id == owner)).scalar()
    return None if found is None else GroupId(found)


def forget_invitation(session: Session, owner: PersonId) -> None:
    """Note that the owner has decided."""
    session.execute(delete(_INVITED).where(_INVITED.c.person_id == owner))


def note_guess(session: Session, owner: PersonId, now: datetime) -> None:
    """Note a typed code that opened nothing."""
    session.execute(insert(_GUESS).values(person_id=owner, guessed_at=now))


def guesses(session: Session, owner: PersonId, since: datetime) -> list[datetime]:
    """Return when the owner typed codes that opened nothing, and forget those before `since`."""
    session.execute(delete(_GUESS).where(_GUESS.c.person_id == owner, _GUESS.c.guessed_at < since))
    statement = select(_GUESS.c.guessed_at).where(_GUESS.c.person_id == owner)
    return list(session.execute(statement).scalars())
