"""Bad weather between the bot and Telegram, without sockets: the simulator's faults as the library would meet them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from telegram.error import NetworkError, TimedOut
from telegram.request import RequestData

from bot.simulator.api import BotApi
from bot.simulator.faults import BAD_GATEWAY_PAGE, Fault
from bot.tg.errors import LineBroken
from bot.tg.flood import Flood
from bot.tg.sender import Sender
from bot.wiring import App, build
from tests.stage import ANY_PACE, METHOD, InProcess, Stage

Answer = tuple[int, bytes]


class Stormy(InProcess):
    """The transport of the stage, with the faults on order: before a call is applied, or after, its answer lost."""

    def __init__(self, api: BotApi) -> None:
        super().__init__(api)
        self._faults = api.faults

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: object, **named: object
    ) -> Answer:
        found = METHOD.search(url)
        assert found is not None
        fault = self._faults.take(found["method"])
        if fault is not None and fault.when == "before":
            return _instead(fault)
        answer = await super().do_request(url, method, request_data)
        return answer if fault is None else _instead(fault)


def _instead(fault: Fault) -> Answer:
    """Raise what the library raises, or return what a gateway answers."""
    match fault.do:
        case "drop" | "reset":
            raise NetworkError("the line broke") from LineBroken("reset")
        case "delay":
            raise TimedOut
        case _:
            return fault.status, _body(fault)


def _body(fault: Fault) -> bytes:
    if not isinstance(fault.body, dict):
        return (fault.body or BAD_GATEWAY_PAGE).encode()
    return json.dumps(fault.body).encode()


class StormyStage(Stage):
    """A stage in bad weather; pauses between tries are noted instead of waited."""

    def __init__(self, directory: Path) -> None:
        self.pauses: list[float] = []
        super().__init__(directory)

    def new_app(self) -> App:
        transport = Stormy(self.api)
        app = build(
            self.settings,
            clock=self.clock.now,
            new_seed=self._next_seed,
            new_token=self._next_token,
            request=transport,
            updates_request=transport,
            flood=Flood(burst=ANY_PACE),
        )
        sender = Sender(app.bot, pause=self._note_pause, now=lambda: self.clock.now().timestamp())
        app.branches[0].desk = replace(app.desk, sender=sender)
        return app

    async def _note_pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def begins(self, person: int) -> None:
        """Bring an owner as far as the first question."""
        self.joins(person)
        self.taps(person, "Mulai asesmen")

    def answers(self) -> list[str]:
        """Return all stored answers in order."""
        return [row[0] for row in self.rows("SELECT answer FROM response ORDER BY attempt_id, slot")]
