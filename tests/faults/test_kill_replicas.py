"""Three replicas on one PostgreSQL under load, while replicas are killed, connections cut and the server crashes."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bot.store import migrate
from bot.store.session import Database
from tests import databases
from tests.faults.oracle import Truth
from tests.faults.ordeal import DURABLE, REPLICAS, SEED, Ordeal, endured, left_wrong, told
from tests.postgresql_server import Server

ANSWERS = int(os.environ.get("REPLICA_ANSWERS", "400"))
BLOWS = int(os.environ.get("REPLICA_BLOWS", "12"))
"""Kills, cut connections and crashes of the server, all together; most are kills."""
PEOPLE = int(os.environ.get("REPLICA_PEOPLE", "40"))
PAUSES = (0.2, max(1.2, 0.06 * ANSWERS / BLOWS))
"""Seconds between two blows, so that both numbers are reached at about the same time."""
LONGEST_SECONDS = 180.0 + 0.1 * ANSWERS + 6.0 * BLOWS


@dataclass(slots=True)
class Blows:
    """What is done to the replicas and to the server below them."""

    server: Server
    dealt: Counter[str] = field(default_factory=Counter)
    cut: int = 0

    async def endure(self, ordeal: Ordeal) -> None:
        """Deal blows until both numbers are reached; every replica runs at the end."""
        while self.dealt.total() < BLOWS or ordeal.crowd.answers_acknowledged < ANSWERS:
            await self._deal(ordeal, ordeal.rng.choices(("kill", "cut", "crash"), weights=(15, 4, 1))[0])
            for replica in ordeal.replicas:
                await replica.keep_up()
            await ordeal.balancer.answers_again(time.monotonic())  # else nothing would run any more to be hit
            await asyncio.sleep(ordeal.rng.uniform(*PAUSES))
            ordeal.crowd.tell_progress(ANSWERS, f"{self.dealt.total()} of {BLOWS} blows")

    async def _deal(self, ordeal: Ordeal, blow: str) -> None:
        self.dealt[blow] += 1
        match blow:
            case "kill":
                replica = ordeal.rng.choice(ordeal.replicas)
                replica.kill_if_alive()
                await replica.start()
            case "cut":
                self.cut += await asyncio.to_thread(_cut_connections, self.server)
            case _:
                await asyncio.to_thread(self.server.control, "restart", "-m", "immediate")


def _cut_connections(server: Server) -> int:
    """Terminate every other backend of the application; return how many."""
    statement = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = user"
    )
    with psycopg.connect(server.url, autocommit=True) as connection:
        return len(connection.execute(statement).fetchall())


def test_replicas_and_their_server_fall_and_nothing_is_lost(tmp_path: Path) -> None:
    began = time.monotonic()
    with databases.own_server() as started:
        server = Server(started)
        for setting in DURABLE:
            server.does(f"ALTER SYSTEM SET {setting}")
        server.control("restart", "-m", "fast")
        database = Database(server.url)
        migrate.upgrade(database)
        database.close()
        blows = Blows(server)

        ordeal = asyncio.run(endured(tmp_path, server.url, blows.endure, people=PEOPLE, seconds=LONGEST_SECONDS))

        with closing(Truth(server.url)) as truth:
            wrong = left_wrong(ordeal, truth)
            print(
                f"\nseed {SEED}: {truth.count('response')} answers on {REPLICAS} replicas, "
                f"{blows.dealt['kill']} kills, {blows.dealt['cut']} times all connections cut ({blows.cut}), "
                f"{blows.dealt['crash']} crashes of the server, {time.monotonic() - began:.0f} s; {told(wrong)}; "
                f"longest without a success {ordeal.balancer.longest_silence():.1f} s"
            )
            assert wrong == {}
            assert truth.count("response") >= ANSWERS
            assert blows.dealt.total() >= BLOWS
