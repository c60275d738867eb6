"""How fast one process sends through one bot."""

from __future__ import annotations

import asyncio
import time
from collections import deque

CLOSEST_SECONDS, BEHIND_SECONDS = 0.02, 0.4
"""How close messages follow each other where the process fell behind, and how much it makes up for at most."""


class Pace:
    """Lets a bot send so that no second holds more than its share, however late the process runs."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second
        self._one_by_one = asyncio.Lock()
        self._begun: deque[float] = deque(maxlen=a_second)
        self._due = 0.0

    async def turn(self) -> None:
        """Wait until one more message may be sent."""
        async with self._one_by_one:
            while (wait := self._next() - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            now = time.monotonic()
            self._begun.append(now)
            self._due = max(self._due, now - BEHIND_SECONDS) + 1 / self._a_second

    def _next(self) -> float:
        if not self._begun:
            return 0.0
        full = self._begun[0] + 1 if len(self._begun) == self._a_second else 0.0
        return max(full, self._due, self._begun[-1] + CLOSEST_SECONDS)
