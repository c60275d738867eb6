"""Copies of the real content with one thing broken."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.content.lint import check
from bot.content.problems import Problem
from bot.core.item import OWNER_DIMENSIONS, Dimension
from tests.core.builders import CONTENT, TODAY

FORM, LEVELS, ADVICE = "forms.yaml", "levels.yaml", "advice.yaml"
SAFETY, HABITS = "items/owner/keamanan.yaml", "items/owner/kebiasaan.yaml"
LESSON = "modules/O2/cek-mutasi.html.j2"


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
        (self.root / file).write_bytes(raw)

    def problems(self) -> list[Problem]:
        return check(self.root, today=TODAY)


def desk(folder: Path) -> Desk:
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
    """Return a desk whose items and lessons are the two small files of this module, so that no edit of the real ones
    moves a line.
    """
    made = desk(folder)
    for folder_of_many in ("items", "modules", "pictures"):
        shutil.rmtree(made.root / folder_of_many)
    made.write("exposure.yaml", "admitted: {}\n")
    for file, text in ((SMALL_ITEMS, ITEMS), (SMALL_LESSON, MODULE)):
        (made.root / file).parent.mkdir(parents=True)
        made.write(file, text)
    return made


def light_desk(folder: Path) -> Desk:
    """Return a desk with the real items and one small lesson a dimension, so that a check of it is quick."""
    made = desk(folder)
    shutil.rmtree(made.root / "modules")
    for dimension in OWNER_DIMENSIONS:
        lesson = MODULE.replace("O2", dimension.value)
        file = LESSON if dimension is Dimension.SAFETY else f"modules/{dimension.value}/contoh.html.j2"
        (made.root / file).parent.mkdir(parents=True)
        made.write(file, lesson.replace("M-O2-contoh", "M-O2-cek-mutasi"))
    return made


SMALL_ITEMS, SMALL_LESSON = "items/owner/contoh.yaml", "modules/O2/contoh.html.j2"


def check_real() -> list[Problem]:
    """Return the problems of the real content."""
    return check(CONTENT, today=TODAY)
