"""Copies of a SQLite database: made while the bot writes, thinned by age, verified, and put back in one step."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

KEPT_FOR = timedelta(days=35)
"""No copy outlives this: what was erased must be gone from the copies too."""
GROWS_FOR = timedelta(hours=1)
"""A copy that still has no name of its own after this was given up: its process was killed."""
STAMP = "%Y%m%dT%H%M%SZ"
_NAMED = re.compile(r"tangga-(\d{8}T\d{6}Z)\.db")
_SIDE_FILES = ("-wal", "-shm")
# Where SQLite's readers and writers of a file lock it (fixed by its file format): whoever has it open in WAL mode holds
# a share of these bytes.
_SHARED_FIRST, _SHARED_SIZE = 0x40000000 + 2, 510


class BackupRefused(Exception):
    """A copy cannot be made or put back; the message says why."""


def file_of(url: str) -> Path:
    """Return the file of a SQLite database; PostgreSQL has its own tools."""
    path = url.removeprefix("sqlite:///")
    if path == url or not path or path == ":memory:":
        raise BackupRefused("hanya untuk SQLite; untuk PostgreSQL lihat deploy/postgresql")
    return Path(path)


def back_up(source: Path, target: Path, *, now: datetime, keep: int | None = None) -> Path:
    """Write a verified copy to a file, or under its moment into a folder; return it.

    A folder is thinned: the latest `keep` copies stay, of older ones the last of each day, none after 35 days.
    """
    if not source.exists():
        raise BackupRefused(f"{source} tidak ada")
    folder = target if target.is_dir() else target.parent
    final = target / f"tangga-{now.astimezone(UTC).strftime(STAMP)}.db" if target.is_dir() else target
    _clear_halves(folder, now)
    growing = folder / f".{final.name}.{os.getpid()}"
    os.close(os.open(growing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        reading = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)
        with closing(reading) as live, closing(sqlite3.connect(growing)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        verify(growing)
        _put(growing, final)
    except sqlite3.Error as error:
        raise BackupRefused(f"{source} tidak bisa disalin: {error}") from error
    finally:
        growing.unlink(missing_ok=True)
    if target.is_dir():
        thin(folder, keep=keep, now=now)
    return final


def _clear_halves(folder: Path, now: datetime) -> None:
    """Make room of what killed back-ups left: else one that is always too slow would fill the disk."""
    for path in folder.glob(".tangga-*.db.*"):
        if path.stat().st_mtime < (now - GROWS_FOR).timestamp():
            path.unlink(missing_ok=True)


def thin(folder: Path, *, keep: int | None, now: datetime) -> None:
    """Delete the copies of a folder that are no longer worth their place, and all that are too old."""
    moments = {
        datetime.strptime(named[1], STAMP).replace(tzinfo=UTC): path
        for path in folder.iterdir()
        if (named := _NAMED.fullmatch(path.name))
    }
    latest = sorted(moments, reverse=True)
    last_of_day = {moment.date(): moment for moment in sorted(moments)}.values()
    kept = set(latest if keep is None else [*latest[:keep], *last_of_day])
    for moment, path in moments.items():
        if moment not in kept or moment < now - KEPT_FOR:
            path.unlink()


def verify(path: Path) -> str:
    """Return the schema's revision of a whole and consistent copy; refuse any other."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            faults = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            orphans = copy.execute("PRAGMA foreign_key_check").fetchone()
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise BackupRefused(f"{path} bukan salinan basis data yang utuh: {error}") from error
    if faults != "ok" or orphans is not None or revision is None:
        raise BackupRefused(f"{path} rusak: {faults if faults != 'ok' else 'isinya tidak lengkap'}")
    return str(revision[0])


@contextmanager
def alone(path: Path, *, force: bool = False) -> Iterator[None]:
    """Hold a database file so that nobody else does; refuse while a process has it open, unless forced."""
    if not path.exists():
        yield
        return
    with path.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError as error:
            if not force:
                raise BackupRefused(f"{path} sedang dipakai: hentikan bot dahulu, atau pakai --force") from error
        yield


def copied(source: Path, beside: Path) -> Path:
    """Return a private working copy of a back-up in the folder where it is to be put into place."""
    working = beside.with_name(f".{beside.name}.restoring")
    for old in (working, *_sides(working)):
        old.unlink(missing_ok=True)
    os.close(os.open(working, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(source, working)
    return working


def put_in_place(working: Path, final: Path, *, now: datetime) -> Path | None:
    """Let a prepared copy become the database; return where the one before lies now, None where there was none.

    The old log goes aside first: next to another database it would be written into it.
    """
    aside = final.with_name(f"{final.name}.before-{now.astimezone(UTC).strftime(STAMP)}")
    if final.exists():
        aside.unlink(missing_ok=True)
        os.link(final, aside)
    for old, moved in zip(_sides(final), _sides(aside), strict=True):
        if old.exists():
            os.replace(old, moved)
    with closing(sqlite3.connect(working)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
    existed = final.exists()
    _put(working, final)
    return aside if existed else None


def _sides(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in _SIDE_FILES]


def _put(path: Path, final: Path) -> None:
    """Make a file durable under its name in one step."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(path, final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
