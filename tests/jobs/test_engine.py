"""The engine in earnest: over several processes, killed, broken and ended, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.delivery import DeliveryId, Kind
from bot.core.person import Person
from bot.jobs import engine as engines
from bot.jobs.deliveries import Deliveries
from bot.jobs.engine import SENDS_A_SECOND, Engine
from bot.store import migrate
from bot.store.leases import Lease, Leased
from bot.store.session import Database
from bot.usecases.owing import LEASE
from tests import databases
from tests.jobs.lane import Lane
from tests.jobs.worker import TICK, UP, Worker
from tests.usecases.cohort import coach, enters, group_of, outcomes, owes
from tests.usecases.news import crowd as everybody
from tests.usecases.world import World, document

PEOPLE = 120
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")  # of DBOS's own

SLOW_SECONDS = 4.0
"""What a send takes where one process has its hands full (BATCHES_AT_ONCE) and leaves the rest to another one; while it
has room it may take everything, as who is busy asks the queue more often.
"""
TELEGRAM_TAKES = 30.0
"""Messages a second that nobody asked for."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of these tests' own."""
    with databases.own_server() as started:
        yield started.get_uri()


@pytest.fixture(params=["sqlite", "postgresql"])
def worker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worker]:
    """A world with many people, and what its processes are told."""
    if request.param == "sqlite":
        database, engine = f"sqlite:///{tmp_path / 'bot.db'}", f"sqlite:///{tmp_path / 'engine.db'}"
    else:
        database = engine = request.getfixturevalue("server")
    world = World(Database(database))
    migrate.upgrade(world.database)
    world.publish(document())
    if not databases.rows(world.database, "SELECT id FROM person"):
        everybody(world, PEOPLE)
    world.do(lambda s: s.connection().exec_driver_sql("DELETE FROM delivery"))
    yield Worker(database, engine, str(tmp_path / "log"), world.now.isoformat())
    world.database.close()


def owes_all(worker: Worker) -> None:
    """Owe everybody a message."""
    database = Database(worker.database)
    databases.rows(
        database,
        "INSERT INTO delivery (person_id, key, kind, sender_name, due_at, created_at, tries) "
        "SELECT id, 'masuk:' || id, 'masuk', '', :now, :now, 0 FROM person",
        now=datetime.fromisoformat(worker.started).isoformat(" "),
    )
    database.close()


