"""Everything that watches one process, put together from what it watches."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.core.delivery import LANES
from bot.store import migrate
from bot.store.session import Database
from bot.texts.jail import jail
from bot.watch.checkup import Check, Checkup
from bot.watch.figures import Figures, Gauges
from bot.watch.metrics import Metrics
from bot.watch.rounds import Rounds, Skew

STARTED, UPDATES = "started", "updates of "
DISK_FLOOR = 200 * 2**20
SWEPT_WITHIN = 60.0
AWAITED_WITHIN = 60.0
OWED_WITHIN = 900.0
QUARANTINED_AN_HOUR = 5


@dataclass(frozen=True, slots=True)
class WayIn:
    """How the updates of one bot come: `wrong` says what is wrong now, `ask` asks Telegram about it."""

    bot_id: int
    come: Callable[[], bool]
    wrong: Callable[[], str]
    ask: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Swept:
    """When any process last looked for what is owed, by the real clock; None in one that does not know."""

    at: Callable[[], datetime | None]
    clock: Callable[[], datetime]

    def age(self) -> float | None:
        """Return how many seconds ago that was."""
        at = self.at()
        return None if at is None else max(0.0, (self.clock() - at).total_seconds())


@dataclass(frozen=True, slots=True)
class Watch:
    """What is counted, what is checked, and the rounds that keep both fresh."""

    metrics: Metrics
    checkup: Checkup
    rounds: Rounds

    def take_no_updates(self) -> None:
        """Say that this process only sends: how updates come is no matter of it."""
        self.checkup.leave_out(lambda name: name == STARTED or name.startswith(UPDATES))
        self.rounds.leave_inlets()


def watch(
    metrics: Metrics,
    database: Database,
    ways_in: Sequence[WayIn],
    skew: Skew,
    swept: Swept,
    *,
    updates_waiting: Callable[[], int],
) -> Watch:
    """Put together what watches a process; nothing starts."""
    figures = Figures(database, metrics.clock)
    disk = partial(free_disk, database.url)
    checks = [
        Check("database", _Schema(database).wrong, is_needed=True),
        Check("content", partial(_content_wrong, figures), is_needed=True),
        Check(STARTED, _Started(ways_in).wrong, is_needed=True),
        *(Check(f"{UPDATES}{way.bot_id}", way.wrong) for way in ways_in),
        Check("disk", partial(_disk_wrong, disk)),
        Check("engine", partial(_engine_wrong, swept)),
        Check("owed", partial(_owed_wrong, figures)),
        Check("quarantine", partial(_quarantine_wrong, figures)),
        Check("clock", lambda: skew.wrong),
        Check("cards", _cards_wrong),
    ]
    checkup = Checkup(checks, metrics.clock)
    metrics.registry.register(Gauges(figures, checkup, updates_waiting, disk, swept.age))
    database.failed = metrics.database_failures.inc
    return Watch(metrics, checkup, Rounds(metrics, checkup, [way.ask for way in ways_in], skew))


class _Schema:
    """The database answers and stands where this code expects it, or further: a newer version migrated it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_up_to_date = False

    def wrong(self) -> str:
        if not self._database.answers():
            return "the database does not take work"
        if not self._is_up_to_date:
            known, there = migrate.revisions(), migrate.revision(self._database)
            if there is None or there in known[:-1]:
                return f"the database is at migration {there or 'none'}, this version needs {known[-1]}"
            self._is_up_to_date = True
        return ""


class _Started:
    """Updates came in some way at least once: whether they do now is a warning, for pages can be served meanwhile."""

    def __init__(self, ways_in: Sequence[WayIn]) -> None:
        self._ways_in = ways_in
        self._is_over = not ways_in

    def wrong(self) -> str:
        self._is_over = self._is_over or any(way.come() for way in self._ways_in)
        return "" if self._is_over else "no updates have come yet since the start"


def _content_wrong(figures: Figures) -> str:
    state = figures.state()
    return "" if state is None or state.release_id else "no content is released"


def free_disk(database_url: str) -> int | None:
    """Return how many bytes are free where a SQLite file lies; None for another database."""
    path = database_url.removeprefix("sqlite:///")
    if path == database_url:
        return None
    return shutil.disk_usage(Path(path).parent).free


def _disk_wrong(free: Callable[[], int | None]) -> str:
    left = free()
    return "" if left is None or left >= DISK_FLOOR else f"only {left // 2**20} MB are free where the database lies"


def _engine_wrong(swept: Swept) -> str:
    age = swept.age()
    return "" if age is None or age <= SWEPT_WITHIN else f"nobody has looked for what is owed for {age:.0f} seconds"


def _owed_wrong(figures: Figures) -> str:
    """Look at all lanes but the last, whose announcements take hours by design."""
    state = figures.state()
    for owed in state.owed[: len(LANES) - 1] if state else ():
        if owed.oldest_seconds > (OWED_WITHIN if owed.lane else AWAITED_WITHIN):
            return f"a message of lane {owed.lane} is due for {owed.oldest_seconds:.0f} seconds"
    return ""


def _quarantine_wrong(figures: Figures) -> str:
    state = figures.state()
    lately = state.quarantined_lately if state else 0
    return f"{lately} updates went into quarantine within an hour" if lately >= QUARANTINED_AN_HOUR else ""


def _cards_wrong() -> str:
    return "no process for editors' lesson cards can be started" if jail().is_down else ""
