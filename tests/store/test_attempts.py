"""What fixes a sitting's items comes back as it was stored, and checks are told from sittings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.attempt import Attempt, AttemptStatus
from bot.core.item import Dimension
from bot.core.person import PersonId
from bot.core.selection import Course
from bot.store import attempts
from bot.store.session import Database
from bot.store.tables import PersonRow, ReleaseRow
from tests import databases

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SARI, JOKO = PersonId(1), PersonId(2)
PLAIN = Course(2**62, NOW.date(), "kuliner", frozenset({"O1-001", "O2-002"}), frozenset({"O3-001"}))
CHECK = Course(3, NOW.date(), None, frozenset({"O1-001"}), focus=Dimension.SAFETY)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database with two people and one release."""
    opened = databases.opened(tmp_path / "bot.db")
    with opened.transaction() as session:
        for owner in (SARI, JOKO):
            session.add(PersonRow(id=owner, telegram_id=1000 + owner, first_name="Sari", created_at=NOW))
        session.add(ReleaseRow(id="r1", payload="{}", published_at=NOW))
    yield opened
    opened.close()


def _ended(
    database: Database,
    course: Course = PLAIN,
    *,
    owner: PersonId = SARI,
    status: AttemptStatus = AttemptStatus.FINISHED,
    hours: int = 0,
    lesson: str | None = None,
) -> Attempt:
    """Store a sitting that has ended, so many hours after the beginning."""
    with database.transaction() as session:
        begun = attempts.add(session, owner, release_id="r1", course=course, lesson=lesson, now=NOW)
        ended = replace(begun, status=status, finished_at=NOW + timedelta(hours=hours))
        attempts.save_position(session, ended)
    return ended


@pytest.mark.parametrize("course", [PLAIN, CHECK, Course(0, NOW.date())], ids=["a retest", "a check", "the first"])
def test_course_comes_back_as_it_was_stored(database: Database, course: Course) -> None:
    with database.transaction() as session:
        added = attempts.add(session, SARI, release_id="r1", course=course, lesson="M", now=NOW)

    with database.transaction() as session:
        assert attempts.active(session, SARI) == added
    assert (added.course, added.lesson, added.started_at) == (course, "M", NOW)


def test_sitting_taken_up_again_is_stored_with_where_it_was_taken_up(database: Database) -> None:
    ended = _ended(database)
    taken_up = replace(ended, status=AttemptStatus.ACTIVE, course=replace(PLAIN, confirm_from=30))

    with database.transaction() as session:
        attempts.save_position(session, taken_up)

    with database.transaction() as session:
        assert attempts.active(session, SARI) == taken_up
        assert attempts.last_with_result(session, SARI) == taken_up


def test_result_is_of_the_latest_whole_sitting_and_never_of_a_check(database: Database) -> None:
    first, second = _ended(database), _ended(database, hours=1)
    for other in (
        _ended(database, CHECK, hours=2),
        _ended(database, status=AttemptStatus.STOPPED, hours=3),
        _ended(database, owner=JOKO, hours=4),
    ):
        assert other.id > second.id

    with database.transaction() as session:
        assert attempts.last_with_result(session, SARI) == second
        assert attempts.result_before(session, second) == first
        assert attempts.result_before(session, first) is None


def test_checks_since_are_the_finished_ones_after_it_the_oldest_first(database: Database) -> None:
    _ended(database, CHECK)
    sitting = _ended(database)
    mine = [_ended(database, CHECK, lesson="M-O2-aman"), _ended(database, CHECK)]
    _ended(database, CHECK, status=AttemptStatus.STOPPED)
    _ended(database, CHECK, owner=JOKO)
    _ended(database)

    with database.transaction() as session:
        assert attempts.checks_since(session, sitting) == mine
