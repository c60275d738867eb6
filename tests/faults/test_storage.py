"""A disk that is full, a database that is locked, an engine without its own: while people tap at a real process.

Nothing is acknowledged that is not stored; once the trouble is over all goes on by itself.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.simulator.app import serve
from bot.simulator.clock import Clock
from tests.faults.crowd import Crowd, gather
from tests.faults.oracle import Truth, broken_promises, wrong_screen
from tests.faults.replicas import Balancer, Replica, comes_in, settings_of
from tests.faults.victim import WatchedApi
from tests.process.support import PATIENCE, free_port

TROUBLE_SECONDS = float(os.environ.get("TROUBLE_SECONDS", "4"))
PEOPLE = int(os.environ.get("TROUBLED_PEOPLE", "12"))
SEED = int(os.environ.get("SEED", "0")) or 20_261_129
RECOVERS_WITHIN = 10.0
CALM_SECONDS = 1.5
NOTHING_MORE = 32 * 1024
"""Bytes that a file may have on the full disk: less than either database's log has after its first transactions."""


@dataclass(slots=True)
class Scene:
    """Telegram, people, the process, and where it keeps things."""

    api: WatchedApi
    crowd: Crowd
    balancer: Balancer
    replica: Replica
    directory: Path

    @property
    def database(self) -> Path:
        return self.directory / "bot.db"

    @property
    def pid(self) -> int:
        assert self.replica._process is not None
        return self.replica._process.pid

    async def health(self) -> tuple[int, dict[str, str]]:
        """Return what /readyz answers: the status, and what is wrong by the names of the checks."""
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            said = await client.get(f"http://127.0.0.1:{self.replica.port}/readyz")
        return said.status_code, {check["name"]: check["wrong"] for check in said.json()["checks"] if not check["ok"]}

    def broken(self, truth: Truth) -> list[str]:
        """Return what somebody was told that is not so in the database, at this moment."""
        self.crowd.look()
        return [b for w in self.crowd.walkers for b in broken_promises(w.ledger, truth.answers(w.id))]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in the trouble and after it."""

    stored_before: int
    stored_meanwhile: int
    broken_meanwhile: list[str]
    changed_meanwhile: bool
    taken_meanwhile: int
    refused_meanwhile: int
    health: tuple[int, dict[str, str]]
    recovered_after: float
    health_after: tuple[int, dict[str, str]]


@asynccontextmanager
async def full_disk(scene: Scene) -> AsyncIterator[None]:
    """Let no file of the running process grow, neither a database nor the log."""
    before = resource.prlimit(scene.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(scene.pid, resource.RLIMIT_FSIZE, (NOTHING_MORE, before[1]))
    try:
        yield
    finally:
        resource.prlimit(scene.pid, resource.RLIMIT_FSIZE, before)


def locked(name: str) -> Callable[[Scene], AbstractAsyncContextManager[None]]:
    """Hold the write lock of a database, as another program may."""

    @asynccontextmanager
    async def hold(scene: Scene) -> AsyncIterator[None]:
        with closing(sqlite3.connect(scene.directory / name, isolation_level=None, timeout=PATIENCE)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    return hold


async def _played(directory: Path, trouble: Callable[[Scene], AbstractAsyncContextManager[None]]) -> tuple[Scene, Seen]:
    """Let people tap from before the trouble until it is over."""
    api, port, telegram = WatchedApi(Clock(), seed=SEED), free_port(), free_port()
    url = f"sqlite:///{directory / 'bot.db'}"
    settings = settings_of(directory, telegram=f"http://127.0.0.1:{telegram}", database_url=url)
    replica = Replica(port, directory / "bot.log", (), settings)
    scene = Scene(api, gather(api, PEOPLE, SEED), Balancer([port]), replica, directory)
    walking = asyncio.gather(*(walker.walk() for walker in scene.crowd.walkers))
    try:
        async with (
            asyncio.timeout(180 + 2 * TROUBLE_SECONDS),
            serve(api, port=telegram),
            scene.balancer.serving() as at,
        ):
            settings |= comes_in(at)
            await replica.start()
            await replica.ready()
            await _progress(scene)
            seen = await _suffered(scene, trouble)
            scene.crowd.rest()
            await walking
            while api.updates.waiting(api.clock.now()):
                await asyncio.sleep(0.02)
            await replica.stop()
    finally:
        walking.cancel()
        replica.kill_if_alive()
    return scene, seen


async def _suffered(scene: Scene, trouble: Callable[[Scene], AbstractAsyncContextManager[None]]) -> Seen:
    with closing(Truth(scene.database)) as truth:
        async with trouble(scene):
            await asyncio.sleep(CALM_SECONDS * scene.replica.pace)  # what was under way ends
            before, since, version = truth.count("response"), len(scene.balancer.answers), truth.version()
            await asyncio.sleep(TROUBLE_SECONDS)
            health = await scene.health()
            meanwhile = [status for _, status in scene.balancer.answers[since:]]
            stored, broken, changed = truth.count("response"), scene.broken(truth), truth.version() != version
        over = time.monotonic()
        await scene.balancer.answers_again(over)
        await _progress(scene)
        took = time.monotonic() - over
        await asyncio.sleep(CALM_SECONDS)
        health_after = await scene.health()
    taken, refused = meanwhile.count(200), meanwhile.count(503)
    return Seen(before, stored, broken, changed, taken, refused, health, took, health_after)


async def _progress(scene: Scene) -> None:
    """Wait until everybody has gone on by a question."""
    before = [len(walker.ledger.acknowledged) for walker in scene.crowd.walkers]
    async with asyncio.timeout(PATIENCE * scene.replica.pace):
        while any(len(w.ledger.acknowledged) <= had for w, had in zip(scene.crowd.walkers, before, strict=True)):
            await asyncio.sleep(0.02)


def _is_whole(scene: Scene, seen: Seen, what: str) -> None:
    """Hold what holds after every trouble: nothing lost, doubled or stuck, and it went on by itself in time."""
    print(
        f"\n{what} for {TROUBLE_SECONDS:.0f} s: {seen.refused_meanwhile} updates refused, {seen.taken_meanwhile} "
        f"taken, {seen.stored_meanwhile - seen.stored_before} answers stored meanwhile; everybody went on within "
        f"{seen.recovered_after:.2f} s after it; {scene.crowd.answers_acknowledged} answers in all; "
        f"pace {scene.replica.pace:.1f}"
    )
    with closing(Truth(scene.database)) as truth:
        assert (seen.broken_meanwhile, scene.broken(truth)) == ([], [])
        assert (truth.doubled(), truth.with_gaps(), truth.integrity(), truth.count("quarantine")) == ([], [], "ok", 0)
        live = {w.id: truth.live_message(w.id) for w in scene.crowd.walkers}
        screens = [
            wrong
            for w in scene.crowd.walkers
            if (wrong := wrong_screen(truth, truth.place(w.id), scene.api.messages(w.id), live[w.id])) is not None
        ]
    assert screens == []
    assert [after for walker in scene.crowd.walkers for after in walker.ledger.stuck] == []
    assert seen.recovered_after < RECOVERS_WITHIN * scene.replica.pace
    assert seen.health_after[0] == 200
    assert [code for code, _ in scene.replica.stops] == [0]


@pytest.mark.parametrize("trouble", [full_disk, locked("bot.db")], ids=["full", "locked"])
def test_database_that_takes_nothing_refuses_and_goes_on_by_itself(
    tmp_path: Path, trouble: Callable[[Scene], AbstractAsyncContextManager[None]], request: pytest.FixtureRequest
) -> None:
    scene, seen = asyncio.run(_played(tmp_path, trouble))

    _is_whole(scene, seen, str(request.node.callspec.id))
    assert not seen.changed_meanwhile  # what was taken stores nothing: a box that is ticked, an old button
    assert seen.refused_meanwhile > 0
    assert (seen.health[0], seen.health[1]["database"]) == (503, "the database does not take work")


def test_engine_whose_database_is_locked_holds_up_nobody(tmp_path: Path) -> None:
    scene, seen = asyncio.run(_played(tmp_path, locked("engine.db")))

    _is_whole(scene, seen, "engine locked")
    assert seen.refused_meanwhile == 0
    assert seen.stored_meanwhile - seen.stored_before > PEOPLE
    assert seen.changed_meanwhile
    assert seen.health[0] == 200


def test_engine_that_cannot_have_a_database_holds_up_nobody(tmp_path: Path) -> None:
    (tmp_path / "engine.db").mkdir()

    @asynccontextmanager
    async def nothing_else(_: Scene) -> AsyncIterator[None]:
        yield

    scene, seen = asyncio.run(_played(tmp_path, nothing_else))

    _is_whole(scene, seen, "no engine")
    assert seen.refused_meanwhile == 0
    assert seen.stored_meanwhile - seen.stored_before > PEOPLE
    assert "the engine does not run" in scene.replica.log.read_text()
