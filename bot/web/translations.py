"""The state of translation: what is missing, writing it here or in a file, and a look before a file is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.content import po
from bot.content.field_words import field_words, part_words
from bot.content.po import NotPo, Said
from bot.content.translations import Entry, Kind, State
from bot.usecases import translating
from bot.usecases.translating import Accepted, Comparison
from bot.web.page import Answer, Download, Form, NotFound, Visit
from bot.web.pager import page_number, pager

HOME = "/isi/terjemahan"
UPLOAD = 6 * 1024 * 1024
"""Bytes of a form: the largest file of ours has one, and a browser writes some letters as nine."""
PO_TYPE = "text/x-gettext-translation; charset=utf-8"
PER_PAGE = 20
SHOWN = 300
"""Differences and faults of a file that are shown; the rest is counted."""
LANGUAGES = {"en": "Inggris"}
KINDS: Mapping[Kind, str] = {
    Kind.ITEM: "Pertanyaan",
    Kind.LESSON: "Judul dan ringkasan pelajaran",
    Kind.CARD: "Kartu pelajaran",
    Kind.SESSION: "Naskah sesi kelompok",
    Kind.PROBE: "Pelanggan bayangan",
    Kind.FRAME: "Nama bidang, tingkat, dan satuan",
    Kind.INTERFACE: "Tombol dan kalimat bot",
}
STATES: Mapping[str, str] = {
    "perlu": "Perlu dikerjakan",
    State.MISSING: "Belum ada",
    State.STALE: "Aslinya berubah",
    State.DONE: "Sudah",
    "semua": "Semua",
}
NOTES = {
    "simpan": "Tersimpan di rancangan. Bot baru memakainya sesudah diterbitkan.",
    "tetap": "Tidak ada yang berubah.",
}
EVERY = "semua"


def overview(visit: Visit) -> Answer:
    """Show how far each language has come."""
    found = translating.counts(visit.session, viewer=visit.viewer, library=visit.library)
    languages = [(code, LANGUAGES.get(code, code), counts, *_sum(counts)) for code, counts in found.items()]
    return visit.page("translations.html.j2", title="Terjemahan", languages=languages, kinds=KINDS)


def _sum(counts: Sequence[translating.Count]) -> tuple[int, int]:
    return sum(count.done for count in counts), sum(count.total for count in counts)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which texts a page lists."""

    language: str
    kind: str
    state: str
    page: int

    @property
    def address(self) -> str:
        """Return the address of the list without its page."""
        return f"{HOME}/{self.language}?jenis={self.kind}&yang={self.state}"

    def wants(self, entry: Entry) -> bool:
        fits = self.kind in (EVERY, entry.kind)
        open_ones = self.state == "perlu" and entry.state is not State.DONE
        return fits and (open_ones or self.state in (EVERY, entry.state))


def _asked(visit: Visit, said: Form | None = None) -> Asked:
    def text(name: str) -> str:
        return said.text(name) if said else visit.query.get(name, "")

    kind = text("jenis") if text("jenis") in list(Kind) else EVERY
    state = text("yang") if text("yang") in STATES else "perlu"
    return Asked(_language(visit), kind, state, page_number(text("halaman")))


def _language(visit: Visit) -> str:
    language = str(visit.arguments["language"])
    if language not in translating.TRANSLATED:
        raise NotFound
    return language


def _entries(visit: Visit, language: str) -> list[Entry]:
    return translating.entries(visit.session, viewer=visit.viewer, language=language, library=visit.library)


