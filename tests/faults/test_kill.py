"""kill -9 at random under load: what a person was told is stored is stored, once, and everybody can go on."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.load import load
from bot.content.release import freeze, thaw
from bot.core.answer import decode
from bot.core.attempt import Attempt, Confidence
from bot.core.profile import profile
from bot.simulator.app import serve
from bot.simulator.clock import Clock
from bot.store import attempts
from bot.store.session import Database
from bot.usecases import accounts
from bot.wiring import CONTENT
from tests.faults.crowd import Crowd, Walker, gather
from tests.faults.oracle import Truth, broken_promises, wrong_screen
from tests.faults.victim import Victim, WatchedApi, kill_once

ANSWERS = int(os.environ.get("ANSWERS", "1000"))
KILLS = int(os.environ.get("KILLS", "10"))
PEOPLE = int(os.environ.get("PEOPLE", "70"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
LIFE_CALLS = max(1200, 4 * ANSWERS // KILLS)
"""Most calls of a process before it is killed, so that both numbers are reached at about the same time."""
SETTLE_SECONDS = 60.0
LONGEST_SECONDS = 180.0 + 0.2 * ANSWERS + 5.0 * KILLS


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is left when the dust has settled."""

    api: WatchedApi
    crowd: Crowd
    database: Path
    kills: int
    starts: list[float]
    exit_code: int


def test_kill_nine_under_load(tmp_path: Path) -> None:
    began = time.monotonic()

    left = asyncio.run(_torment(tmp_path))

    with closing(Truth(left.database)) as truth:
        walkers = left.crowd.walkers
        promises = [(w.id, broken) for w in walkers for broken in broken_promises(w.ledger, truth.answers(w.id))]
        screens = [(w.id, wrong) for w in walkers if (wrong := _wrong_screen(left, truth, w)) is not None]
        stuck = [(w.id, after) for w in walkers for after in w.ledger.stuck]
        kinds = Counter(broken.partition(":")[0] for _, broken in promises)
        print(
            f"\nseed {SEED}: {truth.count('response')} answers stored, {left.kills} kills, "
            f"{time.monotonic() - began:.0f} s; lost {kinds['lost']}, double {len(truth.doubled())}, "
            f"{len(screens)} wrong screens; start to first poll {sum(left.starts) / len(left.starts):.2f} s"
        )
        assert promises == []
        assert truth.doubled() == []
        assert truth.with_gaps() == []
        assert screens == []
        assert stuck == []
        assert truth.integrity() == "ok"
        assert truth.count("quarantine") == 0
        assert truth.count("response") >= ANSWERS
        assert left.kills >= KILLS
        assert left.exit_code == 0
        assert changed_profiles(f"sqlite:///{left.database}", left.crowd) == []


async def _torment(directory: Path) -> Aftermath:
    rng = random.Random(SEED)
    api = WatchedApi(Clock(), seed=SEED)
    api.keeps_calls = False
    crowd = gather(api, PEOPLE, SEED)
    async with serve(api) as port:
        victim = Victim(api, f"http://127.0.0.1:{port}", directory / "chaos.db", directory / "bot.log")
        walking = asyncio.gather(*(walker.walk() for walker in crowd.walkers))
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                kills = await _kill_until_enough(victim, crowd, rng)
            crowd.rest()
            await victim.polls()
            await walking
            await _settled(api)
            exit_code = await victim.stop()
        finally:
            walking.cancel()
            victim.kill_if_alive()
    crowd.look()
    return Aftermath(api, crowd, victim.database, kills, victim.starts, exit_code)


async def _kill_until_enough(victim: Victim, crowd: Crowd, rng: random.Random) -> int:
    """Kill and start again until both numbers are reached; leave a process running."""
    kills = 0
    while True:
        await victim.start()
        if kills >= KILLS and crowd.answers_acknowledged >= ANSWERS:
            return kills
        await kill_once(victim, rng, LIFE_CALLS)
        kills += 1
        crowd.tell_progress(ANSWERS, f"{kills} of {KILLS} kills")


async def _settled(api: WatchedApi) -> None:
    """Wait until the bot has confirmed every update; it asks again at once while there are any."""
    called = asyncio.Event()
    api.on_call = lambda _: called.set()
    async with asyncio.timeout(SETTLE_SECONDS):
        while api.updates.waiting(api.clock.now()):
            called.clear()
            await called.wait()
    api.on_call = None


def _wrong_screen(left: Aftermath, truth: Truth, walker: Walker) -> str | None:
    return wrong_screen(truth, truth.place(walker.id), left.api.messages(walker.id), truth.live_message(walker.id))


def changed_profiles(database_url: str, crowd: Crowd) -> list[int]:
    """Return the attempts whose profile, worked out from the database, is not the one of what the people gave."""
    release = thaw(*freeze(load(CONTENT)))
    changed: list[int] = []
    with closing(Database(database_url)) as database, database.transaction() as session:
        for walker in crowd.walkers:
            person, _ = accounts.meet(session, telegram_id=walker.id)
            for attempt in attempts.every(session, person.id) if person else ():
                if attempt.is_finished and profile(attempt, release) != profile(_as_given(attempt, walker), release):
                    changed.append(attempt.id)
    return changed


def _as_given(attempt: Attempt, walker: Walker) -> Attempt:
    """Return the attempt with every answer and certainty as the person first gave it."""
    responses = []
    for response in attempt.responses:
        slot = (attempt.id, response.slot)
        given, said = walker.ledger.given.get(slot), walker.ledger.said.get(slot)
        sure = Confidence(said[0]) if said and response.confidence else None
        if given:  # else nobody gave it, which broken promises tell
            responses.append(replace(response, answer=decode(given[0]), confidence=sure))
    return replace(attempt, responses=tuple(responses))
