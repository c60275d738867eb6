"""Queries about announcements: whom they mean, how far they have come, and what became of their messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, func, insert, select, update
from sqlmodel import Session

from bot.core.announcement import WEEKLY_MOST, Announcement, AnnouncementId, Circle, Progress, Wording
from bot.core.delivery import WEEK, Kind, Outcome
from bot.core.group import GroupId
from bot.core.person import PersonId, Zone
from bot.store.tables import AnnouncementRow, DeliveryRow, GroupCoachRow, GroupRow, MembershipRow, PersonRow

_NEWS: Table = AnnouncementRow.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_GROUP: Table = GroupRow.__table__  # type: ignore[attr-defined]
_COACH: Table = GroupCoachRow.__table__  # type: ignore[attr-defined]
_MEMBER: Table = MembershipRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people are meant and can be reached, how many of these allow announcements, and how many of those had
    as many this week as one person gets.
    """

    meant: int
    allowing: int
    resting: int

    @property
    def receivers(self) -> int:
        return self.allowing - self.resting


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group that can be chosen, by what sets it apart from others of the same name."""

    id: GroupId
    name: str
    programme: str | None
    province: str | None
    regency: str | None
    members: int


def allow(session: Session, owner: PersonId, *, wants: bool) -> None:
    """Note whether a person allows announcements."""
    session.execute(update(_PERSON).where(_PERSON.c.id == owner).values(wants_news=wants))


def add(session: Session, wording: Wording, author: PersonId, now: datetime) -> AnnouncementId:
    """Store a draft."""
    values = {**_worded(wording), "created_by": author, "created_at": now, "reached": 0}
    made = session.execute(insert(_NEWS).values(**values).returning(_NEWS.c.id))
    return AnnouncementId(made.scalar_one())


def _worded(wording: Wording) -> dict[str, object]:
    return {"text": wording.text, "scope": wording.circle, "target": wording.target}


def change(session: Session, announcement_id: AnnouncementId, wording: Wording) -> None:
    """Write a draft's text and circle anew."""
    session.execute(update(_NEWS).where(_NEWS.c.id == announcement_id).values(**_worded(wording)))


def plan(session: Session, announcement_id: AnnouncementId, due_at: datetime) -> None:
    """Say when a draft goes out."""
    session.execute(update(_NEWS).where(_NEWS.c.id == announcement_id).values(due_at=due_at))


def by_id(session: Session, announcement_id: AnnouncementId, *, lock: bool = False) -> Announcement | None:
    """Return an announcement, locked until the transaction ends where that is wanted."""
    statement = select(_NEWS).where(_NEWS.c.id == announcement_id)
    row = session.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else _announcement(row)


def told_by_law(session: Session, text: str) -> Announcement | None:
    """Return the announcement that told everybody these very words, the first of them."""
    same = (_NEWS.c.scope == Circle.BY_LAW) & (_NEWS.c.text == text)
    row = session.execute(select(_NEWS).where(same).order_by(_NEWS.c.id).limit(1)).first()
    return None if row is None else _announcement(row)


def several(session: Session, wanted: Collection[AnnouncementId]) -> dict[AnnouncementId, Announcement]:
    """Return announcements by their ids."""
    if not wanted:
        return {}
    rows = session.execute(select(_NEWS).where(_NEWS.c.id.in_(list(wanted))))
    return {AnnouncementId(row.id): _announcement(row) for row in rows}


def latest(session: Session, *, limit: int, offset: int = 0) -> list[Announcement]:
    """Return announcements, the latest first."""
    rows = session.execute(select(_NEWS).order_by(_NEWS.c.id.desc()).limit(limit).offset(offset))
    return [_announcement(row) for row in rows]


def count(session: Session) -> int:
    """Return how many announcements there are, drafts too."""
    return int(session.execute(select(func.count()).select_from(_NEWS)).scalar_one())


