"""The machine of the database is lost while people tap, and its standby takes over: no answer is lost or doubled.

`FAILOVERS=10 python -m pytest -s tests/faults/test_failover.py` loses ten, one after the other.
"""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bot.store import migrate
from bot.store.session import Database
from tests import databases
from tests.faults.oracle import Truth
from tests.faults.ordeal import DURABLE, SEED, Ordeal, endured, left_wrong, told
from tests.faults.pair import Pair

FAILOVERS = int(os.environ.get("FAILOVERS", "1"))
PEOPLE = 20
LONGEST_SECONDS = 120.0 + 60.0 * FAILOVERS
AWAY_SECONDS = 15.0
"""Without a success, from losing a server until the other one is promoted and taps are taken again; where the machine
is no slower than usual.
"""


@dataclass(slots=True)
class Losses:
    """One server after the other is lost, each with a standby that follows; and how long each was missed."""

    pair: Pair
    away: list[float] = field(default_factory=list)

    async def endure(self, ordeal: Ordeal) -> None:
        """Lose servers at some moment under load."""
        for _ in range(FAILOVERS):
            before = ordeal.crowd.answers_acknowledged
            while ordeal.crowd.answers_acknowledged < before + 2 * PEOPLE:
                await asyncio.sleep(0.05)
            await asyncio.sleep(ordeal.rng.uniform(0, 0.5))
            lost_at = time.monotonic()
            await asyncio.to_thread(self.pair.fail_over)
            promoted_at = time.monotonic()
            self.away.append(promoted_at - lost_at + await ordeal.balancer.answers_again(promoted_at))
            await asyncio.to_thread(self.pair.follow)
            ordeal.crowd.tell_progress(2 * PEOPLE * FAILOVERS, f"{len(self.away)} of {FAILOVERS} servers lost")


def test_server_is_lost_with_its_disk_and_its_standby_has_every_answer(tmp_path: Path) -> None:
    with databases.own_server() as started:
        pair = Pair(started)
        try:
            for setting in DURABLE:
                pair.does(f"ALTER SYSTEM SET {setting}")
            pair.does("SELECT pg_reload_conf()")
            database = Database(pair.url)
            migrate.upgrade(database)
            database.close()
            pair.follow()
            losses = Losses(pair)

            ordeal = asyncio.run(
                endured(tmp_path, pair.url, losses.endure, people=PEOPLE, seconds=LONGEST_SECONDS, arguments=())
            )

            with closing(Truth(pair.url)) as truth:
                wrong = left_wrong(ordeal, truth)
                print(
                    f"\nseed {SEED}: {truth.count('response')} answers, {len(losses.away)} servers lost with their "
                    f"disks; {told(wrong)}; away for {', '.join(f'{one:.1f}' for one in losses.away)} s"
                )
                assert wrong == {}
                assert truth.count("response") >= 2 * PEOPLE * FAILOVERS
                assert len(losses.away) == FAILOVERS
                assert max(losses.away) <= AWAY_SECONDS * max(replica.pace for replica in ordeal.replicas)
        finally:
            pair.close()
