"""The library's way to Telegram: aiohttp instead of the httpx that it brings, for about a quarter of the CPU a call.

One call is one try. What never left says so (`NeverLeft`), so that it may be repeated; a line that broke later
(`LineBroken`) leaves open whether Telegram did what was asked, also where a connection kept from before turned out to
be closed: a POST on it may have been read. No error carries an address, for the token stands in it.
"""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.hdrs import ACCEPT_ENCODING, CONTENT_TYPE
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.tg.errors import UNREADABLE_ANSWER, LineBroken, NeverLeft

POOL_SIZE = 128
KEPT_SECONDS = 15
"""How long an idle connection is kept: less than servers keep theirs, so that hardly one is closed under a call."""
LARGEST_ANSWER = 16 * 2**20
_JSON = {CONTENT_TYPE: "application/json"}


class AnswerTooLarge(Exception):
    """The answer is longer than any of Telegram's."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How many seconds to wait at most; None waits for ever."""

    read: float | None = 5.0
    write: float | None = 5.0
    connect: float | None = 5.0
    pool: float | None = 1.0
    upload: float | None = 20.0


class AiohttpRequest(BaseRequest):
    """A pool of connections; opened by `initialize`, closed by `shutdown`, and then it may be opened again."""

    def __init__(self, pool_size: int = POOL_SIZE, waits: Waits | None = None) -> None:
        self._pool_size = pool_size
        self._waits = waits or Waits()
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(pool_size)
        self._proxies: dict[tuple[str, str], URL | None] = {}

    @property
    def read_timeout(self) -> float | None:
        return self._waits.read

    async def initialize(self) -> None:
        """Open the pool unless it is open."""
        if self._session is not None:
            return
        self._free = asyncio.Semaphore(self._pool_size)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
            skip_auto_headers=(ACCEPT_ENCODING,),
            trust_env=False,  # it would also read passwords from ~/.netrc, and the environment at every call
        )

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read Telegram's answer; what is none is refused without a copy of it in the log."""
        try:
            found = json.loads(payload)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not ("result" in found or "description" in found):
            raise TelegramError(UNREADABLE_ANSWER)
        return found

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call in one try; raises TimedOut or NetworkError, caused by NeverLeft or LineBroken."""
        session, free = self._session, self._free
        if session is None:
            raise RuntimeError("the transport is not open")
        waits = self._waits
        uploads = request_data is not None and request_data.contains_files
        limits = _limits(
            _chosen(read_timeout, waits.read),
            _chosen(write_timeout, waits.upload if uploads else waits.write),
            _chosen(connect_timeout, waits.connect),
        )
        await _find(free, _chosen(pool_timeout, waits.pool))
        try:
            return await self._exchange(session, method, url, request_data, limits)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AnswerTooLarge) as error:
            trouble = _trouble(error)
        finally:
            free.release()
        raise trouble from trouble.__cause__  # outside of the handler: what aiohttp raised names the address

    async def _exchange(
        self,
        session: aiohttp.ClientSession,
        method: str,
        url: str,
        request_data: RequestData | None,
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        address = URL(url, encoded=True)
        body, headers = _body(request_data)
        async with session.request(
            method,
            address,
            data=body,
            headers=headers,
            timeout=limits,
            allow_redirects=False,
            proxy=self._proxy_to(address),
        ) as response:
            return response.status, await _read(response)

    def _proxy_to(self, address: URL) -> URL | None:
        """Return the proxy that the environment names for a server (HTTPS_PROXY, NO_PROXY …), looked up once."""
        server = address.scheme, address.host or ""
        if server not in self._proxies:
            proxies = getproxies()
            named = proxies.get(server[0]) or proxies.get("all")
            self._proxies[server] = URL(named) if named and not proxy_bypass(server[1]) else None
        return self._proxies[server]


def _chosen(given: Any, otherwise: float | None) -> float | None:
    """Return the wait that a call asks for, else the pool's."""
    return otherwise if given is BaseRequest.DEFAULT_NONE else given


async def _find(free: asyncio.Semaphore, patience: float | None) -> None:
    """Wait until fewer calls than connections are under way."""
    if not free.locked():
        await free.acquire()
        return
    try:
        async with asyncio.timeout(patience):
            await free.acquire()
    except TimeoutError:
        raise TimedOut("all connections are in use; nothing was sent") from NeverLeft("pool")


@lru_cache(maxsize=32)
def _limits(read: float | None, write: float | None, connect: float | None) -> aiohttp.ClientTimeout:
    """Bound connecting and each silence; aiohttp does not time writing, so the whole is bounded by the sum."""
    whole = None if read is None or write is None or connect is None else read + write + connect
    return aiohttp.ClientTimeout(total=whole, connect=connect, sock_connect=connect, sock_read=read)


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[Any, str]]:
    """Return a call's parameters as JSON, or as a form where files go along, with the headers that say so."""
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), _JSON
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in request_data.multipart_data.items():
        whole = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, whole, filename=file_name, content_type=kind)
    return form, {}


async def _read(response: aiohttp.ClientResponse) -> bytes:
    chunks, size = [], 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_ANSWER:
            response.close()
            raise AnswerTooLarge
    return b"".join(chunks)


_BEFORE_THE_FIRST_BYTE = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


def _trouble(error: Exception) -> NetworkError:
    """Return what the library should raise, with the cause that says whether the call left; neither names the
    address.
    """
    name = type(error).__name__
    is_slow = isinstance(error, TimeoutError)
    trouble = TimedOut(f"Timed out ({name})") if is_slow else NetworkError(f"the line to Telegram: {name}")
    if isinstance(error, _BEFORE_THE_FIRST_BYTE):
        trouble.__cause__ = NeverLeft(name)
    elif not isinstance(error, AnswerTooLarge):  # that is an answer, though nobody's we asked
        trouble.__cause__ = LineBroken(name)
    return trouble
