"""The world, its two owners, and the cast of groups."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.person import Person
from tests.usecases.cast import Cast, gather
from tests.usecases.editors import Editors, bring_in
from tests.usecases.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World.open(tmp_path / "bot.db")
    yield opened
    opened.database.close()


@pytest.fixture
def sari(world: World) -> Person:
    return world.joins(1001, "Sari")


@pytest.fixture
def joko(world: World) -> Person:
    return world.joins(2001, "Joko")


@pytest.fixture
def cast(world: World) -> Cast:
    return gather(world)


@pytest.fixture
def editors(world: World) -> Editors:
    return bring_in(world)
