"""Words for the fields of content, as an editor of a dinas would say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.content.part_names import code_of, kind_of

LETTERS = "ABCDEFGH"
KINDS: Mapping[str, str] = {
    "item": "Butir",
    "module": "Pelajaran",
    "probe": "Pelanggan bayangan",
    "picture": "Gambar",
    "translation": "Terjemahan",
    "form": "Susunan asesmen pemilik",
    "coach": "Susunan asesmen pembina",
    "levels": "Tingkat dan zona",
    "advice": "Aturan anjuran",
    "exposure": "Butir yang dijarangkan",
    "glossary": "Kata sulit",
    "sessions": "Naskah sesi kelompok",
}
ENTRIES: Mapping[str, str] = {
    "turns": "giliran",
    "steps": "langkah",
    "sources": "sumber",
    "cards": "kartu",
    "replies": "balasan",
    "words": "kata",
    "sessions": "naskah",
    "levels": "tingkat",
    "zones": "zona",
    "prerequisites": "syarat urutan",
    "also": "bentuk lain",
    "hidden_in": "disembunyikan di",
    "bring": "bawaan",
    "show": "tunjukkan",
    "practise": "latihan",
    "suits": "jenis usaha",
    "options": "pilihan",
    "dimensions": "bidang",
}
"""Lists whose entries are counted from 1."""
FIELDS: Mapping[str, str] = {
    "code": "kode",
    "status": "status",
    "stem": "pertanyaan",
    "dimension": "bidang",
    "format": "bentuk",
    "difficulty": "tingkat kesulitan",
    "calibrated": "kesulitan dari jawaban",
    "anchor": "butir jangkar",
    "text": "teks",
    "score": "nilai",
    "value": "nilai",
    "right": "benar",
    "feedback": "tanggapan",
    "feedback_right": "tanggapan bila benar",
    "feedback_wrong": "tanggapan bila belum tepat",
    "picture": "gambar",
    "alternative": "isi gambar dalam kata-kata",
    "answer": "jawaban",
    "low": "batas bawah",
    "high": "batas atas",
    "unit": "satuan",
    "customer": "pesan pembeli",
    "place": "urutan yang benar",
    "supports": "bidang yang didukung",
    "title": "judul",
    "url": "alamat",
    "true_on": "benar pada tanggal",
    "review_by": "dibaca ulang paling lambat",
    "summary": "ringkasan",
    "steps_from": "dari tingkat",
    "steps_to": "ke tingkat",
    "minutes": "lama (menit)",
    "act": "satu tindakan",
    "promotion": "tentang promosi",
    "translations": "terjemahan",
    "name": "nama",
    "short_name": "nama pendek",
    "questions": "jumlah pertanyaan",
    "asks_confidence": "ditanya keyakinan",
    "teachability": "mudah dilatih",
    "scored_between_habits": "pertanyaan di antara kebiasaan",
    "model": "model ukur",
    "discrimination": "daya beda",
    "correlation": "hubungan antarbidang",
    "step": "jarak antarnilai",
    "length": "panjang asesmen",
    "enough_error": "galat yang cukup kecil",
    "enough_seen": "pertanyaan per bidang yang cukup",
    "confirm_least": "pastikan hasil, paling sedikit",
    "confirm_most": "pastikan hasil, paling banyak",
    "confirm_days": "pastikan hasil, dalam hari",
    "check_questions": "cek ulang, pertanyaan",
    "check_right": "cek ulang, harus benar",
    "literacy": "literasi digital inti",
    "difficulty_from": "mulai tingkat kesulitan",
    "number": "nomor",
    "meaning": "arti",
    "mark": "tanda",
    "cut_score": "mulai nilai",
    "needs": "menunggu bidang",
    "at_least": "paling sedikit",
    "ready_cut": "ambang siap",
    "goal_cut": "ambang tujuan",
    "goal_probability": "peluang mencapai tujuan",
    "level_probability": "keyakinan tingkat",
    "zone_probability": "keyakinan zona",
    "modules_at_once": "pelajaran sekaligus",
    "retest_days": "asesmen ulang setelah hari",
    "retest_modules": "asesmen ulang setelah pelajaran",
    "group_fewest": "hasil kelompok paling sedikit",
    "group_below": "bagian kelompok di bawah batas",
    "group_split": "kelompok terbelah",
    "group_part": "bagian yang terbelah",
    "safety_module": "pelajaran keamanan",
    "warning": "peringatan",
    "business_weights": "bobot jenis usaha",
    "admitted": "bagian asesmen yang boleh menanyakan",
    "ask": "tanya dulu",
    "agree": "janji",
    "watch": "perhatikan",
    "split": "bila terbagi dua",
    "word": "kata",
    "id": "bahasa Indonesia",
    "jv": "bahasa Jawa",
    "su": "bahasa Sunda",
}
LANGUAGES: Mapping[str, str] = {"en": "Inggris", "id": "Indonesia"}


def part_words(part: str) -> str:
    """Return a part's name for people: Butir O1-001, Susunan asesmen pemilik."""
    code = code_of(part)
    return " ".join(filter(None, (KINDS.get(kind_of(part), part), LANGUAGES.get(code, code))))


def field_words(path: str) -> str:
    """Return the words for a path inside a part: `options.1.feedback` is “pilihan B, tanggapan”."""
    return ", ".join(_said(path.split("."))) if path else "seluruh bagian"


def _said(steps: Sequence[str]) -> list[str]:
    said: list[str] = []
    for index, step in enumerate(steps):
        before = steps[index - 1] if index else ""
        following = steps[index + 1] if index + 1 < len(steps) else ""
        if step.isdecimal():
            said.append(_entry(before, int(step)))
        elif not following.isdecimal():
            said.append(FIELDS.get(step) or ENTRIES.get(step) or LANGUAGES.get(step, step))
        elif step == "translations" or before == "translations":
            said.append(LANGUAGES.get(step, step))
    return said


def _entry(holder: str, index: int) -> str:
    if holder in ("options", "replies"):
        word = "pilihan" if holder == "options" else "balasan"
        return f"{word} {LETTERS[index]}" if index < len(LETTERS) else f"{word} {index + 1}"
    if holder in LANGUAGES:
        return f"kartu {index + 1}"
    return f"{ENTRIES.get(holder) or FIELDS.get(holder, 'nomor')} {index + 1}"
