"""The phone over HTTP: its page, what it shows, and what a person does on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.api import BotApi
from bot.simulator.cast import newcomer
from bot.simulator.chats import Network
from bot.simulator.errors import NotPossible
from bot.simulator.listeners import CLOSING
from bot.simulator.mini_app import launch
from bot.simulator.view import change, people, phone_state
from bot.simulator.wire import Json

STATIC = Path(__file__).parent / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"
LONGEST_SILENCE = 15.0
SLOWEST = 30.0
LARGEST_NUMBER = 10_000.0

Endpoint = Callable[[Request], Awaitable[Response]]


class PhoneEdge:
    """Serve the phones of everybody in the cast."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._closing = False
        api.listeners.subscribe(CLOSING, self._close)

    def routes(self) -> list[BaseRoute]:
        """Return the addresses the phone page uses."""
        return [
            Route("/", self.home),
            Route("/phone", self.page),
            Route("/phone/{user:int}/state", refusing(self.state)),
            Route("/phone/{user:int}/events", refusing(self.events)),
            Route("/phone/{user:int}/media/{file_id}", refusing(self.media)),
            Route("/phone/{user:int}/mini", refusing(self.mini)),
            Route("/phone/{user:int}/send", refusing(self.send), methods=["POST"]),
            Route("/phone/{user:int}/tap", refusing(self.tap), methods=["POST"]),
            Route("/phone/{user:int}/block", refusing(self.block), methods=["POST"]),
            Route("/phone/{user:int}/network", refusing(self.network), methods=["POST"]),
            Route("/people", self.list_people, methods=["GET"]),
            Route("/people", refusing(self.add_newcomer), methods=["POST"]),
            Route("/clock", refusing(self.advance_clock), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    async def home(self, request: Request) -> Response:
        """Lead to the phone."""
        return RedirectResponse("/phone")

    async def page(self, request: Request) -> Response:
        """Return the page, the same for everybody; its script asks who is meant."""
        return FileResponse(STATIC / "phone.html", headers={"Content-Security-Policy": POLICY})

    async def state(self, request: Request) -> Response:
        """Return what the phone shows now."""
        return JSONResponse(phone_state(self._api, request.path_params["user"]))

    async def events(self, request: Request) -> Response:
        """Stream the whole state, then each change."""
        user_id: int = request.path_params["user"]
        self._api.chat(user_id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(user_id), media_type="text/event-stream", headers=headers)

    async def media(self, request: Request) -> Response:
        """Hand out a picture or file that stands in this person's chat."""
        user_id, file_id = request.path_params["user"], request.path_params["file_id"]
        for message in self._api.messages(user_id):
            for media in (message.photo, message.document):
                if media is not None and media.file_id == file_id:
                    return _download(media.data, media.mime if media.kind == "photo" else "", media.name)
        return JSONResponse({"error": "no such file in this chat"}, 404)

    async def mini(self, request: Request) -> Response:
        """Lead from a Mini App button to its page, with the person's data signed and fresh."""
        user_id: int = request.path_params["user"]
        message_id = int(request.query_params.get("message", ""))
        address = launch(self._api, user_id, message_id, request.query_params.get("url", ""))
        headers = {"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
        return Response(status_code=303, headers=headers)

    async def send(self, request: Request) -> Response:
        """Send a text as this person."""
        user_id, body = await self._act(request)
        return JSONResponse({"message_id": self._api.person_sends(user_id, str(body.get("text", "")))})

    async def tap(self, request: Request) -> Response:
        """Tap a button as this person."""
        user_id, body = await self._act(request)
        message_id = int(str(body.get("message_id")))
        query_id = self._api.person_taps(user_id, message_id, str(body.get("data", "")))
        return JSONResponse({"callback_query_id": query_id})

    async def block(self, request: Request) -> Response:
        """Block or unblock the bot as this person."""
        body = await _body(request)
        act = self._api.person_blocks if body.get("on", True) else self._api.person_unblocks
        act(request.path_params["user"])
        return JSONResponse({})

    async def network(self, request: Request) -> Response:
        """Change this phone's network."""
        body = await _body(request)
        slow = max(0.0, min(_number(body, "slow"), SLOWEST))
        network = Network(slow, bool(body.get("cut_off")), bool(body.get("doubled")))
        self._api.set_network(request.path_params["user"], network)
        return JSONResponse({})

    async def list_people(self, request: Request) -> Response:
        """Name everybody who has a phone."""
        return JSONResponse(people(self._api))

    async def add_newcomer(self, request: Request) -> Response:
        """Give a fresh owner a phone."""
        await _body(request)
        number = 1
        while newcomer(number).id in self._api.chats:
            number += 1
        person = newcomer(number)
        self._api.add_user(person)
        return JSONResponse({"id": person.id})

    async def advance_clock(self, request: Request) -> Response:
        """Move the simulated time forward by hours and days."""
        body = await _body(request)
        self._api.clock.advance(timedelta(hours=_number(body, "hours"), days=_number(body, "days")))
        return JSONResponse({"now": self._api.clock.now().isoformat()})

    async def _act(self, request: Request) -> tuple[int, Json]:
        """Read what a person does; on a slow network it takes a while to go up."""
        user_id: int = request.path_params["user"]
        body = await _body(request)
        await asyncio.sleep(self._api.chat(user_id).network.slow)
        return user_id, body

    async def _stream(self, user_id: int) -> AsyncIterator[str]:
        woken = asyncio.Event()
        listeners = self._api.listeners
        stops = [listeners.subscribe(key, woken.set) for key in (user_id, CLOSING)] + [self._api.clock.watch(woken.set)]
        try:
            state = phone_state(self._api, user_id)
            yield _event("state", state)
            while not self._closing:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(
                        woken.wait(), 1.0 if state["typing"] or state["waiting"] else LONGEST_SILENCE
                    )
                woken.clear()
                if self._closing:
                    break
                await asyncio.sleep(self._api.chat(user_id).network.slow)
                before, state = state, phone_state(self._api, user_id)
                yield _event("change", change(before, state))
        finally:
            for stop in stops:
                stop()

    def _close(self) -> None:
        self._closing = True


def refusing(endpoint: Endpoint) -> Endpoint:
    """Turn what cannot be done on a phone into a 409 with the reason."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except NotPossible as refusal:
            return JSONResponse({"error": str(refusal)}, 409)
        except ValueError:
            return JSONResponse({"error": "this is not understood"}, 400)

    return guarded


async def _body(request: Request) -> Json:
    """Read a JSON body; another content type is refused so that no foreign page can post here."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise ValueError("JSON expected")
    body = json.loads(await request.body() or b"{}")
    if not isinstance(body, dict):
        raise NotPossible("an object is expected")
    return body


def _number(body: Json, name: str) -> float:
    number = float(str(body.get(name) or 0))
    if not abs(number) <= LARGEST_NUMBER:
        raise ValueError("out of range")
    return number


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _download(data: bytes, mime: str, name: str) -> Response:
    headers = {"X-Content-Type-Options": "nosniff"}
    if not mime:
        safe = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "._- ") else "_" for ch in name)
        headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    return Response(data, media_type=mime or "application/octet-stream", headers=headers)
