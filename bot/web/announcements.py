"""Announcements on the web: writing one, seeing it as the chat will show it, sending it, and watching it arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

from babel.dates import format_datetime

from bot.chat.handlers.owed import breach_screen, news_screen
from bot.chat.preview import Preview
from bot.core.announcement import LATEST, WEEKLY_MOST, AnnouncementId, Circle, State
from bot.core.person import Person, local
from bot.texts import notice
from bot.usecases import announcing
from bot.usecases.announcing import ChangedMeanwhile, OutOfTime, Planned, View
from bot.web import labels
from bot.web.page import Answer, NotFound, Visit
from bot.web.pager import page_number, pager
from bot.web.phone import Phone, phone

ROOT = "/pengumuman"
ROWS = 20
SENT_A_MINUTE = 1000
"""What the bot sends at its calm pace."""
HEADLINE_LIMIT = 80
CIRCLES: Mapping[Circle, str] = {
    Circle.EVERYONE: "Semua orang",
    Circle.PROVINCE: "Provinsi",
    Circle.PROGRAMME: "Program",
    Circle.GROUP: "Kelompok",
    Circle.BY_LAW: "Semua orang, wajib menurut undang-undang",
}
STATES: Mapping[State, str] = {
    State.DRAFT: "Rancangan",
    State.PLANNED: "Terjadwal",
    State.UNDER_WAY: "Sedang dikirim",
    State.DONE: "Selesai",
    State.STOPPED: "Dihentikan",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An announcement in the list."""

    view: View
    headline: str
    when: str


def listing(visit: Visit) -> Answer:
    """List announcements, the latest first."""
    page = page_number(visit.query.get("halaman", ""))
    found, total = announcing.listing(
        visit.session, viewer=visit.viewer, limit=ROWS, offset=(page - 1) * ROWS, now=visit.now
    )
    turned = pager(total, per_page=ROWS, page=page)
    if turned.page != page:
        return visit.moved(f"{ROOT}?halaman={turned.page}")
    return visit.page(
        "announcements.html.j2",
        title="Pengumuman",
        lines=[Line(one, headline(one.announcement.wording.text), _when(one, visit)) for one in found],
        pager=turned,
        states=STATES,
        circles=CIRCLES,
    )


def headline(text: str) -> str:
    """Return the first words of an announcement, without marks."""
    first = notice.plain(text).partition("\n")[0]
    return first if len(first) <= HEADLINE_LIMIT else first[: HEADLINE_LIMIT - 1].rstrip() + "…"


def _when(one: View, visit: Visit) -> str:
    shown = one.announcement.stopped_at or one.announcement.due_at or one.announcement.created_at
    return moment(shown, visit.viewer.person)


def moment(at: datetime, viewer: Person) -> str:
    """Return Rabu, 25 November 2026, 08.00 WIB, as it is where the viewer lives."""
    here = local(at, viewer.context.zone).replace(tzinfo=None)
    return f"{format_datetime(here, 'EEEE, d MMMM y, HH.mm', locale='id')} {viewer.context.clock}"


def screen(text: str, circle: Circle | None = None) -> Phone | None:
    """Return an announcement as the chat shows it."""
    if not text:
        return None
    return phone(Preview("Pengumuman", breach_screen(text) if circle is Circle.BY_LAW else news_screen(text, "id")))


def announcement_id(visit: Visit) -> AnnouncementId:
    """Return which announcement an address is about."""
    return AnnouncementId(visit.number("news"))


def viewed(visit: Visit) -> View:
    """Return the announcement that an address is about."""
    return announcing.view(visit.session, viewer=visit.viewer, announcement_id=announcement_id(visit), now=visit.now)


def show(visit: Visit) -> Answer:
    """Show an announcement with its count or its progress."""
    return page_of(visit, viewed(visit), note=visit.query.get("kabar", ""))


