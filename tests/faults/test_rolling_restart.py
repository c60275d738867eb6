"""Restarts while people tap: of each of two replicas in turn on PostgreSQL, and of the one process on SQLite."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.simulator.app import serve
from bot.simulator.chats import Person
from bot.simulator.clock import Clock
from bot.store import migrate
from bot.store.session import Database
from tests import databases
from tests.faults.crowd import Crowd, Slot, bottom, gather
from tests.faults.oracle import Stored, broken_promises
from tests.faults.replicas import STOPS_WITHIN, Balancer, Replica, comes_in, settings_of
from tests.faults.victim import WatchedApi
from tests.process.support import free_port

RESTARTS = int(os.environ.get("RESTARTS", "2"))
PEOPLE = int(os.environ.get("RESTART_PEOPLE", "12"))
SEED = int(os.environ.get("SEED", "0")) or 20_261_128
CALM_SECONDS = 1.0
REFUSES_AT_MOST = 10.0
ONE_PROCESS_REFUSES_AT_MOST = 10.0
TAPS_LIVE_FOR = 150.0
LONGEST_SECONDS = 180.0 + 40.0 * RESTARTS
WAITING = int(os.environ.get("WAITING", "200"))
ALL_WITHIN = 30.0
"""Seconds from the start of a process until a thousand updates that waited are dealt with."""
FIRST_WAITING = 50_001


@dataclass(slots=True)
class Scene:
    """Telegram, people, a balancer and the processes behind it."""

    api: WatchedApi
    crowd: Crowd
    balancer: Balancer
    replicas: list[Replica]

    def told_telegram(self) -> int:
        """Return how often Telegram was told where updates go and which commands there are."""
        return sum(call.method in ("setWebhook", "setMyCommands") for call in self.api.calls)


def _scene(directory: Path, address: str, database_url: str, count: int, *arguments: str) -> Scene:
    api = WatchedApi(Clock(), seed=SEED)
    ports = [free_port() for _ in range(count)]
    settings = settings_of(directory, telegram=address, database_url=database_url)
    replicas = [Replica(port, directory / f"{port}.log", arguments, settings) for port in ports]
    return Scene(api, gather(api, PEOPLE, SEED), Balancer(ports), replicas)


@asynccontextmanager
async def _up(scene: Scene, telegram_port: int) -> AsyncIterator[None]:
    """Have Telegram, the balancer and all processes ready; leave none behind."""
    try:
        async with (
            asyncio.timeout(LONGEST_SECONDS),
            serve(scene.api, port=telegram_port),
            scene.balancer.serving() as port,
        ):
            for replica in scene.replicas:
                replica.settings |= comes_in(port)
            await asyncio.gather(*(replica.start() for replica in scene.replicas))
            await asyncio.gather(*(replica.ready() for replica in scene.replicas))
            yield
    finally:
        for replica in scene.replicas:
            replica.kill_if_alive()


async def _play(scene: Scene, telegram_port: int, restart: Callable[[Scene], object]) -> object:
    """Let people tap from before the restarts until after them; return what the restarts measured."""
    walking: asyncio.Future[list[None]] | None = None
    try:
        async with _up(scene, telegram_port):
            walking = asyncio.gather(*(walker.walk() for walker in scene.crowd.walkers))
            await scene.balancer.answers_again(time.monotonic())
            measured = restart(scene)
            found = await measured if asyncio.iscoroutine(measured) else measured
            await asyncio.sleep(CALM_SECONDS)
            scene.crowd.rest()
            await walking
            await _settled(scene.api)
            for replica in scene.replicas:
                await replica.stop()
            return found
    finally:
        if walking is not None:
            walking.cancel()


async def _settled(api: WatchedApi) -> None:
    while api.updates.waiting(api.clock.now()):
        await asyncio.sleep(0.02)


async def _each_in_turn(scene: Scene) -> list[int]:
    """Restart one replica after another, the next one once the last one is ready; return what Telegram was told."""
    told = [scene.told_telegram()]
    for number in range(RESTARTS):
        replica = scene.replicas[number % len(scene.replicas)]
        await replica.stop()
        await replica.start()
        await replica.ready()
        await asyncio.sleep(CALM_SECONDS)
    return [*told, scene.told_telegram()]


async def _the_only_one(scene: Scene) -> float:
    """Restart the one process; return the seconds from SIGTERM to the first success of the new one."""
    (replica,) = scene.replicas
    began = time.monotonic()
    await replica.stop()
    gone = time.monotonic()
    await replica.start()
    return (gone - began) + await scene.balancer.answers_again(gone)


def _verdict(scene: Scene, database: Database) -> tuple[list[str], list[str], list[tuple[object, ...]]]:
    """Return broken promises, who got stuck, and what is stored twice."""
    scene.crowd.look()
    broken = [b for w in scene.crowd.walkers for b in broken_promises(w.ledger, _answers(database, w.id))]
    stuck = [after for walker in scene.crowd.walkers for after in walker.ledger.stuck]
    doubled = []
    for columns in ("attempt_id, slot", "attempt_id, item_code"):
        doubled += databases.rows(database, f"SELECT {columns} FROM response GROUP BY {columns} HAVING count(*) > 1")
    return broken, stuck, doubled


def _answers(database: Database, user_id: int) -> dict[Slot, Stored]:
    found = databases.rows(
        database,
        "SELECT r.attempt_id, r.slot, r.answer, r.confidence, r.item_code FROM response r"
        " JOIN attempt a ON a.id = r.attempt_id JOIN person p ON p.id = a.person_id WHERE p.telegram_id = :who",
        who=user_id,
    )
    return {(int(a), int(s)): Stored(str(answer), sure, str(item)) for a, s, answer, sure, item in found}


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _report(scene: Scene, what: str) -> None:
    for replica in scene.replicas:
        print(*(line for line in replica.log.read_text().splitlines() if " INFO " not in line), sep="\n")
    refused = sum(status // 100 != 2 for _, status in scene.balancer.answers)
    stops = ", ".join(f"{took:.2f}" for replica in scene.replicas for _, took in replica.stops)
    starts = ", ".join(f"{took:.2f}" for replica in scene.replicas for took in replica.starts)
    print(
        f"\n{what}: {len(scene.balancer.answers)} updates, {scene.crowd.answers_acknowledged} answers, "
        f"{refused} refused; longest refusal {scene.balancer.longest_refusal():.2f} s, longest without a success "
        f"{scene.balancer.longest_silence():.2f} s; processes ended after {stops} s and were ready after {starts} s"
    )


def test_replicas_restarted_in_turn_lose_nothing_and_refuse_nobody_for_long(tmp_path: Path) -> None:
    with databases.own_server() as server:
        with _opened(server.get_uri()) as database:
            migrate.upgrade(database)
        telegram = free_port()
        address = f"http://127.0.0.1:{telegram}"
        scene = _scene(tmp_path, address, server.get_uri(), 2, "--only", "web")

        told = asyncio.run(_play(scene, telegram, _each_in_turn))

        _report(scene, f"two replicas, {RESTARTS} restarts")
        with _opened(server.get_uri()) as database:
            assert _verdict(scene, database) == ([], [], [])
            assert databases.rows(database, "SELECT count(*) FROM quarantine") == [(0,)]
    assert isinstance(told, list)
    assert told[0] == told[1]
    assert scene.balancer.longest_refusal() < REFUSES_AT_MOST  # however slow the machine is: another one answers
    stops = [stop for replica in scene.replicas for stop in replica.stops]
    assert [code for code, _ in stops] == [0] * (RESTARTS + 2)
    assert max(took for _, took in stops) < STOPS_WITHIN * max(replica.pace for replica in scene.replicas)
    assert scene.crowd.answers_acknowledged > PEOPLE


def test_one_process_is_back_before_taps_expire(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    telegram = free_port()
    scene = _scene(tmp_path, f"http://127.0.0.1:{telegram}", url, 1)

    gap = asyncio.run(_play(scene, telegram, _the_only_one))

    _report(scene, f"one process, back after {gap:.2f} s")
    with _opened(url) as database:
        assert _verdict(scene, database) == ([], [], [])
    assert isinstance(gap, float)
    assert gap < min(ONE_PROCESS_REFUSES_AT_MOST * scene.replicas[0].pace, TAPS_LIVE_FOR)
    assert [code for replica in scene.replicas for code, _ in replica.stops] == [0, 0]


def test_taps_that_wait_for_a_killed_process_are_dealt_with_in_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    telegram = free_port()
    scene = _scene(tmp_path, f"http://127.0.0.1:{telegram}", url, 1)

    took = asyncio.run(_killed_and_awaited(scene, telegram))

    pace = scene.replicas[0].pace
    print(f"\n{WAITING} taps waited: all dealt with {took:.2f} s after the start; pace {pace:.1f}")
    with _opened(url) as database:
        agreed = databases.rows(database, "SELECT count(*), count(DISTINCT person_id) FROM consent")
    assert agreed == [(WAITING, WAITING)]
    assert [who for who in _waiting_people() if _lowest_button(scene.api, who)[1].startswith("1.ok.")] == []
    assert took < ALL_WITHIN * max(1.0, WAITING / 1000) * pace


async def _killed_and_awaited(scene: Scene, telegram_port: int) -> float:
    """Kill the process while everybody looks at the first screen; return the seconds from the start of the next one
    until every tap that waited is acknowledged.
    """
    (replica,), api = scene.replicas, scene.api
    async with _up(scene, telegram_port):
        for who in _waiting_people():
            api.add_user(Person(who, "Ibu"))
            api.person_sends(who, "/start")
        await _settled(api)
        await replica.kill()
        for who in _waiting_people():
            api.person_taps(who, *_lowest_button(api, who))
        began = time.monotonic()
        await replica.start()
        await _settled(api)
        took = time.monotonic() - began
        await replica.stop()
    return took


def _waiting_people() -> range:
    return range(FIRST_WAITING, FIRST_WAITING + WAITING)


def _lowest_button(api: WatchedApi, who: int) -> tuple[int, str]:
    """Return the message that a person looks at, and its first button."""
    screen = bottom(api.messages(who))
    assert screen is not None
    return screen.message_id, next(button.data for row in screen.keyboard for button in row if button.data)


@pytest.mark.parametrize(
    ("statuses", "refusal"), [([200, 200], 0.0), ([200, 502, 502, 200, 200], 2.0), ([200, 503, 200, 502, 200], 1.0)]
)
def test_refusals_are_measured_from_the_first_to_the_next_success(statuses: list[int], refusal: float) -> None:
    balancer = Balancer([], [(float(at), status) for at, status in enumerate(statuses)])

    assert balancer.longest_refusal() == refusal
