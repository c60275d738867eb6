"""The version before still runs on the schema of the version after: what makes a rolling upgrade, and a way back.

Each migration is run on a database, and what the schema says before and after is compared: raw SQL counts too. What it
must take away it lists in `CONTRACTS`, by "table" or "table.column", with the earlier migration that made it unneeded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect

from bot.store import migrate
from bot.store.session import Database
from tests import databases
from tests.store.rows import insert_sample, tables_of, value_for

REVISIONS = migrate.revisions()
PAIRS = list(pairwise(REVISIONS))


@dataclass(frozen=True, slots=True)
class Column:
    """What code that writes a row must know of a column."""

    kind: str
    nullable: bool
    has_default: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """What code of one version relies on."""

    columns: dict[str, Column]
    unique: frozenset[tuple[str, tuple[str, ...]]]
    references: frozenset[tuple[str, tuple[str, ...]]]

    @property
    def tables(self) -> set[str]:
        return {name.partition(".")[0] for name in self.columns}


def read(engine: Engine) -> Schema:
    """Read what a database says of itself."""
    inspector = inspect(engine)
    columns, unique, references = {}, set(), set()
    for table in inspector.get_table_names():
        key = inspector.get_pk_constraint(table)["constrained_columns"]
        for found in inspector.get_columns(table):
            given = found["default"] is not None or (key == [found["name"]] and str(found["type"]) == "INTEGER")
            columns[f"{table}.{found['name']}"] = Column(str(found["type"]), found["nullable"], given)
        unique |= {(table, tuple(sorted(key)))}
        rules: list[list[str | None]] = [[*rule["column_names"]] for rule in inspector.get_unique_constraints(table)]
        rules += [index["column_names"] for index in inspector.get_indexes(table) if index["unique"]]
        unique |= {(table, tuple(sorted(map(str, rule)))) for rule in rules}
        references |= {(table, tuple(rule["constrained_columns"])) for rule in inspector.get_foreign_keys(table)}
    return Schema(columns, frozenset(unique), frozenset(references))


def breaches(before: Schema, after: Schema) -> dict[str, str]:
    """Return what code written for the schema before could not live with."""
    found = {}
    for name, old in before.columns.items():
        new = after.columns.get(name)
        table = name.partition(".")[0]
        if table not in after.tables:
            found[table] = "the table is gone"
        elif new is None:
            found[name] = "the column is gone"
        elif new.kind != old.kind:
            found[name] = f"{old.kind} became {new.kind}"
        elif old.nullable and not new.nullable:
            found[name] = "may no longer be empty"
        elif old.has_default and not new.has_default and not new.nullable:
            found[name] = "lost its default"
    for name in after.columns.keys() - before.columns.keys():
        column = after.columns[name]
        if name.partition(".")[0] in before.tables and not column.nullable and not column.has_default:
            found[name] = "new, may not be empty, and has no default"
    old_unique = {table: {frozenset(c) for t, c in before.unique if t == table} for table in before.tables}
    for table, unique_columns in after.unique:
        looser = any(rule <= set(unique_columns) for rule in old_unique.get(table, ()))
        if table in before.tables and not looser:
            found[f"{table}.{'+'.join(unique_columns)}"] = "a new rule that values are unique"
    for table, referring in after.references - before.references:
        known = all(f"{table}.{column}" in before.columns for column in referring)
        if table in before.tables and known:
            found[f"{table}.{'+'.join(referring)}"] = "a new reference"
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, on connections that write every type as the library does: it reads the schema with them."""
    url = databases.empty_url(tmp_path / "bot.db")
    if url.startswith("sqlite"):
        made = Database(url).engine
    else:
        made = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    yield made
    made.dispose()


def _bring(engine: Engine, revision: str) -> None:
    command.upgrade(_config(engine), revision)


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrate.SCRIPTS))
    config.attributes["engine"] = engine
    return config


@pytest.mark.parametrize(("older", "newer"), PAIRS)
def test_migration_takes_nothing_from_the_version_before(engine: Engine, older: str, newer: str) -> None:
    _bring(engine, older)
    before = read(engine)

    _bring(engine, newer)

    script = ScriptDirectory.from_config(_config(engine)).get_revision(newer)
    contracts: dict[str, str] = getattr(script.module, "CONTRACTS", {})
    assert breaches(before, read(engine)).keys() == contracts.keys()
    assert [expand for expand in contracts.values() if expand not in REVISIONS[: REVISIONS.index(newer)]] == []


@pytest.mark.parametrize(("older", "newer"), PAIRS)
def test_rows_of_the_version_before_can_be_written_read_and_deleted(engine: Engine, older: str, newer: str) -> None:
    _bring(engine, older)
    with engine.connect() as connection:
        known = tables_of(connection)
    _bring(engine, newer)

    with engine.begin() as connection:
        insert_sample(connection, known)
    with engine.begin() as connection:
        read_again = {table.name: [dict(r) for r in connection.execute(table.select()).mappings()] for table in known}
    with engine.begin() as connection:
        for table in reversed([table for table in known if table.name != "audit"]):
            connection.execute(table.delete())

    written = {t.name: [{c.name: value_for(c.type) for c in t.columns}] for t in known}
    assert _plain(read_again) == _plain(written)


def _plain(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, str]]]:
    """Leave out how a database writes a moment's zone."""
    return {
        name: [{key: str(value).removesuffix("+00:00") for key, value in row.items()} for row in listed]
        for name, listed in rows.items()
    }


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["ALTER TABLE thing DROP COLUMN name"], {"thing.name": "the column is gone"}),
        (["DROP TABLE thing"], {"thing": "the table is gone"}),
        (
            ["ALTER TABLE thing RENAME COLUMN name TO title"],
            {"thing.name": "the column is gone", "thing.title": "new, may not be empty, and has no default"},
        ),
        (
            ["DROP TABLE thing", "CREATE TABLE thing (id INTEGER PRIMARY KEY, name INTEGER NOT NULL, note VARCHAR)"],
            {"thing.name": "VARCHAR became INTEGER"},
        ),
        (
            [
                "DROP TABLE thing",
                "CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, note VARCHAR NOT NULL)",
            ],
            {"thing.note": "may no longer be empty"},
        ),
        (["CREATE UNIQUE INDEX one_name ON thing (name)"], {"thing.name": "a new rule that values are unique"}),
        (["ALTER TABLE thing ADD COLUMN more INTEGER NOT NULL DEFAULT 0"], {}),
        (["ALTER TABLE thing ADD COLUMN more INTEGER"], {}),
        (["CREATE TABLE other (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL UNIQUE)"], {}),
    ],
)
@pytest.mark.sqlite_only
def test_what_an_older_version_could_not_live_with_is_found(
    tmp_path: Path, statements: list[str], found: dict[str, str]
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'thing.db'}")
    _run(database.engine, ["CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, note VARCHAR)"])
    before = read(database.engine)

    _run(database.engine, statements)

    assert breaches(before, read(database.engine)) == found
    database.close()


def _run(engine: Engine, statements: list[str]) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
