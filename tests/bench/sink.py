"""A stand-in for Telegram that costs next to nothing: every method is answered at once with a minimal valid result.

It runs in a process of its own, prints its port, and counts the calls so that a round that failed is not taken for
a fast one.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter

COUNTS_PATH = "/counts"
HEAD_END = b"\r\n\r\n"
MESSAGE = {
    "message_id": 1000,
    "date": 1764000000,
    "chat": {"id": 1, "type": "private", "first_name": "Sari"},
    "text": "x",
}
BOT = {"id": 123456, "is_bot": True, "first_name": "Tangga", "username": "tangga_bot"}
NO_WEBHOOK: dict[str, object] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
RESULTS: dict[str, object] = {
    "getMe": BOT,
    "getWebhookInfo": NO_WEBHOOK,
    "sendMessage": MESSAGE,
    "editMessageText": MESSAGE,
    "sendPhoto": {**MESSAGE, "photo": [{"file_id": "AgAC", "file_unique_id": "AgAC", "width": 800, "height": 600}]},
}


def reply(body: object) -> bytes:
    """Return a whole HTTP response that keeps the connection open."""
    payload = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
    return head.encode() + payload


REPLIES = {method: reply({"ok": True, "result": result}) for method, result in RESULTS.items()}
TRUE = reply({"ok": True, "result": True})


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (path := self._take()) is not None:
            self._transport.write(self._answer(path))

    def _take(self) -> str | None:
        """Remove one whole request from the buffer and return its path."""
        end = self._buffer.find(HEAD_END)
        if end < 0:
            return None
        head = self._buffer[:end].decode("latin-1")
        whole = end + len(HEAD_END) + _content_length(head)
        if len(self._buffer) < whole:
            return None
        self._buffer = self._buffer[whole:]
        return head.split(" ", 2)[1]

    def _answer(self, path: str) -> bytes:
        if path == COUNTS_PATH:
            counted = reply(dict(self._counts))
            self._counts.clear()
            return counted
        method = path.rpartition("/")[2]
        self._counts[method] += 1
        return REPLIES.get(method, TRUE)


def _content_length(head: str) -> int:
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


async def serve() -> None:
    """Listen on a free port of loopback, print it, and answer until killed."""
    counts: Counter[str] = Counter()
    server = await asyncio.get_running_loop().create_server(lambda: Sink(counts), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
