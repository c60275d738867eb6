"""No second holds more messages than its share, and time lost is made up for as far as that allows."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

from bot.jobs.pace import CLOSEST_SECONDS, Pace

A_SECOND = 25


def begun(count: int, *, stands_still_after: int | None = None, seconds: float = 0.0) -> list[float]:
    """Send so many at once; return when each began. The loop stands still once."""

    async def run() -> list[float]:
        pace, times = Pace(A_SECOND), list[float]()

        async def send() -> None:
            await pace.turn()
            times.append(time.monotonic())
            if len(times) == stands_still_after:
                time.sleep(seconds)  # noqa: ASYNC251 - that is what is tried

        await asyncio.gather(*(send() for _ in range(count)))
        return times

    return asyncio.run(run())


def test_any_second_holds_no_more_than_its_share_even_after_the_loop_stood_still() -> None:
    times = begun(60, stands_still_after=10, seconds=0.7)

    assert min(later - earlier for earlier, later in zip(times, times[A_SECOND:], strict=False)) >= 0.99
    assert min(later - earlier for earlier, later in pairwise(times)) >= CLOSEST_SECONDS * 0.9


def test_time_that_was_lost_is_made_up_for() -> None:
    times = begun(30, stands_still_after=10, seconds=0.3)

    assert times[11] - times[10] < 1 / A_SECOND
    assert times[29] - times[0] < 29 / A_SECOND + 0.3


def test_bot_that_was_quiet_sends_at_once() -> None:
    first, second = begun(2)

    assert 0.5 / A_SECOND < second - first < 0.5
