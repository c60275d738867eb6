"""What is asked of lessons: cards that Telegram takes, for all kinds of people, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.card_rules import CARD_LIMIT, one_card, sample_values
from bot.content.problems import Problem
from bot.core.person import Business, Channel
from bot.texts.jail import Jail
from bot.texts.lesson import LOOP_FIELDS, NAMES
from tests.content.broken import lesson_of, light_desk

LESSON = lesson_of("O2")
ENGLISH = "modules/O2/contoh.en.html.j2"
THREE = "<b>One</b>\n=====\n<b>Two</b>\n=====\n<b>Three</b>\n"

BAD_CARDS = {
    "tag": ("<p>Satu</p>", 0, "<p> tidak dikenal Telegram; pakai <b>, <i>, <u>, <s>, <code>, <blockquote>"),
    "unclosed": ("<b>Satu", 0, "<b> tidak ditutup dengan </b>"),
    "in one branch only": (
        "<b>Satu</b>{% if usaha == 'jasa' %}<i>{% endif %}dua", 0, "<i> tidak ditutup dengan </i>",
    ),
    "without answers only": (
        "<b>Satu</b>{% if not keliru %}</b>{% endif %}", 0,
        "ada tag penutup tanpa pembuka, atau tag yang saling bersilangan",
    ),
    "crossed": ("<b>Satu<i>dua</b></i>", 0, "ada tag penutup tanpa pembuka, atau tag yang saling bersilangan"),
    "a sign too small": (
        "<b>Satu</b> 3 < 5", 0, "ada tanda < > atau & yang keliru; tulis &lt; &gt; &amp; bila memang mau ditampilkan",
    ),
    "outside the walls": ("{% set x = 1 %}<b>Satu</b>", 0, "{% set %} tidak bisa dipakai dalam kartu"),
    "unknown name": ("<b>{{ alamat }}</b>", 0, "variabel alamat tidak dikenal"),
    "no template": (
        "<b>Satu</b>\ndua\n{% if %}", 2, "tanda {{ }} atau {% %} di baris ini tidak lengkap atau keliru letaknya",
    ),
    "cannot be shown": ("<b>{{ nama | rupiah }}</b>", 0, "kartu tidak bisa ditampilkan"),
    "empty without a name": ("{% if nama %}<b>Satu</b>{% endif %}", 0, "kartu kosong"),
    "empty": ("<b></b>", 0, "kartu kosong"),
    "no heading": ("Satu", 0, "kartu dibuka dengan judul tebal, <b>…</b>"),
    "too long": (f"<b>{'x' * (CARD_LIMIT + 1)}</b>", 0, "kartu menjadi 2001 huruf, paling banyak 2000"),
    "too long for one kind of business": (
        "<b>Satu</b>{% if usaha == 'lainnya' %}" + "x" * CARD_LIMIT + "{% endif %}", 0,
        "kartu menjadi 2004 huruf, paling banyak 2000",
    ),
    "unkind": ("<b>Satu</b>\nKamu pasti bisa.", 1, "kata yang tidak ramah: Kamu"),
}  # fmt: skip
"""The card, lines from its beginning to the told line, beginning of the message."""


@pytest.mark.parametrize("case", BAD_CARDS.values(), ids=BAD_CARDS.keys())
def test_bad_card_is_told_with_file_line_number_and_language(tmp_path: Path, case: tuple[str, int, str]) -> None:
    card, lines, message = case
    made = light_desk(tmp_path)
    line = made.replace(LESSON, "<b>Tiga</b>", card)

    (told,) = made.problems()

    assert (told.file, told.line, told.field) == (f"content/{LESSON}", line + lines, "M-O2-contoh, kartu 3 (id)")
    assert told.message.startswith(message)


def test_bad_card_of_a_translation_is_told_there(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.write(ENGLISH, THREE)
    line = made.replace(ENGLISH, "<b>Two</b>", "Two")

    assert made.problems() == [
        Problem(f"content/{ENGLISH}", line, "M-O2-contoh, kartu 2 (en)", "kartu dibuka dengan judul tebal, <b>…</b>")
    ]


def test_longest_card_passes(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.replace(LESSON, "<b>Dua</b>", "<b>" + "x" * CARD_LIMIT + "</b>")

    assert made.problems() == []


@pytest.mark.parametrize(("words", "found"), [(14, []), (15, ["kalimat tengahnya 15 kata, paling banyak 14"])])
def test_lesson_of_long_sentences_is_told(tmp_path: Path, words: int, found: list[str]) -> None:
    made = light_desk(tmp_path)
    made.replace(LESSON, "<b>Tiga</b>", "<b>Tiga</b>\n" + ("kata " * (words - 1) + "akhir.\n") * 4)

    assert [(p.file, p.line, p.message) for p in made.problems()] == [(f"content/{LESSON}", 1, m) for m in found]


@pytest.mark.parametrize("field", ["title: Contoh", "summary: Contoh ringkas.", "act: Lakukan satu hal."])
def test_unkind_word_in_a_head_is_told(tmp_path: Path, field: str) -> None:
    made = light_desk(tmp_path)
    made.replace(LESSON, field, f"{field} Kamu bisa.")

    place = f"M-O2-contoh.{field.partition(':')[0]}"
    assert made.problems() == [Problem(f"content/{LESSON}", 1, place, "kata yang tidak ramah: Kamu")]


# Translations


def test_whole_translation_passes(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    made.write(ENGLISH, THREE)

    assert made.problems() == []


STRAY = {
    "no lesson": ("modules/O2/lain.en.html.j2", THREE, 1, "berkas", "terjemahan ini tidak punya pelajaran asalnya"),
    "another folder": (
        "modules/O9/contoh.en.html.j2", THREE, 1, "berkas", "terjemahan ini tidak punya pelajaran asalnya",
    ),
    "unknown language": (
        "modules/O2/contoh.eng.html.j2", THREE, 1, "berkas", "bahasa eng tidak dikenal; yang ada: en",
    ),
    "its own language": ("modules/O2/contoh.id.html.j2", THREE, 1, "berkas", "bahasa id tidak dikenal; yang ada: en"),
    "a card too few": (
        ENGLISH, "<b>One</b>\n=====\n<b>Two</b>\n", 1, "kartu", "ada 2 kartu, seharusnya 3 seperti pelajaran asalnya",
    ),
    "a card too many": (
        ENGLISH, f"{THREE}=====\n<b>Four</b>\n", 1, "kartu", "ada 4 kartu, seharusnya 3 seperti pelajaran asalnya",
    ),
    "with a head": (ENGLISH, f"---\na: b\n---\n{THREE}", 1, "kepala", "terjemahan hanya berisi kartu, tanpa kepala"),
    "another break": (
        ENGLISH, THREE.replace("=====", "====", 1), 2, "kartu", "kartu dipisah dengan baris berisi tepat lima tanda =",
    ),
    "another encoding": (ENGLISH, THREE + "\udce9", 1, "berkas", "berkas ini tidak tersimpan sebagai UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("case", STRAY.values(), ids=STRAY.keys())
def test_translation_that_does_not_fit_is_told_with_its_own_file(
    tmp_path: Path, case: tuple[str, str, int, str, str]
) -> None:
    file, text, line, field, message = case
    made = light_desk(tmp_path)
    made.write(file, text.encode(errors="surrogateescape"))

    assert made.problems() == [Problem(f"content/{file}", line, field, message)]


# For whom cards are tried


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


def test_card_that_could_not_be_checked_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    card = "<b>Satu</b>\n\nBelum bisa diperiksa tadi."
    down = Jail(program="tests.texts.nowhere")
    monkeypatch.setattr("bot.content.card_rules.jail", lambda: down)
    assert one_card(card) == (0, "kartu belum bisa diperiksa; coba lagi sebentar")
    monkeypatch.undo()

    assert one_card(card) is None
