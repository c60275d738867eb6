"""A flood of one person is turned away but for its last update; hands are never turned away."""

from __future__ import annotations

import asyncio

from bot.tg import flood
from bot.tg.flood import BURST, PER_SECOND, Flood
from tests.stage import JOKO, SARI


class Time:
    """A clock that is moved by hand, whose pauses end when they are let."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.calm = asyncio.Event()

    def now(self) -> float:
        return self.seconds

    async def pause(self, _: float) -> None:
        await self.calm.wait()


async def _sent(floods: Flood, person: int, count: int) -> list[asyncio.Task[bool]]:
    tasks = [asyncio.create_task(floods.lets_through(person)) for _ in range(count)]
    await asyncio.sleep(0)
    return tasks


def test_hands_are_let_through_at_once() -> None:
    async def tap() -> list[bool]:
        time = Time()
        floods = Flood(now=time.now, pause=time.pause)
        passed = []
        for _ in range(10 * BURST):
            time.seconds += 1 / PER_SECOND
            passed.append(await floods.lets_through(SARI))
        return passed

    assert asyncio.run(tap()) == [True] * 10 * BURST


def test_of_a_flood_only_the_latest_is_dealt_with_once_it_pauses() -> None:
    async def pour() -> tuple[int, list[bool]]:
        time = Time()
        floods = Flood(now=time.now, pause=time.pause)
        tasks = await _sent(floods, SARI, BURST + 500)
        at_once = sum(task.done() for task in tasks)
        time.calm.set()
        return at_once, [await task for task in tasks]

    at_once, passed = asyncio.run(pour())

    assert at_once == BURST
    assert passed == [True] * BURST + [False] * 499 + [True]


def test_flood_of_one_person_holds_up_nobody_else() -> None:
    async def pour() -> list[bool]:
        time = Time()
        floods = Flood(now=time.now, pause=time.pause)
        flooding = await _sent(floods, SARI, BURST + 5)
        passed = [task.result() for task in await _sent(floods, JOKO, BURST)]
        time.calm.set()
        await asyncio.gather(*flooding)
        return passed

    assert asyncio.run(pour()) == [True] * BURST


def test_after_a_rest_a_flooder_is_let_through_again() -> None:
    async def pour() -> list[bool]:
        time = Time()
        floods = Flood(now=time.now, pause=time.pause)
        time.calm.set()
        await asyncio.gather(*await _sent(floods, SARI, BURST + 5))
        time.seconds = BURST / PER_SECOND
        return [task.result() for task in await _sent(floods, SARI, BURST)]

    assert asyncio.run(pour()) == [True] * BURST


def test_people_who_are_calm_again_are_forgotten() -> None:
    async def come() -> tuple[int, int]:
        time = Time()
        floods = Flood(now=time.now, pause=time.pause)
        for person in range(flood.MANY_PEOPLE):
            await floods.lets_through(person)
        many = len(floods._buckets)
        time.seconds = BURST / PER_SECOND
        await floods.lets_through(-1)
        return many, len(floods._buckets)

    assert asyncio.run(come()) == (flood.MANY_PEOPLE, 1)
