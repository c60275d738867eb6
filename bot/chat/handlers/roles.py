"""Who is trusted with what, for admins in the chat: asking, saying so once more, and taking an invitation up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.chat.callback_data import StaleButton, choice, number, pack
from bot.chat.handlers import awaited
from bot.chat.handlers.groups import viewer
from bot.chat.handlers.invitations import link
from bot.chat.handlers.joining import told
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style, redraw
from bot.core.delivery import Kind
from bot.core.grant import Deed, GrantId, Trust
from bot.core.person import Person, PersonId, Role
from bot.texts import engine
from bot.texts.catalogue import translate
from bot.usecases import granting
from bot.usecases.granting import GrantRefused, Held, Line, Why

PREFIXES = {"a": Trust.ADMIN, "k": Trust.COACH}
"""What the payload of a link begins with that makes its finder an admin or a coach."""
PAYLOAD_LENGTH = 23
NEWS = {Kind.ROLE: "owed_role", Kind.GRANT_USED: "owed_grant_used"}
NOT_ME = "y"
LONGEST_NUMBER = 18


def leads_to_role(payload: str) -> bool:
    """Tell whether a link makes its finder an admin or a coach."""
    return len(payload) == PAYLOAD_LENGTH and payload[0] in PREFIXES


def people(request: Request) -> Reply:
    """Show who is an admin, what waits, and the ways to change it."""
    found = granting.staff(request.session, viewer=viewer(request), admins=request.house.admins, now=request.now)
    coaches = granting.count_coaches(request.session, viewer=viewer(request), called="")
    rows = (
        (Button(request.t("Undang admin"), pack("ai", Trust.ADMIN)),),
        (Button(request.t("Undang pembina"), pack("ai", Trust.COACH)),),
        (Button(request.t("Lewat nomor Telegram"), pack("au")),),
        (Button(request.t("Buka di laptop"), pack("al", "orang")),),
        (Button(request.t("Kembali"), pack("ad")),),
    )
    return Reply(Screen(request.show("staff", found=found, coaches=coaches), rows))


def invite(request: Request, trust: str) -> Reply:
    """Ask for an invitation to be made."""
    return _ask(request, choice(Trust, trust), Deed.INVITE, None)


def change(request: Request, person: str, trust: str, deed: str) -> Reply:
    """Ask for somebody's role to be given or taken."""
    wanted = choice(Deed, deed)
    if wanted not in (Deed.GIVE, Deed.TAKE):
        raise StaleButton(deed)
    return _ask(request, choice(Trust, trust), wanted, PersonId(number(person)))


def _ask(request: Request, trust: Trust, deed: Deed, person: PersonId | None) -> Reply:
    try:
        grant = granting.ask(
            request.session,
            viewer=viewer(request),
            trust=trust,
            deed=deed,
            person_id=person,
            admins=request.house.admins,
            by_chat=True,
            now=request.now,
        )
        line = granting.asked(request.session, viewer=viewer(request), grant_id=grant.id, now=request.now)
    except GrantRefused as refused:
        return _refused(request, refused.why)
    return Reply(question(line, request.language, by_chat=True))


def _refused(request: Request, why: Why) -> Reply:
    """Say what is in the way, above the people; nothing has changed."""
    words = refusal(why, request.t)
    return replace(people(request), toast=words, before=(words,) if request.is_typed else ())


def refusal(why: Why, t: Callable[[str], str]) -> str:
    """Return why a change of roles was refused, and what to do instead."""
    words = {
        Why.UNKNOWN: t("Nomor itu belum dikenal bot. Minta orangnya membuka bot dulu, atau kirim undangan."),
        Why.ALREADY: t("Perannya memang sudah begitu."),
        Why.NAMED: t("Admin ini ditetapkan di server, jadi tidak bisa dicabut dari sini."),
        Why.LAST_ADMIN: t("Ini admin terakhir. Tambahkan admin lain dulu."),
        Why.IS_MEMBER: t("Orang ini anggota sebuah kelompok. Kirim undangan, supaya ia sendiri yang memutuskan."),
        Why.NO_COACH: t("Pilih orang yang sudah menjadi pembina."),
        Why.HAS_COACH: t("Kelompok itu sudah punya pembina."),
        Why.TOO_MANY: t("Masih banyak permintaan yang menunggu jawaban Anda. Jawab dulu, atau tunggu 30 menit."),
        Why.DONE: t("Permintaan itu sudah dijalankan."),
        Why.OVER: t("Permintaan itu sudah lewat. Ulangi bila masih perlu."),
    }
    return words[why]


