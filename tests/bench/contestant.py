"""One contestant in a process of its own: told over stdin how to run a round, answers over stdout what it cost."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from tests.bench.echo import Echo
from tests.bench.ordinary import Ordinary
from tests.bench.ours import Ours
from tests.bench.router import Routed


class Contestant(Protocol):
    """A bot that can be tapped; `deal` and `stored` are never timed."""

    stored_per_tap: int

    async def open(self) -> None: ...

    def deal(self) -> list[bytes]: ...

    async def tap(self, body: bytes) -> None: ...

    def stored(self) -> int: ...


KINDS: dict[str, type[Ours] | type[Ordinary] | type[Echo] | type[Routed]] = {
    "a": Ours,
    "b": Ordinary,
    "c": Echo,
    "d": Routed,
}


@dataclass(frozen=True, slots=True)
class Round:
    """How many taps were dealt with, in what time, at the cost of how much CPU of this process, in seconds."""

    taps: int
    seconds: float
    cpu: float
    untimed_taps: int = 0


async def run_round(contestant: Contestant, *, laps: int, in_flight: int) -> Round:
    """Let every person tap once untimed, so that the connections are open, and `laps` times by the clock."""
    before = contestant.stored()
    warm = await lap(contestant, contestant.deal(), in_flight=in_flight)
    rounds = [await lap(contestant, contestant.deal(), in_flight=in_flight) for _ in range(laps)]
    handled = warm.taps + sum(r.taps for r in rounds)
    stored = contestant.stored() - before
    if stored != handled * contestant.stored_per_tap:
        raise AssertionError(f"{handled} taps, but {stored} answers were stored")
    return Round(handled - warm.taps, sum(r.seconds for r in rounds), sum(r.cpu for r in rounds), warm.taps)


async def lap(contestant: Contestant, bodies: list[bytes], *, in_flight: int) -> Round:
    """Hand over every tap, `in_flight` at a time, and take the time."""
    waiting = iter(bodies)
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(_keep_tapping(contestant, waiting) for _ in range(in_flight)))
    return Round(len(bodies), time.perf_counter() - wall, time.process_time() - cpu)


async def _keep_tapping(contestant: Contestant, waiting: Iterator[bytes]) -> None:
    for body in waiting:
        await contestant.tap(body)


def main() -> None:
    """Open the contestant, say so, then run one round for every line read."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("sink")
    parser.add_argument("directory", type=Path)
    parser.add_argument("people", type=int)
    parser.add_argument("--among", type=int, default=0, help="how many people contestant a stores altogether")
    chosen = parser.parse_args()
    given = (chosen.sink, chosen.directory, chosen.people)
    contestant: Contestant = Ours(*given, among=chosen.among) if chosen.among else KINDS[chosen.kind](*given)
    with asyncio.Runner() as runner:
        runner.run(contestant.open())
        print("ready", flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            result = runner.run(run_round(contestant, laps=order["laps"], in_flight=order["in_flight"]))
            print(json.dumps(asdict(result)), flush=True)


if __name__ == "__main__":
    main()
