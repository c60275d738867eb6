"""Copies of the real content whose every question is of a chosen format, to play with in the tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from bot.core.item import OWNER_DIMENSIONS, Format

CONTENT = Path(__file__).parents[2] / "content"

PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="720" viewBox="0 0 360 300">
<rect width="360" height="300" fill="#ffffff"/>
<rect x="0" y="0" width="360" height="56" fill="#1b5e20"/>
<text x="20" y="36" font-family="Open Sans" font-size="22" fill="#ffffff">Bank Contoh Nusantara</text>
<text x="20" y="110" font-family="Open Sans" font-size="20" fill="#222222">Transfer dijadwalkan</text>
<text x="20" y="150" font-family="Open Sans" font-size="20" fill="#222222">Rp250.000 ke Bu Sri</text>
<text x="20" y="190" font-family="Open Sans" font-size="20" fill="#222222">Dikirim: besok, 09.00</text>
</svg>
"""
ALTERNATIVE = "Layar Bank Contoh Nusantara: transfer dijadwalkan, Rp250.000 ke Bu Sri, dikirim besok pukul 09.00."
PLACES = (2, 3, 1, 4)
"""The right places of the steps A to D: the right order is C, A, B, D."""

BODIES = {
    Format.PICTURE: f"""
    format: gambar
    stem: Pembeli mengirim gambar ini dan minta barangnya sekarang. Apa yang terjadi dengan uangnya?
    picture: transfer-dijadwalkan
    alternative: >-
      {ALTERNATIVE}
    options:
      - {{text: Uangnya sudah masuk, score: 0, feedback: Belum. Di gambar tertulis dijadwalkan.}}
      - {{text: Uangnya baru dikirim besok, score: 1, feedback: "Tepat. Tunggu besok, lalu cek mutasi."}}
      - {{text: Uangnya hilang, score: 0, feedback: Belum hilang. Transfernya memang belum berjalan.}}
      - {{text: Banknya menolak, score: 0, feedback: Tidak ada tulisan ditolak di gambar itu.}}
""",
    Format.CONVERSATION: """
    format: percakapan
    stem: Bu Yati menjual keripik di Lampung. Seorang pembeli baru mengirim pesan.
    turns:
      - customer: Bu, keripik pisangnya masih ada?
        options:
          - {text: "Masih, Kak. Mau rasa apa?", score: 2, feedback: Tepat. Pembeli langsung tahu langkah berikutnya.}
          - {text: "Ada.", score: 1, feedback: "Benar, tetapi obrolan berhenti di situ. Ajak memilih rasa."}
          - {text: "Lihat sendiri di katalog.", score: 0, feedback: Jawab dulu. Katalognya menyusul.}
      - customer: Bisa sampai Sabtu di Metro?
        options:
          - {text: "Pasti bisa, Kak!", score: 0, feedback: Janji tanpa melihat jadwal kurir bisa mengecewakan.}
          - {text: "Saya cek jadwal kurir dulu, ya.", score: 2, feedback: Tepat. Janji dibuat sesudah tahu jadwalnya.}
          - {text: "Biasanya bisa.", score: 1, feedback: Lebih baik dicek dulu supaya pasti.}
""",
    Format.ORDER: """
    format: urutan
    stem: Ada pesanan masuk lewat chat. Urutkan langkahnya.
    steps:
      - {text: Cek uang masuk di mutasi, place: 2}
      - {text: Kemas barangnya, place: 3}
      - {text: Pastikan barangnya masih ada, place: 1}
      - {text: Kirim nomor resi ke pembeli, place: 4}
    feedback_right: Tepat. Barang ada, uang masuk, baru dikemas dan dikirim.
    feedback_wrong: "Urutannya: pastikan barang ada, cek uang masuk, kemas, lalu kirim resi."
""",
}


def content_of(folder: Path, *formats: Format, asks_confidence: bool = False) -> Path:
    """Return a content directory with one question a dimension, in these formats by turns, and without habits."""
    root = folder / "content"
    shutil.copytree(CONTENT, root)
    shutil.rmtree(root / "items")
    shutil.rmtree(root / "pictures", ignore_errors=True)
    (root / "items" / "owner").mkdir(parents=True)
    for number, dimension in enumerate(OWNER_DIMENSIONS):
        body = BODIES[formats[number % len(formats)]].lstrip("\n")
        text = (
            f"dimension: {dimension}\nitems:\n  - code: {dimension}-901\n    difficulty: 3\n    status: aktif\n{body}"
        )
        (root / "items" / "owner" / f"{dimension.value.lower()}.yaml").write_text(text, encoding="utf-8")
    if Format.PICTURE in formats:
        (root / "pictures").mkdir()
        (root / "pictures" / "transfer-dijadwalkan.svg").write_text(PICTURE, encoding="utf-8")
    form = (root / "forms.yaml").read_text(encoding="utf-8")
    form = re.sub(r"(?m)(?<!\w)questions: \d+", "questions: 1", form)
    if not asks_confidence:
        form = form.replace("asks_confidence: true", "asks_confidence: false")
    (root / "forms.yaml").write_text(form, encoding="utf-8")
    return root
