"""The people of every demonstration and test."""

from __future__ import annotations

from bot.simulator.chats import Person

BU_SARI = Person(1001, "Sari", "Wulandari", "sari_warung", "id", "Bu Sari, pemilik usaha")
PAK_JOKO = Person(2001, "Joko", "Prasetyo", "joko_pembina", "id", "Pak Joko, pembina")
MBAK_RANI = Person(2002, "Rani", "Lestari", "rani_pembina", "id", "Mbak Rani, pembina kelompok lain")
ADMIN = Person(9001, "Admin Dinas", "", "admin_dinas", "id", "Admin Dinas")
STRANGER = Person(5001, "Alex", "Morgan", "", "en", "Orang asing (berbahasa Inggris)")

CAST: tuple[Person, ...] = (BU_SARI, PAK_JOKO, MBAK_RANI, ADMIN, STRANGER)
FIRST_NEWCOMER = 10001


def newcomer(number: int) -> Person:
    """Return the n-th fresh owner, counted from 1."""
    return Person(FIRST_NEWCOMER + number - 1, f"Pemilik {number}", "", "", "id", f"Pemilik baru {number}")
