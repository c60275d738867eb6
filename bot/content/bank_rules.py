"""What the bank must hold as a whole: enough of everything, and no pattern that gives the keys away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.content.item_schema import ChoiceItem, ScoredItem, ScoredOption, SituationItem
from bot.content.load import Desk
from bot.content.problems import Problem
from bot.core.item import Dimension, Status

FILE, FORM = "bank.yaml", "forms.yaml"
LETTERS = "ABCDE"


def bank_problems(desk: Desk) -> Iterator[Problem]:
    """Return what the whole bank lacks."""
    active = [
        item
        for item in desk.document.items
        if isinstance(item, ScoredItem) and item.status in (Status.ACTIVE, Status.WATCH)
    ]
    yield from _counts(desk, active)
    yield from _form_is_covered(desk, active)
    choices = [item for item in active if isinstance(item, ChoiceItem | SituationItem)]
    yield from _letters(desk, choices)
    yield from _lengths(desk, choices)


def _counts(desk: Desk, active: Sequence[ScoredItem]) -> Iterator[Problem]:
    by_dimension = Counter(item.dimension for item in active)
    for dimension, least in desk.bank.items.items():
        if by_dimension[dimension] < least:
            message = f"{dimension.value} punya {by_dimension[dimension]} butir aktif, perlu paling sedikit {least}"
            yield Problem(*desk.place(FILE, "items", dimension.value), f"items.{dimension.value}", message)
    owners = [item for item in active if item.dimension.startswith("O")]
    by_format = Counter(item.format for item in owners)  # type: ignore[attr-defined]
    for format, least in desk.bank.formats.items():
        if by_format[format] < least:
            message = f"ada {by_format[format]} butir {format.value}, perlu paling sedikit {least}"
            yield Problem(*desk.place(FILE, "formats", format.value), f"formats.{format.value}", message)


def _form_is_covered(desk: Desk, active: Sequence[ScoredItem]) -> Iterator[Problem]:
    """A sitting needs an easy start in every dimension, hard items for the strong, and anchors for a retest."""
    for index, plan in enumerate(desk.document.form.dimensions):
        stands = desk.place(FORM, "dimensions", index)
        here = [item for item in active if item.dimension is plan.dimension]
        place = f"dimensions.{plan.dimension.value}"
        if len(here) < plan.questions + 1:
            message = f"punya {len(here)} butir aktif, perlu paling sedikit {plan.questions + 1}"
            yield Problem(*stands, place, message)
        elif min(item.difficulty for item in here) > 2 or max(item.difficulty for item in here) < 4:
            yield Problem(*stands, place, "perlu butir mudah (1–2) dan butir sulit (4–5)")
    if sum(item.anchor for item in active) < len(desk.document.form.dimensions):
        message = f"perlu paling sedikit {len(desk.document.form.dimensions)} butir anchor: true"
        yield Problem(*desk.place(FORM), "anchor", message)


def _key(options: Sequence[ScoredOption]) -> int:
    return max(range(len(options)), key=lambda index: options[index].score)


def _letters(desk: Desk, choices: Sequence[ChoiceItem | SituationItem]) -> Iterator[Problem]:
    for name, here in (("bank", choices), *((d.value, [i for i in choices if i.dimension is d]) for d in Dimension)):
        letters = Counter(_key(item.options) for item in here)
        limit = desk.bank.keys_on_a_letter if name == "bank" else max(0.5, desk.bank.keys_on_a_letter)
        for index, count in letters.items():
            if count > limit * len(here) and len(here) >= len(LETTERS):
                message = f"{name}: {count} dari {len(here)} kunci ada di huruf {LETTERS[index]}"
                yield Problem(*desk.place(FILE, "keys_on_a_letter"), "keys_on_a_letter", message)


def _lengths(desk: Desk, choices: Sequence[ChoiceItem | SituationItem]) -> Iterator[Problem]:
    for format in ("pilihan", "gambar", "situasi"):
        here = [item for item in choices if item.format == format]
        longest = [
            item
            for item in here
            if len(item.options[_key(item.options)].text) >= max(len(option.text) for option in item.options)
        ]
        if len(longest) > desk.bank.longest_keys * len(here):
            codes = ", ".join(item.code for item in longest)
            message = f"{format}: kunci menjadi pilihan terpanjang di {len(longest)} dari {len(here)} butir: {codes}"
            yield Problem(*desk.place(FILE, "longest_keys"), "longest_keys", message)
