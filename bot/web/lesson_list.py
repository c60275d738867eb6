"""The list of lessons for editors: by dimension, with the state of their facts and what is not released yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bot.content.parts import part_problems
from bot.usecases.editing import DraftInfo, Workspace
from bot.web.item_list import SOON, Mark
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
    fitting = [line for line in _lines(found, today) if _fits(line, asked)]
    groups = {code: [line for line in fitting if line.dimension == code] for code in dimensions}
    return {code: sorted(lines, key=lambda line: (line.steps, line.code)) for code, lines in groups.items() if lines}


def _lines(found: Workspace, today: date) -> Iterator[Line]:
    for part in {**found.original, **found.parts}:
        if part.startswith("module:"):
            payload = found.parts.get(part, found.original.get(part))
            yield _line(part, payload, found.drafts.get(part), is_new=part not in found.original, today=today)


def _line(part: str, payload: Any, draft: DraftInfo | None, *, is_new: bool, today: date) -> Line:
    days = sorted(date.fromisoformat(source["review_by"]) for source in payload["sources"])
    review_by = days[0] if days else None
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
        review_by=review_by,
        marks=tuple(_marks(part, payload, draft, is_new=is_new, review_by=review_by, today=today)),
        texts=" ".join(said).casefold(),
    )


def _marks(
    part: str, payload: Any, draft: DraftInfo | None, *, is_new: bool, review_by: date | None, today: date
) -> Iterator[Mark]:
    if draft is not None:
        yield Mark.OUT if draft.takes_out else Mark.NEW if is_new else Mark.CHANGED
    if review_by is not None and review_by < today + SOON:
        yield Mark.OVERDUE if review_by < today else Mark.SOON
    if any("sources" not in problem.field for problem in part_problems(part, payload, today=today)):
        yield Mark.FAULTY


def _fits(line: Line, asked: Asked) -> bool:
    if asked.dimension not in (ANY, line.dimension) or (asked.mark and asked.mark not in line.marks):
        return False
    return all(word in line.texts for word in asked.text.casefold().split())
