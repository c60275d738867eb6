"""How owners come into a group: the link, the code, the poster, and agreeing to who knocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from bot.chat.callback_data import number, pack
from bot.chat.handlers.groups import back_to, group_id, group_screen, viewer
from bot.chat.request import Request
from bot.chat.screen import Button, Document, Reply, Row, Screen, Style
from bot.core.group import Group, GroupId, shown_code
from bot.core.person import PersonId, local
from bot.store.members import Newcomer
from bot.texts.poster import poster
from bot.usecases import grouping

LIMITS = (30, 100, 200, 500, 1000, 10_000)
GROUP_PREFIX, COACH_PREFIX = "g", "p"
"""What the payload of a link begins with: into a group, or into coaching one."""
NEWCOMERS_SHOWN = 10


def link(request: Request, payload: str) -> str:
    """Return a link that opens the bot with a payload."""
    return f"https://t.me/{request.house.bot_name}?start={payload}"


def show(request: Request, group: str) -> Reply:
    """Show the invitation of a group."""
    return Reply(invitation_screen(request, group_id(group)))


def invitation_screen(request: Request, group: GroupId) -> Screen:
    found = grouping.look(request.session, viewer=viewer(request), group_id=group).group
    if found.archived_at:
        return group_screen(request, group)
    invitation = found.invitation
    is_open = invitation.is_open(request.now)
    text = request.show(
        "invitation",
        group=found,
        is_open=is_open,
        link=link(request, GROUP_PREFIX + invitation.token),
        code=shown_code(invitation.code),
        ends_on=local_day(request, invitation.ends_at),
    )
    renew = Button(
        request.t("Perbarui undangan"), pack("ir", group, invitation.code), Style.PLAIN if is_open else Style.GO
    )
    approval = request.t("Tanpa persetujuan") if found.approves else request.t("Pakai persetujuan")
    rows: tuple[Row, ...] = (
        *(((Button(request.t("Poster A4 untuk dicetak"), pack("gq", group), Style.GO),),) if is_open else ()),
        (renew, *((Button(request.t("Tutup undangan"), pack("ic", group)),) if is_open else ())),
        (
            Button(approval, pack("ia", group, int(not found.approves))),
            Button(request.t("Batas anggota"), pack("il", group)),
        ),
        back_to(request, group),
    )
    return Screen(text, rows)


def local_day(request: Request, moment: datetime) -> date:
    """Return the day on which a moment falls where the coach lives."""
    return local(moment, request.owner.context.zone).date()


def send_poster(request: Request, group: str) -> Reply:
    """Send the poster as a file, for a picture would be squeezed."""
    found = grouping.look(request.session, viewer=viewer(request), group_id=group_id(group)).group
    if not found.invitation.is_open(request.now):
        return Reply(invitation_screen(request, found.id))
    file = Document(
        "poster-kelompok.png", _poster(request, found), request.t("Poster A4. Cetak hitam putih pun jelas.")
    )
    screen = Screen(
        request.t("Posternya di atas ini. Cetak, lalu tempel atau bawa saat kunjungan."), (back_to(request, found.id),)
    )
    return Reply(screen, documents=(file,), fresh=True)


def renew(request: Request, group: str, shown: str | None = None) -> Reply:
    """Make a new link and code, once for the code that was shown beside the button."""
    found = grouping.renew_invitation(
        request.session,
        viewer=viewer(request),
        group_id=group_id(group),
        shown=shown,
        new_token=request.house.new_token,
        now=request.now,
    )
    return Reply(
        invitation_screen(request, found.id), toast=request.t("Undangan baru siap. Yang lama tidak berlaku lagi.")
    )


def close(request: Request, group: str) -> Reply:
    """Close the invitation."""
    found = grouping.close_invitation(
        request.session, viewer=viewer(request), group_id=group_id(group), now=request.now
    )
    return Reply(invitation_screen(request, found.id), toast=request.t("Undangan ditutup."))


def approval(request: Request, group: str, approves: str) -> Reply:
    """Let a coach agree to each newcomer, or let everybody in."""
    found = grouping.set_approval(
        request.session, viewer=viewer(request), group_id=group_id(group), approves=number(approves) == 1
    )
    return Reply(invitation_screen(request, found.id), toast=request.t("Tersimpan"))


def ask_limit(request: Request, group: str) -> Reply:
    """Offer limits for the number of members."""
    found = grouping.look(request.session, viewer=viewer(request), group_id=group_id(group)).group
    buttons = [Button(f"{limit:,}".replace(",", "."), pack("im", found.id, limit)) for limit in LIMITS]
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    text = request.t("Paling banyak berapa anggota? Sekarang {limit}.", limit=found.member_limit)
    return Reply(Screen(text, (*rows, (Button(request.t("Kembali"), pack("gv", found.id)),))))


def set_limit(request: Request, group: str, limit: str) -> Reply:
    """Note the limit that was chosen."""
    wanted = number(limit)
    if wanted not in LIMITS:
        return show(request, group)
    found = grouping.set_limit(request.session, viewer=viewer(request), group_id=group_id(group), members=wanted)
    return Reply(invitation_screen(request, found.id), toast=request.t("Tersimpan"))


def newcomers(request: Request, group: str) -> Reply:
    """List who waits to be let in."""
    return Reply(_newcomers_screen(request, group_id(group)))


def _newcomers_screen(request: Request, group: GroupId) -> Screen:
    waiting = grouping.newcomers(request.session, viewer=viewer(request), group_id=group)
    if not waiting:
        return group_screen(request, group)
    shown = waiting[:NEWCOMERS_SHOWN]
    rows = tuple(
        (
            Button(request.t("Terima {name}", name=_name(request, one)), pack("gj", group, one.person_id), Style.GO),
            Button(request.t("Tolak {name}", name=_name(request, one)), pack("gz", group, one.person_id)),
        )
        for one in shown
    )
    asked = [(one, local_day(request, one.asked_at)) for one in shown]
    text = request.show("newcomers", waiting=asked, more=len(waiting) - len(shown))
    return Screen(text, (*rows, back_to(request, group)))


def _name(request: Request, one: Newcomer) -> str:
    """Return a name that fits on half a row; the button goes by it, for the list moves up after each answer."""
    return " ".join(one.first_name.split())[:16] or request.t("(tanpa nama)")


def admit(request: Request, group: str, person: str) -> Reply:
    """Let somebody in."""
    found = grouping.admit(
        request.session,
        viewer=viewer(request),
        group_id=group_id(group),
        person_id=PersonId(number(person)),
        now=request.now,
    )
    toast = request.t("Diterima. Ia diberi tahu.") if found else request.t("Ia sudah tidak menunggu.")
    return Reply(_newcomers_screen(request, group_id(group)), toast=toast)


def turn_down(request: Request, group: str, person: str) -> Reply:
    """Turn somebody down, who is not told."""
    grouping.turn_down(
        request.session, viewer=viewer(request), group_id=group_id(group), person_id=PersonId(number(person))
    )
    return Reply(_newcomers_screen(request, group_id(group)), toast=request.t("Tidak diterima."))


def _poster(request: Request, group: Group) -> Callable[[], bytes]:
    """Return what draws the poster, without the request or its transaction."""
    return partial(
        poster,
        group_name=group.name,
        coach_name=request.owner.first_name,
        link=link(request, GROUP_PREFIX + group.invitation.token),
        code=shown_code(group.invitation.code),
        ends_on=local_day(request, group.invitation.ends_at),
        language=request.language,
    )
