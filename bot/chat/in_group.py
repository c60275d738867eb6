"""The little that the bot hears in a group of several people: a coach links it, it moves, the bot is put out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.chat.handlers.group_chats import CHAT_PREFIX, linked_screen
from bot.chat.request import House, spoken
from bot.chat.screen import Screen
from bot.core.access import viewer_of
from bot.texts.catalogue import supported, translate
from bot.usecases import accounts, posting
from bot.usecases.grouping import NotForYou


@dataclass(frozen=True, slots=True)
class Linking:
    """Somebody started the bot in a group, with the payload of a link."""

    chat_id: int
    telegram_id: int
    payload: str


@dataclass(frozen=True, slots=True)
class PutOut:
    """The bot is not in the group any more."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """The group goes on under another id."""

    chat_id: int
    to: int


GroupEvent = Linking | PutOut | Moved


def respond(session: Session, event: GroupEvent, *, bot_id: int, house: House, now: datetime) -> Screen | None:
    """Take in what happened in a group; return what to say there, None for nothing. The same again changes nothing."""
    match event:
        case Linking():
            return _link(session, event, bot_id, house, now)
        case PutOut(chat_id):
            posting.leave(session, bot_id=bot_id, chat_id=chat_id)
        case Moved(chat_id, to):
            posting.follow(session, bot_id=bot_id, chat_id=chat_id, to=to)
    return None


def _link(session: Session, event: Linking, bot_id: int, house: House, now: datetime) -> Screen | None:
    """Link the chat by a coach's own link; anybody else, and any other link, gets no answer."""
    person, _ = accounts.meet(session, telegram_id=event.telegram_id)
    if person is None or not event.payload.startswith(CHAT_PREFIX):
        return None
    try:
        group = posting.link(
            session,
            viewer=viewer_of(person, house.admins),
            token=event.payload.removeprefix(CHAT_PREFIX),
            bot_id=bot_id,
            bot_name=house.bot_name,
            chat_id=event.chat_id,
            now=now,
        )
    except NotForYou:
        return None
    return linked_screen(group.name, spoken(person, None), house.bot_name)


def only_in_private(language_code: str | None) -> str:
    """Return what who taps in a group is told."""
    return translate("Silakan buka chat pribadi dengan saya.", supported(language_code))