@contextmanager
def running(*workers: Worker) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run processes and let none of them stay behind."""
    with ExitStack() as ends:
        started = [worker.start() for worker in workers]
        for process in started:
            ends.callback(process.wait)
            ends.callback(process.kill)
        yield started


def test_two_processes_share_the_clock_the_rate_and_the_work(worker: Worker) -> None:
    worker = replace(worker, takes=SLOW_SECONDS)
    with running(worker, worker) as processes:
        worker.waits(lambda: sum(what == UP for _, _, what in worker.lines()) == 2)
        owes_all(worker)
        worker.waits(lambda: len(worker.sent()) == PEOPLE)
        time.sleep(1)
        for process in processes:
            process.terminate()
        codes = [process.wait(10) for process in processes]

    lines = worker.lines()
    ticks = [at for at, _, what in lines if what == TICK]
    begun = [at for at, _, what in lines if what == "begun"]
    assert codes == [0, 0]
    assert set(Counter(worker.sent()).values()) == {1}
    assert len({process for _, process, what in lines if what == "begun"}) == 2
    assert len(ticks) <= ticks[-1] - ticks[0] + 2
    a_second = (len(begun) - SENDS_A_SECOND) / (begun[-1] - begun[0])
    is_shared = worker.database.startswith("postgresql")  # on SQLite, which wants one, each keeps to its own pace alone
    assert a_second <= (TELEGRAM_TAKES if is_shared else 2 * SENDS_A_SECOND)


def test_message_of_a_killed_process_is_found_again_and_sent(worker: Worker) -> None:
    owes_all(worker)
    stuck = replace(worker, takes=60.0, lease=2.0)

    with running(stuck) as (process,):
        stuck.waits(lambda: any(what == "begun" for _, _, what in stuck.lines()))
        process.kill()
        process.wait()
    before = worker.sent()
    with running(replace(worker, lease=2.0)):
        worker.waits(lambda: len(worker.sent()) == PEOPLE)

    assert (before, set(Counter(worker.sent()).values())) == ([], {1})


class Run:
    """The engine in this process, on SQLite."""

    def __init__(self, world: World, lane: Lane, path: Path) -> None:
        self.world, self.lane, self.path = world, lane, path
        self.stopped_in = 0.0

    def until(self, done: Callable[[], bool], meanwhile: Callable[[Engine], Awaitable[None]] | None = None) -> None:
        """Run until something holds, then end as a process does."""
        asyncio.run(self._until(done, meanwhile))

    async def _until(self, done: Callable[[], bool], meanwhile: Callable[[Engine], Awaitable[None]] | None) -> None:
        engine, stop = Engine(f"sqlite:///{self.path}", self.lane.deliveries), asyncio.Event()
        task = asyncio.create_task(engine.run(stop))
        try:
            async with asyncio.timeout(30):
                if meanwhile is not None:
                    await meanwhile(engine)
                while not done():
                    await asyncio.sleep(0.02)
        finally:
            begun = time.monotonic()
            stop.set()
            await task
            self.stopped_in = time.monotonic() - begun


@pytest.fixture
def run(world: World, lane: Lane, tmp_path: Path) -> Run:
    return Run(world, lane, tmp_path / "engine.db")


def crowd(world: World, count: int) -> None:
    for number in range(count):
        owes(world, world.joins(3000 + number, "Warga"))


def test_end_waits_for_the_message_under_way_and_gives_the_others_back(world: World, lane: Lane, run: Run) -> None:
    crowd(world, 20)
    push = lane.deliveries.push

    async def slow(*told: object) -> object:
        arrived = await push(*told)  # type: ignore[arg-type]
        await asyncio.sleep(0.7)
        return arrived

    lane.deliveries.push = slow  # type: ignore[assignment]
    run.until(lambda: len(lane.pushed) >= 2)

    begun = len(lane.pushed)
    held = databases.rows(world.database, "SELECT count(*) FROM delivery WHERE done_at IS NULL AND tries > 1")
    assert (outcomes(world).count("sent"), held) == (begun, [(0,)])
    assert run.stopped_in < 3


def test_nothing_is_leased_before_what_the_process_before_had_in_hand_is_given_back(
    world: World, lane: Lane, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_back, leased = Deliveries.give_back, list[object]()

    async def gives_back_late(self: Deliveries, queued: Collection[Lease]) -> None:
        await asyncio.sleep(3)  # longer than from one sweep to the next
        leased.extend(databases.rows(world.database, "SELECT count(*) FROM delivery WHERE tries > 0"))
        await give_back(self, queued)

    monkeypatch.setattr(Deliveries, "give_back", gives_back_late)
    crowd(world, 3)

    run.until(lambda: outcomes(world) == ["sent"] * 3)

    assert leased == [(0,)]


def test_clock_that_is_moved_on_makes_no_message_be_leased_anew(world: World, lane: Lane, run: Run) -> None:
    crowd(world, 60)

    async def moves_the_clock(engine: Engine) -> None:
        while len(lane.pushed) < 60:
            await asyncio.sleep(0.3)
            if lane.pushed:
                world.now += 2 * LEASE

    run.until(lambda: outcomes(world) == ["sent"] * 60, moves_the_clock)

    tries = databases.rows(world.database, "SELECT DISTINCT tries FROM delivery")
    assert (set(Counter(lane.receivers).values()), tries) == ({1}, [(1,)])


@pytest.mark.sqlite_only
def test_what_a_process_had_in_hand_is_sent_at_once_by_the_next_one_that_is_alone(
    world: World, lane: Lane, run: Run
) -> None:
    crowd(world, 3)
    asyncio.run(lane.deliveries.lease())

    run.until(lambda: outcomes(world) == ["sent"] * 3)

    assert sorted(lane.receivers) == [3000, 3001, 3002]


@pytest.mark.parametrize("damage", ["deleted", "overwritten"])
def test_engine_begins_anew_without_its_file_and_nothing_owed_is_lost(
    world: World, lane: Lane, run: Run, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    crowd(world, 30)
    run.until(lambda: len(lane.pushed) >= 3)
    in_the_first_run = len(lane.pushed)
    if damage == "deleted":
        run.path.unlink()
    else:
        for path in run.path.parent.glob("engine.db*"):
            path.write_bytes(b"not a database" * 1000)
    world.now += LEASE

    run.until(lambda: len(lane.pushed) == 30)

    assert in_the_first_run < 10
    assert (set(Counter(lane.receivers).values()), set(outcomes(world))) == ({1}, {"sent"})
    assert run.path.with_name("engine.db.broken").exists() == (damage == "overwritten")


def test_engine_whose_file_is_taken_away_is_started_again(
    world: World, lane: Lane, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(engines, "FIRST_REST", 0.1)
    crowd(world, 1)

    async def loses_it(engine: Engine) -> None:
        while not lane.pushed:
            await asyncio.sleep(0.02)
        run.path.unlink()
        owes(world, world.joins(4000, "Budi"))

    run.until(lambda: len(lane.pushed) == 2, loses_it)

    assert (lane.receivers, outcomes(world)) == ([3000, 4000], ["sent", "sent"])


def test_purge_keeps_the_file_small(lane: Lane, run: Run) -> None:
    sizes = []

    async def works(engine: Engine) -> None:
        while not engine._inode:  # its file is there
            await asyncio.sleep(0.02)
        for turn in range(3):
            runs = [Leased(DeliveryId(9000 * turn + number), 1, 3, 0) for number in range(2500)]
            await asyncio.to_thread(engine._enqueue, runs)
            await asyncio.to_thread(engine.purge, -engines.KEPT_FOR)
            sizes.append(run.path.stat().st_size)

    run.until(lambda: True, works)

    assert sizes[2] <= sizes[0] * 1.5


def test_engine_that_cannot_start_is_tried_again_and_holds_up_nothing(
    world: World, lane: Lane, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(engines, "FIRST_REST", 0.1)
    crowd(world, 1)
    run.path.mkdir()

    async def repairs(engine: Engine) -> None:
        while not caplog.records:
            await asyncio.sleep(0.02)
        run.path.rmdir()

    with caplog.at_level(logging.ERROR):
        run.until(lambda: bool(lane.pushed), repairs)

    assert outcomes(world) == ["sent"]


def test_nudge_on_its_way_to_a_silent_telegram_at_the_end_is_not_sent_again_by_the_next_process(
    world: World, lane: Lane, run: Run, sari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "GRACE_SECONDS", 0.3)
    group = group_of(world, coach(world))
    enters(world, sari, group)
    owes(world, sari, Kind.NUDGE, group)
    push = lane.deliveries.push

    async def silent(*told: object) -> object:
        await push(*told)  # type: ignore[arg-type]
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    lane.deliveries.push = silent  # type: ignore[assignment]
    run.until(lambda: len(lane.pushed) == 1)
    lane.restart()
    world.now += LEASE
    lane.drains()

    assert (lane.receivers, outcomes(world)) == ([sari.telegram_id], ["ambiguous"])


def test_engine_that_cannot_be_ended_ends_nothing_else(
    world: World, lane: Lane, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Engine._stop

    def breaks(engine: Engine) -> None:
        stop(engine)
        raise OSError

    monkeypatch.setattr(Engine, "_stop", breaks)
    crowd(world, 1)

    run.until(lambda: outcomes(world) == ["sent"])

    assert [record.message for record in caplog.records] == ["the engine did not end as it should"]


def test_message_that_an_ending_process_waits_for_is_leased_to_nobody_else(
    world: World, lane: Lane, other: Lane, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOOK_SECONDS", 60.0)
    crowd(world, 1)
    push = lane.deliveries.push

    async def slow(*told: object) -> object:
        world.now += LEASE / 2
        arrived = await push(*told)  # type: ignore[arg-type]
        await asyncio.sleep(0.7)
        world.now += LEASE / 2
        await other.deliveries.drain()
        return arrived

    lane.deliveries.push = slow  # type: ignore[assignment]
    run.until(lambda: len(lane.pushed) == 1)

    assert (lane.receivers, other.receivers, outcomes(world)) == ([3000], [], ["sent"])
