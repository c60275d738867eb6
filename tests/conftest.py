"""Options and fixtures of all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import Stage, stage


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write what the bot says now into the transcripts")


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Stage]:
    """The whole application on a fresh database."""
    with stage(tmp_path) as opened:
        yield opened
