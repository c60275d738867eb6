"""The rounds beside the work: how late the event loop is, how updates come, what is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.watch.checkup import Checkup
from bot.watch.metrics import Metrics

log = logging.getLogger(__name__)
FIRST_SECONDS = 10.0
LAG_SECONDS = 1.0
LOOK_SECONDS = 15.0
ASK_SECONDS = 60.0
CLOCK_SECONDS = 600.0
SKEW_SECONDS = 60.0


class Skew:
    """How far this machine's clock is from Telegram's; `wrong` is that in a sentence where it matters."""

    def __init__(self, ask: Callable[[], Awaitable[datetime | None]], clock: Callable[[], datetime]) -> None:
        self._ask, self._clock = ask, clock
        self.wrong = ""

    async def look(self) -> None:
        """Compare once; no answer says nothing about the clock."""
        theirs = await self._ask()
        if theirs is not None:
            off = (self._clock() - theirs).total_seconds()
            self.wrong = f"the clock is {abs(off):.0f} seconds {'fast' if off > 0 else 'slow'}"
            self.wrong = self.wrong if abs(off) > SKEW_SECONDS else ""


class Rounds:
    """Makes them until it is asked to stop."""

    def __init__(
        self,
        metrics: Metrics,
        checkup: Checkup,
        inlets: Sequence[Callable[[], Awaitable[None]]],
        skew: Skew,
    ) -> None:
        """`inlets` ask Telegram how updates come, one for each bot whose updates this process takes."""
        self._metrics, self._checkup, self._inlets, self._skew = metrics, checkup, inlets, skew

    def leave_inlets(self) -> None:
        """Ask nobody how updates come."""
        self._inlets = ()

    async def run(self, stop: asyncio.Event) -> None:
        """Make the rounds until `stop`."""
        asked = [(ASK_SECONDS, look) for look in self._inlets]
        rounds = [(LOOK_SECONDS, self._look), (CLOCK_SECONDS, self._skew.look), *asked]
        await asyncio.gather(self._watch_the_loop(stop), *(_every(seconds, work, stop) for seconds, work in rounds))

    async def _look(self) -> None:
        await asyncio.to_thread(self._checkup.look)

    async def _watch_the_loop(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            began = time.monotonic()
            await _rest(LAG_SECONDS, stop)
            if not stop.is_set():
                self._metrics.loop_lag.observe(max(0.0, time.monotonic() - began - LAG_SECONDS))


async def _every(seconds: float, work: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Do something every so often, first when the start is over; trouble with it ends nothing."""
    await _rest(FIRST_SECONDS, stop)
    while not stop.is_set():
        try:
            await work()
        except Exception:
            log.exception("a round was given up")
        await _rest(seconds, stop)


async def _rest(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
