"""The editor of questions: the list, the form of every format with the chat beside it, and taking a question out."""

from __future__ import annotations

from dataclasses import replace

from bot.content.parts import part_problems
from bot.core.item import Format
from bot.usecases import clinic, editing
from bot.usecases.editing import ABSENT, Conflict, PartView, Refused, Saved, Workspace
from bot.web import item_conflict, item_labels
from bot.web.item_fields import blank, entries, fields_of, own_fields, with_one_less, with_one_more
from bot.web.item_list import SOON, Mark, Order, asked_of, listing
from bot.web.item_page import HOME, Sheet, about, begun, code_of, dimension_names, draw, extents, gist, opened
from bot.web.page import Answer, NotFound, Visit, whole_number

MARKS = {
    Mark.CHANGED: "diubah, belum terbit",
    Mark.NEW: "baru, belum terbit",
    Mark.OUT: "dikeluarkan, belum terbit",
    Mark.OVERDUE: "lewat batas baca ulang",
    Mark.SOON: f"dibaca ulang dalam {SOON.days} hari",
    Mark.NO_SOURCE: "tanpa sumber",
    Mark.FAULTY: "perlu dibereskan",
    Mark.FLAGGED: "ada catatan dari jawaban",
}
ORDERS = {Order.CODE: "nomor", Order.REVIEW: "tanggal baca ulang", Order.DIFFICULTY: "kesulitan"}
NOTES = {
    "simpan": "Tersimpan di rancangan. Pertanyaan ini baru ditanyakan sesudah diterbitkan.",
    "gabung": "Tersimpan dengan pilihan Anda. Periksa sekali lagi hasil gabungannya.",
    "arsip": "Masuk arsip di rancangan. Berlaku sesudah diterbitkan.",
    "batal": "Kembali seperti yang sudah terbit.",
}


def _workspace(visit: Visit) -> Workspace:
    return editing.workspace(visit.session, viewer=visit.viewer, library=visit.library)


def listed(visit: Visit) -> Answer:
    """List the questions of the working copy, as the address asks."""
    names = dimension_names(visit.library.current(visit.session))
    asked = asked_of(visit, names)
    flags = clinic.flags_of(visit.session, viewer=visit.viewer, library=visit.library, reckoner=visit.site.reckoner)
    return visit.page(
        "items.html.j2",
        title="Pertanyaan",
        asked=asked,
        found=listing(_workspace(visit), asked, flagged=flags.keys(), today=visit.now.date()),
        dimensions=names | {item_labels.HABITS: item_labels.HABITS_NAME},
        statuses=item_labels.STATUSES,
        formats=item_labels.FORMATS,
        difficulties=item_labels.DIFFICULTIES,
        marks=MARKS,
        orders=ORDERS,
        gist=gist,
    )


def fresh(visit: Visit) -> Answer:
    """Ask what a new question is about and how it is answered; then show its empty form under the next free code."""
    names = dimension_names(visit.library.current(visit.session))
    format = visit.choice("bentuk", ("", *Format))
    dimension = item_labels.HABITS if format == Format.HABIT else visit.choice("bidang", ("", *names))
    if not format or not dimension:
        return visit.page(
            "item_new.html.j2",
            title="Pertanyaan baru",
            dimensions=names,
            formats=[(each.value, item_labels.FORMATS[each], item_labels.FORMAT_HINTS[each]) for each in Format],
            chosen=(visit.choice("bidang", ("", *names)), format),
        )
    code = next_code(dimension, _workspace(visit))
    fields = blank(code, Format(format))
    if dimension == item_labels.HABITS and visit.query.get("bidang", "") in names:
        fields["supports"] = [visit.query["bidang"]]
    return draw(visit, Sheet(code, Format(format), fields, ABSENT, opened(visit, code)), focus="stem")


def next_code(dimension: str, found: Workspace) -> str:
    """Return the code after the highest of a dimension, those that were taken out included."""
    taken = [part for part in (*found.original, *found.parts, *found.drafts) if part.startswith(f"item:{dimension}-")]
    highest = max((int(part.rpartition("-")[2]) for part in taken), default=0)
    return f"{dimension}-{highest + 1:03d}"


def item(visit: Visit) -> Answer:
    """Show the form of one question, with what is wrong with it now; one that was taken out only says so."""
    view = opened(visit, visit.arguments["code"])
    if view.payload is None and view.original is None:
        raise NotFound
    if view.payload is None:
        return _gone(visit, view)
    sheet = begun(view)
    found = part_problems(view.part, view.payload, today=visit.now.date())
    return draw(visit, sheet, problems=found, note=NOTES.get(visit.query.get("telah", ""), ""))


