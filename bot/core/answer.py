"""Answers as values, their compact stored form, and their score."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.item import Format, Item, Option


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
class Replied:
    """The reply chosen in each turn of a conversation, counted from 0."""

    picks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """The options, counted from 0, in the order they were put."""

    sequence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The honest "Belum tahu"."""


Answer = Chosen | Typed | Ticked | Replied | Ordered | Unknown


class AnswerDoesNotFit(ValueError):
    """An answer of another format than the item's, or out of its range."""


def encode(answer: Answer) -> str:
    """Return the stored form: c1 (option B), n14000, t5 (A and C), p02 (replies A, then C), o201 (C, A, B), u."""
    match answer:
        case Chosen(index):
            return f"c{index}"
        case Typed(value):
            return f"n{value}"
        case Ticked(mask):
            return f"t{mask}"
        case Replied(picks):
            return "p" + "".join(map(str, picks))
        case Ordered(sequence):
            return "o" + "".join(map(str, sequence))
        case Unknown():  # pragma: no branch: there is no other answer
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
        case "p":
            return Replied(tuple(map(int, digits)))
        case "o":
            return Ordered(tuple(map(int, digits)))
        case _:
            raise AnswerDoesNotFit(text)


ONE_CHOICE = (Format.CHOICE, Format.PICTURE, Format.SITUATION, Format.HABIT)


def check_fits(item: Item, answer: Answer) -> None:
    """Refuse with AnswerDoesNotFit an answer that this item cannot be given."""
    match answer:
        case Unknown() if not item.is_habit:
            return
        case Typed() if item.format is Format.NUMBER:
            return
        case Ticked(mask) if item.format is Format.MULTIPLE and 0 < mask < 1 << len(item.options):
            return
        case Replied(picks) if item.format is Format.CONVERSATION and len(picks) == len(item.turns):
            if all(0 <= pick < len(turn.options) for pick, turn in zip(picks, item.turns, strict=True)):
                return
        case Ordered(sequence) if item.format is Format.ORDER and sorted(sequence) == list(range(len(item.options))):
            return
        case Chosen(index) if item.format in ONE_CHOICE and 0 <= index < len(item.options):
            return
    raise AnswerDoesNotFit(f"{item.code}: {encode(answer)}")


def score(item: Item, answer: Answer) -> int:
    """Return the points of an answer: 0 to max_score; for a habit its value 0 to 3.

    A MULTIPLE item gives 2 for exactly the right set, 1 for one option too many or too few, else 0; an ORDER item 2 for
    the right order, 1 where two neighbours are swapped, else 0; a CONVERSATION 2 where every reply is the best, 1 where
    the replies earn at least half of the points, else 0.
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
        case Replied(picks):
            earned = sum(turn.options[pick].score for pick, turn in zip(picks, item.turns, strict=True))
            return earned // len(item.turns)
        case Ordered(sequence):
            places = [item.options[index].score for index in sequence]
            swaps = sum(early > late for at, early in enumerate(places) for late in places[at + 1 :])
            return max(0, 2 - swaps)
        case Chosen(index):  # pragma: no branch: there is no other answer
            return item.options[index].score


def best_answer(item: Item) -> Answer:
    """Return the answer that earns the most points; of equals the first."""
    match item.format:
        case Format.NUMBER:
            assert item.numeric is not None
            return Typed(item.numeric.value)
        case Format.MULTIPLE:
            return Ticked(item.right_ticks)
        case Format.ORDER:
            return Ordered(item.right_order)
        case Format.CONVERSATION:
            return Replied(tuple(_best(turn.options) for turn in item.turns))
        case _:
            return Chosen(_best(item.options))


def _best(options: tuple[Option, ...]) -> int:
    return max(range(len(options)), key=lambda index: options[index].score)


def feedback(item: Item, answer: Answer) -> str:
    """Return what the person should read about this answer; empty for habits."""
    match answer:
        case Chosen(index):
            return item.options[index].feedback
        case Ticked(mask):
            return told_of_ticks(item, mask).feedback
        case Replied(picks):
            chosen = [turn.options[pick] for pick, turn in zip(picks, item.turns, strict=True)]
            return min(chosen, key=lambda option: option.score).feedback
        case Typed() | Ordered():
            return item.feedback_right if score(item, answer) == item.max_score else item.feedback_wrong
        case Unknown():  # pragma: no branch: there is no other answer
            return _told_to_the_unknowing(item)


def told_of_ticks(item: Item, mask: int) -> Option:
    """Return the option that ticks are told of: the first that is wrong, missed or ticked; with none wrong the first
    right one.
    """
    of = (mask ^ item.right_ticks) or item.right_ticks
    return item.options[(of & -of).bit_length() - 1]


def _told_to_the_unknowing(item: Item) -> str:
    if item.feedback_wrong:
        return item.feedback_wrong
    options = item.turns[0].options if item.turns else item.options
    return options[_best(options)].feedback
