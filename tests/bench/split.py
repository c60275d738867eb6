"""Where the time of this bot's tap goes: clocks around its parts, each charged only for what is not charged deeper."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.chat.handlers import quiz
from bot.core import attempt, selection
from bot.store import attempts, people
from bot.store.session import Database
from bot.tg import desk
from bot.tg.sender import Sender
from tests.bench.contestant import lap
from tests.bench.ours import Ours

PARSE, READ, COMMIT = "urai update", "basis data: baca dan tulis", "basis data: buka, commit, tutup"
SELECT, ESTIMATE, RENDER = "inti: nilai jawaban dan pilih soal", "inti: taksir kemampuan", "layar: templat dan tombol"
TELEGRAM, REST = "panggilan Telegram (dua)", "lainnya: rute, asyncio, pindah utas"
PARTS = (PARSE, READ, COMMIT, SELECT, ESTIMATE, RENDER, TELEGRAM, REST)


@dataclass(slots=True)
class Spent:
    """Seconds on the wall clock and of this thread's CPU."""

    wall: float = 0.0
    cpu: float = 0.0

    def add(self, wall: float, cpu: float) -> None:
        self.wall += wall
        self.cpu += cpu


class Meter:
    """Adds up what each part costs; threads keep apart, and a part inside another is taken off the outer one."""

    def __init__(self) -> None:
        self.totals: dict[str, Spent] = defaultdict(Spent)
        self.runs = False
        self._own = threading.local()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        if not self.runs:
            yield
            return
        outer: Spent | None = getattr(self._own, "inner", None)
        inner = self._own.inner = Spent()
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
            self.totals[name].add(wall - inner.wall, cpu - inner.cpu)
            if outer is not None:
                outer.add(wall, cpu)
            self._own.inner = outer

    def around(self, room: Any, name: str, part: str) -> None:
        """Put a clock around a function of a module."""
        function: Callable[..., Any] = getattr(room, name)

        def clocked(*arguments: Any, **named: Any) -> Any:
            with self.part(part):
                return function(*arguments, **named)

        setattr(room, name, clocked)


def put_clocks(meter: Meter) -> None:
    """Put clocks around the parts of a tap; for this process only, which ends soon."""
    meter.around(desk, "parse", PARSE)
    for room, names in (
        (people, ("locked", "keep_thread")),
        (attempts, ("active", "add_response", "save_position")),
    ):
        for name in names:
            meter.around(room, name, READ)
    meter.around(attempt, "answer", SELECT)
    meter.around(attempt, "move_on", SELECT)
    meter.around(selection, "posterior", ESTIMATE)
    meter.around(quiz, "standing_screen", RENDER)
    _clock_transactions(meter)
    _clock_telegram(meter)


def _clock_transactions(meter: Meter) -> None:
    plain = Database.transaction

    @contextmanager
    def transaction(self: Database, *, since: float | None = None) -> Iterator[Session]:
        opened = plain(self, since=since)
        with meter.part(COMMIT):
            session = opened.__enter__()
        try:
            yield session
        except BaseException:
            if not opened.__exit__(*sys.exc_info()):
                raise
        else:
            with meter.part(COMMIT):
                opened.__exit__(None, None, None)

    Database.transaction = transaction  # type: ignore[method-assign]


def _clock_telegram(meter: Meter) -> None:
    """Valid with one tap in flight only: then nothing else runs on the loop's thread meanwhile."""
    plain = Sender.deliver

    async def deliver(self: Sender, *arguments: Any, **named: Any) -> Any:
        with meter.part(TELEGRAM):
            return await plain(self, *arguments, **named)

    Sender.deliver = deliver  # type: ignore[method-assign]


async def measure(bot: Ours, *, laps: int) -> dict[str, tuple[float, float]]:
    """Return what every part costs a tap in milliseconds, on the wall clock and of CPU, with one tap in flight."""
    meter = Meter()
    put_clocks(meter)
    whole, taps = Spent(), 0
    for _ in range(laps):
        bodies = bot.deal()
        meter.runs = True
        done = await lap(bot, bodies, in_flight=1)
        meter.runs = False
        whole.add(done.seconds, done.cpu)
        taps += done.taps
    known = [meter.totals[part] for part in PARTS[:-1]]
    meter.totals[REST].add(whole.wall - sum(s.wall for s in known), whole.cpu - sum(s.cpu for s in known))
    return {part: (1e3 * meter.totals[part].wall / taps, 1e3 * meter.totals[part].cpu / taps) for part in PARTS}


def main() -> None:
    """Print the parts as one line of JSON."""
    sink, directory, people_count, laps = sys.argv[1:]
    bot = Ours(sink, Path(directory), int(people_count))
    with asyncio.Runner() as runner:
        runner.run(bot.open())
        runner.run(lap(bot, bot.deal(), in_flight=1))
        print(json.dumps(runner.run(measure(bot, laps=int(laps)))), flush=True)


if __name__ == "__main__":
    main()
