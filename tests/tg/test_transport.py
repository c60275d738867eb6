"""The transport against a server on loopback that behaves badly on order; no error may show the token."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData

from bot.simulator.app import serve
from bot.tg import transport
from bot.tg.errors import Verdict, judge, may_have_arrived
from bot.tg.transport import AiohttpRequest, Waits
from tests.simulator.support import SARI, started_api

TOKEN = "123456:s3cret"
SHORT = 0.15
OK = b'{"ok": true, "result": true}'
Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def page(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """Return a whole answer that keeps the connection."""
    head = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers))
    return head.encode() + b"\r\n" + body


class Server:
    """Notes the heads of what is asked, and the connections; answers with `then`, or behaves as it is told to."""

    def __init__(self, then: bytes | Streams) -> None:
        self._then = then
        self.heads: list[str] = []
        self.opened = 0
        self.closed = asyncio.Event()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        try:
            while True:
                self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
                if not isinstance(self._then, bytes):
                    await self._then(reader, writer)
                    continue
                await reader.readexactly(_length(self.heads[-1]))
                writer.write(self._then)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.closed.set()
            writer.close()


def _length(head: str) -> int:
    found = [line for line in head.splitlines() if line.lower().startswith("content-length:")]
    return int(found[0].partition(":")[2]) if found else 0


@asynccontextmanager
async def listening(then: bytes | Streams) -> AsyncIterator[tuple[Server, int]]:
    server = Server(then)
    socket = await asyncio.start_server(server.meet, "127.0.0.1", 0)
    try:
        yield server, socket.sockets[0].getsockname()[1]
    finally:
        socket.close()


def address(port: int, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{port}/bot{TOKEN}/sendMessage"


async def ask(request: AiohttpRequest, url: str) -> object:
    return await request.post(url, RequestData())


def meets(then: bytes | Streams, waits: Waits | None = None, scheme: str = "http") -> TelegramError:
    """Return the error that a call meets; its whole story, as a log would tell it, is without the token."""

    async def run() -> TelegramError:
        async with listening(then) as (_, port), AiohttpRequest(waits=waits or Waits()) as request:
            with pytest.raises(TelegramError) as raised:
                await ask(request, address(port, scheme))
            return raised.value

    error = asyncio.run(run())
    assert "s3cret" not in "".join(traceback.format_exception(error)) + repr(error.__context__)
    return error


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take nothing and say nothing until the caller hangs up."""
    while not reader.at_eof():
        await asyncio.sleep(0.02)
    raise ConnectionResetError


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    raise ConnectionResetError


async def reset_in_the_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(page(OK)[:-5])
    await writer.drain()
    await asyncio.sleep(0.05)
    await reset(reader, writer)


def outcome(error: TelegramError) -> tuple[type[TelegramError], bool, Verdict]:
    return type(error), may_have_arrived(error), judge(error).verdict


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        (silent, (TimedOut, True, Verdict.LATER)),
        (reset, (NetworkError, True, Verdict.LATER)),
        (reset_in_the_answer, (NetworkError, True, Verdict.LATER)),
        (b"good day\r\n\r\n", (NetworkError, True, Verdict.LATER)),
        (page(b"<html>Masuk ke Wi-Fi</html>"), (TelegramError, False, Verdict.LATER)),
        (page(b"[1, 2]"), (TelegramError, False, Verdict.LATER)),
        (page(b"{}"), (TelegramError, False, Verdict.LATER)),
        (page(b"<html>Bad Gateway</html>", "502 Bad Gateway"), (NetworkError, False, Verdict.LATER)),
        (page(b"", "302 Found", "Location: /bot/elsewhere"), (NetworkError, False, Verdict.LATER)),
    ],
)
def test_call_meets_a_server_that_fails(
    then: bytes | Streams, expected: tuple[type[TelegramError], bool, Verdict]
) -> None:
    error = meets(then, Waits(read=SHORT))

    assert outcome(error) == expected


def test_call_to_nobody_never_left() -> None:
    async def run() -> TelegramError:
        async with listening(page(OK)) as (_, port):
            pass
        async with AiohttpRequest() as request:
            with pytest.raises(TelegramError) as raised:
                await ask(request, address(port))
        return raised.value

    error = asyncio.run(run())

    assert outcome(error) == (NetworkError, False, Verdict.LATER)


def test_call_never_left_where_the_handshake_stays_unanswered() -> None:
    error = meets(silent, Waits(connect=SHORT), scheme="https")

    assert outcome(error) == (TimedOut, False, Verdict.LATER)


def test_call_never_left_where_no_connection_is_free() -> None:
    async def run() -> tuple[TelegramError, int]:
        async with listening(silent) as (server, port):
            async with AiohttpRequest(pool_size=1, waits=Waits(read=5 * SHORT, pool=SHORT)) as request:
                first = asyncio.create_task(ask(request, address(port)))
                await asyncio.sleep(SHORT / 3)
                with pytest.raises(TelegramError) as raised:
                    await ask(request, address(port))
                with pytest.raises(TimedOut):
                    await first
            return raised.value, len(server.heads)

    error, asked = asyncio.run(run())

    assert (outcome(error), asked) == ((TimedOut, False, Verdict.LATER), 1)


def test_upload_that_is_not_taken_ends_after_all_its_waits() -> None:
    async def run() -> TelegramError:
        async with (
            listening(silent) as (_, port),
            AiohttpRequest(waits=Waits(SHORT, connect=SHORT, upload=SHORT)) as way,
        ):
            bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=way)
            with pytest.raises(TelegramError) as raised:
                await bot.send_document(1, InputFile(b"x" * 30_000_000, "besar.csv"))
            return raised.value

    assert outcome(asyncio.run(run())) == (TimedOut, True, Verdict.LATER)


