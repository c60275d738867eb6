"""A lesson as the fields of a form: nothing is lost there and back, and buttons change cards in all languages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.parts import split
from bot.web.lesson_fields import (
    MOST_CARDS,
    Sheet,
    blank,
    carried,
    changed,
    path_of,
    payload_of,
    read,
    sheet_of,
    written,
)
from tests.usecases.world import document

LESSONS: dict[str, Any] = {
    part.partition(":")[2]: payload for part, payload in split(document()).items() if part.startswith("module:")
}


def sent(sheet: Sheet) -> dict[str, list[str]]:
    """Return a form as a browser sends it: with its own line breaks, an empty box left out."""
    return {path: [said.replace("\n", "\r\n")] for path, said in sheet.fields.items() if path != "promotion" or said}


@pytest.mark.parametrize("code", LESSONS)
def test_lesson_of_ours_comes_back_from_its_form_unchanged(code: str) -> None:
    sheet = sheet_of(LESSONS[code])

    assert read(sent(sheet)) == sheet
    assert payload_of(sheet, code) == LESSONS[code]


TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=9)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=9), TEXT)
def test_any_form_comes_back_from_being_carried(cards: list[tuple[str, str]], title: str) -> None:
    sheet = Sheet(dict(blank().head) | {"title": title}, (), tuple({"id": a, "en": b} for a, b in cards))

    assert carried(written(sheet)) == sheet


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"cards":[],"sources":[1]}', '{"cards":[{"id":1}],"sources":[]}', "[" * 99_999]
)
def test_what_is_no_form_is_none(text: str) -> None:
    assert carried(text) is None


THREE = Sheet(blank().head, (), tuple({"id": f"{n}", "en": f"{n} en"} for n in "ABC"))
FOUR = Sheet(blank().head, (), (*THREE.cards, {"id": "D", "en": ""}))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("tambah:cards.0", ["A", "", "B", "C", "D"]),
        ("tambah:cards.3", ["A", "B", "C", "D", ""]),
        ("hapus:cards.1", ["A", "C", "D"]),
        ("naik:cards.2", ["A", "C", "B", "D"]),
        ("turun:cards.2", ["A", "B", "D", "C"]),
        ("naik:cards.0", ["A", "B", "C", "D"]),
        ("turun:cards.3", ["A", "B", "C", "D"]),
        ("turun:cards.9", ["A", "B", "C", "D"]),
    ],
)
def test_button_changes_cards_in_all_languages(asked: str, left: list[str]) -> None:
    found = changed(FOUR, asked)

    assert found is not None
    assert [card["id"] for card in found.cards] == left
    assert {card["en"] for card in found.cards} <= {"A en", "B en", "C en", ""}
    assert all(card["en"] in (f"{card['id']} en", "") for card in found.cards)


def test_cards_stay_as_few_and_as_many_as_a_lesson_may_have() -> None:
    most = Sheet(blank().head, (), THREE.cards + ({"id": "x", "en": ""},) * (MOST_CARDS - 3))

    assert changed(THREE, "hapus:cards.0") == THREE
    assert changed(most, "tambah:cards.0") == most


@pytest.mark.parametrize(
    "asked", ["", "simpan", "hapus", "hapus:cards", "hapus:cards.x", "hapus:head.1", "lain:cards.1"]
)
def test_button_that_is_not_ours_changes_nothing(asked: str) -> None:
    assert changed(FOUR, asked) is None


def test_sources_are_added_and_taken_out() -> None:
    one = changed(THREE, "tambah:sources.0")
    assert one is not None
    assert one.sources == ({"title": "", "url": "", "true_on": "", "review_by": ""},)

    assert changed(one, "hapus:sources.0") == THREE


def test_form_with_gaps_and_strange_fields_is_read_kindly() -> None:
    fields = {
        "title": [" Judul \r\n baru ", "lain"],
        "minutes": ["enam"],
        "cards.7.id": ["\r\nSatu\r\n\r\nDua\r\n"],
        "cards.2.id": ["Nol"],
        "cards.2.xx": ["?"],
        "cards.99.id": ["jauh"],
        "cards.-1.id": ["?"],
    }

    sheet = read(fields)

    assert [dict(card) for card in sheet.cards] == [{"id": "Nol", "en": ""}, {"id": "Satu\n\nDua", "en": ""}]
    payload = payload_of(sheet, "M-O2-baru")
    assert (payload["title"], payload["minutes"], payload["translations"]) == ("Judul baru", "enam", {})


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("cards.2", "cards.2.id"),
        ("translations.en.4", "cards.4.en"),
        ("translations.en", "cards"),
        ("cards", "cards"),
        ("sources.0.url", "sources.0.url"),
        ("title", "title"),
        ("", ""),
    ],
)
def test_problem_finds_its_field(field: str, path: str) -> None:
    assert path_of(field) == path
