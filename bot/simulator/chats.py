"""What Telegram holds about people, their chat with the bot and the messages in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import Base64Bytes

from bot.texts.markup import Entity


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone; `label` is how the phone page names them, `circle` under which heading it lists them."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "id"
    label: str = ""
    circle: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message; exactly one of the fields after `text` says what it does."""

    text: str
    data: str | None = None
    url: str | None = None
    web_app: str | None = None
    copy_text: str | None = None
    style: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Media:
    """A stored file; pictures have a width and a height."""

    file_id: str
    kind: str
    name: str
    mime: str
    data: Base64Bytes = field(repr=False)
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as it stands now; an edit is a new value with the same id."""

    message_id: int
    date: datetime
    from_bot: bool
    text: str = ""
    entities: tuple[Entity, ...] = ()
    keyboard: Rows = ()
    photo: Media | None = None
    document: Media | None = None
    caption: str = ""
    caption_entities: tuple[Entity, ...] = ()
    edit_date: datetime | None = None
    reaction: str | None = None
    reply_to: int | None = None

    @property
    def edited(self) -> bool:
        """Say whether the message was changed after it was sent."""
        return self.edit_date is not None


@dataclass(frozen=True, slots=True)
class Toast:
    """A short notice that answered a tap."""

    callback_query_id: str
    text: str
    alert: bool
    date: datetime


@dataclass(frozen=True, slots=True)
class Network:
    """How badly one phone is connected: `slow` seconds each way, nothing at all, or every update twice."""

    slow: float = 0.0
    cut_off: bool = False
    doubled: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One tap waiting for its answer."""

    id: str
    user_id: int
    message_id: int
    data: str
    date: datetime


@dataclass(slots=True)
class Chat:
    """The private chat of one person with the bot, or a group of several: then `person` is the group, by its title, and
    its id is below 0. A group that became a supergroup goes on as `moved_to`.
    """

    person: Person
    messages: dict[int, ChatMessage] = field(default_factory=dict)
    past_data: dict[int, set[str]] = field(default_factory=dict)
    toasts: list[Toast] = field(default_factory=list)
    waiting: dict[str, Query] = field(default_factory=dict)
    network: Network = Network()
    started: bool = False
    blocked: bool = False
    moved_to: int | None = None
    downloaded: set[str] = field(default_factory=set)
    typing_until: datetime | None = None
    bytes_down: int = 0
    # While the phone is cut off: what it last saw, what it still wants to say, and what is owed to it.
    last_seen: tuple[ChatMessage, ...] = ()
    unsent: list[ChatMessage | Query] = field(default_factory=list)
    bytes_owed: int = 0

    def shown(self) -> tuple[ChatMessage, ...]:
        """Return the messages that the phone can show now."""
        if not self.network.cut_off:
            return tuple(self.messages.values())
        return self.last_seen + tuple(item for item in self.unsent if isinstance(item, ChatMessage))

    def receive(self, size: int) -> None:
        """Count bytes that go down to the phone, now or once it is connected again."""
        if self.network.cut_off:
            self.bytes_owed += size
        else:
            self.bytes_down += size
