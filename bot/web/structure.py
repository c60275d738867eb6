"""Forms, levels, advice, hard words and session scripts: the content of which there is one each, as friendly forms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel

from bot.content import schema
from bot.content.field_words import field_words
from bot.content.merging import merge
from bot.content.part_names import JSON, MODULE, kind_of
from bot.content.problems import Problem
from bot.core.item import OWNER_DIMENSIONS
from bot.core.person import Business
from bot.usecases import editing
from bot.usecases.editing import PartView, Refused, Saved, Workspace
from bot.web import fields, labels
from bot.web.explanations import EXPLAINED, Input, Words
from bot.web.fields import Choices, Group, Told
from bot.web.item_labels import BUSINESSES
from bot.web.page import Answer, Form, NotFound, Visit

HOME = "/isi/susunan"
NEW = "+"
"""What stands for the entry that is not there yet."""
WEIGHTS = "business_weights"
NOTES = {
    "simpan": "Tersimpan di rancangan. Bot baru memakainya sesudah diterbitkan.",
    "gabung": "Tersimpan, digabung dengan perubahan yang disimpan orang lain sejak halaman ini dibuka.",
    "buang": "Perubahan dibuang. Bagian ini kembali seperti terbitan sekarang.",
    "hapus": "Dihapus dari rancangan.",
    "berubah": "Belum dilakukan, karena orang lain baru saja mengubahnya. Lihat dulu isinya yang sekarang.",
    "hilang": "Kata ini sudah dihapus orang lain. Tekan Simpan kalau tetap mau dipakai.",
}
TROUBLES = ("berubah", "hilang")


@dataclass(frozen=True, slots=True)
class Section:
    """One part: its name in addresses, its schema, its title and what it is for."""

    part: str
    model: type[BaseModel]
    title: str
    about: str


SECTIONS: Mapping[str, Section] = {
    section.part: section
    for section in (
        Section("form", schema.FormEntry, "Asesmen pemilik", "Berapa pertanyaan tiap bidang, dan kapan cukup."),
        Section("coach", schema.CoachEntry, "Asesmen pembina", "Pertanyaan, bidang, dan tingkat untuk pembina."),
        Section("levels", schema.LevelsEntry, "Tingkat dan zona", "Mulai nilai berapa sebuah tingkat, dan namanya."),
        Section("advice", schema.AdviceEntry, "Anjuran", "Kapan sebuah pelajaran dianjurkan, ditunda, atau dikunci."),
        Section("glossary", schema.WordEntry, "Kata sulit", "Arti kata dalam bahasa Indonesia, Jawa, dan Sunda."),
        Section(
            "sessions", schema.SessionEntry, "Naskah sesi kelompok", "Sepuluh menit bersama kelompok, tiap bidang."
        ),
        Section(
            "exposure", schema.ExposureEntry, "Butir yang dijarangkan", "Butir yang dijaga agar tidak sering muncul."
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A part that is a list, edited one entry at a time: the key of the list and what tells its entries apart."""

    rows: str
    key: str


