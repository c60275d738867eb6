"""What may not be read in any log: secrets by their form and by their value; and people, who become short marks."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable

HIDDEN = "<hidden>"
SHORTEST_SECRET = 6
"""A configured value shorter than this would blot out words that mean nothing."""

_FORMS = (
    # A bot's token, also as part of an address.
    (re.compile(r"\d{5,}(?::|%3[Aa])[\w-]{20,}"), "<token>"),
    # Headers that carry a secret, to the end of their value.
    (
        re.compile(r"(?i)((?:authorization|x-telegram-bot-api-secret-token|cookie)\W{0,4}[:=,]\s*)[^\r\n]+"),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\bbearer\s+[^\s\"',]+"), f"Bearer {HIDDEN}"),
    # Fields of links and of a Mini App's data.
    (
        re.compile(
            r"(?i)((?:\b|_)(?:t|token|secret|code|kode|start|startapp|startgroup|initdata|tgwebappdata|hash|signature"
            r"|query_id|user|rahasia)['\"]?\s*(?:=|%3D|:\s*['\"]))[^&\s\"',}]+"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), f"://{HIDDEN}@"),
    # Words to join a group, as they are typed.
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}[- ]?[0-9A-HJKMNP-TV-Z]{5}\b"), "<code>"),
    # Whatever else looks drawn by lot: long, of both cases and digits, and no part of a path.
    (re.compile(r"(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{20,}"), "<token>"),
)


class Redaction:
    """Takes secrets out of texts; a person's number becomes a mark that only this bot's token could lead back to."""

    def __init__(self, known: Iterable[str] = (), *, key: str = "") -> None:
        """`known` are configured secrets; the same `key` marks a person alike in every process and after a restart."""
        long_enough = sorted({one for one in known if len(one) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, long_enough))) if long_enough else None
        self._key = hashlib.sha256((key or secrets.token_hex(16)).encode()).digest()

    def clean(self, text: str) -> str:
        """Return a text without secrets."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        for form, instead in _FORMS:
            text = form.sub(instead, text)
        return text

    def line(self, text: str) -> str:
        """Return the same as one line: a value with a line break of its own cannot forge an entry."""
        return "".join(_visible(ch) for ch in self.clean(text))

    def mark(self, telegram_id: int) -> str:
        """Return the short mark under which a person stands in the log."""
        return hashlib.blake2b(str(telegram_id).encode(), key=self._key, digest_size=5).hexdigest()


def _visible(ch: str) -> str:
    """Write characters that end a line or steer a terminal as what they are."""
    if ch.isprintable():
        return ch
    return ch.encode("unicode_escape").decode("ascii")