def _gone(visit: Visit, view: PartView) -> Answer:
    release, known = visit.library.current(visit.session), view.original
    assert known is not None
    return visit.page(
        "item_gone.html.j2",
        title=gist(known["stem"]),
        view=view,
        code=code_of(view),
        about=about(code_of(view), release),
    )


def _typed(visit: Visit) -> Sheet:
    """Read the form that a browser sent; one that is for no question of ours is not there."""
    view = opened(visit, visit.arguments["code"])
    known = view.payload or view.original
    said = known["format"] if known else visit.form.text("bentuk")
    if said not in set(Format) or (said == Format.HABIT) != code_of(view).startswith(item_labels.HABITS):
        raise NotFound
    fields = dict(own_fields(visit.form.fields))
    base = item_conflict.read(visit.form.text("asal"))
    return Sheet(code_of(view), Format(said), fields, whole_number(visit.form.text("versi")), view, base)


def take(visit: Visit) -> Answer:
    """Take the form of a question: save it, or change how many entries a list of it has and store nothing."""
    sheet, asked = _typed(visit), visit.form.text("tombol")
    if asked in ("simpan", "gabung"):
        return _save(visit, _with_theirs(visit, sheet) if asked == "gabung" else sheet, told=asked)
    verb, _, place = asked.partition(":")
    name, _, number = place.partition(".")
    extent = extents(sheet.format).get(name)
    if extent is None or verb not in ("tambah", "hapus"):
        raise NotFound
    count = len(entries(sheet.fields, name))
    if verb == "tambah":
        if count < extent.most:
            changed = with_one_more(sheet.fields, sheet.format, name)
            return draw(visit, replace(sheet, fields=changed), focus=f"{name}.{count}")
    elif count > extent.least:
        return draw(visit, replace(sheet, fields=with_one_less(sheet.fields, name, whole_number(number))), focus=name)
    return draw(visit, sheet)


def preview(visit: Visit) -> Answer:
    """Show how the chat would draw what is typed; nothing is stored."""
    sheet = _typed(visit)
    found = part_problems(sheet.view.part, sheet.payload, today=visit.now.date())
    return draw(visit, sheet, problems=found)


def _save(visit: Visit, sheet: Sheet, *, told: str) -> Answer:
    outcome = editing.save(
        visit.session,
        viewer=visit.viewer,
        part=sheet.view.part,
        payload=sheet.payload,
        version=sheet.version,
        library=visit.library,
        now=visit.now,
    )
    match outcome:
        case Saved():
            return visit.moved(f"{HOME}/{sheet.code}?telah={told}")
        case Refused(problems):
            return draw(visit, sheet, problems=problems, refused=True, status=422)
        case Conflict() if sheet.version == ABSENT:
            return _under_another_code(visit, sheet)
        case Conflict():
            return _conflict(visit, sheet, outcome)


def _under_another_code(visit: Visit, sheet: Sheet) -> Answer:
    """Offer a new question under the next code, because somebody else has just taken its own."""
    code = next_code(sheet.code.partition("-")[0], _workspace(visit))
    note = f"Nomor {sheet.code} baru saja dipakai orang lain. Nomor Anda sekarang {code}. Simpan sekali lagi."
    return draw(visit, replace(sheet, code=code, view=opened(visit, code)), note=note, status=409)


def _conflict(visit: Visit, sheet: Sheet, found: Conflict) -> Answer:
    """Show what somebody else saved beside what was to be saved, and let choose."""
    names = dimension_names(visit.library.current(visit.session))
    theirs = fields_of(found.theirs) if found.theirs is not None else {}
    rows = item_conflict.rows(sheet.fields, theirs, sheet.base, sheet.format, names) if theirs else []
    return visit.page(
        "item_conflict.html.j2",
        title=gist((sheet.fields.get("stem") or [""])[0]) or sheet.code,
        status=409,
        sheet=sheet,
        about=about(sheet.code, visit.library.current(visit.session)),
        who=found.changed_by_name,
        is_gone=found.theirs is None,
        rows=rows,
        version=found.version,
        base=item_conflict.written(sheet.base),
    )


def _with_theirs(visit: Visit, sheet: Sheet) -> Sheet:
    """Return the form with what was chosen of the other's; where they saved again meanwhile, saving tells."""
    if sheet.view.payload is None:
        return sheet
    theirs = fields_of(sheet.view.payload)
    taken = frozenset(name.removeprefix("pilih.") for name in visit.form.fields if visit.form.text(name) == "dia")
    return replace(sheet, fields=item_conflict.merged(sheet.fields, theirs, taken))
