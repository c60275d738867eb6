"""What is due is found by its lane first, through the index, however much lies behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, insert, text

from bot.core.delivery import LANES, Kind
from bot.store import deliveries
from bot.store.session import Database
from bot.store.tables import DeliveryRow, PersonRow
from tests import databases

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = databases.opened(tmp_path / "bot.db")
    with opened.transaction() as session:
        person = {"id": 1, "telegram_id": 1, "first_name": "Sari", "last_typed_id": 0, "created_at": NOW}
        session.execute(insert(PersonRow), [{**person, "reachable": True}])
    yield opened
    opened.close()


def owes(database: Database, *kinds: str, due_at: datetime = NOW) -> None:
    """Owe one message of each kind, each due a minute before the one before it."""
    with database.transaction() as session:
        known = session.connection().execute(text("SELECT count(*) FROM delivery")).scalar_one()
        rows = [
            {
                "person_id": 1,
                "key": str(known + n),
                "kind": kind,
                "sender_name": "",
                "due_at": due_at - n * MINUTE,
                "created_at": NOW,
            }
            for n, kind in enumerate(kinds)
        ]
        session.execute(insert(DeliveryRow), rows)


def due(database: Database, limit: int = 20) -> list[str]:
    with database.transaction() as session:
        return [f"{one.kind} {one.key}" for one in deliveries.due(session, now=NOW, limit=limit)]


def test_every_kind_is_in_one_lane() -> None:
    assert sorted(kind for lane in LANES for kind in lane) == sorted(Kind)


def test_lanes_go_before_age_and_age_counts_within_a_lane(database: Database) -> None:
    owes(database, "masuk", "diterima", "pelajaran", "pelajaran", "ingatkan", "pengumuman")

    assert due(database) == ["diterima 1", "masuk 0", "pelajaran 3", "pelajaran 2", "ingatkan 4", "pengumuman 5"]
    assert due(database, limit=3) == ["diterima 1", "masuk 0", "pelajaran 3"]


def test_kind_of_a_later_version_is_left_to_it(database: Database) -> None:
    owes(database, "belum dikenal", "masuk")

    assert due(database) == ["masuk 1"]


def test_what_is_due_later_is_not_found(database: Database) -> None:
    owes(database, "masuk", "pengumuman", due_at=NOW + 2 * MINUTE)

    assert due(database) == []


def test_what_is_due_is_found_through_the_index(database: Database) -> None:
    owes(database, *["pengumuman"] * 2000, "masuk")
    statements: list[tuple[str, object]] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda c, cursor, sql, told, *_: statements.append((sql, told))
    )
    found = due(database)
    (sql, told) = next(one for one in statements if "UNION ALL" in one[0])

    with database.transaction() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", told).all()  # type: ignore[arg-type]

    steps = [row[3] for row in plan if "delivery" in row[3].lower() or "deliveries" in row[3].lower()]
    assert found[0] == "masuk 2000"
    assert [step.split(" USING ")[-1] for step in steps if step.startswith(("SEARCH", "SCAN"))] == [
        "INDEX deliveries_due (kind=? AND due_at<?)"
    ] * len(LANES)
