"""The heat map of a group: who shares a name, by dimension; a page of it at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.cohort import Member
from bot.core.item import OWNER_DIMENSIONS
from bot.core.reading import Reading
from bot.core.release import Release, ZoneBand
from bot.web.pager import Pager, pager

BY_NAME = "nama"
ORDERS = (BY_NAME, *OWNER_DIMENSIONS)
ROWS = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """One dimension of one member: the zone, and the scale points it stands at."""

    band: ZoneBand
    points: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One member with a result."""

    member: Member
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A page of the map, and which order it is in."""

    rows: tuple[HeatRow, ...]
    order: str
    pager: Pager


def heat_map(members: Sequence[Member], release: Release, *, order: str, page: int) -> HeatMap:
    """Draw up one page: by name, or those who need a dimension most first."""
    shown = [(m, m.latest) for m in members if m.shares and m.latest is not None]
    dimension = next((d for d in OWNER_DIMENSIONS if d == order), None)
    if dimension is not None:
        shown.sort(key=lambda pair: pair[1].scores[dimension])
    turned = pager(len(shown), per_page=ROWS, page=page)
    rows = tuple(HeatRow(member, _cells(result, release.zones)) for member, result in shown[turned.first : turned.end])
    return HeatMap(rows, order, turned)


def _cells(result: Reading, bands: Sequence[ZoneBand]) -> tuple[Cell, ...]:
    return tuple(Cell(band_of(result.scores[d], bands), round(result.scores[d])) for d in OWNER_DIMENSIONS)


def band_of(points: float, bands: Sequence[ZoneBand]) -> ZoneBand:
    """Return the zone that holds scale points."""
    return next((band for band in reversed(bands) if points >= band.cut_score), bands[0])