def _announcement(row: Row[Any]) -> Announcement:
    return Announcement(
        id=AnnouncementId(row.id),
        wording=Wording(row.text, Circle(row.scope), row.target),
        created_by=PersonId(row.created_by),
        created_at=row.created_at,
        due_at=row.due_at,
        reached=PersonId(row.reached),
        spread_at=row.spread_at,
        stopped_at=row.stopped_at,
    )


def to_spread(session: Session, now: datetime) -> Announcement | None:
    """Return the announcement, locked, that is due the longest of those that not everybody meant is owed yet.

    One to a circle that only a later version knows is left to processes of that version.
    """
    is_open = _NEWS.c.spread_at.is_(None) & _NEWS.c.stopped_at.is_(None) & _NEWS.c.scope.in_([*Circle])
    statement = select(_NEWS).where(is_open, _NEWS.c.due_at <= now).order_by(_NEWS.c.due_at, _NEWS.c.id).limit(1)
    row = session.execute(statement.with_for_update()).first()
    return None if row is None else _announcement(row)


def receivers(session: Session, one: Announcement, now: datetime, *, limit: int) -> list[tuple[PersonId, Zone | None]]:
    """Return who comes after the last one reached, with their time zones: who is meant, can be reached and takes it."""
    statement = (
        select(_PERSON.c.id, _PERSON.c.zone)
        .where(_PERSON.c.id > one.reached, _PERSON.c.reachable, *_inside(one.wording), *_taking(one.wording, now))
        .order_by(_PERSON.c.id)
        .limit(limit)
    )
    return [(PersonId(row.id), Zone(row.zone) if row.zone else None) for row in session.execute(statement)]


def _taking(wording: Wording, now: datetime) -> Sequence[ColumnElement[bool]]:
    """Narrow people to those who allow announcements and had fewer of them this week than one person gets; what the
    law wants told asks for neither.
    """
    return () if wording.circle is Circle.BY_LAW else (_PERSON.c.wants_news, _lately(now) < WEEKLY_MOST)


def reach(session: Session, wording: Wording, now: datetime) -> Reach:
    """Count whom an announcement would reach now."""
    if wording.circle is Circle.BY_LAW:
        everybody = session.execute(select(func.count()).where(_PERSON.c.reachable)).scalar_one()
        return Reach(everybody, everybody, 0)
    allows = _PERSON.c.wants_news
    row = session.execute(
        select(
            func.count().label("meant"),
            func.count().filter(allows).label("allowing"),
            func.count().filter(allows, _lately(now) >= WEEKLY_MOST).label("resting"),
        ).where(_PERSON.c.reachable, *_inside(wording))
    ).one()
    return Reach(row.meant, row.allowing, row.resting)


def out_of_reach(session: Session) -> int:
    """Count the people who cannot be reached: they blocked the bot, or their account is gone."""
    return int(session.execute(select(func.count()).where(~_PERSON.c.reachable)).scalar_one())


def _lately(now: datetime) -> ColumnElement[int]:
    """Count the announcements that a person was owed within the week, those called off left out."""
    counts = _DELIVERY.c.outcome.is_(None) | (_DELIVERY.c.outcome != Outcome.SUPERSEDED)
    return (
        select(func.count())
        .where(_DELIVERY.c.person_id == _PERSON.c.id, _DELIVERY.c.kind == Kind.NEWS, counts)
        .where(_DELIVERY.c.due_at > now - WEEK)
        .correlate(_PERSON)
        .scalar_subquery()
    )


def _inside(wording: Wording) -> Sequence[ColumnElement[bool]]:
    """Narrow people to those of a circle: the members and coaches of the groups in it."""
    match wording.circle:
        case Circle.EVERYONE | Circle.BY_LAW:
            return ()
        case Circle.PROVINCE:
            here = _GROUP.c.province == wording.target
        case Circle.PROGRAMME:
            here = _GROUP.c.programme == wording.target
        case Circle.GROUP:
            here = _GROUP.c.id == int(wording.target or 0)
    alive = here & _GROUP.c.archived_at.is_(None)
    members = select(_MEMBER.c.person_id).join(_GROUP, _GROUP.c.id == _MEMBER.c.group_id).where(alive, ~_MEMBER.c.waits)
    coaches = select(_COACH.c.person_id).join(_GROUP, _GROUP.c.id == _COACH.c.group_id).where(alive)
    return (_PERSON.c.id.in_(members.union(coaches)),)


