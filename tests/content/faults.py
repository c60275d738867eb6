"""Faults an editor can make, one a row, and how each should be told."""

from __future__ import annotations

from tests.content.broken import ADVICE, FORM, LEVELS, SMALL_ITEMS, SMALL_LESSON

Fault = tuple[str, str, str, int, str, str]
"""File, what stands there, what replaces it, lines from there to the told line, field, message."""

DIMENSIONS = "'O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7' or 'O8'"

BROKEN: dict[str, Fault] = {
    "word for a whole number": (FORM, "minutes: 15", "minutes: lima", 0, "minutes", "harus berupa bilangan bulat"),
    "too large": (FORM, "minutes: 15", "minutes: 500", 0, "minutes", "paling besar 60"),
    "too small": (FORM, "minutes: 15", "minutes: 0", 0, "minutes", "paling kecil 1"),
    "not true or false": (
        FORM, "asks_confidence: true", "asks_confidence: mungkin", 0, "dimensions.1.asks_confidence",
        "harus true atau false",
    ),
    "number for true or false": (
        FORM, "asks_confidence: true", "asks_confidence: 7", 0, "dimensions.1.asks_confidence", "harus true atau false",
    ),
    "unknown dimension": (
        FORM, "dimension: O1", "dimension: O9", 0, "dimensions.0.dimension", f"harus salah satu dari {DIMENSIONS}",
    ),
    "one difficulty missing": (FORM, ", 1.8]", "]", 0, "model.difficulty.4", "wajib diisi"),
    "pattern of a code": (FORM, "code: pemilik", "code: Pemilik", 0, "code", "bentuknya tidak sesuai ^[a-z]{3,20}$"),
    "angle bracket": (LEVELS, "mark: 🌱", "mark: <b>", 0, "zones.0.mark", "bentuknya tidak sesuai ^[^<>]*$"),
    "weight too large": (
        ADVICE, "kuliner: {O7: 1.2", "kuliner: {O7: 3", 0, "business_weights.kuliner.O7", "paling besar 2.0",
    ),
    "item code": (SMALL_ITEMS, "O2-901", "O2-9", 0, "O2-9.code", r"bentuknya tidak sesuai ^(O[1-8]|H)-\d{3}$"),
    "item code of another dimension": (
        SMALL_ITEMS, "O2-901", "O3-901", 0, "O3-901", "kode O3-901 tidak sesuai dengan dimensi O2",
    ),
    "item code twice": (
        SMALL_ITEMS, "O2-902", "O2-901", 0, "code", "kode O2-901 sudah dipakai di content/items/owner/contoh.yaml:4",
    ),
    "unknown format": (SMALL_ITEMS, "format: pilihan", "format: tebak", -1, "O2-901", "format tebak tidak dikenal"),
    "no format": (SMALL_ITEMS, "    format: pilihan\n", "", -1, "O2-901", "wajib diisi: format"),
    "no difficulty": (SMALL_ITEMS, "    difficulty: 1\n", "", -2, "O2-901.difficulty", "wajib diisi"),
    "difficulty beyond five": (SMALL_ITEMS, "difficulty: 1", "difficulty: 6", 0, "O2-901.difficulty", "paling besar 5"),
    "unknown status": (
        SMALL_ITEMS, "status: aktif", "status: hidup", 0, "O2-901.status",
        "harus salah satu dari 'draf', 'telaah', 'aktif', 'pantau' or 'arsip'",
    ),
    "unknown business": (
        SMALL_ITEMS, "[kuliner]", "[bakso]", 0, "O2-901.suits.0",
        "harus salah satu dari 'warung', 'kuliner', 'fesyen', 'kriya', 'pertanian', 'jasa' or 'lainnya'",
    ),
    "stem with HTML": (
        SMALL_ITEMS, "Pembeli mengirim", "Pembeli <b>mengirim", -1, "O2-901.stem", "bentuknya tidak sesuai ^[^<>]*$",
    ),
    "stem too long": (
        SMALL_ITEMS, "Pembeli mengirim", "Pembeli " * 50, -1, "O2-901.stem", "terlalu panjang, paling banyak 350 huruf",
    ),
    "stem empty": (SMALL_ITEMS, "stem: Berapa?", 'stem: " "', 0, "O2-904.stem", "tidak boleh kosong"),
    "stem a number": (SMALL_ITEMS, "stem: Berapa?", "stem: 5", 0, "O2-904.stem", "harus berupa teks"),
    "three options": (
        SMALL_ITEMS, "      - {text: Empat, score: 0, feedback: Belum.}\n", "", -4, "O2-902.options",
        "terlalu sedikit, paling sedikit 4",
    ),
    "six options to tick": (
        SMALL_ITEMS, "      - {text: Tiga, right: false, feedback: Belum.}\n",
        "      - {text: Tiga, right: false, feedback: Belum.}\n" * 3, -3, "O2-903.options",
        "terlalu banyak, paling banyak 5",
    ),
    "no key": (
        SMALL_ITEMS, "score: 1\n", "score: 0\n", -9, "O2-901", "pilihan perlu tepat satu pilihan bernilai 1, lainnya 0",
    ),
    "two best in a situation": (
        SMALL_ITEMS, "score: 1, feedback: Hampir", "score: 2, feedback: Hampir", -8, "O2-902",
        "situasi perlu tepat satu nilai 2, satu atau dua nilai 1, lainnya 0",
    ),
    "one right to tick": (
        SMALL_ITEMS, "Dua, right: true", "Dua, right: false", -7, "O2-903",
        "ganda perlu dua atau tiga pilihan yang benar",
    ),
    "value outside its band": (
        SMALL_ITEMS, "low: 45", "low: 51", 0, "O2-904.answer", "harus berlaku low ≤ value ≤ high",
    ),
    "unknown unit": (
        SMALL_ITEMS, "unit: buah", "unit: kodi", 0, "O2-904.answer.unit",
        "harus salah satu dari 'rupiah', 'buah', 'hari', 'persen' or 'menit'",
    ),
    "habit without dimension": (SMALL_ITEMS, "    supports: O6\n", "", -3, "H-901.supports", "wajib diisi"),
    "review before the fact": (
        SMALL_ITEMS, "review_by: 2027-11-24", "review_by: 2025-10-26", -3, "O2-901.sources.0",
        "review_by harus sesudah true_on",
    ),
    "address without scheme": (
        SMALL_ITEMS, "https://contoh.id/kabar", "contoh.id", 0, "O2-901.sources.0.url", "alamat tidak sah",
    ),
    "address of another scheme": (
        SMALL_ITEMS, "https://contoh.id", "ftp://contoh.id", 0, "O2-901.sources.0.url", "alamat harus diawali https://",
    ),
    "date in words": (
        SMALL_ITEMS, "true_on: 2025-10-26", "true_on: 26 Oktober", 0, "O2-901.sources.0.true_on",
        "tanggal ditulis TTTT-BB-HH",
    ),
    "lesson code": (
        SMALL_LESSON, "M-O2-contoh", "M-O9-contoh", 0, "code", "bentuknya tidak sesuai ^M-O[1-8]-[a-z0-9-]{2,40}$",
    ),
    "lesson title too long": (
        SMALL_LESSON, "title: Contoh", "title: " + "x" * 61, 0, "title", "terlalu panjang, paling banyak 60 huruf",
    ),
    "lesson from the last level": (SMALL_LESSON, "steps_from: 1", "steps_from: 4", 0, "steps_from", "paling besar 3"),
    "lesson without promotion": (SMALL_LESSON, "promotion: false\n", "", -8, "promotion", "wajib diisi"),
    "lesson source without date": (
        SMALL_LESSON, "    true_on: 2025-10-26\n", "", -2, "sources.0.true_on", "wajib diisi",
    ),
    "lesson of two cards": (
        SMALL_LESSON, "=====\n<b>Tiga</b>\n", "", -18, "cards", "terlalu sedikit, paling sedikit 3",
    ),
    "lesson without a head": (
        SMALL_LESSON, "---\ncode", "code", 0, "kepala", "modul dibuka dengan kepala di antara dua baris ---",
    ),
}  # fmt: skip