def question(line: Line, language: str, *, by_chat: bool) -> Screen:
    """Return what an admin is asked before a change of roles holds."""
    grant = line.grant

    def t(message: str) -> str:
        return translate(message, language)

    yes = {
        (Deed.GIVE, Trust.ADMIN): t("Ya, jadikan admin"),
        (Deed.GIVE, Trust.COACH): t("Ya, jadikan pembina"),
        (Deed.TAKE, Trust.ADMIN): t("Ya, cabut peran admin"),
        (Deed.TAKE, Trust.COACH): t("Ya, cabut peran pembina"),
        (Deed.INVITE, grant.trust): t("Ya, buat undangan"),
        (Deed.HAND_OVER, grant.trust): t("Ya, serahkan"),
    }[grant.deed, grant.trust]
    style = Style.DANGER if grant.takes else Style.GO
    rows: tuple[Row, ...] = (
        (Button(yes, pack("ay", grant.id), style),),
        (Button(t("Tidak jadi"), pack("ax", grant.id)),),
    )
    if not by_chat:
        rows += ((Button(t("Bukan saya yang meminta"), pack("ax", grant.id, NOT_ME), Style.DANGER),),)
    text = engine.render("bot.chat", "grant_asked.html.j2", language, {"line": line, "by_chat": by_chat})
    return Screen(text, rows)


def confirm(request: Request, grant: str) -> Reply:
    """Let a change hold, and tell what it brought."""
    try:
        held = granting.confirm(
            request.session,
            viewer=viewer(request),
            grant_id=GrantId(number(grant)),
            admins=request.house.admins,
            library=request.library,
            new_token=request.house.new_token,
            now=request.now,
        )
    except GrantRefused as refused:
        return _refused(request, refused.why)
    if held.token is not None:
        return _to_forward(request, held, held.token)
    if held.grant.takes and held.person is not None and held.person.id == request.owner.id:
        return redraw(request.t("Tersimpan"))
    text = request.show("grant_held", held=held)
    return Reply(Screen(text, ((Button(request.t("Peran orang"), pack("ao")),),)), toast=request.t("Tersimpan"))


def _to_forward(request: Request, held: Held, token: str) -> Reply:
    prefix = next(prefix for prefix, trust in PREFIXES.items() if trust is held.grant.trust)
    values = {"trust": held.grant.trust, "link": link(request, prefix + token)}
    text = request.t(
        "Teruskan pesan di atas kepada orangnya saja. Tautannya berlaku 3 hari dan hanya untuk satu orang."
    )
    back = (Button(request.t("Peran orang"), pack("ao")),)
    return Reply(Screen(text, (back,)), before=(request.show("grant_invitation", **values),), fresh=True)


def decline(request: Request, grant: str, not_me: str = "") -> Reply:
    """Take back what was asked for; all of it, and every browser's session, where it was not this admin who asked."""
    granting.decline(
        request.session,
        viewer=viewer(request),
        grant_id=GrantId(number(grant)),
        everything=not_me == NOT_ME,
        now=request.now,
    )
    if not_me == NOT_ME:
        return Reply(Screen(request.show("signed_out"), ((Button(request.t("Kembali"), pack("ad")),),)))
    return replace(people(request), toast=request.t("Baik, tidak jadi."))


def ask_number(request: Request) -> Reply:
    """Ask for somebody's Telegram number."""
    text = request.t(
        "Ketik nomor akun Telegram orangnya, misalnya 512345678. Itu bukan nomor HP. Orangnya bisa mengetik /data, "
        "lalu melihat nomor itu di berkasnya."
    )
    return awaited.ask(request, "person_number", Screen(text, ((Button(request.t("Batal"), pack("ao")),),)))


