"""A crowd with phones: taps what the bot shows, over its webhook, and plays Telegram to hear when the answer comes.

In an open loop taps fall due at a fixed rate, whether the bot keeps up or not, and each is timed from when it fell due.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.bench.sink import NO_WEBHOOK, REPLIES, TRUE, reply
from tests.bench.taps import tap

SECRET = "rahasia-bangku-ukur"
PATH = "/tg"
CONTINUE = "1.cu"
ANSWERING = ("1.an.", "1.cf.")
PATIENCE = 20.0
_HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Phone:
    """One person: the buttons on screen, and the tap under way."""

    telegram_id: int
    buttons: list[str] = field(default_factory=lambda: [CONTINUE])
    due: float = 0.0
    acknowledged: float | None = None
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    taps: int = 0
    screens: int = 0


@dataclass(slots=True)
class Times:
    """Seconds from when each tap fell due until it was acknowledged, and until its screen was there; why some had
    no answer, and how many found nobody free to tap.
    """

    acknowledged: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    nobody_free: int = 0


class Crowd:
    """Everybody with a phone; `most` is how often each may tap, so that nobody comes to the end of a sitting."""

    def __init__(self, people: Sequence[int], *, most: int) -> None:
        self._phones = {person: Phone(person) for person in people}
        self._free = deque(self._phones.values())
        self._callers: dict[str, Phone] = {}
        self._most = most
        self._luck = random.Random(1)
        self._webhook: dict[str, object] = NO_WEBHOOK
        self.times = Times()
        self.sent_to_others = 0
        """Messages to people who do not tap."""

    @asynccontextmanager
    async def telegram(self) -> AsyncIterator[int]:
        """Play Telegram on a free port of loopback; give the port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Calls(self), "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    def called(self, method: str, parameters: dict[str, object]) -> bytes:
        """Note what the bot called, and answer it."""
        now = time.perf_counter()
        if method == "answerCallbackQuery":
            caller = self._callers.pop(str(parameters.get("callback_query_id")), None)
            if caller is not None:
                caller.acknowledged = now
        elif method in ("editMessageText", "sendMessage"):
            phone = self._phones.get(int(str(parameters["chat_id"])))
            if phone is None:
                self.sent_to_others += 1
            else:
                phone.buttons = _buttons(parameters.get("reply_markup"))
                phone.screens += 1
                phone.seen.set()
        elif method == "setWebhook":
            self._webhook = {**NO_WEBHOOK, "url": parameters.get("url", "")}
        elif method == "getWebhookInfo":
            return reply({"ok": True, "result": self._webhook})
        return REPLIES.get(method, TRUE)

    async def taps(self, poster: Poster, due: float) -> bool:
        """Let somebody who is free tap; False where nobody is."""
        if not self._free:
            self.times.nobody_free += 1
            return False
        phone = self._free.popleft()
        body = tap(phone.telegram_id, self._luck.choice(phone.buttons))
        callback_id = str(json.loads(body)["callback_query"]["id"])
        phone.due, phone.acknowledged = due, None
        phone.seen.clear()
        self._callers[callback_id] = phone
        try:
            async with asyncio.timeout(PATIENCE):
                await poster.post(body)
                await phone.seen.wait()
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            self.times.unanswered.append(repr(error))
            return True
        self.times.visible.append(time.perf_counter() - due)
        self.times.acknowledged.append((phone.acknowledged or time.perf_counter()) - due)
        phone.taps += 1
        if phone.taps < self._most and phone.buttons:
            self._free.append(phone)
        return True

    def leaves(self) -> Phone:
        """Take somebody out who is free."""
        return self._free.popleft()

    def comes_back(self, phone: Phone) -> None:
        """Let somebody be the next who taps."""
        self._free.appendleft(phone)

    async def warm_up(self, poster: Poster) -> None:
        """Let everybody see their question; untimed."""
        for _ in range(len(self._phones)):
            await self.taps(poster, time.perf_counter())
        self.times = Times()

    async def tap_at(self, poster: Poster, rate: float, seconds: float) -> Times:
        """Tap so often a second, in an open loop."""
        self.times = Times()
        start, tasks = time.perf_counter() + 0.1, []
        for number in range(int(rate * seconds)):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(self.taps(poster, due)))
        await asyncio.gather(*tasks)
        return self.times

    async def tap_as_fast(self, poster: Poster, at_once: int, seconds: float) -> float:
        """Tap as fast as the bot answers, so many at once; return the taps a second."""
        self.times = Times()
        start = time.perf_counter()

        async def keep_tapping() -> None:
            while time.perf_counter() - start < seconds and await self.taps(poster, time.perf_counter()):
                pass

        await asyncio.gather(*(keep_tapping() for _ in range(at_once)))
        return len(self.times.visible) / (time.perf_counter() - start)


def _buttons(markup: object) -> list[str]:
    """Return what finishes an answer; nothing where no question waits."""
    keyboard = json.loads(markup) if isinstance(markup, str) else markup
    rows = keyboard["inline_keyboard"] if isinstance(keyboard, dict) else []
    return [data for row in rows for b in row if (data := str(b.get("callback_data"))).startswith(ANSWERING)]


class Poster:
    """Posts updates to webhooks in turn, over connections that are kept."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = deque(ports)
        self._kept: dict[int, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = {port: [] for port in ports}

    async def post(self, body: bytes) -> None:
        """Post one update and wait for the answer; OSError for any but 200."""
        port = self._ports[0]
        self._ports.rotate(1)
        kept = self._kept[port]
        while kept and kept[-1][0].at_eof():
            kept.pop()[1].close()
        reader, writer = kept.pop() if kept else await asyncio.open_connection("127.0.0.1", port)
        head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(_HEAD_END)
        await reader.readexactly(_length(answer))
        self._kept[port].append((reader, writer))
        if b" 200 " not in answer.split(b"\r\n", 1)[0]:
            raise OSError(answer.split(b"\r\n", 1)[0].decode())

    def close(self) -> None:
        for kept in self._kept.values():
            for _, writer in kept:
                writer.close()


class Calls(asyncio.Protocol):
    """One connection on which the bot calls Telegram."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(_HEAD_END)) >= 0:
            head = self._buffer[:end]
            whole = end + len(_HEAD_END) + _length(head)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + len(_HEAD_END) : whole], self._buffer[whole:]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].partition(b"?")[0].decode()
            self._transport.write(self._crowd.called(method, json.loads(body) if body.startswith(b"{") else {}))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
