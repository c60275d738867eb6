"""A group as a file: the members who share, the sums where they may be told, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core.item import OWNER_DIMENSIONS
from bot.core.person import Person
from bot.core.reading import Reading
from bot.core.release import Release
from bot.core.triage import flags
from bot.usecases import coaching
from bot.usecases.coaching import Overview
from bot.web import labels
from bot.web.coach import group_id
from bot.web.heat import band_of
from bot.web.page import Answer, Download, Visit
from bot.web.roster import last_news
from bot.web.spreadsheet import CSV_TYPE, XLSX_TYPE, Row, Sheet, Value, csv_file, xlsx


def workbook(visit: Visit) -> Answer:
    """Hand a group out as a workbook."""
    return _export(visit, "xlsx")


def table(visit: Visit) -> Answer:
    """Hand the members who share out as CSV; to who sees sums only, the sums."""
    return _export(visit, "csv")


def _export(visit: Visit, kind: str) -> Answer:
    viewer, now = visit.viewer.person, visit.now
    found = coaching.overview(
        visit.session, viewer=visit.viewer, group_id=group_id(visit), library=visit.library, now=now
    )
    if not visit.site.exports.takes(viewer.id, now):
        return visit.page("export_wait.html.j2", title="Tunggu sebentar", status=429, group=found.cohort.group)
    name = f"kelompok-{found.cohort.group.id}-{labels.day_of(now, viewer)}.{kind}"
    if kind == "xlsx":
        return Download(name, XLSX_TYPE, lambda: xlsx(sheets(found, viewer, now)))
    rows = _members(found, viewer, now) if found.cohort.is_run else _sums(found)
    return Download(name, CSV_TYPE, lambda: csv_file(rows))


def sheets(found: Overview, viewer: Person, now: datetime) -> Iterator[Sheet]:
    """Return the sheets that this viewer may have."""
    if found.cohort.is_run:
        yield Sheet("Anggota", _members(found, viewer, now))
    yield Sheet("Jumlah", _sums(found))
    yield Sheet("Keterangan", _notes(found, viewer, now))


def _members(found: Overview, viewer: Person, now: datetime) -> Iterator[Row]:
    """Return a row for each member who shares; never a number by which a person could be called or written to."""
    release = found.cohort.release
    names = [release.form.plan(d).short_name for d in OWNER_DIMENSIONS]
    yield (
        *("Nama", "Tingkat", "Asesmen selesai", "Siap jualan daring"),
        *(heading for name in names for heading in (f"{name} (perkiraan)", f"Zona {name}")),
        *("Pelajaran dibuka", "Pelajaran dipraktikkan", "Kabar terakhir", "Perlu perhatian"),
    )
    levels = {level.number: level.name for level in release.levels}
    for member in found.cohort.members:
        if not member.shares:
            continue
        result = member.latest
        yield (
            member.first_name or "",
            levels.get(result.level, "") if result else "",
            labels.day_of(result.finished_at, viewer).isoformat() if result else "",
            labels.GATES[result.gate].words if result else "",
            *_zone_cells(result, release),
            member.lessons,
            member.acts,
            labels.day_of(last_news(member), viewer).isoformat(),
            ", ".join(labels.FLAGS[flag] for flag in flags(member, now=now)),
        )


def _zone_cells(result: Reading | None, release: Release) -> Iterator[Value]:
    """Return scale points and zone of each dimension, empty cells where there is no result."""
    for dimension in OWNER_DIMENSIONS:
        points = result.scores[dimension] if result else None
        yield "" if points is None else round(points)
        yield "" if points is None else band_of(points, release.zones).name


def _sums(found: Overview) -> Iterator[Row]:
    yield ("Perjalanan", "Anggota")
    for step, count in found.funnel.items():
        yield (labels.STEPS[step], count)
    if found.sums is None:
        return
    release = found.cohort.release
    yield ()
    yield ("Tingkat", "Anggota")
    for level in release.levels:
        yield (level.name, found.sums.levels[level.number])
    yield ()
    yield ("Bidang", "Rata-rata (0–100)", "Galat baku", *(zone.name for zone in release.zones))
    for spread in found.sums.spreads:
        name = release.form.plan(spread.dimension).name
        yield (name, round(spread.mean), f"{spread.error:.1f}".replace(".", ","), *spread.zones)


def _notes(found: Overview, viewer: Person, now: datetime) -> Iterator[Row]:
    fewest = found.cohort.release.rules.group_fewest
    yield ("Keterangan", "Isi")
    yield ("Kelompok", found.cohort.group.name)
    yield ("Tempat", labels.place(found.cohort.group))
    yield ("Program", found.cohort.group.programme or "")
    yield ("Dibuat", labels.day_of(now, viewer).isoformat())
    yield ("Hasil asesmen", found.results)
    yield ("Hasil yang dijumlah", found.sums.results if found.sums else 0)
    yield ("Skala", "Angka bidang memakai skala 0–100, bukan persen. Zona adalah perkiraan.")
    left_out = f"Nama dan hasil anggota yang tidak membagikannya, dan jumlah dari kurang dari {fewest} hasil."
    yield ("Yang tidak dimuat", left_out)
    yield ("Kehati-hatian", "Berkas ini untuk pendampingan, bukan untuk membandingkan orang. Simpan baik-baik.")
