"""What admins do in the chat: see how things stand, mend a text of a question, put one away, and go on on the web."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.chat.callback_data import StaleButton, number, pack
from bot.chat.handlers import signing_in
from bot.chat.handlers.groups import viewer
from bot.chat.preview import item_preview
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.content.problems import Problem
from bot.core.item import Item, Status
from bot.texts.engine import long_moment
from bot.usecases import accounts, mending, overseeing
from bot.usecases.editing import Conflict, Refused, Saved
from bot.usecases.grouping import NotForYou
from bot.usecases.mending import Opened, Spot, Tried

PLACES = {"isi": "/isi", "orang": "/orang", "catatan": "/catatan"}
"""Pages that the chat leads to, besides that of one question."""
TEXT_WORDS = ", teks"
PROBLEMS_SHOWN = 3
FIND, MEND = "find_item", "mend_item"
"""What a typed text may be awaited as."""


def home(request: Request) -> Reply:
    """Answer /admin: how things stand, and where to go from here."""
    found = overseeing.status(request.session, viewer=viewer(request), now=request.now)
    clock = request.owner.context.clock
    published = long_moment(found.release.published_at, clock, request.language) if found.release else ""
    rows: tuple[Row, ...] = (
        (Button(request.t("Cari pertanyaan"), pack("af")), Button(request.t("Peran orang"), pack("ao"))),
        (Button(request.t("Buka penyunting"), pack("al", "isi"), Style.GO),),
        (Button(request.t("Lihat catatan perubahan"), pack("al", "catatan")),),
        (Button(request.t("Kembali"), pack("cu")),),
    )
    return Reply(Screen(request.show("admin", found=found, published=published), rows))


def open_page(request: Request, place: str) -> Reply:
    """Hand out the way to a page of the web: one of those named, or that of a question."""
    if place in PLACES:
        return signing_in.open_at(request, PLACES[place], back="ad")
    found = _find(request, place)
    return signing_in.open_at(request, f"/isi/butir/{found.code}", back="ad")


def _find(request: Request, code: str) -> Opened:
    return mending.find(request.session, viewer=viewer(request), code=code, library=request.library)


def ask_code(request: Request) -> Reply:
    """Ask for the code of a question."""
    text = request.t("Ketik kode pertanyaannya, misalnya O2-003.")
    return _awaiting(request, FIND, Screen(text, ((Button(request.t("Batal"), pack("ad")),),)))


def _awaiting(request: Request, awaits: str, screen: Screen) -> Reply:
    accounts.await_text(request.session, owner=request.owner, awaits=awaits)
    return Reply(screen)


def take_code(request: Request, _: str, text: str) -> Reply:
    """Show the question of the typed code, or ask again where there is none."""
    try:
        return Reply(_item_screen(request, _find(request, "".join(text.split()))))
    except NotForYou:
        again = ask_code(request)
        return replace(again, before=(request.t("Kode itu tidak ada. Kodenya tertulis di daftar pertanyaan di web."),))


def item(request: Request, code: str) -> Reply:
    """Show a question as the working copy has it."""
    return Reply(_item_screen(request, _find(request, code)))


def _item_screen(request: Request, found: Opened) -> Screen:
    rows: list[Row] = [(Button(_words(spot), pack("ae", found.code, index)),) for index, spot in enumerate(found.spots)]
    if found.status is not Status.RETIRED:
        rows.append((Button(request.t("Arsipkan pertanyaan ini"), pack("ar", found.code)),))
    rows.append((Button(request.t("Buka di penyunting"), pack("al", found.code), Style.GO),))
    rows.append((Button(request.t("Kembali"), pack("ad")),))
    text = request.show(
        "admin_item", found=found, preview=_preview(request, found.item), status=_status(request, found)
    )
    return Screen(text, tuple(rows))


def _words(spot: Spot) -> str:
    """Return which text it is, as a heading: Pilihan B."""
    words = spot.words.removesuffix(TEXT_WORDS)
    return words[:1].upper() + words[1:]


def _status(request: Request, found: Opened) -> str:
    words = {
        Status.DRAFT: request.t("draf"),
        Status.REVIEW: request.t("sedang ditelaah"),
        Status.ACTIVE: request.t("dipakai"),
        Status.WATCH: request.t("dipantau"),
        Status.RETIRED: request.t("diarsipkan"),
    }
    return words[found.status]


def _preview(request: Request, item: Item | None) -> str:
    """Return the question as the chat asks it, in Indonesian, in which it is written."""
    if item is None:
        return ""
    return item_preview(item, "id", release=request.library.current(request.session))[0].screen.text


def ask_text(request: Request, code: str, index: str) -> Reply:
    """Ask for a text to be typed anew."""
    found = _find(request, code)
    at = number(index)
    if at >= len(found.spots):
        raise StaleButton(index)
    return _ask_text(request, found.code, found.spots[at])


def _ask_text(request: Request, code: str, spot: Spot, problems: tuple[Problem, ...] = ()) -> Reply:
    text = request.show(
        "admin_text", spot=spot, words=_words(spot), problems=[p.message for p in problems[:PROBLEMS_SHOWN]]
    )
    back = (Button(request.t("Batal"), pack("ac", code)),)
    return _awaiting(request, f"{MEND} {code} {spot.path}", Screen(text, (back,)))


def take_text(request: Request, about: str, text: str) -> Reply:
    """Show the question with the typed text in it; it is kept once that is confirmed."""
    code, path, *_ = about.split(" ", 3)
    found = _find(request, code)
    tried = mending.attempt_text(
        request.session,
        viewer=viewer(request),
        code=code,
        path=path,
        text=text,
        library=request.library,
        now=request.now,
    )
    match tried:
        case Refused(problems):
            spot = next(each for each in found.spots if each.path == path)
            return _ask_text(request, code, spot, problems)
        case Tried():
            return _propose(request, code, tried)


def _propose(request: Request, code: str, tried: Tried) -> Reply:
    """Keep the text with what is awaited until it is confirmed, for it is too long for a button."""
    about = f"{code} {tried.spot.path} {tried.version} {tried.spot.text}"
    text = request.show(
        "admin_tried",
        tried=tried,
        preview=_preview(request, tried.item),
        warnings=[problem.message for problem in tried.warnings[:PROBLEMS_SHOWN]],
    )
    rows = (
        (Button(request.t("Ya, simpan di rancangan"), pack("as", code, _digest(about)), Style.GO),),
        (Button(request.t("Tidak jadi"), pack("ac", code)),),
    )
    return _awaiting(request, f"{MEND} {about}", Screen(text, rows))


def _digest(about: str) -> str:
    """Return what a button carries of a text, so that it never confirms another one."""
    return hashlib.sha256(about.encode()).hexdigest()[:8]


def keep_text(request: Request, code: str, digest: str) -> Reply:
    """Keep the text that was looked at in the working copy; one that is awaited no more is asked for again."""
    what, _, about = (request.awaits or "").partition(" ")
    if what != MEND or _digest(about) != digest or about.count(" ") < 3:
        reply = item(request, code)
        return replace(reply, toast=request.t("Tombol itu sudah lewat. Ini keadaan yang terbaru."))
    code, path, version, text = about.split(" ", 3)
    outcome = mending.mend(
        request.session,
        viewer=viewer(request),
        code=code,
        path=path,
        text=text,
        version=int(version),
        library=request.library,
        now=request.now,
    )
    return _kept(request, code, outcome)


def _kept(request: Request, code: str, outcome: Saved | Refused | Conflict) -> Reply:
    match outcome:
        case Saved():
            toast = request.t("Tersimpan di rancangan. Berlaku sesudah diterbitkan di web.")
        case Conflict():
            toast = request.t("Belum disimpan: orang lain baru mengubah pertanyaan ini. Ini keadaan yang terbaru.")
        case Refused():
            toast = request.t("Belum disimpan: ada yang perlu dibereskan. Buka penyunting.")
    return replace(item(request, code), toast=toast)


def ask_retire(request: Request, code: str) -> Reply:
    """Ask before a question is put away."""
    found = _find(request, code)
    rows = (
        (Button(request.t("Tidak jadi"), pack("ac", found.code), Style.GO),),
        (Button(request.t("Ya, arsipkan"), pack("at", found.code, found.view.version), Style.DANGER),),
    )
    return Reply(Screen(request.show("admin_retire", found=found), rows))


def retire(request: Request, code: str, version: str) -> Reply:
    """Put a question away in the working copy."""
    outcome = mending.retire(
        request.session,
        viewer=viewer(request),
        code=code,
        version=number(version),
        library=request.library,
        now=request.now,
    )
    return _kept(request, code, outcome)
