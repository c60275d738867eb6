"""The log of changes on the web: narrowed down, page by page, and as a file. It can only be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from bot.core.person import Person, PersonId
from bot.store.audit import Wanted
from bot.usecases import auditing
from bot.usecases.auditing import Log
from bot.web import labels
from bot.web.log_words import act, actor, line
from bot.web.page import Answer, Download, Visit
from bot.web.pager import page_number, pager
from bot.web.spreadsheet import CSV_TYPE, XLSX_TYPE, Row, Sheet, csv_file, xlsx

ROOT = "/catatan"
ROWS = 30
MOST_EXPORTED = 5000
LONGEST_ABOUT = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, as it was typed."""

    who: str
    act: str
    about: str
    first: str
    last: str

    @property
    def query(self) -> str:
        """Return it as it stands in an address."""
        said = {"siapa": self.who, "apa": self.act, "hal": self.about, "dari": self.first, "sampai": self.last}
        return urlencode({name: value for name, value in said.items() if value})


def _read(visit: Visit) -> Asked:
    """Read an address kindly: what is not understood asks for all."""
    said = visit.query.get
    who = said("siapa", "")
    first, last = (value if _day(value) else "" for value in (said("dari", ""), said("sampai", "")))
    if first and last and first > last:
        first, last = last, first
    is_number = who.isascii() and who.isdecimal() and len(who) <= 18
    return Asked(who if is_number else "", said("apa", ""), said("hal", "").strip()[:LONGEST_ABOUT], first, last)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if len(said) == len("2026-11-24") else None
    except ValueError:
        return None


def _wanted(asked: Asked, viewer: Person) -> Wanted:
    first, last = _day(asked.first), _day(asked.last)
    return Wanted(
        act=asked.act or None,
        about=asked.about or None,
        actor=PersonId(int(asked.who)) if asked.who else None,
        since=_start(first, viewer) if first else None,
        until=_start(last + timedelta(days=1), viewer) if last and last < date.max else None,
    )


def _start(day: date, viewer: Person) -> datetime:
    """Return when a day begins where the viewer lives; WIB where that is not known."""
    try:
        return datetime.combine(day, time(), viewer.context.clock.tzinfo).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


def listing(visit: Visit) -> Answer:
    """Show the changes that the address asks for, the latest first."""
    asked, viewer = _read(visit), visit.viewer.person
    page = page_number(visit.query.get("halaman", ""))
    found = _log(visit, asked, limit=ROWS, offset=(page - 1) * ROWS)
    turned = pager(found.total, per_page=ROWS, page=page)
    if turned.page != page:
        found = _log(visit, asked, limit=ROWS, offset=turned.first)
    offered = auditing.choices(visit.session, viewer=visit.viewer)
    return visit.page(
        "log.html.j2",
        title="Catatan perubahan",
        asked=asked,
        lines=[line(entry, found.names) for entry in found.entries],
        pager=turned,
        actors=[(str(number), actor(number, name)) for number, name in offered.actors],
        acts=sorted(((said, act(said)) for said in offered.acts), key=lambda pair: pair[1]),
        when=lambda moment: labels.moment_of(moment, viewer),
        most=MOST_EXPORTED,
    )


def _log(visit: Visit, asked: Asked, *, limit: int, offset: int = 0) -> Log:
    wanted = _wanted(asked, visit.viewer.person)
    return auditing.log(visit.session, viewer=visit.viewer, wanted=wanted, limit=limit, offset=offset)


def workbook(visit: Visit) -> Answer:
    """Hand the changes out as a workbook."""
    return _export(visit, "xlsx")


def table(visit: Visit) -> Answer:
    """Hand the changes out as CSV."""
    return _export(visit, "csv")


def _export(visit: Visit, kind: str) -> Answer:
    asked, viewer = _read(visit), visit.viewer.person
    if not visit.site.exports.takes(viewer.id, visit.now):
        back = f"{ROOT}?{asked.query}"
        return visit.page("programme_wait.html.j2", title="Tunggu sebentar", status=429, back=back)
    found = _log(visit, asked, limit=MOST_EXPORTED)
    name = f"catatan-{labels.day_of(visit.now, viewer)}.{kind}"
    if kind == "csv":
        return Download(name, CSV_TYPE, lambda: csv_file(_rows(found, viewer)))
    return Download(name, XLSX_TYPE, lambda: xlsx([Sheet("Catatan", _rows(found, viewer))]))


def _rows(found: Log, viewer: Person) -> Iterator[Row]:
    """Return a row for each field that changed."""
    yield ("Nomor", "Waktu", "Siapa", "Apa", "Hal", "Bagian", "Sebelum", "Sesudah")
    for entry in found.entries:
        told = line(entry, found.names)
        head = (entry.id, labels.moment_of(entry.at, viewer), told.who, told.act, told.thing)
        for each in told.differences:
            yield (*head, each.words, each.before, each.after)
        if not told.differences:
            yield (*head, "", "", "")
        if told.more:
            yield (*head, f"dan {told.more} perbedaan lain", "", "")
