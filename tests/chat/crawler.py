"""Taps every button that can be reached from a screen, the nearest first, and notes what each one led to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast

from bot.chat.callback_data import unpack
from bot.simulator.chats import Button, ChatMessage
from bot.store.session import Database
from tests import databases
from tests.stage import Stage, buttons

Rows = dict[str, list[tuple[object, ...]]]
PERSONAL = (
    "person",
    "consent",
    "attempt",
    "response",
    "report",
    "reading",
    "lesson",
    "act_report",
    "wish",
    "thread",
    "practice_number",
    "practice",
    "big_order",
    "probe",
    "picture",
    "coach_group",
    "group_coach",
    "group_chat",
    "chat_offer",
    "coach_offer",
    "invited",
    "membership",
    "sharing",
    "code_guess",
    "login",
    "web_session",
    "delivery",
    "quarantine",
    "role_grant",
)
"""Tables in the order in which rows may be put back."""
IDS = "the ids given so far"


class Memory:
    """Remembers what the database holds about people, and brings it back."""

    def __init__(self, database: Database) -> None:
        connection = database.engine.raw_connection()
        self._connection = cast(Any, connection.driver_connection)
        connection.detach()
        if databases.ON_POSTGRESQL:
            self._connection.autocommit = True
            self._mark = "%s"
            self._ids = "SELECT sequencename, last_value FROM pg_sequences"
            self._put_ids = "SELECT setval(%s::regclass, coalesce(%s, 1), %s)"
        else:
            self._connection.execute("PRAGMA synchronous=OFF")
            self._mark = "?"
            self._ids = "SELECT name, seq FROM sqlite_sequence"
            self._put_ids = "UPDATE sqlite_sequence SET seq = ?2 WHERE name = ?1 AND ?3"

    def rows(self) -> Rows:
        kept = {name: self._connection.execute(f"SELECT * FROM {name}").fetchall() for name in PERSONAL}
        return kept | {IDS: self._connection.execute(self._ids).fetchall()}

    def bring_back(self, rows: Rows) -> None:
        self._connection.execute("BEGIN")
        for name in reversed(PERSONAL):
            self._connection.execute(f"DELETE FROM {name}")
        for name in PERSONAL:
            for row in rows[name]:
                marks = ",".join([self._mark] * len(row))
                self._connection.execute(f"INSERT INTO {name} VALUES ({marks})", row)
        for sequence, last in rows[IDS]:
            self._connection.execute(self._put_ids, (sequence, last, last is not None))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Place:
    """A screen, with all that it rests on."""

    screen: ChatMessage
    chat: tuple[ChatMessage, ...]
    rows: Rows

    @property
    def language(self) -> str:
        return str(self.rows["person"][0][3]) if self.rows["person"] else ""

    @property
    def key(self) -> tuple[str, ...]:
        """Return what makes a screen another one to tap on: its buttons and language, not what was answered before."""
        kinds = (_kind(button.data) for button in buttons(self.screen) if button.data)
        return (self.language, *sorted(kinds))


@dataclass(frozen=True, slots=True)
class Step:
    """One tap and what came of it."""

    data: str
    label: str
    before: Place
    after: Place
    toast: str

    @property
    def is_silent(self) -> bool:
        """Tell whether the person could not notice anything."""
        return not self.toast and [_seen(m) for m in self.before.chat] == [_seen(m) for m in self.after.chat]


@dataclass(slots=True)
class Crawl:
    """What one person met."""

    places: dict[tuple[str, ...], Place] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def screens(self) -> list[ChatMessage]:
        return [message for step in self.steps for message in step.after.chat if message.from_bot]

    @property
    def data(self) -> set[str]:
        return {b.data for place in self.places.values() for b in buttons(place.screen) if b.data}


def crawl(stage: Stage, person: int, found: Crawl, *, most: int = 1000) -> None:
    """Go everywhere from the person's live screen that `found` does not know yet."""
    memory = Memory(stage.app.database)
    first = _place(stage, person, memory)
    waiting = deque() if first.key in found.places else deque([first])
    found.places.setdefault(first.key, first)
    try:
        while waiting:
            place = waiting.popleft()
            for button in (b for b in buttons(place.screen) if b.data):
                step = _tap(stage, person, memory, place, button)
                found.steps.append(step)
                if step.after.screen.keyboard and step.after.key not in found.places and len(found.places) < most:
                    found.places[step.after.key] = step.after
                    waiting.append(step.after)
        memory.bring_back(first.rows)
        stage.api.chat(person).messages = {message.message_id: message for message in first.chat}
    finally:
        memory.close()


def _tap(stage: Stage, person: int, memory: Memory, place: Place, button: Button) -> Step:
    chat = stage.api.chat(person)
    if memory.rows() != place.rows:
        memory.bring_back(place.rows)
    chat.messages = {message.message_id: message for message in place.chat}
    chat.toasts.clear()
    stage.tap(person, place.screen.message_id, button.data or "", forge=True)
    (toast,) = chat.toasts
    return Step(button.data or "", button.text, place, _place(stage, person, memory), toast.text)


def _place(stage: Stage, person: int, memory: Memory) -> Place:
    chat = stage.api.messages(person)
    live = [message for message in chat if message.keyboard] or chat
    return Place(live[-1], tuple(chat), memory.rows())


def _kind(data: str) -> str:
    """Return a button's data without the draft so far (but for beginning anew), the minute of an erase button, which
    practice it belongs to, and which member, newcomer, coach or page it names.
    """
    name, arguments = unpack(data)
    if (name == "tk" and arguments[2] not in "po") or (name == "an" and arguments[2][0] in "tpo"):
        return f"{name}.{arguments[0]}.{arguments[1]}"
    if name in ("pj", "ko"):
        return f"{name}.{arguments[1]}"
    if name in ("gd", "gx", "gy", "gj", "gz", "lt", "c4"):
        return f"{name}.{len(arguments)}"
    if name in ("lk", "lz"):
        return f"{name}.{arguments[1][:2]}"
    return name if name in ("e3", "pk", "ga", "ca") else data


def _seen(message: ChatMessage) -> tuple[object, ...]:
    labels = [[(button.text, button.data) for button in row] for row in message.keyboard]
    return message.message_id, message.text, message.caption, labels
