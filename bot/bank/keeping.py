"""Commands for who looks after the machine: back up, restore, erase again, move to another database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.settings import Settings
from bot.store import backup, copying
from bot.store.erasures import ErasureLog, erase_again
from bot.store.restoring import restore
from bot.store.session import Database


def back_up(settings: Settings, target: Path, *, keep: int | None, now: datetime) -> int:
    """Copy the SQLite database while it is used; into a folder goes the log of erasures too."""
    made = backup.back_up(backup.file_of(settings.database_url), target, now=now, keep=keep)
    if settings.data_dir is not None and target.is_dir():
        for log in (ErasureLog(settings.data_dir), ErasureLog(target)):
            log.prune(now)
        ErasureLog(settings.data_dir).copy_to(target)
    print(f"Cadangan tersimpan: {made} ({made.stat().st_size / 1e6:.1f} MB)")
    return 0


def put_back(settings: Settings, source: Path, *, force: bool, now: datetime) -> int:
    """Let a back-up become the SQLite database again, without those who were erased since."""
    folders = {source.resolve().parent, *([settings.data_dir.resolve()] if settings.data_dir else [])}
    final = backup.file_of(settings.database_url)
    done = restore(source, final, logs=[ErasureLog(folder) for folder in sorted(folders)], now=now, force=force)
    print(f"Basis data dipulihkan dari {source}. Dihapus lagi: {done.erased} orang.")
    if done.before is not None:
        print(f"Basis data sebelumnya ada di {done.before}; hapus bila tidak diperlukan lagi.")
    return 0


def forget_again(settings: Settings, folders: Sequence[Path]) -> int:
    """Erase from the database whoever the logs of these folders say was erased."""
    database = Database(settings.database_url)
    try:
        with database.transaction() as session:
            erased = sum(erase_again(session, ErasureLog(folder)) for folder in folders)
    finally:
        database.close()
    print(f"Dihapus lagi: {erased} orang.")
    return 0


def move(source_url: str, target_url: str) -> int:
    """Copy everything into another, empty database; who still uses a PostgreSQL one cannot be noticed for sure."""
    if source_url.startswith("postgresql"):
        print("Pastikan semua bot pada basis data asal sudah berhenti: pada PostgreSQL ini tidak diperiksa.")
    source, target = Database(source_url), Database(target_url)
    try:
        counts = copying.copy(source, target)
    finally:
        source.close()
        target.close()
    for name, rows in counts.items():
        print(f"{name:<20}{rows:>12}")
    print(f"Selesai: {sum(counts.values())} baris.")
    return 0
