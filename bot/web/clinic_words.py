"""The words of the clinic: what a flag means and what can be done, for who is no statistician."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.clinic import Act, Checkup
from bot.core.item_figures import Flag

WHY: Mapping[Flag, str] = {
    Flag.ABLE_CHOOSE_WRONG: (
        "Yang memilih salah satu jawaban lain justru lebih mahir di soal-soal lain daripada yang memilih jawaban "
        "tepat. Mungkin ada dua jawaban yang benar, atau kuncinya keliru."
    ),
    Flag.CONFUSING: "Banyak orang menandai pertanyaan ini sebagai kurang jelas.",
    Flag.WEAK: "Yang sudah mahir dan yang masih belajar sama seringnya menjawab tepat.",
    Flag.MISFIT: "Jawabannya tidak berpola: yang mahir sering meleset, yang masih belajar sering tepat.",
    Flag.LEFT_AT: "Beberapa orang berhenti mengisi tepat di pertanyaan ini.",
    Flag.SLOW: "Separuh orang perlu lebih dari dua menit untuk menjawab.",
    Flag.UNUSED_OPTION: "Ada pilihan yang tidak pernah dipilih siapa pun.",
    Flag.TOO_HARD: "Hampir tidak ada yang menjawab tepat. Bisa jadi kalimatnya sulit dipahami.",
    Flag.TOO_EASY: "Hampir semua orang menjawab tepat, jadi pertanyaan ini jarang menambah keterangan.",
    Flag.UNLIKE_EXPERT: "Menurut jawaban orang, sulitnya jauh berbeda dari yang ditulis penyusunnya.",
    Flag.ASKED_OFTEN: "Muncul di lebih dari separuh asesmen, jadi jawabannya mudah tersebar.",
}
DO: Mapping[Act, str] = {
    Act.CHECK_KEY: (
        "Baca lagi semua pilihan bersama orang yang paham bidangnya. Kalau kuncinya memang keliru, sisihkan dulu "
        "supaya tidak ikut dihitung, lalu perbaiki."
    ),
    Act.REWORD: "Tulis ulang pertanyaannya dengan kalimat yang lebih pendek dan jelas.",
    Act.REPLACE: "Tulis ulang dengan kejadian yang lebih nyata. Kalau tetap begitu, arsipkan.",
    Act.SHORTEN: "Persingkat pertanyaan dan pilihannya, atau buat gambarnya lebih mudah dibaca.",
    Act.NEW_OPTION: "Ganti pilihan yang tidak pernah dipilih dengan kekeliruan yang benar-benar sering terjadi.",
    Act.SET_DIFFICULTY: "Sesuaikan tingkat sulitnya, supaya pertanyaan ini diberikan kepada orang yang pas.",
    Act.MORE_ITEMS: "Tambah pertanyaan lain di bidang ini, atau atur seberapa sering butir ini boleh muncul.",
    Act.WAIT: "Jawabannya belum cukup untuk dinilai. Catatan mulai muncul sesudah 30 jawaban.",
    Act.KEEP: "Tidak ada yang perlu dilakukan.",
}
GROUPS = ("masih belajar", "menengah", "sudah mahir")


def separates(found: Checkup) -> str:
    """Return in words how well an item tells the able from the learning."""
    cuts = ((0.1, "tidak membedakan"), (0.2, "sedikit membedakan"), (0.3, "cukup membedakan"))
    return next((words for cut, words in cuts if found.point_biserial < cut), "membedakan dengan baik")


def fits(found: Checkup) -> str:
    """Return in words whether the answers scatter as they should."""
    if found.infit > 1.3:
        return "tidak berpola"
    return "terlalu rapi" if found.infit < 0.7 else "wajar"


def decimal(value: float, digits: int = 2) -> str:
    """Return a number as it is written in Indonesian."""
    return f"{value:.{digits}f}".replace("-", "−").replace(".", ",")
