"""A change between two sittings, ready to be said and drawn with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.growth import Growth

RANGE = 1.96
"""Standard errors to either side within which the true value lies nineteen times in twenty."""
SHOWN = 30
"""Scale points to either side of no change that a drawing has room for."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change in words, and where it lies in a drawing 100 wide whose middle is no change."""

    is_certain: bool
    points: str
    low: str
    high: str
    left: float
    at: float
    right: float


def change(found: Growth, *, digits: int = 1) -> Change:
    """Return a change ready to be shown."""
    low, high = found.points - RANGE * found.standard_error, found.points + RANGE * found.standard_error
    return Change(
        is_certain=found.is_certain,
        points=signed(found.points, digits),
        low=signed(low, digits),
        high=signed(high, digits),
        left=_place(low),
        at=_place(found.points),
        right=_place(high),
    )


def _place(points: float) -> float:
    return round(50 + 50 * max(-SHOWN, min(SHOWN, points)) / SHOWN, 1)


def signed(points: float, digits: int = 1) -> str:
    """Return +3,1 or −0,4 as it is written in Indonesian; plain 0 for no change."""
    rounded = round(points, digits)
    return f"{rounded:+.{digits}f}".replace("-", "−").replace(".", ",") if rounded else "0"
