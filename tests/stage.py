"""The stage that tests play on: the whole application, on a real database, against the simulator's Telegram,
without sockets.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.chat.callback_data import pack
from bot.content.load import load
from bot.core.answer import Answer, encode
from bot.core.item import Item
from bot.demo.cast import phones
from bot.demo.story import fill
from bot.settings import Settings
from bot.simulator.api import BotApi
from bot.simulator.cast import ADMIN as ADMIN_PERSON
from bot.simulator.cast import CAST, MBAK_RANI, PAK_JOKO
from bot.simulator.chats import Button, ChatMessage
from bot.simulator.clock import FrozenClock
from bot.simulator.world import DEMO_TOKEN
from bot.store.session import Database
from bot.tg.desk import Desk, Outcome
from bot.tg.flood import Flood
from bot.usecases import accounts, posting, taking, timetable
from bot.usecases.library import Library
from bot.usecases.taking import Standing
from bot.wiring import App, build
from tests import databases
from tests.usecases.world import document

_FILLED: dict[tuple[int, datetime], tuple[int, str]] = {}
"""Databases with the demo's people in them, by the seed and the time before, for filling one takes seconds."""
ANY_PACE = 10**9
"""Updates that a person of a test may send at once: more than hands can."""
TIMETABLE_SEED = 7919
"""Decides when shadow customers come; one of its own, so that the other seeds are the same whoever wishes for some."""
METHOD = re.compile(r"/bot(?P<token>[^/]+)/(?P<method>\w+)")
SARI, JOKO, RANI, ADMIN, STRANGER = (person.id for person in CAST)


def _settings(database_url: str, *tokens: str) -> Settings:
    return Settings(
        bot_token=",".join(tokens),
        bot_api_url="http://telegram.invalid",
        database_url=database_url,
        web_host="127.0.0.1",
        web_port=0,
        web_url="http://127.0.0.1",
        webhook_url=None,
        webhook_secret=None,
        admin_ids=frozenset({ADMIN}),
    )


@cache
def _prepared_at(now: datetime) -> databases.Fill:
    """Return what brings the real content into a database, as the first start of an application does at this time."""

    def prepare(database: Database) -> None:
        app = build(_settings(database.url, DEMO_TOKEN), clock=lambda: now)
        app.prepare(document=document())
        app.close()

    return prepare


class InProcess(BaseRequest):
    """A transport that hands the library's calls straight to the simulator, to the one that knows the token."""

    def __init__(self, api: BotApi, *others: BotApi) -> None:
        self._api = api
        self._by_token = {other.token: other for other in others}

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        return None

    async def shutdown(self) -> None:
        return None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        found = METHOD.search(url)
        assert found is not None
        parts = (request_data.multipart_data or {}) if request_data else {}
        files = {name: (part[0], part[1]) for name, part in parts.items() if isinstance(part[1], bytes)}
        parameters = request_data.json_parameters if request_data else {}
        api = self._by_token.get(found["token"], self._api)
        reply = api.handle(found["token"], found["method"], parameters, files)
        return reply.status, json.dumps(reply.body).encode()


