"""Copies of the real content and small worlds of its own, to break one thing in."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.content.lint import check
from bot.content.load import SINGLES
from bot.content.problems import Problem
from bot.content.regions import FILE as REGIONS
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS
from tests.content.formats import ALTERNATIVE, PICTURE
from tests.core.builders import CONTENT, TODAY

FORM, LEVELS, ADVICE, COACH = "forms.yaml", "levels.yaml", "advice.yaml", "coach.yaml"
BANK, GLOSSARY, EXPOSURE, PRACTICE = "bank.yaml", "glossary.yaml", "exposure.yaml", "practice/pelanggan-bayangan.yaml"
SESSIONS = "sessions.yaml"


@dataclass(frozen=True, slots=True)
class Desk:
    """A directory of content that a test may spoil."""

    root: Path

    def replace(self, file: str, old: str, new: str, count: int = 1) -> int:
        """Put new text in the place of old; return the line (from 1) where the first change begins."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer has {old!r}"
        path.write_text(text.replace(old, new, count), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def write(self, file: str, text: str | bytes) -> None:
        raw = text.encode() if isinstance(text, str) else text
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)

    def line(self, file: str, text: str) -> int:
        """Return the line (from 1) where a text first stands."""
        whole = (self.root / file).read_text(encoding="utf-8")
        return whole[: whole.index(text)].count("\n") + 1

    def problems(self) -> list[Problem]:
        return check(self.root, today=TODAY)


def desk(folder: Path) -> Desk:
    """Return a copy of the whole real content; a check of it takes seconds."""
    root = folder / "content"
    shutil.copytree(CONTENT, root)
    return Desk(root)


ITEMS = """# Contoh
dimension: O2
items:
  - code: O2-901
    format: pilihan
    difficulty: 1
    status: aktif
    suits: [kuliner]
    stem: >-
      Pembeli mengirim gambar. Apa yang dilakukan dulu?
    options:
      - text: Cek mutasi
        score: 1
        feedback: Tepat.
      - text: Kirim barang
        score: 0
        feedback: Tunggu dulu.
      - text: Minta gambar lagi
        score: 0
        feedback: Tunggu dulu.
      - text: Diam saja
        score: 0
        feedback: Tunggu dulu.
    sources:
      - title: Kabar
        url: https://contoh.id/kabar
        true_on: 2025-10-26
        review_by: 2027-11-24
  - code: O2-902
    format: situasi
    difficulty: 2
    status: aktif
    anchor: true
    stem: Apa yang terbaik?
    options:
      - {text: Satu, score: 2, feedback: Tepat.}
      - {text: Dua, score: 1, feedback: Hampir.}
      - {text: Tiga, score: 0, feedback: Belum.}
      - {text: Empat, score: 0, feedback: Belum.}
  - code: O2-903
    format: ganda
    difficulty: 3
    status: aktif
    stem: Pilih semua yang aman.
    options:
      - {text: Satu, right: true, feedback: Tepat.}
      - {text: Dua, right: true, feedback: Tepat.}
      - {text: Tiga, right: false, feedback: Belum.}
      - {text: Empat, right: false, feedback: Belum.}
  - code: O2-904
    format: angka
    difficulty: 4
    status: aktif
    stem: Berapa?
    answer: {value: 50, low: 45, high: 55, unit: buah}
    feedback_right: Tepat.
    feedback_wrong: Hitung lagi.
  - code: H-901
    format: kebiasaan
    status: aktif
    supports: O6
    stem: Kapan terakhir?
    options:
      - {text: Hari ini, value: 3}
      - {text: Kemarin, value: 1}
      - {text: Lama, value: 0}
"""
MODULE = """---
code: M-O2-contoh
dimension: O2
title: Contoh
summary: Contoh ringkas.
steps_from: 1
steps_to: 2
minutes: 4
act: Lakukan satu hal.
promotion: false
sources:
  - title: Kabar
    url: https://contoh.id/kabar
    true_on: 2025-10-26
    review_by: 2027-11-24
---
<b>Satu</b>
=====
<b>Dua</b>
=====
<b>Tiga</b>
"""


