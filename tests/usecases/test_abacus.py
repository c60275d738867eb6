"""The process that works sums out: what it says, and that it steps back behind everything else."""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from typing import Any

import pytest

from bot.core.person import PersonId
from bot.store.session import Database
from bot.usecases import abacus
from bot.usecases.abacus import LOWEST_PRIORITY, Progress
from tests.usecases.world import World


class Said:
    """Standard input with one request; what is said on standard output is kept."""

    def __init__(self, patch: pytest.MonkeyPatch, request: dict[str, Any]) -> None:
        self.written = io.StringIO()
        self.limits: list[object] = []
        stdin = io.TextIOWrapper(io.BytesIO(json.dumps(request).encode()))
        patch.setattr(sys, "stdin", stdin)
        patch.setattr(sys, "stdout", self.written)
        patch.setattr(os, "nice", self.limits.append)
        patch.setattr(resource, "setrlimit", lambda kind, limit: self.limits.append(kind))

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.written.getvalue().splitlines()]


def count(database: Database, values: Any, progress: Progress) -> Any:
    for done in range(1001):
        progress(done, 1000)
    return values["of"]


def test_request_is_answered_after_every_whole_percent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abacus, "TASKS", {"count": count})
    said = Said(monkeypatch, {"url": world.database.url, "task": "count", "values": {"of": 7}})

    abacus.main()

    assert len(said.lines) == 102
    assert (said.lines[0], said.lines[-2:]) == ({"done": 0, "of": 1000}, [{"done": 1000, "of": 1000}, {"found": 7}])
    assert said.limits == [LOWEST_PRIORITY, resource.RLIMIT_CPU]


def test_what_breaks_is_told_without_its_values(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = PersonId(4711)

    def breaks(database: Database, values: Any, progress: Progress) -> Any:
        raise ValueError(secret)

    monkeypatch.setattr(abacus, "TASKS", {"count": breaks})
    said = Said(monkeypatch, {"url": world.database.url, "task": "count", "values": {}})

    abacus.main()

    [line] = said.lines
    assert line["broke"].startswith("ValueError\n")
    assert "4711" not in line["broke"]


def test_who_is_not_heard_any_more_stops(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    asked: list[int] = []

    def work(database: Database, values: Any, progress: Progress) -> Any:
        asked.append(1)
        progress(0, 1)
        asked.append(2)

    monkeypatch.setattr(abacus, "TASKS", {"count": work})
    said = Said(monkeypatch, {"url": world.database.url, "task": "count", "values": {}})
    said.written = Closed()
    monkeypatch.setattr(sys, "stdout", said.written)

    abacus.main()

    assert asked == [1]
