"""The log of who was erased: what it holds, how old it gets, and whom it erases again."""

from __future__ import annotations

import resource
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.core.person import PersonId
from bot.store import personal
from bot.store.erasures import ErasureLog, erase_again, mark
from bot.store.session import Database, DatabaseUnavailable
from bot.store.tables import PersonRow
from tests import databases

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def _with_people(path: Path, joined: dict[int, datetime]) -> Database:
    database = databases.opened(path)
    with database.transaction() as session:
        for telegram_id, at in joined.items():
            session.add(PersonRow(telegram_id=telegram_id, first_name="Orang", created_at=at))
    return database


def _left(database: Database) -> list[int]:
    with database.transaction() as session:
        return sorted(session.exec(select(PersonRow.telegram_id)).all())


def test_log_holds_marks_and_moments_and_no_ids(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path)

    log.note([1001, 1002], NOW)
    log.note([1001], NOW + timedelta(days=8))

    assert log.latest() == {
        mark(log.key(), 1001): NOW + timedelta(days=8),
        mark(log.key(), 1002): NOW,
    }
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["erasures-2026-11.log", "erasures-2026-12.log", "erasures.key"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600] * 3
    assert all("1001" not in line.partition(" ")[0] for path in files[:2] for line in path.read_text().splitlines())


def test_line_that_a_crash_cut_short_does_not_spoil_the_others(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path)
    log.note([1001], NOW)
    with (tmp_path / "erasures-2026-11.log").open("a") as file:
        file.write("abc 2026-1")
    log.note([1002], NOW)

    assert log.latest() == {mark(log.key(), 1001): NOW, mark(log.key(), 1002): NOW}


def test_line_for_which_the_disk_has_not_enough_room_is_refused(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path)
    log.note([1001], NOW)
    used = (tmp_path / "erasures-2026-11.log").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (used + 20, before[1]))
    try:
        with pytest.raises(OSError, match="cut short"):
            log.note([1002], NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    log.note([1002], NOW)

    assert log.latest() == {mark(log.key(), 1001): NOW, mark(log.key(), 1002): NOW}


def test_who_joined_before_the_erasure_goes_and_who_came_back_stays(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path / "data")
    database = _with_people(tmp_path / "bot.db", {1001: NOW, 1002: NOW + timedelta(hours=2), 1003: NOW})
    log.note([1001, 1002], NOW + timedelta(hours=1))

    with database.transaction() as session:
        erased = erase_again(session, log)

    assert (erased, _left(database)) == (1, [1002, 1003])
    database.close()


def test_erasure_that_cannot_be_written_down_does_not_happen(tmp_path: Path) -> None:
    (tmp_path / "full").touch()
    log = ErasureLog(tmp_path / "full" / "data")
    _with_people(tmp_path / "bot.db", {1001: NOW}).close()
    database = Database(databases.url(tmp_path / "bot.db"), note_erased=lambda ids: log.note(ids, NOW))

    with pytest.raises(DatabaseUnavailable), database.transaction() as session:
        personal.erase(session, PersonId(1), 1001)

    assert _left(database) == [1001]
    database.close()


def test_log_beside_the_back_ups_erases_when_the_machine_is_lost(tmp_path: Path) -> None:
    machine, copies = ErasureLog(tmp_path / "data"), tmp_path / "copies"
    copies.mkdir()
    machine.note([1001], NOW + timedelta(hours=1))
    machine.copy_to(copies)
    database = _with_people(tmp_path / "bot.db", {1001: NOW})

    with database.transaction() as session:
        erased = erase_again(session, ErasureLog(copies))

    assert (erased, _left(database)) == (1, [])
    database.close()


def test_months_that_no_back_up_needs_are_deleted(tmp_path: Path) -> None:
    log = ErasureLog(tmp_path)
    for month in (8, 9, 10, 11):
        log.note([month], datetime(2026, month, 30, tzinfo=UTC))

    log.prune(NOW)

    assert sorted(path.name for path in tmp_path.glob("*.log")) == ["erasures-2026-10.log", "erasures-2026-11.log"]