def take_number(request: Request, _: str, text: str) -> Reply:
    """Show whose number was typed, with what can be changed."""
    typed = "".join(text.split())
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER):
        asked = ask_number(request)
        return replace(asked, before=(request.t("Ketik angkanya saja, misalnya 512345678."),))
    try:
        found = granting.find(request.session, viewer=viewer(request), telegram_id=int(typed))
    except GrantRefused as refused:
        return _refused(request, refused.why)
    is_named = found.telegram_id in request.house.admins
    rows = (
        *(() if is_named else ((_admin_button(request, found),),)),
        (_coach_button(request, found),),
        (Button(request.t("Kembali"), pack("ao")),),
    )
    return Reply(Screen(request.show("staff_person", person=found, is_named=is_named), rows))


def _admin_button(request: Request, found: Person) -> Button:
    label = request.t("Cabut peran admin") if found.is_admin else request.t("Jadikan admin")
    return Button(label, pack("ap", found.id, Trust.ADMIN, Deed.TAKE if found.is_admin else Deed.GIVE))


def _coach_button(request: Request, found: Person) -> Button:
    is_coach = found.role is Role.COACH
    label = request.t("Cabut peran pembina") if is_coach else request.t("Jadikan pembina")
    return Button(label, pack("ap", found.id, Trust.COACH, Deed.TAKE if is_coach else Deed.GIVE))


def greeting(request: Request, payload: str) -> str:
    """Return who invites to what, for a stranger; empty where the link leads nowhere."""
    line = _invited(request, payload)
    return request.show("grant_offered", line=line, is_stranger=True, leaves=False) if line else ""


def _invited(request: Request, payload: str) -> Line | None:
    trust, token = PREFIXES[payload[0]], payload[1:]
    try:
        return granting.invited(request.session, trust=trust, token=token, admins=request.house.admins, now=request.now)
    except GrantRefused:
        return None


def open_link(request: Request, payload: str) -> Reply:
    """Show what a link invites to, before it is taken up."""
    line = _invited(request, payload)
    if line is None:
        return told(request, _over(request))
    leaves = line.grant.trust is Trust.COACH and request.owner.role is Role.OWNER
    text = request.show("grant_offered", line=line, is_stranger=False, leaves=leaves)
    yes = (Button(request.t("Ya, saya bersedia"), pack("ag", payload), Style.GO),)
    return Reply(Screen(text, (yes, (Button(request.t("Tidak dulu"), pack("cu")),))))


def _over(request: Request) -> str:
    return request.t("Undangan itu sudah tidak berlaku. Mintalah yang baru.")


def take_up(request: Request, payload: str) -> Reply:
    """Become what the link invites to, and go on to the screen that counts then."""
    if not leads_to_role(payload):
        raise StaleButton(payload)
    trust = PREFIXES[payload[0]]
    try:
        granting.take_up(
            request.session,
            person=request.owner,
            trust=trust,
            token=payload[1:],
            admins=request.house.admins,
            library=request.library,
            now=request.now,
        )
    except GrantRefused as refused:
        is_one = refused.why is Why.ALREADY
        return redraw(request.t("Anda sudah memegang peran itu.") if is_one else _over(request))
    note = request.show("grant_taken", trust=trust)
    return replace(redraw(), before=(note,), fresh=True)


def news(kind: Kind, line: Line, sender: str, language: str) -> Screen:
    """Return a message about a change of roles: what to confirm, what one is now, or who took an invitation up."""
    if kind is Kind.GRANT_ASKED:
        return question(line, language, by_chat=False)
    values = {"line": line, "sender": sender}
    text = engine.render("bot.chat", f"{NEWS[kind]}.html.j2", language, values)
    if kind is Kind.GRANT_USED:
        return Screen(text, ((Button(translate("Peran orang", language), pack("ao")),),))
    return Screen(text, ((Button(translate("Lanjut", language), pack("cu")),),))
