"""Answers as values, their compact stored form, and their score."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.item import Format, Item


@dataclass(frozen=True, slots=True)
class Chosen:
    """One option, counted from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A whole number typed in, in the item's unit."""

    value: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """A bit mask over the options; bit 0 is A."""

    mask: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """The honest "Belum tahu"."""


Answer = Chosen | Typed | Ticked | Unknown


class AnswerDoesNotFit(ValueError):
    """An answer of another format than the item's, or out of its range."""


def encode(answer: Answer) -> str:
    """Return the stored form: c1 (option B), n14000, t5 (A and C), u."""
    match answer:
        case Chosen(index):
            return f"c{index}"
        case Typed(value):
            return f"n{value}"
        case Ticked(mask):
            return f"t{mask}"
        case Unknown():
            return "u"


def decode(text: str) -> Answer:
    """Read the stored form; refuse anything else with AnswerDoesNotFit."""
    if text == "u":
        return Unknown()
    kind, digits = text[:1], text[1:]
    number = digits.removeprefix("-") if kind == "n" else digits
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise AnswerDoesNotFit(text)
    match kind:
        case "c":
            return Chosen(int(digits))
        case "n":
            return Typed(int(digits))
        case "t":
            return Ticked(int(digits))
        case _:
            raise AnswerDoesNotFit(text)


_ONE_CHOICE = (Format.CHOICE, Format.SITUATION, Format.HABIT)


def check_fits(item: Item, answer: Answer) -> None:
    """Refuse with AnswerDoesNotFit an answer that this item cannot be given."""
    match answer:
        case Unknown() if not item.is_habit:
            return
        case Typed() if item.format is Format.NUMBER:
            return
        case Ticked(mask) if item.format is Format.MULTIPLE and 0 < mask < 1 << len(item.options):
            return
        case Chosen(index) if item.format in _ONE_CHOICE and 0 <= index < len(item.options):
            return
    raise AnswerDoesNotFit(f"{item.code}: {encode(answer)}")


def score(item: Item, answer: Answer) -> int:
    """Return the points of an answer: 0 to max_score; for a habit its value 0 to 3.

    A MULTIPLE item gives 2 for exactly the right set, 1 for one option too many or too few, else 0.
    """
    check_fits(item, answer)
    match answer:
        case Unknown():
            return 0
        case Typed(value):
            assert item.numeric is not None
            return int(item.numeric.low <= value <= item.numeric.high)
        case Ticked(mask):
            return max(0, 2 - (mask ^ item.right_ticks).bit_count())
        case Chosen(index):
            return item.options[index].score


def feedback(item: Item, answer: Answer) -> str:
    """Return what the person should read about this answer; empty for habits."""
    match answer:
        case Typed(value) if item.numeric is not None:
            right = item.numeric.low <= value <= item.numeric.high
            return item.numeric.feedback_right if right else item.numeric.feedback_wrong
        case Chosen(index):
            return item.options[index].feedback
        case Ticked(mask):
            wrong = mask ^ item.right_ticks
            shown = next((i for i in range(len(item.options)) if wrong >> i & 1), None)
            first_right = (item.right_ticks & -item.right_ticks).bit_length() - 1
            return item.options[first_right if shown is None else shown].feedback
        case _:
            if item.numeric is not None:
                return item.numeric.feedback_wrong
            best = max(item.options, key=lambda option: option.score)
            return best.feedback
