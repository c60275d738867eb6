"""Keeps one person's flood from everybody else: hands are never that fast, a stuck key or a script is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

BURST = 60
"""Updates that one person may send at once."""
PER_SECOND = 5.0
"""How fast a person may go on after that; nobody's hands do."""
MANY_PEOPLE = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Flood:
    """Lets everybody through who is not faster than hands; of a flood nothing more until it pauses."""

    def __init__(self, *, burst: int = BURST, now: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._now = now
        self._buckets: dict[int, _Bucket] = {}

    def lets_through(self, telegram_id: int) -> bool:
        """Tell whether to deal with an update.

        Nothing of what is turned away was stored or shown, so it may be acknowledged and forgotten: held back it would
        only queue up at Telegram, and its sender could do nothing for hours.
        """
        now = self._now()
        bucket = self._buckets.get(telegram_id)
        if bucket is None:
            self._forget_the_calm(now)
            bucket = self._buckets[telegram_id] = _Bucket(self._burst, now)
        tokens = min(self._burst, bucket.tokens + PER_SECOND * (now - bucket.at))
        passes = tokens >= 1
        bucket.tokens = tokens - 1 if passes else 0.0  # what comes too soon begins the wait anew
        bucket.at = now
        return passes

    def _forget_the_calm(self, now: float) -> None:
        """Forget who may send a full burst again, once many are remembered."""
        if len(self._buckets) < MANY_PEOPLE:
            return
        full = self._burst / PER_SECOND
        self._buckets = {person: bucket for person, bucket in self._buckets.items() if now - bucket.at < full}
