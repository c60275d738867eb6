"""The bot as a real process that can be killed, and the simulator that notices each of its calls."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import NAMES
from bot.simulator.api import BotApi, Reply
from bot.simulator.params import Files
from bot.simulator.world import DEMO_TOKEN

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0
USUAL_START_SECONDS = 0.9


class WatchedApi(BotApi):
    """A simulator that tells whoever asks about every call, before it is applied."""

    on_call: Callable[[str], None] | None = None
    keeps_calls = True
    """Whether all calls are remembered, which takes two kilobytes each."""

    def handle(
        self, token: str, method: str, params: Mapping[str, object], files: Files | None = None, *, log: bool = True
    ) -> Reply:
        if log and self.on_call is not None:
            self.on_call(method)
        return super().handle(token, method, params, files, log=log and self.keeps_calls)


@dataclass(slots=True)
class Victim:
    """`python -m bot run`, started again and again on one database."""

    api: WatchedApi
    address: str
    database: Path
    log: Path
    starts: list[float] = field(default_factory=list)
    _process: Process | None = None

    async def start(self) -> None:
        """Start the process; it may take a while until it asks for updates."""
        blank = dict.fromkeys(NAMES, "") | {f"{name}_FILE": "" for name in NAMES}
        environment = {
            **os.environ,
            **blank,
            "BOT_TOKEN": DEMO_TOKEN,
            "BOT_API_URL": self.address,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "WEB_PORT": "0",
        }
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    @property
    def pace(self) -> float:
        """Return how much slower than usual this machine is now, by the latest start; moments of killing follow it."""
        return max(1.0, self.starts[-1] / USUAL_START_SECONDS)

    async def polls(self) -> None:
        """Wait until this process asks for updates."""
        began = time.monotonic()
        await self._called(1, "getUpdates")
        self.starts.append(time.monotonic() - began)

    async def kill_at_call(self, count: int) -> None:
        """Kill within the `count`-th call from now: Telegram gets it, the bot never hears the answer."""
        await self._called(count, None, kill=True)
        await self._gone()

    async def kill_after(self, seconds: float) -> None:
        """Kill once this time has passed."""
        await asyncio.sleep(seconds)
        self._kill()
        await self._gone()

    async def stop(self) -> int:
        """Ask the process to end and return its exit code."""
        assert self._process is not None
        self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), READY_SECONDS)

    def kill_if_alive(self) -> None:
        """Leave nothing behind, whatever the test met."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def _called(self, count: int, method: str | None, *, kill: bool = False) -> None:
        """Wait for the `count`-th call, of one method or of any."""
        assert self._process is not None
        left = count
        reached = asyncio.Event()

        def note(called: str) -> None:
            nonlocal left
            left -= method in (None, called)
            if left <= 0 and not reached.is_set():
                reached.set()
                if kill:
                    self._kill()

        self.api.on_call = note
        ended = asyncio.create_task(self._process.wait())
        waiting = asyncio.create_task(reached.wait())
        before = count + 1
        while left < before and not ended.done() and not waiting.done():  # it works on, however long so many calls take
            before = left
            await asyncio.wait({ended, waiting}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        self.api.on_call = None
        ended.cancel()
        waiting.cancel()
        if not reached.is_set():
            code = self._process.returncode
            state = f"ended with {code}" if code is not None else "made no call in time"
            raise AssertionError(f"the bot {state}; its log ends with:\n{self.log.read_text()[-3000:]}")

    def _kill(self) -> None:
        assert self._process is not None and self._process.returncode is None
        self._process.kill()

    async def _gone(self) -> None:
        assert self._process is not None
        await self._process.wait()


async def kill_once(victim: Victim, rng: random.Random, calls: int = 1200) -> None:
    """Kill a process that was just started: while it starts, at some moment, or within one of its first `calls`."""
    manner = rng.choices(("starting", "moment", "call"), weights=(1, 2, 5))[0]
    if manner == "starting":
        await victim.kill_after(rng.uniform(0.05, 0.7))
        return
    await victim.polls()
    if manner == "moment":
        await victim.kill_after(rng.uniform(0.7, 2.0) * victim.pace)
    else:
        await victim.kill_at_call(rng.randint(1, calls))
