"""The list of lessons for editors: by dimension, with the state of their facts and what is not released yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from bot.usecases.editing import Workspace
from bot.web.item_list import SOON, InWork, Mark, in_work
from bot.web.page import Visit

ANY = ""
TEXT_LIMIT = 80
MARKS: Mapping[Mark, str] = {
    Mark.CHANGED: "diubah, belum terbit",
    Mark.NEW: "baru, belum terbit",
    Mark.OUT: "dikeluarkan, belum terbit",
    Mark.OVERDUE: "lewat batas baca ulang",
    Mark.SOON: f"dibaca ulang dalam {SOON.days} hari",
    Mark.FAULTY: "perlu dibereskan",
}
WARNED = (Mark.OVERDUE, Mark.SOON, Mark.FAULTY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    text: str
    dimension: str
    mark: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.dimension or self.mark)

    @property
    def address(self) -> str:
        """Return the part of an address that asks for this."""
        said = {"cari": self.text, "bidang": self.dimension, "tanda": self.mark}
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"?{asked}" if asked else ""


def asked_of(visit: Visit, dimensions: Iterable[str]) -> Asked:
    """Read what the address asks; what is not offered asks for nothing."""
    return Asked(
        text=" ".join(visit.query.get("cari", "").split())[:TEXT_LIMIT],
        dimension=visit.choice("bidang", (ANY, *dimensions)),
        mark=visit.choice("tanda", (ANY, *MARKS)),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One lesson as a line; `facts` are its sources, `review_by` the first day on which one is read again."""

    code: str
    title: str
    summary: str
    dimension: str
    steps: tuple[int, int]
    minutes: int
    cards: int
    languages: tuple[str, ...]
    promotion: bool
    facts: int
    review_by: date | None
    marks: tuple[Mark, ...]
    texts: str


def listing(found: Workspace, asked: Asked, dimensions: Iterable[str], *, today: date) -> dict[str, list[Line]]:
    """Return the lessons that fit by dimension, each from easy to hard; those taken out stand among them, marked."""
    fitting = [line for line in (_line(one, today) for one in in_work(found, "module")) if _fits(line, asked)]
    groups = {code: [line for line in fitting if line.dimension == code] for code in dimensions}
    return {code: sorted(lines, key=lambda line: (line.steps, line.code)) for code, lines in groups.items() if lines}


def _line(one: InWork, today: date) -> Line:
    payload, days = one.payload, one.review_days
    said = (payload["code"], payload["title"], payload["summary"], payload["act"], *payload["cards"])
    return Line(
        code=payload["code"],
        title=payload["title"],
        summary=payload["summary"],
        dimension=payload["dimension"],
        steps=(payload["steps_from"], payload["steps_to"]),
        minutes=payload["minutes"],
        cards=len(payload["cards"]),
        languages=tuple(payload["translations"]),
        promotion=payload["promotion"],
        facts=len(days),
        review_by=next(iter(days), None),
        marks=tuple(one.marks(today)),
        texts=" ".join(said).casefold(),
    )


def _fits(line: Line, asked: Asked) -> bool:
    if asked.dimension not in (ANY, line.dimension) or (asked.mark and asked.mark not in line.marks):
        return False
    return all(word in line.texts for word in asked.text.casefold().split())
