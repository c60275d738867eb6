"""The migrations make exactly the tables, and the tables refuse what must never be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Index, UniqueConstraint, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, SQLModel, select

from bot.core.attempt import AttemptStatus
from bot.core.person import PersonId
from bot.store import audit, migrate
from bot.store.session import Database
from bot.store.tables import (
    AttemptRow,
    ConsentRow,
    LessonRow,
    PersonRow,
    PictureRow,
    ReleaseRow,
    ReportRow,
    ResponseRow,
    SharedPictureRow,
    UtcDateTime,
)
from tests import databases

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database with one person and one release."""
    opened = databases.opened(tmp_path / "bot.db")
    with opened.transaction() as session:
        session.add(PersonRow(telegram_id=1001, first_name="Sari", created_at=NOW))
        session.add(ReleaseRow(id="r1", payload="{}", published_at=NOW))
    yield opened
    opened.close()


def _attempt(
    status: AttemptStatus = AttemptStatus.ACTIVE,
    *,
    id: int | None = None,
    person_id: int = 1,
    release_id: str = "r1",
) -> AttemptRow:
    return AttemptRow(id=id, person_id=person_id, release_id=release_id, seed=1, status=status, started_at=NOW)


def _response(slot: int = 1, item_code: str = "O1-001", attempt_id: int = 1) -> ResponseRow:
    return ResponseRow(attempt_id=attempt_id, slot=slot, item_code=item_code, answer="c0", answered_at=NOW)


def _report(attempt_id: int = 1) -> ReportRow:
    return ReportRow(attempt_id=attempt_id, slot=1, item_code="O1-001", reported_at=NOW)


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)

    assert difference == []


def test_migrations_make_every_unique_rule(database: Database) -> None:
    """Alembic overlooks unique rules without a name on SQLite, so they are compared by their columns here."""
    inspector = inspect(database.engine)
    made: set[tuple[str, tuple[str | None, ...]]] = set()
    for name in SQLModel.metadata.tables:
        made |= {(name, tuple(rule["column_names"])) for rule in inspector.get_unique_constraints(name)}
        made |= {(name, tuple(index["column_names"])) for index in inspector.get_indexes(name) if index["unique"]}

    wanted = {
        (name, tuple(column.name for column in rule.columns))
        for name, table in SQLModel.metadata.tables.items()
        for rule in (*table.constraints, *table.indexes)
        if isinstance(rule, UniqueConstraint) or (isinstance(rule, Index) and rule.unique)
    }
    assert made == wanted
    assert wanted == {
        ("person", ("telegram_id",)),
        ("attempt", ("person_id",)),
        ("response", ("attempt_id", "item_code")),
        ("coach_group", ("token",)),
        ("coach_group", ("code",)),
        ("delivery", ("key",)),
        ("login", ("token_hash",)),
        ("role_grant", ("token_hash",)),
    }


def test_migrations_may_run_again(database: Database) -> None:
    migrate.upgrade(database)

    with database.transaction() as session:
        assert session.exec(select(PersonRow.telegram_id)).all() == [1001]


def test_ids_of_people_and_attempts_are_never_used_again(database: Database) -> None:
    with database.transaction() as session:
        session.add(_attempt())
        session.flush()
        session.execute(text("DELETE FROM attempt"))
        session.execute(text("DELETE FROM person"))
        person, attempt = PersonRow(telegram_id=1001, first_name="Sari", created_at=NOW), _attempt(person_id=2)
        session.add(person)
        session.flush()
        session.add(attempt)
        session.flush()

        assert (person.id, attempt.id) == (2, 2)


