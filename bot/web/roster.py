"""The list of a group's members who share a name: what is asked of it in the address, sorted, filtered, in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from bot.core.cohort import Member
from bot.core.profile import GateColour
from bot.core.release import Level, Release
from bot.core.triage import Flag, flags
from bot.web.heat import band_of
from bot.web.page import Visit
from bot.web.pager import Pager, page_number, pager

ROWS = 25
TEXT_LIMIT = 60
ANY = ""
UNFLAGGED = "aman"


class Result(StrEnum):
    """Whether a member has a result."""

    ANY = ""
    THERE = "ada"
    MISSING = "belum"


class Order(StrEnum):
    """What the list is sorted by."""

    NAME = "nama"
    LEVEL = "tingkat"
    GATE = "siap"
    LESSONS = "pelajaran"
    LAST = "terakhir"
    FLAGS = "perhatian"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks of the list; `flag` is one of the flags, `aman` for none of them, or empty for all."""

    flag: str = ANY
    level: str = ANY
    result: Result = Result.ANY
    text: str = ""
    order: Order = Order.NAME
    turned: bool = False
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.flag or self.level or self.result or self.text)

    @property
    def address(self) -> str:
        """Return the part of an address that asks for this, empty for the whole list in its usual order."""
        said = {
            "perlu": self.flag,
            "tingkat": self.level,
            "hasil": self.result.value,
            "cari": self.text,
            "urut": "" if self.order is Order.NAME else self.order.value,
            "arah": "balik" if self.turned else "",
            "hal": "" if self.page == 1 else str(self.page),
        }
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"?{asked}" if asked else ""

    def on(self, page: int) -> str:
        """Return the address of another page."""
        return replace(self, page=page).address

    def by(self, order: str) -> str:
        """Return the address of another order; the same order again turns it round."""
        chosen = Order(order)
        return replace(self, order=chosen, turned=chosen is self.order and not self.turned, page=1).address


def wanted(visit: Visit, levels: Sequence[Level]) -> Wanted:
    """Read what the address asks; what is not offered asks for nothing."""
    return Wanted(
        flag=visit.choice("perlu", (ANY, *Flag, UNFLAGGED)),
        level=visit.choice("tingkat", (ANY, *(str(level.number) for level in levels))),
        result=Result(visit.choice("hasil", tuple(Result))),
        text=" ".join(visit.query.get("cari", "").split())[:TEXT_LIMIT],
        order=Order(visit.choice("urut", tuple(Order))),
        turned=visit.query.get("arah", "") == "balik",
        page=page_number(visit.query.get("hal", "")),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One member as a line: how many dimensions stand in each zone, and when something was last heard."""

    member: Member
    level: Level | None
    zones: tuple[int, ...]
    flags: tuple[Flag, ...]
    last: datetime


@dataclass(frozen=True, slots=True)
class Roster:
    """A page of the list."""

    lines: tuple[Line, ...]
    pager: Pager
    nameless: int


def roster(members: Sequence[Member], release: Release, asked: Wanted, *, now: datetime) -> Roster:
    """Sort and filter the members; those without what they are sorted by come last, whichever way round."""
    named = [m for m in members if m.shares]
    found = [m for m in named if _fits(m, asked, now)]
    key = _KEYS[asked.order]
    keyed = [(key(m, now), m) for m in found]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda p: p[0], reverse=asked.turned)
    ordered = [m for _, m in known] + [m for value, m in keyed if value is None]
    page = pager(len(ordered), per_page=ROWS, page=asked.page)
    levels = {level.number: level for level in release.levels}
    lines = tuple(_line(m, release, levels, now) for m in ordered[page.first : page.end])
    return Roster(lines, page, len(members) - len(named))


def _fits(member: Member, asked: Wanted, now: datetime) -> bool:
    result = member.latest
    if asked.result and (result is not None) is (asked.result is Result.MISSING):
        return False
    if asked.level and (result is None or str(result.level) != asked.level):
        return False
    if asked.text and asked.text.casefold() not in (member.first_name or "").casefold():
        return False
    if not asked.flag:
        return True
    raised = flags(member, now=now)
    return not raised if asked.flag == UNFLAGGED else asked.flag in raised


def _line(member: Member, release: Release, levels: dict[int, Level], now: datetime) -> Line:
    result = member.latest
    bands = [band_of(score, release.zones) for score in result.scores.values()] if result else []
    return Line(
        member=member,
        level=levels.get(result.level) if result else None,
        zones=tuple(bands.count(zone) for zone in release.zones) if result else (),
        flags=flags(member, now=now),
        last=last_news(member),
    )


def last_news(member: Member) -> datetime:
    """Return when something was last heard of a member: joined, began, or finished."""
    moments = (member.joined_at, member.begun_at, member.latest.finished_at if member.latest else None)
    return max(moment for moment in moments if moment is not None)


_GATES = (GateColour.RED, GateColour.YELLOW, GateColour.GREEN)
_FLAGS = tuple(Flag)


def _flag_order(member: Member, now: datetime) -> tuple[int, ...] | None:
    """Return what puts the most urgent reason first, and more reasons before fewer."""
    raised = [_FLAGS.index(flag) for flag in flags(member, now=now)]
    return (raised[0], -len(raised)) if raised else None


_KEYS: dict[Order, Callable[[Member, datetime], Any]] = {
    Order.NAME: lambda m, _: (m.first_name or "").casefold(),
    Order.LEVEL: lambda m, _: m.latest.level if m.latest else None,
    Order.GATE: lambda m, _: _GATES.index(m.latest.gate) if m.latest else None,
    Order.LESSONS: lambda m, _: (m.acts, m.lessons),
    Order.LAST: lambda m, _: last_news(m),
    Order.FLAGS: _flag_order,
}
