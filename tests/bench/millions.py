"""Fills a database with as many people as wished, a fifth of them with a sitting behind them, straight by SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from tests.bench.taps import FIRST_PERSON

ANSWERS = 24
HAS_SAT = 5
"""Every so many people one has finished a sitting."""
AT = "2026-11-01 03:00:00.000000"
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :people)"
STATEMENTS = (
    f"""{NUMBERS} INSERT INTO person (telegram_id, first_name, role, business, last_typed_id, reachable, created_at)
    SELECT {FIRST_PERSON} + i, 'Sari ' || i, 'pemilik', 'kuliner', 0, 1, '{AT}' FROM n""",
    f"""INSERT INTO consent (person_id, version, text_hash, standing, given_at)
    SELECT id, '1', '', 'dewasa', '{AT}' FROM person""",
    f"""INSERT INTO attempt (person_id, release_id, seed, status, started_at, finished_at, avoid, keep)
    SELECT id, :release, id * 7, 'finished', '{AT}', '{AT}', '', '' FROM person
    WHERE (telegram_id - {FIRST_PERSON}) % {HAS_SAT} = 0""",
    f"""INSERT INTO response (attempt_id, slot, item_code, answer, answered_at)
    SELECT attempt.id, code.slot, code.code, 'c' || ((attempt.id + code.slot) % 2), '{AT}' FROM attempt CROSS JOIN code
    ORDER BY attempt.id, code.slot""",
)


def fill(path: str, people: int, *, release_id: str, codes: Sequence[str]) -> None:
    """Store people under the ids from FIRST_PERSON on in an empty database; `codes` are of items with options."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        connection.execute("CREATE TEMP TABLE code (slot INTEGER PRIMARY KEY, code TEXT)")
        connection.executemany("INSERT INTO code VALUES (?, ?)", list(enumerate(codes[:ANSWERS], start=1)))
        connection.execute("BEGIN")
        for statement in STATEMENTS:
            names = {"people": people, "release": release_id}
            connection.execute(statement, {name: names[name] for name in names if f":{name}" in statement})
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")
