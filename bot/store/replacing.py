"""Rows that may be there already, also where two write the same one at the same moment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def put(session: Session, row: SQLModel) -> None:
    """Write a row in the place of the one with the same primary key, if there is one."""
    table: Any = inspect(type(row)).local_table
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key]
    values = {column.name: getattr(row, column.name) for column in table.columns}
    others = {name: value for name, value in values.items() if name not in keys}
    session.execute(make(table).values(**values).on_conflict_do_update(index_elements=keys, set_=others))
