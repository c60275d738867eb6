"""Alembic's entry: one online transaction on the engine handed in."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime, Text
from sqlmodel import AutoString, SQLModel

from bot.store.tables import UtcDateTime


def plain_type(kind: str, value: Any, _: Any) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own, so that old migrations do not depend on today's code."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return repr(DateTime(timezone=True)).join(("sa.", ""))
    if kind == "type" and isinstance(value, AutoString) and not isinstance(value, Text):
        return "sa.String()"
    return False


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, render_item=plain_type
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
