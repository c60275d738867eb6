"""Brings a database to the newest schema. Alembic, which takes six megabytes, is asked for only where something is
missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from bot.store.session import Database, DatabaseUnavailable

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Return the schema's revisions, the first one first: each begins the name of its file."""
    return sorted(path.stem.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def revision(database: Database) -> str | None:
    """Return at which revision a database stands; None where it holds nothing of ours."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(database: Database) -> None:
    """Run every migration that is missing; DatabaseUnavailable where the database cannot be opened or written.

    A newer schema is left as it is: the next version made it, and the old one goes on with it, also after a restart.
    """
    try:
        if (revision(database) or "") >= revisions()[-1]:
            return
        from alembic import command

        command.upgrade(_config(database), "head")
    except OperationalError as error:
        raise DatabaseUnavailable(str(error.orig)) from error


def write_revision(database: Database, message: str) -> None:
    """Write a new migration from the difference between the tables and a migrated database."""
    from alembic import command

    command.revision(_config(database), message, autogenerate=True)


def _config(database: Database) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = database.engine
    return config
