"""Replicas on one PostgreSQL under a tapping crowd while something happens to them, and what is wrong afterwards."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.simulator.app import serve
from bot.simulator.clock import Clock
from bot.simulator.faults import Fault, Faults
from tests.faults.crowd import Crowd, gather
from tests.faults.oracle import Truth, broken_promises, wrong_screen
from tests.faults.replicas import Balancer, Replica, comes_in, settings_of
from tests.faults.test_kill import changed_profiles
from tests.faults.victim import WatchedApi
from tests.process.support import free_port

SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
REPLICAS = 3
LONGEST_DELAY = 0.2
"""Seconds by which the network holds up a call or its answer."""
DURABLE = ("fsync = on", "synchronous_commit = on", "full_page_writes = on")
"""What a server is set to that the tests' own one does without."""


class Uneven(Faults):
    """A network on which some calls take longer than others, so that they overtake each other."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng

    def take(self, method: str, chat_id: int | None = None) -> Fault | None:
        """Hold up some calls before they are applied, and some answers."""
        if self._rng.random() < 0.5:
            return None
        seconds = self._rng.uniform(0.0, LONGEST_DELAY)
        return Fault(do="delay", when=self._rng.choice(("before", "after")), seconds=seconds)


@dataclass(frozen=True, slots=True)
class Ordeal:
    """Telegram, people, a balancer and the replicas behind it, on one database."""

    database_url: str
    api: WatchedApi
    crowd: Crowd
    balancer: Balancer
    replicas: list[Replica]
    rng: random.Random


async def endured(
    directory: Path,
    database_url: str,
    endure: Callable[[Ordeal], Awaitable[None]],
    *,
    people: int,
    seconds: float,
    arguments: tuple[str, ...] = ("--only", "web"),
) -> Ordeal:
    """Let people tap while all is endured, and come to rest; TimeoutError where that takes longer."""
    api = WatchedApi(Clock(), seed=SEED)
    api.faults = Uneven(random.Random(SEED))
    telegram, ports = free_port(), [free_port() for _ in range(REPLICAS)]
    settings = settings_of(directory, telegram=f"http://127.0.0.1:{telegram}", database_url=database_url)
    replicas = [Replica(port, directory / f"{port}.log", arguments, settings) for port in ports]
    crowd = gather(api, people, SEED)
    ordeal = Ordeal(database_url, api, crowd, Balancer(ports), replicas, random.Random(SEED))
    walking = asyncio.gather(*(walker.walk() for walker in crowd.walkers))
    try:
        async with asyncio.timeout(seconds), serve(api, port=telegram), ordeal.balancer.serving() as port:
            settings |= comes_in(port)
            for replica in replicas:
                await replica.start()
                await replica.ready()
            await endure(ordeal)
            for replica in replicas:
                await replica.ready(is_kept_up=True)
            crowd.rest()
            await walking
            while api.updates.waiting(api.clock.now()):
                await asyncio.sleep(0.05)
            for replica in replicas:
                await replica.stop()
    finally:
        walking.cancel()
        for replica in replicas:
            replica.kill_if_alive()
    crowd.look()
    return ordeal


def left_wrong(ordeal: Ordeal, truth: Truth) -> dict[str, list[object]]:
    """Return what the database and the screens hold that they must not, by its kind; nothing where all is well."""
    walkers = ordeal.crowd.walkers
    found: dict[str, list[object]] = {
        "broken promises": [(w.id, one) for w in walkers for one in broken_promises(w.ledger, truth.answers(w.id))],
        "doubled": [*truth.doubled()],
        "gaps": [*truth.with_gaps()],
        "wrong screens": [
            (w.id, wrong)
            for w in walkers
            if (wrong := wrong_screen(truth, truth.place(w.id), ordeal.api.messages(w.id), truth.live_message(w.id)))
        ],
        "stuck": [(w.id, after) for w in walkers for after in w.ledger.stuck],
        "set aside": ["an update"] * truth.count("quarantine"),
        "changed profiles": [*changed_profiles(ordeal.database_url, ordeal.crowd)],
    }
    return {kind: those for kind, those in found.items() if those}


def told(wrong: dict[str, list[object]]) -> str:
    """Say in a few words what is wrong."""
    return ", ".join(f"{len(those)} {kind}" for kind, those in wrong.items()) or "nothing lost, doubled or wrong"
