"""The owner's side of a group: what the coach will see before agreeing, joining, changing one's mind, leaving."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.handlers import awaited
from bot.chat.incoming import Typed
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, correction, redraw
from bot.core.group import GroupId
from bot.core.person import Role
from bot.store.members import Membership
from bot.usecases import joining
from bot.usecases.joining import NoWayIn, Proposal, Sharing, TooManyGuesses

SHARING_VERSION = "2026-11"
"""Goes up when the text of `proposal` or `membership` changes what is agreed to."""


def open_link(request: Request, token: str) -> Reply:
    """Open an invitation by its link; the screen that counts then asks for the decision."""
    if request.owner.role is Role.COACH:
        return told(request, request.t("Undangan ini untuk pemilik usaha."))
    try:
        joining.open_link(request.session, owner=request.owner, token=token, now=request.now)
    except NoWayIn:
        return told(request, _closed(request))
    return redraw()


def told(request: Request, text: str) -> Reply:
    """Draw the screen that counts and say why: as a toast, or above it where a link was opened, which gets no toast."""
    return replace(redraw(text), before=(text,) if request.is_typed else ())


def greeting(request: Request, token: str) -> str:
    """Return who invites into which group, for a stranger; empty where the link leads nowhere."""
    found = joining.introduced(request.session, token=token, now=request.now)
    return request.show("invited", group=found.group, coaches=found.coaches) if found else ""


def _closed(request: Request) -> str:
    return request.t("Undangan itu tidak berlaku lagi. Mintalah yang baru kepada pembina Anda.")


def pending(request: Request) -> Screen | None:
    """Return the screen of the invitation that waits for the owner's word, if one does."""
    found = joining.pending(request.session, owner=request.owner, now=request.now)
    return proposal_screen(request, found) if found else None


def proposal_screen(request: Request, found: Proposal) -> Screen:
    """Return what an owner sees before deciding."""
    group = found.group.id
    return Screen(
        _proposal_text(request, found),
        (
            (Button(request.t("Gabung, bagikan nama & hasil"), _join(group, Sharing.NAME), Style.GO),),
            (Button(request.t("Gabung tanpa nama"), _join(group, Sharing.SUMS)),),
            (Button(request.t("Tidak dulu"), pack("jr")),),
        ),
    )


def _join(group: GroupId, sharing: Sharing) -> str:
    return pack("jn", group, sharing, SHARING_VERSION)


def _proposal_text(request: Request, found: Proposal) -> str:
    return request.show("proposal", group=found.group, coaches=found.coaches)


def join(request: Request, group: str, sharing: str, version: str) -> Reply:
    """Enter the group; a text that has changed meanwhile is shown anew instead of being taken as agreed to."""
    wanted = choice(Sharing, sharing)
    found = joining.pending(request.session, owner=request.owner, now=request.now)
    if version != SHARING_VERSION:
        return redraw(request.t("Teksnya sudah diperbarui. Mohon dibaca lagi."))
    try:
        entered = joining.join(
            request.session,
            owner=request.owner,
            group_id=GroupId(number(group)),
            sharing=wanted,
            version=version,
            text=_proposal_text(request, found) if found else "",
            now=request.now,
        )
    except NoWayIn:
        return correction(_closed(request))
    if entered.waits:
        return redraw(request.t("Permintaan Anda terkirim. Tunggu diterima pembina, ya."))
    return redraw(request.t("Anda sudah bergabung."))


def refuse(request: Request) -> Reply:
    """Decide not to enter."""
    joining.refuse(request.session, owner=request.owner)
    return redraw(request.t("Baik. Tidak ada yang dibagikan."))


def ask_code(request: Request) -> Reply:
    """Answer /gabung: take the code that came along, or ask for it."""
    event = request.incoming.event
    if isinstance(event, Typed) and event.argument:
        return take_code(request, None, event.argument)
    back = (Button(request.t("Batal"), pack("km")),)
    text = request.t("Ketik kode undangan dari pembina Anda. Ada 10 huruf dan angka, misalnya 7K2MD-PX9QH.")
    return awaited.ask(request, "code", Screen(text, (back,)))


def take_code(request: Request, _: GroupId | None, text: str) -> Reply:
    """Open an invitation by a typed code."""
    if request.owner.role is Role.COACH:
        return told(request, request.t("Undangan ini untuk pemilik usaha."))
    try:
        joining.open_code(request.session, owner=request.owner, text=text, now=request.now)
    except TooManyGuesses:
        return _no_code(request, request.t("Sudah terlalu sering dicoba. Tunggu sebentar, lalu minta kode yang baru."))
    except NoWayIn:
        return _no_code(
            request,
            request.t(
                "Kode itu tidak membuka kelompok. Periksa hurufnya satu per satu. Mungkin undangannya sudah berakhir."
            ),
        )
    return redraw()


