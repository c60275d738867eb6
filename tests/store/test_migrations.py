"""A database of the first schema, with people in the middle of things, is brought to the newest and read on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text

from bot.core.answer import Chosen
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, Response
from bot.core.item import Dimension
from bot.core.person import PersonId
from bot.core.selection import Course
from bot.store import attempts, item_notes, lessons, migrate, personal, releases
from bot.store.session import Database
from tests import databases

BEGUN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ENDED = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)
SARI = PersonId(1)
FIRST_ROWS = (
    "INSERT INTO person (id, telegram_id, first_name, role, last_typed_id, reachable, created_at)"
    " VALUES (1, 1001, 'Sari', 'pemilik', 0, true, '2026-11-20 03:00:00.000000')",
    "INSERT INTO release (id, payload, published_at) VALUES ('r1', '{}', '2026-11-20 02:00:00.000000')",
    "INSERT INTO attempt (id, person_id, release_id, seed, status, started_at, finished_at, business, avoid, keep)"
    " VALUES (1, 1, 'r1', 7, 'finished', '2026-11-20 03:00:00.000000', '2026-11-20 03:20:00.000000', 'kuliner',"
    " '', '')",
    "INSERT INTO attempt (id, person_id, release_id, seed, status, started_at, current_item, avoid, keep)"
    " VALUES (2, 1, 'r1', 8, 'active', '2026-11-20 03:00:00.000000', 'O1-002', 'O2-001', 'O1-001')",
    "INSERT INTO response (attempt_id, slot, item_code, answer, answered_at, confidence)"
    " VALUES (1, 1, 'O1-001', 'c2', '2026-11-20 03:20:00.000000', 'yakin')",
    "INSERT INTO lesson (person_id, module_code, release_id, opened_at)"
    " VALUES (1, 'M-O2-aman', 'r1', '2026-11-20 03:00:00.000000')",
    "INSERT INTO picture (attempt_id, language, file_id) VALUES (1, 'id', 'berkas')",
)
SETTLED = Attempt(
    id=AttemptId(1),
    person_id=SARI,
    release_id="r1",
    status=AttemptStatus.FINISHED,
    started_at=BEGUN,
    current_item=None,
    course=Course(7, BEGUN.date(), "kuliner"),
    responses=(Response(1, "O1-001", Chosen(2), ENDED, Confidence.SURE),),
    finished_at=ENDED,
)
UNDER_WAY = Attempt(
    id=AttemptId(2),
    person_id=SARI,
    release_id="r1",
    status=AttemptStatus.ACTIVE,
    started_at=BEGUN,
    current_item="O1-002",
    course=Course(8, BEGUN.date(), None, frozenset({"O2-001"}), frozenset({"O1-001"})),
)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """A database as the first version left it."""
    opened = Database(databases.empty_url(tmp_path / "bot.db"))
    command.upgrade(migrate._config(opened), "0001")
    with opened.engine.begin() as connection:
        for statement in FIRST_ROWS:
            connection.execute(text(statement if not databases.ON_POSTGRESQL else statement.replace("00'", "00Z'")))
        if databases.ON_POSTGRESQL:
            connection.execute(text("SELECT setval('attempt_id_seq', 2), setval('person_id_seq', 1)"))
    yield opened
    opened.close()


def test_first_schema_knew_nothing_of_checks_and_reports(old: Database) -> None:
    inspector = inspect(old.engine)

    assert {"report", "neutral", "shared_picture"}.isdisjoint(inspector.get_table_names())
    assert {"focus", "lesson", "confirm_from"}.isdisjoint(c["name"] for c in inspector.get_columns("attempt"))


def test_everything_stored_before_reads_the_same_afterwards(old: Database) -> None:
    migrate.upgrade(old)

    with old.transaction() as session:
        assert attempts.every(session, SARI) == [SETTLED, UNDER_WAY]
        assert attempts.active(session, SARI) == UNDER_WAY
        assert attempts.last_with_result(session, SARI) == SETTLED
        assert attempts.picture_file(session, SETTLED, "id", None) == "berkas"
        assert [lesson.module_code for lesson in lessons.owned(session, SARI)] == ["M-O2-aman"]
        assert releases.current_id(session) == "r1"


def test_what_came_later_is_empty_at_first_and_can_be_written(old: Database) -> None:
    migrate.upgrade(old)

    with old.transaction() as session:
        assert (attempts.checks_since(session, SETTLED), item_notes.neutral(session)) == ([], frozenset())
        item_notes.report(session, AttemptId(2), 1, "O1-002", ENDED)

    with old.transaction() as session:
        assert item_notes.report_counts(session) == {"O1-002": 1}
        assert len(personal.rows(session, SARI, 1001)["report"]) == 1


def test_sitting_begun_before_can_be_taken_up_and_checked_after(old: Database) -> None:
    migrate.upgrade(old)
    course = Course(9, ENDED.date(), "jasa", frozenset({"O1-001"}), focus=Dimension.SAFETY)
    with old.transaction() as session:
        session.execute(text("UPDATE attempt SET status = 'stopped', current_item = NULL WHERE id = 2"))
        check = attempts.add(session, SARI, release_id="r1", course=course, lesson="M-O2-aman", now=ENDED)

    with old.transaction() as session:
        assert attempts.active(session, SARI) == check
        assert (check.course, check.lesson) == (course, "M-O2-aman")


def test_revisions_are_known_without_asking_alembic(tmp_path: Path) -> None:
    database = databases.opened(tmp_path / "bot.db")
    known = [one.revision for one in ScriptDirectory.from_config(migrate._config(database)).walk_revisions()][::-1]

    assert (migrate.revisions(), migrate.revision(database)) == (known, known[-1])
    database.close()


def test_version_before_starts_on_the_schema_of_the_version_after(tmp_path: Path) -> None:
    database = databases.opened(tmp_path / "bot.db")
    databases.rows(database, "UPDATE alembic_version SET version_num = '9999'")

    migrate.upgrade(database)

    assert migrate.revision(database) == "9999"
    database.close()


def test_database_goes_from_nothing_to_the_newest_schema_in_one_step(tmp_path: Path) -> None:
    database = Database(databases.empty_url(tmp_path / "empty.db"))
    commits: list[str] = []
    event.listen(database.engine, "commit", lambda _: commits.append("commit"))

    migrate.upgrade(database)

    assert (commits, migrate.revision(database)) == (["commit"], migrate.revisions()[-1])
    database.close()