LISTED: Mapping[str, Listed] = {"glossary": Listed("words", "word"), "sessions": Listed("sessions", "dimension")}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one form is about: a whole part, or the entry `chosen` of it, at `index` (None: not there, or the whole)."""

    section: Section
    view: PartView
    chosen: str = ""
    index: int | None = None

    @property
    def is_gone(self) -> bool:
        """Tell whether the entry was there once and is not any more."""
        return self.chosen not in ("", NEW) and self.index is None

    @property
    def within(self) -> str:
        """Return the path of the entry inside the part."""
        if not self.chosen:
            return ""
        rows = LISTED[self.section.part].rows
        return f"{rows}.{len(self.view.payload[rows]) if self.index is None else self.index}"

    @property
    def payload(self) -> JSON:
        """Return what the entry says now; empty where it is not there."""
        if not self.chosen:
            return self.view.payload
        return {} if self.index is None else self.view.payload[LISTED[self.section.part].rows][self.index]

    def replaced(self, payload: JSON | None) -> JSON:
        """Return the part with another entry in this place; None takes it out."""
        if not self.chosen:
            return payload
        rows = LISTED[self.section.part].rows
        entries = list(self.view.payload[rows])
        place = len(entries) if self.index is None else self.index
        entries[place : place + 1] = [] if payload is None else [payload]
        return {**self.view.payload, rows: entries}


def _sheet(visit: Visit, chosen: str) -> Sheet:
    section = SECTIONS.get(str(visit.arguments["part"]))
    if section is None:
        raise NotFound
    view = editing.open_part(visit.session, viewer=visit.viewer, part=section.part, library=visit.library)
    if view.payload is None:
        raise NotFound
    listed = LISTED.get(section.part)
    if listed is None or not chosen:
        return Sheet(section, view)
    names = [str(entry[listed.key]) for entry in view.payload[listed.rows]]
    return Sheet(section, view, chosen, names.index(chosen) if chosen in names else None)


def overview(visit: Visit) -> Answer:
    """List the parts, and which were changed since the last release."""
    space = editing.workspace(visit.session, viewer=visit.viewer, library=visit.library)
    return visit.page(
        "structure.html.j2",
        title="Susunan",
        sections=[(section, _changed(visit, space.drafts.get(section.part))) for section in SECTIONS.values()],
    )


def _changed(visit: Visit, draft: editing.DraftInfo | None) -> str:
    """Return who changed a part and when, in words; empty where nobody did."""
    if draft is None:
        return ""
    return f"Diubah {draft.changed_by_name or 'seseorang'}, {labels.short_day(draft.changed_at, visit.viewer.person)}"


def part(visit: Visit) -> Answer:
    """Show one part: as a form, as the list of its entries, or read-only where a program writes it."""
    chosen = visit.query.get("pilih", "")
    sheet = _sheet(visit, chosen)
    note = visit.query.get("catatan", "")
    name = sheet.section.part
    if name == "exposure" or (name in LISTED and not chosen):
        return _list(visit, sheet, note)
    if sheet.is_gone or (chosen == NEW and name != "glossary"):
        raise NotFound
    return _form(visit, sheet, sheet.payload, note=note)


def _list(visit: Visit, sheet: Sheet, note: str) -> Answer:
    space = editing.workspace(visit.session, viewer=visit.viewer, library=visit.library)
    wanted = visit.query.get("cari", "").strip()
    if sheet.section.part == "exposure":
        admitted = sorted(sheet.view.payload["admitted"].items())
        rows: list[JSON] = [(code, round(100 * share)) for code, share in admitted]
    else:
        entries = sheet.view.payload[LISTED[sheet.section.part].rows]
        rows = [entry for entry in entries if wanted.casefold() in " ".join(map(str, entry.values())).casefold()]
    return visit.page(
        "structure_list.html.j2",
        title=sheet.section.title,
        section=sheet.section,
        rows=rows,
        total=len(sheet.view.payload.get("words", ())),
        wanted=wanted,
        note=NOTES.get(note, ""),
        is_calm=note not in TROUBLES,
        changed=_changed(visit, sheet.view.draft),
        version=sheet.view.version,
        names=_dimension_names(space),
    )


def save(visit: Visit) -> Answer:
    """Take a form: keep it, add or take out a row, or throw the changes away; nothing typed is lost."""
    form, sheet = visit.form, _sheet(visit, visit.form.text("pilih"))
    if form.text("buang"):
        return _discard(visit, sheet)
    if sheet.section.part == "exposure" or (sheet.section.part in LISTED and not sheet.chosen):
        raise NotFound
    if form.text("hapus"):
        return _take_out(visit, sheet)
    mine, begun = _read(sheet, form), Begun(form.text("versi"), _base(form))
    if form.text("tambah"):
        return _form(visit, sheet, mine, begun=begun, growing=form.text("tambah"))
    if sheet.is_gone:
        return _form(visit, replace(sheet, chosen=NEW), mine, status=409, note="hilang")
    if begun.version == str(sheet.view.version):
        return _keep(visit, sheet, mine, "simpan")
    both = merge(begun.payload, sheet.payload, mine)
    if both.clashes:
        return _form(visit, sheet, both.payload, status=409, theirs=both.clashes)
    return _keep(visit, sheet, both.payload, "gabung")


def _base(form: Form) -> JSON:
    """Return what the form was drawn from; one that was tampered with began from nothing."""
    try:
        return json.loads(form.text("asal"))
    except ValueError:
        return None


def _read(sheet: Sheet, form: Form) -> JSON:
    if sheet.section.model is not schema.AdviceEntry:
        return fields.read(sheet.section.model, form)
    weights: dict[str, dict[str, JSON]] = {}
    for business in Business:
        given = {d.value: form.text(f"{WEIGHTS}.{business.value}.{d.value}") for d in OWNER_DIMENSIONS}
        told = {code: fields.number(Input.NUMBER, text) for code, text in given.items() if text}
        if told:
            weights[business.value] = told
    return fields.read(sheet.section.model, form, leaving_out=(WEIGHTS,)) | {WEIGHTS: weights}


def _keep(visit: Visit, sheet: Sheet, payload: JSON | None, note: str) -> Answer:
    """Keep the part with this entry; what is refused is drawn again with its problems."""
    saved = editing.save(
        visit.session,
        viewer=visit.viewer,
        part=sheet.section.part,
        payload=sheet.replaced(payload),
        version=sheet.view.version,
        library=visit.library,
        now=visit.now,
    )
    if isinstance(saved, Saved):
        return visit.moved(f"{HOME}/{sheet.section.part}?catatan={note}")
    problems = saved.problems if isinstance(saved, Refused) else ()
    shown = sheet.payload if payload is None else payload
    return _form(visit, sheet, shown, status=422 if problems else 409, problems=problems)


def _take_out(visit: Visit, sheet: Sheet) -> Answer:
    """Take an entry out, unless it is not what the admin saw any more."""
    if sheet.index is not None and sheet.payload != _base(visit.form):
        return _form(visit, sheet, sheet.payload, status=409, note="berubah")
    if sheet.index is None:
        return visit.moved(f"{HOME}/{sheet.section.part}")
    return _keep(visit, sheet, None, "hapus")


def _discard(visit: Visit, sheet: Sheet) -> Answer:
    """Take the part back to the release, unless it is not what the admin saw any more."""
    here = f"{HOME}/{sheet.section.part}"
    if visit.form.text("versi") != str(sheet.view.version):
        return visit.moved(f"{here}?catatan=berubah")
    editing.discard(
        visit.session,
        viewer=visit.viewer,
        part=sheet.section.part,
        version=sheet.view.version,
        library=visit.library,
        now=visit.now,
    )
    return visit.moved(f"{here}?catatan=buang")


@dataclass(frozen=True, slots=True)
class Begun:
    """The version of the part that a form was drawn from, and what the entry said then."""

    version: str
    payload: JSON


def _form(
    visit: Visit,
    sheet: Sheet,
    payload: JSON,
    *,
    status: int = 200,
    begun: Begun | None = None,
    problems: Sequence[Problem] = (),
    theirs: Mapping[str, JSON] | None = None,
    growing: str = "",
    note: str = "",
) -> Answer:
    """Draw the form of an entry that says `payload`."""
    space = editing.workspace(visit.session, viewer=visit.viewer, library=visit.library)
    said = fields.told((p for p in problems if not p.is_warning), within=sheet.within, theirs=theirs)
    model, begun = sheet.section.model, begun or Begun(str(sheet.view.version), sheet.payload)
    left_out = (WEIGHTS,) if model is schema.AdviceEntry else ()
    nodes = fields.draw(model, payload, choices=_choices(space), said=said, growing=growing, leaving_out=left_out)
    nodes += (_weights(payload, said),) if left_out else ()
    return visit.page(
        "structure_form.html.j2",
        title=sheet.section.title,
        status=status,
        section=sheet.section,
        chosen=sheet.chosen,
        is_new=sheet.index is None,
        heading=_heading(sheet, space),
        nodes=nodes,
        above=fields.unplaced(nodes, said),
        faults=len(said.problems),
        clashes=[field_words(path) for path in theirs or ()],
        version=begun.version,
        base=json.dumps(begun.payload, ensure_ascii=False),
        changed=_changed(visit, sheet.view.draft),
        changed_by=(sheet.view.draft.changed_by_name if sheet.view.draft else None) or "Orang lain",
        note=NOTES.get(note, ""),
        is_calm=note not in TROUBLES,
        goes=sheet.section.part == "glossary" and sheet.index is not None,
    )


def _heading(sheet: Sheet, space: Workspace) -> str:
    """Return what the form is about."""
    if sheet.chosen == NEW:
        return "Kata baru"
    names = _dimension_names(space)
    return " · ".join(filter(None, (sheet.chosen, names.get(sheet.chosen, "")))) or sheet.section.title


def _dimension_names(space: Workspace) -> dict[str, str]:
    return {str(plan["dimension"]): str(plan["name"]) for plan in space.parts["form"]["dimensions"]}


def _choices(space: Workspace) -> Choices:
    """Return what choices offer: dimensions and lessons by name."""
    dimensions = [(code, f"{code} · {name}") for code, name in _dimension_names(space).items()]
    lessons = [(p["code"], str(p["title"])) for name, p in space.parts.items() if kind_of(name) == MODULE]
    return {
        "AdviceEntry.safety_module": lessons,
        "PrerequisiteEntry.dimension": dimensions,
        "PrerequisiteEntry.needs": dimensions,
    }


def _weights(payload: JSON, said: Told) -> Group:
    """Return the weights of kinds of business: a row each, an input a dimension."""
    words, given = EXPLAINED[f"AdviceEntry.{WEIGHTS}"], payload.get(WEIGHTS) or {}
    rows = tuple(
        Group(
            f"{WEIGHTS}.{business.value}",
            BUSINESSES[business],
            "",
            tuple(
                fields.leaf(
                    f"{WEIGHTS}.{business.value}.{dimension.value}",
                    Words(dimension.value),
                    Input.NUMBER,
                    given.get(business.value, {}).get(dimension.value),
                    said,
                )
                for dimension in OWNER_DIMENSIONS
            ),
            is_row=True,
        )
        for business in Business
    )
    return Group(WEIGHTS, words.label, words.meaning, rows, said.problems.get(WEIGHTS, ()))
