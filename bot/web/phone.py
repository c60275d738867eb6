"""The chat's screens in a page: Telegram's HTML read by its own grammar and written out again as safe HTML."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.chat.preview import Preview
from bot.chat.screen import Button, Style
from bot.texts.markup import Entity, MarkupError, parse, utf16_length

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
SPOILER = Markup('<span class="spoiler">')
BROKEN = Markup("<i>Teks ini belum bisa ditampilkan Telegram. Perbaiki dulu yang ditandai.</i>")


@dataclass(frozen=True, slots=True)
class Phone:
    """One screen ready for the template `phone.html.j2`."""

    name: str
    text: Markup
    rows: tuple[tuple[tuple[str, Style], ...], ...]
    picture: str
    caption: str


def phone(preview: Preview) -> Phone:
    """Return a screen of the chat ready to be drawn in a frame."""
    rows = tuple(tuple(_key(button) for button in row) for row in preview.screen.rows if row)
    picture = picture_address(preview.picture_svg) if preview.picture_svg else ""
    return Phone(preview.name, safe_html(preview.screen.text), rows, picture, preview.caption)


def _key(button: Button) -> tuple[str, Style]:
    return button.label, button.style


def picture_address(svg: str) -> str:
    """Return a picture as an address of its own; as an image it runs no script and loads nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8", "replace")).decode()


def safe_html(text: str) -> Markup:
    """Return a message as HTML that holds only what Telegram would set; what it would refuse is told instead."""
    try:
        read = parse(text)
    except MarkupError:
        return BROKEN
    return Markup("").join(_pieces(read.text, read.entities))


def _pieces(text: str, entities: Sequence[Entity]) -> Iterator[Markup]:
    """Yield the text with its marks opened and closed; marks come nested, and are counted in UTF-16 units."""
    waiting, open_marks, at = list(entities), list[tuple[int, str]](), 0
    for ch in text:
        while open_marks and open_marks[-1][0] <= at:
            yield _closed(open_marks.pop())
        while waiting and waiting[0].offset <= at:
            entity = waiting.pop(0)
            opening, closing = _tag(entity)
            if closing:
                open_marks.append((entity.offset + entity.length, closing))
                yield opening
        yield escape(ch)
        at += utf16_length(ch)
    while open_marks:
        yield _closed(open_marks.pop())


def _closed(mark: tuple[int, str]) -> Markup:
    return Markup("</{}>").format(mark[1])


def _tag(entity: Entity) -> tuple[Markup, str]:
    """Return how a mark opens and the name that closes it; one that a page has no place for is left out."""
    if entity.type in TAGS:
        return Markup("<{}>").format(TAGS[entity.type]), TAGS[entity.type]
    if entity.type == "spoiler":
        return SPOILER, "span"
    if entity.type == "text_link" and entity.url and entity.url.startswith(("https://", "http://")):
        return Markup('<a href="{}" rel="noreferrer noopener" target="_blank">').format(entity.url), "a"
    return Markup(""), ""