def small_desk(folder: Path) -> Desk:
    """Return a desk with the real files of one entry, and for items and lessons the two small files of this module, so
    that no edit of the real ones moves a line.
    """
    made = _singles(folder)
    made.write(EXPOSURE, "admitted: {}\n")
    made.write(SMALL_ITEMS, ITEMS)
    made.write(SMALL_LESSON, MODULE)
    return made


def _singles(folder: Path) -> Desk:
    made = Desk(folder / "content")
    for file in (*(file for file, _ in SINGLES.values()), REGIONS):
        made.write(file, (CONTENT / file).read_bytes())
    return made


SMALL_ITEMS, SMALL_LESSON = "items/owner/contoh.yaml", "modules/O2/contoh.html.j2"

LIGHT_BANK = """items: {O1: 1}
formats: {angka: 1}
keys_on_a_letter: 0.4
longest_keys: 0.35
median_sentence: 14
longest_sentence: 30
alike: 0.6
warn_days: 60
"""
LIGHT_GLOSSARY = """words:
  - word: mutasi
    id: Catatan uang masuk dan keluar.
    jv: Cathetan dhuwit mlebu lan metu.
    su: Catetan artos lebet sareng kaluar.
  - word: resi
    also: [nomor resi]
    hidden_in: [O1-901]
    id: Bukti kirim barang.
    jv: Bukti kirim barang.
    su: Bukti kirim barang.
"""
GOODS = {
    "O1": ("keripik", "emping", "rengginang"),
    "O2": ("sarung", "kebaya", "selendang"),
    "O3": ("tomat", "terung", "cabai"),
    "O4": ("sabun", "sampo", "odol"),
    "O5": ("gelang", "kalung", "anting"),
    "O6": ("bakso", "siomay", "batagor"),
    "O7": ("rotan", "bambu", "pandan"),
    "O8": ("jahe", "kunyit", "temulawak"),
    "C1": ("piring", "gelas", "sendok"),
    "C2": ("sandal", "sepatu", "kaus kaki"),
    "C3": ("pisang", "nangka", "durian"),
    "C4": ("bantal", "guling", "selimut"),
    "C5": ("ember", "gayung", "sikat"),
}
OTHER_GOODS = {
    "C1": ("garpu", "mangkuk", "teko"),
    "C2": ("peci", "sorban", "tasbih"),
    "C3": ("salak", "manggis", "rambutan"),
    "C4": ("kasur", "sprei", "kelambu"),
    "C5": ("sapu", "kemoceng", "lap"),
}


def choice(code: str, goods: tuple[str, str, str], key: int, *, difficulty: int = 1) -> str:
    """Return a question of four options as YAML; its key stands at the place `key` and is the shortest."""
    others = iter(("Bertanya kepada keluarga", "Menunggu kabar teman", "Membiarkan saja dahulu"))
    rows = "".join(
        "      - {text: Cek dulu, score: 1, feedback: Tepat.}\n"
        if place == key
        else f"      - {{text: {next(others)}, score: 0, feedback: Belum tentu.}}\n"
        for place in range(4)
    )
    return (
        f"  - code: {code}\n    format: pilihan\n    difficulty: {difficulty}\n    status: aktif\n    anchor: true\n"
        f"    stem: Menjual {', '.join(goods)}. Mana dulu?\n    options:\n{rows}"
    )


def number(code: str, goods: tuple[str, str, str], *, difficulty: int = 5, anchor: bool = False) -> str:
    """Return a question of numbers as YAML, a hard one unless said otherwise."""
    first, second, third = goods
    return (
        f"  - code: {code}\n    format: angka\n    difficulty: {difficulty}\n    status: aktif\n"
        f"    anchor: {str(anchor).lower()}\n"
        f"    stem: Tersisa 14 {first}, 3 {second}, 2 {third}. Berapa semuanya?\n"
        "    answer: {value: 19, low: 19, high: 19, unit: buah}\n"
        "    feedback_right: Tepat.\n    feedback_wrong: 14 + 3 + 2 = 19.\n"
    )


