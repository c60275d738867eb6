"""What a dinas or a ministry opens on the web: sums over all groups by programme, region and month, and as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.content.regions import regions
from bot.core.item import OWNER_DIMENSIONS
from bot.core.profile import GateColour
from bot.core.programme import UNSAID, By, Month, Period, Scope, Sums, month_of
from bot.core.release import Release, ZoneBand
from bot.usecases import programmes
from bot.usecases.programmes import ProgrammeRow, ProgrammeView
from bot.web import labels
from bot.web.change import signed
from bot.web.heat import band_of
from bot.web.page import Answer, Download, Visit
from bot.web.pager import page_number, pager
from bot.web.spreadsheet import CSV_TYPE, XLSX_TYPE, Row, Sheet, Value, csv_file, xlsx

ROOT = "/program"
ROWS = 40
ALL, NONE_SAID = "", "-"
HIDDEN = "disembunyikan"
BY: Mapping[By, str] = {
    By.PROGRAMME: "Program",
    By.PROVINCE: "Provinsi",
    By.REGENCY: "Kabupaten/kota",
    By.MONTH: "Bulan",
}
UNNAMED: Mapping[By, str] = {
    By.PROGRAMME: "Tanpa program",
    By.PROVINCE: "Tempat belum diisi",
    By.REGENCY: "Kabupaten/kota belum diisi",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    by: By
    where: Scope
    period: Period

    @property
    def address(self) -> str:
        return f"{ROOT}?{self.query}"

    @property
    def query(self) -> str:
        """Return it as it stands in an address."""
        first = self.period.first
        said = {
            "menurut": self.by.value,
            "program": _asked(self.where.programme),
            "provinsi": _asked(self.where.province),
            "kabupaten": _asked(self.where.regency),
            "dari": first.text if first else ALL,
            "sampai": self.period.last.text,
        }
        return urlencode({name: value for name, value in said.items() if value})


def _asked(key: str | None) -> str:
    return ALL if key is None else key or NONE_SAID


def _read(visit: Visit) -> Asked:
    """Read an address kindly: what is not understood asks for all."""
    by = By(visit.choice("menurut", [*By]))
    first, last = _month(visit.query.get("dari", "")), _month(visit.query.get("sampai", ""))
    last = last or month_of(visit.now)
    if first and first > last:
        first, last = last, first
    return Asked(by, _scope(visit), Period(first, last))


def _scope(visit: Visit) -> Scope:
    programme = _key(visit.query.get("program", ""))
    province, regency = _key(visit.query.get("provinsi", "")), _key(visit.query.get("kabupaten", ""))
    if regency and province is None and regions().find(regency):
        province = regions().province_of(regency).code
    is_inside = province is not None and (not regency or regency.startswith(province or UNSAID))
    return Scope(programme, province, regency if is_inside else None)


def _key(said: str) -> str | None:
    return UNSAID if said == NONE_SAID else said or None


def _month(said: str) -> Month | None:
    found = MONTH.fullmatch(said)
    return Month(int(found[1]), int(found[2])) if found else None


def month_name(month: Month) -> str:
    return f"{MONTHS[month.number - 1]} {month.year}"


def name_of(by: By, key: str) -> str:
    """Return a row's name."""
    if by is By.MONTH:
        found = _month(key)
        return month_name(found) if found else key
    if not key:
        return UNNAMED[by]
    return key if by is By.PROGRAMME else regions().name(key)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The mean of one dimension, and the zone it lies in."""

    band: ZoneBand
    points: int


@dataclass(frozen=True, slots=True)
class Line:
    """A row ready to be drawn; `link` leads one step further down, empty where there is none."""

    name: str
    beside: str
    link: str
    row: ProgrammeRow
    cells: tuple[HeatCell, ...]
    change: str


def _line(row: ProgrammeRow, asked: Asked, release: Release) -> Line:
    found = row.sums
    cells = tuple(HeatCell(band_of(m, release.zones), m) for m in found.means.values()) if found else ()
    shows_all = asked.by is By.REGENCY and asked.where.province is None and row.scope.province
    beside = regions().name(row.scope.province or "") if shows_all else ""
    change = signed(found.growth.points) if found and found.growth else ""
    return Line(name_of(asked.by, row.key), beside, _further(row, asked), row, cells, change)


def _further(row: ProgrammeRow, asked: Asked) -> str:
    """Return the address of the next table down: from programme to province, kabupaten or kota, and month."""
    scope = row.scope
    period = Period(row.month, row.month) if row.month else asked.period
    steps: list[By] = [By.PROGRAMME] if row.month and scope.programme is None else []
    if scope.province is None:
        steps.append(By.PROVINCE)
    if scope.regency is None and scope.province != UNSAID:
        steps.append(By.REGENCY)
    if row.month is None:
        steps.append(By.MONTH)
    return Asked(steps[0], scope, period).address if steps else ""


def _view(visit: Visit) -> tuple[Asked, ProgrammeView]:
    asked = _read(visit)
    found = programmes.programme_view(
        visit.session,
        viewer=visit.viewer,
        by=asked.by,
        where=asked.where,
        period=asked.period,
        library=visit.library,
        now=visit.now,
    )
    return replace(asked, period=found.period), found


def sums(visit: Visit) -> Answer:
    """Show one table of sums with its total, and the choices above it."""
    asked, found = _view(visit)
    turned = pager(len(found.rows), per_page=ROWS, page=page_number(visit.query.get("halaman", "")))
    release = found.release
    total = _line(found.total, asked, release)
    lines = [_line(row, asked, release) for row in found.rows[turned.first : turned.end]]
    return visit.page(
        "programme.html.j2",
        title="Program",
        asked=asked,
        found=found,
        lines=lines,
        total=total,
        all_lines=[*lines, total],
        pager=turned,
        options=_options(found, asked),
        trail=_trail(asked),
        by_words=BY,
        period_words=period_words(found.period),
        plans=[release.form.plan(d) for d in OWNER_DIMENSIONS],
        gates=labels.GATES,
    )


def period_words(period: Period) -> str:
    """Return a period as it is said."""
    if period.first is None:
        return f"sejak awal sampai {month_name(period.last)}"
    if period.first == period.last:
        return month_name(period.last)
    return f"{month_name(period.first)} sampai {month_name(period.last)}"


Options = tuple[tuple[str, str, bool], ...]
"""Value, words and whether it is chosen."""


def _options(found: ProgrammeView, asked: Asked) -> Mapping[str, Options]:
    """Return what each list of the form offers."""
    offered, where = found.choices, asked.where
    months = [(month.text, month_name(month)) for month in offered.months]
    first = asked.period.first.text if asked.period.first else ALL
    return {
        "menurut": _chosen([(by.value, words) for by, words in BY.items()], asked.by.value),
        "program": _chosen(_named(By.PROGRAMME, "Semua program", offered.programmes), _asked(where.programme)),
        "provinsi": _chosen(_named(By.PROVINCE, "Semua provinsi", offered.provinces), _asked(where.province)),
        "kabupaten": _chosen(_named(By.REGENCY, "Semua kabupaten/kota", offered.regencies), _asked(where.regency)),
        "dari": _chosen([(ALL, "Sejak awal"), *months], first),
        "sampai": _chosen(months, asked.period.last.text),
    }


def _named(by: By, all_of_them: str, keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(ALL, all_of_them), *((_asked(key), name_of(by, key)) for key in keys)]


def _chosen(pairs: list[tuple[str, str]], value: str) -> Options:
    return tuple((key, words, key == value) for key, words in pairs)


def _trail(asked: Asked) -> list[tuple[str, str]]:
    """Return the way down to here as words and addresses, from the whole country on."""
    where, period = asked.where, asked.period
    steps = [("Seluruh Indonesia", Asked(By.PROGRAMME, Scope(), period))]
    here = Scope(where.programme)
    if where.programme is not None:
        steps.append((name_of(By.PROGRAMME, where.programme), Asked(By.PROVINCE, here, period)))
    if where.province is not None:
        here = replace(here, province=where.province)
        by = By.REGENCY if where.province else By.MONTH
        steps.append((name_of(By.PROVINCE, where.province), Asked(by, here, period)))
    if where.regency is not None:
        here = replace(here, regency=where.regency)
        steps.append((name_of(By.REGENCY, where.regency), Asked(By.MONTH, here, period)))
    return [(words, step.address) for words, step in steps]


def workbook(visit: Visit) -> Answer:
    """Hand the table out as a workbook."""
    return _export(visit, "xlsx")


def table(visit: Visit) -> Answer:
    """Hand the table out as CSV."""
    return _export(visit, "csv")


def _export(visit: Visit, kind: str) -> Answer:
    asked, found = _view(visit)
    if not visit.site.exports.takes(visit.viewer.person.id, visit.now):
        return visit.page("programme_wait.html.j2", title="Tunggu sebentar", status=429, back=asked.address)
    name = f"program-{asked.by}-{found.period.last.text}.{kind}"
    if kind == "csv":
        return Download(name, CSV_TYPE, lambda: csv_file(_rows(found)))
    notes = list(_notes(found, labels.day_of(visit.now, visit.viewer.person).isoformat()))
    return Download(name, XLSX_TYPE, lambda: xlsx([Sheet("Jumlah", _rows(found)), Sheet("Keterangan", notes)]))


def _rows(found: ProgrammeView) -> Iterator[Row]:
    release = found.release
    yield (
        *(BY[found.by], "Kode", "Provinsi", "Kelompok", "Anggota", "Mulai asesmen", "Selesai asesmen"),
        *("Praktik pelajaran", "Asesmen ulang", "Perkembangan (poin)", "Galat baku perkembangan"),
        *(f"{release.form.plan(d).short_name} (rata-rata 0–100)" for d in OWNER_DIMENSIONS),
        *(f"Tingkat {level.name}" for level in release.levels),
        *(f"Siap jualan daring: {gate.words}" for gate in labels.GATES.values()),
    )
    for row in found.rows:
        yield _row(row, found.by, name_of(found.by, row.key), release)
    yield _row(found.total, found.by, "Jumlah", release)


def _row(row: ProgrammeRow, by: By, name: str, release: Release) -> Row:
    code = row.key if by in (By.PROVINCE, By.REGENCY) else ""
    province = regions().name(row.scope.province) if row.scope.province else ""
    start = (name, code, province, row.groups, row.members)
    width = 6 + len(OWNER_DIMENSIONS) + len(release.levels) + len(labels.GATES)
    return (*start, *(_told(row.sums) if row.sums else (HIDDEN if row.is_hidden else "",) * width))


def _told(found: Sums) -> Iterator[Value]:
    yield from (found.begun, found.results)
    yield from (_count(found.learnt), _count(found.retested))
    yield signed(found.growth.points) if found.growth else ""
    yield f"{found.growth.standard_error:.1f}".replace(".", ",") if found.growth else ""
    yield from found.means.values()
    yield from (_count(count) for count in found.levels)
    yield from (_count(found.gates[colour]) for colour in GateColour)


def _count(count: int | None) -> Value:
    return HIDDEN if count is None else count


def _notes(found: ProgrammeView, day: str) -> Iterator[Row]:
    where = found.where
    yield ("Keterangan", "Isi")
    yield ("Periode", period_words(found.period))
    yield ("Program", "Semua" if where.programme is None else name_of(By.PROGRAMME, where.programme))
    yield ("Provinsi", "Semua" if where.province is None else name_of(By.PROVINCE, where.province))
    yield ("Kabupaten/kota", "Semua" if where.regency is None else name_of(By.REGENCY, where.regency))
    yield ("Dibuat", day)
    yield (
        "Skala",
        "Angka bidang memakai skala 0–100, bukan persen. Hasil yang dipakai: yang terakhir dari tiap orang.",
    )
    yield ("Jumlah", "Yang ada di dua tempat dihitung sekali di baris Jumlah.")
    why = f"Kurang dari {found.fewest} hasil, atau angka lain bisa dihitung darinya."
    yield (HIDDEN.capitalize(), why)
    yield ("Kehati-hatian", "Angka ini untuk merencanakan pendampingan, bukan untuk membuat peringkat daerah.")
