"""The list of questions: what is asked of it in the address, filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from bot.content.parts import part_problems
from bot.core.item import Format, Status
from bot.usecases.editing import DraftInfo, Workspace
from bot.web.item_labels import HABITS
from bot.web.page import Visit
from bot.web.pager import Pager, page_number, pager

ROWS = 25
TEXT_LIMIT = 80
ANY = ""
SOON = timedelta(days=60)


class Mark(StrEnum):
    """Why a question wants a look."""

    CHANGED = "diubah"
    NEW = "baru"
    OUT = "dikeluarkan"
    OVERDUE = "lewat"
    SOON = "segera"
    NO_SOURCE = "tanpa-sumber"
    FAULTY = "periksa"
    FLAGGED = "klinik"


class Order(StrEnum):
    """What the list is sorted by."""

    CODE = "kode"
    REVIEW = "baca"
    DIFFICULTY = "sulit"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the list; empty means all."""

    text: str = ANY
    dimension: str = ANY
    status: str = ANY
    format: str = ANY
    difficulty: str = ANY
    mark: str = ANY
    order: Order = Order.CODE
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.dimension or self.status or self.format or self.difficulty or self.mark)

    @property
    def address(self) -> str:
        """Return the part of an address that asks for this."""
        said = {
            "cari": self.text,
            "bidang": self.dimension,
            "status": self.status,
            "bentuk": self.format,
            "sulit": self.difficulty,
            "tanda": self.mark,
            "urut": "" if self.order is Order.CODE else self.order.value,
            "hal": "" if self.page == 1 else str(self.page),
        }
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"?{asked}" if asked else ""

    def on(self, page: int) -> str:
        """Return the address of another page."""
        return replace(self, page=page).address


def asked_of(visit: Visit, dimensions: Iterable[str]) -> Asked:
    """Read what the address asks; what is not offered asks for nothing."""
    return Asked(
        text=" ".join(visit.query.get("cari", "").split())[:TEXT_LIMIT],
        dimension=visit.choice("bidang", (ANY, *dimensions, HABITS)),
        status=visit.choice("status", (ANY, *Status)),
        format=visit.choice("bentuk", (ANY, *Format)),
        difficulty=visit.choice("sulit", (ANY, *"12345")),
        mark=visit.choice("tanda", (ANY, *Mark)),
        order=Order(visit.choice("urut", tuple(Order))),
        page=page_number(visit.query.get("hal", "")),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One question as a line; `review_by` is the first of its sources' days, `dimension` H for habits."""

    code: str
    stem: str
    format: Format
    dimension: str
    status: Status
    difficulty: int | None
    review_by: date | None
    marks: tuple[Mark, ...]
    texts: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list."""

    lines: tuple[Line, ...]
    pager: Pager


def listing(found: Workspace, asked: Asked, *, flagged: Set[str], today: date) -> Listing:
    """Filter and sort the questions of the working copy; those that editors took out stand among them, marked.
    `flagged` are the codes of those whose answers look wrong.
    """
    lines = (_flagged(line, flagged) for line in (_line(one, today) for one in in_work(found, "item")))
    fitting = sorted((line for line in lines if _fits(line, asked)), key=lambda line: _key(line, asked))
    page = pager(len(fitting), per_page=ROWS, page=asked.page)
    return Listing(tuple(fitting[page.first : page.end]), page)


def _flagged(line: Line, flagged: Set[str]) -> Line:
    return replace(line, marks=(*line.marks, Mark.FLAGGED)) if line.code in flagged else line


@dataclass(frozen=True, slots=True)
class InWork:
    """One part as it stands in the working copy, with what was changed of it and when its first fact is read again."""

    part: str
    payload: Any
    draft: DraftInfo | None
    is_new: bool

    @property
    def review_days(self) -> list[date]:
        """Return when its facts are to be read again, the soonest first."""
        return sorted(date.fromisoformat(source["review_by"]) for source in self.payload.get("sources", ()))

    def marks(self, today: date) -> Iterator[Mark]:
        """Return what an editor should see at once of any part."""
        if self.draft is not None:
            yield Mark.OUT if self.draft.takes_out else Mark.NEW if self.is_new else Mark.CHANGED
        if self.review_days and self.review_days[0] < today + SOON:
            yield Mark.OVERDUE if self.review_days[0] < today else Mark.SOON
        if any("sources" not in problem.field for problem in part_problems(self.part, self.payload, today=today)):
            yield Mark.FAULTY


def in_work(found: Workspace, kind: str) -> Iterator[InWork]:
    """Return all parts of one kind, also those that are taken out."""
    for part in {**found.original, **found.parts}:
        if part.startswith(f"{kind}:"):
            payload = found.parts.get(part, found.original.get(part))
            yield InWork(part, payload, found.drafts.get(part), is_new=part not in found.original)


def _line(one: InWork, today: date) -> Line:
    payload, review_by = one.payload, next(iter(one.review_days), None)
    return Line(
        code=payload["code"],
        stem=payload["stem"],
        format=Format(payload["format"]),
        dimension=payload.get("dimension", HABITS),
        status=Status(payload["status"]),
        difficulty=payload.get("difficulty"),
        review_by=review_by,
        marks=tuple(_marks(one, today)),
        texts=" ".join(_texts(payload)).casefold(),
    )


def _marks(one: InWork, today: date) -> Iterator[Mark]:
    yield from one.marks(today)
    if not one.review_days and "sources" in one.payload:
        yield Mark.NO_SOURCE


def _texts(said: Any) -> Iterator[str]:
    match said:
        case str():
            yield said
        case list():
            for each in said:
                yield from _texts(each)
        case dict():
            for each in said.values():
                yield from _texts(each)


def _fits(line: Line, asked: Asked) -> bool:
    wanted = (
        (asked.dimension, line.dimension),
        (asked.status, line.status),
        (asked.format, line.format),
        (asked.difficulty, str(line.difficulty)),
    )
    if any(want and want != here for want, here in wanted):
        return False
    if asked.mark and asked.mark not in line.marks:
        return False
    return all(word in line.texts for word in asked.text.casefold().split())


def _key(line: Line, asked: Asked) -> tuple[Any, ...]:
    habits_last = (line.dimension == HABITS, line.dimension[:1] == "C", line.code)
    match asked.order:
        case Order.REVIEW:
            return line.review_by is None, line.review_by or date.max, *habits_last
        case Order.DIFFICULTY:
            return line.difficulty is None, line.difficulty or 0, *habits_last
        case _:
            return habits_last
