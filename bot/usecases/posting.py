"""A group's week for its Telegram group: linking and unlinking the chat, and what is posted there: sums only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.core import timetable
from bot.core.access import Act, Viewer
from bot.core.delivery import WEEK, Delivery, Kind
from bot.core.group import Group, GroupId
from bot.core.person import Person, Zone, local
from bot.core.release import Release
from bot.core.week import QUIET_PAUSE, Week
from bot.core.wish import Wish
from bot.store import deliveries, group_chats, people, weeks
from bot.store.group_chats import ChatOffer, GroupChat
from bot.usecases import grouping
from bot.usecases.grouping import TOKEN_BYTES, NotForYou, hashed

LINK_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Post:
    """What a chat is told of its group: people of this week, and of all weeks, in whole lots."""

    chat: GroupChat
    week: Week
    ever: Week


def offer(
    session: Session, *, viewer: Viewer, group_id: GroupId, new_token: Callable[[int], str], now: datetime
) -> str:
    """Return the token of a link, good for an hour and for this coach alone, that lets a Telegram group get the sums
    of a group; refuses with NotForYou.
    """
    grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True)
    token = new_token(TOKEN_BYTES)
    group_chats.add_offer(session, hashed(token), ChatOffer(group_id, viewer.person.id, now + LINK_LASTS))
    return token


def link(
    session: Session, *, viewer: Viewer, token: str, bot_id: int, bot_name: str, chat_id: int, now: datetime
) -> Group:
    """Let the Telegram group in which a coach used their own link get the sums of a group, from next Monday on.

    The same again changes nothing but the Monday. Refuses with NotForYou.
    """
    found = group_chats.offer(session, hashed(token))
    if found is None or found.person_id != viewer.person.id or now >= found.ends_at:
        raise NotForYou
    seen = grouping.permitted(session, viewer=viewer, group_id=found.group_id, act=Act.RUN, lock=True)
    if seen.group.archived_at:
        raise NotForYou(found.group_id)
    chat = GroupChat(bot_id, chat_id, found.group_id, viewer.person.id, bot_name)
    group_chats.link(session, chat, now=now, next_at=_next_monday(now, viewer.person.context.zone))
    return seen.group


def _next_monday(now: datetime, zone: Zone | None) -> datetime:
    day = timetable.next_day(Wish.SUMMARY, after=local(now, zone).date(), seed=0)
    return _monday(day, zone)


def _monday(day: date, zone: Zone | None) -> datetime:
    at = timetable.moment_on(day, Wish.SUMMARY, zone=zone, hours=None, hour=None, seed=0)
    assert at is not None
    return at


def linked_in(session: Session, *, viewer: Viewer, group_id: GroupId) -> Zone | None:
    """Return the zone in which a Telegram group gets the sums of a group, that of who linked it; None where none gets
    them. Refuses with NotForYou.
    """
    grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN)
    chat = group_chats.of_group(session, group_id)
    who = people.by_id(session, chat.person_id) if chat else None
    return who.context.clock if who else None


def unlink(session: Session, *, viewer: Viewer, group_id: GroupId) -> bool:
    """Let no Telegram group get the sums any more; tell whether one did. Refuses with NotForYou."""
    grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.RUN, lock=True)
    return group_chats.unlink(session, group_id)


def leave(session: Session, *, bot_id: int, chat_id: int) -> None:
    """Send a Telegram group nothing more that the bot is not in any more."""
    group_chats.forget(session, bot_id, chat_id)


def follow(session: Session, *, bot_id: int, chat_id: int, to: int) -> None:
    """Follow a Telegram group that has become a larger one to its new id."""
    group_chats.move(session, bot_id, chat_id, to)


def replan(session: Session, *, coach: Person) -> None:
    """Move the Mondays of the chats that a coach linked into the coach's new zone; the day stays."""
    zone = coach.context.zone
    for chat, next_at in group_chats.linked_by(session, coach.id):
        group_chats.plan(session, chat, _monday(local(next_at, zone).date(), zone))


def advance(session: Session, *, now: datetime, limit: int) -> int:
    """Owe the chats whose Monday has come the sums of their group, and plan the next one; return how many those were.

    A group that was put away is told nothing, and keeps its Mondays.
    """
    taken = group_chats.coming(session, now=now, limit=limit)
    owed = []
    for chat, zone, stands in taken:
        key = f"{Kind.WEEKLY_CHAT}:{chat.group_id}:{local(now, zone):%Y-%m-%d}"
        if stands:
            owed.append(Delivery(chat.person_id, key, Kind.WEEKLY_CHAT, now, chat.group_id))
        group_chats.plan(session, chat, _next_monday(now, zone))
    deliveries.owe(session, owed, now)
    return len(taken)


def post(session: Session, *, owed: Delivery, release: Release, now: datetime) -> Post | None:
    """Return what a chat is told now, in whole lots of people; None where it is linked no more or nothing can be told.

    Where nothing of this week can be told, what was reached so far is told again after four weeks at the earliest.
    """
    group_id = owed.group_id
    assert group_id is not None
    chat = group_chats.of_group(session, group_id)
    if chat is None:
        return None
    fewest = release.rules.group_fewest
    week = weeks.between(session, [group_id], since=now - WEEK, until=now)[group_id].in_lots(fewest)
    ever = weeks.between(session, [group_id], until=now)[group_id].in_lots(fewest)
    last = deliveries.last_came(session, owed.person_id, Kind.WEEKLY_CHAT, group_id)
    was_told = last is not None and now - last < QUIET_PAUSE
    has_news = week.finished or week.learners or week.begun
    return Post(chat, week, ever) if has_news or (ever.finished and not was_told) else None
