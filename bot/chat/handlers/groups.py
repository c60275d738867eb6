"""A coach's groups: the list, the first screen of one, and its settings."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.callback_data import StaleButton, number, pack
from bot.chat.handlers import agreeing, awaited, joining, quiz
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, redraw
from bot.content.regions import regions
from bot.core.access import Viewer
from bot.core.group import Group, GroupId
from bot.core.region import UnknownRegion
from bot.core.wish import Wish
from bot.usecases import coaching, grouping
from bot.usecases.coaching import Overview

PROGRAMMES = ("Gernas BBI", "UMKM Level Up", "Rumah BUMN", "PLUT-KUMKM")
"""Tags that are offered; any other is typed."""


def viewer(request: Request) -> Viewer:
    """Return who asks; a route for coaches is never reached by a stranger."""
    assert request.viewer is not None
    return request.viewer


def group_id(argument: str) -> GroupId:
    """Read a group from a button."""
    return GroupId(number(argument))


def of_role(request: Request) -> Reply:
    """Answer /kelompok: the groups one coaches, or those one is in."""
    return home(request) if viewer(request).is_coach else joining.mine(request)


def home(request: Request) -> Reply:
    """List the coach's groups."""
    return Reply(list_screen(request))


def list_screen(request: Request) -> Screen:
    lines = grouping.mine(request.session, viewer=viewer(request))
    archived = grouping.mine(request.session, viewer=viewer(request), archived=True)
    rows: list[Row] = [(Button(f"{line.group.name} ({line.members})", pack("gs", line.group.id)),) for line in lines]
    rows.append((Button(request.t("Buat kelompok baru"), pack("gn"), Style.PLAIN if lines else Style.GO),))
    if archived:
        rows.append((Button(request.t("Arsip ({count})", count=len(archived)), pack("gh")),))
    if lines:
        rows.append((Button(request.t("Buka di laptop"), pack("db")),))
    rows.append((Button(request.t("Kembali"), pack("cu")),))
    return Screen(request.show("group_list", lines=lines), tuple(rows))


def not_yours(request: Request) -> Reply:
    """Answer a button of a group that is not there, or not the viewer's any more: nothing changes, and coaches see the
    groups that are.
    """
    reply = quiz.stale(request)
    return replace(reply, redraw=False, screen=list_screen(request)) if viewer(request).is_coach else reply


def archive_list(request: Request) -> Reply:
    """List the groups that were put away."""
    lines = grouping.mine(request.session, viewer=viewer(request), archived=True)
    rows = tuple((Button(line.group.name, pack("gs", line.group.id)),) for line in lines)
    text = request.t("Kelompok yang sudah diarsipkan. Pilih satu untuk melihat atau membukanya lagi.")
    return Reply(Screen(text, (*rows, (Button(request.t("Kelompok saya"), pack("gr")),))))


def new(request: Request) -> Reply:
    """Ask for the name of a new group."""
    back = (Button(request.t("Batal"), pack("gr")),)
    text = request.t("Apa nama kelompoknya? Ketik saja, misalnya: Pasar Wage Kebumen.")
    return awaited.ask(request, "new_group", Screen(text, (back,)))


def create(request: Request, _: GroupId | None, text: str) -> Reply:
    """Make a group of the typed name, and go on to where it is."""
    try:
        group = grouping.create(
            request.session, viewer=viewer(request), name=text, new_token=request.house.new_token, now=request.now
        )
    except grouping.NameMissing:
        return new(request)
    return ask_place(request, group, request.t("Kelompok dibuat."))


def show(request: Request, group: str) -> Reply:
    """Show a group's first screen."""
    return Reply(group_screen(request, group_id(group)))


def group_screen(request: Request, group: GroupId) -> Screen:
    """Return a group's first screen: the road so far, reasons for attention, and where to go from here."""
    found = coaching.overview(
        request.session, viewer=viewer(request), group_id=group, library=request.library, now=request.now
    )
    if found.cohort.group.archived_at:
        return _archived_screen(request, found)
    text = request.show("group", found=found, place=place_name(found.cohort.group))
    return Screen(text, _group_rows(request, found) if found.cohort.is_run else _sums_rows(request, group))


