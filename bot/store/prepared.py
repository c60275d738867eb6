"""Statements that every tap runs: compiled once, then executed by the driver, past what SQLAlchemy does at each call.

What SQLAlchemy knows of a statement is asked once for each kind of database: its text, the order of its parameters, and
how values of its types are written and read. What fails is raised as SQLAlchemy would raise it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

DRIVER = "driver"
"""Key of a session's info: the driver's connection that the whole session runs on, where that is known."""
Process = Callable[[Any], Any]
Row = Any
"""A named tuple with the columns that were selected."""


class Prepared:
    """A statement that is run again and again with other values; all its parameters are given by name."""

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        self._statement = statement
        self._known: dict[str, _Compiled] = {}

    def all(self, session: Session, **values: object) -> list[Row]:
        """Return all rows."""
        compiled = self._for(session)
        return [compiled.row(found) for found in _executed(session, compiled, values).fetchall()]

    def first(self, session: Session, **values: object) -> Row | None:
        """Return the first row; None where there is none."""
        compiled = self._for(session)
        found = _executed(session, compiled, values).fetchone()
        return None if found is None else compiled.row(found)

    def run(self, session: Session, **values: object) -> None:
        """Change what is stored."""
        _executed(session, self._for(session), values)

    def _for(self, session: Session) -> _Compiled:
        dialect = session.get_bind().dialect
        found = self._known.get(dialect.name)
        if found is None:
            found = self._known[dialect.name] = _compiled(self._statement, dialect)
        return found


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement for one kind of database; `names` are its parameters in order, None where they go by name."""

    text: str
    names: tuple[str, ...] | None
    fixed: dict[str, object]
    write: tuple[tuple[str, Process], ...]
    read: tuple[tuple[int, Process], ...]
    make: Callable[[Any], Row]
    error: type[Exception]

    def parameters(self, values: dict[str, object]) -> Any:
        for name, process in self.write:
            values[name] = process(values[name])
        if self.fixed:
            values = self.fixed | values
        return values if self.names is None else [values[name] for name in self.names]

    def row(self, found: tuple[Any, ...]) -> Row:
        if not self.read:
            return self.make(found)
        columns = list(found)
        for index, process in self.read:
            columns[index] = process(columns[index])
        return self.make(columns)


def _compiled(statement: Select[Any] | UpdateBase, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    writing = {name: _writing(bind.type, dialect) for name, bind in compiled.binds.items()}
    fixed = {name: _written(bind.value, writing[name]) for name, bind in compiled.binds.items() if not bind.required}
    columns = list(statement.selected_columns) if isinstance(statement, Select) else []
    reading = [(index, _reading(column.type, dialect)) for index, column in enumerate(columns)]
    return _Compiled(
        text=str(compiled),
        names=None if compiled.positiontup is None else tuple(compiled.positiontup),
        fixed=fixed,
        write=tuple((name, process) for name, process in writing.items() if process is not None and name not in fixed),
        read=tuple((index, process) for index, process in reading if process is not None),
        make=_maker([column.name for column in columns]),
        error=dialect.loaded_dbapi.Error,
    )


def _maker(names: list[str]) -> Callable[[Any], Row]:
    """Return what makes a named tuple of a row's values."""
    build: Callable[..., Any] = namedtuple
    make: Callable[[Any], Row] = build("Row", names)._make
    return make


def _writing(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _written(value: Any, process: Process | None) -> object:
    return value if process is None else process(value)


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _executed(session: Session, compiled: _Compiled, values: dict[str, object]) -> Any:
    """Run a statement on a cursor of the driver and return it."""
    cursor = _driver(session).cursor()
    parameters = compiled.parameters(values)
    try:
        cursor.execute(compiled.text, parameters)
    except compiled.error as error:
        raise _named(session, compiled.text, error) from error
    return cursor


def _driver(session: Session) -> Any:
    """Return the driver's connection of the session's transaction."""
    return session.info.get(DRIVER) or session.connection().connection.dbapi_connection


def _named(session: Session, text: str, error: Exception) -> BaseException:
    """Return a failure as SQLAlchemy names it, without the values; a broken connection is not used again."""
    connection = session.connection()
    dialect = connection.dialect
    driver = connection.connection.dbapi_connection
    is_lost = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        text, None, error, dialect.loaded_dbapi.Error, connection_invalidated=is_lost, dialect=dialect
    )
