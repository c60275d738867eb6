"""An answer in words, as the person gave it."""

from __future__ import annotations

import re

from bot.core.answer import (
    Answer,
    Chosen,
    Ordered,
    Replied,
    Ticked,
    Typed,
    Unknown,
    best_answer,
    feedback,
    score,
    told_of_ticks,
)
from bot.core.item import Format, Item
from bot.texts.catalogue import translate
from bot.texts.numbers import grouped, rupiah

_PRAISE = re.compile(r"^\w+\. ")


def shown_answer(item: Item, answer: Answer, language: str) -> str:
    """Return an answer as text: the option's words, the number with its unit, or "Belum tahu"."""
    match answer:
        case Unknown():
            return translate("Belum tahu", language)
        case Typed(value):
            return shown_number(item, value, language)
        case Chosen(index):
            return translate(item.options[index].text, language)
        case Ticked(mask):
            return "; ".join(translate(o.text, language) for i, o in enumerate(item.options) if mask >> i & 1)
        case Replied(picks):
            chosen = [turn.options[pick] for pick, turn in zip(picks, item.turns, strict=True)]
            return " → ".join(translate(option.text, language) for option in chosen)
        case Ordered():
            return "; ".join(answer_lines(item, answer, language))


def answer_lines(item: Item, answer: Answer, language: str) -> list[str]:
    """Return an answer as the lines it is best read in: one for each step of an order, else one."""
    match answer:
        case Ordered(sequence):
            steps = [translate(item.options[index].text, language) for index in sequence]
            return [f"{place}. {step}" for place, step in enumerate(steps, start=1)]
        case _:
            return [shown_answer(item, answer, language)]


def best_lines(item: Item, language: str) -> list[str]:
    """Return the best answer of a scored item as lines."""
    return answer_lines(item, best_answer(item), language)


def explained(item: Item, answer: Answer, language: str) -> str:
    """Return what the person should read about an answer: of ticks that are not all right with the option that it is
    about, to who did not know without praise.
    """
    if item.format is Format.MULTIPLE and score(item, answer) < item.max_score:
        option = told_of_ticks(item, answer.mask if isinstance(answer, Ticked) else 0)
        return f"{translate(option.text, language)}: {translate(option.feedback, language)}"
    told = feedback(item, answer)
    return unpraised(told, language) if isinstance(answer, Unknown) else translate(told, language)


def unpraised(told: str, language: str) -> str:
    """Return what is said of the best option, without the "Tepat." before the reason: the person did not pick it."""
    return _PRAISE.sub("", translate(told, language))


def shown_number(item: Item, value: int, language: str) -> str:
    """Return a number with the item's unit: Rp18.462, 50 buah, 12 %."""
    unit = item.numeric.unit if item.numeric else ""
    match unit:
        case "rupiah":
            return rupiah(value)
        case "persen":
            return f"{grouped(value, language)}%"
        case _:
            return f"{grouped(value, language)} {unit_name(unit, language)}"


def unit_name(unit: str, language: str) -> str:
    """Return the name of a unit in the reader's language."""
    return translate(unit, language)
