"""Keeps one person's flood from everybody else: hands are never that fast, a stuck key or a script is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

BURST = 60
"""Updates that one person may send at once."""
PER_SECOND = 5.0
CALM_SECONDS = 1.0
MANY_PEOPLE = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Flood:
    """Lets everybody through who is not faster than hands; of a flood only the latest update counts, once it pauses."""

    def __init__(
        self,
        *,
        burst: int = BURST,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._burst = burst
        self._now = now
        self._pause = pause
        self._buckets: dict[int, _Bucket] = {}
        self._latest: dict[int, object] = {}

    async def lets_through(self, telegram_id: int) -> bool:
        """Tell whether to deal with an update; of a flood the latest is held for a second, and the others never are.

        Nothing of what is turned away was stored or shown, so that it may be acknowledged and forgotten.
        """
        if self._takes_token(telegram_id):
            return True
        ticket = self._latest[telegram_id] = object()
        await self._pause(CALM_SECONDS)
        if self._latest.get(telegram_id) is not ticket:
            return False
        del self._latest[telegram_id]
        return True

    def _takes_token(self, telegram_id: int) -> bool:
        now = self._now()
        bucket = self._buckets.get(telegram_id)
        if bucket is None:
            self._forget_the_calm(now)
            bucket = self._buckets[telegram_id] = _Bucket(self._burst, now)
        bucket.tokens = min(self._burst, bucket.tokens + PER_SECOND * (now - bucket.at))
        bucket.at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def _forget_the_calm(self, now: float) -> None:
        """Forget who may send a full burst again, once many are remembered."""
        if len(self._buckets) < MANY_PEOPLE:
            return
        full = self._burst / PER_SECOND
        self._buckets = {person: bucket for person, bucket in self._buckets.items() if now - bucket.at < full}
