"""One row for every table of a schema as it stands in a database, made from its columns alone.

Whole numbers are 1, texts `r1`, so that every reference meets the row that it needs.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NOT_OURS = "alembic_version"


def value_for(kind: Any) -> object:
    """Return what a column of this type is given."""
    values: dict[type, object] = {bool: False, int: 1, float: 1.0, datetime: NOW, date: NOW.date()}
    return values.get(getattr(kind, "impl_instance", kind).python_type, "r1")


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables that are there, those first that others refer to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != NOT_OURS]


def insert_sample(connection: Connection, tables: list[Table] | None = None) -> None:
    """Insert a row with every column into every table, as code that knows these columns does."""
    for table in tables_of(connection) if tables is None else tables:
        connection.execute(insert(table), {column.name: value_for(column.type) for column in table.columns})
