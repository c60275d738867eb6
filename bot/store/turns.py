"""What several processes do one after the other."""

from __future__ import annotations

from sqlalchemy import func, select, text
from sqlmodel import Session

STARTING = 0x7461_6E67
"""A number that names the lock of who makes a database ready for a start."""
EDITING = 0x7461_6E68
"""A number that names the lock of who changes the working copy, what is proposed, or which release is current."""
DECIDING = 0x7461_6E69
"""A number that names the lock of who decides which questions count, or writes down what follows from it."""
STRANGERS = 0x7461
"""A number that, together with a Telegram id, names the lock of somebody who is not stored yet."""


def one_at_a_time(session: Session) -> None:
    """Wait, however long, until no other process is within its start; keep others waiting until this transaction ends.

    SQLite's writers take turns anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in ("lock_timeout", "statement_timeout"):
        session.execute(text(f"SET LOCAL {name} = 0"))
    session.execute(text(f"SELECT pg_advisory_xact_lock({STARTING})"))


def one_editor(session: Session) -> None:
    """Let nobody else change the working copy, what is proposed, or which release is current, until the transaction
    ends: what holds for them together (one proposal, which says what the working copy says) is asked before it is
    written.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(EDITING)))


def one_decision(session: Session) -> None:
    """Let nobody write a reading until the transaction ends: what is decided in it holds for all that come after."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(DECIDING)))


def no_decision(session: Session) -> None:
    """Let nobody decide which questions count until the transaction ends; others may ask for the same beside it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(DECIDING)))


def one_stranger(session: Session, telegram_id: int) -> bool:
    """Hold somebody who has no row that could be locked until the transaction ends; tell whether it may have come
    about meanwhile that there is one.
    """
    if session.get_bind().dialect.name != "postgresql":
        return False
    session.execute(select(func.pg_advisory_xact_lock(STRANGERS << 48 | telegram_id & (1 << 48) - 1)))
    return True