def note_reached(
    session: Session, announcement_id: AnnouncementId, reached: PersonId, *, spread_at: datetime | None
) -> None:
    """Note up to whom an announcement is owed, and when that was everybody."""
    values = {"reached": reached, "spread_at": spread_at}
    session.execute(update(_NEWS).where(_NEWS.c.id == announcement_id).values(**values))


def stop(session: Session, announcement_id: AnnouncementId, now: datetime) -> int:
    """Stop an announcement and call off all its messages that are still owed; return how many those were."""
    session.execute(update(_NEWS).where(_NEWS.c.id == announcement_id).values(stopped_at=now))
    still = (_DELIVERY.c.announcement_id == announcement_id) & _DELIVERY.c.done_at.is_(None)
    ended = session.execute(update(_DELIVERY).where(still).values(done_at=now, outcome=Outcome.SUPERSEDED))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def progress(session: Session, wanted: Collection[AnnouncementId]) -> dict[AnnouncementId, Progress]:
    """Count what became of the messages of these announcements."""
    statement = (
        select(
            _DELIVERY.c.announcement_id,
            func.count().filter(_DELIVERY.c.done_at.is_(None)).label("owed"),
            *(func.count().filter(_DELIVERY.c.outcome == outcome).label(str(outcome)) for outcome in Outcome),
        )
        .where(_DELIVERY.c.announcement_id.in_(list(wanted)))
        .group_by(_DELIVERY.c.announcement_id)
    )
    found = {AnnouncementId(row.announcement_id): _progress(row) for row in session.execute(statement)}
    return {one: found.get(one, Progress()) for one in wanted}


def _progress(row: Row[Any]) -> Progress:
    return Progress(row.owed, sent=row.sent, failed=row.failed, unsure=row.ambiguous, stopped=row.superseded)


def groups_like(session: Session, words: str, *, limit: int) -> list[GroupChoice]:
    """Return groups that are not put away and whose name holds these words, by name."""
    return _choices(session, _GROUP.c.name.icontains(words, autoescape=True), limit)


def group(session: Session, group_id: GroupId) -> GroupChoice | None:
    """Return a group that is not put away."""
    return next(iter(_choices(session, _GROUP.c.id == group_id, 1)), None)


def group_names(session: Session, wanted: Collection[GroupId]) -> dict[GroupId, str]:
    """Return groups' names, also of those that were put away."""
    if not wanted:
        return {}
    rows = session.execute(select(_GROUP.c.id, _GROUP.c.name).where(_GROUP.c.id.in_(list(wanted))))
    return {GroupId(row.id): row.name for row in rows}


def _choices(session: Session, which: ColumnElement[bool], limit: int) -> list[GroupChoice]:
    columns = (_GROUP.c.id, _GROUP.c.name, _GROUP.c.programme, _GROUP.c.province, _GROUP.c.regency)
    members = (
        select(func.count())
        .where(_MEMBER.c.group_id == _GROUP.c.id, ~_MEMBER.c.waits)
        .correlate(_GROUP)
        .scalar_subquery()
    )
    statement: Select[Any] = (
        select(*columns, members.label("members"))
        .where(which, _GROUP.c.archived_at.is_(None))
        .order_by(func.lower(_GROUP.c.name), _GROUP.c.id)
        .limit(limit)
    )
    return [
        GroupChoice(GroupId(row.id), row.name, row.programme, row.province, row.regency, row.members)
        for row in session.execute(statement)
    ]
