"""What a person did, without a trace of the network that brought it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tap:
    """A button of one of our messages was tapped; `message_id` may lie months back."""

    message_id: int
    data: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A text, or a command with its argument (the payload of a link); other kinds of message have an empty text.

    `sent_at` is Telegram's word for when it was sent.
    """

    message_id: int
    text: str
    sent_at: datetime
    command: str | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Reachability:
    """The person blocked the bot, or came back."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    telegram_id: int
    first_name: str
    language_code: str | None
    event: Tap | Typed | Reachability
    bot_id: int | None = None
    """Which bot of this deployment it came through, where there are bots."""
