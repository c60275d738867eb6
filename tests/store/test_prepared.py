from __future__ import annotations

import select as waiting
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.store.prepared import Prepared
from bot.store.session import Database, DatabaseUnavailable
from bot.store.tables import PersonRow
from tests import databases

PERSON: Any = PersonRow.__table__  # type: ignore[attr-defined]
NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
ADD = Prepared(
    insert(PERSON)
    .values({name: bindparam(name) for name in ("telegram_id", "first_name", "created_at", "reachable")})
    .values(last_typed_id=7, is_admin=False, wants_news=True)
)
BY_TELEGRAM_ID = Prepared(select(PERSON).where(PERSON.c.telegram_id == bindparam("telegram_id")))
EVERYBODY = Prepared(select(PERSON.c.telegram_id, PERSON.c.created_at, PERSON.c.reachable).order_by(PERSON.c.id))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = databases.opened(tmp_path / "bot.db")
    yield opened
    opened.close()


def add(session: Session, telegram_id: int, *, reachable: bool = True) -> None:
    ADD.run(session, telegram_id=telegram_id, first_name="Sari", created_at=NOON, reachable=reachable)


def test_rows_are_what_sqlalchemy_writes_and_reads(database: Database) -> None:
    with database.transaction() as session:
        add(session, 11)
        add(session, 12, reachable=False)

    with database.transaction() as session:
        prepared = EVERYBODY.all(session)
        plain = session.execute(select(PERSON.c.telegram_id, PERSON.c.created_at, PERSON.c.reachable)).all()
        first = BY_TELEGRAM_ID.first(session, telegram_id=12)
        whole = session.execute(select(PERSON).where(PERSON.c.telegram_id == 12)).one()
        assert prepared == [tuple(row) for row in plain] == [(11, NOON, True), (12, NOON, False)]
        assert first == tuple(whole)
        assert first._fields == whole._fields
        assert first.created_at.utcoffset() == timedelta()
        assert (first.last_typed_id, first.wants_news) == (7, True)


def test_nobody_is_none(database: Database) -> None:
    with database.transaction() as session:
        assert BY_TELEGRAM_ID.first(session, telegram_id=11) is None
        assert EVERYBODY.all(session) == []


def test_what_was_not_committed_is_gone(database: Database) -> None:
    with database.snapshot() as session:
        add(session, 11)

    with database.transaction() as session:
        assert EVERYBODY.all(session) == []


def test_one_session_goes_on_in_its_next_transaction(database: Database) -> None:
    with Session(database.engine) as session:
        add(session, 11)
        session.commit()
        add(session, 12)
        session.rollback()

        assert [row.telegram_id for row in EVERYBODY.all(session)] == [11]


def test_what_the_orm_wrote_is_read_within_the_transaction(database: Database) -> None:
    with database.transaction() as session:
        session.execute(insert(PERSON).values(telegram_id=11, first_name="Sari", created_at=NOON))

        assert [row.telegram_id for row in EVERYBODY.all(session)] == [11]


def test_a_second_row_is_refused_as_sqlalchemy_refuses_it(database: Database) -> None:
    with database.transaction() as session:
        add(session, 11)

    with database.transaction() as session, pytest.raises(IntegrityError) as refused:
        add(session, 11)

    assert "Sari" not in str(refused.value)


def test_a_naive_moment_is_refused(database: Database) -> None:
    naive = NOON.replace(tzinfo=None)

    with database.transaction() as session, pytest.raises(ValueError, match="time zone"):
        ADD.run(session, telegram_id=11, first_name="Sari", created_at=naive, reachable=True)


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="a server has no such switch")
def test_a_database_in_the_way_is_named_so(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        _add_where_nothing_can_be_written(database)


def _add_where_nothing_can_be_written(database: Database) -> None:
    with database.transaction() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.execute("PRAGMA query_only = 1")
        add(session, 11)


@pytest.mark.skipif(not databases.ON_POSTGRESQL, reason="a server hangs up")
def test_a_lost_connection_is_named_so_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        _read_after_the_server_hung_up(database)

    with database.transaction() as session:
        assert EVERYBODY.all(session) == []


def _read_after_the_server_hung_up(database: Database) -> None:
    with database.transaction() as session:
        driver: Any = session.connection().connection.driver_connection
        driver.execute("SELECT set_config('idle_in_transaction_session_timeout', '50', true)")
        waiting.select([driver.fileno()], [], [], 5)
        EVERYBODY.all(session)
