"""What every field of forms, levels, advice, words and scripts is called, and what its number does, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Input(StrEnum):
    """How a field is filled in; where none is named, the schema's type decides."""

    LINE = "line"
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    PERCENT = "percent"
    TICK = "tick"
    CHOICE = "choice"
    LINES = "lines"
    CODES = "codes"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Words:
    """A field's name, what it does, its unit, and how it is filled in."""

    label: str
    meaning: str = ""
    unit: str = ""
    input: Input | None = None


_FIXED = Words("", input=Input.FIXED)
_MINUTES = Words(
    "Perkiraan lama",
    "Ditulis di awal asesmen supaya orang bisa menyisihkan waktu. Asesmen tidak berhenti karena angka ini.",
    "menit",
)
_LENGTH = Words("Kapan cukup bertanya", "Makin banyak pertanyaan, makin teliti hasilnya, tetapi makin lama.")
_TEACHABILITY = Words(
    "Bobot anjuran",
    "1 berarti biasa. Di atas 1, pelajaran bidang ini lebih didahulukan. Di bawah 1, agak belakangan.",
)
_NAME = Words("Nama lengkap", "Dipakai di halaman hasil dan laporan.")
_SHORT_NAME = Words("Nama pendek", "Dipakai di tombol dan bagan, paling banyak 24 huruf.")

FORMS: Mapping[str, Words] = {
    "FormEntry.code": _FIXED,
    "FormEntry.minutes": _MINUTES,
    "FormEntry.scored_between_habits": Words(
        "Selingan kebiasaan",
        "Sesudah sekian pertanyaan bernilai, muncul satu pertanyaan kebiasaan yang tidak dinilai.",
        "pertanyaan",
    ),
    "FormEntry.model": Words(
        "Cara menghitung nilai",
        "Dipakai selama jawaban yang terkumpul belum cukup. Ubah bersama ahli pengukuran: "
        "semua nilai dari asesmen baru dihitung dengan angka ini.",
    ),
    "FormEntry.length": _LENGTH,
    "FormEntry.dimensions": Words("Bidang", "Berapa pertanyaan tiap bidang dalam satu asesmen, dan namanya."),
    "ModelEntry.discrimination": Words(
        "Daya beda",
        "Seberapa jelas satu pertanyaan membedakan yang sudah bisa dan yang belum. "
        "Makin besar, makin jauh nilai bergeser oleh satu jawaban.",
    ),
    "ModelEntry.correlation": Words(
        "Kaitan antarbidang",
        "Orang yang kuat di satu bidang biasanya kuat juga di bidang lain. 0 berarti tidak berkaitan, "
        "mendekati 1 berarti hampir selalu sama.",
    ),
    "ModelEntry.difficulty": Words(
        "Letak tingkat kesulitan",
        "Lima angka yang naik, dari pertanyaan termudah sampai tersulit. "
        "0 adalah tengah skala (nilai 50); 1 berarti sekitar 12 poin lebih tinggi.",
    ),
    "ModelEntry.step": Words(
        "Jarak jawaban kedua dan terbaik",
        "Untuk pertanyaan bernilai 0, 1, 2: makin besar, makin sulit naik dari jawaban kedua ke jawaban terbaik.",
    ),
    "LengthEntry.enough_error": Words(
        "Batas ketelitian",
        "Asesmen boleh selesai lebih cepat kalau perkiraan melesetnya sudah sekecil ini. "
        "Makin kecil, makin banyak pertanyaan. 0,45 kira-kira 6 poin pada skala 0–100.",
    ),
    "LengthEntry.enough_seen": Words(
        "Paling sedikit tiap bidang",
        "Asesmen baru boleh selesai lebih cepat kalau tiap bidang sudah ditanya sekian kali.",
        "pertanyaan",
    ),
    "LengthEntry.confirm_least": Words(
        "Pastikan hasil, paling sedikit", "Tambahan pertanyaan bila orang memilih “Pastikan hasil”.", "pertanyaan"
    ),
    "LengthEntry.confirm_most": Words(
        "Pastikan hasil, paling banyak", "Sesudah sekian tambahan, hasilnya ditutup.", "pertanyaan"
    ),
    "LengthEntry.confirm_days": Words(
        "Pastikan hasil, berlaku", "Tombol “Pastikan hasil” ditawarkan selama ini sesudah asesmen selesai.", "hari"
    ),
    "LengthEntry.check_questions": Words(
        "Pertanyaan cek ulang", "Sesudah pelajaran, satu bidang dicek lagi dengan sekian pertanyaan baru.", "pertanyaan"
    ),
    "LengthEntry.check_right": Words(
        "Tepat pada cek ulang", "Kalau sebanyak ini tepat, bidangnya dianggap naik.", "jawaban"
    ),
    "DimensionEntry.dimension": _FIXED,
    "DimensionEntry.name": _NAME,
    "DimensionEntry.short_name": _SHORT_NAME,
    "DimensionEntry.questions": Words(
        "Pertanyaan per asesmen", "Makin banyak, makin teliti hasil bidang ini, dan makin lama asesmennya."
    ),
    "DimensionEntry.asks_confidence": Words(
        "Tanya keyakinan", "Sesudah menjawab, orang ditanya: yakin, agak yakin, atau menebak."
    ),
    "DimensionEntry.teachability": _TEACHABILITY,
    "CoachEntry.code": _FIXED,
    "CoachEntry.minutes": _MINUTES,
    "CoachEntry.length": _LENGTH,
    "CoachEntry.literacy": Words(
        "Literasi digital inti", "Pembina juga menjawab pertanyaan pemilik, supaya nilainya bisa disandingkan."
    ),
    "CoachEntry.dimensions": Words("Bidang pembina", "Berapa pertanyaan tiap bidang dalam satu asesmen, dan namanya."),
    "CoachEntry.levels": Words("Tingkat pembina", "Pada skala 0–100, bukan persen. Tingkat pertama mulai dari 0."),
    "LiteracyEntry.name": _NAME,
    "LiteracyEntry.short_name": _SHORT_NAME,
    "LiteracyEntry.questions": Words("Pertanyaan tiap bidang pemilik", "Diambil dari masing-masing bidang O1–O8."),
    "LiteracyEntry.difficulty_from": Words(
        "Mulai tingkat kesulitan", "Hanya pertanyaan setingkat ini atau lebih sulit (1 mudah sampai 5 sulit)."
    ),
    "LiteracyEntry.teachability": _TEACHABILITY,
    "LevelsEntry.levels": Words("Tingkat pemilik", "Pada skala 0–100, bukan persen. Tingkat pertama mulai dari 0."),
    "LevelsEntry.zones": Words("Zona tiap bidang", "Bacaan kasar untuk satu bidang, bagi pemilik dan pembina."),
    "LevelEntry.number": _FIXED,
    "LevelEntry.name": Words("Nama tingkat", "Kata yang membesarkan hati, tidak pernah “rendah” atau “gagal”."),
    "LevelEntry.meaning": Words("Artinya", "Dibaca orang sesudah kata “Artinya, …”.", input=Input.TEXT),
    "LevelEntry.cut_score": Words(
        "Mulai nilai",
        "Nilai terkecil untuk tingkat ini. Dinaikkan berarti lebih sedikit orang sampai di sini.",
    ),
    "ZoneEntry.code": _FIXED,
    "ZoneEntry.name": Words("Nama zona", "Misalnya: perlu dikuatkan."),
    "ZoneEntry.mark": Words("Tanda", "Satu gambar kecil di depan namanya."),
    "ZoneEntry.cut_score": Words("Mulai nilai", "Nilai bidang terkecil untuk zona ini. Harus naik dari zona ke zona."),
}

