"""Counting the words of sentences: what ends a sentence, what does not, and what is a word."""

from __future__ import annotations

import pytest

from bot.content.readability import long_sentences, sentence_lengths, sentences

TEXTS: dict[str, tuple[str, list[str]]] = {
    "nothing": ("", []),
    "one": ("Cek mutasi dulu", ["Cek mutasi dulu"]),
    "three kinds of end": ("Ada? Ada! Baik.", ["Ada", "Ada", "Baik"]),
    "prices": ("Harganya Rp14.000. Ongkirnya Rp9.500,00.", ["Harganya Rp14.000", "Ongkirnya Rp9.500,00"]),
    "decimal number": ("Beratnya 1.5 kg dan 2,5 kg.", ["Beratnya 1.5 kg dan 2,5 kg"]),
    "hours": ("Buka 08.00–17.00, atau 8:30.", ["Buka 08.00–17.00, atau 8:30"]),
    "address": ("Buka contoh.id/lapor lalu isi.", ["Buka contoh.id/lapor lalu isi"]),
    "colon": ("Ingat tiga hal: stok, uang, janji.", ["Ingat tiga hal", "stok, uang, janji"]),
    "semicolon": ("Cek dulu; kirim nanti.", ["Cek dulu", "kirim nanti"]),
    "dots that trail off": ("Nanti saja… Baik.", ["Nanti saja", "Baik"]),
    "abbreviation that goes on": ("Gula, kopi, dll. dicatat tiap hari.", ["Gula, kopi, dll dicatat tiap hari"]),
    "abbreviation that ends": ("Catat gula, kopi, dll. Lalu hitung.", ["Catat gula, kopi, dll", "Lalu hitung"]),
    "account in a name": ("Rekening a.n. toko, No. 12.", ["Rekening a.n toko, No 12"]),
    "up to": ("Buka Senin s.d. sabtu.", ["Buka Senin s.d sabtu"]),
    "quote that ends": ("“Masih ada?” tanya Bu Sri. “Ada.” Lalu diam.", [
        "“Masih ada", "tanya Bu Sri", "“Ada", "Lalu diam",
    ]),
    "quote that goes on": ("Tulis “Maaf, habis.”, lalu tawarkan.", ["Tulis “Maaf, habis.”, lalu tawarkan"]),
    "brackets": ("Cek mutasi (di bank.) Lalu kirim.", ["Cek mutasi (di bank", "Lalu kirim"]),
    "lines": ("Judul\n\nSatu dua\ntiga", ["Judul", "Satu dua", "tiga"]),
    "numbered list": ("1. Cek mutasi\n2. Kirim barang", ["Cek mutasi", "Kirim barang"]),
    "lettered list": ("a) Cek mutasi\nb) Kirim", ["Cek mutasi", "Kirim"]),
    "bullets": ("• Stok: ada • Uang masuk", ["Stok", "ada", "Uang masuk"]),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS.values(), ids=TEXTS.keys())
def test_text_is_parted_into_sentences(case: tuple[str, list[str]]) -> None:
    text, parts = case

    assert sentences(text) == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Harganya Rp14.000 saja.", [3]),
        ("Buka 08.00–17.00.", [2]),
        ("Pre-order itu anak-anak/dewasa.", [3]),
        ("2 × Rp5.000 = Rp10.000.", [3]),
        ("– & –", []),
        ("Ya. Tidak mau.", [1, 2]),
    ],
)
def test_words_are_counted_as_a_reader_would(text: str, words: list[int]) -> None:
    assert sentence_lengths(text) == words


def test_sentence_is_long_beyond_the_most_and_not_at_it() -> None:
    assert long_sentences("satu dua tiga. satu dua tiga empat.", 3) == ["satu dua tiga empat"]
