"""Items and releases: what they tell about themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.item import (
    COACH_DIMENSIONS,
    OWNER_DIMENSIONS,
    Dimension,
    Drawing,
    Format,
    Item,
    NumericKey,
    Option,
    Status,
)
from bot.core.person import Role
from tests.core.builders import (
    COACH_LEVELS,
    COACH_MODEL,
    TODAY,
    bank,
    coach_form,
    form,
    habit,
    item,
    module,
    release,
    source,
    with_coaches,
)


@pytest.mark.parametrize(
    ("format", "points"),
    [
        (Format.CHOICE, 1),
        (Format.PICTURE, 1),
        (Format.NUMBER, 1),
        (Format.SITUATION, 2),
        (Format.CONVERSATION, 2),
        (Format.ORDER, 2),
        (Format.MULTIPLE, 2),
    ],
)
def test_max_score_is_two_only_where_part_credit_exists(format: Format, points: int) -> None:
    assert item("O1-001", format).max_score == points


def test_right_ticks_is_the_mask_of_the_options_that_belong() -> None:
    assert item("O1-001", Format.MULTIPLE).right_ticks == 0b101


def test_right_order_lists_the_options_by_their_place() -> None:
    assert item("O1-001", Format.ORDER).right_order == (2, 0, 1, 3)


@pytest.mark.parametrize(
    ("of", "counts"),
    [(item("O1-001"), True), (replace(item("O1-001"), neutral=True), False), (habit("H-001"), False)],
)
def test_only_a_scored_question_that_is_not_put_aside_counts(of: Item, counts: bool) -> None:
    assert of.counts is counts


def test_neutral_question_is_asked_no_more() -> None:
    assert replace(item("O1-001"), neutral=True).is_servable(TODAY) is False


@pytest.mark.parametrize(
    ("of", "texts"),
    [
        (item("O1-001"), ("Soal O1-001", "pilihan 0", "saran 0", "pilihan 1", "saran 1", "pilihan 2", "saran 2")),
        (item("O1-001", Format.NUMBER), ("Soal O1-001", "betul", "hitung lagi")),
        (item("O1-001", Format.PICTURE), ("Soal O1-001", "sebuah gambar", "pilihan 0")),
        (item("O1-001", Format.CONVERSATION), ("Soal O1-001", "Masih ada?", "Bisa besok?", "balasan 2", "saran 2")),
        (habit("H-001"), ("Soal H-001", "kebiasaan 3", "kebiasaan 2", "kebiasaan 1", "kebiasaan 0")),
    ],
    ids=lambda value: value.format if isinstance(value, Item) else "",
)
def test_texts_are_all_that_a_person_may_read(of: Item, texts: tuple[str, ...]) -> None:
    assert of.texts[: len(texts)] == texts
    assert all(of.texts)


def test_asked_is_what_is_read_before_answering() -> None:
    assert item("O1-001").asked == ("Soal O1-001", "pilihan 0", "pilihan 1", "pilihan 2", "pilihan 3")
    assert item("O1-001", Format.CONVERSATION).asked[:3] == ("Soal O1-001", "Masih ada?", "Bisa besok?")


def test_lesson_without_a_translation_is_shown_in_indonesian() -> None:
    lesson = replace(module("M-O1-satu"), translations={"en": ("one", "two", "three")})

    assert [lesson.cards_in(language) for language in ("en", "id", "jv")] == [
        ("one", "two", "three"), ("a", "b", "c"), ("a", "b", "c")
    ]  # fmt: skip


CHAT, DRAWN = item("O1-001", Format.CONVERSATION), item("O1-001", Format.PICTURE)


@pytest.mark.parametrize(
    "other",
    [
        replace(CHAT, stem="lain"),
        replace(CHAT, turns=CHAT.turns[::-1]),
        replace(CHAT, turns=(replace(CHAT.turns[0], customer="lain"), CHAT.turns[1])),
        replace(CHAT, turns=(replace(CHAT.turns[0], options=CHAT.turns[0].options[::-1]), CHAT.turns[1])),
    ],
    ids=["the stem", "the order of turns", "a customer's line", "the order of replies"],
)
def test_fingerprint_changes_with_what_is_asked(other: Item) -> None:
    assert other.fingerprint != CHAT.fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (item("O1-001"), replace(item("O1-001"), options=(Option("lain", 1, ""), *item("O1-001").options[1:]))),
        (item("O1-001", Format.NUMBER), replace(item("O1-001", Format.NUMBER), numeric=NumericKey(1, 1, 1, "buah"))),
        (DRAWN, replace(DRAWN, drawing=Drawing("<svg>lain</svg>", "sebuah gambar"))),
    ],
    ids=["an option", "the key", "the picture"],
)
def test_fingerprint_changes_with_what_is_right_or_seen(one: Item, other: Item) -> None:
    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "same",
    [
        replace(CHAT, code="O9-001"),
        replace(CHAT, sources=(source(TODAY),)),
        replace(CHAT, difficulty=5, calibrated=0.3, admitted=0.5, neutral=True, status=Status.WATCH),
        replace(CHAT, feedback_right="lain", feedback_wrong="lain"),
    ],
    ids=["its code", "its sources", "what was learnt of it", "its feedback"],
)
def test_fingerprint_is_the_same_where_the_question_is(same: Item) -> None:
    assert same.fingerprint == CHAT.fingerprint


def test_release_puts_aside_exactly_the_question_that_was_meant() -> None:
    first, second = item("O1-001"), item("O1-002")
    pinned = release([first, second])

    assert pinned.without(frozenset()) is pinned
    assert pinned.without({("O1-001", first.fingerprint)}).items == (replace(first, neutral=True), second)
    assert pinned.without({("O1-001", second.fingerprint)}).items == (first, second)
    assert pinned.without({("O1-001", first.fingerprint)}).id == pinned.id


def test_release_measures_only_what_its_form_asks() -> None:
    pinned = release([item("O1-001"), item("C1-001"), habit("H-001")])

    assert [one.code for one in pinned.scored] == ["O1-001"]


def test_habit_is_told_from_scored_items() -> None:
    assert [habit("H-001").is_habit, item("O1-001").is_habit] == [True, False]


@pytest.mark.parametrize(
    ("status", "servable"),
    [
        (Status.DRAFT, False),
        (Status.REVIEW, False),
        (Status.ACTIVE, True),
        (Status.WATCH, True),
        (Status.RETIRED, False),
    ],
)
def test_item_is_servable_only_when_active_or_watched(status: Status, servable: bool) -> None:
    assert item("O1-001", status=status).is_servable(TODAY) is servable


@pytest.mark.parametrize(("days", "fresh"), [(1, True), (0, True), (-1, False)])
def test_review_day_itself_is_the_last_day_of_an_item_and_a_lesson(days: int, fresh: bool) -> None:
    dates = (source(TODAY + timedelta(days=days)), source(date(2099, 1, 1)))

    assert item("O1-001", sources=dates).is_servable(TODAY) is fresh
    assert module("M-O1-satu", sources=dates).is_current(TODAY) is fresh


def test_release_finds_its_items_and_lessons_by_code() -> None:
    lesson = module("M-O1-satu")
    pinned = release((*bank(1), habit("H-001")), modules=[lesson])

    assert pinned.item_by_code["O3-001"] is pinned.items[2]
    assert pinned.module_by_code == {"M-O1-satu": lesson}
    assert [one.code for one in pinned.habits] == ["H-001"]
    assert [one.code for one in pinned.scored] == [f"O{n}-001" for n in range(1, 9)]


def test_form_counts_its_questions_and_finds_every_plan() -> None:
    shape = form(3)

    assert shape.scored_count == 24
    assert [shape.plan(dimension).dimension for dimension in OWNER_DIMENSIONS] == list(OWNER_DIMENSIONS)


def test_form_of_coaches_shows_the_owners_dimensions_as_one() -> None:
    shape = coach_form()

    assert shape.scored_count == 18
    assert [area.dimension for area in shape.areas] == [Dimension.LITERACY, *COACH_DIMENSIONS]
    assert shape.area(Dimension.LITERACY).parts == OWNER_DIMENSIONS
    assert shape.area(Dimension.SHOP).parts == (Dimension.SHOP,)
    assert shape.shown_in(Dimension.SHOP).dimension is Dimension.LITERACY
    assert shape.shown_in(Dimension.COACHING).dimension is Dimension.COACHING


def test_form_of_owners_shows_every_dimension_by_itself() -> None:
    assert [area.parts for area in form().areas] == [(dimension,) for dimension in OWNER_DIMENSIONS]
    assert [d for d in Dimension if form().measures(d)] == list(OWNER_DIMENSIONS)
    assert [d for d in Dimension if coach_form().measures(d)] == list(Dimension)


def test_release_is_seen_under_either_form_and_keeps_what_was_put_aside() -> None:
    items = (*bank(2), *bank(2, dimensions=COACH_DIMENSIONS), habit("H-001"))
    aside = with_coaches(release(items)).without({("C1-001", items[16].fingerprint)})

    coaches = aside.under(Role.COACH)

    assert coaches.levels == COACH_LEVELS
    assert (coaches.form, coaches.model, coaches.id) == (coach_form(), COACH_MODEL, aside.id)
    assert (coaches.habits, [one.code for one in aside.habits]) == ((), ["H-001"])
    assert len(coaches.scored) == 26
    assert coaches.item_by_code["C1-001"].neutral
    assert aside.under(Role.COACH) is coaches
    assert aside.under(Role.OWNER) is aside
    assert coaches.under(Role.COACH) is coaches
    assert coaches.under(Role.OWNER) == aside


def test_release_without_a_form_for_coaches_stays_as_it_is() -> None:
    owners = release()

    assert owners.under(Role.COACH) is owners


def test_borrowed_questions_are_none_easier_than_asked_for() -> None:
    pinned = with_coaches(release(bank(5)), coach_form(difficulty_from=3)).under(Role.COACH)

    assert {one.difficulty for one in pinned.scored} == {3, 4, 5}


def test_item_of_a_coachs_dimension_is_for_coaches() -> None:
    assert [item("O1-001").is_for_coaches, item("C1-001").is_for_coaches, habit("H-001").is_for_coaches] == [
        False,
        True,
        False,
    ]
