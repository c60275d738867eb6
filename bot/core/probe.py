"""A shadow customer: a chat as a customer would begin it, how soon and how well it was answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from bot.core.item import Option

ENOUGH = 3
"""Answered probes from which something is said about them, and how many of the latest count."""
AIM_MINUTES = 120
"""A reply within two hours, while the shop is open (facts.md D2)."""
BEST_QUALITY = 2
GOOD_QUALITY = 1.5


@dataclass(frozen=True, slots=True)
class Probe:
    """What a customer writes, with three replies of 2, 1 and 0 points; `suits` are its kinds of business, or empty."""

    code: str
    suits: frozenset[str]
    customer: str
    replies: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class SentProbe:
    """One probe that a person got; `choice` is the reply chosen, an index, None while the customer waits."""

    id: int
    code: str
    release_id: str
    sent_at: datetime
    answered_at: datetime | None = None
    choice: int | None = None

    @property
    def minutes(self) -> int:
        """Return the whole minutes from sending to the reply; 0 while there is none."""
        return max(0, (self.answered_at - self.sent_at) // timedelta(minutes=1)) if self.answered_at else 0


@dataclass(frozen=True, slots=True)
class Answering:
    """How a person answers: the median of the minutes and the mean of the points (0 to 2, to a tenth)."""

    minutes: int
    quality: float

    @property
    def is_quick(self) -> bool:
        return self.minutes <= AIM_MINUTES

    @property
    def is_good(self) -> bool:
        return self.quality >= GOOD_QUALITY


def answering(answered: Sequence[tuple[SentProbe, int]]) -> Answering | None:
    """Return how the latest probes were answered, each with its points; None while there are fewer than ENOUGH."""
    latest = sorted(answered, key=lambda pair: pair[0].id)[-ENOUGH:]
    if len(latest) < ENOUGH:
        return None
    points = sum(score for _, score in latest)
    return Answering(
        minutes=median_low(sent.minutes for sent, _ in latest), quality=(points * 20 + ENOUGH) // (2 * ENOUGH) / 10
    )


def next_probe(probes: Collection[Probe], *, business: str | None, sent: Sequence[str], seed: int) -> Probe | None:
    """Return the probe to send to a business: the least often and the longest ago sent; None where none suits it.

    `sent` are the codes sent so far. Of several new ones those made for this kind of business come first; the seed
    decides between equals.
    """
    fitting = sorted((p for p in probes if business is None or not p.suits or business in p.suits), key=_code)
    if not fitting:
        return None
    turn = seed % len(fitting)
    mixed = fitting[turn:] + fitting[:turn]
    last_sent = {code: place for place, code in enumerate(sent)}
    return min(mixed, key=lambda p: (sent.count(p.code), last_sent.get(p.code, -1), business not in p.suits))


def _code(probe: Probe) -> str:
    return probe.code
