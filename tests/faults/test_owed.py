"""An announcement to many in bad weather, by processes that are killed: nobody misses it, nobody gets it twice but
where a kill left open whether it came, and the next process takes up at once what the last one had in hand.

`OWED_PEOPLE=10000 OWED_KILLS=10 python -m pytest -s tests/faults/test_owed.py` is the whole of it, seven minutes and
what the processes are away for.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import mean

from sqlalchemy import insert, text

from bot.simulator.api import BotApi, Reply
from bot.simulator.app import serve
from bot.simulator.chats import Person
from bot.simulator.clock import Clock
from bot.simulator.faults import Fault, Faults
from bot.simulator.params import Files
from bot.simulator.rates import RateRules
from bot.store.tables import PersonRow
from tests import databases
from tests.faults.postman import Postman
from tests.usecases.news import admin, sends
from tests.usecases.world import World

PEOPLE = int(os.environ.get("OWED_PEOPLE", "300"))
KILLS = int(os.environ.get("OWED_KILLS", "2"))
IS_WHOLE = PEOPLE >= 10_000
FIRST, FIRST_WARNED = 700_000, 600_000
WARNED = 20
"""People who are owed three warnings and no announcement."""
WEATHER = {"500": 0.005, "reset before": 0.005, "reset after": 0.005}
QUIET_SECONDS, BUSY_SECONDS = 2.5, 20.0
"""After how long without a message, and with messages, the clock moves on to what is to be tried again later."""
TAKEN_UP_SECONDS = 7.0
"""Three for a sweep that finds what the dead process had in hand, four for a hundred messages at the rate."""
START_SECONDS = 5.0
"""From the start of a process to its first message, on a machine with nothing else to do."""
PATIENCE = 120.0
"""For how long nothing may be sent at all; so much only where others keep the machine busy."""
WHOLE_SECONDS = 420
"""For ten thousand, without what the processes are away for."""
START = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""10.00 WIB."""


