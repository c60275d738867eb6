"""Moving a whole deployment from SQLite to PostgreSQL and back: every row, every id that was given out."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Table, select, text
from sqlmodel import SQLModel

from bot.core.person import PersonId
from bot.store import audit, copying, migrate, personal
from bot.store.copying import CopyRefused
from bot.store.session import Database
from bot.store.tables import PersonRow
from tests import databases
from tests.store.rows import insert_sample

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    with databases.own_server() as started:
        yield started.get_uri()


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.snapshot() as session:
        return {
            name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in SQLModel.metadata.tables.items()
        }


def _full(path: Path) -> Database:
    """A database with a row in every table, whose latest person was erased."""
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    with database.engine.begin() as connection:
        insert_sample(connection)
    with database.transaction() as session:
        for telegram_id in range(2000, 2000 + copying.AT_ONCE):
            session.add(PersonRow(telegram_id=telegram_id, first_name="👩🏽 Sari\U0001f600", created_at=NOW))
        gone = PersonRow(telegram_id=9, first_name="Pergi", created_at=NOW)
        session.add(gone)
        session.flush()
        assert gone.id is not None
        personal.erase(session, PersonId(gone.id), 9)
    return database


def _database(server: str, name: str) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
    head, _, tail = server.partition("/postgres?")
    return f"{head}/{name}?{tail}"


def test_everything_moves_to_postgresql_and_back(tmp_path: Path, server: str) -> None:
    before = _full(tmp_path / "before.db")
    there = Database(_database(server, "there"))
    back = Database(f"sqlite:///{tmp_path / 'back.db'}")

    counts = copying.copy(before, there)
    copying.copy(there, back)

    expected = _everything(before)
    assert {name: len(rows) for name, rows in expected.items()} == counts
    assert min(counts.values()) == 1
    assert _everything(there) == expected
    assert _everything(back) == expected
    for database in (there, back):
        with database.transaction() as session:
            person = PersonRow(telegram_id=10, first_name="Baru", created_at=NOW)
            session.add(person)
            session.flush()
            audit.note(session, PersonId(1), "terbit", "rilis", now=NOW)
            assert person.id == 1 + copying.AT_ONCE + 2  # the erased one's id stays unused
        database.close()
    before.close()


def test_target_that_holds_something_is_refused(tmp_path: Path) -> None:
    before, target = _full(tmp_path / "before.db"), _full(tmp_path / "target.db")
    held = _everything(target)

    with pytest.raises(CopyRefused, match="tidak kosong"):
        copying.copy(before, target)

    assert _everything(target) == held
    before.close()
    target.close()


def test_source_of_an_older_version_is_refused(tmp_path: Path) -> None:
    old, target = Database(f"sqlite:///{tmp_path / 'old.db'}"), Database(f"sqlite:///{tmp_path / 'target.db'}")
    command.upgrade(migrate._config(old), "0006")

    with pytest.raises(CopyRefused, match="belum diperbarui"):
        copying.copy(old, target)

    with target.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
    old.close()
    target.close()


def test_copy_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, target = _full(tmp_path / "before.db"), Database(f"sqlite:///{tmp_path / 'target.db'}")
    last: Table = SQLModel.metadata.sorted_tables[-1]
    real = copying._give_out_further_ids

    def breaks(there: object, here: object, table: Table) -> None:
        if table is last:
            raise OSError("power")
        real(there, here, table)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "_give_out_further_ids", breaks)
    with pytest.raises(OSError, match="power"):
        copying.copy(before, target)

    assert {name: len(rows) for name, rows in _everything(target).items() if rows} == {}
    before.close()
    target.close()


def test_source_is_nobody_elses_while_it_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, target = _full(tmp_path / "before.db"), Database(f"sqlite:///{tmp_path / 'target.db'}")
    other = f"import sqlite3; sqlite3.connect({str(tmp_path / 'before.db')!r}, timeout=0).execute('DELETE FROM wish')"
    ended: list[bytes] = []
    real = copying._give_out_further_ids

    def tries(there: object, here: object, table: Table) -> None:
        if not ended:
            ended.append(subprocess.run([sys.executable, "-c", other], stderr=subprocess.PIPE, check=False).stderr)
        real(there, here, table)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "_give_out_further_ids", tries)
    copying.copy(before, target)

    assert ended[0].strip().endswith(b"sqlite3.OperationalError: database is locked")
    assert _everything(target) == _everything(before)
    with before.transaction() as session:
        session.execute(text("DELETE FROM wish"))  # afterwards it is free again
    before.close()
    target.close()


def test_source_that_somebody_has_open_is_refused_and_the_target_stays_untouched(tmp_path: Path) -> None:
    before, target = _full(tmp_path / "before.db"), Database(f"sqlite:///{tmp_path / 'target.db'}")

    with closing(sqlite3.connect(tmp_path / "before.db")) as other:
        other.execute("SELECT count(*) FROM person").fetchone()
        with pytest.raises(CopyRefused, match="masih dipakai"):
            copying.copy(before, target)

    assert not (tmp_path / "target.db").exists()
    before.close()
