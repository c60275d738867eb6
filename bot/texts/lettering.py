"""Text made to fit a picture: what the bundled font can draw, how wide it comes out, and lines that hold it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from bot.texts.painter import FONTS

ELLIPSIS = "…"
SMALLEST, STEP = 0.6, 0.96
"""To what part of its size a text may shrink, and by how much at a time."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text in lines, and the size of its letters."""

    lines: tuple[str, ...]
    size: float


def drawable(text: str) -> str:
    """Return a text as the font can draw it: on one line, ornate letters plain, emoji and foreign scripts left out."""
    advances = _advances(bold=False)
    plain = unicodedata.normalize("NFKC", text)
    words = ("".join(ch for ch in word if ch.isprintable() and ch in advances) for word in plain.split())
    return " ".join(word for word in words if word)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text comes out at most, in the unit of the size; kerning may draw it a little closer."""
    advances = _advances(bold=bold)
    widest = advances["W"]
    return sum(advances.get(ch, widest) for ch in text) * size


def fit(text: str, room: float, size: float, lines: int = 1, bold: bool = False, smallest: float = SMALLEST) -> Fitted:
    """Break a text into at most so many lines no wider than the room, as large as it goes; cut what is still too long.

    Text that a template has escaped comes in as Markup and is taken for what it says.
    """
    words = drawable(text.unescape() if isinstance(text, Markup) else text).split()
    now = size
    while True:
        broken = tuple(_broken(words, room, now, bold))
        if len(broken) <= lines and (now <= size * smallest or not _is_torn(broken, words)):
            return Fitted(broken, round(now, 1))
        if now <= size * smallest:
            last = _cut(" ".join(broken[lines - 1 :]), room, now, bold)
            return Fitted((*broken[: lines - 1], last), round(now, 1))
        now = max(now * STEP, size * smallest)


@lru_cache(maxsize=2)
def _advances(*, bold: bool) -> dict[str, float]:
    """Return the width of each letter of the bundled font, where its size is 1."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / f"OpenSans-{'Bold' if bold else 'Regular'}.ttf", lazy=True) as font:
        glyphs: dict[int, str] = font.getBestCmap()
        metrics: Any = font["hmtx"].metrics
        unit: int = font["head"].unitsPerEm
        return {chr(code): metrics[glyph][0] / unit for code, glyph in glyphs.items()}


def _broken(words: list[str], room: float, size: float, bold: bool) -> Iterator[str]:
    """Yield lines no wider than the room; a word that is wider is torn."""
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            yield line
        line = word
        while len(line) > 1 and width(line, size, bold=bold) > room:
            head = _head(line, room, size, bold)
            yield head
            line = line[len(head) :]
    if line:
        yield line


def _head(word: str, room: float, size: float, bold: bool) -> str:
    """Return as much of a word as the room holds, one letter at least."""
    fits = (end for end in range(len(word), 1, -1) if width(word[:end], size, bold=bold) <= room)
    return word[: next(fits, 1)]


def _is_torn(lines: tuple[str, ...], words: list[str]) -> bool:
    return " ".join(lines).split() != words


def _cut(line: str, room: float, size: float, bold: bool) -> str:
    """Return the beginning of a line with an ellipsis, no wider than the room."""
    return _head(line, room - width(ELLIPSIS, size, bold=bold), size, bold).rstrip() + ELLIPSIS