def _no_code(request: Request, text: str) -> Reply:
    again = (Button(request.t("Ketik lagi"), pack("jc"), Style.GO), Button(request.t("Kembali"), pack("cu")))
    return Reply(Screen(text, (again,)))


def mine(request: Request) -> Reply:
    """List the groups the owner is in, and the way into another."""
    found = joining.mine(request.session, owner=request.owner)
    rows = tuple((Button(one.group_name, pack("ms", one.group_id)),) for one in found)
    more = (
        (Button(request.t("Ketik kode undangan"), pack("jc"), Style.PLAIN if found else Style.GO),),
        (Button(request.t("Kembali"), pack("cu")),),
    )
    return Reply(Screen(request.show("my_groups", groups=found), (*rows, *more)))


def membership(request: Request, group: str) -> Reply:
    """Show what a group's coach sees of the owner, and how to change it."""
    return Reply(_membership_screen(request, GroupId(number(group))))


def _membership_screen(request: Request, group: GroupId) -> Screen:
    found = next((m for m in joining.mine(request.session, owner=request.owner) if m.group_id == group), None)
    if found is None:
        raise StaleButton(str(group))
    other = Sharing.SUMS if found.shares else Sharing.NAME
    label = request.t("Jangan bagikan nama lagi") if found.shares else request.t("Bagikan nama & hasil")
    quiet = request.t("Terima pesan lagi") if found.muted else request.t("Berhenti mengingatkan")
    rows: tuple[Row, ...] = (
        (Button(label, pack("mc", group, other, SHARING_VERSION)),),
        (Button(quiet, pack("mq", group, "n" if found.muted else "y")),),
        (Button(request.t("Keluar dari kelompok"), pack("mx", group)),),
        (Button(request.t("‹ Kelompok saya"), pack("km")),),
    )
    return Screen(_membership_text(request, found), rows)


def _membership_text(request: Request, found: Membership) -> str:
    return request.show("membership", found=found)


def change(request: Request, group: str, sharing: str, version: str) -> Reply:
    """Share name and result from now on, or only be counted."""
    wanted, of = choice(Sharing, sharing), GroupId(number(group))
    if wanted is Sharing.NOTHING or version != SHARING_VERSION:
        raise StaleButton(sharing)
    found = next((m for m in joining.mine(request.session, owner=request.owner) if m.group_id == of), None)
    joining.change_sharing(
        request.session,
        owner=request.owner,
        group_id=of,
        sharing=wanted,
        version=version,
        text=_membership_text(request, found) if found else "",
        now=request.now,
    )
    toast = (
        request.t("Pembina sekarang melihat nama dan hasil Anda.")
        if wanted is Sharing.NAME
        else request.t("Nama dan hasil Anda tidak terlihat lagi.")
    )
    return Reply(_membership_screen(request, of), toast=toast)


def quiet(request: Request, group: str, stop: str) -> Reply:
    """Stop messages of this group's coaches, or take them again."""
    joining.mute(request.session, owner=request.owner, group_id=GroupId(number(group)), muted=stop == "y")
    return Reply(_membership_screen(request, GroupId(number(group))), toast=request.t("Tersimpan"))


def ask_leave(request: Request, group: str) -> Reply:
    """Ask before a group is left."""
    of = GroupId(number(group))
    found = next((m for m in joining.mine(request.session, owner=request.owner) if m.group_id == of), None)
    if found is None:
        raise StaleButton(group)
    question = request.t("Keluar dari kelompok {name}? Pembinanya tidak lagi melihat apa pun tentang Anda.")
    text = request.show("plain", text=question, name=found.group_name)
    no = (Button(request.t("Tidak jadi"), pack("ms", of), Style.GO),)
    yes = (Button(request.t("Ya, keluar"), pack("my", of), Style.DANGER),)
    return Reply(Screen(text, (no, yes)))


def leave(request: Request, group: str) -> Reply:
    """Leave a group at once."""
    if not joining.leave(request.session, owner=request.owner, group_id=GroupId(number(group)), now=request.now):
        raise StaleButton(group)
    return replace(mine(request), toast=request.t("Anda sudah keluar. Tidak ada lagi yang dibagikan."))
