"""What is asked of single questions: each rule fires on what it is for, with the file and the line of the question."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import item_rules
from bot.content.problems import Problem
from tests.content.broken import DRAWING, HABITS, items_of, light_desk

O1 = items_of("O1")
LONG = "Barang " + "lalu barang " * 15 + "habis"

RULES: dict[str, tuple[str, str, str, str, str]] = {
    "bold as in a chat": (O1, "Mana dulu?", "Mana **dulu**?", "O1-901", "ada tanda yang tidak boleh: Menjual keripik"),
    "entity": (O1, "Belum tentu.", "Belum &amp; tentu.", "O1-901", "ada tanda yang tidak boleh: Belum &amp; tentu."),
    "note to oneself": (O1, "Tepat.", "TODO.", "O1-901", "ada tanda yang tidak boleh: TODO."),
    "kamu": (O1, "Mana dulu?", "Kamu pilih mana?", "O1-901", "kata yang tidak ramah: Kamu"),
    "gagal": (O1, "feedback_wrong: 14", "feedback_wrong: Anda gagal. 14", "O1-902", "kata yang tidak ramah: gagal"),
    "your answer is wrong": (
        O1, "feedback: Belum tentu.", "feedback: Jawaban Anda salah.", "O1-901",
        "kata yang tidak ramah: Jawaban Anda salah",
    ),
    "long sentence": (O1, "Mana dulu?", f"{LONG}?", "O1-901", "kalimat terlalu panjang: Barang lalu barang"),
    "long sentence of an alternative": (
        O1, "alternative: \"", f"alternative: \"{LONG}. ", "O1-904", "kalimat terlalu panjang: Barang lalu barang",
    ),
    "two options alike": (O1, "Membiarkan saja dahulu", "menunggu kabar teman", "O1-901", "dua pilihan sama"),
    "all of the above": (
        O1, "Membiarkan saja dahulu", "Semua benar", "O1-901", "pilihan yang merangkum pilihan lain: Semua benar",
    ),
    "none of the above": (
        O1, "Banknya menolak", "Tidak ada yang benar", "O1-904",
        "pilihan yang merangkum pilihan lain: Tidak ada yang benar",
    ),
    "several answers unannounced": (
        O1, "Pilih semua yang aman", "Mana yang aman", "O1-903", "ganda perlu kata “Pilih semua yang …”",
    ),
    "habits out of order": (HABITS, "value: 3", "value: 0", "H-901", "kebiasaan diurutkan dari yang paling baik"),
    "sum without numbers": (
        O1, "Tersisa 14 keripik, 3 emping, 2 rengginang", "Tersisa keripik", "O1-902",
        "hitungan perlu angka di dalam pertanyaannya",
    ),
    "band too wide": (O1, "low: 19, high: 19", "low: 18, high: 21", "O1-902", "rentang jawaban terlalu lebar"),
    "law without a source": (
        O1, "feedback: Tepat.", "feedback: Begitu menurut UU.", "O1-901",
        "menyebut hukum atau pajak, jadi perlu sumber bertanggal",
    ),
}  # fmt: skip
"""File, what stands there, what replaces it, item, beginning of the message."""


@pytest.mark.parametrize("case", RULES.values(), ids=RULES.keys())
def test_question_against_a_rule_is_told_with_file_and_line(
    tmp_path: Path, case: tuple[str, str, str, str, str]
) -> None:
    file, old, new, code, message = case
    made = light_desk(tmp_path)
    made.replace(file, old, new)
    line = made.line(file, f"- code: {code}")

    (told,) = made.problems()
    assert (told.file, told.line, told.field.split(".")[0]) == (f"content/{file}", line, code)
    assert told.message.startswith(message)
    assert not told.is_warning


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (O1, "low: 19, high: 19", "low: 18, high: 20"),
        (O1, "feedback: Tidak tertulis.", "feedback: Begitu menurut UU."),
        (HABITS, "stem: Kapan", "stem: Soal pajak, kapan"),
        (O1, "Membiarkan saja dahulu", "Semua kabar teman"),
    ],
    ids=["band of two", "law with a source", "habit about tax", "all, but of something"],
)
def test_question_within_a_rule_passes(tmp_path: Path, file: str, old: str, new: str) -> None:
    made = light_desk(tmp_path)
    made.replace(file, old, new)

    assert made.problems() == []


@pytest.mark.parametrize(
    ("limit", "field", "message"),
    [
        ("MESSAGE_LIMIT", "stem", "layarnya melebihi batas Telegram (id)"),
        ("CAPTION_LIMIT", "alternative", "terlalu panjang untuk keterangan gambar (id)"),
    ],
)
def test_screen_beyond_telegrams_limit_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, field: str, message: str
) -> None:
    monkeypatch.setattr(item_rules, limit, item_rules.AROUND + 10)
    made = light_desk(tmp_path)
    line = made.line(O1, "- code: O1-904")

    assert Problem(f"content/{O1}", line, f"O1-904.{field}", message) in made.problems()


DRAWINGS = {
    "a photo inside": (
        "<rect x", "<image width='1' height='1'/><rect x", "unsur image tidak boleh ada dalam gambar",
    ),
    "a link": (
        "<rect x", '<rect href="https://contoh.id" x', "unsur rect tidak boleh ada dalam gambar",
    ),
    "an old link": (
        "<rect x", '<rect xmlns:k="http://www.w3.org/1999/xlink" k:href="#a" x',
        "unsur rect tidak boleh ada dalam gambar",
    ),
    "a script": ("<rect x", "<script/><rect x", "unsur script tidak boleh ada dalam gambar"),
    "a style sheet": ("<rect x", "<style>*{fill:red}</style><rect x", "unsur style tidak boleh ada dalam gambar"),
    "a document type": (
        "<rect x", "<!DOCTYPE svg><rect x", "SVG tidak boleh memuat DOCTYPE, ENTITY, atau komentar",
    ),
    "a comment": ("<rect x", "<!-- lama --><rect x", "SVG tidak boleh memuat DOCTYPE, ENTITY, atau komentar"),
    "an open tag": (
        "fill=\"#1b5e20\"/>", "fill=\"#1b5e20\">", "bukan SVG yang sah",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_picture_that_holds_more_than_shapes_and_words_is_told(tmp_path: Path, case: tuple[str, str, str]) -> None:
    old, new, message = case
    made = light_desk(tmp_path)
    line = made.replace(DRAWING, old, new)

    (told,) = made.problems()

    assert (told.file, told.field) == (f"content/{DRAWING}", "gambar")
    assert told.message.startswith(message)
    if "rect" not in message and "sah" not in message:
        assert told.line == line


def test_drawing_of_another_kind_is_told(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.write(DRAWING, "<html/>")

    assert made.problems() == [Problem(f"content/{DRAWING}", 1, "gambar", "berkas ini bukan gambar SVG")]
