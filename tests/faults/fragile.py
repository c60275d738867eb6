"""A stage whose process dies at every point of every update: before each statement, commit and call, and after each
call. It starts again, Telegram delivers again, and all must be as if nothing had happened.
"""

from __future__ import annotations

import copy
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event
from telegram.request import RequestData

from bot.core.item import Format
from bot.simulator.api import BotApi
from bot.simulator.chats import ChatMessage
from bot.tg.desk import Outcome
from bot.usecases.library import Library
from bot.wiring import App
from tests.content.formats import content_of
from tests.faults.crowd import bottom
from tests.stage import InProcess, Stage, buttons
from tests.transcripts.script import STAGED, Player
from tests.transcripts.test_transcripts import FILES

CHOSEN = [path for path in FILES if path.stem == "susah-ketuk-dua-kali" or os.environ.get("EVERY_POINT")]
"""The transcript that is played by default; EVERY_POINT plays all."""
NOT_COMPARED = {"live_message_id", "file_id", "token_hash"}
"""Columns that only sending tells: a message sent twice has another id, a picture another file; and a secret that is
drawn again where nobody knows whether the first one was stored: the screen shows the one that counts.
"""
CACHES = {"picture", "shared_picture", "alembic_version"}

Screen = tuple[str, tuple[str, ...]] | None


class Killed(BaseException):
    """The process died here. Nothing in the bot catches it, as nothing catches kill -9."""


@dataclass(slots=True)
class Fate:
    """Counts the points where a process can die, and lets it die at one of them, and stay dead."""

    passed: int = 0
    dies_at: int = 0
    dead: bool = False

    def arm(self, dies_at: int = 0) -> None:
        self.passed, self.dies_at, self.dead = 0, dies_at, False

    def strikes(self) -> bool:
        """Pass one point; tell whether it is the one."""
        self.passed += 1
        return self.passed == self.dies_at

    def meets(self, *_: object, **__: object) -> None:
        """Pass one point, or die at it."""
        if self.strikes() or self.dead:
            self.dead = True
            raise Killed


class Watched(sqlite3.Connection):
    """A connection whose statements are told of before they run, whoever runs them; opening one tells nothing."""

    told: Callable[[], None]

    def cursor(self, *_: object) -> WatchedCursor:  # type: ignore[override]
        return super().cursor(WatchedCursor)


class WatchedCursor(sqlite3.Cursor):
    """Tells of every statement before it runs."""

    def execute(self, sql: str, *parameters: Any) -> WatchedCursor:
        assert isinstance(self.connection, Watched)
        if not sql.startswith(("PRAGMA", "BEGIN")):
            self.connection.told()
        super().execute(sql, *parameters)
        return self

    def executemany(self, sql: str, *parameters: Any) -> WatchedCursor:
        assert isinstance(self.connection, Watched)
        self.connection.told()
        super().executemany(sql, *parameters)
        return self


def watch(engine: Engine, told: Callable[[], None]) -> None:
    """Tell of every statement of this database that is about to run, before the driver sees it."""

    def connecting(_: object, __: object, ___: object, named: dict[str, Any]) -> None:
        named["factory"] = type("Watching", (Watched,), {"told": staticmethod(told)})

    engine.dispose()
    event.listen(engine, "do_connect", connecting)


class Deadly(InProcess):
    """A transport that may die before a call is applied, and after, when its answer is on the way."""

    def __init__(self, api: BotApi, fate: Fate) -> None:
        super().__init__(api)
        self._fate = fate

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: object, **named: object
    ) -> tuple[int, bytes]:
        self._fate.meets()
        answer = await super().do_request(url, method, request_data)
        self._fate.meets()
        return answer


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside the process: Telegram, the database, and how far chance has come."""

    api: BotApi
    database: sqlite3.Connection
    seed: int

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return every row of every table, without what only sending tells."""
        tables = [name for (name,) in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: self._table(name) for name in sorted(tables) if name not in CACHES and "sqlite" not in name}

    def _table(self, name: str) -> list[tuple[Any, ...]]:
        known = [row[1] for row in self.database.execute(f"PRAGMA table_info({name})")]
        columns = [one for one in known if one not in NOT_COMPARED]
        return self.database.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()

    def screen(self, person: int) -> Screen:
        return seen(self.api.messages(person))


def seen(messages: list[ChatMessage]) -> Screen:
    """Return the screen that a person looks at: the latest one with buttons."""
    message = bottom(messages)
    return None if message is None else (message.text, tuple(button.text for button in buttons(message)))


@dataclass(slots=True)
class Ledger:
    """How many points were tried, and where it came out differently."""

    points: int = 0
    updates: int = 0
    differences: list[str] = field(default_factory=list)


