"""Telegram's HTML parse mode as a strict grammar: what this accepts, Telegram accepts, with the same error texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 64
TOAST_LIMIT = 200

SPACE = " \t\r\n\v\0"
SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
# Of two entities over the same characters, Telegram lists the one with the smaller number first.
PRIORITY = {"blockquote": 0, "expandable_blockquote": 0, "pre": 1, "code": 2, "text_link": 3, "bold": 4, "italic": 5}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")
BAD_UNICODE = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)


class MarkupError(ValueError):
    """Say in Telegram's own words why a text cannot be sent."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the visible text, counted in UTF-16 units as the Bot API does."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Formatted:
    """The text a person sees and how its parts are set."""

    text: str
    entities: tuple[Entity, ...] = ()


def parse(source: str) -> Formatted:
    """Read Telegram HTML, or raise MarkupError with the text Telegram would answer."""
    return _Reader(source).read()


def visible_length(source: str) -> int:
    """Count the code points a person sees, which is what Telegram limits."""
    return len(parse(source).text)


def utf16_length(text: str) -> int:
    """Count UTF-16 units: characters outside the basic plane count twice."""
    return len(text) + sum(ch > "\uffff" for ch in text)


@dataclass(slots=True)
class _Open:
    tag: str
    begin: int
    start: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Reader:
    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> Formatted:
        while self.at < len(self.source):
            ch = self.source[self.at]
            if ch == "&":
                self._emit(self._reference())
            elif ch != "<":
                self._emit(ch)
                self.at += 1
            elif self.source.startswith("/", self.at + 1):
                self._end_tag()
            else:
                self._start_tag()
        if self.stack:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        text = "".join(self.out)
        if any("\ud800" <= ch <= "\udfff" for ch in text):
            self._fail(BAD_UNICODE)
        return Formatted(text, _merged(sorted(self.entities, key=_order)))

    def _fail(self, reason: str) -> NoReturn:
        raise MarkupError(f"can't parse entities: {reason}")

    def _bytes(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def _reference(self) -> str:
        """Decode what stands at an ampersand; what Telegram doesn't know stays as written."""
        match = REFERENCE.match(self.source, self.at)
        decoded = _decoded(match) if match else None
        if match is None or decoded is None:
            self.at += 1
            return "&"
        self.at = match.end()
        return decoded

    def _skip(self, stops: str) -> str:
        start = self.at
        while self.at < len(self.source) and self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in SPACE:
            self.at += 1

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._skip(SPACE + ">").lower()
        if self.at >= len(self.source):
            self._fail(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        if tag not in SIMPLE_TAGS:
            self._fail(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.source.startswith(">", self.at):
                break
            self._attribute(tag, begin, attributes)
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._fail(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self.stack.append(_Open(tag, len(self.out), self.length, attributes))

    def _attribute(self, tag: str, begin: int, attributes: dict[str, str]) -> None:
        if self.at >= len(self.source):
            self._fail(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        name = self._skip(SPACE + "=>/\"'")
        if not name:
            self._fail(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}')
        self._skip_space()
        value = ""
        if self.source.startswith("=", self.at):
            self.at += 1
            self._skip_space()
            value = self._value(tag, begin)
        elif self.at >= len(self.source):
            self._fail(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes[name.lower()] = value

    def _value(self, tag: str, begin: int) -> str:
        if self.at >= len(self.source):
            self._fail(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        quote = self.source[self.at]
        if quote not in "\"'":
            return self._bare_value()
        self.at += 1
        parts: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != quote:
            if self.source[self.at] == "&":
                parts.append(self._reference())
            else:
                parts.append(self.source[self.at])
                self.at += 1
        if self.at >= len(self.source):
            self._fail(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        self.at += 1
        return "".join(parts)

    def _bare_value(self) -> str:
        start = self.at
        match = TOKEN.match(self.source, start)
        assert match is not None  # the pattern also matches nothing
        self.at = match.end()
        if self.at >= len(self.source) or self.source[self.at] not in SPACE + ">":
            self._fail(f"Unexpected end of name token at byte offset {self._bytes(start)}")
        return match.group().lower()

    def _end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            self._fail(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        self.at += 2
        name = self._skip(SPACE + ">").lower()
        self._skip_space()
        if not self.source.startswith(">", self.at):
            self._fail(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.at += 1
        opened = self.stack.pop()
        if name and name != opened.tag:
            place = f'at byte offset {self._bytes(begin)}, expected "</{opened.tag}>", found "</{name}>"'
            self._fail(f"Unmatched end tag {place}")
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self.length - opened.start
        if length == 0:
            return
        kind, url, language = SIMPLE_TAGS[opened.tag], None, None
        if kind == "text_link":
            url = _link(opened.attributes.get("href") or "".join(self.out[opened.begin :]))
            if url is None:
                return
        elif kind == "blockquote" and "expandable" in opened.attributes:
            kind = "expandable_blockquote"
        elif kind == "code":
            language = opened.attributes.get("class", "").removeprefix("language-") or None
        elif kind == "custom_emoji" and not opened.attributes.get("emoji-id", "").isdigit():
            self._fail("Invalid custom emoji identifier specified")
        elif kind == "date_time" and not opened.attributes.get("unix", "").isdigit():
            self._fail("Invalid Unix timestamp specified")
        self.entities.append(Entity(kind, opened.start, length, url, language))


def _decoded(match: re.Match[str]) -> str | None:
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED.get(name)
    digits, base = (hexadecimal, 16) if hexadecimal else (decimal, 10)
    code = int(digits, base) if len(digits) < 9 else 0
    return chr(code) if 0 < code < 0x10FFFF else None


def _order(entity: Entity) -> tuple[int, int, int]:
    return entity.offset, -entity.length, PRIORITY.get(entity.type, 9)


def _merged(entities: list[Entity]) -> tuple[Entity, ...]:
    """Join <pre> and <code class="language-…"> over the same characters into one block with a language."""
    blocks = {(e.offset, e.length) for e in entities if e.type == "pre"}
    languages = {(e.offset, e.length): e.language for e in entities if e.type == "code" and e.language}
    result: list[Entity] = []
    for entity in entities:
        place = entity.offset, entity.length
        if entity.type == "pre":
            result.append(Entity("pre", *place, None, languages.get(place)))
        elif entity.type != "code" or entity.language is None:
            result.append(entity)
        elif place not in blocks:
            result.append(Entity("code", *place))
    return tuple(result)


def _link(target: str) -> str | None:
    """Return the link as Telegram stores it; what isn't a link is None and shown as plain text."""
    target = target.strip()
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", target) or re.match(r"[^/:]+:\d", target):
        target = f"http://{target}"
    try:
        scheme, host, path, query, fragment = urlsplit(target)
    except ValueError:
        return None
    if scheme.lower() in ("tg", "ton"):
        return target
    if scheme.lower() not in ("http", "https") or any(ch in SPACE for ch in host):
        return None
    if "." not in host and not host.startswith(("localhost", "[")):
        return None
    return urlunsplit((scheme.lower(), host.lower(), path or "/", query, fragment))
