"""Answers in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.answer import Answer, Chosen, Ordered, Replied, Ticked, Typed, Unknown, best_answer
from bot.core.item import Format, Item
from bot.texts.answers import answer_lines, best_lines, explained, shown_answer, shown_number, unit_name
from tests.core.builders import best, item, real_release

CHOICE, SITUATION, MULTIPLE = (
    item(f"O1-00{n}", format) for n, format in enumerate((Format.CHOICE, Format.SITUATION, Format.MULTIPLE), start=1)
)
PICTURE, CONVERSATION, ORDER = (
    item(f"O1-01{n}", format) for n, format in enumerate((Format.PICTURE, Format.CONVERSATION, Format.ORDER))
)


def number(unit: str) -> Item:
    of = item("O1-004", Format.NUMBER)
    assert of.numeric is not None
    return replace(of, numeric=replace(of.numeric, value=18462, low=18400, high=18500, unit=unit))


@pytest.mark.parametrize(
    ("of", "answer", "shown"),
    [
        (CHOICE, Chosen(3), "pilihan 3"),
        (CHOICE, Unknown(), "Belum tahu"),
        (SITUATION, Chosen(0), "pilihan 0"),
        (MULTIPLE, Ticked(0b0001), "pilihan 0"),
        (MULTIPLE, Ticked(0b1010), "pilihan 1; pilihan 3"),
        (MULTIPLE, Unknown(), "Belum tahu"),
        (PICTURE, Chosen(3), "pilihan 3"),
        (CONVERSATION, Replied((0, 2)), "balasan 2 → balasan 0"),
        (CONVERSATION, Unknown(), "Belum tahu"),
        (ORDER, Ordered((2, 0, 1, 3)), "1. pilihan 2; 2. pilihan 0; 3. pilihan 1; 4. pilihan 3"),
        (ORDER, Unknown(), "Belum tahu"),
        (number("rupiah"), Typed(-14000), "-Rp14.000"),
        (number("rupiah"), Unknown(), "Belum tahu"),
    ],
)
def test_answer_is_shown_as_it_was_given(of: Item, answer: Answer, shown: str) -> None:
    assert shown_answer(of, answer, "id") == shown


@pytest.mark.parametrize(
    ("unit", "indonesian", "english"),
    [
        ("rupiah", "Rp18.462", "Rp18.462"),
        ("persen", "18.462%", "18,462%"),
        ("buah", "18.462 buah", "18,462"),
        ("hari", "18.462 hari", "18,462"),
        ("menit", "18.462 menit", "18,462"),
    ],
)
def test_number_has_its_unit(unit: str, indonesian: str, english: str) -> None:
    of = number(unit)

    assert shown_number(of, 18462, "id") == indonesian
    assert shown_number(of, 18462, "en").split(" ")[0] == english


@pytest.mark.parametrize(
    ("of", "shown"),
    [
        (CHOICE, "pilihan 0"),
        (SITUATION, "pilihan 0"),
        (MULTIPLE, "pilihan 0; pilihan 2"),
        (PICTURE, "pilihan 0"),
        (CONVERSATION, "balasan 2 → balasan 2"),
        (ORDER, "1. pilihan 2; 2. pilihan 0; 3. pilihan 1; 4. pilihan 3"),
        (number("rupiah"), "Rp18.462"),
        (number("hari"), "18.462 hari"),
    ],
)
def test_best_answer_is_shown_in_words(of: Item, shown: str) -> None:
    assert shown_answer(of, best_answer(of), "id") == shown


def test_best_lines_of_every_real_item_are_those_of_the_answer_with_most_points() -> None:
    scored = real_release().scored

    assert [best_lines(one, "id") for one in scored] == [answer_lines(one, best(one), "id") for one in scored]


def test_unit_is_its_own_name_in_indonesian() -> None:
    assert unit_name("buah", "id") == "buah"


def test_order_is_read_in_lines_and_other_answers_in_one() -> None:
    steps = ["1. pilihan 2", "2. pilihan 0", "3. pilihan 1", "4. pilihan 3"]

    assert answer_lines(ORDER, Ordered((2, 0, 1, 3)), "id") == best_lines(ORDER, "id") == steps
    assert answer_lines(ORDER, Unknown(), "id") == ["Belum tahu"]
    assert answer_lines(CONVERSATION, Replied((0, 2)), "id") == ["balasan 2 → balasan 0"]


PRAISING = replace(
    CHOICE,
    options=tuple(
        replace(o, feedback="Tepat. Ada beratnya." if o.score else "Beratnya belum ada.") for o in CHOICE.options
    ),
)
TICKING = replace(
    MULTIPLE, options=tuple(replace(o, feedback="Perlu. Pembeli bertanya itu.") for o in MULTIPLE.options)
)


@pytest.mark.parametrize(
    ("of", "answer", "told"),
    [
        (PRAISING, Chosen(0), "Tepat. Ada beratnya."),
        (PRAISING, Chosen(1), "Beratnya belum ada."),
        (PRAISING, Unknown(), "Ada beratnya."),
        (TICKING, Ticked(0b0101), "Perlu. Pembeli bertanya itu."),
        (TICKING, Ticked(0b0001), "pilihan 2: Perlu. Pembeli bertanya itu."),
        (TICKING, Ticked(0b1101), "pilihan 3: Perlu. Pembeli bertanya itu."),
        (TICKING, Unknown(), "pilihan 0: Perlu. Pembeli bertanya itu."),
    ],
)
def test_who_did_not_know_is_not_praised_and_ticks_are_told_of_by_name(of: Item, answer: Answer, told: str) -> None:
    assert explained(of, answer, "id") == told
