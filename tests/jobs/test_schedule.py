"""The clock of releases: it releases once, and looks without taking a turn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.jobs.schedule import Schedule
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


def test_two_processes_release_once(editors: Editors, clock: Schedule) -> None:
    _scheduled(editors)

    clock.sweep()
    replace(clock).sweep()

    assert [act for _, act, _ in editors.log()].count(releasing.SCHEDULED) == 1


def test_looking_takes_no_turn_from_the_taps(editors: Editors, clock: Schedule) -> None:
    with editors.world.database.transaction():
        clock.sweep()
