"""The text of an announcement as an admin types it: plain, with a few marks and links, turned into Telegram's HTML."""

from __future__ import annotations

import re
from enum import StrEnum
from html import escape

from bot.texts import markup
from bot.texts.markup import MarkupError

KEPT = re.compile(r'</?[biu]>|<a href="[^"<>\s]*">|</a>')
"""Tags that stay tags; every other sign is shown as it was typed."""
LOOKS_LIKE_A_TAG = re.compile(r"</?[A-Za-z][^<>]*>?")
SECURE = "https://"
MARKED_UP_MOST = 4
"""Times that a text with its marks may be as long as what is seen of it."""
_LINK = "text_link"
_JOINER = "\u200d"
"""What holds the parts of one emoji together."""


class Fault(StrEnum):
    """Why a text cannot be sent."""

    EMPTY = "empty"
    LONG = "long"
    TAG = "tag"
    UNBALANCED = "unbalanced"
    LINK = "link"


def as_html(source: str) -> str:
    """Return the text in Telegram's HTML: marks for bold, italic, underlined and links stay, all else is escaped."""
    parts: list[str] = []
    end = 0
    for found in KEPT.finditer(source):
        parts += [escape(source[end : found.start()], quote=False), found[0].replace("&", "&amp;")]
        end = found.end()
    return "".join(parts) + escape(source[end:], quote=False)


def tidy(source: str) -> str:
    """Return the text with plain line ends, without what cannot be seen, and with at most one blank line in a row."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(_seen, lines))).strip()


def _seen(line: str) -> str:
    spaced = "".join(" " if ch.isspace() else ch for ch in line)
    return "".join(ch for ch in spaced if ch.isprintable() or ch == _JOINER).rstrip()


def faults(source: str, *, limit: int) -> list[Fault]:
    """Return why a text cannot be sent as it is; `limit` counts the characters that its reader sees."""
    foreign = [found[0] for found in LOOKS_LIKE_A_TAG.finditer(KEPT.sub("", source))]
    bad_link = any(tag.lower().startswith("<a") and not tag[2:3].isalpha() for tag in foreign)
    if foreign:
        return [Fault.LINK if bad_link else Fault.TAG]
    try:
        shown = markup.parse(as_html(source))
    except MarkupError:
        return [Fault.UNBALANCED]
    found = []
    if not shown.text.strip():
        found.append(Fault.EMPTY)
    if len(shown.text) > limit or len(source) > MARKED_UP_MOST * limit:
        found.append(Fault.LONG)
    links = [entity.url or "" for entity in shown.entities if entity.type == _LINK]
    if len(links) != source.count("<a ") or not all(_is_secure(url) for url in links) or _has_plain_http(shown.text):
        found.append(Fault.LINK)
    return found


def _is_secure(url: str) -> bool:
    host = url.removeprefix(SECURE).partition("/")[0]
    return url.startswith(SECURE) and "." in host and "@" not in host


def _has_plain_http(text: str) -> bool:
    """Tell whether an address stands in the text that Telegram would open without encryption, or not in a browser."""
    return re.search(r"\b(http|tg|ton|ftp|javascript)://", text, flags=re.IGNORECASE) is not None


def plain(source: str) -> str:
    """Return what the reader sees, without marks; of a text that is no HTML yet, all of it."""
    try:
        return markup.parse(as_html(source)).text
    except MarkupError:
        return source


def length(source: str) -> int:
    """Count the characters that the reader sees."""
    return len(plain(source))