OTHERS = f"""  - code: O1-903
    format: ganda
    difficulty: 3
    status: aktif
    stem: Pilih semua yang aman untuk gawai baru.
    options:
      - {{text: Layarnya terkunci, right: true, feedback: Tepat.}}
      - {{text: Nomornya terdaftar, right: true, feedback: Tepat.}}
      - {{text: Sandinya ditempel, right: false, feedback: Simpan di tempat lain.}}
      - {{text: Sandinya sama semua, right: false, feedback: Bedakan.}}
  - code: O1-904
    format: gambar
    difficulty: 2
    status: aktif
    stem: Kapan uang pada layar itu berpindah?
    picture: transfer-dijadwalkan
    alternative: "{ALTERNATIVE}"
    options:
      - {{text: Sudah dari tadi, score: 0, feedback: Belum.}}
      - {{text: Besok, score: 1, feedback: Tepat.}}
      - {{text: Tidak akan pernah, score: 0, feedback: Belum tentu.}}
      - {{text: Banknya menolak, score: 0, feedback: Tidak tertulis.}}
    sources:
      - title: Kabar
        url: https://contoh.id/kabar
        true_on: 2025-10-26
        review_by: 2027-11-24
"""
HABIT = """dimension: habit
items:
  - code: H-901
    format: kebiasaan
    status: aktif
    supports: O6
    stem: Kapan terakhir kali chat toko dibalas?
    options:
      - {text: Hari ini, value: 3}
      - {text: Kemarin, value: 1}
      - {text: Sudah lama, value: 0}
"""
HABITS, DRAWING = "items/owner/kebiasaan.yaml", "pictures/transfer-dijadwalkan.svg"


def items_of(dimension: str) -> str:
    return f"items/{'owner' if dimension.startswith('O') else 'pembina'}/{dimension.lower()}.yaml"


def lesson_of(dimension: str) -> str:
    return f"modules/{dimension}/contoh.html.j2"


def light_desk(folder: Path) -> Desk:
    """Return a desk of few small entries that asks little of the whole and has no problems; a check of it is quick."""
    made = _singles(folder)
    form = (CONTENT / FORM).read_text(encoding="utf-8")
    made.write(FORM, re.sub(r"(?m)(?<!\w)questions: \d+", "questions: 1", form))
    coach = (CONTENT / COACH).read_text(encoding="utf-8")
    made.write(COACH, re.sub(r"(?m)(?<!\w)(questions|difficulty_from): \d+", r"\1: 1", coach))
    made.replace(ADVICE, "safety_module: M-O2-cek-mutasi", "safety_module: M-O2-contoh")
    made.write(BANK, LIGHT_BANK)
    made.write(GLOSSARY, LIGHT_GLOSSARY)
    made.write(EXPOSURE, "admitted:\n  O1-901: 0.5\n")
    for place, dimension in enumerate(OWNER_DIMENSIONS):
        goods = GOODS[dimension]
        entries = choice(f"{dimension}-901", goods, place % 4) + number(f"{dimension}-902", goods)
        made.write(items_of(dimension), f"dimension: {dimension}\nitems:\n{entries}")
        made.write(lesson_of(dimension), MODULE.replace("O2", dimension))
    for dimension in COACH_DIMENSIONS:
        entries = number(f"{dimension}-901", GOODS[dimension], difficulty=1, anchor=True)
        entries += number(f"{dimension}-902", OTHER_GOODS[dimension])
        made.write(items_of(dimension), f"dimension: {dimension}\nitems:\n{entries}")
        made.write(lesson_of(dimension), MODULE.replace("O2", dimension))
    made.write(items_of("O1"), (made.root / items_of("O1")).read_text(encoding="utf-8") + OTHERS)
    made.write(HABITS, HABIT)
    made.write(DRAWING, PICTURE)
    return made


def check_real() -> list[Problem]:
    """Return the problems of the real content."""
    return check(CONTENT, today=TODAY)
