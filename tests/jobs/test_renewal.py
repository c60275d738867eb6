"""Readings are written anew while the bot runs, a few at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.core.attempt import Attempt
from bot.core.person import PersonId
from bot.jobs.renewal import AT_ONCE, Renewal
from bot.store import attempts
from bot.store import readings as kept
from bot.usecases import calibrating, readings
from bot.usecases.library import Library
from tests.core.builders import best, worst
from tests.usecases.world import World

PEOPLE = AT_ONCE + 2


@pytest.fixture
def renewal(world: World) -> Iterator[Renewal]:
    with ThreadPoolExecutor(1) as workers:
        yield Renewal(world.database, workers, world.library, lambda: world.now)


def forgotten(world: World) -> list[PersonId]:
    """Let people finish, then put a question that all were asked aside in another process; return the people."""
    owners = [world.joins(1000 + number, "Sari") for number in range(PEOPLE)]
    for owner in owners:
        world.finishes(owner, worst)
    people, release = [owner.id for owner in owners], world.do(world.library.current)
    asked = [{r.item_code for r in sittings_of(world, person)[0].responses} for person in people]
    common = next(code for code in sorted(set.intersection(*asked)) if release.item_by_code[code].counts)
    item = release.item_by_code[common]
    world.do(lambda s: calibrating.decide(s, item=item, is_neutral=True, reason="-", now=world.now))
    world.do(lambda s: readings.forget_item(s, item_code=common))
    return people


def sittings_of(world: World, person: PersonId) -> list[Attempt]:
    return world.do(lambda s: attempts.every(s, person))


def test_missing_readings_are_written_in_turns_by_what_holds_now(world: World, renewal: Renewal) -> None:
    people, pauses = forgotten(world), list[float]()
    missing = world.do(kept.count_unread)

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    asyncio.run(replace(renewal, pause=pause).catch_up())

    assert (missing, world.do(kept.count_unread), len(pauses)) == (PEOPLE, 0, 2)
    fresh = Library()
    world.do(lambda s: fresh.refresh(s, now=world.now))
    for person in people:
        [sitting] = sittings_of(world, person)
        [written] = world.do(lambda s, p=person: kept.of(s, p))  # type: ignore[misc]
        assert written == world.do(lambda s, a=sitting: readings.work_out(s, sitting=a, library=fresh))  # type: ignore[misc]


def test_nothing_missing_takes_no_turn_from_the_taps(world: World, renewal: Renewal) -> None:
    world.finishes(world.joins(1001, "Sari"), best)
    with world.database.transaction():
        asyncio.run(renewal.catch_up())

    assert world.do(kept.count_unread) == 0
