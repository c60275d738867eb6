"""A group as a picture: how many members stand in which zone of each dimension, and the group's mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.texts import engine
from bot.texts.lettering import width
from bot.texts.picture import png

LEFT, ROOM, TOP, ROW = 24, 432, 172, 70
LABEL_SIZE, LABEL_MARGIN = 17, 10
ZoneCounts = tuple[int, int, int]
"""Members in the three zones, from the one to strengthen to the strong one."""


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension: its short name, the mean on the scale of 0 to 100 with half the width of its range, and counts."""

    name: str
    mean: float
    half_width: float
    counts: ZoneCounts


@dataclass(frozen=True, slots=True)
class GroupPicture:
    """What the picture shows, in the reader's language; `zones` names the three zones, `results` counts the members."""

    title: str
    group_name: str
    results: int
    day: date
    zones: tuple[str, str, str]
    rows: tuple[DimensionRow, ...]


def draw(values: GroupPicture, language: str) -> Callable[[], bytes]:
    """Return what draws a group as PNG, without the request or its transaction."""
    return lambda: png(drawing(values, language))


def drawing(values: GroupPicture, language: str) -> str:
    """Return a group's picture as SVG."""
    rows = [
        {
            "name": row.name,
            "mean": round(row.mean),
            "half_width": max(1, round(row.half_width)),
            "y": TOP + index * ROW,
            "segments": segments(row.counts),
        }
        for index, row in enumerate(values.rows)
    ]
    places: dict[str, object] = {
        "picture": values,
        "rows": rows,
        "left": LEFT,
        "room": ROOM,
        "bottom": TOP + ROW * len(rows),
        "label_size": LABEL_SIZE,
    }
    return engine.render("bot.chat", "group.svg.j2", language, places)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: whose zone it shows, how many members, and where it stands."""

    zone: int
    count: int
    x: float
    width: float


def segments(counts: Sequence[int]) -> list[Segment]:
    """Return the parts of a bar in proportion to the counts, yet none too narrow for its number; none for a zero."""
    least = {zone: width(str(n), LABEL_SIZE, bold=True) + LABEL_MARGIN for zone, n in enumerate(counts) if n}
    shown = {zone: ROOM * counts[zone] / sum(counts) for zone in least}
    narrow = {zone: least[zone] for zone in least if shown[zone] < least[zone]}
    others = sum(counts[zone] for zone in least if zone not in narrow)
    left = ROOM - sum(narrow.values())
    found, x = [], float(LEFT)
    for zone in least:
        wide = narrow.get(zone) or left * counts[zone] / others
        found.append(Segment(zone, counts[zone], round(x, 1), round(wide, 1)))
        x += wide
    return found
