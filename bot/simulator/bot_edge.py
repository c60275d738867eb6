"""The Bot API over HTTP: calls, long polling, file downloads, and the faults on order."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.simulator.api import BotApi, Reply, failure
from bot.simulator.errors import ApiError
from bot.simulator.faults import BAD_GATEWAY_PAGE, Fault
from bot.simulator.forms import Uploads, read_call
from bot.simulator.listeners import CLOSING, UPDATES, WEBHOOK, Callback
from bot.simulator.world import CHAT_ID

LONGEST_POLL = 50
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"


class BotEdge:
    """Answer the bot's HTTP requests."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._poll: asyncio.Future[str | None] | None = None

    def routes(self) -> list[BaseRoute]:
        """Return the addresses a bot uses."""
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download),
        ]

    async def call(self, request: Request) -> Response:
        """Answer one call, with a fault if one is due."""
        token, method = request.path_params["token"], request.path_params["method"]
        try:
            params, files = await read_call(request)
        except ClientDisconnect:
            return Response(status_code=499)  # the bot went away in the middle of its own request
        except ApiError as error:
            return _response(failure(error))
        fault = self._api.faults.take(method, _chat_id(params))
        if fault is not None and fault.when == "before":
            if fault.do != "delay":
                return await _instead(fault, request)
            await asyncio.sleep(fault.seconds)
        reply = await self._apply(token, method, params, files)
        if fault is not None and fault.when == "after":
            if fault.do != "delay":
                return await _instead(fault, request)
            await asyncio.sleep(fault.seconds)
        return _response(reply)

    async def download(self, request: Request) -> Response:
        """Hand out a stored file under the path that getFile gave."""
        media = self._api.shelf.find(request.path_params["path"].rpartition("/")[2])
        if request.path_params["token"] != self._api.token or media is None:
            return _response(failure(ApiError(404, "Not Found")))
        return Response(media.data, media_type="application/octet-stream")

    async def _apply(self, token: str, method: str, params: dict[str, object], files: Uploads) -> Reply:
        reply = self._api.handle(token, method, params, files)
        if method.lower() != "getupdates" or reply.status != 200:
            return reply
        self._end_poll(OTHER_POLLER)
        if reply.body["result"]:
            return reply
        return await self._long_poll(token, method, params, reply)

    async def _long_poll(self, token: str, method: str, params: dict[str, object], reply: Reply) -> Reply:
        """Wait until there is an update, the time is up, or somebody else takes the queue."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _seconds(params.get("timeout"))
        while not reply.body["result"] and (left := deadline - loop.time()) > 0:
            poll: asyncio.Future[str | None] = loop.create_future()
            self._poll = poll
            stops = self._subscribe(poll)
            try:
                conflict = await asyncio.wait_for(poll, left)
            except TimeoutError:
                break
            finally:
                for stop in stops:
                    stop()
                if self._poll is poll:
                    self._poll = None
            if conflict == "":  # the server is closing
                break
            if conflict is not None:
                return failure(ApiError(409, f"Conflict: {conflict}"))
            reply = self._api.handle(token, method, params, log=False)
            if reply.status != 200:
                break
        return reply

    def _subscribe(self, poll: asyncio.Future[str | None]) -> list[Callback]:
        def ending(reason: str | None) -> Callback:
            return lambda: None if poll.done() else poll.set_result(reason)

        reasons = {UPDATES: None, WEBHOOK: "terminated by setWebhook request", CLOSING: ""}
        return [self._api.listeners.subscribe(key, ending(reason)) for key, reason in reasons.items()]

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(reason)


async def _instead(fault: Fault, request: Request) -> Response:
    """Answer as the fault wants; `drop` and `reset` end the connection under the response."""
    if fault.do in ("drop", "reset"):
        # uvicorn gives ASGI no way to hang up, but its receive channel knows the connection.
        transport = getattr(getattr(request.receive, "__self__", None), "transport", None)
        if isinstance(transport, asyncio.Transport):
            transport.abort() if fault.do == "reset" else transport.close()
            await asyncio.sleep(0)
        return Response(status_code=502)
    status = fault.status if fault.do == "status" else 200
    if isinstance(fault.body, dict):
        return JSONResponse(fault.body, status, fault.headers)
    return HTMLResponse(fault.body or BAD_GATEWAY_PAGE, status, fault.headers)


def _response(reply: Reply) -> Response:
    return JSONResponse(reply.body, reply.status, reply.headers)


def _chat_id(params: Mapping[str, object]) -> int | None:
    text = str(params.get("chat_id", ""))
    return int(text) if CHAT_ID.fullmatch(text) else None


def _seconds(value: object) -> float:
    try:
        return max(0.0, min(float(str(value)), LONGEST_POLL))
    except ValueError:
        return 0.0
