"""PostgreSQL in trouble: what passes by itself is one named failure, soon, and the next transaction works.

A server of its own is started here, for it is restarted.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import literal, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import wiring
from bot.store import migrate, postgresql
from bot.store.session import Database, DatabaseUnavailable
from bot.store.tables.columns import UtcDateTime
from tests import databases
from tests.postgresql_server import Cutting, Server
from tests.process.support import ROOT, environment

pytestmark = pytest.mark.postgresql_only
SOON = 4.0
"""Seconds within which somebody who waits must be told."""
_numbers = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with databases.own_server() as started:
        yield Server(started)


@pytest.fixture
def address(server: Server) -> str:
    """The address of a new database with one table and one row."""
    name = f"trouble_{next(_numbers)}"
    server.does(f"CREATE DATABASE {name}")
    found = make_url(server.url).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(found, autocommit=True) as connection:
        connection.execute("CREATE TABLE told (id int PRIMARY KEY, what text)")
        connection.execute("INSERT INTO told VALUES (1, 'awal')")
    return found


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    with closing(Database(address)) as opened:
        yield opened


def told(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.execute(text("SELECT what FROM told ORDER BY id")).scalars())


def tells(session: Session, what: str, number: int = 2) -> None:
    session.execute(text("INSERT INTO told VALUES (:number, :what)"), {"number": number, "what": what})


def unavailable(work: Callable[[], object]) -> float:
    """Let something be refused as what passes by itself; return after how many seconds."""
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        work()
    return time.monotonic() - began


# Connections that end


def test_connection_ended_within_a_transaction_is_named_and_nothing_is_kept(server: Server, database: Database) -> None:
    def work() -> None:
        with database.transaction() as session:
            tells(session, "separuh")
            server.ends_others()
            tells(session, "lagi", 3)

    unavailable(work)

    assert told(database) == ["awal"]


def test_connection_ended_while_nobody_used_it_is_not_noticed(server: Server, database: Database) -> None:
    told(database)
    server.ends_others()

    assert told(database) == ["awal"]


def test_server_killed_within_a_transaction_is_named_and_comes_back(server: Server, database: Database) -> None:
    def work() -> None:
        with database.transaction() as session:
            tells(session, "separuh")
            server.control("restart", "-m", "immediate")

    unavailable(work)

    assert told(database) == ["awal"]


def test_server_that_is_away_is_named_soon_and_found_when_it_is_back(server: Server, database: Database) -> None:
    told(database)
    server.control("stop", "-m", "fast")
    try:
        seconds = unavailable(lambda: told(database))
        answers = database.answers()
    finally:
        server.control("restart")

    assert (seconds < SOON, answers, told(database)) == (True, False, ["awal"])


def test_database_that_takes_no_connections_is_named(server: Server, address: str) -> None:
    name = make_url(address).database
    server.does(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    server.does("CREATE ROLE guest LOGIN")
    with closing(Database(make_url(address).set(username="guest").render_as_string(False))) as database:
        unavailable(lambda: told(database))
    server.does("DROP ROLE guest")


def test_pool_without_a_free_connection_is_named_soon(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "CONNECTIONS", 1)
    monkeypatch.setattr(postgresql, "SPARE_CONNECTIONS", 0)
    monkeypatch.setattr(postgresql, "CONNECT_SECONDS", 1)

    with closing(Database(address)) as database, database.transaction() as session:
        tells(session, "pertama")
        seconds = unavailable(lambda: told(database))

    assert seconds < SOON


def test_pool_has_a_connection_for_every_thread() -> None:
    assert wiring.DATABASE_THREADS + wiring.READING_THREADS <= postgresql.CONNECTIONS


# Waiting


def test_lock_that_does_not_come_is_named_soon(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE told SET what = 'dipegang'"))
        with ThreadPoolExecutor(1) as pool:
            seconds = pool.submit(lambda: unavailable(lambda: told_anew(database))).result()

    assert (seconds < SOON, told(database)) == (True, ["dipegang"])


def told_anew(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE told SET what = 'baru'"))


def test_statement_that_does_not_end_is_named_soon(database: Database) -> None:
    def work() -> None:
        with database.transaction() as session:
            session.execute(text("SELECT pg_sleep(30)"))

    assert unavailable(work) < SOON


def test_reading_may_take_longer_than_a_statement_of_a_tap(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "STATEMENT_SECONDS", 0.05)

    with closing(Database(address)) as database, database.snapshot() as session:
        assert session.execute(text("SELECT 1 FROM pg_sleep(0.2)")).scalar_one() == 1


def test_transaction_of_a_process_that_stopped_is_ended_by_the_server(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", 0.1)

    def work() -> None:
        with closing(Database(address)) as database, database.transaction() as session:
            told_by = session.execute(text("SELECT what FROM told FOR UPDATE")).scalar_one()
            time.sleep(0.5)
            tells(session, told_by)

    unavailable(work)


def test_limits_in_the_address_outweigh_ours(address: str) -> None:
    own = make_url(address).update_query_dict({"options": "-c lock_timeout=70"}).render_as_string(False)

    with closing(Database(own)) as database, database.transaction() as session:
        limits = [session.execute(text(f"SHOW {name}")).scalar_one() for name in ("lock_timeout", "statement_timeout")]

    assert limits == ["70ms", "3s"]


def test_two_who_wait_for_each_other_are_named(database: Database) -> None:
    with database.transaction() as session:
        tells(session, "dua")
    both = threading.Barrier(2)

    def change(first: int, second: int) -> bool:
        try:
            with database.transaction() as session:
                for number in (first, second):
                    session.execute(text("UPDATE told SET what = 'x' WHERE id = :id"), {"id": number})
                    if number == first:
                        both.wait(5)
        except DatabaseUnavailable:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(change, (1, 2), (2, 1)))

    assert sorted(outcomes) == [False, True]


# What the server says


@pytest.mark.parametrize(
    ("state", "passes"),
    [
        ("40001", True),
        ("53100", True),
        ("53200", True),
        ("55P03", True),
        ("57P03", True),
        ("58030", True),
        ("25006", True),
        ("22003", False),
        ("23505", False),
        ("42P01", False),
        ("54000", False),
        ("XX000", False),
    ],
    ids=[
        "a conflict with another transaction",
        "a full disk",
        "no memory",
        "a lock not to be had",
        "a server that starts up",
        "a disk that fails",
        "a standby",
        "a number out of range",
        "a row that is there",
        "a table that is not there",
        "a value too long for an index",
        "a bug of the server",
    ],
)
def test_what_the_server_says_tells_whether_it_passes_by_itself(database: Database, state: str, passes: bool) -> None:
    with pytest.raises(DatabaseUnavailable if passes else DBAPIError), database.transaction() as session:
        session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'uji' USING ERRCODE = '{state}'; END $$"))


# A commit of which nobody knows


@pytest.mark.parametrize("heard", [False, True], ids=["the server never heard", "the answer was lost"])
def test_commit_whose_answer_is_lost_is_named_whatever_became_of_it(address: str, tmp_path: Path, heard: bool) -> None:
    with closing(Cutting(address, tmp_path, heard=heard)) as line, closing(Database(line.address)) as database:

        def work() -> None:
            with database.transaction() as session:
                tells(session, "tersimpan?")
                line.is_armed = True

        unavailable(work)

        assert told(database) == ["awal", *(["tersimpan?"] if heard else [])]


# Migrations


def test_two_replicas_that_start_at_once_migrate_one_after_the_other(server: Server) -> None:
    name = f"trouble_{next(_numbers)}"
    server.does(f"CREATE DATABASE {name}")
    found = make_url(server.url).set(database=name).render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bot", "migrate"]
    replicas = [
        subprocess.Popen(command, env=environment(DATABASE_URL=found), cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]

    said = [replica.communicate(timeout=60)[0].decode() for replica in replicas]

    assert said == ["Basis data sudah terbaru.\n"] * 2
    with closing(Database(found)) as database:
        assert migrate.revision(database) == migrate.revisions()[-1]


def test_moments_are_read_in_utc_whatever_zone_the_server_is_in(address: str) -> None:
    jakarta = make_url(address).update_query_dict({"options": "-c TimeZone=Asia/Jakarta"})
    moment = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)

    with (
        closing(Database(jakarta.render_as_string(hide_password=False))) as database,
        database.transaction() as session,
    ):
        (read,) = session.execute(select(literal(moment, UtcDateTime()))).one()

    assert read.isoformat() == moment.isoformat()
