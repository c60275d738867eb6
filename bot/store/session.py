"""One way to open a transaction, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, create_engine

BUSY_TIMEOUT_SECONDS = 2
LEAVE_NO_TRACE = "leave no trace"
"""Key of a session's info: set by an erasure, so that the database's log is emptied after the commit."""
ERASED = "erased"
"""Key of a session's info: the Telegram ids of who is erased by it."""
READS_ONLY = "reads_only"
"""Option of a connection that takes no turn to write."""


class DatabaseUnavailable(Exception):
    """The database cannot take the work now: locked, full, gone. Nothing was acknowledged; trying again is right."""


class Database:
    """Hands out transactions. Writers of one SQLite file take turns inside the process instead of polling its lock."""

    def __init__(self, url: str, *, note_erased: Callable[[list[int]], None] | None = None) -> None:
        """`note_erased` is told of who is erased, by Telegram ids, before it is committed."""
        self.url = url
        self._note_erased = note_erased
        self.engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        self._reading = self.engine.execution_options(**{READS_ONLY: True})
        self._turn: Any = threading.Lock() if url.startswith("sqlite") else nullcontext()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open the one transaction of an update, request or job: commit at the end, roll back on any exception.

        Failures of the database itself become DatabaseUnavailable.
        """
        with self._turn:
            try:
                with Session(self.engine, expire_on_commit=False) as session:
                    yield session
                    self._before_commit(session)
                    session.commit()
                    if session.info.get(LEAVE_NO_TRACE):
                        self._empty_log()
            except DBAPIError as error:
                if _passes_by_itself(error):
                    raise DatabaseUnavailable(str(error.orig)) from error
                raise

    def _before_commit(self, session: Session) -> None:
        """Have it written down who is erased; where that cannot be, nobody is erased and it is tried again."""
        if self._note_erased is None or not session.info.get(ERASED):
            return
        try:
            self._note_erased(session.info[ERASED])
        except OSError as error:
            raise DatabaseUnavailable(f"the log of erasures: {error}") from error

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Open what only reads: the state of this moment, beside the writers and without waiting for their turn.

        Whatever is written in it is thrown away. Failures of the database itself become DatabaseUnavailable.
        """
        try:
            with Session(self._reading, expire_on_commit=False) as session:
                yield session
        except DBAPIError as error:
            if _passes_by_itself(error):
                raise DatabaseUnavailable(str(error.orig)) from error
            raise

    def _empty_log(self) -> None:
        """Write SQLite's log into its file and cut it to nothing: what was erased must not be read there."""
        if self.url.startswith("sqlite"):
            with self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                connection.rollback()
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def answers(self) -> bool:
        """Tell whether the database takes work now."""
        try:
            with self.transaction() as session:
                session.connection().exec_driver_sql("SELECT 1")
        except DatabaseUnavailable:
            return False
        return True

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


_SQLITE_PASSES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
}


def _passes_by_itself(error: DBAPIError) -> bool:
    """Tell whether the database was in the way, rather than our statement wrong."""
    if isinstance(error.orig, sqlite3.Error):
        return (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_PASSES
    return error.connection_invalidated or isinstance(error, OperationalError)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reads = connection.get_execution_options().get(READS_ONLY)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True)
