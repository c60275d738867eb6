"""The bench itself, small: every contestant does its whole work, and the figures say what they claim."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bench import recovery
from tests.bench.__main__ import read_line, run_round, running
from tests.bench.served import percentile
from tests.bench.targets import verdict


@pytest.mark.parametrize(
    ("kind", "more"), [("a", ()), ("a", ("--among", "60")), ("b", ()), ("c", ()), ("d", ())], ids=str
)
def test_contestant_answers_every_tap_and_stores_what_it_should(
    kind: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    with running("sink") as server:
        sink = f"http://127.0.0.1:{read_line(server)}"
        with running("contestant", kind, sink, str(tmp_path), "6", *more) as process:
            read_line(process)

            cost = run_round(process, sink, laps=1, in_flight=2)

    assert min(cost.per_second, cost.cpu_ms) > 0


def test_lost_database_is_put_back_and_the_bot_is_ready_on_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "GIGABYTES", 0.001)

    told, found = asyncio.run(recovery.recovery(tmp_path))

    assert "1,650 orang" in told
    assert found.endswith(" tercapai")


def test_percentile_is_the_value_below_which_so_many_of_a_hundred_lie() -> None:
    values = [float(value) for value in range(100, 0, -1)]

    assert [percentile(values, share) for share in (50, 99, 100)] == [51.0, 100.0, 100.0]
    assert percentile([], 99) == float("inf")


def test_verdict_tells_whether_a_target_is_met() -> None:
    told = [verdict("x", 0.7, 0.7, digits=1), verdict("x", 0.8, 0.7, digits=1), verdict("x", 1.7, 1.7, at_least=True)]

    assert [line.split()[-1] for line in told] == ["tercapai", "TERCAPAI", "tercapai"]
    assert ["BELUM" in line for line in told] == [False, True, False]