class Stage:
    """Play people against the application; every action ends when the bot has answered.

    Where the deployment has several bots, people act in the one that `turn_to` names.
    """

    tokens: tuple[str, ...] = (DEMO_TOKEN,)

    def __init__(self, directory: Path, content: Path | None = None) -> None:
        self.clock = FrozenClock()
        self.apis = [self._telegram(number, token) for number, token in enumerate(self.tokens)]
        self.turn_to(0)
        self.settings = _settings(
            databases.url(directory / "test.db", None if content else _prepared_at(self.machines_time())), *self.tokens
        )
        self.library = Library()
        self._seed = 0
        self._last_updates: dict[int, dict[str, object]] = {}
        self._runner = asyncio.Runner()
        self.app = self.new_app()
        if content is not None:
            self.app.prepare(document=load(content))
        self._introduce()

    def _telegram(self, number: int, token: str) -> BotApi:
        """Return Telegram as one bot knows it: message ids and updates are each bot's own."""
        api = BotApi(self.clock, token=token, username=f"tanggadigital{number or ''}_bot", seed=7 + number)
        for person in CAST:
            api.add_user(person)
        return api

    def turn_to(self, bot: int) -> None:
        """Let people act in this bot from now on."""
        self.api = self.apis[bot]

    def new_app(self) -> App:
        """Return another process of the application on the same database, as a restart or a replica would be."""
        transport = self.transport()
        return build(
            self.settings,
            clock=self.machines_time,
            new_seed=self._next_seed,
            new_token=self._next_token,
            request=transport,
            updates_request=transport,
            flood=Flood(burst=ANY_PACE),
        )

    def machines_time(self) -> datetime:
        """Return what the clock of the bot's machine says; here it is right."""
        return self.clock.now()

    def transport(self) -> BaseRequest:
        """Return the line between a process and Telegram."""
        return InProcess(*self.apis)

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed

    def _next_token(self, size: int) -> str:
        """Return a token that is the same in every run and as long as a real one."""
        digest = hashlib.sha256(f"token {self._next_seed()}".encode()).digest()[:size]
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def restart(self) -> None:
        """Throw the process away and start another."""
        self.app.close()
        self.app = self.new_app()
        self._introduce()

    def _introduce(self) -> None:
        """Let each bot ask Telegram for its name, as a process does before its first update."""
        for branch, api in zip(self.app.branches, self.apis, strict=True):
            self._runner.run(branch.bot.initialize())
            api.calls.clear()

    def close(self) -> None:
        self.app.close()
        self._runner.close()

    def settle(self) -> list[Outcome]:
        """Let the bot deal with everything that waits; return what became of each update."""
        return self._runner.run(self._settle())

    async def _settle(self) -> list[Outcome]:
        outcomes = []
        for update in self.api.updates.waiting(self.clock.now()):
            self._last_updates[update.key[1]] = update.body()
            outcome = await self._desk.handle(json.dumps(update.body()))
            outcomes.append(outcome)
            if outcome is Outcome.DONE:
                self.api.updates.confirm(update.update_id)
        return outcomes

    def delivers(self) -> None:
        """Let the bot send what is owed and due, look what was wished for, and send that too, as the sweep does that
        never stands still so long.
        """
        self._runner.run(self.app.deliveries.drain())
        with self.app.database.transaction() as session:
            timetable.advance(session, new_seed=lambda: TIMETABLE_SEED, now=self.clock.now(), limit=100)
            posting.advance(session, now=self.clock.now(), limit=100)
        self._runner.run(self.app.deliveries.drain())

    def last_update(self, person: int) -> dict[str, object]:
        """Return the latest update of a person, to deliver it once more."""
        return self._last_updates[person]

    def deliver(self, body: bytes | str | dict[str, object]) -> Outcome:
        """Hand one raw update to the desk."""
        raw = json.dumps(body) if isinstance(body, dict) else body
        return self._runner.run(self._desk.handle(raw))

    def deliver_at_once(self, *bodies: dict[str, object]) -> list[Outcome]:
        """Hand several raw updates to the desk in the same moment."""

        async def together() -> list[Outcome]:
            return await asyncio.gather(*(self._desk.handle(json.dumps(body)) for body in bodies))

        return self._runner.run(together())

    @property
    def _desk(self) -> Desk:
        """Return the desk of the bot in which people act."""
        return self.app.branches[self.apis.index(self.api)].desk

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Run plain SQL beside the bot."""
        return databases.rows(self.app.database, statement, **values)

    def says(self, person: int, text: str) -> None:
        """Type a text."""
        self.api.person_sends(person, text)
        self.settle()

    def taps(self, person: int, label: str, *, contains: bool = False) -> None:
        """Tap a button of the live keyboard by its label."""
        message = self.live(person)
        button = next(b for b in buttons(message) if b.text == label or (contains and label in b.text))
        self.tap(person, message.message_id, button.data or "")

    def tap(self, person: int, message_id: int, data: str, *, forge: bool = False) -> None:
        """Tap a button of any message by its data."""
        self.api.person_taps(person, message_id, data, forge=forge)
        self.settle()

    def live(self, person: int) -> ChatMessage:
        """Return the latest message that has buttons."""
        return next(m for m in reversed(self.api.messages(person)) if m.keyboard)

    def screen(self, person: int) -> str:
        """Return the text of the latest message that has buttons."""
        return self.live(person).text

    def labels(self, person: int) -> list[str]:
        return [button.text for button in buttons(self.live(person))]

    def toast(self, person: int) -> str:
        return self.api.toasts(person)[-1].text

    def joins(self, person: int) -> None:
        """Bring an owner as far as the home screen."""
        self.says(person, "/start")
        self.taps(person, "Setuju, saya 18 tahun ke atas")
        self.taps(person, "Pemilik usaha")
        self.taps(person, "Makanan & minuman")
        self.taps(person, "Saya sendiri")
        self.taps(person, "WhatsApp / media sosial")
        self.taps(person, "08.00–17.00 WIB")

    def joins_as_coach(self, person: int) -> None:
        """Bring a coach as far as the home screen."""
        self.says(person, "/start")
        self.taps(person, "Setuju, saya 18 tahun ke atas")
        self.taps(person, "Pembina / pendamping")

    def leads_group(self, coach: int, name: str) -> None:
        """Let a coach, who may be new, make a group without place and programme, and look at it."""
        if not self.api.messages(coach):
            self.joins_as_coach(coach)
        self.says(coach, "/kelompok")
        self.taps(coach, "Buat kelompok baru")
        self.says(coach, name)
        self.taps(coach, "Lewati")
        self.taps(coach, "Tanpa program")

    def answers_all(self, person: int, choose: str = "A") -> int:
        """Answer every question that comes with one letter where it can be; return how many taps it took."""
        for taps in range(200):
            labels = self.labels(person)
            if "Yakin" in labels:
                self.taps(person, "Agak yakin")
            elif any(label.startswith("☑") for label in labels) or {"Selesai", "Ulangi"} <= set(labels):
                self.taps(person, "Selesai")
            elif f"☐ {choose}" in labels:
                self.taps(person, f"☐ {choose}")
            elif choose in labels:
                self.taps(person, choose)
            elif "Ulangi" in labels:
                self.taps(person, labels[0])
            elif "Belum tahu" in labels:
                self.taps(person, "Belum tahu")
            else:
                return taps
        raise AssertionError("the assessment never ended")

    def answers_rest(self, person: int, choose: Callable[[Item], Answer]) -> None:
        """Answer every question that follows, whatever its format, and fairly sure."""
        while (standing := self._standing(person)) is not None:
            attempt = standing.attempt
            if standing.awaiting is not None:
                self.taps(person, "Agak yakin")
            else:
                assert standing.item is not None
                data = pack("an", attempt.id, attempt.slot, encode(choose(standing.item)))
                self.tap(person, self.live(person).message_id, data, forge=True)

    def _standing(self, person: int) -> Standing | None:
        with self.app.database.transaction() as session:
            owner, _ = accounts.meet(session, telegram_id=person)
            assert owner is not None
            return taking.standing(session, owner=owner, library=self.library)

    def fills_with_demo(self) -> None:
        """Put the demo's people on the stage, for whom the main cast are no strangers any more."""
        for person in (PAK_JOKO, MBAK_RANI, ADMIN_PERSON):
            self.api.chat(person.id).started = True
        for person in phones():
            self.api.add_user(person, started=True)
        before = (self._seed, self.clock.now())
        if before not in _FILLED:
            with self.app.database.transaction() as session:
                fill(session, library=self.library, new_token=self._next_token, now=self.clock.now())
            _FILLED[before] = self._seed, databases.copy_of(self.app.database)
        self._seed, filled = _FILLED[before]
        databases.overwrite(self.app.database, filled)

    def advance(self, **by: float) -> datetime:
        """Move the time forward."""
        self.clock.advance(timedelta(**by))
        return self.clock.now()


def buttons(message: ChatMessage) -> list[Button]:
    return [button for row in message.keyboard for button in row]


@contextmanager
def stage(directory: Path, content: Path | None = None) -> Iterator[Stage]:
    """Open a stage and close it whatever happens."""
    opened = Stage(directory, content)
    try:
        yield opened
    finally:
        opened.close()