ADVICE: Mapping[str, Words] = {
    "AdviceEntry.ready_cut": Words(
        "Batas siap jualan daring",
        "Respons pelanggan (O6) dan stok (O7) harus sampai nilai ini sebelum pelajaran promosi dibuka.",
        "dari 100",
    ),
    "AdviceEntry.goal_cut": Words(
        "Sasaran tiap bidang", "Bidang di bawah nilai ini bisa dianjurkan pelajarannya.", "dari 100"
    ),
    "AdviceEntry.goal_probability": Words(
        "Yakin bidang perlu dikuatkan",
        "Pelajaran baru dianjurkan kalau kemungkinan bidangnya di bawah sasaran sebesar ini. "
        "Makin besar, makin sedikit anjuran, tetapi makin pasti.",
        "persen",
        Input.PERCENT,
    ),
    "AdviceEntry.level_probability": Words(
        "Yakin tingkat",
        "Kalau kemungkinan tingkatnya di bawah ini, orang ditawari “Pastikan hasil” dengan pertanyaan tambahan.",
        "persen",
        Input.PERCENT,
    ),
    "AdviceEntry.zone_probability": Words(
        "Yakin zona",
        "Kalau kemungkinan zona sebuah bidang di bawah ini, yang ditawarkan cek ulang, bukan pelajaran.",
        "persen",
        Input.PERCENT,
    ),
    "AdviceEntry.modules_at_once": Words(
        "Pelajaran sekaligus",
        "Paling banyak sekian pelajaran dianjurkan bersamaan, supaya tidak kewalahan.",
        "pelajaran",
    ),
    "AdviceEntry.retest_days": Words("Asesmen ulang sesudah", "Asesmen ulang dianjurkan sesudah sekian hari.", "hari"),
    "AdviceEntry.retest_modules": Words(
        "… atau sesudah", "Asesmen ulang juga dianjurkan sesudah sekian pelajaran dipraktikkan.", "pelajaran"
    ),
    "AdviceEntry.group_fewest": Words(
        "Hasil kelompok, paling sedikit",
        "Jumlah dan rata-rata kelompok baru ditampilkan kalau ada sekian hasil, supaya hasil orang tidak bisa ditebak.",
        "hasil",
    ),
    "AdviceEntry.group_below": Words(
        "Topik untuk kelompok",
        "Sebuah bidang menjadi topik pertemuan kalau sebanyak ini dari anggota di bawah sasaran.",
        "persen",
        Input.PERCENT,
    ),
    "AdviceEntry.group_split": Words(
        "Kelompok terbelah dua",
        "Makin besar, makin jarang kelompok dianggap terbelah antara yang sudah bisa dan yang belum.",
        "persen",
        Input.PERCENT,
    ),
    "AdviceEntry.group_part": Words(
        "Bagian terkecil",
        "Kelompok hanya disebut terbelah kalau tiap bagiannya paling sedikit sebanyak ini.",
        "persen",
        Input.PERCENT,
    ),
    "AdviceEntry.safety_module": Words(
        "Pelajaran keamanan",
        "Didahulukan kalau orang yakin, padahal jawabannya soal penipuan keliru.",
        "",
        Input.CHOICE,
    ),
    "AdviceEntry.warning": Words(
        "Kartu peringatan", "Muncul seketika sesudah jawaban soal penipuan yang yakin tetapi keliru.", "", Input.TEXT
    ),
    "AdviceEntry.prerequisites": Words(
        "Urutan belajar", "Pelajaran sebuah bidang menunggu sampai bidang lain mencapai nilai tertentu."
    ),
    "AdviceEntry.business_weights": Words(
        "Bobot jenis usaha",
        "Untuk jenis usaha tertentu sebuah bidang lebih mendesak (di atas 1) atau kurang (di bawah 1). "
        "Kosong berarti 1.",
    ),
    "PrerequisiteEntry.dimension": Words("Pelajaran bidang", "Yang menunggu."),
    "PrerequisiteEntry.needs": Words("menunggu bidang", "Yang harus lebih dulu."),
    "PrerequisiteEntry.at_least": Words("sampai nilai", "Pada skala 0–100.", "dari 100"),
}