def key(text: str) -> str:
    """Return what stands for a text in names of fields."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Row:
    """One text to translate; `said` is what stands in the input, `now` what is stored where that has changed."""

    key: str
    entry: Entry
    where: str
    said: str
    fault: str = ""
    now: str = ""

    @property
    def seen(self) -> str:
        """Return what stands for the stored translation as it is shown."""
        return key(self.entry.said)


def _row(entry: Entry, typed: str | None = None, fault: str = "", now: str = "") -> Row:
    said = entry.said if typed is None else typed
    return Row(key(entry.source), entry, _where(entry), said, fault, now)


def _where(entry: Entry) -> str:
    """Return where a text stands, in words."""
    if not entry.spots:
        return KINDS[entry.kind]
    part, field = entry.spots[0]
    words = f"{part_words(part)}, {field_words(field)}" if part else KINDS[entry.kind]
    return f"{words}, dan {len(entry.spots) - 1} tempat lain" if len(entry.spots) > 1 else words


def language(visit: Visit) -> Answer:
    """List texts of one language, the open ones unless others are asked for, ready to be written."""
    return _listed(visit, _asked(visit), {}, note=NOTES.get(visit.query.get("catatan", ""), ""))


def _listed(visit: Visit, asked: Asked, odd: Mapping[str, Row], *, note: str = "", status: int = 200) -> Answer:
    """List texts; `odd` rows could not be taken and are shown as they were typed."""
    every = _entries(visit, asked.language)
    wanted = [entry for entry in every if asked.wants(entry)]
    turned = pager(len(wanted), per_page=PER_PAGE, page=asked.page)
    rows = [odd.get(row.key, row) for row in map(_row, wanted[turned.first : turned.end])]
    rows = [*(row for row in odd.values() if row not in rows), *rows]
    return visit.page(
        "translation.html.j2",
        title=f"Terjemahan {LANGUAGES.get(asked.language, asked.language)}",
        status=status,
        asked=asked,
        rows=rows,
        pager=turned,
        kinds=KINDS,
        states=STATES,
        note=note,
        faults=len(odd),
    )


def save(visit: Visit) -> Answer:
    """Take what was written on a page of the list; what cannot be taken is shown again beside its reason."""
    asked, form = _asked(visit, visit.form), visit.form
    typed = {name.removeprefix("t."): form.text(name) for name in form.fields if name.startswith("t.")}
    known = {key(entry.source): entry for entry in _entries(visit, asked.language)}
    still_fits = set(form.all("cocok"))
    wanted: dict[str, str] = {}
    odd: dict[str, Row] = {}
    for code, text in typed.items():
        entry = known.get(code)
        if entry is None or not text:
            continue
        is_same = text == entry.said and (entry.state is not State.STALE or code not in still_fits)
        if is_same:
            continue
        if form.text(f"d.{code}") != key(entry.said):
            odd[code] = _row(entry, text, now=entry.said)
        else:
            wanted[code] = text
    said = [Said(known[code].source, text) for code, text in wanted.items()]
    taken = Accepted(0) if odd else _take(visit, asked.language, said)
    if odd or isinstance(taken, Comparison):
        faults = taken.faults if isinstance(taken, Comparison) else ()
        reasons = {fault.source: fault.message for fault in faults}
        odd |= {code: _row(known[code], text, reasons.get(known[code].source, "")) for code, text in wanted.items()}
        return _listed(visit, asked, odd, status=422)
    note = "simpan" if taken.count else "tetap"
    return visit.moved(f"{asked.address}&halaman={asked.page}&catatan={note}")


def _take(visit: Visit, language: str, said: Sequence[Said]) -> Accepted | Comparison:
    """Take all or nothing."""
    if not said:
        return Accepted(0)
    found = _compared(visit, language, said)
    return translating.accept(
        visit.session,
        viewer=visit.viewer,
        language=language,
        said=said,
        digest=found.digest,
        library=visit.library,
        now=visit.now,
    )


def _compared(visit: Visit, language: str, said: Sequence[Said]) -> Comparison:
    return translating.compare(
        visit.session, viewer=visit.viewer, language=language, said=said, library=visit.library, now=visit.now
    )


def export(visit: Visit) -> Answer:
    """Hand out a PO file: of everything, or of what is open."""
    code = _language(visit)
    found = _entries(visit, code)
    only_open = visit.query.get("yang") == "perlu"
    wanted = [entry for entry in found if not only_open or entry.state is not State.DONE]
    name = f"tangga-digital-{code}{'-perlu' if only_open else ''}.po"
    return Download(name, PO_TYPE, lambda: po.written(wanted, code, visit.now))


def look(visit: Visit) -> Answer:
    """Show what a file would change, before anything does."""
    code = _language(visit)
    text = visit.form.text("berkas")
    try:
        return _looked(visit, code, _compared(visit, code, po.read(text, code)))
    except NotPo:
        return visit.page(
            "translation_import.html.j2",
            title="Periksa berkas",
            status=422,
            language=code,
            language_name=LANGUAGES.get(code, code),
            found=None,
        )


def _looked(visit: Visit, code: str, found: Comparison, *, is_late: bool = False) -> Answer:
    bad = bool(found.faults)
    changed = [Entry(d.entry.kind, d.entry.spots, d.entry.source, d.after, State.DONE) for d in found.differences]
    return visit.page(
        "translation_import.html.j2",
        title="Periksa berkas",
        status=422 if bad else 409 if is_late else 200,
        language=code,
        language_name=LANGUAGES.get(code, code),
        found=found,
        is_late=is_late,
        rows=[(_where(d.entry), d) for d in found.differences[:SHOWN]],
        faults=found.faults[:SHOWN],
        file="" if bad else po.written(changed, code, visit.now).decode(),
    )


def take(visit: Visit) -> Answer:
    """Take a file that was looked at, if it still changes just what was shown."""
    code = _language(visit)
    try:
        said = po.read(visit.form.text("berkas"), code)
    except NotPo:
        return visit.moved(f"{HOME}/{code}")
    taken = translating.accept(
        visit.session,
        viewer=visit.viewer,
        language=code,
        said=said,
        digest=visit.form.text("sidik"),
        library=visit.library,
        now=visit.now,
    )
    if isinstance(taken, Comparison):
        return _looked(visit, code, taken, is_late=True)
    return visit.moved(f"{HOME}/{code}?catatan={'simpan' if taken.count else 'tetap'}")
