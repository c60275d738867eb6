"""The capacity plan says what its arithmetic says."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest
from dbos import _dbos_config

from bot.jobs.engine import Engine
from bot.store import postgresql
from tests.bench.capacity import BOTS, DOCUMENT, SIZES, SOURCES, Inputs, days_to_tell, plan, tables, written
from tests.process.support import ROOT

RECKONING = 1
"""Of a process that works out one thing after the other for admins, beside one that serves pages."""
LOOKING = 1
"""Of the engine when it starts: whether its database exists."""
ROUND = Inputs(
    cpu_ms_per_tap=3.0,
    cpu_ms_in_database_per_tap=1.0,
    busy_at_most=0.5,
    cores_a_machine=4,
    taps_a_year=365,
    evening_factor=10.0,
    campaign_share=0.0,
    seconds_to_answer=0.1,
    connections_a_bot=40,
    sends_a_second_a_bot=25,
    owed_a_week=1.0,
    bytes_a_person_sqlite=1_000,
    bytes_a_person_postgresql=2_000,
)


def test_document_holds_the_tables_of_the_inputs() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")

    assert written(document, Inputs()) == document


def test_every_input_says_where_it_comes_from() -> None:
    assert set(SOURCES) == {field.name for field in fields(Inputs)}


def test_plan_of_round_numbers() -> None:
    found = plan(8_640_000, ROUND)  # one tap a day each: a hundred a second

    assert (found.mean, found.peak) == (100.0, 1000.0)
    assert (found.processes, found.machines, found.database_cores) == (6, 2, 2)
    assert (found.bots_for_updates, found.bots_for_owed) == (3, 2)
    assert (found.gigabytes_sqlite, found.gigabytes_postgresql) == (8.64, 17.28)


def test_campaign_beyond_a_busy_evening_is_the_peak() -> None:
    campaign = replace(ROUND, campaign_share=0.1, campaign_taps=100)

    assert plan(3_600, campaign).peak == 10.0


def test_nobody_is_left_with_a_single_process() -> None:
    small = plan(10, Inputs())

    assert (small.processes, small.machines, small.bots_for_updates, small.bots_for_owed) == (2, 2, 1, 1)


@pytest.mark.parametrize(
    ("owners", "bots", "days"), [(1_080_000, 1, 1.0), (30_000_000, 1, 27.8), (30_000_000, 38, 0.73)]
)
def test_days_for_one_message_to_everybody(owners: int, bots: int, days: float) -> None:
    assert days_to_tell(owners, bots, Inputs()) == pytest.approx(days, abs=0.03)


def test_tables_have_a_line_for_each_size_and_a_column_for_each_number_of_bots() -> None:
    lines = tables(Inputs()).splitlines()

    assert sum(line.startswith(f"| {size:,} |") for size in SIZES for line in lines) == 2 * len(SIZES)
    assert lines[-1].count("|") == len(BOTS) + 2


def test_connections_to_postgresql_are_reckoned_as_the_code_opens_them() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    configured = (ROOT / "deploy" / "postgresql" / "tangga.conf").read_text(encoding="utf-8")
    pool = postgresql.CONNECTIONS + postgresql.SPARE_CONNECTIONS
    of_the_engine = _engine_pool()

    told = {name: int(most) for name, most in re.findall(r"^\| `(run[^`]*)` \| (\d+) \|", document, flags=re.M)}
    a_web, a_worker, others = map(int, re.findall(r"\*\*(\d+) × web \+ (\d+) × work \+ (\d+)\*\*", document)[0])
    (configured_at_most,) = map(int, re.findall(r"^max_connections = (\d+)$", configured, flags=re.M))

    assert told == {
        "run --only web": pool + RECKONING,
        "run --only work": pool + of_the_engine + LOOKING,
        "run": pool + RECKONING + of_the_engine + LOOKING,
    }
    assert (a_web, a_worker) == (told["run --only web"], told["run --only work"])
    assert f"Two and two\nprocesses need {2 * a_web + 2 * a_worker + others} of the {configured_at_most}" in document
    assert 2 * a_web + 2 * a_worker + others <= configured_at_most
    assert f"need {plan(30_000_000, Inputs()).processes * a_web + 12 * a_worker + others}: set" in document


def _engine_pool() -> int:
    """Return how many connections DBOS opens at most for our settings of it."""
    settings = dict(Engine("postgresql://db/tangga", None)._config())  # type: ignore[arg-type]
    translated = _dbos_config.process_config(data=_dbos_config.translate_dbos_config_to_config_file(settings))  # type: ignore[arg-type]
    pool = translated["database"]["sys_db_engine_kwargs"] or {}
    assert settings["use_listen_notify"] is False  # it would keep one more connection, and need a session of its own
    return int(pool["pool_size"]) + int(pool["max_overflow"])
