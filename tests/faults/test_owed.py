"""An announcement to many in bad weather, by processes that are killed: nobody misses it, and nobody gets it twice but
where Telegram left open whether it came.

`OWED_PEOPLE=10000 OWED_KILLS=5 python -m pytest -s tests/faults/test_owed.py` is the whole of it, seven minutes.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

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
FIRST = 700_000
IN_ORDER = 20
"""People who are owed three warnings besides."""
WEATHER = {"500": 0.005, "reset before": 0.005, "reset after": 0.005}
QUIET_SECONDS = 6
"""Longer than the queue needs for a hundred leases that passed, or the clock would make more of them."""
LONGEST_SECONDS = 900 if IS_WHOLE else 240
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
        if self.sends % 2500 == 150:
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
    """What is left: who got how many, who may have been in doubt, and how long it took."""

    api: StormyApi
    weather: Weather
    outcomes: dict[int, str]
    in_doubt: set[int] = field(default_factory=set)
    seconds: float = 0.0

    @property
    def came(self) -> Counter[int]:
        """Return how many announcements came to whom."""
        return Counter({chat: len(texts(self.api, chat, "Pengumuman")) for chat in self.outcomes})


def texts(api: BotApi, chat: int, beginning: str) -> list[str]:
    return [message.text for message in api.messages(chat) if message.text.startswith(beginning)]


def test_everybody_gets_what_is_owed_and_twice_only_where_it_was_in_doubt(tmp_path: Path) -> None:
    left = asyncio.run(_storm(tmp_path))

    came, hit = left.came, left.weather.hit
    missing = {chat for chat in left.outcomes if not came[chat]}
    doubled = {chat for chat, times in came.items() if times > 1}
    share = (left.api.too_many + len(hit["429"])) / left.weather.sends
    print(
        f"\n{PEOPLE} people, {KILLS} kills, {left.weather.sends} sends in {left.seconds:.0f} s; "
        f"{len(missing)} not there, {len(doubled)} doubled of {len(left.in_doubt)} in doubt; 429: {share:.3%}"
    )
    assert missing <= hit["reset before"]
    assert {left.outcomes[chat] for chat in missing} <= {"ambiguous"}
    assert {outcome for chat, outcome in left.outcomes.items() if came[chat]} <= {"sent", "ambiguous"}
    assert doubled <= left.in_doubt
    assert max(came.values()) <= 1 + KILLS
    assert left.api.too_many <= 0.001 * left.weather.sends
    for number in range(IN_ORDER):
        warnings = list(dict.fromkeys(texts(left.api, FIRST + number, "Anda baru masuk")))
        assert (len(warnings), warnings) == (3, sorted(warnings))
    assert not IS_WHOLE or left.seconds <= 7 * 60


async def _storm(directory: Path) -> Aftermath:
    rng = random.Random(7)
    api, weather = StormyApi(Clock(), seed=7), Weather(rng)
    api.faults = weather
    api.rates.rules = RateRules(overall=30)
    world = _world(directory / "bot.db")
    for number in range(PEOPLE):
        api.add_user(Person(FIRST + number, "Warga"), started=True)
    async with serve(api) as port:
        postman = Postman(world.database.url, f"http://127.0.0.1:{port}", str(directory / "clock"))
        postman.begins_at(START)
        left = Aftermath(api, weather, {})
        begun, process = time.monotonic(), postman.start()
        try:
            for kill in range(1, KILLS + 1):
                await _until(partial(weather.has_seen, kill * PEOPLE // (KILLS + 1)), weather, postman)
                process.kill()
                process.wait()
                left.in_doubt |= {chat for chat in _open(world) if texts(api, chat, "Pengumuman")}
                process = postman.start()
            await _until(lambda: weather.has_seen(PEOPLE) and not _open(world), weather, postman)
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
            a=FIRST,
            z=FIRST + IN_ORDER - 1,
        )
    return world


def _open(world: World) -> set[int]:
    """Return to whom something is still owed."""
    statement = "SELECT telegram_id FROM delivery JOIN person ON person.id = person_id WHERE done_at IS NULL"
    with world.database.snapshot() as session:
        return set(session.execute(text(statement)).scalars())


async def _until(done: Callable[[], bool], weather: Weather, postman: Postman) -> None:
    """Wait until something holds. In the small run the clock is moved on to what is to be tried again later."""
    begun = quiet_since = time.monotonic()
    sends = weather.sends
    while not done():
        await asyncio.sleep(0.2)
        now = time.monotonic()
        assert now < begun + LONGEST_SECONDS
        if weather.sends > sends:
            sends, quiet_since = weather.sends, now
        elif now > quiet_since + QUIET_SECONDS and not IS_WHOLE:
            quiet_since = now
            postman.moves_on(timedelta(seconds=61))
