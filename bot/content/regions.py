"""Reads the regions of the country: `regions.csv`, whose source and licence stand beside it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from bot.content.problems import ContentRefused, Problem
from bot.core.region import Region, RegionKind, Regions, gather

FILE = "regions.csv"
CONTENT = Path(__file__).parents[2] / "content"
COLUMNS = ["code", "name", "also"]
COUNTS = {RegionKind.PROVINCE: 38, RegionKind.KABUPATEN: 416, RegionKind.KOTA: 98}
"""How many the decree has."""

_CODE = re.compile(r"[1-9]\d([0-9][1-9]|[1-9]0)?")

Row = tuple[int, Region]
"""A line, counted from 1, and the region that stands there."""


@lru_cache(maxsize=1)
def regions() -> Regions:
    """Return the regions that the project ships, read once."""
    return load_regions(CONTENT)


def load_regions(directory: Path) -> Regions:
    """Read the regions of a content directory; refuse with ContentRefused."""
    found = region_problems(directory)
    if found:
        raise ContentRefused(found)
    return gather(region for _, region in _rows(_text(directory)))


def region_problems(directory: Path) -> list[Problem]:
    """Return what is wrong with the regions of a content directory."""
    name = f"{directory.name}/{FILE}"
    try:
        rows = list(_rows(_text(directory)))
    except (OSError, UnicodeDecodeError) as error:
        message = "berkas ini tidak ada" if isinstance(error, FileNotFoundError) else "berkas ini tidak terbaca"
        return [Problem(name, 1, "berkas", message)]
    except (ValueError, csv.Error):
        return [Problem(name, 1, "berkas", f"setiap baris berisi tepat: {', '.join(COLUMNS)}")]
    return [Problem(name, line, field, message) for line, field, message in (*_row_faults(rows), *_count_faults(rows))]


def _text(directory: Path) -> str:
    return (directory / FILE).read_text(encoding="utf-8-sig")


def _rows(text: str) -> Iterator[Row]:
    """Read the lines; ValueError where one has other columns."""
    head, *lines = csv.reader(text.splitlines(), strict=True)
    if head != COLUMNS:
        raise ValueError(head)
    for number, (code, name, also) in enumerate(lines, start=2):
        yield number, Region(code, name, tuple(filter(None, also.split("|"))))


Fault = tuple[int, str, str]


def _row_faults(rows: list[Row]) -> Iterator[Fault]:
    codes = {region.code for _, region in rows}
    seen: set[str] = set()
    named: set[tuple[str, str]] = set()
    for line, region in rows:
        if not _CODE.fullmatch(region.code):
            yield line, "code", "kode terdiri dari dua angka untuk provinsi, empat untuk kabupaten atau kota"
            continue
        if region.code in seen:
            yield line, "code", f"kode {region.code} sudah dipakai"
        if region.code[:2] not in codes:
            yield line, "code", f"provinsi {region.code[:2]} tidak ada"
        if (region.code[:2], region.name) in named:
            yield line, "name", f"nama {region.name} sudah dipakai di provinsi ini"
        if not _is_named(region):
            yield line, "name", f"nama ini tidak sesuai kodenya: seharusnya {region.kind.value}"
        seen.add(region.code)
        named.add((region.code[:2], region.name))


def _is_named(region: Region) -> bool:
    """Tell whether a name begins with its kind, as that of every kabupaten and kota does, and is written cleanly."""
    first, _, rest = region.name.partition(" ")
    begins = {RegionKind.KABUPATEN: "Kabupaten", RegionKind.KOTA: "Kota"}.get(region.kind)
    is_clean = region.name == " ".join(region.name.split()) and region.name[:1].isupper()
    return is_clean and (first == begins and rest != "" if begins else first not in ("Kabupaten", "Kota"))


def _count_faults(rows: Iterable[Row]) -> Iterator[Fault]:
    counts = Counter(region.kind for _, region in rows if _CODE.fullmatch(region.code))
    for kind, wanted in COUNTS.items():
        if counts[kind] != wanted:
            yield 1, "berkas", f"ada {counts[kind]} {kind.value}, seharusnya {wanted}"
