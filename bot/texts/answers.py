"""An answer in words, as the person gave it."""

from __future__ import annotations

from bot.core.answer import Answer, Chosen, Ticked, Typed, Unknown
from bot.core.item import Format, Item
from bot.texts.catalogue import translate
from bot.texts.numbers import grouped, rupiah


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


def right_answer(item: Item, language: str) -> str:
    """Return the best answer of a scored item as text."""
    if item.numeric is not None:
        return shown_number(item, item.numeric.value, language)
    if item.format is Format.MULTIPLE:
        return shown_answer(item, Ticked(item.right_ticks), language)
    best = max(range(len(item.options)), key=lambda index: item.options[index].score)
    return translate(item.options[best].text, language)


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
