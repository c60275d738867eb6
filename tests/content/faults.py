"""Faults an editor can make, one a row, and how each should be told."""

from __future__ import annotations

from tests.content.broken import ADVICE, BANK, EXPOSURE, FORM, GLOSSARY, LEVELS, PRACTICE, SMALL_ITEMS, SMALL_LESSON

Fault = tuple[str, str, str, int, str, str]
"""File, what stands there, what replaces it, lines from there to the told line, field, message."""

DIMENSIONS = "'O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7', 'O8', 'C0', 'C1', 'C2', 'C3', 'C4' atau 'C5'"
WHOLE_NUMBER = "harus berupa bilangan bulat, tanpa titik atau koma"
ITEM_CODE, LESSON_CODE = "kode ditulis seperti O2-014, C1-003, atau H-002", "kode ditulis seperti M-O2-cek-mutasi"
NO_BRACKETS = "tidak boleh memuat tanda < atau >"
TEXT = "harus berupa teks; angka, true, dan false diapit tanda kutip"
EMPTY = "wajib diisi, sekarang kosong"
BAD_YAML = "tidak terbaca sebagai YAML: "
COLON = "ada titik dua di tengah teks (apit seluruh teks dengan tanda kutip), atau spasi di depan baris tidak sejajar"
INDENT = "spasi di depan baris tidak sejajar, atau ada yang tertulis sesudah tanda kutip tutup"
FIRST_SIGN = "ada tanda yang tidak boleh di awal teks; apit seluruh teks dengan tanda kutip"
BREAK = "kartu dipisah dengan baris berisi tepat lima tanda ="

BROKEN: dict[str, Fault] = {
    "word for a whole number": (FORM, "minutes: 15", "minutes: lima", 0, "minutes", WHOLE_NUMBER),
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
    "pattern of a code": (FORM, "code: pemilik", "code: Pemilik", 0, "code", "hanya huruf kecil, 3 sampai 20"),
    "angle bracket": (LEVELS, "mark: 🌱", "mark: <b>", 0, "zones.0.mark", NO_BRACKETS),
    "weight too large": (
        ADVICE, "kuliner: {O7: 1.2", "kuliner: {O7: 3", 0, "business_weights.kuliner.O7", "paling besar 2.0",
    ),
    "item code": (SMALL_ITEMS, "O2-901", "O2-9", 0, "O2-9.code", ITEM_CODE),
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
        "harus salah satu dari 'draf', 'telaah', 'aktif', 'pantau' atau 'arsip'",
    ),
    "unknown business": (
        SMALL_ITEMS, "[kuliner]", "[bakso]", 0, "O2-901.suits.0",
        "harus salah satu dari 'warung', 'kuliner', 'fesyen', 'kriya', 'pertanian', 'jasa' atau 'lainnya'",
    ),
    "stem with HTML": (
        SMALL_ITEMS, "Pembeli mengirim", "Pembeli <b>mengirim", -1, "O2-901.stem", NO_BRACKETS,
    ),
    "stem too long": (
        SMALL_ITEMS, "Pembeli mengirim", "Pembeli " * 50, -1, "O2-901.stem", "terlalu panjang, paling banyak 350 huruf",
    ),
    "stem empty": (SMALL_ITEMS, "stem: Berapa?", 'stem: " "', 0, "O2-904.stem", "tidak boleh kosong"),
    "stem a number": (SMALL_ITEMS, "stem: Berapa?", "stem: 5", 0, "O2-904.stem", TEXT),
    "three options": (
        SMALL_ITEMS, "      - {text: Empat, score: 0, feedback: Belum.}\n", "", -4, "O2-902.options",
        "ada 3, paling sedikit 4",
    ),
    "six options to tick": (
        SMALL_ITEMS, "      - {text: Tiga, right: false, feedback: Belum.}\n",
        "      - {text: Tiga, right: false, feedback: Belum.}\n" * 3, -3, "O2-903.options",
        "ada 6, paling banyak 5",
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
        "harus salah satu dari 'rupiah', 'buah', 'hari', 'persen' atau 'menit'",
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
        SMALL_LESSON, "M-O2-contoh", "M-O9-contoh", 0, "code", LESSON_CODE,
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
        SMALL_LESSON, "=====\n<b>Tiga</b>\n", "", -18, "cards", "ada 2, paling sedikit 3",
    ),
    "lesson without a head": (
        SMALL_LESSON, "---\ncode", "code", 0, "kepala", "modul dibuka dengan kepala di antara dua baris ---",
    ),
}  # fmt: skip

