"""Reads typed answers as kindly as a coach would: "b", "B.", "2", "a dan c", "14rb", "belum tahu"."""

from __future__ import annotations

import re

from bot.core.answer import Answer, AnswerDoesNotFit, Chosen, Ordered, Replied, Ticked, Typed, Unknown, check_fits
from bot.core.attempt import Confidence
from bot.core.item import Format, Item
from bot.texts.numbers import NumberTrouble, read_number

_UNKNOWN = re.compile(
    r"^(saya )?(belum|tidak|nggak|gak|ga|tdk|blm) (tahu|tau|ngerti|paham)\.?$|^(i )?do(n't| not) know\.?$", re.I
)
_LETTER = re.compile(r"^(?:jawaban(?:nya)?|pilihan)?\s*[(\[]?([a-h]|[1-8])[)\].,:]*$", re.I)
_BETWEEN = r"\s*[,;&+/> ]\s*|\s+(?:dan|lalu|and|then)\s+"
_LETTERS = re.compile(rf"^[(\[]?[a-h1-8](?:(?:{_BETWEEN})?[a-h1-8])*[)\].]*$", re.I)
_ONE_LETTER = re.compile(r"[a-h1-8]", re.I)
_WORDS = re.compile(r"\b(dan|lalu|and|then)\b", re.I)
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
    match item.format:
        case Format.NUMBER:
            value = read_number(text)
            return value if isinstance(value, NumberTrouble) else Typed(value)
        case Format.MULTIPLE | Format.ORDER | Format.CONVERSATION:
            return _several(item, _indexes(text))
        case Format.CHOICE | Format.PICTURE | Format.SITUATION | Format.HABIT:
            match = _LETTER.match(text)
            index = _index(match[1]) if match else len(item.options)
            return Chosen(index) if index < len(item.options) else None


def _several(item: Item, indexes: tuple[int, ...]) -> Answer | None:
    """Make an answer of several letters; None where they are too few, too many, or name nothing."""
    given: Answer
    match item.format:
        case Format.ORDER:
            given = Ordered(indexes)
        case Format.CONVERSATION:
            given = Replied(indexes)
        case _:
            given = Ticked(sum(1 << index for index in set(indexes)))
    try:
        check_fits(item, given)
    except AnswerDoesNotFit:
        return None
    return given


def read_letter(text: str, count: int) -> int | None:
    """Return which of so many options a letter or number names, None where the text is something else."""
    match = _LETTER.match(text.strip())
    return _index(match[1]) if match and _index(match[1]) < count else None


def means_pause(text: str) -> bool:
    """Tell whether someone asks in words for a pause."""
    return text.casefold().strip(" .!") in ("jeda", "pause", "nanti", "nanti dulu", "istirahat", "istirahat dulu")


def read_confidence(text: str) -> Confidence | None:
    """Read how sure someone says to be; who does not know was guessing."""
    if _UNKNOWN.match(text.strip()):
        return Confidence.GUESS
    return _CONFIDENCE.get(" ".join(text.strip(" .!").lower().split()))


def _indexes(text: str) -> tuple[int, ...]:
    """Return which options a row of letters names, as they come; empty where the text is something else."""
    if not _LETTERS.match(text):
        return ()
    return tuple(_index(letter) for letter in _ONE_LETTER.findall(_WORDS.sub(" ", text)))


def _index(letter: str) -> int:
    return int(letter) - 1 if letter.isdigit() else ord(letter.lower()) - ord("a")
