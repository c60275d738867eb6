"""What a coach sends to members: a reminder in the own name, or a lesson; always with a look at it first."""

from __future__ import annotations

import hashlib

from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.handlers.groups import back_to, group_id, group_screen, viewer
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Screen, Style
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.core.release import Module
from bot.core.triage import Flag
from bot.usecases import coaching, reminding
from bot.usecases.reminding import Round, Whom

PERSON_MARK = "p"


def short(module: Module) -> str:
    """Return a lesson's code in eight characters, for a button that must also name the group."""
    return hashlib.blake2b(module.code.encode(), digest_size=4).hexdigest()


def _module(request: Request, code: str) -> Module:
    found = next((m for m in request.library.current(request.session).modules if short(m) == code), None)
    if found is None:
        raise StaleButton(code)
    return found


def lesson_button(request: Request, group: GroupId, module: Module, flag: Flag | None = None) -> Button:
    """Return the button that leads to sending a lesson to those who need it."""
    whom = flag.value if flag else Whom.BELOW.value
    return Button(
        request.t("Kirim: {title}", title=request.content(module.title)),
        pack("lk", group, whom, short(module)),
        Style.GO,
    )


def preview_reminder(request: Request, group: str) -> Reply:
    """Show the reminder before it goes out, and how many it reaches."""
    of = group_id(group)
    found = reminding.unfinished(request.session, viewer=viewer(request), group_id=of, now=request.now)
    if found.group.archived_at:
        return Reply(group_screen(request, of))
    text = request.show(
        "reminder_preview",
        found=found,
        minutes=request.library.current(request.session).form.minutes,
        begun=any(member.begun_at or not member.shares for member in found.receivers),
        not_begun=any(not member.begun_at for member in found.receivers),
    )
    if not found.receivers:
        return Reply(Screen(text, (back_to(request, of),)))
    label = request.t("Kirim ke {count} orang", count=len(found.receivers))
    return Reply(Screen(text, ((Button(label, pack("ns", of), Style.GO),), back_to(request, of))))


def remind(request: Request, group: str) -> Reply:
    """Send the reminder; the same tap again sends nothing more."""
    of = group_id(group)
    sent = reminding.remind(request.session, viewer=viewer(request), group_id=of, now=request.now)
    return _after(request, of, sent)


def _after(request: Request, group: GroupId, sent: int) -> Reply:
    toast = (
        request.t("{count} pesan akan dikirim. Kalau sudah malam, dikirim besok pagi.", count=sent)
        if sent
        else request.t("Semua sudah menerimanya. Tidak ada yang dikirim lagi.")
    )
    return Reply(group_screen(request, group), toast=toast)


def choose_lesson(request: Request, group: str, whom: str, code: str) -> Reply:
    """Show a lesson before it is sent, and how many it reaches."""
    of, module = group_id(group), _module(request, code)
    found = _round(request, of, whom, module)
    if found.group.archived_at:
        return Reply(group_screen(request, of))
    text = request.show("lesson_preview", found=found, module=module, whom=_kind(whom))
    rows = []
    if found.receivers:
        label = request.t("Kirim ke {count} orang", count=len(found.receivers))
        rows.append((Button(label, pack("lz", of, whom, code), Style.GO),))
    if whom != Whom.EVERYBODY and not whom.startswith(PERSON_MARK + "-"):
        rows.append((Button(request.t("Kirim ke semua anggota"), pack("lk", of, Whom.EVERYBODY, code)),))
    return Reply(Screen(text, (*rows, back_to(request, of))))


def send_lesson(request: Request, group: str, whom: str, code: str) -> Reply:
    """Send a lesson; the same tap again sends nothing more."""
    of, module = group_id(group), _module(request, code)
    sent = reminding.send_lesson(
        request.session,
        viewer=viewer(request),
        group_id=of,
        module_code=module.code,
        whom=_whom(whom),
        library=request.library,
        now=request.now,
    )
    return _after(request, of, sent)


def _round(request: Request, group: GroupId, whom: str, module: Module) -> Round:
    return reminding.lesson_round(
        request.session,
        viewer=viewer(request),
        group_id=group,
        module_code=module.code,
        whom=_whom(whom),
        library=request.library,
        now=request.now,
    )


def _whom(whom: str) -> Whom | Flag | frozenset[PersonId]:
    """Read for whom a lesson is: one member, those of whom a reason for attention is true, those below the cut, all."""
    mark, dash, person = whom.partition("-")
    if dash and mark == PERSON_MARK:
        return frozenset({PersonId(number(person))})
    return Flag(whom) if whom in set(Flag) else choice(Whom, whom)


def _kind(whom: str) -> str:
    return "one" if whom.startswith(PERSON_MARK + "-") else whom


def topics_for_member(request: Request, group: str, person: str) -> Reply:
    """Offer lessons to send to one member: those of the lowest dimensions first."""
    of, who = group_id(group), PersonId(number(person))
    found = coaching.member(
        request.session, viewer=viewer(request), group_id=of, person_id=who, library=request.library
    )
    offered = coaching.lessons_for(found, now=request.now)
    mark = f"{PERSON_MARK}-{pack('gd', who).rpartition('.')[2]}"
    rows = tuple((Button(request.content(m.title), pack("lk", of, mark, short(m))),) for m in offered)
    text = request.show("plain", text=request.t("Pelajaran mana untuk {name}?"), name=found.member.first_name or "")
    back = (Button(request.t("Kembali"), pack("gd", of, who)),)
    return Reply(Screen(text, (*rows, back)))
