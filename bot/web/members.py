"""The members of a group on the web: the list, one member, and what is sent to them; always with a look at it first."""

from __future__ import annotations

from markupsafe import Markup

from bot.chat.handlers.owed import TEMPLATES
from bot.core.access import Act
from bot.core.delivery import Kind
from bot.core.group import GroupId
from bot.core.growth import growth
from bot.core.item import Dimension
from bot.core.person import PersonId
from bot.core.profile import GATE_DIMENSIONS
from bot.core.release import Module
from bot.core.triage import Flag, flags
from bot.texts import engine
from bot.usecases import coaching, reminding
from bot.usecases.coaching import MemberView
from bot.usecases.reminding import Round, Whom
from bot.web import labels
from bot.web.change import RANGE, change
from bot.web.coach import group_id
from bot.web.page import Answer, Form, NotFound, Visit, whole_number
from bot.web.roster import UNFLAGGED, Order, Result, roster, wanted

NAMES_SHOWN = 40
COLUMNS = {
    Order.NAME: "Nama",
    Order.LEVEL: "Tingkat",
    Order.GATE: "Siap jualan daring",
    Order.LESSONS: "Pelajaran",
    Order.LAST: "Kabar terakhir",
    Order.FLAGS: "Perlu perhatian",
}


def listing(visit: Visit) -> Answer:
    """List who shares a name, as the address asks."""
    found = coaching.cohort(
        visit.session, viewer=visit.viewer, group_id=group_id(visit), act=Act.SEE_MEMBERS, library=visit.library
    )
    asked = wanted(visit, found.release.levels)
    return visit.page(
        "members.html.j2",
        title=f"Anggota {found.group.name}",
        group=found.group,
        is_run=found.is_run,
        list=roster(found.members, found.release, asked, now=visit.now),
        asked=asked,
        columns=COLUMNS,
        levels=found.release.levels,
        zones=found.release.zones,
        flag_words=labels.FLAGS,
        unflagged=UNFLAGGED,
        results={Result.ANY: "semua", Result.THERE: "sudah ada hasil", Result.MISSING: "belum ada hasil"},
        gates=labels.GATES,
        modules=[m for m in found.release.modules if m.is_current(visit.now.date())],
        plans={plan.dimension: plan for plan in found.release.form.dimensions},
        short_day=lambda moment: labels.short_day(moment, visit.viewer.person),
    )


def member(visit: Visit) -> Answer:
    """Show one member who shares name and result."""
    found = coaching.member(
        visit.session,
        viewer=visit.viewer,
        group_id=group_id(visit),
        person_id=PersonId(visit.number("person")),
        library=visit.library,
    )
    readings = found.member.readings
    return visit.page(
        "member.html.j2",
        title=found.member.first_name or "Anggota",
        found=found,
        group=found.group,
        flags=[(flag, labels.FLAGS[flag], labels.WHY[flag]) for flag in flags(found.member, now=visit.now)],
        zones=found.release.zones,
        plans=found.release.form.dimensions,
        levels={level.number: level for level in found.release.levels},
        gates=labels.GATES,
        way=_way(found, visit),
        offered=coaching.lessons_for(found, now=visit.now),
        change=change(growth(readings[0].overall, readings[-1].overall), digits=0) if len(readings) > 1 else None,
        spread=RANGE,
        day_of=lambda moment: labels.day_of(moment, visit.viewer.person),
    )


def _way(found: MemberView, visit: Visit) -> list[tuple[str, bool, Module | None]]:
    """Return the shortest way to the gate: what is missing, whether only as a habit, and a lesson left for it."""
    if found.profile is None:
        return []
    gate = found.profile.gate
    return [
        (found.release.form.plan(d).name, d not in gate.missing, _easiest(found, d, visit))
        for d in GATE_DIMENSIONS
        if d in gate.missing + gate.habit_contradicts
    ]


def _easiest(found: MemberView, dimension: Dimension, visit: Visit) -> Module | None:
    left = [m for m in found.release.modules if m.dimension is dimension and m not in found.done and not m.promotion]
    current = [m for m in left if m.is_current(visit.now.date())]
    return min(current, key=lambda m: (m.steps_from, m.code), default=None)


def preview_lesson(visit: Visit) -> Answer:
    """Show whom a lesson would reach, before anything is sent."""
    asked = Form({name: visit.query.getlist(name) for name in visit.query})
    return _preview_lesson(visit, group_id(visit), asked)


def _preview_lesson(visit: Visit, of: GroupId, asked: Form) -> Answer:
    found = reminding.lesson_round(
        visit.session,
        viewer=visit.viewer,
        group_id=of,
        module_code=asked.text("modul"),
        whom=_whom(asked),
        library=visit.library,
        now=visit.now,
    )
    return visit.page(
        "lesson_preview.html.j2",
        title="Kirim pelajaran",
        found=found,
        group=found.group,
        whom=asked.text("untuk"),
        chosen=asked.numbers("anggota"),
        names=[m.first_name for m in found.receivers[:NAMES_SHOWN] if m.shares],
        nameless=sum(not m.shares for m in found.receivers),
        flag_words=labels.FLAGS,
        message=_message(Kind.LESSON, found, found.module.minutes if found.module else 0),
    )


def _message(kind: Kind, found: Round, minutes: int) -> Markup:
    """Return what is sent, in the words of the chat."""
    values: dict[str, object] = {
        "sender": found.sender_name,
        "group": found.group.name,
        "minutes": minutes,
        "has_begun": False,
        "is_coach": False,
        "module": found.module,
    }
    text = engine.render("bot.chat", f"{TEMPLATES[kind]}.html.j2", "id", values)
    return Markup(text)  # noqa: S704 (the template has escaped every value)


def _whom(asked: Form) -> Whom | Flag | frozenset[PersonId]:
    """Read for whom a lesson is: those of whom a reason is true, those below the cut, all, or the members ticked."""
    said = asked.text("untuk")
    if said in set(Whom):
        return Whom(said)
    if said in set(Flag):
        return Flag(said)
    if said:
        raise NotFound
    return frozenset(PersonId(whole_number(value)) for value in asked.all("anggota"))


def send_lesson(visit: Visit) -> Answer:
    """Send a lesson; the same form again sends nothing more."""
    of = group_id(visit)
    sent = reminding.send_lesson(
        visit.session,
        viewer=visit.viewer,
        group_id=of,
        module_code=visit.form.text("modul"),
        whom=_whom(visit.form),
        library=visit.library,
        now=visit.now,
    )
    return visit.moved(f"/kelompok/{of}?terkirim={sent}")


def preview_reminder(visit: Visit) -> Answer:
    """Show whom a reminder would reach, before anything is sent."""
    found = reminding.unfinished(visit.session, viewer=visit.viewer, group_id=group_id(visit), now=visit.now)
    return visit.page(
        "reminder_preview.html.j2",
        title="Ingatkan yang belum selesai",
        found=found,
        group=found.group,
        names=[m.first_name for m in found.receivers[:NAMES_SHOWN] if m.shares],
        nameless=sum(not m.shares for m in found.receivers),
        message=_message(Kind.NUDGE, found, visit.library.current(visit.session).form.minutes),
    )


def remind(visit: Visit) -> Answer:
    """Remind everybody who has not finished; the same form again sends nothing more."""
    of = group_id(visit)
    sent = reminding.remind(visit.session, viewer=visit.viewer, group_id=of, now=visit.now)
    return visit.moved(f"/kelompok/{of}?terkirim={sent}")