def _archived_screen(request: Request, found: Overview) -> Screen:
    group = found.cohort.group
    rows: list[Row] = [(Button(request.t("Buka lagi"), pack("uz", group.id), Style.GO),)] if found.cohort.is_led else []
    back = (Button(request.t("Kelompok saya"), pack("gr")),)
    text = request.t("Kelompok {name} ada di arsip. Undangannya tertutup dan tidak ada yang dikirim.")
    return Screen(request.show("plain", text=text, name=group.name), (*rows, back))


def _sums_rows(request: Request, group: GroupId) -> tuple[Row, ...]:
    return (
        (
            Button(request.t("Profil kelompok"), pack("gp", group)),
            Button(request.t("Topik berikutnya"), pack("gk", group)),
        ),
        (Button(request.t("Kembali"), pack("cu")),),
    )


def _group_rows(request: Request, found: Overview) -> tuple[Row, ...]:
    group = found.cohort.group.id
    if not found.cohort.members and not found.waiting:
        first: tuple[Row, ...] = ((Button(request.t("Undang anggota"), pack("gv", group), Style.GO),),)
    else:
        first = (
            (Button(request.t("Perlu perhatian"), pack("gt", group), Style.GO if found.concerns else Style.PLAIN),),
            (
                Button(request.t("Profil kelompok"), pack("gp", group)),
                Button(request.t("Topik berikutnya"), pack("gk", group)),
            ),
            (
                Button(request.t("Anggota"), pack("ga", group, 0)),
                Button(request.t("Cermin pembina"), pack("gc", group)),
            ),
            (Button(request.t("Undang anggota"), pack("gv", group)), Button(request.t("Ingatkan"), pack("nu", group))),
        )
    waiting = request.t("{count} orang menunggu persetujuan", count=found.waiting)
    return (
        *(((Button(waiting, pack("gw", group), Style.GO),),) if found.waiting else ()),
        *first,
        *_offer(request),
        (Button(request.t("Atur kelompok"), pack("gu", group)), Button(request.t("Buka di laptop"), pack("db"))),
        (Button(request.t("‹ Kelompok saya"), pack("gr")),),
    )


def _offer(request: Request) -> tuple[Row, ...]:
    """Offer the week of all groups to a coach who said neither yes nor no to it."""
    if not agreeing.is_undecided(request, Wish.SUMMARY):
        return ()
    return ((Button(request.t("Kirimi saya ringkasan tiap Senin"), pack("wh", Wish.SUMMARY)),),)


def place_name(group: Group) -> str:
    """Return where a group is, in words; empty where it was not said."""
    return regions().title(group.place) if group.place else ""


def back_to(request: Request, group: GroupId) -> Row:
    """Return the row that leads back to a group's first screen."""
    return (Button(request.t("‹ Kembali ke kelompok"), pack("gs", group)),)


def settings(request: Request, group: str) -> Reply:
    """Show what can be changed of a group."""
    found = grouping.look(request.session, viewer=viewer(request), group_id=group_id(group))
    of = found.group.id
    rows: list[Row] = [
        (
            Button(request.t("Ubah nama"), pack("ue", of, "nama")),
            Button(request.t("Ubah tempat"), pack("ue", of, "tempat")),
        ),
        (Button(request.t("Ubah program"), pack("ue", of, "program")), Button(request.t("Pembina"), pack("co", of))),
    ]
    if not found.group.archived_at:
        rows.append((Button(request.t("Ringkasan ke grup Telegram"), pack("tg", of)),))
    if found.is_led:
        rows.append((Button(request.t("Arsipkan kelompok"), pack("ux", of)),))
    text = request.show("group_settings", group=found.group, place=place_name(found.group))
    return Reply(Screen(text, (*rows, back_to(request, of))))


def edit(request: Request, group: str, what: str) -> Reply:
    """Ask for a new name, place or programme."""
    found = grouping.look(request.session, viewer=viewer(request), group_id=group_id(group)).group
    match what:
        case "nama":
            text = request.show("plain", text=request.t("Ketik nama baru untuk kelompok {name}."), name=found.name)
            return awaited.ask(request, "rename", Screen(text, (_cancel(request, found),)), found.id)
        case "tempat":
            return ask_place(request, found)
        case "program":
            return _ask_programme(request, found)
        case _:
            raise StaleButton(what)


def _cancel(request: Request, group: Group) -> Row:
    return (Button(request.t("Batal"), pack("gu", group.id)),)


