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
    """A button that comes back as a tap with its data, or opens a page in a browser (`url`) or in Telegram (`web_app`).

    Exactly one of the three is given.
    """

    label: str
    data: str = ""
    style: Style = Style.PLAIN
    url: str = ""
    web_app: str = ""


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class ResultPicture:
    """The picture of one attempt's result, in one language."""

    attempt_id: int
    language: str


@dataclass(frozen=True, slots=True)
class SharedPicture:
    """A picture of the content, the same for everybody, by the digest of its source."""

    digest: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to send; `file_id` where Telegram holds it already, else what `draw` returns as PNG is uploaded once.

    It is drawn after the transaction. `key` says under what to keep the file id. Where `caption_suffices`, the caption
    comes as a text if the picture cannot be drawn or is refused.
    """

    caption: str
    key: ResultPicture | SharedPicture
    draw: Callable[[], bytes]
    file_id: str | None = None
    caption_suffices: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """A message in Telegram's HTML with its inline keyboard.

    `picture` belongs above it: it is sent where the screen is drawn anew, not where it is only drawn again in place.
    """

    text: str
    rows: tuple[Row, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send; where drawing it takes long, what returns it after the transaction."""

    file_name: str
    content: bytes | Callable[[], bytes]
    caption: str


@dataclass(frozen=True, slots=True)
class Reply:
    """All that follows one event: a toast, messages that stay, attachments, and the screen.

    The screen replaces the tapped message (or the message `at`), or comes as a new one where `fresh`, under the number
    `sending`. `live` is the message that held the keyboard until now, `retired` are those that lose it. With `redraw`
    the dispatcher fills in the screen that counts now; `corrects` says that the person has seen it, and that only a
    button without meaning leads there again.
    """

    screen: Screen | None = None
    redraw: bool = False
    corrects: bool = False
    toast: str = ""
    fresh: bool = False
    sending: int | None = None
    at: int | None = None
    before: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    picture: Picture | None = None
    retired: tuple[int, ...] = ()
    live: int | None = None


def redraw(toast: str = "") -> Reply:
    """Return a reply that shows whatever screen counts after this event."""
    return Reply(redraw=True, toast=toast)


def correction(toast: str) -> Reply:
    """Return a reply to a button that means nothing any more: why, and the screen that counts, in place."""
    return Reply(redraw=True, corrects=True, toast=toast)