EDITORS: dict[str, Fault] = {
    "stem left empty": (SMALL_ITEMS, "stem: Berapa?", "stem:", 0, "O2-904.stem", EMPTY),
    "tab in front": (SMALL_ITEMS, "    stem: Berapa?", "\tstem: Berapa?", 0, "yaml", BAD_YAML + "ada tab; pakai spasi"),
    "colon in a text": (SMALL_ITEMS, "stem: Berapa?", "stem: Katanya: ya?", 0, "yaml", BAD_YAML + COLON),
    "quote left open": (SMALL_ITEMS, "stem: Berapa?", 'stem: "Apa?', 0, "yaml", BAD_YAML + "tanda kutip tidak ditutup"),
    "words after a quote": (SMALL_ITEMS, "stem: Berapa?", 'stem: "Berapa" katanya', 0, "yaml", BAD_YAML + INDENT),
    "star in front": (
        SMALL_ITEMS, "stem: Berapa?", "stem: *Berapa*", 0, "yaml",
        BAD_YAML + "teks yang diawali * perlu diapit tanda kutip",
    ),
    "at sign in front": (SMALL_ITEMS, "stem: Berapa?", "stem: @toko", 0, "yaml", BAD_YAML + FIRST_SIGN),
    "percent sign in front": (SMALL_ITEMS, "stem: Berapa?", "stem: %5", 0, "yaml", BAD_YAML + FIRST_SIGN),
    "colon forgotten": (
        SMALL_ITEMS, "stem: Berapa?", "stem Berapa?", 0, "yaml",
        BAD_YAML + "ada baris tanpa titik dua sesudah kuncinya",
    ),
    "a space too few": (SMALL_ITEMS, "    stem: Berapa?", "   stem: Berapa?", 0, "yaml", BAD_YAML + INDENT),
    "bracket left open": (
        SMALL_ITEMS, "{text: Satu, score: 2, feedback: Tepat.}", "{text: Satu, score: 2, feedback: Tepat.", 0, "yaml",
        BAD_YAML + "kurung [ atau { tidak ditutup, atau ada koma yang terlewat",
    ),
    "key twice": (
        SMALL_ITEMS, "difficulty: 1", "difficulty: 1\n    difficulty: 2", 1, "yaml",
        BAD_YAML + "ada kunci yang ditulis dua kali",
    ),
    "day of no calendar": (
        SMALL_ITEMS, "true_on: 2025-10-26", "true_on: 2025-13-26", 0, "yaml",
        "tanggal 2025-13-26 tidak ada di kalender",
    ),
    "day in another order": (
        SMALL_ITEMS, "true_on: 2025-10-26", "true_on: 26-10-2025", 0, "O2-901.sources.0.true_on",
        "tanggal ditulis TTTT-BB-HH",
    ),
    "no address": (SMALL_ITEMS, "url: https://contoh.id/kabar", "url:", 0, "O2-901.sources.0.url", EMPTY),
    "points between thousands": (SMALL_ITEMS, "value: 50", "value: 50.000", 0, "O2-904.answer.value", WHOLE_NUMBER),
    "rupiah in a number": (SMALL_ITEMS, "value: 50", "value: Rp50", 0, "O2-904.answer.value", WHOLE_NUMBER),
    "number for an answer": (
        SMALL_ITEMS, "answer: {value: 50, low: 45, high: 55, unit: buah}", "answer: 50", 0, "O2-904.answer",
        "harus berupa kunci dan nilai",
    ),
    "option that is only a price": (SMALL_ITEMS, "text: Cek mutasi", "text: 5000", 0, "O2-901.options.0.text", TEXT),
    "difficulty in words": (SMALL_ITEMS, "difficulty: 1", "difficulty: mudah", 0, "O2-901.difficulty", WHOLE_NUMBER),
    "business in capitals": (
        SMALL_ITEMS, "[kuliner]", "[Kuliner]", 0, "O2-901.suits.0",
        "harus salah satu dari 'warung', 'kuliner', 'fesyen', 'kriya', 'pertanian', 'jasa' atau 'lainnya'",
    ),
    "one business without brackets": (SMALL_ITEMS, "[kuliner]", "kuliner", 0, "O2-901.suits", "harus berupa daftar"),
    "ya for true": (SMALL_ITEMS, "anchor: true", "anchor: ya", 0, "O2-902.anchor", "harus true atau false"),
    "dimension in small letters": (
        SMALL_ITEMS, "dimension: O2", "dimension: o2", 0, "dimension",
        "harus salah satu dari O1, O2, O3, O4, O5, O6, O7, O8, C1, C2, C3, C4, C5, atau habit",
    ),
    "entry left empty": (SMALL_ITEMS, "  - code: H-901", "  -\n  - code: H-901", 0, "5", EMPTY),
    "code in small letters": (SMALL_ITEMS, "code: O2-902", "code: o2-902", 0, "o2-902.code", ITEM_CODE),
    "break of four signs": (SMALL_LESSON, "=====\n<b>Dua", "====\n<b>Dua", 0, "kartu", BREAK),
    "break with a space": (SMALL_LESSON, "=====\n<b>Dua", "===== \n<b>Dua", 0, "kartu", BREAK),
    "line of dashes": (SMALL_LESSON, "=====\n<b>Dua", "-----\n<b>Dua", 0, "kartu", BREAK),
    "lesson that leads nowhere": (
        SMALL_LESSON, "steps_from: 1", "steps_from: 2", -4, "berkas", "steps_to harus lebih tinggi dari steps_from",
    ),
    "minutes with their word": (SMALL_LESSON, "minutes: 4", "minutes: 4 menit", 0, "minutes", WHOLE_NUMBER),
    "colon in a title": (SMALL_LESSON, "title: Contoh", "title: Contoh: satu", 0, "yaml", BAD_YAML + COLON),
    "lesson in another folder": (
        SMALL_LESSON, "M-O2-contoh\ndimension: O2", "M-O3-contoh\ndimension: O3", 1, "dimension",
        "berkas ini ada di folder O2",
    ),
    "lesson of another dimension": (
        SMALL_LESSON, "dimension: O2", "dimension: O3", -1, "berkas", "kode M-O2-contoh tidak sesuai dengan dimensi O3",
    ),
    "difficulties that fall": (
        FORM, "[-1.8, -0.9, 0.0, 0.9, 1.8]", "[1.8, 0.9, 0.0, -0.9, -1.8]", -3, "model",
        "difficulty harus naik dari 1 ke 5",
    ),
    "least beyond most": (
        FORM, "confirm_least: 8", "confirm_least: 18", -3, "length", "confirm_least tidak boleh melebihi confirm_most",
    ),
    "more right than asked": (
        FORM, "check_right: 2", "check_right: 4", -7, "length", "check_right tidak boleh melebihi check_questions",
    ),
    "hour of no day": (
        SMALL_ITEMS, "true_on: 2025-10-26", "true_on: 2025-10-26T25:00:00", -26, "yaml",
        "ada tanggal atau bilangan yang tidak sah",
    ),
    "score with a percent sign": (
        LEVELS, "cut_score: 38", "cut_score: 38%", 0, "levels.1.cut_score", "harus berupa bilangan",
    ),
    "level with HTML": (ADVICE, "warning: ", "warning: <b>", 0, "warning", NO_BRACKETS),
    "bank of another dimension": (BANK, "O1: 12", "O9: 12", 0, "items.O9", f"harus salah satu dari {DIMENSIONS}"),
    "share in percent": (BANK, "longest_keys: 0.35", "longest_keys: 35", 0, "longest_keys", "harus kurang dari 1.0"),
    "code of no form": (EXPOSURE, "admitted: {}", "admitted: {O9-1: 0.5}", 0, "admitted.O9-1", ITEM_CODE),
    "share of one": (EXPOSURE, "admitted: {}", "admitted: {O1-001: 1}", 0, "admitted.O1-001", "harus kurang dari 1.0"),
    "nothing admitted": (EXPOSURE, "admitted: {}", "admitted:", 0, "admitted", EMPTY),
    "meaning too long": (
        GLOSSARY, 'id: "', 'id: "' + "x" * 160, 0, "words.0.id", "terlalu panjang, paling banyak 160 huruf",
    ),
    "reply of three points": (
        PRACTICE, "score: 2", "score: 3", 0, "probes.0.replies.1.score", "harus salah satu dari 0, 1 atau 2",
    ),
    "probe code": (PRACTICE, "code: P-001", "code: P1", 0, "probes.0.code", "kode ditulis seperti P-001"),
}  # fmt: skip
"""What people write who know their trade and not YAML."""

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
        SMALL_ITEMS, "value: 3", "value: 4", 0, "H-901.options.0.value", "harus salah satu dari 0, 1, 2 atau 3",
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
