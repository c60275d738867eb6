"""A log, outside the database, of who asked to be erased: an older back-up that is put back must not bring them back.

It holds no id of Telegram's, only a keyed hash with the moment; the key lies beside it in a file of its own.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from bot.core.person import PersonId
from bot.store import personal
from bot.store.tables import PersonRow

KEPT_FOR = timedelta(days=70)
"""Longer than any back-up lives, counted from the first day of a file's month."""
KEY_BYTES = 32
AT_ONCE = 1000
_NAMED = re.compile(r"erasures-(\d{4})-(\d{2})\.log")


@dataclass(frozen=True, slots=True)
class ErasureLog:
    """The log of one folder: a file for each month, so that what is old goes by deleting a file."""

    folder: Path

    def note(self, telegram_ids: Iterable[int], at: datetime) -> None:
        """Write down, durably, that these people are erased."""
        utc = at.astimezone(UTC)
        key = self.key()
        lines = "".join(f"{mark(key, telegram_id)} {utc.isoformat()}\n" for telegram_id in telegram_ids).encode()
        target = self.folder / f"erasures-{utc:%Y-%m}.log"
        log = os.open(target, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            # On a line of its own, whatever a crash or a full disk left of the one before.
            if os.write(log, b"\n" + lines) <= len(lines):
                raise OSError(errno.ENOSPC, "cut short")
            os.fsync(log)
        finally:
            os.close(log)

    def latest(self) -> dict[str, datetime]:
        """Return when each was erased last, by mark; a line cut short by a crash is passed over."""
        found: dict[str, datetime] = {}
        for path in self._files():
            for line in path.read_text(encoding="ascii", errors="replace").splitlines():
                who, _, moment = line.partition(" ")
                try:
                    at = datetime.fromisoformat(moment)
                except ValueError:
                    continue
                found[who] = max(at, found.get(who, at))
        return found

    def copy_to(self, folder: Path) -> None:
        """Lay the log and its key beside the back-ups."""
        if folder == self.folder:
            return
        for path in [*self._files(), *([self._key_file] if self._key_file.exists() else [])]:
            growing = folder / f".{path.name}.{os.getpid()}"
            shutil.copyfile(path, growing)
            growing.chmod(0o600)
            os.replace(growing, folder / path.name)

    def prune(self, now: datetime) -> None:
        """Delete the months that no back-up is old enough to need."""
        for path in self._files():
            named = _NAMED.fullmatch(path.name)
            if named and datetime(int(named[1]), int(named[2]), 1, tzinfo=UTC) < now - KEPT_FOR:
                path.unlink()

    @property
    def _key_file(self) -> Path:
        return self.folder / "erasures.key"

    def _files(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if _NAMED.fullmatch(path.name))

    def key(self) -> bytes:
        """Return the key, made at the first use; processes that share the folder make one between them."""
        with _only_one(self.folder):
            if not self._key_file.exists():
                with os.fdopen(os.open(self._key_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                    file.write(secrets.token_hex(KEY_BYTES).encode())
                    file.flush()
                    os.fsync(file.fileno())
            return self._key_file.read_bytes().strip()


def mark(key: bytes, telegram_id: int) -> str:
    """Return the keyed hash of a Telegram id."""
    return hmac.new(key, str(telegram_id).encode(), hashlib.sha256).hexdigest()


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def erase_again(session: Session, log: ErasureLog) -> int:
    """Erase everybody who joined before they were erased, and is here all the same; return how many."""
    erased_at = log.latest()
    if not erased_at:
        return 0
    key = log.key()
    back: list[tuple[int, int]] = []
    people = select(PersonRow.id, PersonRow.telegram_id, PersonRow.created_at)
    for person, telegram_id, joined in session.exec(people.execution_options(yield_per=AT_ONCE)):
        erased = erased_at.get(mark(key, telegram_id))
        if erased is not None and joined < erased and person is not None:
            back.append((person, telegram_id))
    for person, telegram_id in back:
        personal.erase(session, PersonId(person), telegram_id)
    return len(back)
