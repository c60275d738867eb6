"""Readers of lesson cards: a usual one, and one whose name and answers are hostile themselves."""

from __future__ import annotations

SARI: dict[str, object] = {
    "nama": "Sari",
    "usaha": "kuliner",
    "kanal": "toko",
    "pemegang": "sendiri",
    "jam_buka": "08.00",
    "jam_tutup": "17.00",
    "zona_waktu": "WIB",
    "tingkat": 2,
    "nama_tingkat": "Tunas",
    "keliru": [{"soal": "Bukti transfer", "jawaban": "Kirim", "saran": "Cek mutasi"}],
}
HOSTILE: dict[str, object] = SARI | {
    "nama": '<b>Sari{{ 7*7 }}"',
    "keliru": [{"soal": "</b><a href='javascript:x'>", "jawaban": "&lt;", "saran": "{% set x %}"}],
}
