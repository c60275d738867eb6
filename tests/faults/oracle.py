"""What must hold after any number of kills: read from the raw database, without a line of the bot's own code."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bot.simulator.chats import ChatMessage
from tests.faults.crowd import Ledger, Slot, bottom, read


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of an answer."""

    answer: str
    confidence: str | None
    item: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database says that a person's latest attempt stands."""

    attempt: int
    status: str
    answered: int
    current_item: str | None
    last: Stored | None


class Truth:
    """The database, read by plain SQL: a SQLite file, or PostgreSQL by its address."""

    def __init__(self, database: Path | str) -> None:
        self._is_file = isinstance(database, Path)
        self._connection: Any = (
            sqlite3.connect(f"file:{database}?mode=ro", uri=True)
            if isinstance(database, Path)
            else psycopg.connect(database, autocommit=True)
        )
        self._document = json.loads(self._one("SELECT payload FROM release")[0])
        self.stems = {item["code"]: item["stem"] for item in self._document["items"]}
        self.dimensions = {item["code"]: item.get("dimension") for item in self._document["items"]}
        plans = self._document["form"]["dimensions"]
        self._asks_how_sure = {plan["dimension"] for plan in plans if plan["asks_confidence"]}
        habits = sum(item["format"] == "kebiasaan" for item in self._document["items"])
        self.total = sum(plan["questions"] for plan in plans) + habits

    def close(self) -> None:
        self._connection.close()

    def integrity(self) -> str:
        return str(self._one("PRAGMA integrity_check")[0])

    def version(self) -> int:
        """Return a number of a SQLite file that is another one after whatever others commit."""
        return int(self._one("PRAGMA data_version")[0])

    def count(self, table: str) -> int:
        return int(self._one(f"SELECT count(*) FROM {table}")[0])

    def doubled(self) -> list[tuple[object, ...]]:
        """Return slots and items that one attempt holds twice, and people who joined twice."""
        found: list[tuple[object, ...]] = []
        for table, columns in (
            ("response", "attempt_id, slot"),
            ("response", "attempt_id, item_code"),
            ("person", "telegram_id"),
            ("consent", "person_id"),
        ):
            found += self._all(f"SELECT {columns} FROM {table} GROUP BY {columns} HAVING count(*) > 1")
        return found

    def with_gaps(self) -> list[tuple[object, ...]]:
        """Return attempts whose slots are not 1, 2, 3 … to the last."""
        return self._all(
            "SELECT attempt_id FROM response GROUP BY attempt_id HAVING min(slot) <> 1 OR max(slot) <> count(*)"
        )

    def answers(self, user_id: int) -> dict[Slot, Stored]:
        rows = self._all(
            "SELECT r.attempt_id, r.slot, r.answer, r.confidence, r.item_code FROM response r"
            " JOIN attempt a ON a.id = r.attempt_id JOIN person p ON p.id = a.person_id WHERE p.telegram_id = ?",
            user_id,
        )
        return {(int(a), int(s)): Stored(str(answer), sure, str(item)) for a, s, answer, sure, item in rows}

    def place(self, user_id: int) -> Place | None:
        """Return where the latest attempt stands, None before the first."""
        rows = self._all(
            "SELECT a.id, a.status, a.current_item FROM attempt a JOIN person p ON p.id = a.person_id"
            " WHERE p.telegram_id = ? ORDER BY a.id DESC LIMIT 1",
            user_id,
        )
        if not rows:
            return None
        row: tuple[Any, ...] = rows[0]
        slots = {slot: stored for (attempt, slot), stored in self.answers(user_id).items() if attempt == row[0]}
        return Place(row[0], row[1], len(slots), row[2], slots[max(slots)] if slots else None)

    def live_message(self, user_id: int) -> int | None:
        """Return the message that the bot takes for the one with the live keyboard."""
        rows: list[tuple[Any, ...]] = self._all("SELECT live_message_id FROM person WHERE telegram_id = ?", user_id)
        return rows[0][0] if rows else None

    def awaits_certainty(self, last: Stored | None) -> bool:
        if last is None or last.confidence is not None or last.answer == "u":
            return False
        return self.dimensions[last.item] in self._asks_how_sure

    def _one(self, statement: str) -> tuple[Any, ...]:
        return self._all(statement)[0]

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        written = statement if self._is_file else statement.replace("?", "%s")
        found: list[tuple[Any, ...]] = self._connection.execute(written, values).fetchall()
        return found


def broken_promises(ledger: Ledger, stored: dict[Slot, Stored]) -> list[str]:
    """Compare what a person gave and was told with what is stored."""
    found = []
    for slot in sorted(ledger.acknowledged - set(stored)):
        found.append(f"lost: {slot} was acknowledged and is not stored")
    for slot, row in sorted(stored.items()):
        given = ledger.given.get(slot, [])
        if row.answer not in given:
            found.append(f"ghost: {slot} holds {row.answer}, given was {given}")
        elif row.answer != ledger.told_stored.get(slot, row.answer):
            found.append(f"changed: {slot} holds {row.answer}, acknowledged was {ledger.told_stored[slot]}")
        elif row.answer != given[0]:
            found.append(f"order: {slot} holds {row.answer}, given first was {given[0]}")
        said = ledger.said.get(slot, [])
        if row.confidence is not None and [row.confidence] != said[:1]:
            found.append(f"certainty: {slot} holds {row.confidence}, said was {said}")
    return found


def wrong_screen(truth: Truth, place: Place | None, messages: list[ChatMessage], live: int | None) -> str | None:
    """Say how the screen with the live keyboard differs from where the database stands, None where they agree."""
    screen = bottom(messages) if live is None else next((m for m in messages if m.message_id == live), None)
    if screen is None or not screen.keyboard:
        return "no screen with buttons"
    lowest = bottom(messages)
    if lowest is not None and lowest.message_id != screen.message_id:
        return f"an older screen below the live one: {lowest.text[:80]}"
    choices = [read(b.text, b.data) for row in screen.keyboard for b in row if b.data is not None]
    verbs = {choice.verb for choice in choices}
    if place is None:
        return f"there is no attempt, shown: {screen.text[:80]}" if verbs & {"an", "tk", "cf", "rv"} else None
    if place.status == "finished":
        return None if verbs & {"rv", "hs", "go", "cu"} else f"finished, shown: {screen.text[:80]}"
    if verbs & {"cu", "go"}:  # somebody rests on a card that leads on
        return None
    waits = truth.awaits_certainty(place.last)
    position = place.answered + (not waits)
    if f"Pertanyaan {position} dari {truth.total}" not in screen.text:
        return f"position {position} of attempt {place.attempt}, shown: {screen.text[:80]}"
    asked = {choice.slot for choice in choices if choice.verb in ("an", "tk", "cf")}
    if asked != {(place.attempt, position)}:
        return f"buttons of {asked}, not of {(place.attempt, position)}"
    if not waits and place.current_item is not None and truth.stems[place.current_item] not in screen.text:
        return f"another question than {place.current_item}: {screen.text[:80]}"
    return None
