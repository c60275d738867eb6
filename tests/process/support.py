"""`python -m bot` as a real process, and a Telegram on loopback that tells which calls have come."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from bot.settings import NAMES
from bot.simulator.api import BotApi, Reply
from bot.simulator.cast import CAST
from bot.simulator.clock import Clock
from bot.simulator.params import Files

ROOT = Path(__file__).parents[2]
CANARY = "8123456789:AAkenari_yang-tidak-boleh-tampak_123456"
PATIENCE = 30.0


class ListeningApi(BotApi):
    """A simulator on whose calls a test can wait."""

    def __init__(self, token: str = CANARY) -> None:
        super().__init__(Clock(), token=token, seed=1)
        self._heard = asyncio.Event()
        for person in CAST:
            self.add_user(person)

    def handle(
        self, token: str, method: str, params: Mapping[str, object], files: Files | None = None, *, log: bool = True
    ) -> Reply:
        reply = super().handle(token, method, params, files, log=log)
        self._heard.set()
        return reply

    def count(self, method: str) -> int:
        """Return how many calls of a method were taken."""
        return sum(call.method == method and call.ok for call in self.calls)

    async def called(self, method: str, times: int) -> None:
        """Wait until a method was called so often since the beginning."""
        async with asyncio.timeout(PATIENCE):
            while self.count(method) < times:
                self._heard.clear()
                await self._heard.wait()


def environment(**given: str) -> dict[str, str]:
    """Return an environment with exactly these settings, whatever a file or the shell says."""
    blank = dict.fromkeys(NAMES, "") | {f"{name}_FILE": "" for name in NAMES}
    return {**os.environ, **blank, "WEB_PORT": "0", **given}


async def start(*arguments: str, log: Path, **settings: str) -> Process:
    """Start one command, its output going to a file."""
    with log.open("ab") as file:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environment(**settings), stdout=file, stderr=file
        )


async def ended(process: Process, *, within: float = PATIENCE) -> int:
    """Wait for the end and return the exit code; a process that does not end is killed."""
    try:
        return await asyncio.wait_for(process.wait(), within)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
