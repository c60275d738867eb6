"""The bot as it is run, `python -m bot run` behind a webhook, one process or several, before a crowd that taps."""

from __future__ import annotations

import asyncio
import os
import time
import urllib.request
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.crowd import PATH, SECRET, Crowd, Poster
from tests.bench.ours import Ours
from tests.process.support import free_port, start

TOKEN = "123456:bench-AAbangku_ukur"
START_SECONDS = 60.0
MOST_TAPS = 18
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Bot:
    """One process that serves the webhook."""

    process: Process
    port: int

    def memory(self) -> int:
        """Return the resident memory in bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def files(self) -> int:
        """Return how many files and connections are open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu(self) -> float:
        """Return the seconds of CPU spent so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


@asynccontextmanager
async def running(directory: Path, *, telegram: int, database_url: str, only: str = "") -> AsyncIterator[Bot]:
    """Run the bot until the block ends."""
    port = free_port()
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": f"http://127.0.0.1:{telegram}",
        "DATABASE_URL": database_url,
        "WEB_PORT": str(port),
        "WEBHOOK_URL": f"http://127.0.0.1:{port}{PATH}",
        "WEBHOOK_SECRET": SECRET,
        "DATA_DIR": str(directory),
    }
    arguments = ("run", "--only", only) if only else ("run",)
    process = await start(*arguments, log=directory / f"bot-{port}.log", **settings)
    try:
        await _ready(process, port)
        yield Bot(process, port)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _ready(process: Process, port: int) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        if process.returncode is not None:
            raise SystemExit("bot yang diukur berhenti sebelum siap")
        if await asyncio.to_thread(_answers, port):
            return
        await asyncio.sleep(0.2)
    raise SystemExit("bot yang diukur belum siap sesudah satu menit")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Stage:
    """A crowd in front of some processes on one database."""

    database_url: str
    crowd: Crowd
    poster: Poster
    bots: tuple[Bot, ...]


@asynccontextmanager
async def staged(
    directory: Path, people: int, *, bots: int = 1, database_url: str = "", only: str = ""
) -> AsyncIterator[Stage]:
    """Seat a crowd, run the bot, and let everybody see their first question."""
    ours = Ours("http://127.0.0.1:1", directory, people, database_url=database_url)
    await asyncio.to_thread(ours.begin)
    crowd = Crowd(ours.people, most=MOST_TAPS)
    url = ours.app.database.url
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(crowd.telegram())
        found = [
            await stack.enter_async_context(running(directory, telegram=telegram, database_url=url, only=only))
            for _ in range(bots)
        ]
        poster = Poster([bot.port for bot in found])
        stack.callback(poster.close)
        await crowd.warm_up(poster)
        yield Stage(url, crowd, poster, tuple(found))


def percentile(values: list[float], share: float) -> float:
    """Return the value that so many of a hundred stay below; infinite where nothing was measured."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] if ordered else float("inf")
