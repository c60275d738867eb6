"""Readings are written anew while the bot runs, a few at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlmodel import Session

from bot.core.attempt import Attempt
from bot.core.person import PersonId
from bot.jobs.renewal import Renewal
from bot.store import attempts
from bot.store import readings as kept
from bot.usecases import calibrating, readings
from bot.usecases.library import Library
from tests.core.builders import best, worst
from tests.usecases.world import World

PEOPLE = readings.AT_ONCE + 2


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

    assert (missing, world.do(kept.count_unread), len(pauses)) == (PEOPLE, 0, 3)
    fresh = Library()
    world.do(lambda s: fresh.refresh(s, now=world.now))
    for person in people:
        [sitting] = sittings_of(world, person)
        [written] = world.do(lambda s, p=person: kept.of(s, p))  # type: ignore[misc]
        assert written == world.do(lambda s, a=sitting: readings.work_out(s, sitting=a, library=fresh))  # type: ignore[misc]


def test_looking_for_what_is_missing_takes_no_turn_from_the_taps(
    world: World, renewal: Renewal, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.finishes(world.joins(1001, "Sari"), best)
    plain, looked = kept.is_any_unread, list[bool]()

    def look(session: Session) -> bool:
        with world.database.transaction():  # as a tap would
            looked.append(plain(session))
        return looked[-1]

    monkeypatch.setattr(kept, "is_any_unread", look)

    asyncio.run(renewal.catch_up())

    assert looked == [False]


def test_sittings_are_looked_through_once_after_a_start_and_after_each_decision(
    world: World, renewal: Renewal, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, looks = kept.is_any_unread, list[bool]()

    def look(session: Session) -> bool:
        looks.append(plain(session))
        return looks[-1]

    monkeypatch.setattr(kept, "is_any_unread", look)

    for _ in range(3):
        asyncio.run(renewal.catch_up())
    before = list(looks)
    forgotten(world)
    for _ in range(3):
        asyncio.run(renewal.catch_up())

    assert (before, looks) == ([False], [False, True])
    assert world.do(kept.count_unread) == 0


def test_decision_taken_while_readings_are_written_is_looked_for_again(world: World, renewal: Renewal) -> None:
    people = forgotten(world)
    [sitting] = sittings_of(world, people[0])
    others = list[str]()

    async def pause(_: float) -> None:
        if not others:
            release = world.do(world.library.current)
            items = (release.item_by_code[response.item_code] for response in sitting.responses)
            item = next(item for item in items if item.counts)
            others.append(item.code)
            world.do(lambda s: calibrating.decide(s, item=item, is_neutral=True, reason="-", now=world.now))
            world.do(lambda s: readings.forget_item(s, item_code=item.code))

    held = replace(renewal, pause=pause)
    for _ in range(2):
        asyncio.run(held.catch_up())

    assert (len(others), world.do(kept.count_unread)) == (1, 0)
