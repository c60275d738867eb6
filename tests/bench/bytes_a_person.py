"""How many bytes an owner takes who has used everything for two years, on SQLite and on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, text
from sqlmodel import SQLModel

from bot.store import copying, migrate
from bot.store.session import Database
from tests import databases
from tests.store.rows import value_for

AT = datetime(2026, 11, 24, 3, 0, 12, 345678, tzinfo=UTC)
A_PERSON = {
    "consent": 2,
    "attempt": 2,
    "response": 60,
    "reading": 2,
    "picture": 2,
    "lesson": 8,
    "act_report": 4,
    "practice_number": 6,
    "probe": 12,
    "delivery": 60,
    "wish": 4,
    "membership": 1,
    "sharing": 1,
}
"""Rows of one owner in each table: two sittings with 30 answers, eight lessons, and what was sent within two years."""
DIGEST = "0123456789abcdef" * 4
WORDS = {
    "text_hash": DIGEST,
    "file_id": "AgACAgUAAxkDAAIBaGc9" * 4,
    "item_code": "O1-001",
    "module_code": "M-O2-aman",
    "status": "finished",
    "answer": "c2",
    "key": "harian:12345678:2026-11-24:M-O2-aman",
    "first_name": "Sari Wulandari",
    "role": "pemilik",
}
PEOPLE_AT_ONCE = 500


def measure(people: int) -> str:
    """Fill both databases and tell the bytes a person, without what is there before anybody joins."""
    with tempfile.TemporaryDirectory() as folder, databases.own_server() as server:
        sqlite = Database(f"sqlite:///{Path(folder) / 'people.db'}")
        postgresql = Database(server.get_uri())
        migrate.upgrade(sqlite)
        migrate.upgrade(postgresql)
        before = _sizes(sqlite, postgresql)
        for first in range(1, people + 1, PEOPLE_AT_ONCE):
            with sqlite.engine.begin() as connection:
                for table, rows in _rows(connection, range(first, min(first + PEOPLE_AT_ONCE, people + 1))):
                    connection.execute(insert(table), rows)
        copying.copy(sqlite, postgresql)
        after = _sizes(sqlite, postgresql)
        sqlite.close()
        postgresql.close()
    return "\n".join(
        f"{name}: {(after[name] - before[name]) / people:,.0f} bita per orang" for name in ("SQLite", "PostgreSQL")
    )


def _sizes(sqlite: Database, postgresql: Database) -> dict[str, int]:
    with sqlite.engine.connect() as here, postgresql.engine.connect() as there:
        pages = (
            here.execute(text("PRAGMA page_count")).scalar_one() * here.execute(text("PRAGMA page_size")).scalar_one()
        )
        return {
            "SQLite": pages,
            "PostgreSQL": there.execute(text("SELECT pg_database_size(current_database())")).scalar_one(),
        }


def _rows(connection: Connection, people: range) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Give the rows of these people, those first that others refer to."""
    if people.start == 1:
        for name in ("release", "coach_group"):
            table = SQLModel.metadata.tables[name]
            yield table, [_row(table, 1, 1, 1)]
    person = SQLModel.metadata.tables["person"]
    yield person, [_row(person, owner, owner, 1) for owner in people]
    for table in SQLModel.metadata.sorted_tables:
        count = A_PERSON.get(table.name, 0)
        rows = [
            _row(table, (owner - 1) * count + number, owner, number)
            for owner in people
            for number in range(1, count + 1)
        ]
        if rows:
            yield table, rows


def _row(table: Table, row_id: int, owner: int, number: int) -> dict[str, Any]:
    """Give one row; what must be unique is made so from the owner and the number among the owner's rows."""
    row: dict[str, Any] = {}
    for column in table.columns:
        value = value_for(column.type)
        row[column.name] = AT if isinstance(value, datetime) else WORDS.get(column.name, value)
    attempt = (owner - 1) * A_PERSON["attempt"] + 1 + (number - 1) % A_PERSON["attempt"]
    row |= {"id": row_id, "person_id": owner, "attempt_id": attempt, "telegram_id": 5_000_000_000 + owner}
    row |= {"key": f"harian:{owner}:{number}", "slot": 1 + number // 2, "item_code": f"O1-{number:03}"}
    row |= {"module_code": f"M-O2-{number}", "name": f"angka{number}", "what": f"hal{number}", "language": f"l{number}"}
    row |= {"id": "r1"} if table.name == "release" else {}
    return {name: value for name, value in row.items() if name in table.columns}
