"""Readings are written anew while the bot runs, a few at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.core.attempt import Attempt, AttemptId
from bot.core.person import PersonId
from bot.core.reading import Reading
from bot.jobs.renewal import AT_ONCE, HOLDS_FOR, Renewal
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


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many readings each look through the sittings found missing."""
    plain, found = kept.unread, list[int]()

    def look(session: Session, limit: int, *, after: AttemptId) -> list[AttemptId]:
        missing = plain(session, limit, after=after)
        found.append(len(missing))
        return missing

    monkeypatch.setattr(kept, "unread", look)
    return found


def test_looking_for_what_is_missing_takes_no_turn_from_the_taps(
    world: World, renewal: Renewal, monkeypatch: pytest.MonkeyPatch, looks: list[int]
) -> None:
    world.finishes(world.joins(1001, "Sari"), best)
    look, tapped = kept.unread, list[bool]()

    def beside_a_tap(session: Session, limit: int, *, after: AttemptId) -> list[AttemptId]:
        tap = threading.Thread(target=lambda: world.do(kept.count_unread), daemon=True)
        tap.start()
        tap.join(5)
        tapped.append(not tap.is_alive())
        return look(session, limit, after=after)

    monkeypatch.setattr(kept, "unread", beside_a_tap)

    asyncio.run(renewal.catch_up())

    assert (looks, tapped) == ([0], [True])


def test_sittings_are_looked_through_after_a_start_after_each_decision_and_once_an_hour(
    world: World, renewal: Renewal, looks: list[int]
) -> None:
    def three_times() -> list[int]:
        looks.clear()
        for _ in range(3):
            asyncio.run(renewal.catch_up())
        return looks.copy()

    at_the_start = three_times()
    forgotten(world)
    after_a_decision = three_times()
    world.now += HOLDS_FOR
    within_the_hour = three_times()
    world.now += timedelta(seconds=1)

    assert (at_the_start, after_a_decision, within_the_hour) == ([0], [PEOPLE, 0], [])
    assert three_times() == [0]
    assert world.do(kept.count_unread) == 0


def test_run_that_begins_while_one_is_under_way_leaves_all_to_it(
    world: World, renewal: Renewal, looks: list[int]
) -> None:
    forgotten(world)

    async def pause(_: float) -> None:
        await held.catch_up()

    held = replace(renewal, pause=pause)
    asyncio.run(held.catch_up())

    assert (looks, world.do(kept.count_unread)) == ([PEOPLE, 0], 0)


def test_sitting_that_cannot_be_read_holds_up_no_other(
    world: World, renewal: Renewal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, *_ = forgotten(world)
    plain = readings.work_out

    def work_out(session: Session, *, sitting: Attempt, library: Library) -> Reading:
        if sitting.person_id == first:
            raise ValueError
        return plain(session, sitting=sitting, library=library)

    monkeypatch.setattr(readings, "work_out", work_out)

    asyncio.run(renewal.catch_up())

    [broken] = sittings_of(world, first)
    assert world.do(lambda s: kept.unread(s, 9, after=AttemptId(0))) == [broken.id]
    assert caplog.messages == [f"the reading of sitting {broken.id} was not written"]


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