def page_of(visit: Visit, found: View, *, note: str = "", mine: str = "", late: str = "", status: int = 200) -> Answer:
    """Return the page of an announcement, with a note, with a text that was not taken (`mine`), or about a moment."""
    one, viewer = found.announcement, visit.viewer.person
    today = labels.day_of(visit.now, viewer)
    return visit.page(
        "announcement.html.j2",
        title=headline(one.wording.text),
        status=status,
        found=found,
        state=found.state,
        state_words=STATES[found.state],
        circles=CIRCLES,
        screen=screen(one.wording.text, one.wording.circle),
        root=f"{ROOT}/{one.id}",
        note=note,
        mine=mine,
        late=late,
        minutes=minutes(found.reach.receivers or found.progress.owed),
        weekly=WEEKLY_MOST,
        when=_when(found, visit),
        zone=viewer.context.clock,
        first_day=today.isoformat(),
        last_day=(today + LATEST - timedelta(days=1)).isoformat(),
        day=visit.query.get("hari", ""),
        hour=visit.query.get("jam", ""),
        is_later=visit.query.get("kapan") == "nanti",
    )


def minutes(receivers: int) -> int:
    """Return how many minutes it takes to send to so many, at least one."""
    return max(1, -(-receivers // SENT_A_MINUTE))


def confirm(visit: Visit) -> Answer:
    """Ask a second time before anything is sent, with the number of people and the moment."""
    found = viewed(visit)
    if found.state is not State.DRAFT:
        return visit.moved(f"{ROOT}/{found.announcement.id}")
    due_at = None
    if visit.query.get("kapan") == "nanti":
        due_at = _moment_asked(visit)
        if due_at is None or not announcing.is_in_time(due_at, now=visit.now):
            late = "Pilih hari dan jam yang belum lewat, paling lambat 90 hari lagi."
            return page_of(visit, found, late=late, status=422)
    wording = found.announcement.wording
    return visit.page(
        "announcement_send.html.j2",
        title="Kirim pengumuman?",
        found=found,
        circles=CIRCLES,
        root=f"{ROOT}/{found.announcement.id}",
        seen=announcing.seal(wording),
        due_at=due_at.isoformat() if due_at else "",
        when=moment(due_at, visit.viewer.person) if due_at else "",
        minutes=minutes(found.reach.receivers),
        screen=screen(wording.text),
    )


def _moment_asked(visit: Visit) -> datetime | None:
    """Read day and time as they are where the viewer lives."""
    said = f"{visit.query.get('hari', '')}T{visit.query.get('jam', '')}"
    return _read_moment(said, visit.viewer.person.context.clock.tzinfo)


def _read_moment(said: str, zone: timezone) -> datetime | None:
    try:
        read = datetime.fromisoformat(said)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def send(visit: Visit) -> Answer:
    """Let the announcement go out; the same form again changes nothing."""
    said = visit.form.text("kapan")
    due_at = _read_moment(said, visit.viewer.person.context.clock.tzinfo) if said else None
    if said and due_at is None:
        raise NotFound
    result = announcing.plan(
        visit.session,
        viewer=visit.viewer,
        announcement_id=announcement_id(visit),
        seen=visit.form.text("cap"),
        due_at=due_at,
        now=visit.now,
    )
    here = f"{ROOT}/{announcement_id(visit)}"
    match result:
        case Planned():
            return visit.moved(here)
        case ChangedMeanwhile():
            return visit.moved(f"{here}?{urlencode({'kabar': 'berubah'})}")
        case OutOfTime():
            return visit.moved(f"{here}?{urlencode({'kabar': 'lewat'})}")


def stop(visit: Visit) -> Answer:
    """Stop an announcement at once, or throw a draft away."""
    announcing.stop(visit.session, viewer=visit.viewer, announcement_id=announcement_id(visit), now=visit.now)
    return visit.moved(f"{ROOT}/{announcement_id(visit)}")
