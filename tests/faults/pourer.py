"""Pours the updates of one person into a webhook, in a process of its own: `python -m tests.faults.pourer …`."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from tests.bench.crowd import Poster
from tests.bench.taps import command, tap

ROOT = Path(__file__).parents[2]
LINES = 8
TEXTS = ("/lanjut", "halo", "/start", "aaaaaaaa")
FIRST_NUMBER = 10**9
"""Beyond the update ids of everybody else."""


async def start(port: int, person: int, buttons: list[str], rate: float) -> Process:
    """Start pouring; what the process prints in the end is how many updates were taken, and how many were not."""
    told = json.dumps([port, person, buttons, rate])
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.pourer", told, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )


async def pour(port: int, person: int, buttons: list[str], rate: float) -> tuple[int, int]:
    """Pour until standard input ends: taps and texts in turn, in an open loop over a few lines."""
    poster, numbers, ended = Poster([port]), itertools.count(), asyncio.Event()
    taken = refused = 0
    start = time.perf_counter()

    async def line() -> None:
        nonlocal taken, refused
        while not ended.is_set():
            number = next(numbers)
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            body = tap(person, buttons[number % len(buttons)]) if number % 2 else command(person, TEXTS[number % 4])
            try:
                await poster.post(_renumbered(body, FIRST_NUMBER + number))
                taken += 1
            except OSError:
                refused += 1

    lines = [asyncio.create_task(line()) for _ in range(LINES)]
    await asyncio.to_thread(sys.stdin.read)
    ended.set()
    await asyncio.gather(*lines)
    poster.close()
    return taken, refused


def _renumbered(body: bytes, number: int) -> bytes:
    update = json.loads(body)
    update["update_id"] = number
    for kind, key in (("message", "message_id"), ("callback_query", "id")):
        if kind in update:
            update[kind][key] = type(update[kind][key])(number)
    return json.dumps(update).encode()


if __name__ == "__main__":
    print(*asyncio.run(pour(*json.loads(sys.argv[1]))))
