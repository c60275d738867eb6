"""What the bank must hold as a whole: enough of everything, and no pattern that gives the keys away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.content.item_schema import ChoiceItem, ScoredItem, ScoredOption, SituationItem
from bot.content.load import Desk
from bot.content.problems import Problem
from bot.content.schema import DimensionEntry, LiteracyEntry
from bot.core.item import OWNER_DIMENSIONS, Dimension, Status

FILE, FORM, COACH = "bank.yaml", "forms.yaml", "coach.yaml"
LETTERS = "ABCDE"


def bank_problems(desk: Desk) -> Iterator[Problem]:
    """Return what the whole bank lacks."""
    active = [
        item
        for item in desk.document.items
        if isinstance(item, ScoredItem) and item.status in (Status.ACTIVE, Status.WATCH)
    ]
    yield from _counts(desk, active)
    document = desk.document
    assert document.coach is not None  # the loader asks for the file
    yield from _form_is_covered(desk, FORM, document.form.dimensions, active)
    yield from _form_is_covered(desk, COACH, document.coach.dimensions, active)
    yield from _literacy_is_covered(desk, document.coach.literacy, active)
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


def _form_is_covered(
    desk: Desk, file: str, plans: Sequence[DimensionEntry], active: Sequence[ScoredItem]
) -> Iterator[Problem]:
    """A sitting needs an easy start in every dimension, hard items for the strong, and anchors for a retest."""
    for index, plan in enumerate(plans):
        stands = desk.place(file, "dimensions", index)
        here = [item for item in active if item.dimension is plan.dimension]
        place = f"dimensions.{plan.dimension.value}"
        if len(here) < plan.questions + 1:
            message = f"punya {len(here)} butir aktif, perlu paling sedikit {plan.questions + 1}"
            yield Problem(*stands, place, message)
        elif min(item.difficulty for item in here) > 2 or max(item.difficulty for item in here) < 4:
            yield Problem(*stands, place, "perlu butir mudah (1–2) dan butir sulit (4–5)")
    own = {plan.dimension for plan in plans}
    if sum(item.anchor for item in active if item.dimension in own) < len(plans):
        yield Problem(*desk.place(file), "anchor", f"perlu paling sedikit {len(plans)} butir anchor: true")


def _literacy_is_covered(desk: Desk, literacy: LiteracyEntry, active: Sequence[ScoredItem]) -> Iterator[Problem]:
    """A coach is asked the harder part of the owners' questions, and fresh ones in a check."""
    for dimension in OWNER_DIMENSIONS:
        here = [i for i in active if i.dimension is dimension and i.difficulty >= literacy.difficulty_from]
        if len(here) < literacy.questions + 1:
            message = (
                f"punya {len(here)} butir aktif dari tingkat {literacy.difficulty_from}, "
                f"perlu paling sedikit {literacy.questions + 1}"
            )
            yield Problem(*desk.place(COACH, "literacy"), f"literacy.{dimension.value}", message)


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
