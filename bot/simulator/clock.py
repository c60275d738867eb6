"""The simulated time: real time plus an offset that can only be moved forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Tell the simulated time, which runs on by itself and can be advanced."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._watchers: list[Callable[[], None]] = []

    @property
    def moved_by(self) -> timedelta:
        """Return how far the time was moved."""
        return self._offset

    def now(self) -> datetime:
        """Return the simulated time, aware and in UTC."""
        return self._base() + self._offset

    def advance(self, by: timedelta) -> None:
        """Move the time forward and wake whoever waits for it."""
        if by < timedelta():
            raise ValueError("the clock only moves forward")
        self._offset += by
        for watcher in tuple(self._watchers):
            watcher()

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` after every advance; return the way to stop it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def _base(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock(Clock):
    """Stand still unless advanced, for tests."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)) -> None:
        super().__init__()
        self._start = start

    def _base(self) -> datetime:
        return self._start