class Weather(Faults):
    """Some calls fail at random, each before or after it was carried out; who was hit is noted."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self._rng = rng
        self.hit: dict[str, set[int]] = {name: set() for name in (*WEATHER, "429")}
        self.sends = 0

    def has_seen(self, sends: int) -> bool:
        """Tell whether so many messages were sent, or tried."""
        return self.sends >= sends

    def take(self, method: str, chat_id: int | None = None) -> Fault | None:
        """Return what happens to this call."""
        if method.lower() != "sendmessage" or chat_id is None:
            return None
        self.sends += 1
        if self.sends % 5000 == 150:
            self.hit["429"].add(chat_id)
            body = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
            return Fault(do="status", status=429, body={**body, "parameters": {"retry_after": 1}})
        name = next((name for name, share in WEATHER.items() if self._rng.random() < share), None)
        if name is None:
            return None
        self.hit[name].add(chat_id)
        if name == "500":
            body = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
            return Fault(do="status", status=500, body=body)
        return Fault(do="reset", when="before" if name == "reset before" else "after")


class StormyApi(BotApi):
    """A simulator that keeps to thirty messages a second and counts those above."""

    too_many = 0

    def handle(
        self, token: str, method: str, params: Mapping[str, object], files: Files | None = None, *, log: bool = True
    ) -> Reply:
        reply = super().handle(token, method, params, files, log=log)
        self.too_many += reply.status == 429
        return reply


@dataclass(slots=True)
class Aftermath:
    """What is left: how each announcement ended, who was in doubt at a kill, how long all took, and the first message
    of the first process; how long the processes were away, from a kill to the next message, and how long after that
    the last message was taken up that was in hand.
    """

    api: StormyApi
    weather: Weather
    outcomes: dict[int, str] = field(default_factory=dict)
    in_doubt: set[int] = field(default_factory=set)
    seconds: float = 0.0
    start_seconds: float = 0.0
    away: list[float] = field(default_factory=list)
    takes_up: list[float] = field(default_factory=list)

    def came(self, beginning: str, chats: Iterable[int]) -> dict[int, list[str]]:
        """Return what came to whom."""
        return {chat: texts(self.api, chat, beginning) for chat in chats}


def texts(api: BotApi, chat: int, beginning: str) -> list[str]:
    return [message.text for message in api.messages(chat) if message.text.startswith(beginning)]


def test_everybody_gets_what_is_owed_and_twice_only_where_it_was_in_doubt(tmp_path: Path) -> None:
    left = asyncio.run(_storm(tmp_path))

    hit, outcomes = left.weather.hit, left.outcomes
    came = {chat: len(found) for chat, found in left.came("Pengumuman", outcomes).items()}
    warned = left.came("Anda baru masuk", range(FIRST_WARNED, FIRST_WARNED + WARNED))
    missing = {chat for chat, times in came.items() if not times}
    doubled = {chat for chat, times in came.items() if times > 1}
    print(
        f"\n{PEOPLE} people, {KILLS} kills, {left.weather.sends} sends in {left.seconds:.0f} s; "
        f"{len(missing)} not there, {len(doubled)} doubled of {len(left.in_doubt)} in doubt; "
        f"429 without need: {left.api.too_many}; began after {left.start_seconds:.1f} s; "
        f"away for {_told(left.away)}, all taken up after {_told(left.takes_up)}"
    )
    assert set(outcomes) == set(range(FIRST, FIRST + PEOPLE))
    assert missing <= hit["reset before"]
    assert {chat for chat, outcome in outcomes.items() if outcome == "ambiguous"} <= hit["reset before"] | hit[
        "reset after"
    ]
    assert {outcome for chat, outcome in outcomes.items() if chat not in missing} <= {"sent", "ambiguous"}
    assert {outcomes[chat] for chat in missing} <= {"ambiguous"}
    assert doubled <= left.in_doubt
    assert max(came.values()) <= 1 + KILLS
    for chat, found in warned.items():
        assert list(dict.fromkeys(found)) == sorted(set(found)), chat
        assert len(set(found)) == 3, chat
        assert len(found) == 3 or chat in left.in_doubt | hit["reset after"], chat
    assert left.api.too_many <= 0.001 * left.weather.sends
    assert max(left.takes_up, default=0.0) <= TAKEN_UP_SECONDS * _slowness(left)
    assert not IS_WHOLE or left.seconds - sum(left.away) <= WHOLE_SECONDS * _slowness(left)


def _told(seconds: list[float]) -> str:
    return ", ".join(f"{one:.1f}" for one in seconds) + " s"


def _slowness(left: Aftermath) -> float:
    """Return how much slower than usual this machine is now, by how long it takes to start a process that sends."""
    return max(1.0, mean([left.start_seconds, *left.away]) / START_SECONDS)


async def _storm(directory: Path) -> Aftermath:
    rng = random.Random(7)
    api, weather = StormyApi(Clock(), seed=7), Weather(rng)
    api.faults = weather
    api.rates.rules = RateRules(overall=30)
    world = _world(directory / "bot.db")
    for chat in (*range(FIRST, FIRST + PEOPLE), *range(FIRST_WARNED, FIRST_WARNED + WARNED)):
        api.add_user(Person(chat, "Warga"), started=True)
    async with serve(api) as port:
        postman = Postman(world.database.url, f"http://127.0.0.1:{port}", str(directory / "clock"))
        postman.begins_at(START)
        left = Aftermath(api, weather)
        started, process = time.monotonic(), postman.start()
        try:
            await _until(lambda: weather.has_seen(1), weather)
            begun = time.monotonic()
            left.start_seconds = begun - started
            for kill in range(1, KILLS + 1):
                await _until(partial(weather.has_seen, kill * PEOPLE // (KILLS + 1)), weather)
                process.kill()
                process.wait()
                killed, sends, held = time.monotonic(), weather.sends, _held(world)
                left.in_doubt |= {chat for chat in held.values() if api.messages(chat)}
                process = postman.start()
                await _until(partial(weather.has_seen, sends + 1), weather)
                left.away.append(time.monotonic() - killed)
                await _until(lambda held=held: not held.keys() & _held(world).keys(), weather)  # type: ignore[misc]
                left.takes_up.append(time.monotonic() - killed - left.away[-1])
            await _until(lambda: weather.has_seen(PEOPLE) and not _count_open(world), weather, postman)
            left.seconds = time.monotonic() - begun
        finally:
            process.kill()
            process.wait()
    told = "SELECT telegram_id, outcome FROM delivery JOIN person ON person.id = person_id WHERE kind = 'pengumuman'"
    left.outcomes = dict(databases.rows(world.database, told))
    world.database.close()
    return left


def _world(path: Path) -> World:
    """Make a world of people who allow announcements; one is on its way, and to some three warnings are owed."""
    world = World.open(path)
    told = {"first_name": "Warga", "role": "pemilik", "reachable": True, "last_typed_id": 0, "created_at": world.now}
    told |= {"wants_news": True}
    rows = [{**told, "telegram_id": FIRST + number} for number in range(PEOPLE)]
    rows += [{**told, "telegram_id": FIRST_WARNED + number, "wants_news": False} for number in range(WARNED)]
    world.do(lambda s: s.execute(insert(PersonRow), rows))
    sends(world, admin(world))
    for hours in (3, 2, 1):
        databases.rows(
            world.database,
            "INSERT INTO delivery (person_id, key, kind, sender_name, due_at, created_at, tries) "
            "SELECT id, 'masuk:' || id || :key, 'masuk', '', :at, :at, 0 FROM person "
            "WHERE telegram_id BETWEEN :a AND :z",
            key=f":{hours}",
            at=(world.now - timedelta(hours=hours)).isoformat(" "),
            a=FIRST_WARNED,
            z=FIRST_WARNED + WARNED - 1,
        )
    return world


def _held(world: World) -> dict[tuple[int, int], int]:
    """Return who is still owed what somebody leased, by the message and the number of its lease."""
    statement = (
        "SELECT delivery.id, tries, telegram_id FROM delivery JOIN person ON person.id = person_id "
        "WHERE done_at IS NULL AND leased_until IS NOT NULL"
    )
    with world.database.snapshot() as session:
        return {(one, tries): chat for one, tries, chat in session.execute(text(statement))}


def _count_open(world: World) -> int:
    with world.database.snapshot() as session:
        return int(session.execute(text("SELECT count(*) FROM delivery WHERE done_at IS NULL")).scalar_one())


async def _until(done: Callable[[], bool], weather: Weather, moves: Postman | None = None) -> None:
    """Wait until something holds. With one who moves the clock it goes on to what is to be tried again later, so that
    this comes among the others, and at once where nothing else is sent.
    """
    sent_at = quiet_since = moved_at = time.monotonic()
    sends = weather.sends
    while not done():
        await asyncio.sleep(0.1)
        now = time.monotonic()
        assert now < sent_at + PATIENCE
        if weather.sends > sends:
            sends, sent_at, quiet_since = weather.sends, now, now
        if moves is not None and (now > quiet_since + QUIET_SECONDS or now > moved_at + BUSY_SECONDS):
            quiet_since = moved_at = now
            moves.moves_on(timedelta(seconds=61))