OPTION_FAULTS: dict[str, Fault] = {
    "option too long": (
        SMALL_ITEMS, "text: Cek mutasi", "text: " + "x" * 81, 0, "O2-901.options.0.text",
        "terlalu panjang, paling banyak 80 huruf",
    ),
    "feedback too long": (
        SMALL_ITEMS, "feedback: Tepat.", "feedback: " + "x" * 301, 0, "O2-901.options.0.feedback",
        "terlalu panjang, paling banyak 300 huruf",
    ),
    "unknown key": (
        SMALL_ITEMS, "feedback: Tepat.\n", "feedback: Tepat.\n        skor: 1\n", 1, "O2-901.options.0.skor",
        "kunci ini tidak dikenal",
    ),
    "no feedback": (
        SMALL_ITEMS, "        feedback: Tepat.\n", "", -2, "O2-901.options.0.feedback", "wajib diisi",
    ),
    "habit value": (
        SMALL_ITEMS, "value: 3", "value: 4", 0, "H-901.options.0.value", "harus salah satu dari 0, 1, 2 or 3",
    ),
}  # fmt: skip

WHOLE: dict[str, tuple[str, str, str, str]] = {
    "list instead of keys": (FORM, "- a\n", "berkas", "isi berkas harus berupa daftar kunci dan nilai"),
    "nothing": (FORM, "", "berkas", "isi berkas harus berupa daftar kunci dan nilai"),
    "items without a list": (
        SMALL_ITEMS, "dimension: O2\nitems: belum ada\n", "items",
        "berkas butir berisi tepat dua kunci: dimension dan items",
    ),
    "items without a dimension": (
        SMALL_ITEMS, "items:\n  - code: O2-901\n", "items", "berkas butir berisi tepat dua kunci: dimension dan items",
    ),
    "items with a third key": (
        SMALL_ITEMS, "dimension: O2\nitems: []\nlain: 1\n", "items",
        "berkas butir berisi tepat dua kunci: dimension dan items",
    ),
}  # fmt: skip
"""File, its whole text, field, message."""

