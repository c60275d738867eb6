"""The clock of releases: it goes on after a failure, looks without taking a turn, and stops when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.jobs import schedule
from bot.jobs.schedule import Schedule
from bot.store.session import DatabaseUnavailable
from bot.usecases import releasing
from bot.usecases.releasing import Proposed
from tests.usecases.editors import Editors, bring_in, stem
from tests.usecases.world import World

NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"


@pytest.fixture
def editors(world: World) -> Editors:
    return bring_in(world)


@pytest.fixture
def clock(world: World) -> Iterator[Schedule]:
    with ThreadPoolExecutor(1) as workers:
        yield Schedule(world.database, workers, world.library, lambda: world.now)


def _scheduled(editors: Editors) -> None:
    editors.changes(stem(NEW_STEM))
    proposed = editors.proposes(due_at=editors.world.now + timedelta(hours=1))
    assert isinstance(proposed, Proposed)
    editors.world.now += timedelta(hours=1)


async def _until(done: asyncio.Event, running: Schedule) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(running.run(stop))
    await asyncio.wait_for(done.wait(), 10)
    stop.set()
    await asyncio.wait_for(task, 10)


@pytest.mark.parametrize("error", [DatabaseUnavailable("locked"), RuntimeError("odd")])
def test_clock_goes_on_after_a_failure(
    editors: Editors, clock: Schedule, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    before = editors.current()
    _scheduled(editors)
    looks, done = list[int](), asyncio.Event()
    looked = releasing.is_due

    def is_due(session: Session, *, two_person: bool, now: object) -> bool:
        looks.append(1)
        if len(looks) == 1:
            raise error
        done.set()
        return looked(session, two_person=two_person, now=editors.world.now)

    monkeypatch.setattr(releasing, "is_due", is_due)
    monkeypatch.setattr(schedule, "EVERY_SECONDS", 0.01)

    asyncio.run(_until(done, clock))

    assert editors.current() != before


def test_two_processes_release_once(editors: Editors, clock: Schedule) -> None:
    _scheduled(editors)

    clock.sweep()
    replace(clock).sweep()

    assert [act for _, act, _ in editors.log()].count(releasing.SCHEDULED) == 1


def test_looking_takes_no_turn_from_the_taps(editors: Editors, clock: Schedule) -> None:
    with editors.world.database.transaction():
        clock.sweep()
