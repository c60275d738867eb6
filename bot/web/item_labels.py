"""The words of the editor's pages for what a question is made of."""

from __future__ import annotations

from collections.abc import Mapping

from bot.content.field_words import field_words
from bot.core.item import Format, Status
from bot.core.person import Business
from bot.web.item_fields import KEY, KEYED

LETTERS = "ABCDEFGH"

FORMATS: Mapping[Format, str] = {
    Format.CHOICE: "Pilih satu",
    Format.PICTURE: "Pilih satu, bergambar",
    Format.SITUATION: "Situasi",
    Format.CONVERSATION: "Percakapan",
    Format.ORDER: "Urutan langkah",
    Format.MULTIPLE: "Pilih beberapa",
    Format.NUMBER: "Hitungan",
    Format.HABIT: "Kebiasaan",
}
FORMAT_HINTS: Mapping[Format, str] = {
    Format.CHOICE: "Empat pilihan, satu yang tepat.",
    Format.PICTURE: "Ada gambar di atasnya, misalnya bukti transfer. Empat pilihan, satu yang tepat.",
    Format.SITUATION: "Empat pilihan: satu paling baik, satu atau dua mendekati.",
    Format.CONVERSATION: "Pembeli menulis dua atau tiga kali, tiap kali ada tiga balasan.",
    Format.ORDER: "Tiga atau empat langkah yang ditampilkan teracak.",
    Format.MULTIPLE: "Empat atau lima pilihan, dua atau tiga di antaranya tepat.",
    Format.NUMBER: "Jawabannya diketik sebagai angka.",
    Format.HABIT: "Tentang kebiasaan nyata, dari yang paling baik. Tidak menambah nilai.",
}
STATUSES: Mapping[Status, str] = {
    Status.DRAFT: "Draf",
    Status.REVIEW: "Telaah",
    Status.ACTIVE: "Aktif",
    Status.WATCH: "Pantau",
    Status.RETIRED: "Arsip",
}
STATUS_HINTS: Mapping[Status, str] = {
    Status.DRAFT: "masih ditulis, belum ditanyakan",
    Status.REVIEW: "sedang dibaca orang kedua, belum ditanyakan",
    Status.ACTIVE: "ditanyakan",
    Status.WATCH: "ditanyakan, jawabannya diamati",
    Status.RETIRED: "disimpan, tidak ditanyakan lagi",
}
BUSINESSES: Mapping[Business, str] = {
    Business.SHOP: "Warung, toko kelontong",
    Business.CULINARY: "Makanan dan minuman",
    Business.FASHION: "Pakaian dan fesyen",
    Business.CRAFT: "Kerajinan",
    Business.FARMING: "Pertanian, ternak, ikan",
    Business.SERVICE: "Jasa",
    Business.OTHER: "Lainnya",
}
DIFFICULTIES: Mapping[int, str] = {
    1: "1, hampir semua bisa",
    2: "2, mudah",
    3: "3, sedang",
    4: "4, sulit",
    5: "5, hanya yang sangat mahir",
}
LANGUAGES = {"id": "Indonesia", "en": "Inggris"}
UNITS = ("rupiah", "buah", "hari", "persen", "menit")
POINTS: Mapping[int, str] = {2: "Paling baik", 1: "Mendekati", 0: "Belum tepat"}
HABIT_VALUES: Mapping[int, str] = {3: "3, paling baik", 2: "2", 1: "1", 0: "0"}
HABITS = "H"
"""What stands for the dimension in the codes of habits."""
HABITS_NAME = "Kebiasaan"


def field_name(path: str) -> str:
    """Return what a field is called on the page: Pilihan B, tanggapan."""
    words = "jawaban yang tepat" if path == KEY else field_words(path).removesuffix(", teks")
    return words[:1].upper() + words[1:]


def shown(path: str, said: list[str], format: Format, dimensions: Mapping[str, str]) -> str:
    """Return what a field says in words, for comparing."""
    text = said[0] if said else ""
    if path == "suits":
        return ", ".join(BUSINESSES[Business(each)] for each in said if each in set(Business)) or "semua usaha"
    if path == "anchor" or path.endswith(".right"):
        return "ya" if text == "ya" else "tidak"
    if path == KEY:
        return LETTERS[int(text)] if text.isdecimal() and int(text) < len(LETTERS) else "belum dipilih"
    if path == "status" and text in set(Status):
        return STATUSES[Status(text)]
    if path == "supports":
        return dimensions.get(text, text)
    if path.endswith(".score") and format not in KEYED and text in ("0", "1", "2"):
        return POINTS[int(text)]
    return text or "(kosong)"
