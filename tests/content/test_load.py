"""Reading the files: every kind of problem names its file, line and field, in Indonesian."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from bot.content.load import SINGLES, load, yaml_format
from bot.content.problems import SHAPES, ContentRefused, Problem
from bot.content.schema import BankEntry, ContentDocument
from tests.content.broken import (
    COACH,
    FORM,
    GLOSSARY,
    LEVELS,
    PRACTICE,
    SMALL_ITEMS,
    SMALL_LESSON,
    items_of,
    lesson_of,
    light_desk,
    small_desk,
)
from tests.content.faults import BROKEN, CRASHING, EDITORS, ENGLISH, OPTION_FAULTS, WHOLE, Fault
from tests.core.builders import CONTENT


def told(folder: Path, case: Fault) -> tuple[Problem, tuple[Problem, ...]]:
    """Make one fault; return the problem expected and those told."""
    file, old, new, lines, field, message = case
    made = small_desk(folder)
    line = made.replace(file, old, new) + lines
    with pytest.raises(ContentRefused) as refused:
        load(made.root)
    return Problem(f"content/{file}", line, field, message), refused.value.problems


@pytest.mark.parametrize("case", [*BROKEN.values(), *EDITORS.values()], ids=[*BROKEN, *EDITORS])
def test_broken_line_is_told_with_file_line_field_and_message(tmp_path: Path, case: Fault) -> None:
    expected, problems = told(tmp_path, case)

    assert problems == (expected,)


@pytest.mark.parametrize("case", OPTION_FAULTS.values(), ids=OPTION_FAULTS.keys())
def test_fault_in_one_option_is_told_first(tmp_path: Path, case: Fault) -> None:
    expected, problems = told(tmp_path, case)

    assert problems[0] == expected


@pytest.mark.parametrize("case", OPTION_FAULTS.values(), ids=OPTION_FAULTS.keys())
def test_fault_in_one_option_is_told_once(tmp_path: Path, case: Fault) -> None:
    expected, problems = told(tmp_path, case)

    assert problems == (expected,)


@pytest.mark.parametrize("case", WHOLE.values(), ids=WHOLE.keys())
def test_file_of_the_wrong_shape_is_told(tmp_path: Path, case: tuple[str, str, str, str]) -> None:
    file, text, field, message = case
    made = small_desk(tmp_path)
    made.write(file, text)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert refused.value.problems == (Problem(f"content/{file}", 1, field, message),)


@pytest.mark.parametrize("file", [file for file, _ in SINGLES.values()])
def test_missing_file_is_told(tmp_path: Path, file: str) -> None:
    made = small_desk(tmp_path)
    (made.root / file).unlink()

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert refused.value.problems == (Problem(f"content/{file}", 1, "berkas", "berkas ini tidak ada"),)


@pytest.mark.parametrize(
    ("file", "old", "new", "lines"),
    [
        (FORM, "minutes: 15", "minutes: [15", 0),
        (FORM, "minutes: 15", "minutes: 15\nminutes: 16", 1),
        (SMALL_ITEMS, "difficulty: 1", "difficulty: 1\n    difficulty: 2", 1),
        (SMALL_ITEMS, "stem: Berapa?", "stem: Berapa: dua", 0),
    ],
)
def test_file_that_is_no_yaml_is_told_with_its_line(tmp_path: Path, file: str, old: str, new: str, lines: int) -> None:
    made = small_desk(tmp_path)
    line = made.replace(file, old, new) + lines

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    found = [(p.file, p.line, p.field, p.message.split(":")[0]) for p in refused.value.problems]
    assert found == [(f"content/{file}", line, "yaml", "tidak terbaca sebagai YAML")]


def test_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    made.write(SMALL_ITEMS, b"dimension: O2\nitems:\n  - stem: caf\xe9\n")

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert [(p.file, p.line, p.field) for p in refused.value.problems] == [(f"content/{SMALL_ITEMS}", 1, "berkas")]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (FORM, "dimension: O1", "dimension: O2", "setiap dimensi O1–O8 harus ada tepat satu kali"),
        (COACH, "dimension: C1", "dimension: C2", "setiap dimensi C1–C5 harus ada tepat satu kali"),
        (COACH, "dimension: C1", "dimension: C0", "setiap dimensi C1–C5 harus ada tepat satu kali"),
        (GLOSSARY, "word: QRIS", "word: Mutasi", "kata ini ada dua kali: mutasi"),
        (PRACTICE, "code: P-002", "code: P-001", "setiap code hanya boleh dipakai satu kali"),
    ],
)
def test_rule_over_a_whole_file_is_told_at_its_beginning(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    made = small_desk(tmp_path)
    made.replace(file, old, new)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert refused.value.problems == (Problem(f"content/{file}", 1, "berkas", message),)


@pytest.mark.parametrize(
    ("file", "field", "old", "new", "message"),
    [
        (LEVELS, "levels", "cut_score: 38", "cut_score: 51", "cut_score harus naik dari tingkat ke tingkat"),
        (LEVELS, "levels", "cut_score: 38", "cut_score: 50", "cut_score harus naik dari tingkat ke tingkat"),
        (LEVELS, "levels", "number: 2", "number: 1", "number harus 1, 2, 3 … berurutan"),
        (
            LEVELS,
            "zones",
            "mark: 🌿\n    cut_score: 50",
            "mark: 🌿\n    cut_score: 0",
            "cut_score harus naik dari tingkat ke tingkat",
        ),
        (COACH, "levels", "cut_score: 38", "cut_score: 50", "cut_score harus naik dari tingkat ke tingkat"),
        (COACH, "levels", "number: 4", "number: 3", "number harus 1, 2, 3 … berurutan"),
    ],
)
def test_rule_over_the_bands_is_told_where_they_begin(
    tmp_path: Path, file: str, field: str, old: str, new: str, message: str
) -> None:
    made = small_desk(tmp_path)
    made.replace(file, old, new)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert refused.value.problems == (Problem(f"content/{file}", made.line(file, f"{field}:"), field, message),)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    places = [
        (FORM, made.replace(FORM, "minutes: 15", "minutes: 0")),
        (SMALL_ITEMS, made.replace(SMALL_ITEMS, "difficulty: 1", "difficulty: 9")),
        (SMALL_ITEMS, made.replace(SMALL_ITEMS, "unit: buah", "unit: kodi")),
        (SMALL_LESSON, made.replace(SMALL_LESSON, "minutes: 4", "minutes: 40")),
    ]

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert [(p.file, p.line) for p in refused.value.problems] == [(f"content/{file}", line) for file, line in places]
    assert str(refused.value) == "\n".join(str(p) for p in refused.value.problems)


def test_problem_reads_like_a_compilers_message() -> None:
    assert str(Problem("content/a.yaml", 3, "stem", "wajib diisi")) == "content/a.yaml:3: stem: wajib diisi"


def test_cards_are_parted_and_trimmed(tmp_path: Path) -> None:
    document = load(small_desk(tmp_path).root)

    assert [module.cards for module in document.modules] == [("<b>Satu</b>", "<b>Dua</b>", "<b>Tiga</b>")]


@pytest.mark.parametrize("newline", ["\r\n", "\ufeff"])
def test_file_saved_on_another_system_reads_the_same(tmp_path: Path, newline: str) -> None:
    made = small_desk(tmp_path)
    before = load(made.root)
    for file in (SMALL_ITEMS, SMALL_LESSON):
        text = (made.root / file).read_text(encoding="utf-8")
        made.write(file, newline + text if newline == "\ufeff" else text.replace("\n", newline))

    assert load(made.root) == before


FILES = sorted(CONTENT.glob("**/*.yaml"))


def rewritten(text: str) -> str:
    out = io.StringIO()
    yaml_format().dump(yaml_format().load(text), out)
    return out.getvalue()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_comments_and_order_of_keys_survive_writing_back(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    again = rewritten(text)

    assert yaml_format().load(again) == yaml_format().load(text)
    assert [line for line in again.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]
    assert rewritten(again) == again


def test_every_real_file_is_written_back_byte_for_byte() -> None:
    lessons = [path for path in sorted(CONTENT.glob("modules/*/*.j2")) if len(path.suffixes) == 2]
    heads = [path.read_text(encoding="utf-8").split("---\n", 2)[1] for path in lessons]
    texts = [*(path.read_text(encoding="utf-8") for path in FILES), *heads]

    assert [rewritten(text) == text for text in texts] == [True] * len(texts)


@pytest.mark.parametrize("case", CRASHING.values(), ids=CRASHING.keys())
def test_unreadable_file_is_a_told_problem_not_a_traceback(tmp_path: Path, case: tuple[str, str | bytes]) -> None:
    made = small_desk(tmp_path)
    made.write(*case)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert [p.file for p in refused.value.problems] == [f"content/{case[0]}"]


def test_line_of_a_yaml_fault_in_a_lessons_head_is_the_files(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    line = made.replace(SMALL_LESSON, "minutes: 4", "minutes: 4\nminutes: 5") + 1

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    assert [p.line for p in refused.value.problems] == [line]


@pytest.mark.parametrize("case", ENGLISH.values(), ids=ENGLISH.keys())
def test_message_is_indonesian_for_every_kind_of_problem(tmp_path: Path, case: tuple[str, str, str]) -> None:
    made = small_desk(tmp_path)
    made.replace(*case)

    with pytest.raises(ContentRefused) as refused:
        load(made.root)

    english = re.compile(r"\b(should|Input|value|valid|must|expected|or)\b")
    assert [p.message for p in refused.value.problems if english.search(p.message)] == []


def _patterns(schema: Any) -> set[str]:
    if isinstance(schema, dict):
        own = {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
        return own.union(
            *map(_patterns, [*schema.values(), *({"pattern": p} for p in schema.get("patternProperties", ()))])
        )
    return set().union(*map(_patterns, schema)) if isinstance(schema, list) else set()


@pytest.mark.parametrize("entry", [ContentDocument, BankEntry])
def test_every_pattern_of_the_schema_is_told_in_words(entry: type[BaseModel]) -> None:
    assert _patterns(entry.model_json_schema()) - SHAPES.keys() == set()


def test_picture_of_a_file_that_cannot_be_read_is_not_told_as_unused(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    line = made.replace(items_of("O1"), "difficulty: 2", "difficulty: dua")

    told = [(p.line, p.field) for p in made.problems()]

    assert told == [(line, "O1-904.difficulty")]


def test_break_after_the_last_card_is_told(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    text = (made.root / lesson_of("O2")).read_text(encoding="utf-8")
    made.write(lesson_of("O2"), f"{text.rstrip()}\n=====\n")

    told = [(p.line, p.message) for p in made.problems()]

    assert told == [(text.count("\n") + 2, "kartu kosong")]


def test_address_without_tls_is_refused(tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    made.replace(SMALL_ITEMS, "https://contoh.id", "http://contoh.id")

    with pytest.raises(ContentRefused):
        load(made.root)