def rename(request: Request, group: GroupId | None, text: str) -> Reply:
    """Give the group the typed name."""
    assert group is not None
    try:
        grouping.rename(request.session, viewer=viewer(request), group_id=group, name=text)
    except grouping.NameMissing:
        return edit(request, pack_id(group), "nama")
    return Reply(group_screen(request, group), toast=request.t("Tersimpan"))


def pack_id(group: GroupId) -> str:
    """Return a group as a button carries it."""
    return pack("gs", group).rpartition(".")[2]


def ask_place(request: Request, group: Group, notice: str = "") -> Reply:
    """Ask for the kabupaten or kota, to be typed."""
    text = request.show("group_place", group=group, notice=notice, tried="")
    skip = (Button(request.t("Lewati"), pack("up", group.id, "-")),)
    return awaited.ask(request, "place", Screen(text, (skip,)), group.id)


def offer_places(request: Request, group: GroupId | None, text: str) -> Reply:
    """Offer the regions that the typed text may mean."""
    assert group is not None
    found = grouping.look(request.session, viewer=viewer(request), group_id=group).group
    places = regions().search(text)
    skip = (Button(request.t("Lewati"), pack("up", group, "-")),)
    if not places:
        tried = request.show("group_place", group=found, notice="", tried=text)
        return awaited.ask(request, "place", Screen(tried, (skip,)), group)
    rows = tuple((Button(regions().title(place.code), pack("up", group, place.code)),) for place in places)
    asked = request.t("Yang mana? Kalau tidak ada, ketik lagi.")
    return awaited.ask(request, "place", Screen(asked, (*rows, skip)), group)


def set_place(request: Request, group: str, code: str) -> Reply:
    """Note where the group is; a new group goes on to its programme."""
    try:
        found = grouping.place(
            request.session, viewer=viewer(request), group_id=group_id(group), code=None if code == "-" else code
        )
    except UnknownRegion:
        return redraw()
    if found.programme is None:
        return _ask_programme(request, found)
    return Reply(group_screen(request, found.id), toast=request.t("Tersimpan"))


def _ask_programme(request: Request, group: Group) -> Reply:
    rows = tuple((Button(tag, pack("ut", group.id, index)),) for index, tag in enumerate(PROGRAMMES))
    none = (Button(request.t("Tanpa program"), pack("ut", group.id, len(PROGRAMMES))),)
    text = request.t("Kelompok ini bagian dari program apa? Pilih, atau ketik nama programnya.")
    return awaited.ask(request, "programme", Screen(text, (*rows, none)), group.id)


def choose_programme(request: Request, group: str, index: str) -> Reply:
    """Tag the group with one of the offered programmes, or none."""
    tags = dict(enumerate(PROGRAMMES))
    return _tagged(request, group_id(group), tags.get(number(index)))


def type_programme(request: Request, group: GroupId | None, text: str) -> Reply:
    """Tag the group with the typed programme."""
    assert group is not None
    return _tagged(request, group, text)


def _tagged(request: Request, group: GroupId, programme: str | None) -> Reply:
    grouping.set_programme(request.session, viewer=viewer(request), group_id=group, programme=programme)
    return Reply(group_screen(request, group), toast=request.t("Tersimpan"))


def ask_archive(request: Request, group: str) -> Reply:
    """Ask before a group is put away."""
    found = grouping.look(request.session, viewer=viewer(request), group_id=group_id(group)).group
    question = request.t(
        "Arsipkan kelompok {name}? Undangannya ditutup dan tidak ada lagi yang dikirim. Nanti bisa dibuka lagi."
    )
    yes = (Button(request.t("Ya, arsipkan"), pack("uy", found.id), Style.DANGER),)
    no = (Button(request.t("Tidak jadi"), pack("gu", found.id), Style.GO),)
    return Reply(Screen(request.show("plain", text=question, name=found.name), (no, yes)))


def archive(request: Request, group: str) -> Reply:
    """Put a group away."""
    grouping.archive(request.session, viewer=viewer(request), group_id=group_id(group), now=request.now)
    return Reply(list_screen(request), toast=request.t("Kelompok diarsipkan."))


def unarchive(request: Request, group: str) -> Reply:
    """Take a group out of the archive."""
    grouping.unarchive(request.session, viewer=viewer(request), group_id=group_id(group))
    return show(request, group)
