"""What several processes do one after the other."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

STARTING = 0x7461_6E67
"""A number that names the lock of who makes a database ready for a start."""


def one_at_a_time(session: Session) -> None:
    """Wait, however long, until no other process is within its start; keep others waiting until this transaction ends.

    SQLite's writers take turns anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in ("lock_timeout", "statement_timeout"):
        session.execute(text(f"SET LOCAL {name} = 0"))
    session.execute(text(f"SELECT pg_advisory_xact_lock({STARTING})"))
