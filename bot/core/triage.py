"""Who needs a coach's attention, why, and what to do next: grouped by reason, never as a ranking of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.core.cohort import Member
from bot.core.item import Dimension
from bot.core.release import Module, Release

IDLE = timedelta(days=3)


class Flag(StrEnum):
    """A reason for attention, the most urgent first."""

    SCAM = "scam"
    SLOW = "slow"
    STOCK = "stock"
    STALLED = "stalled"
    NOT_BEGUN = "not_begun"


FLAG_DIMENSION = {Flag.SCAM: Dimension.SAFETY, Flag.SLOW: Dimension.RESPONSE, Flag.STOCK: Dimension.CAPACITY}


@dataclass(frozen=True, slots=True)
class Concern:
    """One reason with the members it is true of. Only who shares a name is listed for what a result says; `nameless`
    counts the others who have not finished.
    """

    flag: Flag
    members: tuple[Member, ...]
    nameless: int = 0


def flags(member: Member, *, now: datetime) -> tuple[Flag, ...]:
    """Return the reasons for attention that are true of a member, the most urgent first."""
    result = member.latest
    if result is None:
        since = max(member.joined_at, member.begun_at or member.joined_at)
        if now - since < IDLE:
            return ()
        return (Flag.STALLED if member.begun_at else Flag.NOT_BEGUN,)
    weak = result.missing | result.contradicts
    found = {
        Flag.SCAM: result.scam_risk,
        Flag.SLOW: Dimension.RESPONSE in weak,
        Flag.STOCK: Dimension.CAPACITY in weak,
    }
    return tuple(flag for flag, is_true in found.items() if is_true)


def concerns(members: Sequence[Member], *, now: datetime) -> list[Concern]:
    """Group the members by reason, the most urgent reason first; reasons without anybody are left out."""
    named: dict[Flag, list[Member]] = {flag: [] for flag in Flag}
    nameless = dict.fromkeys(Flag, 0)
    for member in members:
        for flag in flags(member, now=now):
            if member.shares:
                named[flag].append(member)
            elif flag not in FLAG_DIMENSION:
                nameless[flag] += 1
    return [Concern(flag, tuple(named[flag]), nameless[flag]) for flag in Flag if named[flag] or nameless[flag]]


def next_lesson(flag: Flag, release: Release, *, today: date) -> Module | None:
    """Return the lesson to send for a reason, the safety lesson against scams, else the easiest of its dimension.

    None where a reminder is the next step, or where no lesson is there whose facts are still current.
    """
    dimension = FLAG_DIMENSION.get(flag)
    here = [m for m in release.modules if m.dimension is dimension and not m.promotion and m.is_current(today)]
    first = release.rules.safety_module if flag is Flag.SCAM else None
    return min(here, key=lambda m: (m.code != first, m.steps_from, m.code), default=None)
