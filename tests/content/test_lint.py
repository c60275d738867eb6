"""The checks over the whole content: each fires on what it is for, and the real content passes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content.card_rules import CARD_LIMIT, sample_values
from bot.content.problems import Problem
from bot.core.person import Business, Channel
from bot.texts.lesson import LOOP_FIELDS, NAMES
from tests.content.broken import ADVICE, LESSON, SAFETY, light_desk
from tests.core.builders import CONTENT


def test_real_content_has_no_problem() -> None:
    assert check_real() == []


def test_unreadable_content_gives_the_loaders_problems(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    line = made.replace(ADVICE, "ready_cut: 50", "ready_cut: 500")

    assert made.problems() == [Problem(f"content/{ADVICE}", line, "ready_cut", "paling besar 100.0")]


@pytest.mark.parametrize("status", ["draf", "telaah", "arsip"])
def test_dimension_needs_one_active_item_more_than_it_asks(tmp_path: Path, status: str) -> None:
    made = light_desk(tmp_path)
    text = (made.root / SAFETY).read_text(encoding="utf-8")
    spare = text.count("status: aktif") - 5
    made.replace(SAFETY, "status: aktif", f"status: {status}", spare)
    enough = made.problems()
    made.replace(SAFETY, "status: aktif", f"status: {status}")

    assert enough == []
    assert made.problems() == [
        Problem("content/forms.yaml", 1, "dimensions", "O2 punya 4 butir aktif, perlu paling sedikit 5")
    ]


def test_watched_items_count_as_active(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(SAFETY, "status: aktif", "status: pantau", -1)

    assert made.problems() == []


def test_safety_lesson_must_exist(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(ADVICE, "safety_module: M-O2-cek-mutasi", "safety_module: M-O2-lain")

    assert made.problems() == [Problem("content/advice.yaml", 1, "safety_module", "modul M-O2-lain tidak ada")]


def test_every_dimension_needs_a_lesson(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    shutil.rmtree(made.root / "modules" / "O7")

    assert made.problems() == [Problem("content/modules", 1, "O7", "dimensi ini belum punya modul")]


BAD_CARDS = {
    "tag": ("<p>Satu</p>", 'can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
    "unclosed": ("<b>Satu", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    "in one branch only": (
        "{% if usaha == 'jasa' %}<b>{% endif %}Satu",
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "without answers only": (
        "Satu{% if not keliru %}</b>{% endif %}",
        "can't parse entities: Unexpected end tag at byte offset 4",
    ),
    "outside the walls": ("{% set x = 1 %}Satu", "Assign tidak diizinkan dalam kartu"),
    "unknown name": ("{{ alamat }}", "variabel alamat tidak dikenal"),
    "no template": ("{% if %}", "templat tidak terbaca: Expected an expression, got 'end of statement block'"),
    "empty without a name": ("{% if nama %}Satu{% endif %}", "kartu kosong"),
    "empty": ("<b></b>", "kartu kosong"),
    "too long": ("x" * (CARD_LIMIT + 1), "kartu menjadi 2001 huruf, paling banyak 2000"),
    "too long for one kind of business": (
        "Satu{% if usaha == 'lainnya' %}" + "x" * CARD_LIMIT + "{% endif %}",
        "kartu menjadi 2004 huruf, paling banyak 2000",
    ),
}


@pytest.mark.parametrize("case", BAD_CARDS.values(), ids=BAD_CARDS.keys())
def test_bad_card_is_told_with_its_lesson_and_number(tmp_path: Path, case: tuple[str, str]) -> None:
    card, message = case
    made = light_desk(tmp_path)
    made.replace(LESSON, "<b>Tiga</b>", card)

    assert [(p.field, p.message) for p in made.problems()] == [("M-O2-cek-mutasi, kartu 3", message)]


def test_longest_card_passes(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(LESSON, "<b>Dua</b>", "<b>" + "x" * CARD_LIMIT + "</b>")

    assert made.problems() == []


def test_samples_cover_every_business_channel_and_name_with_and_without_answers() -> None:
    samples = list(sample_values())

    assert len(samples) == len(Business) * len(Channel)
    assert {frozenset(values) for values in samples} == {frozenset(NAMES)}
    assert {values["usaha"] for values in samples} == {business.value for business in Business}
    assert {values["kanal"] for values in samples} == {channel.value for channel in Channel}
    assert {values["tingkat"] for values in samples} == {1, 2, 3, 4}
    assert {bool(values["nama"]) for values in samples} == {True, False}
    misses = [miss for values in samples for miss in values["keliru"]]  # type: ignore[attr-defined]
    assert {frozenset(miss) for miss in misses} == {LOOP_FIELDS}


def test_bad_card_is_told_with_its_file(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(LESSON, "\n=====\n", "\n=====\n<p>Satu</p>\n=====\n")

    assert [p.file for p in made.problems()] == [f"content/{LESSON}"]


def test_card_that_cannot_be_rendered_is_told(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(LESSON, "\n=====\n", "\n=====\n{{ nama | rupiah }}\n=====\n")

    assert [p.field for p in made.problems()] == ["M-O2-cek-mutasi, kartu 2"]


def test_lesson_whose_code_names_another_dimension_is_told(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace("modules/O5/contoh.html.j2", "code: M-O5-contoh", "code: M-O6-lain")

    assert len(made.problems()) == 1


def test_difficulties_of_the_model_must_rise(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace("forms.yaml", "[-1.8, -0.9, 0.0, 0.9, 1.8]", "[1.8, 0.9, 0.0, -0.9, -1.8]")

    assert len(made.problems()) == 1
