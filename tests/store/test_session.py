"""The one way to open a transaction: committed or taken back as a whole, and unavailable by one name."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from bot.core.person import PersonId
from bot.store import people, quarantine, session
from bot.store.session import Database, DatabaseUnavailable
from bot.store.tables import PersonRow, QuarantineRow
from tests import databases

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def database(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.02)
    opened = databases.opened(path)
    yield opened
    opened.close()


def _person(telegram_id: int = 1001) -> PersonRow:
    return PersonRow(telegram_id=telegram_id, first_name="Sari", created_at=NOW)


def _people(database: Database) -> list[int]:
    with database.transaction() as opened:
        return list(opened.exec(select(PersonRow.telegram_id)).all())


def test_transaction_commits_at_its_end(database: Database, path: Path) -> None:
    with database.transaction() as opened:
        opened.add(_person())

    with closing(databases.opened(path)) as other:
        assert _people(other) == [1001]


def test_transaction_is_taken_back_on_any_exception(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as opened:
            opened.add(_person())
            opened.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert _people(database) == []


def test_transaction_is_taken_back_when_a_constraint_refuses(database: Database) -> None:
    def add_one_twice() -> None:
        with database.transaction() as opened:
            opened.add(_person(1))
            opened.flush()
            opened.add_all([_person(2), _person(2)])

    with pytest.raises(IntegrityError):
        add_one_twice()

    assert _people(database) == []


def test_rows_can_be_read_after_the_commit(database: Database) -> None:
    with database.transaction() as opened:
        row = _person()
        opened.add(row)

    assert (row.id, row.first_name) == (1, "Sari")


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)]
)
def test_pragmas_are_set_on_every_connection(database: Database, pragma: str, value: object) -> None:
    with database.engine.connect() as one, database.engine.connect() as two:
        found = [c.connection.driver_connection.execute(f"PRAGMA {pragma}").fetchone() for c in (one, two)]  # type: ignore[union-attr]

    assert found == [(value,), (value,)]


@pytest.mark.sqlite_only
def test_transaction_holds_the_writers_lock_from_its_beginning(database: Database, path: Path) -> None:
    other = sqlite3.connect(path, timeout=0, isolation_level=None)

    with database.transaction() as opened:
        opened.exec(select(PersonRow)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")

    other.execute("BEGIN IMMEDIATE")
    other.close()


@pytest.mark.sqlite_only
def test_locked_database_is_unavailable_and_then_works(database: Database, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseUnavailable, match="locked"), database.transaction() as opened:
        opened.add(_person())
    locked = database.answers()
    other.execute("ROLLBACK")
    other.close()

    assert (locked, database.answers(), _people(database)) == (False, True, [])


@pytest.mark.sqlite_only
def test_who_waits_behind_a_writer_that_is_refused_is_refused_with_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.5)
    database = Database(databases.url(path))
    refused: list[str] = []
    failures: list[str] = []
    database.failed = lambda: failures.append("failed")

    def write() -> None:
        try:
            with database.transaction() as opened:
                opened.add(_person())
        except DatabaseUnavailable as error:
            refused.append(str(error))

    with databases.away(database):
        began = time.monotonic()
        threads = [threading.Thread(target=write) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
    write()

    assert len(refused) == 8
    assert len(failures) < 8  # those who only waited asked the database nothing
    assert took < 8 * 0.5
    assert _people(database) == [1001]
    database.close()


@pytest.mark.sqlite_only
def test_page_that_could_not_be_read_refuses_nobody_who_waits_to_write(database: Database) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    waits_since = time.monotonic()
    with pytest.raises(DatabaseUnavailable), database.snapshot():
        raise OperationalError("SELECT", None, full)

    with database.transaction(since=waits_since) as opened:
        opened.add(_person())

    assert _people(database) == [1001]


@pytest.mark.sqlite_only
def test_database_that_failed_must_be_written_to_answer_again(database: Database) -> None:
    failures: list[str] = []
    database.failed = lambda: failures.append("failed")
    with databases.away(database), pytest.raises(DatabaseUnavailable), database.transaction() as opened:
        opened.add(_person())
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA query_only = ON")  # type: ignore[union-attr]

    read_only = database.answers()
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA query_only = OFF")  # type: ignore[union-attr]

    assert (read_only, database.answers(), len(failures)) == (False, True, 2)


def test_database_in_a_folder_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tidak' / 'ada.db'}")

    assert database.answers() is False


def test_missing_table_is_our_own_fault_and_not_the_databases() -> None:
    database = Database("sqlite:///:memory:")

    with pytest.raises(OperationalError, match="no such table"), database.transaction() as opened:
        opened.exec(select(PersonRow)).all()
    database.close()


@pytest.mark.sqlite_only
def test_writers_of_one_process_take_turns_instead_of_failing(database: Database) -> None:
    entered, leave = threading.Event(), threading.Event()

    def first() -> None:
        with database.transaction() as opened:
            opened.add(_person(1))
            entered.set()
            leave.wait(5)

    def second() -> None:
        with database.transaction() as opened:
            opened.add(_person(2))

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    entered.wait(5)
    threads[1].start()
    threads[1].join(0.1)  # five times what SQLite would wait for the lock
    leave.set()
    for thread in threads:
        thread.join(5)

    assert _people(database) == [1, 2]


def test_quarantine_drops_what_was_kept_for_thirty_days(database: Database) -> None:
    moments = [NOW, NOW + timedelta(days=29), NOW + timedelta(days=30, seconds=1)]

    for number, moment in enumerate(moments):
        with database.transaction() as opened:
            quarantine.add(
                opened, update_id=number, telegram_id=None, payload="{}", error="E", error_id="e", now=moment
            )

    with database.transaction() as opened:
        assert list(opened.exec(select(QuarantineRow.update_id)).all()) == [1, 2]
        assert quarantine.count(opened) == 2


def test_snapshot_reads_while_somebody_writes(database: Database) -> None:
    with database.transaction() as writing:
        writing.execute(text("INSERT INTO neutral VALUES (1, 'O1-001', 'x', true, 'uji', '2026-11-24 03:00:00')"))

        with database.snapshot() as reading:
            seen = reading.execute(text("SELECT count(*) FROM neutral")).scalar()

    with database.snapshot() as reading:
        assert (seen, reading.execute(text("SELECT count(*) FROM neutral")).scalar()) == (0, 1)


def test_snapshot_keeps_nothing_that_is_written_in_it(database: Database) -> None:
    with database.snapshot() as reading:
        reading.execute(text("INSERT INTO neutral VALUES (1, 'O1-001', 'x', true, 'uji', '2026-11-24 03:00:00')"))

    with database.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM neutral")).scalar() == 0


def test_snapshot_sees_one_moment_however_often_it_asks(database: Database) -> None:
    with database.snapshot() as reading:
        before = reading.execute(text("SELECT count(*) FROM person")).scalar()
        with database.transaction() as writing:
            writing.add(_person())

        after = reading.execute(text("SELECT count(*) FROM person")).scalar()

    assert (before, after, _people(database)) == (0, 0, [1001])


@pytest.mark.sqlite_only
def test_what_was_erased_leaves_the_log_once_nobody_reads_it_any_more(database: Database, path: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    with database.transaction() as writing:
        writing.add(_person())
    with database.snapshot() as reading:
        reading.execute(text("SELECT count(*) FROM person")).scalar()
        with database.transaction() as erasing:
            erasing.execute(text("DELETE FROM person"))
            erasing.info[session.LEAVE_NO_TRACE] = True
        while_read = log.stat().st_size

    with database.transaction() as later:
        later.execute(text("SELECT 1"))

    assert (while_read > 0, log.stat().st_size) == (True, 0)


def test_address_that_is_none_is_refused_without_a_word_of_it() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"^this is not the address of a database$"):
        Database("postgresql://tangga:rahasia@host:abc/tangga")


@pytest.mark.parametrize("number", [2**31, 2**62])
def test_number_that_no_row_can_have_finds_nothing(database: Database, number: int) -> None:
    with database.transaction() as opened:
        assert people.by_id(opened, PersonId(number)) is None
