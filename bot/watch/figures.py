"""Figures that are asked for by whoever watches, worked out seldom whoever asks how often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlmodel import Session

from bot.core.delivery import LANES
from bot.store import figures, releases
from bot.store.figures import Funnel
from bot.store.session import Database, DatabaseUnavailable
from bot.watch.checkup import Checkup

STATE_SECONDS = 15.0
FUNNEL_SECONDS = 600.0
SMALLEST_SHARE = 100
"""A figure that took a second is not asked for again before so many seconds: the cost stays below a hundredth."""
LATELY = timedelta(hours=1)
VERSION = "0.1.0"
Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A value worked out by one thread at a time; who asks meanwhile gets the last one, None where there is none."""

    def __init__(self, work: Callable[[], Value], seconds: float) -> None:
        self._work, self._seconds = work, seconds
        self._turn = threading.Lock()
        self._value: Value | None = None
        self._good_until = float("-inf")

    def get(self) -> Value | None:
        """Return the value; None while the database is away."""
        if time.monotonic() >= self._good_until and self._turn.acquire(blocking=False):
            try:
                self._work_out()
            finally:
                self._turn.release()
        return self._value

    def _work_out(self) -> None:
        began = time.monotonic()
        try:
            self._value = self._work()
        except DatabaseUnavailable:
            self._value = None
        ended = time.monotonic()
        self._good_until = ended + max(self._seconds, SMALLEST_SHARE * (ended - began))


@dataclass(frozen=True, slots=True)
class OwedInLane:
    """What of one lane is due: how much, and for how many seconds the oldest."""

    lane: int
    count: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """What lies in the database at one moment."""

    owed: tuple[OwedInLane, ...]
    in_quarantine: int
    quarantined_lately: int
    guessed_lately: int
    release_id: str


class Figures:
    """What the database says, to be asked by many."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._state = Kept(partial(self._read, self._look), STATE_SECONDS)
        self._funnel = Kept(partial(self._read, figures.funnel), FUNNEL_SECONDS)

    def state(self) -> State | None:
        """Return what lies in the database, at most a quarter of a minute old; None while it is away."""
        return self._state.get()

    def funnel(self) -> Funnel | None:
        """Return how many came how far, at most ten minutes old; None while the database is away."""
        return self._funnel.get()

    def _read(self, look: Callable[[Session], Value]) -> Value:
        with self._database.snapshot() as session:
            return look(session)

    def _look(self, session: Session) -> State:
        now = self._clock()
        return State(
            _by_lane(figures.owed_now(session, [kind for lane in LANES for kind in lane], now), now),
            figures.quarantined(session),
            figures.quarantined(session, now - LATELY),
            figures.guessed(session, now - LATELY),
            releases.current_id(session) or "",
        )


def _by_lane(owed: Sequence[figures.OwedNow], now: datetime) -> tuple[OwedInLane, ...]:
    lanes = []
    for number, kinds in enumerate(LANES):
        here = [one for one in owed if one.kind in kinds]
        age = (now - min(one.oldest for one in here)).total_seconds() if here else 0.0
        lanes.append(OwedInLane(number, sum(one.count for one in here), max(0.0, age)))
    return tuple(lanes)


@dataclass(frozen=True, slots=True)
class Gauges(Collector):
    """What is looked up when Prometheus asks, instead of being counted as it happens."""

    figures: Figures
    checkup: Checkup
    updates_waiting: Callable[[], int]
    disk_free: Callable[[], int | None]
    sweep_age: Callable[[], float | None]

    def describe(self) -> Iterable[Metric]:
        """Name everything without looking anything up."""
        return _families().values()

    def collect(self) -> Iterable[Metric]:
        """Look everything up; what cannot be known now is left out."""
        families = _families()
        families["updates_waiting"].add_metric([], self.updates_waiting())
        for finding in self.checkup.latest:
            families["check_ok"].add_metric([finding.name], finding.ok)
        if (age := self.sweep_age()) is not None:
            families["sweep_age_seconds"].add_metric([], age)
        if (free := self.disk_free()) is not None:
            families["disk_free_bytes"].add_metric([], free)
        if (state := self.figures.state()) is not None:
            _add_state(families, state)
        if (funnel := self.figures.funnel()) is not None:
            for step in Funnel.__slots__:
                families["funnel"].add_metric([step], getattr(funnel, step))
        return families.values()


def _add_state(families: dict[str, GaugeMetricFamily], state: State) -> None:
    for owed in state.owed:
        families["owed"].add_metric([str(owed.lane)], owed.count)
        families["owed_oldest_seconds"].add_metric([str(owed.lane)], owed.oldest_seconds)
    families["quarantine"].add_metric([], state.in_quarantine)
    families["code_guesses"].add_metric([], state.guessed_lately)
    families["build"].add_metric([VERSION, state.release_id[:12]], 1)


_MEANINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "updates_waiting": ("Updates under way or waiting for the one before them", ()),
    "check_ok": ("1 where a check of /readyz found nothing wrong", ("check",)),
    "sweep_age_seconds": ("How long ago any process last looked for what is owed", ()),
    "disk_free_bytes": ("Free space where the SQLite file lies", ()),
    "owed": ("Messages due and not done, counted to 10000 of a kind", ("lane",)),
    "owed_oldest_seconds": ("For how long the oldest of them is due", ("lane",)),
    "quarantine": ("Updates that lie in quarantine", ()),
    "code_guesses": ("Join codes of the last hour that opened nothing, of all people, counted to 10000", ()),
    "build": ("Version and current content release", ("version", "release")),
    "funnel": ("How many people or sittings or lessons came to this step", ("step",)),
}


def _families() -> dict[str, GaugeMetricFamily]:
    return {
        name: GaugeMetricFamily(f"tangga_{name}", meaning, labels=labels)
        for name, (meaning, labels) in _MEANINGS.items()
    }
