"""One way to open a transaction, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlmodel import Session, create_engine

from bot.store import postgresql
from bot.store.postgresql import READS_ONLY
from bot.store.prepared import DRIVER

BUSY_TIMEOUT_SECONDS = 2
_NEVER = float("-inf")
Value = TypeVar("Value")
LEAVE_NO_TRACE = "leave no trace"
"""Key of a session's info: set by an erasure, so that the database's log is emptied after the commit."""
ERASED = "erased"
"""Key of a session's info: the Telegram ids of who is erased by it."""


class DatabaseUnavailable(Exception):
    """The database cannot take the work now: locked, full, gone. Nothing was acknowledged; trying again is right."""


class Database:
    """Hands out transactions. Writers of one SQLite file take turns inside the process instead of polling its lock."""

    def __init__(self, url: str, *, note_erased: Callable[[list[int]], None] | None = None) -> None:
        """`note_erased` is told of who is erased, by Telegram ids, before it is committed."""
        self.url = url
        self._note_erased = note_erased
        self.failed: Callable[[], object] = _nobody
        """Called where the database itself did not take something."""
        self._failed_at = _NEVER
        """When it last did so, as long as nothing has been written since that shows it to be well again."""
        self._refused_at = _NEVER
        """When somebody who wanted to write was last refused."""
        self._keeps_a_trace = False
        self.engine, self._turn = _made_for(url)
        self._reading = self.engine.execution_options(**_READING[self.engine.dialect.name])

    @contextmanager
    def transaction(self, *, since: float | None = None) -> Iterator[Session]:
        """Open the one transaction of an update, request or job: commit at the end, roll back on any exception.

        `since` is the time (`time.monotonic`) from which it was waited for, in whatever queue; now where none is told.
        Failures of the database itself become DatabaseUnavailable.
        """
        with self._in_turn(since), self._named(), self.engine.connect() as connection, _within(connection) as session:
            yield session
            self._before_commit(session)
            if session.in_transaction():
                session.commit()  # writes what it still holds; the connection's own transaction goes on
            connection.commit()
            if session.info.get(LEAVE_NO_TRACE) or self._keeps_a_trace:
                self._empty_log()

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
        with self._named(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Name the failures of the database itself; everything else goes on as it is."""
        try:
            yield
        except NoConnectionFree as error:
            self._note_failure()
            raise DatabaseUnavailable("no connection is free") from error
        except DBAPIError as error:
            if _passes_by_itself(error):
                self._note_failure()
                raise DatabaseUnavailable(str(error.orig)) from error
            raise

    def _note_failure(self) -> None:
        self._failed_at = time.monotonic()
        self.failed()

    @contextmanager
    def _in_turn(self, since: float | None) -> Iterator[None]:
        """Wait for the turn to write, where there are turns. Whoever is refused lets all go who waited behind: they
        would only be refused as late, one after another, while ever more come.
        """
        if self._turn is None:
            yield
            return
        since = time.monotonic() if since is None else since
        with self._turn:
            if self._refused_at > since:
                raise DatabaseUnavailable("it took nothing from those who were first")
            try:
                yield
            except DatabaseUnavailable:
                self._refused_at = time.monotonic()
                raise

    def _empty_log(self) -> None:
        """Write SQLite's log into its file and cut it to nothing: what was erased must not be read there.

        Where the disk does not take that, or somebody still reads it, it is tried again after the next commit: this
        one stands.
        """
        if self.url.startswith("sqlite"):
            with self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                connection.rollback()
                raw.execute("PRAGMA busy_timeout=0")  # beside a reader it would keep all writers waiting
                try:
                    (is_held_up, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                    self._keeps_a_trace = bool(is_held_up)
                except sqlite3.OperationalError:
                    self._keeps_a_trace = True
                finally:
                    raw.execute(f"PRAGMA busy_timeout={1000 * BUSY_TIMEOUT_SECONDS:.0f}")

    def answers(self) -> bool:
        """Tell whether the database takes work now; after a failure, by writing: a full disk can still be read."""
        try:
            with self.transaction() as session:
                connection = session.connection()
                for statement in _WRITES_AND_CHANGES_NOTHING if self._failed_at > _NEVER else ("SELECT 1",):
                    connection.exec_driver_sql(statement)
        except DatabaseUnavailable:
            return False
        self._failed_at = _NEVER
        return True

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


async def in_transaction(database: Database, workers: Executor, work: Callable[[Session], Value]) -> Value:
    """Do something in a transaction on the threads that are there for it, waited for from now on."""
    since = time.monotonic()

    def run() -> Value:
        with database.transaction(since=since) as session:
            return work(session)

    return await asyncio.get_running_loop().run_in_executor(workers, run)


def _within(connection: Connection) -> Session:
    """Begin, and return a session in it, which costs next to nothing as long as only prepared statements run."""
    connection.begin()
    session = Session(connection, expire_on_commit=False)
    session.info[DRIVER] = connection.connection.dbapi_connection
    return session


def _nobody() -> None:
    """Tell nobody."""


_READING: dict[str, dict[str, Any]] = {
    "sqlite": {READS_ONLY: True},
    "postgresql": {READS_ONLY: True, "isolation_level": "REPEATABLE READ"},
}
"""What makes all statements of a snapshot see one moment, and wait for no turn to write."""


_WRITES_AND_CHANGES_NOTHING = (
    "UPDATE alembic_version SET version_num = version_num || '.'",
    "UPDATE alembic_version SET version_num = substr(version_num, 1, length(version_num) - 1)",
)

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
    return postgresql.passes_by_itself(error)


def _made_for(url: str) -> tuple[Engine, threading.Lock | None]:
    """Return the connections to a database, and what its writers take turns at inside this process, if they do."""
    if url.startswith("sqlite"):
        return _sqlite(url), threading.Lock()
    try:
        return postgresql.engine(url, wait_seconds=BUSY_TIMEOUT_SECONDS), None
    except (ArgumentError, ValueError):
        raise DatabaseUnavailable("this is not the address of a database") from None  # the cause may hold a password


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        begin = "BEGIN" if connection.get_execution_options().get(READS_ONLY) else "BEGIN IMMEDIATE"
        try:  # past SQLAlchemy's cursors, which cost a tap as much as reading its person
            connection.connection.driver_connection.execute(begin)
        except sqlite3.OperationalError as error:
            raise OperationalError(begin, None, error) from error

    return engine