class FragileStage(Stage):
    """Plays as a stage does; every update is first dealt with undisturbed, then once for each point of dying."""

    def __init__(self, directory: Path, content: Path | None = None) -> None:
        self.fate = Fate()
        self.ledger = Ledger()
        self._shelf = Library()  # immutable releases; reading them anew at each start would only take time
        self._calm = True
        self._delivered: list[dict[str, object]] = []
        super().__init__(directory, content)
        self._calm = False

    def new_app(self) -> App:
        with patch("bot.wiring.Library", lambda: self._shelf):
            app = super().new_app()
        self._endanger(app.database.engine)
        return app

    def _endanger(self, engine: Engine) -> None:
        watch(engine, self.fate.meets)
        event.listen(engine, "commit", self.fate.meets)

    def transport(self) -> InProcess:
        return Deadly(self.apis[0], self.fate)

    def settle(self) -> list[Outcome]:
        if self._calm or not self.api.updates.waiting(self.clock.now()):
            return super().settle()
        before = self._world()
        self._delivered = [update.body() for update in self.api.updates.waiting(self.clock.now())]
        self.fate.arm()
        outcomes = super().settle()
        points, after = self.fate.passed, self._world()
        self.ledger.updates += 1
        for point in range(1, points + 1):
            self._become(before)
            if not self._dies_at(point):
                break
            self._seed = before.seed  # what was drawn by who died is drawn again, so that all can be compared
            self._come_back()
            self._compare(after, point)
        self._become(after)
        before.database.close()
        return outcomes

    def _dies_at(self, point: int) -> bool:
        """Die at a point; False where it is not met, for what is kept between updates is not read again."""
        self.fate.arm(point)
        try:
            super().settle()
        except Killed:
            self.ledger.points += 1
            return True
        return False

    def _come_back(self) -> None:
        """Start another process, to which Telegram delivers what was not acknowledged."""
        self.fate.arm()
        self.app.close()
        self.app = self.new_app()
        self._introduce()
        super().settle()

    def _world(self) -> World:
        copied = sqlite3.connect(":memory:", check_same_thread=False)
        with closing(sqlite3.connect(self._file)) as connection:
            connection.backup(copied)
        return World(self._copied(self.api), copied, self._seed)

    def _become(self, world: World) -> None:
        """Put the world back as it was, with a new process in it."""
        self.app.close()
        with closing(sqlite3.connect(self._file)) as connection:
            world.database.backup(connection)
        self.apis, self._seed = [self._copied(world.api)], world.seed
        self.turn_to(0)
        self.fate.arm()
        self.app = self.new_app()
        self._introduce()

    def _copied(self, api: BotApi) -> BotApi:
        return copy.deepcopy(api, {id(self.clock): self.clock})

    @property
    def _file(self) -> str:
        return self.settings.database_url.removeprefix("sqlite:///")

    def _compare(self, after: World, point: int) -> None:
        now = self._world()
        expected, found = after.rows(), now.rows()
        for table in expected:
            if expected[table] != found[table]:
                self._differs(point, f"{table}: {_only(expected[table], found[table])}")
        for person in after.api.chats:
            found_screen, expected_screen = now.screen(person), after.screen(person)
            if found_screen != expected_screen and found_screen not in self._also_right(after, person):
                self._differs(point, f"screen of {person}: {found_screen}, not {expected_screen}")
        now.database.close()

    def _differs(self, point: int, what: str) -> None:
        self.ledger.differences.append(f"update {self.ledger.updates}, point {point}: {what}"[:600])

    def _also_right(self, after: World, person: int) -> list[Screen]:
        """Return what /lanjut draws, as a text that comes again does, and what the same update draws when it comes
        twice without dying: what is told once, such as a link whose secret is not kept, is not told again.
        """
        here, calm = self._world(), self._calm
        self._calm = True
        found = []
        self._become(after)
        self.says(person, "/lanjut")
        found.append(seen(self.api.messages(person)))
        self._become(after)
        for body in self._delivered:
            self.deliver(body)
        found.append(seen(self.api.messages(person)))
        self._calm = calm
        self._become(here)
        here.database.close()
        return found


def _only(expected: list[tuple[Any, ...]], found: list[tuple[Any, ...]]) -> str:
    missing, extra = [row for row in expected if row not in found], [row for row in found if row not in expected]
    return f"missing {missing}, extra {extra}"


def played(path: Path, directory: Path, make: Callable[[Path, Path | None], FragileStage]) -> Ledger:
    """Play a transcript on a stage of this kind; return what became of it at every point."""
    source = path.read_text(encoding="utf-8")
    staged = STAGED.search(source)
    play = make(directory, content_of(directory, Format(staged[1])) if staged else None)
    try:
        Player(play).play(source)
    finally:
        play.close()
    return play.ledger
