"""Putting a back-up back: verified, brought to the newest schema, without those who were erased since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store import backup, migrate
from bot.store.backup import BackupRefused
from bot.store.erasures import ErasureLog, erase_again
from bot.store.session import Database


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the database from before lies now, if there was one, and how many people were erased again."""

    before: Path | None
    erased: int


def restore(source: Path, final: Path, *, logs: Collection[ErasureLog], now: datetime, force: bool = False) -> Restored:
    """Let a back-up become the database of a file, in one step; refuse what is not whole or not ours.

    Refused too while a process has the database open, unless forced.
    """
    revision = backup.verify(source)
    if revision not in migrate.revisions():
        raise BackupRefused(f"{source} berasal dari versi yang lebih baru ({revision})")
    final.parent.mkdir(parents=True, exist_ok=True)
    with backup.alone(final, force=force):
        working = backup.copied(source, final)
        database = Database(f"sqlite:///{working}")
        try:
            migrate.upgrade(database)
            with database.transaction() as session:
                erased = sum(erase_again(session, log) for log in logs)
        finally:
            database.close()
        backup.verify(working)
        return Restored(backup.put_in_place(working, final, now=now), erased)
