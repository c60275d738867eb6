"""Reads typed answers as kindly as a coach would: "b", "B.", "2", "a dan c", "14rb", "belum tahu"."""

from __future__ import annotations

import re

from bot.core.answer import Answer, Chosen, Ticked, Typed, Unknown
from bot.core.attempt import Confidence
from bot.core.item import Format, Item
from bot.texts.numbers import NumberTrouble, read_number

_UNKNOWN = re.compile(
    r"^(saya )?(belum|tidak|nggak|gak|ga|tdk|blm) (tahu|tau|ngerti|paham)\.?$|^(i )?do(n't| not) know\.?$", re.I
)
_LETTER = re.compile(r"^(?:jawaban(?:nya)?|pilihan)?\s*[(\[]?([a-h]|[1-8])[)\].,:]*$", re.I)
_LETTERS = re.compile(r"^[(\[]?[a-h1-8](?:(?:\s*[,;&+/ ]\s*|\s+dan\s+|\s+and\s+)?[a-h1-8])*[)\].]*$", re.I)
_CONFIDENCE = {
    "yakin": Confidence.SURE,
    "sure": Confidence.SURE,
    "agak yakin": Confidence.FAIRLY,
    "agak": Confidence.FAIRLY,
    "fairly sure": Confidence.FAIRLY,
    "menebak": Confidence.GUESS,
    "tebak": Confidence.GUESS,
    "nebak": Confidence.GUESS,
    "guess": Confidence.GUESS,
    "guessing": Confidence.GUESS,
}


def read_answer(item: Item, text: str) -> Answer | NumberTrouble | None:
    """Read a typed answer to this item; None where it is none, a NumberTrouble where a number was meant but is
    unclear.
    """
    text = text.strip()
    if not item.is_habit and _UNKNOWN.match(text):
        return Unknown()
    if item.format is Format.NUMBER:
        value = read_number(text)
        return value if isinstance(value, NumberTrouble) else Typed(value)
    if item.format is Format.MULTIPLE:
        return _ticks(text, len(item.options))
    match = _LETTER.match(text)
    index = _index(match[1]) if match else len(item.options)
    return Chosen(index) if index < len(item.options) else None


def means_pause(text: str) -> bool:
    """Tell whether someone asks in words for a pause."""
    return text.casefold().strip(" .!") in ("jeda", "pause", "nanti", "nanti dulu", "istirahat", "istirahat dulu")


def read_confidence(text: str) -> Confidence | None:
    """Read how sure someone says to be; who does not know was guessing."""
    if _UNKNOWN.match(text.strip()):
        return Confidence.GUESS
    return _CONFIDENCE.get(" ".join(text.strip(" .!").lower().split()))


def _ticks(text: str, options: int) -> Ticked | None:
    if not _LETTERS.match(text):
        return None
    mask = 0
    for letter in re.findall(r"[a-h1-8]", re.sub(r"\b(dan|and)\b", " ", text, flags=re.I), flags=re.I):
        if _index(letter) >= options:
            return None
        mask |= 1 << _index(letter)
    return Ticked(mask)


def _index(letter: str) -> int:
    return int(letter) - 1 if letter.isdigit() else ord(letter.lower()) - ord("a")
