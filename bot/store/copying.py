"""Moving everything from one database into another, SQLite or PostgreSQL, either way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, event, func, insert, inspect, select, text
from sqlmodel import SQLModel

from bot.store import migrate
from bot.store.session import Database

AT_ONCE = 1000


class CopyRefused(Exception):
    """The databases are not fit for a copy; the message says why."""


def copy(source: Database, target: Database) -> dict[str, int]:
    """Copy every row of every table, and how far ids were given out; return the rows by table.

    The target is brought to the newest schema and must be empty; the source must have that schema already, and a
    SQLite file must be nobody else's meanwhile: what they wrote after it was read would be lost. All or nothing.
    """
    if source.url == target.url:
        raise CopyRefused("basis data asal dan tujuan sama")
    with _alone(source):
        return _copy(source, target)


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Keep everybody else out of a SQLite file; refuse while a process has it open, also one that does nothing."""
    if not database.url.startswith("sqlite"):
        yield
        return
    database.close()
    event.listen(database.engine, "connect", _take_alone, insert=True)  # before anything is read through it
    try:
        with database.engine.connect():
            pass  # the pool keeps the connection, and with it the lock
        yield
    finally:
        event.remove(database.engine, "connect", _take_alone)
        database.close()


def _take_alone(connection: Any, _: object) -> None:
    """Take SQLite's own exclusive lock, and keep it until the connection is closed."""
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    try:
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise CopyRefused(
                "basis data asal masih dipakai: hentikan bot dan pencadangan dahulu, lalu ulangi"
            ) from error
        raise


def _copy(source: Database, target: Database) -> dict[str, int]:
    migrate.upgrade(target)
    if migrate.revision(source) != migrate.revision(target):
        raise CopyRefused("basis data asal belum diperbarui: jalankan migrate dahulu")
    counts: dict[str, int] = {}
    with source.snapshot() as reading, target.transaction() as writing:
        there, here = reading.connection(), writing.connection()
        for table in SQLModel.metadata.sorted_tables:
            if here.execute(select(func.count()).select_from(table)).scalar_one():
                raise CopyRefused(f"basis data tujuan tidak kosong: {table.name}")
        for table in SQLModel.metadata.sorted_tables:
            counts[table.name] = 0
            for rows in _batches(there, table):
                here.execute(insert(table), rows)
                counts[table.name] += len(rows)
            _give_out_further_ids(there, here, table)
    return counts


def _batches(there: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    result = there.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key.columns))
    for partition in result.mappings().partitions():
        yield [dict(row) for row in partition]


def _give_out_further_ids(there: Connection, here: Connection, table: Table) -> None:
    """Go on counting where the source stopped, so that an id of somebody erased never means another one."""
    last = _last_id(there, table)
    if last is None:
        return
    if here.dialect.name == "sqlite":
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return
        here.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        given = {"name": table.name, "last": last}
        here.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)
    else:
        here.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})"))


def _last_id(there: Connection, table: Table) -> int | None:
    """Return the last id that a table gave out; None where it gives out none, or has given none yet."""
    column = table.autoincrement_column
    if column is None or column.name != "id":
        return None
    if there.dialect.name != "sqlite":
        sequence = there.execute(text(f"SELECT pg_get_serial_sequence('{table.name}', 'id')")).scalar_one()
        if sequence is None:
            return None
        last, called = there.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
        return int(last) if called else None
    noted = None
    if inspect(there).has_table("sqlite_sequence"):
        noted = there.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar()
    return noted or there.execute(select(func.max(column))).scalar()
