"""What the person is shown: text and keyboard as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a button looks where the client can show it; the words never depend on it."""

    PLAIN = "plain"
    GO = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str
    style: Style = Style.PLAIN


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message in Telegram's HTML with its inline keyboard."""

    text: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    file_name: str
    content: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to send; `file_id` where Telegram holds it already, else what `draw` returns as PNG is uploaded once.

    It is drawn after the transaction. `attempt_id` and `language` say under what to keep the file id.
    """

    caption: str
    attempt_id: int
    language: str
    draw: Callable[[], bytes]
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """All that follows one event: a toast, messages that stay, attachments, and the screen.

    The screen replaces the tapped message, or comes as a new one where `fresh`. `retired` are the messages that lose
    their keyboard now. With `redraw` the dispatcher fills in the screen that counts now.
    """

    screen: Screen | None = None
    redraw: bool = False
    toast: str = ""
    fresh: bool = False
    before: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    picture: Picture | None = None
    retired: tuple[int, ...] = ()


def redraw(toast: str = "") -> Reply:
    """Return a reply that shows whatever screen counts after this event."""
    return Reply(redraw=True, toast=toast)
