"""Three replicas on one PostgreSQL under load, while replicas are killed, connections cut and the server crashes."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bot.simulator.app import serve
from bot.simulator.clock import Clock
from bot.simulator.world import DEMO_TOKEN
from bot.store import migrate
from bot.store.session import Database
from tests import databases
from tests.faults.crowd import Crowd, gather
from tests.faults.oracle import Truth, broken_promises, wrong_screen
from tests.faults.replicas import SECRET, Balancer, Replica
from tests.faults.test_kill import changed_profiles
from tests.faults.victim import WatchedApi
from tests.postgresql_server import Server
from tests.process.support import free_port

ANSWERS = int(os.environ.get("REPLICA_ANSWERS", "400"))
BLOWS = int(os.environ.get("REPLICA_BLOWS", "12"))
"""Kills, cut connections and crashes of the server, all together; most are kills."""
PEOPLE = int(os.environ.get("REPLICA_PEOPLE", "40"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
REPLICAS = 3
PAUSES = (0.2, max(1.2, 0.06 * ANSWERS / BLOWS))
"""Seconds between two blows, so that both numbers are reached at about the same time."""
LONGEST_SECONDS = 180.0 + 0.1 * ANSWERS + 6.0 * BLOWS
DURABLE = ("fsync = on", "synchronous_commit = on", "full_page_writes = on")


@dataclass(slots=True)
class Ordeal:
    """Telegram, people, a balancer, replicas behind it and the server below them; and what was done to them."""

    api: WatchedApi
    crowd: Crowd
    balancer: Balancer
    replicas: list[Replica]
    server: Server
    rng: random.Random
    blows: Counter[str] = field(default_factory=Counter)
    cut: int = 0

    async def endure(self) -> None:
        """Deal blows until both numbers are reached; every replica runs at the end."""
        while self.blows.total() < BLOWS or self.crowd.answers_acknowledged < ANSWERS:
            await self._deal(self.rng.choices(("kill", "cut", "crash"), weights=(15, 4, 1))[0])
            for replica in self.replicas:
                await replica.keep_up()
            await self.balancer.answers_again(time.monotonic())  # else nothing would run any more to be hit
            await asyncio.sleep(self.rng.uniform(*PAUSES))
            self.crowd.tell_progress(ANSWERS, f"{self.blows.total()} of {BLOWS} blows")

    async def _deal(self, blow: str) -> None:
        self.blows[blow] += 1
        match blow:
            case "kill":
                replica = self.rng.choice(self.replicas)
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

        ordeal = asyncio.run(_endured(tmp_path, server))

        truth = Truth(server.url)
        walkers = ordeal.crowd.walkers
        promises = [(w.id, broken) for w in walkers for broken in broken_promises(w.ledger, truth.answers(w.id))]
        screens = [
            (w.id, wrong)
            for w in walkers
            if (wrong := wrong_screen(truth, truth.place(w.id), ordeal.api.messages(w.id), truth.live_message(w.id)))
        ]
        print(
            f"\nseed {SEED}: {truth.count('response')} answers on {REPLICAS} replicas, {ordeal.blows['kill']} kills, "
            f"{ordeal.blows['cut']} times all connections cut ({ordeal.cut}), {ordeal.blows['crash']} crashes of the "
            f"server, {time.monotonic() - began:.0f} s; broken promises {len(promises)}, double "
            f"{len(truth.doubled())}, {len(screens)} wrong screens; longest without a success "
            f"{ordeal.balancer.longest_silence():.1f} s"
        )
        assert promises == []
        assert truth.doubled() == []
        assert truth.with_gaps() == []
        assert screens == []
        assert [(w.id, after) for w in walkers for after in w.ledger.stuck] == []
        assert truth.count("quarantine") == 0
        assert truth.count("response") >= ANSWERS
        assert ordeal.blows.total() >= BLOWS
        assert changed_profiles(server.url, ordeal.crowd) == []
        truth.close()


async def _endured(directory: Path, server: Server) -> Ordeal:
    api = WatchedApi(Clock(), seed=SEED)
    telegram, ports = free_port(), [free_port() for _ in range(REPLICAS)]
    settings = {
        "BOT_TOKEN": DEMO_TOKEN,
        "BOT_API_URL": f"http://127.0.0.1:{telegram}",
        "DATABASE_URL": server.url,
        "WEBHOOK_SECRET": SECRET,
        "DATA_DIR": str(directory),
    }
    replicas = [Replica(port, directory / f"{port}.log", ("--only", "web"), settings) for port in ports]
    ordeal = Ordeal(api, gather(api, PEOPLE, SEED), Balancer(ports), replicas, server, random.Random(SEED))
    walking = asyncio.gather(*(walker.walk() for walker in ordeal.crowd.walkers))
    try:
        async with asyncio.timeout(LONGEST_SECONDS), serve(api, port=telegram), ordeal.balancer.serving() as port:
            settings["WEBHOOK_URL"] = f"http://127.0.0.1:{port}/tg/masuk"
            for replica in replicas:
                await replica.start()
                await replica.ready()
            await ordeal.endure()
            for replica in replicas:
                await replica.ready(is_kept_up=True)
            ordeal.crowd.rest()
            await walking
            while api.updates.waiting(api.clock.now()):
                await asyncio.sleep(0.05)
            for replica in replicas:
                await replica.stop()
    finally:
        walking.cancel()
        for replica in replicas:
            replica.kill_if_alive()
    for walker in ordeal.crowd.walkers:
        walker.read_toasts()
        walker.note_progress()
    return ordeal
