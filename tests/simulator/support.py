"""What the simulator's tests share: a stand-in with the cast, and a real library bot talking to it over loopback."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable, Sequence

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import HTTPXRequest

from bot.simulator.api import BotApi
from bot.simulator.app import serve
from bot.simulator.cast import CAST
from bot.simulator.clock import FrozenClock

SARI, JOKO = 1001, 2001


def started_api() -> BotApi:
    """Return a stand-in whose cast has phones; only Bu Sari has written to the bot, and that is confirmed."""
    api = BotApi(FrozenClock(), seed=1)
    for person in CAST:
        api.add_user(person)
    api.person_sends(SARI, "/start")
    api.updates.clear()
    return api


def call(api: BotApi, method: str, **params: object) -> dict[str, object]:
    """Call a method that must succeed and return the whole body."""
    reply = api.handle(api.token, method, params)
    assert reply.status == 200, reply.body
    return reply.body


def refusal(api: BotApi, method: str, **params: object) -> tuple[int, str]:
    """Call a method that must fail and return the code and description."""
    reply = api.handle(api.token, method, params)
    assert reply.status != 200
    return reply.status, str(reply.body["description"])


def send(api: BotApi, text: str = "Halo", **params: object) -> int:
    """Send Bu Sari a message and return its id."""
    result = call(api, "sendMessage", chat_id=SARI, text=text, **params)["result"]
    assert isinstance(result, dict)
    return int(result["message_id"])


def keyboard(*data: str) -> InlineKeyboardMarkup:
    """Return a keyboard with one button a row."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(each.upper(), callback_data=each)] for each in data])


def with_bot(api: BotApi, scenario: Callable[[Bot], Awaitable[None]]) -> None:
    """Run a scenario with a library bot connected over loopback."""

    async def run() -> None:
        async with serve(api) as port, library_bot(api, port) as bot:
            await scenario(bot)

    asyncio.run(run())


def library_bot(api: BotApi, port: int) -> Bot:
    """Return a library bot that talks to the stand-in."""
    here = f"http://127.0.0.1:{port}"
    calls, polls = _plain(), _plain()
    return Bot(api.token, f"{here}/bot", f"{here}/file/bot", request=calls, get_updates_request=polls)


def client(port: int) -> httpx.AsyncClient:
    """Return a plain HTTP client of the stand-in."""
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False)


def _plain() -> HTTPXRequest:
    """Return a transport that doesn't spend a tenth of a second on certificates that loopback never needs."""
    return HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False})


def png(width: int = 4, height: int = 3) -> bytes:
    """Return a small grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def kinds(updates: Sequence[dict[str, object]]) -> list[str]:
    """Name the kinds of updates in order."""
    return [next(name for name in update if name != "update_id") for update in updates]
