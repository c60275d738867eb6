"""The world of the use cases, and the lane that sends what is owed in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.person import Person
from tests.jobs.lane import Lane
from tests.usecases.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World.open(tmp_path / "bot.db")
    yield opened
    opened.database.close()


@pytest.fixture
def lane(world: World) -> Iterator[Lane]:
    opened = Lane(world)
    yield opened
    opened.close()


@pytest.fixture
def other(world: World) -> Iterator[Lane]:
    """Another process on the same database."""
    opened = Lane(world)
    yield opened
    opened.close()


@pytest.fixture
def sari(world: World) -> Person:
    return world.joins(1001, "Sari")


@pytest.fixture
def budi(world: World) -> Person:
    return world.joins(1002, "Budi")
