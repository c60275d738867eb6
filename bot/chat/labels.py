"""The words of buttons and lists for the core's fixed sets, in the reader's language."""

from __future__ import annotations

from bot.chat.request import Request
from bot.core.acts import Tried
from bot.core.attempt import Confidence
from bot.core.person import Business, Channel, OpeningHours, PhoneHolder, Role
from bot.core.wish import Wish

LETTERS = "ABCDEFGH"
HOURS = ((5, 12), (7, 17), (8, 17), (8, 21), (10, 22), (16, 24), (0, 24))
"""Opening hours to choose from; the usual days of a warung, a workshop, an eatery, a night stall."""


def role(request: Request, value: Role) -> str:
    words = {Role.OWNER: request.t("Pemilik usaha"), Role.COACH: request.t("Pembina / pendamping")}
    return words[value]


def business(request: Request, value: Business) -> str:
    words = {
        Business.SHOP: request.t("Warung / toko kelontong"),
        Business.CULINARY: request.t("Makanan & minuman"),
        Business.FASHION: request.t("Pakaian & fesyen"),
        Business.CRAFT: request.t("Kerajinan"),
        Business.FARMING: request.t("Pertanian, ternak, ikan"),
        Business.SERVICE: request.t("Jasa"),
        Business.OTHER: request.t("Lainnya"),
    }
    return words[value]


def phone_holder(request: Request, value: PhoneHolder) -> str:
    words = {
        PhoneHolder.SELF: request.t("Saya sendiri"),
        PhoneHolder.FAMILY: request.t("Anggota keluarga"),
        PhoneHolder.STAFF: request.t("Karyawan"),
        PhoneHolder.TURNS: request.t("Bergantian"),
    }
    return words[value]


def channel(request: Request, value: Channel) -> str:
    words = {
        Channel.PHYSICAL: request.t("Di toko atau lapak saja"),
        Channel.SOCIAL: request.t("WhatsApp / media sosial"),
        Channel.MARKETPLACE: request.t("Marketplace (aplikasi belanja)"),
        Channel.SEVERAL: request.t("Beberapa tempat sekaligus"),
    }
    return words[value]


def opening_hours(request: Request, value: OpeningHours) -> str:
    if (value.opens, value.closes) == (0, 24):
        return request.t("24 jam {zone}", zone=value.zone)
    return f"{clock(value.opens)}–{clock(value.closes)} {value.zone}"


def clock(hour: int) -> str:
    return f"{hour:02d}.00"


def wish(request: Request, value: Wish) -> str:
    words = {
        Wish.LESSONS: request.t("pelajaran"),
        Wish.REMINDERS: request.t("pengingat"),
        Wish.CUSTOMERS: request.t("pelanggan bayangan"),
        Wish.SUMMARY: request.t("ringkasan kelompok"),
        Wish.NEWS: request.t("pengumuman"),
    }
    return words[value]


def tried(request: Request, value: Tried) -> str:
    words = {
        Tried.YES: request.t("Sudah"),
        Tried.NOT_YET: request.t("Belum sempat"),
        Tried.NOT_FOR_ME: request.t("Tidak cocok untuk saya"),
    }
    return words[value]


def confidence(request: Request, value: Confidence) -> str:
    words = {
        Confidence.SURE: request.t("Yakin"),
        Confidence.FAIRLY: request.t("Agak yakin"),
        Confidence.GUESS: request.t("Menebak"),
    }
    return words[value]
