"""The words of the pages for the core's fixed sets; the web speaks Indonesian only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date

from bot.content.regions import regions
from bot.core.cohort import Step
from bot.core.group import Group
from bot.core.person import Person, local
from bot.core.profile import GateColour
from bot.core.triage import Flag

STEPS: Mapping[Step, str] = {
    Step.INVITED: "Diundang",
    Step.BEGUN: "Mulai asesmen",
    Step.FINISHED: "Selesai asesmen",
    Step.LESSON: "Buka pelajaran",
    Step.ACT: "Praktik di usaha",
    Step.RETEST: "Asesmen ulang",
}

FLAGS: Mapping[Flag, str] = {
    Flag.SCAM: "Rawan penipuan",
    Flag.SLOW: "Lambat membalas",
    Flag.STOCK: "Stok bisa kurang",
    Flag.STALLED: "Berhenti di tengah",
    Flag.NOT_BEGUN: "Belum mulai",
}

WHY: Mapping[Flag, str] = {
    Flag.SCAM: "Merasa yakin, padahal jawabannya soal penipuan keliru. Sekali percaya bukti palsu, barang hilang.",
    Flag.SLOW: "Balasan ke pembeli belum terjaga. Pembeli yang menunggu lama pindah ke penjual lain.",
    Flag.STOCK: "Stok dan janji kirim belum terjaga. Pesanan ramai justru bisa mengecewakan.",
    Flag.STALLED: "Asesmen sudah dimulai, lalu berhenti lebih dari tiga hari. Jawaban mereka masih tersimpan.",
    Flag.NOT_BEGUN: "Sudah bergabung lebih dari tiga hari, tetapi asesmennya belum dibuka.",
}


@dataclass(frozen=True, slots=True)
class GateLabel:
    """How the gate before selling online is said, with the mark that a glance finds."""

    mark: str
    words: str


GATES: Mapping[GateColour, GateLabel] = {
    GateColour.GREEN: GateLabel("🟢", "Siap"),
    GateColour.YELLOW: GateLabel("🟡", "Hampir"),
    GateColour.RED: GateLabel("🔴", "Belum"),
}


def place(group: Group) -> str:
    """Return where a group is, in words; empty where it was not said."""
    return regions().title(group.place) if group.place else ""


def day_of(moment: datetime, viewer: Person) -> date:
    """Return the day a moment fell on where the viewer lives; WIB where that is not known."""
    return local(moment, viewer.context.zone).date()


def clock_of(moment: datetime, viewer: Person) -> str:
    """Return 14.05, as a clock shows it where the viewer lives; WIB where that is not known."""
    return local(moment, viewer.context.zone).strftime("%H.%M")


def moment_of(moment: datetime, viewer: Person) -> str:
    """Return 24 Nov 2026, 14.05 WIB, as it was where the viewer lives; WIB where that is not known."""
    return f"{short_day(moment, viewer)}, {clock_of(moment, viewer)} {viewer.context.clock}"


def short_day(moment: datetime, viewer: Person) -> str:
    """Return 24 Nov 2026, for a column."""
    return format_date(day_of(moment, viewer), format="d MMM y", locale="id")
