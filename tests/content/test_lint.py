"""The checks over the whole content: each fires on what it is for, names file and line, and the real content passes."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.content.problems import Problem
from bot.core.item import OWNER_DIMENSIONS
from tests.content.broken import (
    ADVICE,
    BANK,
    COACH,
    EXPOSURE,
    FORM,
    GLOSSARY,
    GOODS,
    Desk,
    choice,
    items_of,
    lesson_of,
    light_desk,
)
from tests.core.builders import TODAY

O1 = items_of("O1")


def test_light_content_has_no_problem(tmp_path: Path) -> None:
    assert light_desk(tmp_path).problems() == []


def test_unreadable_content_gives_the_loaders_problems(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    line = made.replace(ADVICE, "ready_cut: 50", "ready_cut: 500")

    assert made.problems() == [Problem(f"content/{ADVICE}", line, "ready_cut", "paling besar 100.0")]


def test_directory_of_another_name_is_told_by_its_name(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    other = Desk(made.root.rename(tmp_path / "isi"))
    line = other.replace(BANK, "{O1: 1}", "{O1: 9}")

    assert [(p.file, p.line) for p in other.problems()] == [(f"isi/{BANK}", line)]


# The whole bank


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("{O1: 1}", "{O1: 5}", "items.O1", "O1 punya 4 butir aktif, perlu paling sedikit 5"),
        ("{O1: 1}", "{C1: 3}", "items.C1", "C1 punya 2 butir aktif, perlu paling sedikit 3"),
        ("{angka: 1}", "{angka: 9}", "formats.angka", "ada 8 butir angka, perlu paling sedikit 9"),
        ("{angka: 1}", "{urutan: 1}", "formats.urutan", "ada 0 butir urutan, perlu paling sedikit 1"),
    ],
)
def test_bank_with_too_few_of_something_is_told(tmp_path: Path, old: str, new: str, field: str, message: str) -> None:
    made = light_desk(tmp_path)
    line = made.replace(BANK, old, new)

    assert made.problems() == [Problem(f"content/{BANK}", line, field, message)]


@pytest.mark.parametrize("status", ["draf", "telaah", "arsip"])
def test_dimension_needs_one_active_item_more_than_it_asks(tmp_path: Path, status: str) -> None:
    made = light_desk(tmp_path)
    made.replace(items_of("O5"), "difficulty: 5\n    status: aktif", f"difficulty: 5\n    status: {status}")
    message = "punya 1 butir aktif, perlu paling sedikit 2"
    harder = "punya 1 butir aktif dari tingkat 1, perlu paling sedikit 2"

    assert made.problems() == [
        Problem(f"content/{COACH}", made.line(COACH, "literacy:"), "literacy.O5", harder),
        Problem(f"content/{FORM}", made.line(FORM, "dimension: O5"), "dimensions.O5", message),
    ]


def test_watched_items_count_as_active(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(items_of("O5"), "status: aktif", "status: pantau", -1)

    assert made.problems() == []


@pytest.mark.parametrize(("old", "new"), [("difficulty: 5", "difficulty: 3"), ("difficulty: 1", "difficulty: 3")])
def test_dimension_needs_an_easy_and_a_hard_item(tmp_path: Path, old: str, new: str) -> None:
    made = light_desk(tmp_path)
    made.replace(items_of("O5"), old, new)
    line = made.line(FORM, "dimension: O5")
    message = "perlu butir mudah (1–2) dan butir sulit (4–5)"

    assert made.problems() == [Problem(f"content/{FORM}", line, "dimensions.O5", message)]


def test_dimension_of_coaches_needs_as_much(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(items_of("C3"), "difficulty: 5\n    status: aktif", "difficulty: 5\n    status: draf")
    made.replace(items_of("C4"), "difficulty: 1", "difficulty: 3")

    assert made.problems() == [
        Problem(
            f"content/{COACH}",
            made.line(COACH, "dimension: C3"),
            "dimensions.C3",
            "punya 1 butir aktif, perlu paling sedikit 2",
        ),
        Problem(
            f"content/{COACH}",
            made.line(COACH, "dimension: C4"),
            "dimensions.C4",
            "perlu butir mudah (1–2) dan butir sulit (4–5)",
        ),
    ]


def test_coaches_need_one_item_of_the_harder_part_more_than_they_are_asked(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(COACH, "difficulty_from: 1", "difficulty_from: 2")
    place = (f"content/{COACH}", made.line(COACH, "literacy:"))
    message = "punya 1 butir aktif dari tingkat 2, perlu paling sedikit 2"

    assert made.problems() == [Problem(*place, f"literacy.O{number}", message) for number in range(2, 9)]


@pytest.mark.parametrize(("file", "items", "least"), [(FORM, "O1", 8), (COACH, "C1", 5)])
def test_bank_needs_anchors_of_each_form(tmp_path: Path, file: str, items: str, least: int) -> None:
    made = light_desk(tmp_path)
    made.replace(items_of(items), "anchor: true", "anchor: false")

    assert made.problems() == [
        Problem(f"content/{file}", 1, "anchor", f"perlu paling sedikit {least} butir anchor: true")
    ]


def test_keys_on_one_letter_are_told_for_the_bank_and_for_a_dimension(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    goods = (
        ("kursi", "bangku", "dipan"),
        ("wajan", "panci", "ceret"),
        ("tikar", "kasur", "bantal"),
        ("tali", "jala", "kail"),
    )
    more = "".join(choice(f"O1-80{n}", some, 0) for n, some in enumerate(goods))
    made.replace(O1, "items:\n", f"items:\n{more}")
    made.replace(items_of("O3"), "items:\n", "items:\n" + choice("O3-801", ("sapu", "ember", "kemoceng"), 0))
    line = made.line(BANK, "keys_on_a_letter")

    assert made.problems() == [
        Problem(f"content/{BANK}", line, "keys_on_a_letter", "bank: 7 dari 14 kunci ada di huruf A"),
        Problem(f"content/{BANK}", line, "keys_on_a_letter", "O1: 5 dari 6 kunci ada di huruf A"),
    ]


def test_keys_that_are_the_longest_options_are_told(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    for dimension in OWNER_DIMENSIONS[1:5]:
        made.replace(items_of(dimension), "Cek dulu", "Mengecek dulu di mutasi rekening sendiri")
        enough = made.problems() if dimension == "O3" else []
        assert enough == []
    message = "pilihan: kunci menjadi pilihan terpanjang di 4 dari 8 butir: O2-901, O3-901, O4-901, O5-901"

    assert made.problems() == [Problem(f"content/{BANK}", made.line(BANK, "longest_keys"), "longest_keys", message)]


# Across files


def test_safety_lesson_must_exist(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    line = made.replace(ADVICE, "safety_module: M-O2-contoh", "safety_module: M-O2-lain")

    assert made.problems() == [Problem(f"content/{ADVICE}", line, "safety_module", "modul M-O2-lain tidak ada")]


def test_every_dimension_of_owners_needs_a_lesson(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    shutil.rmtree(made.root / "modules" / "O7")

    assert made.problems() == [Problem("content/modules", 1, "O7", "bidang ini belum punya pelajaran")]


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "message"),
    [
        (EXPOSURE, "  O1-901", "  O1-955", "admitted.O1-955", "butir ini tidak ada"),
        (EXPOSURE, "  O1-901", "  H-901", "admitted.H-901", "butir ini tidak ada"),
        (GLOSSARY, "hidden_in: [O1-901]", "hidden_in: [O1-955]", "resi.hidden_in", "butir O1-955 tidak ada"),
    ],
)
def test_code_of_no_item_is_told(tmp_path: Path, file: str, old: str, new: str, field: str, message: str) -> None:
    made = light_desk(tmp_path)
    line = made.replace(file, old, new)

    assert made.problems() == [Problem(f"content/{file}", line, field, message)]


@pytest.mark.parametrize(
    "file",
    ["items/owner/baru.yml", "items/baru.yaml", "modules/O2/baru.html", "pictures/foto.png", "glosarium.yaml"],
)
def test_file_that_nobody_reads_is_told(tmp_path: Path, file: str) -> None:
    made = light_desk(tmp_path)
    made.write(file, "apa saja\n")

    assert made.problems() == [
        Problem(f"content/{file}", 1, "berkas", "berkas ini tidak dibaca: nama atau foldernya tidak dikenal")
    ]


@pytest.mark.parametrize("file", ["CATATAN.md", "items/owner/.o1.yaml.swp"])
def test_notes_and_hidden_files_may_lie_about(tmp_path: Path, file: str) -> None:
    made = light_desk(tmp_path)
    made.write(file, "apa saja\n")

    assert made.problems() == []


# Facts in time


DAYS = [
    (-1, "lewat batas baca ulang 2026-11-23: tidak ditampilkan sampai dibaca lagi"),
    (0, "perlu dibaca ulang paling lambat 2026-11-24"),
    (59, "perlu dibaca ulang paling lambat 2027-01-22"),
    (60, None),
]


@pytest.mark.parametrize(("days", "message"), DAYS)
@pytest.mark.parametrize("file", [O1, lesson_of("O4")])
def test_fact_is_warned_of_from_sixty_days_before_its_review(
    tmp_path: Path, file: str, days: int, message: str | None
) -> None:
    made = light_desk(tmp_path)
    made.replace(file, "review_by: 2027-11-24", f"review_by: {TODAY + timedelta(days=days)}")
    line, field = (made.line(O1, "- code: O1-904"), "O1-904.sources") if file == O1 else (1, "M-O4-contoh.sources")

    expected = [Problem(f"content/{file}", line, field, message, is_warning=True)] if message else []
    assert made.problems() == expected


def test_fact_of_a_question_that_is_not_asked_is_not_warned_of(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(O1, "difficulty: 2\n    status: aktif", "difficulty: 2\n    status: telaah")
    made.replace(O1, "review_by: 2027-11-24", "review_by: 2025-11-24")

    assert made.problems() == []


def test_warnings_come_after_what_must_be_mended(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(O1, "review_by: 2027-11-24", "review_by: 2025-11-24")
    made.replace(items_of("O8"), "Mana dulu", "Kamu mana dulu")

    assert [p.is_warning for p in made.problems()] == [False, True]


def test_warnings_alone_do_not_fail_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = light_desk(tmp_path)
    made.replace(O1, "review_by: 2027-11-24", "review_by: 2025-11-24")

    code = cli.main(["content", "check", str(made.root)])

    warning, *_, end = capsys.readouterr().out.splitlines()
    line = made.line(O1, "- code: O1-904")
    assert warning.startswith(f"content/{O1}:{line}: peringatan: O1-904.sources: lewat batas baca ulang 2025-11-24")
    assert (code, end) == (0, "Isi tidak bermasalah.")


def test_one_problem_fails_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = light_desk(tmp_path)
    line = made.replace(O1, "difficulty: 1", "difficulty: 9")

    code = cli.main(["content", "check", str(made.root)])

    told = [f"content/{O1}:{line}: O1-901.difficulty: paling besar 5", "1 masalah"]
    assert (code, capsys.readouterr().out.splitlines()) == (1, told)


# Nearly the same question twice


def test_nearly_the_same_question_is_told_at_the_later_one(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(items_of("O4"), "items:\n", "items:\n" + choice("O4-801", (*GOODS["O2"][:2], "kemeja"), 1))

    assert made.problems() == [Problem(f"content/{items_of('O4')}", 3, "O4-801.stem", "terlalu mirip dengan O2-901")]


def test_archived_question_may_be_written_anew(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    again = choice("O4-801", GOODS["O4"], 1).replace("anchor: true", "anchor: false")
    made.replace(items_of("O4"), "items:\n", f"items:\n{again.replace('status: aktif', 'status: arsip')}")

    assert made.problems() == []