@pytest.mark.parametrize(
    "rows",
    [
        [PersonRow(telegram_id=1001, first_name="Kembar", created_at=NOW)],
        [_attempt(), _attempt()],
        [_attempt(id=1), _response(), _response(item_code="O1-002")],
        [_attempt(id=1), _response(), _response(slot=2)],
        [_attempt(person_id=99)],
        [_attempt(release_id="tidak ada")],
        [_response(attempt_id=99)],
        [ConsentRow(person_id=99, version="1", text_hash="x", standing="dewasa", given_at=NOW)],
        [LessonRow(person_id=99, module_code="M", release_id="r1", opened_at=NOW)],
        [LessonRow(person_id=1, module_code="M", release_id="tidak ada", opened_at=NOW)],
        [PictureRow(attempt_id=99, language="id", file_id="x")],
        [SharedPictureRow(digest="d", file_id="x"), SharedPictureRow(digest="d", file_id="y")],
        [ReleaseRow(id="r1", payload="{}", published_at=NOW)],
        [_attempt(id=1), _report(), _report()],
        [_report(attempt_id=99)],
    ],
    ids=[
        "a telegram id twice",
        "a second active attempt",
        "a second answer in a slot",
        "an item twice",
        "an attempt of nobody",
        "an attempt on no release",
        "a response to nothing",
        "a consent of nobody",
        "a lesson of nobody",
        "a lesson of no release",
        "a picture of nothing",
        "a shared picture twice",
        "a release twice",
        "a report twice",
        "a report of nothing",
    ],
)
def test_what_must_never_be_is_refused(database: Database, rows: list[SQLModel]) -> None:
    *fine, wrong = rows
    with database.transaction() as session:
        session.add_all(type(row).model_validate(row.model_dump()) for row in fine)

    with pytest.raises(IntegrityError, match=r"(?i)unique|foreign key"), database.transaction() as session:
        session.execute(
            type(wrong).__table__.insert().values(**{k: v for k, v in wrong.model_dump().items() if v is not None})  # type: ignore[attr-defined]
        )


def test_closed_attempts_may_be_many(database: Database) -> None:
    statuses = [AttemptStatus.FINISHED, AttemptStatus.FINISHED, AttemptStatus.STOPPED, AttemptStatus.ACTIVE]

    with database.transaction() as session:
        session.add_all(_attempt(status) for status in statuses)

    with database.transaction() as session:
        assert sorted(session.exec(select(AttemptRow.status)).all()) == sorted(statuses)


def test_person_with_rows_cannot_be_deleted_alone(database: Database) -> None:
    with database.transaction() as session:
        session.add(_attempt())

    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("DELETE FROM person"))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-3, minutes=-30))])
def test_moments_come_back_aware_and_equal(database: Database, zone: timezone) -> None:
    moment = NOW.astimezone(zone)
    with database.transaction() as session:
        session.add(ReleaseRow(id="r2", payload="{}", published_at=moment))

    with database.transaction() as session:
        found = session.exec(select(ReleaseRow.published_at).where(ReleaseRow.id == "r2")).one()

    assert (found, found.utcoffset()) == (moment, timedelta())


def test_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(StatementError, match="a moment without a time zone"), database.transaction() as session:
        session.add(ReleaseRow(id="r2", payload="{}", published_at=naive))


def test_every_moment_is_kept_in_utc() -> None:
    plain = [
        str(column)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.type.python_type is datetime and not isinstance(column.type, UtcDateTime)
    ]

    assert plain == []


def test_absent_moment_stays_absent(database: Database) -> None:
    with database.transaction() as session:
        session.add(_attempt())

    with Session(database.engine) as session:
        assert session.exec(select(AttemptRow.finished_at)).all() == [None]


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE audit SET act = 'x'",
        "DELETE FROM audit",
        pytest.param(
            "INSERT OR REPLACE INTO audit (id, at, actor, act, thing) VALUES (1, '2026-01-01 00:00:00', 1, 'x', 'y')",
            marks=pytest.mark.sqlite_only,
        ),
        pytest.param("TRUNCATE audit", marks=pytest.mark.postgresql_only),
        pytest.param(
            "INSERT INTO audit (id, at, actor, act, thing) VALUES (1, '2026-01-01 00:00:00Z', 1, 'x', 'y')"
            " ON CONFLICT (id) DO UPDATE SET act = 'x'",
            marks=pytest.mark.postgresql_only,
        ),
    ],
)
def test_audit_log_only_grows(database: Database, act: str) -> None:
    with database.transaction() as session:
        audit.note(session, PersonId(1), "terbit", "rilis", after="r1", now=NOW)

    with pytest.raises(DBAPIError, match="only grows"), database.transaction() as session:
        session.execute(text(act))

    with database.transaction() as session:
        assert [entry.act for entry in audit.entries(session, audit.Wanted(), limit=9)] == ["terbit"]