def test_answer_longer_than_any_of_telegrams_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 200_000)

    largest = meets(page(b"x" * 200_000))
    error = meets(page(b"x" * 200_001))

    assert (outcome(largest), outcome(error)) == (
        (TelegramError, False, Verdict.LATER),
        (NetworkError, False, Verdict.LATER),
    )


def test_call_may_bring_its_own_waits() -> None:
    async def run() -> None:
        async with listening(silent) as (_, port), AiohttpRequest() as request:
            await request.retrieve(address(port), read_timeout=SHORT)

    with pytest.raises(TimedOut):
        asyncio.run(run())


def test_redirect_is_not_followed_and_connections_are_kept() -> None:
    async def run() -> tuple[int, int]:
        async with listening(page(b"", "302 Found", "Location: /elsewhere")) as (server, port):
            async with AiohttpRequest() as request:
                for _ in range(3):
                    with pytest.raises(NetworkError):
                        await ask(request, address(port))
            return server.opened, len(server.heads)

    assert asyncio.run(run()) == (1, 3)


def test_connection_that_the_server_closed_meanwhile_is_not_used_again() -> None:
    async def answer_and_leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(page(OK))
        await writer.drain()
        raise ConnectionResetError

    async def run() -> tuple[list[object], int]:
        async with listening(answer_and_leave) as (server, port), AiohttpRequest() as request:
            found = []
            for _ in range(3):
                found.append(await ask(request, address(port)))
                await asyncio.sleep(0.02)
            return found, server.opened

    assert asyncio.run(run()) == ([True, True, True], 3)


def test_broken_call_is_made_once() -> None:
    async def run() -> int:
        async with listening(reset) as (server, port), AiohttpRequest() as request:
            with pytest.raises(NetworkError):
                await ask(request, address(port))
            return len(server.heads)

    assert asyncio.run(run()) == 1


def test_call_given_up_leaves_neither_a_connection_nor_a_place_in_the_pool() -> None:
    heard = asyncio.Event()

    async def until_hung_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        heard.set()
        await reader.read()
        raise ConnectionResetError

    async def run() -> int:
        async with listening(until_hung_up) as (server, port), AiohttpRequest(pool_size=1) as request:
            for _ in range(3):
                heard.clear()
                server.closed.clear()
                call = asyncio.create_task(ask(request, address(port)))
                await heard.wait()
                call.cancel()
                await asyncio.wait({call})
                assert call.cancelled()
                await asyncio.wait_for(server.closed.wait(), 5)
            return server.opened

    assert asyncio.run(run()) == 3


def test_pool_opens_again_after_it_was_closed_and_refuses_meanwhile() -> None:
    async def run() -> list[object]:
        request = AiohttpRequest()
        found: list[object] = []
        async with listening(page(OK)) as (_, port):
            for _ in range(2):
                with pytest.raises(NetworkError, match="not open"):
                    await ask(request, address(port))
                await request.initialize()
                await request.initialize()
                found.append(await ask(request, address(port)))
                await request.shutdown()
                await request.shutdown()
        return found

    assert asyncio.run(run()) == [True, True]


@pytest.mark.parametrize(("not_for", "through"), [("", 1), ("localhost", 0)])
def test_proxy_of_the_environment_is_used(not_for: str, through: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[int, list[str], list[str]]:
        async with listening(page(OK)) as (proxy, proxy_port), listening(page(OK)) as (server, port):
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy_port}")
            monkeypatch.setenv("no_proxy", not_for)
            async with AiohttpRequest() as request:
                await ask(request, f"http://localhost:{port}/bot{TOKEN}/getMe")
            at_proxy, at_server = ([head.splitlines()[0] for head in met.heads] for met in (proxy, server))
            return port, at_proxy, at_server

    port, at_proxy, at_server = asyncio.run(run())

    assert at_proxy == [f"POST http://localhost:{port}/bot{TOKEN}/getMe HTTP/1.1"] * through
    assert at_server == [f"POST /bot{TOKEN}/getMe HTTP/1.1"] * (1 - through)


def test_call_never_left_where_the_proxy_refuses_or_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[TelegramError]:
        found = []
        async with listening(page(b"", "407 Proxy Authentication Required")) as (_, port):
            monkeypatch.setenv("no_proxy", "")
            for proxy in (f"http://127.0.0.1:{port}", "http://127.0.0.1:1"):
                monkeypatch.setenv("https_proxy", proxy)
                async with AiohttpRequest() as request:
                    with pytest.raises(TelegramError) as raised:
                        await ask(request, f"https://telegram.invalid/bot{TOKEN}/getMe")
                found.append(raised.value)
        return found

    errors = asyncio.run(run())

    assert [outcome(error) for error in errors] == [(NetworkError, False, Verdict.LATER)] * 2


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_upload_arrives_byte_for_byte(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"\r\n--x"
    api = started_api()

    async def run() -> None:
        async with serve(api) as port, AiohttpRequest() as request:
            bot = Bot(api.token, base_url=f"http://127.0.0.1:{port}/bot", request=request)
            await bot.send_document(SARI, InputFile(content, "hasil ini.csv"), caption="Hasil & <lain>")

    asyncio.run(run())

    sent = api.messages(SARI)[-1]
    assert sent.document is not None
    assert (sent.caption, sent.document.name) == ("Hasil & <lain>", "hasil ini.csv")
    assert sent.document.data == content