TEXTS: Mapping[str, Words] = {
    "GlossaryEntry.words": Words("Kata sulit", "Artinya muncul lewat tombol di bawah pertanyaan yang memuat kata itu."),
    "WordEntry.word": Words("Kata", "Seperti tertulis di pertanyaan atau pelajaran."),
    "WordEntry.also": Words("Bentuk lain", "Bentuk lain dari kata yang sama, satu per baris. Boleh kosong."),
    "WordEntry.hidden_in": Words(
        "Sembunyikan di butir",
        "Kode butir yang jawabannya jadi ketahuan kalau kata ini dijelaskan, misalnya O2-002. Pisahkan dengan koma.",
        "",
        Input.CODES,
    ),
    "WordEntry.id": Words(
        "Arti dalam bahasa Indonesia", "Bahasa sehari-hari, tanpa kata sulit lain.", input=Input.TEXT
    ),
    "WordEntry.jv": Words("Arti dalam bahasa Jawa", "Sopan dan lazim di pasar.", input=Input.TEXT),
    "WordEntry.su": Words("Arti dalam bahasa Sunda", "Sopan dan lazim di pasar.", input=Input.TEXT),
    "SessionsEntry.sessions": Words("Naskah sesi", "Sekitar sepuluh menit untuk satu bidang, tanpa proyektor."),
    "SessionEntry.dimension": _FIXED,
    "SessionEntry.bring": Words("Yang dibawa", "Satu barang per baris, paling banyak tiga."),
    "SessionEntry.ask": Words("Tanya dulu", "Satu pertanyaan pembuka yang semua orang bisa jawab.", "", Input.TEXT),
    "SessionEntry.show": Words("Tunjukkan", "Dua sampai empat langkah, satu per baris."),
    "SessionEntry.practise": Words(
        "Semua mencoba", "Dua sampai empat langkah, satu per baris. HP di tangan pemiliknya."
    ),
    "SessionEntry.agree": Words("Satu janji", "Yang dilakukan peserta sampai pertemuan berikutnya.", "", Input.TEXT),
    "SessionEntry.watch": Words(
        "Yang sering keliru", "Salah paham yang biasa, dan jawaban yang ramah.", "", Input.TEXT
    ),
    "SessionEntry.split": Words("Untuk yang sudah bisa", "Kegiatan lain untuk yang sudah lancar.", "", Input.TEXT),
    "ExposureEntry.admitted": Words(
        "Butir yang dijarangkan",
        "Bagian asesmen yang boleh menanyakan sebuah butir, supaya tidak terlalu sering muncul. "
        "Dihitung oleh uji coba, tidak diisi dengan tangan.",
    ),
}

EXPLAINED: Mapping[str, Words] = {**FORMS, **ADVICE, **TEXTS}
