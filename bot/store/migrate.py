"""Brings a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from bot.store.session import Database, DatabaseUnavailable

SCRIPTS = Path(__file__).parent / "migrations"


def _config(database: Database | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = database.engine if database else None
    return config


def revisions() -> list[str]:
    """Return the schema's revisions, the first one first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def revision(database: Database) -> str | None:
    """Return at which revision a database stands; None where it holds nothing of ours."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> None:
    """Run every migration that is missing; DatabaseUnavailable where the database cannot be opened or written."""
    try:
        command.upgrade(_config(database), "head")
    except OperationalError as error:
        raise DatabaseUnavailable(str(error.orig)) from error


def write_revision(database: Database, message: str) -> None:
    """Write a new migration from the difference between the tables and a migrated database."""
    command.revision(_config(database), message, autogenerate=True)
