"""From Telegram's JSON to an Incoming: a strict model of only the fields needed; unknown ones are ignored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.chat.in_group import GroupEvent, Linking, Moved, PutOut
from bot.chat.incoming import Incoming, Reachability, Tap, Typed

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
GROUPS = ("group", "supergroup")
OUT = ("kicked", "left")
_Id = Annotated[int, Field(strict=True, gt=-(2**62), lt=2**62)]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _User(_Loose):
    id: _Id
    first_name: str = ""
    language_code: str | None = None
    is_bot: bool = False


class _Chat(_Loose):
    id: _Id
    type: str


class _Entity(_Loose):
    type: str
    offset: int
    length: int


class _Message(_Loose):
    message_id: _Id
    date: Annotated[int, Field(ge=0, lt=2**35)] = 0
    chat: _Chat
    from_: Annotated[_User | None, Field(alias="from")] = None
    text: str | None = None
    entities: tuple[_Entity, ...] = ()
    migrate_to_chat_id: _Id | None = None
    migrate_from_chat_id: _Id | None = None


class _Callback(_Loose):
    id: str
    from_: Annotated[_User, Field(alias="from")]
    message: _Message | None = None
    data: str | None = None


class _Member(_Loose):
    status: str


class _Membership(_Loose):
    chat: _Chat
    from_: Annotated[_User, Field(alias="from")]
    new_chat_member: _Member


class Update(_Loose):
    """One update; `incoming` says what it means for the conversation, None where it means nothing."""

    update_id: _Id
    message: _Message | None = None
    callback_query: _Callback | None = None
    my_chat_member: _Membership | None = None

    @property
    def callback_id(self) -> str | None:
        return self.callback_query.id if self.callback_query else None

    @property
    def incoming(self) -> Incoming | None:
        """Return the event of a private chat; channels, bots and unknown kinds are left alone."""
        if self.message is not None:
            return _typed(self.message)
        if self.callback_query is not None:
            return _tapped(self.callback_query)
        if self.my_chat_member is not None and self.my_chat_member.chat.type == "private":
            reachable = self.my_chat_member.new_chat_member.status not in OUT
            return _incoming(self.my_chat_member.from_, Reachability(reachable))
        return None

    @property
    def in_group(self) -> GroupEvent | None:
        """Return what happened in a group of several people; nearly everything said there is left alone."""
        if self.message is not None and self.message.chat.type in GROUPS:
            return _said_in_group(self.message)
        member = self.my_chat_member
        if member is not None and member.chat.type in GROUPS and member.new_chat_member.status in OUT:
            return PutOut(member.chat.id)
        return None


class UnreadableUpdate(ValueError):
    """Telegram's JSON does not have the shape of an update."""


def parse(body: bytes | str) -> Update:
    """Read one update from JSON; refuse with UnreadableUpdate."""
    try:
        return Update.model_validate_json(body)
    except ValidationError as error:
        raise UnreadableUpdate(str(error.errors(include_input=False, include_url=False))) from error


def _incoming(user: _User, event: Tap | Typed | Reachability) -> Incoming:
    return Incoming(user.id, _storable(user.first_name), _storable(user.language_code or "") or None, event)


def _storable(text: str) -> str:
    """Return a text without what PostgreSQL takes in no text."""
    return text.replace("\0", "")


def _typed(message: _Message) -> Incoming | None:
    if message.chat.type != "private" or message.from_ is None or message.from_.is_bot:
        return None
    text = _storable(message.text or "")
    command, argument = _command(message, text)
    sent_at = datetime.fromtimestamp(message.date, UTC)
    return _incoming(message.from_, Typed(message.message_id, text, sent_at, command, argument))


def _command(message: _Message, text: str) -> tuple[str | None, str]:
    is_command = any(entity.type == "bot_command" and entity.offset == 0 for entity in message.entities)
    if not is_command and not (text.startswith("/") and text[1:2].isalpha()):
        return None, ""
    word, _, argument = text[1:].partition(" ")
    return word.partition("@")[0].lower(), argument.strip()[:64]


def _said_in_group(message: _Message) -> GroupEvent | None:
    here = message.chat.id
    if message.migrate_to_chat_id is not None:
        return Moved(here, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Moved(message.migrate_from_chat_id, here)
    command, payload = _command(message, (message.text or "").replace("\0", ""))
    if command != "start" or not payload or message.from_ is None or message.from_.is_bot:
        return None
    return Linking(here, message.from_.id, payload)


def _tapped(callback: _Callback) -> Incoming | None:
    if callback.message is None or callback.message.chat.type != "private":
        return None
    return _incoming(callback.from_, Tap(callback.message.message_id, _storable(callback.data or "")))
