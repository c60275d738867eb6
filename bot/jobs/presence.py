"""Whether another process of the same database is there: a lock that the system takes back however a process ends."""

from __future__ import annotations

import os

SQLITE = "sqlite:///"


class Presence:
    """A lock on a file beside an SQLite database, of which one machine knows all processes. On PostgreSQL nothing is
    known, and nothing is done.
    """

    def __init__(self, url: str) -> None:
        self._file: int | None = None
        self.is_alone = False
        """Whether nobody else was there when this process came."""
        if url.startswith(SQLITE):
            self._file = os.open(f"{url.removeprefix(SQLITE)}-present", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.is_alone = _take(self._file, alone=True)
            _take(self._file, alone=False)

    def leave(self) -> None:
        """Be there no more."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _take(file: int, *, alone: bool) -> bool:
    """Take the lock if nobody has it, or share it: whoever finds itself alone in this moment shares it in the next."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
    except (ImportError, OSError):
        return False  # another one has it, or this system knows no such lock
    return True
