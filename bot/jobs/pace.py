"""How fast one process sends through one bot."""

from __future__ import annotations

import asyncio
import time
from collections import deque

CLOSEST_SECONDS = 0.02
"""Between two messages of a bot, where the process fell behind."""


class Pace:
    """Lets a bot send so that no second holds more than its share, however late the process runs."""

    def __init__(self, a_second: int) -> None:
        self._one_by_one = asyncio.Lock()
        self._begun: deque[float] = deque(maxlen=a_second)

    async def turn(self) -> None:
        """Wait until one more message may be sent."""
        async with self._one_by_one:
            while (wait := self._next() - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            self._begun.append(time.monotonic())

    def _next(self) -> float:
        if not self._begun:
            return 0.0
        full = self._begun[0] + 1 if len(self._begun) == self._begun.maxlen else 0.0
        return max(full, self._begun[-1] + CLOSEST_SECONDS)
