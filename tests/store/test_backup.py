"""Back-ups of a SQLite file: made under load, thinned, refused where they are not whole, put back in one step."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command

from bot.store import backup, migrate
from bot.store.backup import BackupRefused
from bot.store.erasures import ErasureLog
from bot.store.restoring import restore
from bot.store.session import Database
from bot.store.tables import PersonRow
from bot.tg.desk import Outcome
from tests import databases
from tests.stage import SARI, Stage

pytestmark = pytest.mark.sqlite_only
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOLDS = (
    "import sqlite3, sys\n"
    "held = sqlite3.connect(sys.argv[1]); held.execute('SELECT count(*) FROM person').fetchone()\n"
    "print('held', flush=True); sys.stdin.read()\n"
)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Database]:
    """A database with one person."""
    opened = databases.opened(tmp_path / "bot.db")
    _join(opened, 1001)
    yield opened
    opened.close()


def _join(database: Database, telegram_id: int, at: datetime = NOW) -> None:
    with database.transaction() as session:
        session.add(PersonRow(telegram_id=telegram_id, first_name="Sari", created_at=at))


def _people(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT telegram_id FROM person ORDER BY id")]


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Another process has the database open, and does nothing with it."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    yield
    other.communicate()


def test_back_up_made_while_people_join_holds_everybody_from_before(tmp_path: Path, live: Database) -> None:
    stop, joined = threading.Event(), [1001]

    def crowd() -> None:
        while not stop.is_set():
            _join(live, joined[-1] + 1)
            joined.append(joined[-1] + 1)

    writing = threading.Thread(target=crowd)
    writing.start()
    copies = []
    for number in range(5):
        while len(joined) < 20 * number:
            pass
        before = len(joined)
        copy = backup.back_up(tmp_path / "bot.db", tmp_path / f"copy{number}.db", now=NOW)
        copies.append((before, _people(copy), len(joined)))
    stop.set()
    writing.join()

    for before, held, after in copies:
        assert held == list(range(1001, 1001 + len(held)))
        assert before <= len(held) <= after + 1
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == [f"copy{n}.db" for n in range(5)]
    assert stat.S_IMODE((tmp_path / "copy0.db").stat().st_mode) == 0o600
    assert backup.verify(tmp_path / "copy4.db") == migrate.revisions()[-1]


def test_folder_keeps_the_latest_and_one_of_each_day_for_35_days(tmp_path: Path, live: Database) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "catatan.txt").touch()
    moments = [NOW - timedelta(days=days, hours=hours) for days in (40, 36, 34, 1) for hours in (0, 1)]
    for moment in [*moments, NOW - timedelta(minutes=10), NOW - timedelta(minutes=5)]:
        (folder / f"tangga-{moment.strftime(backup.STAMP)}.db").touch()

    made = backup.back_up(tmp_path / "bot.db", folder, now=NOW, keep=2)

    kept = [NOW - timedelta(days=34), NOW - timedelta(days=1), NOW - timedelta(minutes=5), NOW]
    names = [f"tangga-{moment.strftime(backup.STAMP)}.db" for moment in kept]
    assert sorted(path.name for path in folder.iterdir()) == ["catatan.txt", *names]
    assert made.name == names[-1]


def test_halves_that_killed_back_ups_left_make_room_for_the_next(tmp_path: Path, live: Database) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    killed, growing = (folder / f".tangga-{NOW.strftime(backup.STAMP)}.db.{process}" for process in (1, 2))
    for half, minutes in ((killed, 61), (growing, 4)):
        half.touch()
        os.utime(half, ((NOW - timedelta(minutes=minutes)).timestamp(),) * 2)

    made = backup.back_up(tmp_path / "bot.db", folder, now=NOW)

    assert {path.name for path in folder.iterdir()} == {growing.name, made.name}


def test_back_up_that_fails_leaves_the_older_copy_alone(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(b"SQLite format 3\0" + b"\1" * 5000)
    (tmp_path / "copy.db").write_bytes(b"older")

    with pytest.raises(BackupRefused, match=r"tidak bisa disalin|bukan salinan"):
        backup.back_up(tmp_path / "bot.db", tmp_path / "copy.db", now=NOW)

    assert {path.name: path.read_bytes()[:5] for path in tmp_path.iterdir()} == {
        "bot.db": b"SQLit",
        "copy.db": b"older",
    }


@pytest.mark.parametrize("url", ["postgresql://tangga@db/tangga", "sqlite:///:memory:", "sqlite:///"])
def test_only_files_can_be_backed_up(url: str) -> None:
    with pytest.raises(BackupRefused, match="hanya untuk SQLite"):
        backup.file_of(url)


def test_restore_brings_back_what_was_and_keeps_what_is_aside(tmp_path: Path, live: Database) -> None:
    final = tmp_path / "bot.db"
    copy = backup.back_up(final, tmp_path / "copy.db", now=NOW)
    _join(live, 1002)
    live.close()

    done = restore(copy, final, logs=[], now=NOW)

    assert done.before == tmp_path / "bot.db.before-20261124T030000Z"
    assert (_people(final), _people(done.before), _people(copy)) == ([1001], [1001, 1002], [1001])
    assert stat.S_IMODE(final.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*")) == []


def test_log_of_the_database_before_is_not_written_into_the_restored_one(tmp_path: Path, live: Database) -> None:
    final = tmp_path / "bot.db"
    copy = backup.back_up(final, tmp_path / "copy.db", now=NOW)
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sqlite3, sys\n"
            "c = sqlite3.connect(sys.argv[1])\n"
            "c.execute('UPDATE person SET telegram_id = 7'); c.commit(); os._exit(0)",
            str(final),
        ],
        check=True,
    )
    live.engine.dispose()

    done = restore(copy, final, logs=[], now=NOW)

    assert killed.returncode == 0
    assert done.before is not None
    assert (_people(final), _people(done.before)) == ([1001], [7])
    assert backup.verify(final) == migrate.revisions()[-1]


def test_restore_is_refused_while_a_process_has_the_database_open(tmp_path: Path, live: Database) -> None:
    final = tmp_path / "bot.db"
    copy = backup.back_up(final, tmp_path / "copy.db", now=NOW)
    _join(live, 1002)
    live.close()

    with _held(final):
        with pytest.raises(BackupRefused, match="sedang dipakai"):
            restore(copy, final, logs=[], now=NOW)
        untouched = _people(final)
        restore(copy, final, logs=[], now=NOW, force=True)

    assert (untouched, _people(final)) == ([1001, 1002], [1001])


def test_restore_into_an_empty_folder_needs_nothing_to_be_there(tmp_path: Path, live: Database) -> None:
    copy = backup.back_up(tmp_path / "bot.db", tmp_path / "copy.db", now=NOW)

    done = restore(copy, tmp_path / "baru" / "bot.db", logs=[], now=NOW)

    assert (done.before, _people(tmp_path / "baru" / "bot.db")) == (None, [1001])


def test_back_up_of_an_older_version_is_brought_to_the_newest_schema(tmp_path: Path) -> None:
    old = Database(f"sqlite:///{tmp_path / 'old.db'}")
    command.upgrade(migrate._config(old), "0006")
    with old.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO person (telegram_id, first_name, last_typed_id, reachable, created_at)"
            " VALUES (1001, 'Sari', 0, 1, '2026-11-20 03:00:00.000000')"
        )
    old.close()
    copy = backup.back_up(tmp_path / "old.db", tmp_path / "copy.db", now=NOW)

    restore(copy, tmp_path / "bot.db", logs=[], now=NOW)

    assert (backup.verify(copy), backup.verify(tmp_path / "bot.db")) == ("0006", migrate.revisions()[-1])
    assert _people(tmp_path / "bot.db") == [1001]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "versi yang lebih baru"),
        ("DROP TABLE alembic_version", "bukan salinan"),
        ("INSERT INTO consent VALUES (1, 99, '1', 'x', 'dewasa', '2026-11-20')", "isinya tidak lengkap"),
    ],
)
def test_copy_that_is_not_ours_or_not_whole_is_refused(tmp_path: Path, live: Database, spoil: str, why: str) -> None:
    final = tmp_path / "bot.db"
    copy = backup.back_up(final, tmp_path / "copy.db", now=NOW)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(spoil)
        connection.commit()
    live.close()

    with pytest.raises(BackupRefused, match=why):
        restore(copy, final, logs=[], now=NOW)

    assert _people(final) == [1001]


def test_copy_with_a_page_that_rotted_is_refused(tmp_path: Path, live: Database) -> None:
    copy = backup.back_up(tmp_path / "bot.db", tmp_path / "copy.db", now=NOW)
    spoilt = bytearray(copy.read_bytes())
    spoilt[4096 * 3 : 4096 * 4] = b"\xa5" * 4096
    copy.write_bytes(spoilt)

    with pytest.raises(BackupRefused, match=r"rusak|bukan salinan"):
        restore(copy, tmp_path / "bot.db", logs=[], now=NOW)


def test_who_was_erased_after_the_back_up_is_erased_again(tmp_path: Path, play: Stage) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    copies.mkdir()
    play.settings = replace(play.settings, data_dir=data)
    play.restart()
    play.joins(SARI)
    final = backup.file_of(play.settings.database_url)
    copy = backup.back_up(final, copies, now=NOW)
    play.says(SARI, "/hapus")
    play.taps(SARI, "Ya, hapus")
    play.taps(SARI, "Hapus semua data saya")
    erased = _people(final)
    play.app.close()

    done = restore(copy, final, logs=[ErasureLog(data), ErasureLog(copies)], now=NOW)
    play.restart()

    assert (erased, _people(copy), done.erased, _people(final)) == ([], [SARI], 1, [])
    assert str(SARI) not in "".join(path.read_text() for path in data.glob("*.log"))


def test_updates_of_the_last_hour_that_come_again_change_no_answer(tmp_path: Path, play: Stage) -> None:
    final = backup.file_of(play.settings.database_url)
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    sent = []
    for _ in range(12):
        play.taps(SARI, play.labels(SARI)[0])
        sent.append(play.last_update(SARI))
        if len(sent) == 4:
            copy = backup.back_up(final, tmp_path / "copy.db", now=NOW)
    stored = _answers(play)
    play.app.close()

    restore(copy, final, logs=[], now=NOW)
    play.restart()
    held = _answers(play)
    outcomes = [play.deliver(update) for update in [*sent, *sent]]

    assert outcomes == [Outcome.DONE] * 24
    assert (held, _answers(play)) == (stored[: len(held)], stored)
    assert 0 < len(held) < len(stored)
    assert databases.rows(play.app.database, "SELECT count(*) FROM quarantine") == [(0,)]


def _answers(play: Stage) -> list[tuple[object, ...]]:
    columns = "attempt_id, slot, item_code, answer, confidence"
    return databases.rows(play.app.database, f"SELECT {columns} FROM response ORDER BY slot")
