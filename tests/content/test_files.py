"""Releases written as files: what comes back is what was written, and an edit changes only its own lines."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.files import export
from bot.content.lint import check
from bot.content.load import load
from bot.content.parts import JSON, assemble, split, with_drafts
from bot.content.problems import ContentRefused
from bot.content.release import freeze
from bot.content.schema import ContentDocument
from tests.content.broken import SMALL_ITEMS, small_desk
from tests.core.builders import CONTENT, TODAY, real_document

ETIKA, MUTASI = "items/owner/etika.yaml", "modules/O2/cek-mutasi.html.j2"
Change = Callable[[JSON], JSON]


def _copy(folder: Path) -> Path:
    root = folder / "content"
    shutil.copytree(CONTENT, root)
    return root


def _bytes(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _edited(document: ContentDocument, drafts: dict[str, JSON]) -> ContentDocument:
    return assemble(with_drafts(split(document), drafts))


def _written_over(
    document: ContentDocument, root: Path, part: str, change: Change
) -> tuple[ContentDocument, dict[str, list[str]]]:
    """Change one part of what the files say, write it over them, and return the document with the lines that git would
    show.
    """
    before = _bytes(root)
    edited = _edited(document, {part: change(split(document).get(part))})
    export(edited, root)
    after = _bytes(root)
    return edited, {
        name: _lines(before.get(name, b""), after.get(name, b""))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _lines(before: bytes, after: bytes) -> list[str]:
    told = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    return [line for line in told if line[0] in "+-"]


def test_real_content_written_over_itself_keeps_every_byte(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    before = _bytes(root)

    export(real_document(), root)

    assert _bytes(root) == before


def test_real_content_written_into_nothing_comes_back_the_same(tmp_path: Path) -> None:
    document = real_document()
    root = tmp_path / "baru" / "isi"

    export(document, root)

    first = _bytes(root)
    again = load(root)
    export(again, root)
    assert freeze(again) == freeze(document)
    assert _bytes(root) == first
    assert [problem for problem in check(root, today=TODAY) if not problem.is_warning] == []


def test_written_files_are_the_same_from_the_same_release(tmp_path: Path) -> None:
    export(real_document(), tmp_path / "satu")
    export(real_document(), tmp_path / "dua")

    assert _bytes(tmp_path / "satu") == _bytes(tmp_path / "dua")


EDITS: dict[str, tuple[str, Change, dict[str, list[str]]]] = {
    "stem": (
        "item:O3-002",
        lambda p: p | {"stem": "Apa yang sebaiknya dilakukan?"},
        {ETIKA: [
            "-       Pelanggan mengirim foto dirinya memakai batik buatan Anda. Fotonya bagus untuk promosi. Apa yang"
            " sebaiknya dilakukan?",
            "+       Apa yang sebaiknya dilakukan?",
        ]},
    ),
    "difficulty and status": (
        "item:O3-002",
        lambda p: p | {"difficulty": 4, "status": "pantau"},
        {ETIKA: ["-     difficulty: 2", "+     difficulty: 4", "-     status: aktif", "+     status: pantau"]},
    ),
    "option": (
        "item:O3-002",
        lambda p: p | {"options": [*p["options"][:3], p["options"][3] | {"text": "Menunggu: lihat dulu"}]},
        {ETIKA: ["-       - text: Pasang dulu, dihapus kalau ia keberatan", "+       - text: 'Menunggu: lihat dulu'"]},
    ),
    "optional field comes to its place": (
        "item:O3-002", lambda p: p | {"anchor": True}, {ETIKA: ["+     anchor: true"]},
    ),
    "optional field goes": (
        "item:O3-001", lambda p: p | {"anchor": False}, {ETIKA: ["-     anchor: true"]},
    ),
    "date": (
        "item:O3-001",
        lambda p: p | {"sources": [p["sources"][0] | {"review_by": "2028-01-02"}]},
        {ETIKA: ["-         review_by: 2027-05-24", "+         review_by: 2028-01-02"]},
    ),
    "cut score": (
        "levels",
        lambda p: p | {"levels": [p["levels"][0], p["levels"][1] | {"cut_score": 39.5}, *p["levels"][2:]]},
        {"levels.yaml": ["-     cut_score: 38", "+     cut_score: 39.5"]},
    ),
    "share of an item": (
        "exposure",
        lambda p: p | {"admitted": {c: s for c, s in p["admitted"].items() if c != "O1-002"}},
        {"exposure.yaml": ["-   O1-002: 0.8"]},
    ),
    "weight in one line": (
        "advice",
        lambda p: p | {"business_weights": p["business_weights"] | {"jasa": {"O6": 1.2}}},
        {"advice.yaml": ["-   jasa: {O6: 1.2, O7: 0.9}", "+   jasa: {O6: 1.2}"]},
    ),
    "act of a lesson": (
        "module:M-O2-cek-mutasi",
        lambda p: p | {"minutes": 6},
        {MUTASI: ["- minutes: 5", "+ minutes: 6"]},
    ),
    "line of a card": (
        "module:M-O2-cek-mutasi",
        lambda p: p | {"cards": [p["cards"][0].replace("Ini bukan curiga", "Bukan curiga"), *p["cards"][1:]]},
        {MUTASI: [
            "- Jadi patokannya satu. Belum ada di mutasi? Anggap belum dibayar. Ini bukan curiga, ini cara kerja.",
            "+ Jadi patokannya satu. Belum ada di mutasi? Anggap belum dibayar. Bukan curiga, ini cara kerja.",
        ]},
    ),
    "probe": (
        "probe:P-001",
        lambda p: p | {"customer": "Kak, masih ada?"},
        {"practice/pelanggan-bayangan.yaml": [
            "-     customer: Kak, yang di foto kemarin masih ada? Bisa kirim besok?", "+     customer: Kak, masih ada?",
        ]},
    ),
}  # fmt: skip
"""Part, change, and the lines that git shows."""


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_edit_changes_its_own_lines_and_comes_back(
    tmp_path: Path, edit: tuple[str, Change, dict[str, list[str]]]
) -> None:
    part, change, lines = edit
    root = _copy(tmp_path)

    edited, shown = _written_over(real_document(), root, part, change)

    assert (load(root) == edited, shown) == (True, lines)


def test_word_taken_out_of_the_middle_takes_its_lines_only(tmp_path: Path) -> None:
    root = _copy(tmp_path)

    edited, shown = _written_over(
        real_document(), root, "glossary", lambda p: {"words": [*p["words"][:1], *p["words"][2:]]}
    )

    (lines,) = shown.values()
    assert load(root) == edited
    assert [line[:1] for line in lines] == ["-"] * 5
    assert lines[0] == "-   - word: QRIS"


def test_new_question_stands_at_the_end_of_its_file(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    made = split(real_document())["item:O3-001"] | {"code": "O3-099", "status": "draf", "suits": ["kriya", "jasa"]}

    edited, shown = _written_over(real_document(), root, "item:O3-099", lambda _: made)

    assert (load(root) == edited, list(shown)) == (True, [ETIKA])
    assert {line[:1] for line in shown[ETIKA]} == {"+"}
    assert shown[ETIKA][:3] == ["+ ", "+   - code: O3-099", "+     status: draf"]
    assert "+     suits: [kriya, jasa]" in shown[ETIKA]
    assert "+     stem: >-" in shown[ETIKA]


def test_question_taken_out_leaves_the_others_alone(tmp_path: Path) -> None:
    root = _copy(tmp_path)

    edited, shown = _written_over(real_document(), root, "item:O3-002", lambda _: None)

    assert (load(root) == edited, list(shown)) == (True, [ETIKA])
    assert {line[:1] for line in shown[ETIKA]} == {"-"}


def test_new_lesson_and_picture_get_files_of_their_own(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    document = real_document()
    parts = split(document)
    lesson = parts["module:M-O2-cek-mutasi"] | {"code": "M-O2-baru", "title": "Baru"}
    item = parts["item:" + next(i.code for i in document.items if i.format == "gambar")]
    drafts = {
        "module:M-O2-baru": lesson,
        "picture:gambar-baru": parts[f"picture:{item['picture']}"],
        f"item:{item['code']}": item | {"picture": "gambar-baru"},
    }
    edited = _edited(document, drafts | {f"picture:{item['picture']}": None})
    before = set(_bytes(root))

    export(edited, root)

    after = set(_bytes(root))
    assert load(root) == edited
    assert after - before == {
        "modules/O2/baru.html.j2", "modules/O2/baru.en.html.j2", "pictures/gambar-baru.svg",
    }  # fmt: skip
    assert before - after == {f"pictures/{item['picture']}.svg"}


def test_lesson_taken_out_takes_its_translations_along(tmp_path: Path) -> None:
    root = _copy(tmp_path)

    _, shown = _written_over(real_document(), root, "module:M-O1-siap-kalau-hp-hilang", lambda _: None)

    assert list(shown) == ["modules/O1/siap-kalau-hp-hilang.en.html.j2", "modules/O1/siap-kalau-hp-hilang.html.j2"]
    assert not (root / "modules/O1/siap-kalau-hp-hilang.html.j2").exists()


@pytest.mark.parametrize("count", [-1, 1])
def test_lesson_with_other_cards_keeps_the_rest(tmp_path: Path, count: int) -> None:
    root = _copy(tmp_path)

    def change(lesson: JSON) -> JSON:
        cards = {language: [*said] for language, said in {"": lesson["cards"], **lesson["translations"]}.items()}
        cards = {lang: said[:-1] if count < 0 else [*said, "<b>Lagi</b>"] for lang, said in cards.items()}
        return lesson | {"cards": cards.pop(""), "translations": cards}

    edited, shown = _written_over(real_document(), root, "module:M-O2-cek-mutasi", change)

    assert (load(root) == edited, len(shown)) == (True, 2)
    assert all({line[:1] for line in lines} == {"-" if count < 0 else "+"} for lines in shown.values())


def test_small_content_of_another_arrangement_keeps_its_files(tmp_path: Path) -> None:
    root = small_desk(tmp_path).root
    before = set(_bytes(root))

    edited, shown = _written_over(load(root), root, "item:O2-904", lambda p: p | {"stem": "Berapa banyak?"})

    assert (load(root) == edited, set(shown) - {"regions.csv", "regions.LICENSE.md"}) == (True, {SMALL_ITEMS})
    assert before <= set(_bytes(root))


def test_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "skripsi.txt").write_text("penting")

    with pytest.raises(ContentRefused, match="bukan folder isi"):
        export(real_document(), tmp_path)

    assert list(_bytes(tmp_path)) == ["skripsi.txt"]


def test_content_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    root = _copy(tmp_path)
    (root / ETIKA).write_text("items: [")
    before = _bytes(root)

    with pytest.raises(ContentRefused):
        export(real_document(), root)

    assert _bytes(root) == before
