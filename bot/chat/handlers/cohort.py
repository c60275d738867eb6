"""What a coach sees of a group in the chat: its profile, who needs attention, its members, the mirror, the plan."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import group_chart
from bot.chat.callback_data import choice, number, pack
from bot.chat.group_chart import DimensionRow, GroupPicture
from bot.chat.handlers.groups import back_to, group_id, viewer
from bot.chat.handlers.sending import lesson_button
from bot.chat.request import Request
from bot.chat.screen import Button, Picture, Reply, Row, Screen, SharedPicture, Style
from bot.core.cohort import Member
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.core.topics import TooFew
from bot.core.triage import Flag
from bot.texts.picture import digest
from bot.usecases import coaching, grouping, pictures
from bot.usecases.coaching import NothingToMirror, Overview, SessionPlan

NAMES_SHOWN = 12
PAGE = 8


def _overview(request: Request, group: str) -> Overview:
    return coaching.overview(
        request.session, viewer=viewer(request), group_id=group_id(group), library=request.library, now=request.now
    )


def profile(request: Request, group: str) -> Reply:
    """Show how the group stands by dimension, and how it has grown."""
    found = _overview(request, group)
    picture = (Button(request.t("Lihat gambar"), pack("gi", found.cohort.group.id), Style.GO),)
    text = request.show("group_profile", found=found, form=found.cohort.release.form, zones=found.cohort.release.zones)
    rows = (picture,) if found.sums else ()
    return Reply(Screen(text, (*rows, back_to(request, found.cohort.group.id))))


def picture(request: Request, group: str) -> Reply:
    """Send the profile as a picture; the same figures are uploaded once."""
    found = _overview(request, group)
    if found.sums is None:
        return profile(request, group)
    values = _picture(request, found)
    svg = group_chart.drawing(values, request.language)
    key = digest(svg)
    image = Picture(
        caption=request.t("Profil kelompok. Angka adalah jumlah anggota di tiap zona."),
        key=SharedPicture(key),
        draw=group_chart.draw(values, request.language),
        file_id=pictures.file(request.session, bot_id=request.incoming.bot_id, digest=key),
    )
    return Reply(
        Screen(request.t("Gambarnya di atas ini."), (back_to(request, found.cohort.group.id),)),
        picture=image,
        fresh=True,
    )


def _picture(request: Request, found: Overview) -> GroupPicture:
    assert found.sums is not None
    release = found.cohort.release
    low, middle, high = (request.content(band.name) for band in release.zones)
    return GroupPicture(
        title=request.t("Profil kelompok"),
        group_name=found.cohort.group.name,
        results=found.sums.results,
        day=request.today,
        zones=(low, middle, high),
        rows=tuple(
            DimensionRow(
                name=request.content(release.form.plan(spread.dimension).short_name),
                mean=spread.mean,
                half_width=spread.error,
                counts=(spread.zones[0], spread.zones[1], spread.zones[2]),
            )
            for spread in found.sums.spreads
        ),
    )


def triage(request: Request, group: str) -> Reply:
    """Show the reasons for attention, the most urgent first."""
    found = coaching.triage(
        request.session, viewer=viewer(request), group_id=group_id(group), library=request.library, now=request.now
    )
    rows = tuple(
        (Button(flag_name(request, one.flag, len(one.members) + one.nameless), pack("gf", group_id(group), one.flag)),)
        for one in found
    )
    return Reply(Screen(request.show("group_triage", concerns=found), (*rows, back_to(request, group_id(group)))))


def flag_name(request: Request, flag: Flag, count: int) -> str:
    """Return a reason for attention as a button says it."""
    names = {
        Flag.SCAM: request.t("Rawan penipuan ({count})", count=count),
        Flag.SLOW: request.t("Lambat membalas ({count})", count=count),
        Flag.STOCK: request.t("Stok bisa kurang ({count})", count=count),
        Flag.STALLED: request.t("Berhenti di tengah ({count})", count=count),
        Flag.NOT_BEGUN: request.t("Belum mulai ({count})", count=count),
    }
    return names[flag]


def reason(request: Request, group: str, flag: str) -> Reply:
    """Show one reason for attention: of whom it is true, why it matters, and the next step."""
    wanted, of = choice(Flag, flag), group_id(group)
    found = coaching.triage(
        request.session, viewer=viewer(request), group_id=of, library=request.library, now=request.now
    )
    concern = next((one for one in found if one.flag is wanted), None)
    if concern is None:
        return triage(request, group)
    module = coaching.lesson_for(concern, release=request.library.current(request.session), now=request.now)
    text = request.show(
        "group_reason", concern=concern, shown=concern.members[:NAMES_SHOWN], module=module, flag=wanted.value
    )
    step: Row = (
        lesson_button(request, of, module, wanted)
        if module is not None
        else Button(request.t("Ingatkan yang belum selesai"), pack("nu", of), Style.GO),
    )
    members = (Button(request.t("Buka daftar anggota"), pack("ga", of, 0)),)
    back = (Button(request.t("‹ Perlu perhatian"), pack("gt", of)),)
    return Reply(Screen(text, (step, members, back)))


def members(request: Request, group: str, page: str) -> Reply:
    """List the members who share a name, a page at a time; the others are counted."""
    of = group_id(group)
    everybody = coaching.roll(request.session, viewer=viewer(request), group_id=of, library=request.library)
    named = [one for one in everybody if one.shares]
    last = max(0, (len(named) - 1) // PAGE)
    index = min(number(page), last)
    shown = named[index * PAGE : (index + 1) * PAGE]
    rows = tuple((Button(_line(request, one), pack("gd", of, one.person_id, index)),) for one in shown)
    turn = (
        *((Button(request.t("‹ Sebelumnya"), pack("ga", of, index - 1)),) if index else ()),
        *((Button(request.t("Berikutnya ›"), pack("ga", of, index + 1)),) if index < last else ()),
    )
    text = request.show(
        "group_members", named=len(named), nameless=len(everybody) - len(named), page=index + 1, pages=last + 1
    )
    return Reply(Screen(text, (*rows, *((turn,) if turn else ()), back_to(request, of))))


def _line(request: Request, member: Member) -> str:
    name = (member.first_name or "").strip()[:24] or request.t("(tanpa nama)")
    if member.latest is not None:
        levels = {level.number: level for level in request.library.current(request.session).levels}
        level = levels.get(member.latest.level)
        return f"{name} · {request.content(level.name)}" if level else name
    state = request.t("belum selesai") if member.begun_at else request.t("belum mulai")
    return f"{name} · {state}"


def member(request: Request, group: str, person: str, page: str = "0") -> Reply:
    """Show one member who shares name and result; `page` is where the list was left."""
    of, who = group_id(group), PersonId(number(person))
    found = coaching.member(
        request.session, viewer=viewer(request), group_id=of, person_id=who, library=request.library
    )
    form = found.release.form
    zones = [
        (band, [form.plan(d).short_name for d, call in found.profile.zones.items() if call.band == band])
        for band in reversed(found.release.zones)
        if found.profile
    ]
    gate = found.profile.gate if found.profile else None
    missing = [form.plan(d).short_name for d in (*gate.missing, *gate.habit_contradicts)] if gate else []
    text = request.show(
        "group_member", found=found, zones=[(band, names) for band, names in zones if names], missing=missing
    )
    send = (
        Button(request.t("Kirim pelajaran"), pack("lt", of, who), Style.GO)
        if found.profile
        else Button(request.t("Ingatkan yang belum selesai"), pack("nu", of), Style.GO)
    )
    remove = (Button(request.t("Keluarkan dari kelompok"), pack("gx", of, who)),)
    back = (Button(request.t("‹ Daftar anggota"), pack("ga", of, number(page))),)
    return Reply(Screen(text, ((send,), remove, back)))


def ask_remove(request: Request, group: str, person: str) -> Reply:
    """Ask before a member is taken out."""
    of, who = group_id(group), PersonId(number(person))
    found = coaching.member(
        request.session, viewer=viewer(request), group_id=of, person_id=who, library=request.library
    )
    question = request.t(
        "Keluarkan {name} dari kelompok? Hasilnya tidak akan terlihat lagi di sini. Datanya sendiri tetap aman."
    )
    text = request.show("plain", text=question, name=found.member.first_name or "")
    no = (Button(request.t("Tidak jadi"), pack("gd", of, who), Style.GO),)
    yes = (Button(request.t("Ya, keluarkan"), pack("gy", of, who), Style.DANGER),)
    return Reply(Screen(text, (no, yes)))


def remove(request: Request, group: str, person: str) -> Reply:
    """Take a member out of the group."""
    was_in = grouping.dismiss(
        request.session, viewer=viewer(request), group_id=group_id(group), person_id=PersonId(number(person))
    )
    toast = request.t("Sudah dikeluarkan dari kelompok.") if was_in else request.t("Ia memang sudah bukan anggota.")
    return replace(members(request, group, "0"), toast=toast)


def plan(request: Request, group: str) -> Reply:
    """Show the session plan for the next meeting."""
    of = group_id(group)
    try:
        found = coaching.session_plan(
            request.session, viewer=viewer(request), group_id=of, library=request.library, now=request.now
        )
    except TooFew:
        return Reply(_too_few(request, of))
    if not found.topics:
        good = request.t(
            "Kelompok ini sudah di atas batas di semua bidang. Pilih bersama mereka apa yang ingin diperdalam."
        )
        return Reply(Screen(good, (back_to(request, of),)))
    text = request.show("session_plan", **plan_values(request, found))
    sends = tuple(
        (lesson_button(request, of, one.module),)
        for one in found.topics
        if found.is_run and one.module and one.module.is_current(request.today)
    )
    return Reply(Screen(text, (*sends, back_to(request, of))))


def plan_values(request: Request, found: SessionPlan) -> dict[str, object]:
    """Return what the template of a session plan shows."""
    form = found.release.form
    return {
        "group": found.group.name,
        "results": found.results,
        "day": request.today,
        "topics": [(one, form.plan(one.topic.dimension).name) for one in found.topics],
    }


def _too_few(request: Request, group: GroupId) -> Screen:
    return Screen(request.show("too_few"), (back_to(request, group),))


def mirror(request: Request, group: str) -> Reply:
    """Show the coach's own zones beside the group's."""
    of = group_id(group)
    try:
        found = coaching.mirror(request.session, viewer=viewer(request), group_id=of, library=request.library)
    except TooFew:
        return Reply(_too_few(request, of))
    except NothingToMirror:
        first = request.t("Cermin ini menaruh hasil Anda di sebelah hasil kelompok. Ikuti dulu asesmen pembina, ya.")
        return Reply(Screen(first, ((Button(request.t("Mulai asesmen"), pack("go"), Style.GO),), back_to(request, of))))
    text = request.show("group_mirror", rows=found, form=request.library.current(request.session).form)
    return Reply(Screen(text, (back_to(request, of),)))
