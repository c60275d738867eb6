"""A transport that tells of every call it carries: to which method, with what verdict, in what time."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import Any

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.chat.observer import BotObserver
from bot.tg.errors import judge

OK = "ok"
LOST = "lost"
"""The verdict of a call that was called off before an answer came."""


class WatchedRequest(BaseRequest):
    """Hands every call on as it is."""

    def __init__(self, request: BaseRequest, observer: BotObserver) -> None:
        self._request = request
        self._observer = observer
        self.parse_json_payload = request.parse_json_payload  # type: ignore[method-assign]

    @property
    def read_timeout(self) -> float | None:
        return self._request.read_timeout

    async def initialize(self) -> None:
        """Open the transport."""
        await self._request.initialize()

    async def shutdown(self) -> None:
        """Close the transport."""
        await self._request.shutdown()

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
        """Carry one call and tell of it."""
        began = time.perf_counter()
        verdict = LOST
        try:
            status, payload = await self._request.do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
            verdict = OK if status < HTTPStatus.MULTIPLE_CHOICES else self._judged(refusal(status, payload))
            return status, payload
        except TelegramError as error:
            verdict = self._judged(error)
            raise
        finally:
            name = url.rpartition("/")[2].partition("?")[0]
            self._observer.called(name, verdict, time.perf_counter() - began)

    def _judged(self, error: TelegramError) -> str:
        ruling = judge(error)
        if isinstance(error, RetryAfter):
            self._observer.told_to_wait(ruling.wait)
        return ruling.verdict.name.lower()


def refusal(status: int, payload: bytes) -> TelegramError:
    """Return the error that the library will make of a refusal, as far as the table of errors tells them apart."""
    try:
        answer = json.loads(payload)
        description = str(answer.get("description", ""))
        wait = (answer.get("parameters") or {}).get("retry_after")
    except (ValueError, AttributeError):
        description, wait = "", None
    if isinstance(wait, int):
        return RetryAfter(wait)
    match status:
        case HTTPStatus.BAD_REQUEST:
            return BadRequest(description)
        case HTTPStatus.FORBIDDEN:
            return Forbidden(description)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            return InvalidToken(description)
        case HTTPStatus.CONFLICT:
            return Conflict(description)
        case _:
            return NetworkError(description)
