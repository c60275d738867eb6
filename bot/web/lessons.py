"""The editor of lessons: the list, the form with its cards and the chat beside it, and taking a lesson out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from bot.content.merging import merge
from bot.content.parts import part_problems
from bot.usecases import editing
from bot.usecases.editing import ABSENT, Conflict, PartView, Refused, Saved
from bot.web import lesson_fields
from bot.web.item_page import dimension_names
from bot.web.lesson_fields import Sheet, blank, changed, of_plain, sheet_of
from bot.web.lesson_list import MARKS, WARNED, asked_of, listing
from bot.web.lesson_page import HOME, Desk, about, begun, draw, opened
from bot.web.page import Answer, NotFound, Visit, whole_number
from bot.web.part_removal import settle

NOTES = {
    "simpan": "Tersimpan di rancangan. Pelajaran ini baru dibaca orang sesudah diterbitkan.",
    "batal": "Kembali seperti yang sudah terbit.",
}
TITLE_LIMIT, SLUG_LIMIT = 60, 40
REMOVALS = ("batal", "keluar")


def listed(visit: Visit) -> Answer:
    """List the lessons of the working copy by dimension, as the address asks."""
    names = dimension_names(visit.library.current(visit.session))
    asked = asked_of(visit, names)
    found = editing.workspace(visit.session, viewer=visit.viewer, library=visit.library)
    groups = listing(found, asked, names, today=visit.now.date())
    return visit.page(
        "lessons.html.j2",
        title="Pelajaran",
        asked=asked,
        groups=groups,
        count=sum(map(len, groups.values())),
        dimensions=names,
        marks=MARKS,
        warned=WARNED,
    )


def fresh(visit: Visit) -> Answer:
    """Ask what a new lesson is about and what it is called; then show its empty form."""
    names = dimension_names(visit.library.current(visit.session))
    title = " ".join(visit.query.get("judul", "").split())[:TITLE_LIMIT]
    dimension = visit.choice("bidang", ("", *names))
    code = f"M-{dimension}-{slug(title)}"
    wrong = ""
    if dimension and len(slug(title)) >= 2:
        view = opened(visit, code)
        if view.payload is None and view.original is None:
            return draw(visit, Desk(code, blank(title), ABSENT, view), focus="summary")
        wrong = "Sudah ada pelajaran dengan judul seperti ini di bidang itu. Beri judul lain."
    elif dimension:
        wrong = "Tulis judulnya dulu, paling sedikit satu kata."
    return visit.page(
        "lesson_new.html.j2",
        title="Pelajaran baru",
        dimensions=names,
        chosen=dimension,
        typed=title,
        wrong=wrong,
    )


def slug(title: str) -> str:
    """Return what a lesson's code is made of: its title in small letters without accents, with dashes."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LIMIT].strip("-")


def lesson(visit: Visit) -> Answer:
    """Show the form of one lesson, with what is wrong with it now; one that was taken out only says so."""
    view = opened(visit, visit.arguments["code"])
    if view.payload is None:
        return _gone(visit, view)
    found = part_problems(view.part, view.payload, today=visit.now.date())
    return draw(visit, begun(view), problems=found, note=NOTES.get(visit.query.get("telah", ""), ""))


def _gone(visit: Visit, view: PartView) -> Answer:
    if view.original is None:
        raise NotFound
    code = view.part.partition(":")[2]
    release = visit.library.current(visit.session)
    title = view.original["title"]
    return visit.page("lesson_gone.html.j2", title=title, view=view, code=code, about=about(code, release))


def _typed(visit: Visit) -> Desk:
    """Read the form that a browser sent."""
    code = visit.arguments["code"]
    view = opened(visit, code)
    base = lesson_fields.carried(visit.form.text("asal"))
    return Desk(code, lesson_fields.read(visit.form.fields), whole_number(visit.form.text("versi")), view, base)


def take(visit: Visit) -> Answer:
    """Take the form of a lesson: save it, take over a text of somebody else, or add, move and take out entries without
    storing anything.
    """
    desk, asked = _typed(visit), visit.form.text("tombol")
    if asked == "simpan":
        return _save(visit, desk)
    if asked.startswith("pakai:"):
        return _take_over(visit, desk, asked.removeprefix("pakai:"))
    sheet = changed(desk.sheet, asked)
    if sheet is None:
        raise NotFound
    return draw(visit, replace(desk, sheet=sheet), theirs=_clashes(visit, desk), focus=_focus(asked, sheet))


def _focus(asked: str, sheet: Sheet) -> str:
    """Return the field to go on with: the new entry, or the card that was moved."""
    verb, _, place = asked.partition(":")
    name, _, number = place.partition(".")
    entries = sheet.cards if name == "cards" else sheet.sources
    at = int(number) + {"tambah": 1, "naik": -1, "turun": 1}.get(verb, 0)
    at = max(0, min(at, len(entries) - 1))
    return f"{name}.{at}.{'id' if name == 'cards' else 'title'}"


def preview(visit: Visit) -> Answer:
    """Show how the chat would draw what is typed, and what is wrong with it; nothing is stored."""
    desk = _typed(visit)
    found = part_problems(desk.view.part, desk.payload, today=visit.now.date())
    return draw(visit, desk, problems=found, theirs=_clashes(visit, desk))


