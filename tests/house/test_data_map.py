"""The map of what is kept about people (docs/dpia.md) knows every column, what it is for, and until when it is kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sqlmodel import SQLModel

from bot.store.personal import BY_ATTEMPT, BY_PERSON

MAP = Path(__file__).parents[2] / "docs" / "dpia.md"
ROW = re.compile(r"^\| `(\w+)`( ●)? \| ((?:`\w+` ?)+)\| (.+?) \| (.+?) \|$", re.MULTILINE)
OF_PEOPLE = {"person", "quarantine", "role_grant"} | {str(table.__tablename__) for table in (*BY_PERSON, *BY_ATTEMPT)}


def _rows() -> list[tuple[str, bool, list[str]]]:
    found = ROW.findall(MAP.read_text(encoding="utf-8"))
    return [(table, bool(mark), re.findall(r"\w+", columns)) for table, mark, columns, _, _ in found]


def test_every_column_stands_in_the_data_map_once() -> None:
    stored = {f"{name}.{column.name}" for name, table in SQLModel.metadata.tables.items() for column in table.columns}
    mapped = Counter(f"{table}.{column}" for table, _, columns in _rows() for column in columns)

    assert stored - mapped.keys() == set()
    assert mapped.keys() - stored == set()
    assert [name for name, times in mapped.items() if times > 1] == []


def test_tables_marked_in_the_data_map_are_those_handed_over_and_erased() -> None:
    assert {table for table, is_marked, _ in _rows() if is_marked} == OF_PEOPLE


def test_data_map_is_read_whole() -> None:
    lines = [line for line in MAP.read_text(encoding="utf-8").splitlines() if re.match(r"\| `\w+`( ●)? \|", line)]

    assert len(_rows()) == len(lines)
    assert len(MAP.read_text(encoding="utf-8").splitlines()) <= 200