CRASHING: dict[str, tuple[str, str | bytes]] = {
    "head that is a text": (SMALL_LESSON, "---\nhalo\n---\na\n=====\nb\n=====\nc\n"),
    "empty head": (SMALL_LESSON, "---\n---\na\n=====\nb\n=====\nc\n"),
    "lesson in another encoding": (SMALL_LESSON, b"---\ntitle: caf\xe9\n---\na\n"),
    "control character in a lesson's head": (SMALL_LESSON, "---\ntitle: a\x07\n---\na\n"),
    "control character in items": (SMALL_ITEMS, "dimension: O2\nitems:\n  - stem: a\x07\n"),
}
"""File and its whole content."""

ENGLISH: dict[str, tuple[str, str, str]] = {
    "nought where more is asked": (FORM, "discrimination: 1.2", "discrimination: 0"),
    "one where less is asked": (FORM, "correlation: 0.6", "correlation: 1"),
    "word for a number": (FORM, "correlation: 0.6", "correlation: tinggi"),
    "list for a number": (FORM, "correlation: 0.6", "correlation: [1]"),
    "half for a whole number": (FORM, "minutes: 15", "minutes: 15.5"),
    "number for a mapping": (ADVICE, "{O7: 1.2, O3: 1.1}", "3"),
    "list for a date": (SMALL_ITEMS, "true_on: 2025-10-26", "true_on: [1]"),
    "hour in a date": (SMALL_ITEMS, "true_on: 2025-10-26", "true_on: 2025-10-26T10:00:00"),
    "text for options": (SMALL_ITEMS, "suits: [kuliner]", "suits: kuliner"),
    "text for an item": (SMALL_ITEMS, "  - code: H-901", "  - halo\n  - code: H-901"),
    "text for a source": (SMALL_LESSON, "  - title: Kabar\n", "  - kabar\n  - title: Kabar\n"),
}
"""File, what stands there, what replaces it: kinds of faults whose message is still English."""