def _save(visit: Visit, desk: Desk) -> Answer:
    outcome = editing.save(
        visit.session,
        viewer=visit.viewer,
        part=desk.view.part,
        payload=desk.payload,
        version=desk.version,
        library=visit.library,
        now=visit.now,
    )
    match outcome:
        case Saved():
            return visit.moved(f"{HOME}/{desk.code}?telah=simpan")
        case Refused(problems):
            return draw(visit, desk, problems=problems, theirs=_clashes(visit, desk), refused=True, status=422)
        case Conflict():
            return _together(visit, desk, outcome)


def _together(visit: Visit, desk: Desk, found: Conflict) -> Answer:
    """Bring both changes together; where both changed the same field mine stays, and theirs stands beside it."""
    who = found.changed_by_name
    if found.theirs is None:
        view = opened(visit, desk.code)
        return draw(visit, Desk(desk.code, desk.sheet, view.version, view), note=_taken_out(who), status=409)
    theirs = sheet_of(found.theirs)
    base = desk.base or theirs
    both = merge(base.plain, theirs.plain, desk.sheet.plain)
    sheet = of_plain(both.payload)
    assert sheet is not None
    clashes = both.clashes if desk.base else _differences(theirs, desk.sheet)
    merged = Desk(desk.code, sheet if desk.base else desk.sheet, found.version, opened(visit, desk.code), theirs)
    told = [(path, _words(theirs, path)) for path in clashes]
    return draw(visit, merged, theirs=told, other=who, note=_merged_note(who, len(told)), status=409)


def _differences(theirs: Sheet, mine: Sheet) -> list[str]:
    return [path for path, said in theirs.fields.items() if mine.fields.get(path) != said]


def _words(sheet: Sheet, path: str) -> str:
    """Return what a form says at a path, the whole of a list that grew or shrank."""
    inside = [said for name, said in sheet.fields.items() if name == path or name.startswith(f"{path}.")]
    return "\n=====\n".join(said for said in inside if said) or "(kosong)"


def _merged_note(who: str | None, clashes: int) -> str:
    start = f"Sementara Anda menulis, {who or 'orang lain'} sudah menyimpan perubahan. Keduanya sudah digabung di bawah"
    if not clashes:
        return f"{start}, dan belum tersimpan. Baca sekali lagi, lalu simpan."
    return f"{start}, kecuali {clashes} tempat yang kalian ubah bersama: pilih di sana, lalu simpan."


def _taken_out(who: str | None) -> str:
    return (
        f"Sementara Anda menulis, {who or 'orang lain'} mengeluarkan pelajaran ini dari rancangan. Tulisan Anda masih "
        "lengkap di bawah. Simpan sekali lagi bila pelajaran ini mau dikembalikan."
    )


def _clashes(visit: Visit, desk: Desk) -> list[tuple[str, str]]:
    """Return the texts of somebody else that are still to be chosen from, as the form carries their places."""
    if desk.view.payload is None:
        return []
    theirs = sheet_of(desk.view.payload)
    known = {*theirs.fields, "cards", "sources"}
    return [(path, _words(theirs, path)) for path in visit.form.all("bentrok") if path in known]


def _take_over(visit: Visit, desk: Desk, path: str) -> Answer:
    """Put the text of somebody else into the form."""
    left = [clash for clash in _clashes(visit, desk) if clash[0] != path]
    if desk.view.payload is None:
        raise NotFound
    sheet = _with(desk.sheet, sheet_of(desk.view.payload), path)
    return draw(visit, replace(desk, sheet=sheet), theirs=left, focus=path)


def _with(mine: Sheet, theirs: Sheet, path: str) -> Sheet:
    """Return my form with one field, or one whole list, of theirs."""
    if path in ("cards", "sources"):
        return replace(mine, cards=theirs.cards) if path == "cards" else replace(mine, sources=theirs.sources)
    if path not in theirs.fields or path not in mine.fields:
        raise NotFound
    return lesson_fields.read({name: [said] for name, said in (mine.fields | {path: theirs.fields[path]}).items()})


def ask_removal(visit: Visit) -> Answer:
    """Ask once more before a lesson is taken out, or loses what is not released."""
    return _asked(visit, opened(visit, visit.arguments["code"]), visit.choice("apa", REMOVALS))


def _asked(visit: Visit, view: PartView, removal: str, *, is_late: bool = False) -> Answer:
    known = _known(view, removal)
    code = view.part.partition(":")[2]
    return visit.page(
        "lesson_removal.html.j2",
        title=known["title"],
        status=409 if is_late else 200,
        removal=removal,
        view=view,
        code=code,
        about=about(code, visit.library.current(visit.session)),
        summary=known["summary"],
        is_late=is_late,
        is_new=view.original is None,
    )


def _known(view: PartView, removal: str) -> dict[str, str]:
    """Return the lesson if this can be done: what is released needs no way back, and what is out cannot go out."""
    known = view.payload or view.original
    can = view.draft is not None if removal == "batal" else view.payload is not None and view.original is not None
    if known is None or not can:
        raise NotFound
    return dict(known)


def remove(visit: Visit) -> Answer:
    """Do what was confirmed; where somebody else changed the lesson meanwhile, ask again."""
    view, removal = opened(visit, visit.arguments["code"]), visit.form.text("apa")
    if removal not in REMOVALS:
        raise NotFound
    _known(view, removal)
    match settle(visit, view, takes_back=removal == "batal"):
        case Saved() if removal == "batal" and view.original is not None:
            return visit.moved(f"{HOME}/{view.part.partition(':')[2]}?telah=batal")
        case Saved():
            return visit.moved(HOME)
        case Refused() | Conflict():
            return _asked(visit, opened(visit, visit.arguments["code"]), removal, is_late=True)
