"""Alembic's entry: one transaction on the engine handed in, on SQLite too, so that of two processes that start at once
the second finds all done.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, DateTime, Text, func, select
from sqlmodel import AutoString, SQLModel

from bot.store.tables import UtcDateTime


def plain_type(kind: str, value: Any, _: Any) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own, so that old migrations do not depend on today's code."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return repr(DateTime(timezone=True)).join(("sa.", ""))
    if kind == "type" and isinstance(value, AutoString) and not isinstance(value, Text):
        return "sa.String()"
    return False


_MIGRATING = 5_000_002
"""An arbitrary number that names the lock of who migrates."""
DDL_WAITS = "5s"
"""Longer, and everybody who wants the table would queue up behind the change."""


def take_turn(connection: Connection) -> None:
    """Let replicas that start at once migrate one after the other, each for as long as it needs."""
    if connection.dialect.name != "postgresql":
        return
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(select(func.set_config(name, "0", True)))
    connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
    connection.execute(select(func.set_config("lock_timeout", DDL_WAITS, True)))


with context.config.attributes["engine"].connect() as connection, connection.begin():
    take_turn(connection)
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, render_item=plain_type
    )
    context.run_migrations()
