"""Who is admin and who coaches: the lists, asking for a change, and taking back what is not in force yet.

A change that is asked for here holds only once the admin says so in the chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.chat.handlers.roles import refusal
from bot.core.grant import CONFIRM_WITHIN, Deed, GrantId, Trust
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.usecases import granting
from bot.usecases.granting import GrantRefused, Line, Why
from bot.web import labels
from bot.web.page import Answer, NotFound, Visit, whole_number
from bot.web.pager import page_number, pager

Word = TypeVar("Word", bound=StrEnum)
ROOT = "/orang"
ROWS = 40
MOST_COACHES = 500
"""Coaches offered for a group that nobody looks after."""
LONGEST_NUMBER = 18
TOLD = {
    "minta": f"Kami kirim pesan ke Telegram Anda. Tekan “Ya” di sana dalam {CONFIRM_WITHIN.seconds // 60} menit, "
    "baru perubahannya berlaku.",
    "batal": "Sudah ditarik kembali.",
}
WAITS = {
    (Deed.GIVE, Trust.ADMIN): "Jadikan {about} admin",
    (Deed.GIVE, Trust.COACH): "Jadikan {about} pembina",
    (Deed.TAKE, Trust.ADMIN): "Cabut peran admin dari {about}",
    (Deed.TAKE, Trust.COACH): "Cabut peran pembina dari {about}",
    (Deed.INVITE, Trust.ADMIN): "Undangan untuk satu admin",
    (Deed.INVITE, Trust.COACH): "Undangan untuk satu pembina",
    (Deed.HAND_OVER, Trust.COACH): "Serahkan kelompok {group} kepada {about}",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is in the way of a change, and what was typed; `field` is where it is shown, empty for above the page."""

    words: str
    field: str = ""
    number: str = ""
    trust: str = ""


def listing(visit: Visit) -> Answer:
    """Show who is trusted with what."""
    return _page(visit, told=TOLD.get(visit.query.get("telah", ""), ""))


def _page(visit: Visit, *, told: str = "", trouble: Trouble | None = None) -> Answer:
    admins = visit.site.admins
    found = granting.staff(visit.session, viewer=visit.viewer, admins=admins, now=visit.now)
    called = visit.query.get("cari", "").strip()[:60]
    total = granting.count_coaches(visit.session, viewer=visit.viewer, called=called)
    turned = pager(total, per_page=ROWS, page=page_number(visit.query.get("halaman", "")))
    coaches = granting.coaches(
        visit.session, viewer=visit.viewer, called=called, admins=admins, limit=ROWS, offset=turned.first
    )
    choices = []
    if found.orphans:
        choices = granting.coaches(visit.session, viewer=visit.viewer, called="", admins=admins, limit=MOST_COACHES)
    return visit.page(
        "staff.html.j2",
        title="Orang",
        status=422 if trouble else 200,
        found=found,
        coaches=coaches,
        choices=choices,
        called=called,
        pager=turned,
        told=told,
        trouble=trouble,
        words=_words,
        day=lambda moment: labels.short_day(moment, visit.viewer.person),
        place=labels.place,
    )


def _words(line: Line) -> str:
    """Return what a change would do."""
    about, group = line.about or "seseorang", line.group or "yang sudah dihapus"
    return WAITS[line.grant.deed, line.grant.trust].format(about=about, group=group)


def ask(visit: Visit) -> Answer:
    """Ask for a role to be given by Telegram number, or given or taken from somebody in the lists."""
    trust, deed = _chosen(visit.form.text("peran"), Trust), _chosen(visit.form.text("arah"), Deed)
    if deed not in (Deed.GIVE, Deed.TAKE):
        raise NotFound
    typed = "".join(visit.form.text("nomor").split())
    try:
        person = PersonId(whole_number(visit.form.text("orang"))) if not typed else _of_number(visit, typed)
        return _asked(visit, trust, deed, person)
    except GrantRefused as refused:
        field = "nomor" if typed else ""
        return _page(visit, trouble=Trouble(refusal(refused.why, str), field, typed, trust))


def _of_number(visit: Visit, typed: str) -> PersonId:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER):
        raise GrantRefused(Why.UNKNOWN)
    return granting.find(visit.session, viewer=visit.viewer, telegram_id=int(typed)).id


def invite(visit: Visit) -> Answer:
    """Ask for an invitation to be made; its link is told in the chat only."""
    try:
        return _asked(visit, _chosen(visit.form.text("peran"), Trust), Deed.INVITE, None)
    except GrantRefused as refused:
        return _page(visit, trouble=Trouble(refusal(refused.why, str)))


def hand_over(visit: Visit) -> Answer:
    """Ask for a group that nobody looks after to be handed to a coach."""
    group, person = GroupId(whole_number(visit.form.text("kelompok"))), visit.form.text("orang")
    try:
        if not person:
            raise GrantRefused(Why.NO_COACH)
        return _asked(visit, Trust.COACH, Deed.HAND_OVER, PersonId(whole_number(person)), group)
    except GrantRefused as refused:
        return _page(visit, trouble=Trouble(refusal(refused.why, str), f"kelompok-{group}"))


def _asked(visit: Visit, trust: Trust, deed: Deed, person: PersonId | None, group: GroupId | None = None) -> Answer:
    granting.ask(
        visit.session,
        viewer=visit.viewer,
        trust=trust,
        deed=deed,
        person_id=person,
        group_id=group,
        admins=visit.site.admins,
        by_chat=False,
        now=visit.now,
    )
    return visit.moved(f"{ROOT}?telah=minta")


def take_back(visit: Visit) -> Answer:
    """Take back what was asked for, or an invitation that nobody has taken up."""
    grant = GrantId(whole_number(visit.form.text("permintaan")))
    granting.decline(visit.session, viewer=visit.viewer, grant_id=grant, now=visit.now)
    return visit.moved(f"{ROOT}?telah=batal")


def _chosen(said: str, kind: type[Word]) -> Word:
    if said not in set(kind):
        raise NotFound
    return kind(said)
