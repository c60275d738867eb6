"""Who looks after a group: a second coach, handing over, stepping down; and what the finder of such a link sees."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.callback_data import number, pack
from bot.chat.handlers.groups import back_to, group_id, group_screen, list_screen, viewer
from bot.chat.handlers.invitations import COACH_PREFIX, link
from bot.chat.handlers.joining import told
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, correction, redraw
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.usecases import grouping
from bot.usecases.grouping import NotForYou

SURE = "y"
"""What a button carries that was asked for twice."""


def show(request: Request, group: str) -> Reply:
    """Show who looks after a group, and what can be changed about it."""
    of = group_id(group)
    seen = grouping.look(request.session, viewer=viewer(request), group_id=of)
    found = grouping.coaches(request.session, viewer=viewer(request), group_id=of)
    rows: list[Row] = []
    if seen.is_led:
        rows += [
            (Button(request.t("Ajak pembina kedua"), pack("c2", of)),),
            (Button(request.t("Serahkan kelompok"), pack("c3", of)),),
        ]
        rows += [
            (Button(request.t("Hentikan {name}", name=one.first_name[:24]), pack("c4", of, one.person_id)),)
            for one in found
            if not one.leads
        ]
    else:
        rows.append((Button(request.t("Berhenti mendampingi"), pack("c5", of)),))
    return Reply(Screen(request.show("coaches", group=seen.group, coaches=found), (*rows, back_to(request, of))))


def invite_second(request: Request, group: str) -> Reply:
    """Make a link for a second coach."""
    return _offer(request, group, hands_over=False)


def hand_over(request: Request, group: str) -> Reply:
    """Make a link that hands the group over."""
    return _offer(request, group, hands_over=True)


def _offer(request: Request, group: str, *, hands_over: bool) -> Reply:
    of = group_id(group)
    token = grouping.offer(
        request.session,
        viewer=viewer(request),
        group_id=of,
        hands_over=hands_over,
        new_token=request.house.new_token,
        now=request.now,
    )
    found = grouping.look(request.session, viewer=viewer(request), group_id=of).group
    forward = request.show("offer", group=found, hands_over=hands_over, link=link(request, COACH_PREFIX + token))
    text = request.t("Teruskan pesan di atas ke rekan Anda. Tautannya berlaku 3 hari dan hanya untuk satu orang.")
    return Reply(Screen(text, (back_to(request, of),)), before=(forward,), fresh=True)


def end(request: Request, group: str, person: str, sure: str = "") -> Reply:
    """Let another coach look after the group no longer, once that is sure."""
    of, who = group_id(group), PersonId(number(person))
    if sure != SURE:
        return _ask_end(request, of, who)
    grouping.remove_coach(request.session, viewer=viewer(request), group_id=of, person_id=who)
    return replace(show(request, group), toast=request.t("Tersimpan"))


def _ask_end(request: Request, group: GroupId, person: PersonId) -> Reply:
    seen = grouping.look(request.session, viewer=viewer(request), group_id=group)
    coaches = grouping.coaches(request.session, viewer=viewer(request), group_id=group)
    found = next((one for one in coaches if one.person_id == person and not one.leads), None)
    if not seen.is_led or found is None:
        raise NotForYou(group)
    question = request.t("Hentikan {name} sebagai pembina kelompok ini? Ia tidak bisa lagi melihat kelompoknya.")
    return _asked(
        request, question, found.first_name, request.t("Ya, hentikan"), pack("c4", group, person, SURE), group
    )


def _asked(request: Request, question: str, name: str, yes: str, data: str, group: GroupId) -> Reply:
    rows = (
        (Button(request.t("Tidak jadi"), pack("co", group), Style.GO),),
        (Button(yes, data, Style.DANGER),),
    )
    return Reply(Screen(request.show("plain", text=question, name=name), rows))


def step_down(request: Request, group: str, sure: str = "") -> Reply:
    """Look after the group no longer, once that is sure."""
    of = group_id(group)
    seen = grouping.look(request.session, viewer=viewer(request), group_id=of)
    if sure != SURE and not seen.is_led:
        question = request.t(
            "Berhenti mendampingi kelompok {name}? Untuk kembali, Anda perlu diajak lagi oleh penanggung jawabnya."
        )
        return _asked(request, question, seen.group.name, request.t("Ya, berhenti"), pack("c5", of, SURE), of)
    try:
        grouping.step_down(request.session, viewer=viewer(request), group_id=of)
    except grouping.HandOverFirst:
        return correction(request.t("Serahkan dulu kelompoknya ke pembina lain."))
    return Reply(list_screen(request), toast=request.t("Anda tidak lagi mendampingi kelompok itu."))


def open_offer(request: Request, token: str) -> Reply:
    """Show a coach what a link offers, before agreeing."""
    try:
        found = grouping.offered(request.session, viewer=viewer(request), token=token, now=request.now)
    except NotForYou:
        return told(request, request.t("Tautan itu sudah tidak berlaku."))
    yes = (Button(request.t("Ya, saya bersedia"), pack("ca", token), Style.GO),)
    no = (Button(request.t("Tidak dulu"), pack("cu")),)
    return Reply(Screen(request.show("offered", found=found), (yes, no)))


def accept(request: Request, token: str) -> Reply:
    """Become a coach of the offered group."""
    try:
        group = grouping.accept(request.session, viewer=viewer(request), token=token, now=request.now)
    except NotForYou:
        return redraw(request.t("Tautan itu sudah tidak berlaku."))
    return Reply(group_screen(request, group.id), toast=request.t("Selamat mendampingi!"))
