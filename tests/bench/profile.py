"""The dearest functions of bot/ in one tap, by a profiler; database work runs on the same thread so that it is seen.

Start with `python -m tests.bench --profile`. The profiler itself about doubles the times: read the ranks and shares.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.wiring import CONTENT
from tests.bench.contestant import lap
from tests.bench.ours import Ours

LAPS = 3
SHOWN = 30


class AtOnce(Executor):
    """Runs the work where it is handed in."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def profile(bot: Ours, runner: asyncio.Runner) -> tuple[cProfile.Profile, int]:
    """Profile some laps with one tap in flight; return the profile and how many taps it saw."""
    bot.app.branches[0].desk = replace(bot.app.desk, workers=AtOnce())
    runner.run(lap(bot, bot.deal(), in_flight=1))
    profiler, taps = cProfile.Profile(), 0
    for _ in range(LAPS):
        bodies = bot.deal()
        profiler.enable()
        taps += runner.run(lap(bot, bodies, in_flight=1)).taps
        profiler.disable()
    return profiler, taps


def table(profiler: cProfile.Profile, taps: int) -> list[str]:
    """Return the functions of bot/ with microseconds a tap: with all they call, and alone; and calls a tap."""
    bot_folder = str(CONTENT.parent / "bot")
    entries: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    ours = [(place, entry) for place, entry in entries.items() if place[0].startswith(bot_folder)]
    ours.sort(key=lambda pair: pair[1][3], reverse=True)
    lines = [f"{'µs (dengan isinya)':>20}{'µs (sendiri)':>14}{'panggilan':>11}  fungsi"]
    for (file, line, name), (_, calls, alone, together, _) in ours[:SHOWN]:
        where = f"{Path(file).relative_to(bot_folder)}:{line} {name}"
        lines.append(f"{1e6 * together / taps:>20.0f}{1e6 * alone / taps:>14.0f}{calls / taps:>11.1f}  {where}")
    return lines


def main() -> None:
    sink, directory, people = sys.argv[1:]
    bot = Ours(sink, Path(directory), int(people))
    with asyncio.Runner() as runner:
        runner.run(bot.open())
        print("\n".join(table(*profile(bot, runner))))


if __name__ == "__main__":
    main()
