"""The authorization matrix as people can read it: every door, and who of the cast may go through it.

Written by hand from the rules and not from the code; a door that is not listed here fails the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.content.parts import split
from bot.content.release import freeze
from bot.core.announcement import Circle, Wording
from bot.usecases.announcing import seal
from bot.usecases.editing import version_of
from tests.core.builders import real_release
from tests.usecases.world import document


class Who(StrEnum):
    """The cast: how each stands to the one group that every door leads to."""

    LEAD = "coach who leads the group"
    SECOND = "second coach of the group"
    REMOVED = "coach whose work with the group was ended"
    OTHER = "coach of another group"
    MEMBER = "member of the group"
    OWNER = "owner outside of the group"
    ADMIN = "admin"
    STRANGER = "stranger"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COACHES = frozenset({Who.LEAD, Who.SECOND})
LEAD = frozenset({Who.LEAD})
SUMS = COACHES | {Who.ADMIN}
ADMINS = frozenset({Who.ADMIN})
IN_IT = frozenset({Who.MEMBER})
EVERY_COACH = frozenset({Who.LEAD, Who.SECOND, Who.REMOVED, Who.OTHER})
FINDER = frozenset({Who.REMOVED, Who.OTHER})
"""Who may take up an offer to become the second coach: any coach who is not one already."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button about the group: what it carries after its verb (`G` the group, `M` a member, `W` who waits, `S` the
    second coach, `O` an offer, `L` a lesson), and for whom it works.
    """

    arguments: tuple[str, ...]
    may: frozenset[Who]


BUTTONS: dict[str, Button] = {
    "gs": Button(("G",), SUMS),
    "gp": Button(("G",), SUMS),
    "gi": Button(("G",), SUMS),
    "gk": Button(("G",), SUMS),
    "gt": Button(("G",), COACHES),
    "gf": Button(("G", "scam"), COACHES),
    "ga": Button(("G", "0"), COACHES),
    "gd": Button(("G", "M"), COACHES),
    "gc": Button(("G",), COACHES),
    "gx": Button(("G", "M"), COACHES),
    "gy": Button(("G", "M"), COACHES),
    "gu": Button(("G",), COACHES),
    "ue": Button(("G", "nama"), COACHES),
    "up": Button(("G", "3305"), COACHES),
    "ut": Button(("G", "1"), COACHES),
    "ux": Button(("G",), COACHES),
    "uy": Button(("G",), LEAD),
    "uz": Button(("G",), LEAD),
    "gv": Button(("G",), COACHES),
    "gq": Button(("G",), COACHES),
    "ir": Button(("G",), COACHES),
    "ic": Button(("G",), COACHES),
    "ia": Button(("G", "1"), COACHES),
    "il": Button(("G",), COACHES),
    "im": Button(("G", "2s"), COACHES),
    "gw": Button(("G",), COACHES),
    "gj": Button(("G", "W"), COACHES),
    "gz": Button(("G", "W"), COACHES),
    "nu": Button(("G",), COACHES),
    "ns": Button(("G",), COACHES),
    "lt": Button(("G", "M"), COACHES),
    "lk": Button(("G", "semua", "L"), COACHES),
    "lz": Button(("G", "semua", "L"), COACHES),
    "co": Button(("G",), COACHES),
    "c2": Button(("G",), LEAD),
    "c3": Button(("G",), LEAD),
    "c4": Button(("G", "S"), LEAD),
    "c5": Button(("G",), frozenset({Who.SECOND})),
    "ca": Button(("O",), FINDER),
    "tg": Button(("G",), COACHES),
    "tq": Button(("G",), COACHES),
    "ad": Button((), ADMINS),
    "al": Button(("orang",), ADMINS),
    "af": Button((), ADMINS),
    "ac": Button(("O1-001",), ADMINS),
    "ae": Button(("O1-001", "0"), ADMINS),
    "as": Button(("O1-001", "00000000"), ADMINS),
    "ar": Button(("O1-001",), ADMINS),
    "at": Button(("O1-001", "1"), ADMINS),
    "ao": Button((), ADMINS),
    "ai": Button(("admin",), ADMINS),
    "au": Button((), ADMINS),
    "ap": Button(("S", "admin", "beri"), ADMINS),
    "ay": Button(("1",), ADMINS),
    "ax": Button(("1",), ADMINS),
    "ms": Button(("G",), IN_IT),
    "mc": Button(("G", "jumlah", "2026-11"), IN_IT),
    "mq": Button(("G", "y"), IN_IT),
    "mx": Button(("G",), IN_IT),
    "my": Button(("G",), IN_IT),
    "qm": Button(("G",), IN_IT),
    "jn": Button(("G", "nama", "2026-11"), IN_IT),
}
"""`jn` of who is in already changes nothing; of who was not invited it leads nowhere."""

OWN_BUTTONS = _words(
    """
    ok no la ro cx ch cz cu bn go an tk gb mb gl gm cn ck cl cf ps bt st hs rv rg pc sh md mt mo ml kh
    kt ko pb pk pj kl se sl sc wl wh ws wq wa nw nq pv da e2 e3 db bk gr gh gn km jc jr ag
    """
)
"""Buttons about nobody but who taps them, or without a group; for whom they are stands in tests/chat/test_routes.py."""

COMMANDS: dict[str, frozenset[Who]] = {
    "kelompok": frozenset(Who) - {Who.STRANGER},
    "gabung": frozenset(Who) - {Who.STRANGER},
    "dasbor": EVERY_COACH | ADMINS,
    "program": ADMINS,
    "admin": ADMINS,
}
OWN_COMMANDS = _words(
    """
    start mulai lanjut hasil modul hitung pengingat bantuan help batal pengaturan settings privasi privacy data
    hapus
    """
)

PAGES: dict[tuple[str, str], frozenset[Who]] = {
    ("GET", "/kelompok/{G}"): SUMS,
    ("GET", "/kelompok/{G}/proyektor"): SUMS,
    ("GET", "/kelompok/{G}/rencana"): SUMS,
    ("GET", "/kelompok/{G}/ekspor.xlsx"): SUMS,
    ("GET", "/kelompok/{G}/ekspor.csv"): SUMS,
    ("GET", "/kelompok/{G}/cermin"): COACHES,
    ("GET", "/kelompok/{G}/anggota"): COACHES,
    ("GET", "/kelompok/{G}/anggota/{M}"): COACHES,
    ("GET", "/kelompok/{G}/pelajaran"): COACHES,
    ("POST", "/kelompok/{G}/pelajaran"): COACHES,
    ("GET", "/kelompok/{G}/ingatkan"): COACHES,
    ("POST", "/kelompok/{G}/ingatkan"): COACHES,
    ("GET", "/program"): ADMINS,
    ("GET", "/program/ekspor.xlsx"): ADMINS,
    ("GET", "/program/ekspor.csv"): ADMINS,
    ("GET", "/pengumuman"): ADMINS,
    ("GET", "/pengumuman/baru"): ADMINS,
    ("POST", "/pengumuman/baru"): ADMINS,
    ("POST", "/pengumuman/pratinjau"): ADMINS,
    ("GET", "/pengumuman/{N}"): ADMINS,
    ("GET", "/pengumuman/{N}/ubah"): ADMINS,
    ("POST", "/pengumuman/{N}/ubah"): ADMINS,
    ("GET", "/pengumuman/{N}/kirim"): ADMINS,
    ("POST", "/pengumuman/{N}/kirim"): ADMINS,
    ("POST", "/pengumuman/{N}/berhenti"): ADMINS,
    ("GET", "/isi/uji"): ADMINS,
    ("POST", "/isi/uji"): ADMINS,
    ("GET", "/orang"): ADMINS,
    ("POST", "/orang/minta"): ADMINS,
    ("POST", "/orang/undang"): ADMINS,
    ("POST", "/orang/serah"): ADMINS,
    ("POST", "/orang/batal"): ADMINS,
    ("GET", "/catatan"): ADMINS,
    ("GET", "/catatan/ekspor.xlsx"): ADMINS,
    ("GET", "/catatan/ekspor.csv"): ADMINS,
    ("GET", "/isi/klinik"): ADMINS,
    ("GET", "/isi/klinik/{I}"): ADMINS,
    ("GET", "/isi/klinik/{I}/sisihkan"): ADMINS,
    ("POST", "/isi/klinik/{I}/sisihkan"): ADMINS,
    ("GET", "/isi"): ADMINS,
    ("POST", "/isi/usulkan"): ADMINS,
    ("POST", "/isi/setujui"): ADMINS,
    ("POST", "/isi/terbitkan"): ADMINS,
    ("POST", "/isi/tarik"): ADMINS,
    ("POST", "/isi/buang"): ADMINS,
    ("GET", "/isi/terbitan/{R}"): ADMINS,
    ("POST", "/isi/terbitan/{R}/kembali"): ADMINS,
    ("GET", "/isi/butir"): ADMINS,
    ("GET", "/isi/butir/baru"): ADMINS,
    ("GET", "/isi/butir/{I}"): ADMINS,
    ("POST", "/isi/butir/{I}"): ADMINS,
    ("POST", "/isi/butir/{I}/pratinjau"): ADMINS,
    ("GET", "/isi/butir/{I}/lepas"): ADMINS,
    ("POST", "/isi/butir/{I}/lepas"): ADMINS,
    ("GET", "/isi/susunan"): ADMINS,
    ("GET", "/isi/susunan/levels"): ADMINS,
    ("POST", "/isi/susunan/levels"): ADMINS,
    ("GET", "/isi/terjemahan"): ADMINS,
    ("GET", "/isi/terjemahan/en"): ADMINS,
    ("POST", "/isi/terjemahan/en"): ADMINS,
    ("GET", "/isi/terjemahan/en/unduh.po"): ADMINS,
    ("POST", "/isi/terjemahan/en/periksa"): ADMINS,
    ("POST", "/isi/terjemahan/en/impor"): ADMINS,
    ("GET", "/isi/pelajaran"): ADMINS,
    ("GET", "/isi/pelajaran/baru"): ADMINS,
    ("GET", "/isi/pelajaran/{L}"): ADMINS,
    ("POST", "/isi/pelajaran/{L}"): ADMINS,
    ("POST", "/isi/pelajaran/{L}/pratinjau"): ADMINS,
    ("GET", "/isi/pelajaran/{L}/lepas"): ADMINS,
    ("POST", "/isi/pelajaran/{L}/lepas"): ADMINS,
}
LESSON = "M-O2-cek-mutasi"
ITEM = "O1-001"
RELEASE = freeze(document())[0]
_LESSON_VERSION = str(version_of(split(document())[f"module:{LESSON}"]))
_VERSION = str(version_of(split(document())[f"item:{ITEM}"]))
_FINGERPRINT = real_release().item_by_code[ITEM].fingerprint
NEWS = Wording("Rahasia: pelatihan besok", Circle.EVERYONE)
_TOLD = {"pesan": NEWS.text, "kepada": "semua", "cap": seal(NEWS)}
FIELDS = {
    "/kelompok/{G}/pelajaran": {"modul": "M-O2-cek-mutasi", "untuk": "semua"},
    "/orang/minta": {"peran": "admin", "arah": "beri", "nomor": "1002"},
    "/orang/undang": {"peran": "pembina"},
    "/orang/serah": {"kelompok": "3", "orang": "1"},
    "/orang/batal": {"permintaan": "1"},
    "/pengumuman/baru": _TOLD,
    "/pengumuman/{N}/ubah": _TOLD,
    "/pengumuman/{N}/kirim": {"cap": seal(NEWS)},
    "/isi/klinik/{I}/sisihkan": {"sidik": _FINGERPRINT, "alasan": "aturannya sudah berubah", "untuk": "sisih"},
    "/isi/pelajaran/{L}": {"tombol": "tambah:sources.0", "versi": _LESSON_VERSION},
    "/isi/pelajaran/{L}/pratinjau": {"versi": _LESSON_VERSION},
    "/isi/pelajaran/{L}/lepas": {"apa": "keluar", "versi": _LESSON_VERSION},
    "/isi/butir/{I}": {"tombol": "tambah:sources", "versi": _VERSION},
    "/isi/butir/{I}/pratinjau": {"versi": _VERSION},
    "/isi/butir/{I}/lepas": {"apa": "arsip", "versi": _VERSION},
    "/isi/setujui": {"usulan": "1"},
    "/isi/terbitkan": {"usulan": "1"},
    "/isi/tarik": {"usulan": "1"},
    "/isi/buang": {"bagian": f"item:{ITEM}", "versi": _VERSION},
    "/isi/susunan/levels": {"tambah": "levels"},
    "/isi/terjemahan/en/periksa": {"berkas": 'msgid ""\nmsgstr ""\n\nmsgid "buah"\nmsgstr "pieces"\n'},
}
"""What a page needs to know beside its address."""
OWN_PAGES = {
    ("GET", "/"),
    ("GET", "/masuk"),
    ("POST", "/masuk"),
    ("POST", "/keluar"),
    ("POST", "/keluar/semua"),
    ("GET", "/mini"),
    ("POST", "/mini/masuk"),
}
"""Pages about nobody but who opens them; tests/web/test_sign_in.py tries them."""
