"""Queries about Telegram groups that get a group's sums, and the links by which coaches add the bot to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlmodel import Session

from bot.core.group import GroupId
from bot.core.person import PersonId, Zone
from bot.store.tables import ChatOfferRow, GroupChatRow, GroupRow, PersonRow

_CHAT: Table = GroupChatRow.__table__  # type: ignore[attr-defined]
_OFFER: Table = ChatOfferRow.__table__  # type: ignore[attr-defined]
_GROUP: Table = GroupRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A Telegram group of one of our bots that gets a group's sums, as one of its coaches asked there."""

    bot_id: int
    chat_id: int
    group_id: GroupId
    person_id: PersonId
    bot_name: str


@dataclass(frozen=True, slots=True)
class ChatOffer:
    """A link by which one coach, and nobody else, lets a Telegram group get a group's sums."""

    group_id: GroupId
    person_id: PersonId
    ends_at: datetime


def add_offer(session: Session, token_hash: str, offer: ChatOffer) -> None:
    """Store an offer under the hash of its token; an older one of the same coach and group gives way."""
    session.execute(delete(_OFFER).where(_OFFER.c.group_id == offer.group_id, _OFFER.c.person_id == offer.person_id))
    values = {"group_id": offer.group_id, "person_id": offer.person_id, "ends_at": offer.ends_at}
    session.execute(insert(_OFFER).values(token_hash=token_hash, **values))


def offer(session: Session, token_hash: str) -> ChatOffer | None:
    """Return an offer by the hash of its token."""
    row = session.execute(select(_OFFER).where(_OFFER.c.token_hash == token_hash)).first()
    return ChatOffer(GroupId(row.group_id), PersonId(row.person_id), row.ends_at) if row else None


def link(session: Session, chat: GroupChat, *, now: datetime, next_at: datetime) -> None:
    """Let a chat get a group's sums; it gets those of one group, and the group has one chat."""
    session.execute(delete(_CHAT).where(_CHAT.c.group_id == chat.group_id))
    forget(session, chat.bot_id, chat.chat_id)
    session.execute(insert(_CHAT).values(**asdict(chat), linked_at=now, next_at=next_at))


def of_group(session: Session, group_id: GroupId) -> GroupChat | None:
    """Return the chat that gets a group's sums."""
    row = session.execute(select(_CHAT).where(_CHAT.c.group_id == group_id)).first()
    return None if row is None else _chat(row)


def unlink(session: Session, group_id: GroupId) -> bool:
    """Let no chat get a group's sums any more; tell whether one did."""
    found = session.execute(delete(_CHAT).where(_CHAT.c.group_id == group_id).returning(_CHAT.c.chat_id))
    return found.first() is not None


def forget(session: Session, bot_id: int, chat_id: int) -> None:
    """Send a chat nothing more."""
    session.execute(delete(_CHAT).where(_CHAT.c.bot_id == bot_id, _CHAT.c.chat_id == chat_id))


def move(session: Session, bot_id: int, chat_id: int, to: int) -> None:
    """Follow a chat to its new id; where it is known there already the old one is forgotten."""
    known = session.execute(select(_CHAT.c.chat_id).where(_CHAT.c.bot_id == bot_id, _CHAT.c.chat_id == to)).first()
    if known is not None:
        forget(session, bot_id, chat_id)
        return
    here = (_CHAT.c.bot_id == bot_id) & (_CHAT.c.chat_id == chat_id)
    session.execute(update(_CHAT).where(here).values(chat_id=to))


def coming(session: Session, *, now: datetime, limit: int) -> list[tuple[GroupChat, Zone | None, bool]]:
    """Return chats whose time has come, held for this transaction, with the zone of who linked them and whether their
    group stands: one that was put away is told nothing.
    """
    statement = (
        select(_CHAT, _PERSON.c.zone, _GROUP.c.archived_at)
        .join(_PERSON, _PERSON.c.id == _CHAT.c.person_id)
        .join(_GROUP, _GROUP.c.id == _CHAT.c.group_id)
        .where(_CHAT.c.next_at <= now)
        .order_by(_CHAT.c.next_at)
        .limit(limit)
        .with_for_update(of=_CHAT, skip_locked=True)
    )
    return [
        (_chat(row), Zone(row.zone) if row.zone else None, row.archived_at is None)
        for row in session.execute(statement)
    ]


def linked_by(session: Session, person: PersonId) -> list[tuple[GroupChat, datetime]]:
    """Return the chats that a coach linked, each with the moment at which it comes next."""
    rows = session.execute(select(_CHAT).where(_CHAT.c.person_id == person))
    return [(_chat(row), row.next_at) for row in rows]


def plan(session: Session, chat: GroupChat, next_at: datetime) -> None:
    """Note when a chat gets the sums next."""
    here = (_CHAT.c.bot_id == chat.bot_id) & (_CHAT.c.chat_id == chat.chat_id)
    session.execute(update(_CHAT).where(here).values(next_at=next_at))


def _chat(row: Row[Any]) -> GroupChat:
    return GroupChat(row.bot_id, row.chat_id, GroupId(row.group_id), PersonId(row.person_id), row.bot_name)
