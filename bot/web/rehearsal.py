"""The dry run of the working copy: what is compared, how far it is, and what speaks against a release."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.access import Viewer
from bot.core.person import Role
from bot.core.rehearsal import Doubt, FormPair, Objection
from bot.core.release import Release
from bot.store.session import DatabaseUnavailable
from bot.usecases import rehearsing
from bot.usecases.rehearsing import Start
from bot.web import labels
from bot.web.clinic_words import decimal
from bot.web.editing import trouble
from bot.web.page import Answer, Visit
from bot.web.site import Site

FORMS: Mapping[Role, str] = {Role.OWNER: "Asesmen pemilik usaha", Role.COACH: "Asesmen pembina"}
TRIES, PAUSE_SECONDS = 5, 2.0
PROBLEMS = 40
"""Problems that are listed at once."""
DIGEST_LENGTH = 16


def show(visit: Visit) -> Answer:
    """Show the dry run; while it is under way only how far it is, which is asked for every other second."""
    digest = visit.query.get("rilis", "")[:DIGEST_LENGTH]
    if digest:
        running = rehearsing.underway(visit.session, viewer=visit.viewer, digest=digest, reckoner=visit.site.reckoner)
        if running is not None:
            return visit.page("rehearsal_wait.html.j2", title="Uji coba", running=running, digest=digest)
    return _bench(visit, ended=None)


def _bench(visit: Visit, *, ended: Start | None) -> Answer:
    found = rehearsing.bench(
        visit.session, viewer=visit.viewer, library=visit.library, reckoner=visit.site.reckoner, now=visit.now
    )
    current = visit.library.current(visit.session)
    return visit.page(
        "rehearsal.html.j2",
        title="Uji coba",
        status=422 if ended else 200,
        ended=ended,
        bench=found,
        problems=[trouble(problem) for problem in found.problems[:PROBLEMS]],
        digest=found.digest,
        running=found.running,
        forms=[form(pair, current) for pair in found.found.forms] if found.found else [],
        moved=sum(count for _, _, count in found.found.moves) if found.found else 0,
        told=[told(objection, current) for objection in found.objections],
        day=labels.short_day(found.at, visit.viewer.person) if found.at else "",
        clock=labels.clock_of(found.at, visit.viewer.person) if found.at else "",
        percent=percent,
    )


def start(visit: Visit) -> Answer:
    """Begin the dry run of the working copy."""
    site, viewer = visit.site, visit.viewer
    outcome = rehearsing.start(
        visit.session,
        viewer=viewer,
        library=visit.library,
        reckoner=site.reckoner,
        url=site.database.url,
        then=lambda digest, content: _keep(site, viewer, digest, content),
        now=visit.now,
    )
    if outcome is Start.BUSY:
        return _bench(visit, ended=outcome)
    return visit.moved("/isi/uji")  # which tells by itself that nothing was changed, or what has to be mended first


def _keep(site: Site, viewer: Viewer, digest: str, content: str) -> None:
    """Write down what was found; a database that is away is waited for a little."""
    for left in reversed(range(TRIES)):
        try:
            with site.database.transaction() as session:
                rehearsing.keep(session, viewer=viewer, digest=digest, content=content, now=site.clock())
            return
        except DatabaseUnavailable:
            if not left:
                raise
            time.sleep(PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure before and after, ready to be shown."""

    words: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One form: its figures, and how many people were told another level."""

    name: str
    lines: tuple[Line, ...]
    areas: tuple[Line, ...]
    moves: tuple[tuple[str, str, int], ...]
    moved: int


def form(pair: FormPair, release: Release) -> Compared:
    """Return one form of a dry run in words."""
    before, after = pair.before, pair.after
    names = {area.dimension: area.name for area in release.under(pair.form).form.areas}
    lines = (
        Line("Keandalan", decimal(before.reliability), decimal(after.reliability)),
        Line("Panjang rata-rata (pertanyaan)", decimal(before.mean_items, 1), decimal(after.mean_items, 1)),
        Line(
            "Butir tersering muncul",
            f"{percent(before.top_exposure)} ({before.top_item})",
            f"{percent(after.top_exposure)} ({after.top_item})",
        ),
    )
    areas = tuple(
        Line(names.get(area, area.value), decimal(before.by_area[area]), decimal(value))
        for area, value in after.by_area.items()
        if area in before.by_area
    )
    return Compared(FORMS[pair.form], lines, areas, pair.moves, sum(count for _, _, count in pair.moves))


def percent(share: float) -> str:
    return f"{round(100 * share)}%"


def told(objection: Objection, release: Release) -> str:
    """Return in words which bound is not kept."""
    name, after = FORMS[objection.form], objection.after
    if objection.doubt is Doubt.MOST_ASKED:
        often = f"butir {objection.of} akan muncul di {percent(after)} asesmen"
        return f"{name}: {often}, paling banyak boleh {percent(objection.bound)}."
    areas = {area.dimension.value: area.name for area in release.under(objection.form).form.areas}
    of = f", bidang {areas.get(objection.of, objection.of)}" if objection.of else ""
    falls = f"keandalan turun dari {decimal(objection.before)} ke {decimal(after)}"
    return f"{name}{of}: {falls}, paling banyak boleh turun {decimal(objection.bound)}."
