"""The Bot API itself, without HTTP: a call comes in, Telegram's answer goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.simulator.clock import Clock
from bot.simulator.errors import ApiError
from bot.simulator.faults import Faults
from bot.simulator.groups import GroupSide
from bot.simulator.methods import METHODS
from bot.simulator.methods.delivery import Described
from bot.simulator.params import Files, Params
from bot.simulator.wire import Json

TOKEN = re.compile(r"\d+:[\w-]+")


class Reply(NamedTuple):
    """Status, JSON body and extra headers of an answer."""

    status: int
    body: Json
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot as it was answered."""

    method: str
    params: dict[str, object] = field(repr=False)
    ok: bool
    description: str


class BotApi(GroupSide):
    """Stand in for Telegram: chats, messages, updates and rules. Use it from one event loop."""

    def __init__(
        self,
        clock: Clock,
        *,
        token: str | None = None,
        username: str = "tanggadigital_bot",
        seed: int | None = None,
    ) -> None:
        super().__init__(clock, token=token, username=username, seed=seed)
        self.calls: list[Call] = []
        self.faults = Faults()

    def handle(
        self, token: str, method: str, params: Mapping[str, object], files: Files | None = None, *, log: bool = True
    ) -> Reply:
        """Answer a call of the bot as Telegram would; faults on order are the HTTP layer's."""
        name = method
        try:
            if not TOKEN.fullmatch(token):
                raise ApiError(404, "Not Found")
            if token != self.token:
                raise ApiError(401, "Unauthorized")
            if method.lower() not in METHODS:
                raise ApiError(404, "Not Found: method not found")
            name, function = METHODS[method.lower()]
            reply = _success(function(self, Params(params, files or {})))
        except ApiError as error:
            reply = failure(error)
        if log:
            description = str(reply.body.get("description", ""))
            self.calls.append(Call(name, dict(params), reply.status == 200, description))
        return reply


def failure(error: ApiError) -> Reply:
    """Return an error as Telegram writes it."""
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = dict(error.parameters)
    retry = error.parameters.get("retry_after")
    return Reply(error.code, body, {"Retry-After": str(retry)} if retry is not None else {})


def _success(result: object) -> Reply:
    if isinstance(result, Described):
        return Reply(200, {"ok": True, "result": result.result, "description": result.description}, {})
    return Reply(200, {"ok": True, "result": result}, {})
