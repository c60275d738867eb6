"""Options and fixtures of all tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import pytest

from bot.content import release
from tests import databases
from tests.stage import Stage, stage

_RUNNING = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write what the bot says now into the transcripts")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite_only: is about SQLite's own ways")
    config.addinivalue_line("markers", "postgresql_only: is about PostgreSQL's own ways")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl+C: everything is cleared away
    databases.keep_in_memory()
    config.stash[_RUNNING] = ExitStack()
    if not hasattr(config, "workerinput"):  # the workers of one run share its server
        config.stash[_RUNNING].enter_context(databases.server())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _RUNNING in config.stash:
        config.stash[_RUNNING].close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    other = "sqlite_only" if databases.ON_POSTGRESQL else "postgresql_only"
    if item.get_closest_marker(other):
        pytest.skip(other.replace("_", " "))


@pytest.fixture(scope="session", autouse=True)
def _shared_databases() -> Iterator[None]:
    with databases.cleared_away():
        yield


@pytest.fixture(scope="session", autouse=True)
def _releases_read_once() -> Iterator[None]:
    """Let all libraries of a run share the releases, which never change under their ids."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release, "thaw", lru_cache(maxsize=16)(release.thaw))
        yield


@pytest.fixture(autouse=True)
def _own_databases() -> Iterator[None]:
    with databases.dropped_afterwards():
        yield


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Stage]:
    """The whole application on a fresh database."""
    with stage(tmp_path) as opened:
        yield opened
