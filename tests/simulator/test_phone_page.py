"""The phone over HTTP: page, state, stream, and what a person does there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx

import bot.simulator
from bot.simulator.api import BotApi
from bot.simulator.app import serve
from tests.simulator.support import JOKO, SARI, call, client, keyboard, send, started_api

STATIC = Path(bot.simulator.__file__).parent / "static"
Scenario = Callable[[httpx.AsyncClient], Awaitable[None]]


def browse(api: BotApi, scenario: Scenario) -> None:
    """Run a scenario with a client of the phone."""

    async def run() -> None:
        async with serve(api) as port, client(port) as browser:
            await scenario(browser)

    asyncio.run(run())


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, dict[str, object]]]:
    """Read a stream's events."""
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_page_and_its_files_are_small_and_their_own() -> None:
    async def scenario(browser: httpx.AsyncClient) -> None:
        home = await browser.get("/")
        assert (home.status_code, home.headers["location"]) == (307, "/phone")
        page = await browser.get("/phone?as=1001")
        assert "script-src 'self'" in page.headers["content-security-policy"]
        for path in STATIC.iterdir():
            assert (await browser.get(f"/static/{path.name}")).content == path.read_bytes()

    browse(started_api(), scenario)

    texts = [path.read_text() for path in STATIC.iterdir()]
    assert sum(len(text.encode()) for text in texts) < 50_000
    assert [text.count("//cdn") + text.count("innerHTML") + text.count("onclick=") for text in texts] == [0] * len(
        texts
    )


def test_state_shows_the_chat_as_the_phone_does() -> None:
    api = started_api()
    call(api, "setMyCommands", commands=[{"command": "lanjut", "description": "Lanjutkan"}])
    message_id = send(api, "<b>Soal</b>", parse_mode="HTML", reply_markup=keyboard("a").to_json())
    api.person_taps(SARI, message_id, "a")

    async def scenario(browser: httpx.AsyncClient) -> None:
        state = (await browser.get(f"/phone/{SARI}/state")).json()
        assert [message["text"] for message in state["messages"]] == ["/start", "Soal"]
        assert state["messages"][1]["keyboard"] == [[{"text": "A", "kind": "data", "value": "a", "style": None}]]
        assert state["waiting"] == [{"message_id": message_id, "data": "a"}]
        assert state["commands"] == [{"command": "lanjut", "description": "Lanjutkan"}]
        assert state["bytes"] == api.bytes_sent(SARI)
        assert (await browser.get("/phone/77/state")).status_code == 409

    browse(api, scenario)


def test_person_acts_through_the_page() -> None:
    api = started_api()
    message_id = send(api, reply_markup=keyboard("a").to_json())

    async def scenario(browser: httpx.AsyncClient) -> None:
        async def post(path: str, **body: object) -> int:
            return (await browser.post(path, json=body)).status_code

        assert await post(f"/phone/{SARI}/send", text="halo") == 200
        assert await post(f"/phone/{SARI}/tap", message_id=message_id, data="a") == 200
        assert await post(f"/phone/{SARI}/tap", message_id=message_id, data="palsu") == 409
        assert await post(f"/phone/{SARI}/network", cut_off=True, slow=0) == 200
        assert await post(f"/phone/{SARI}/network") == 200
        assert await post(f"/phone/{SARI}/block", on=True) == 200
        assert await post(f"/phone/{SARI}/send", text="halo") == 409
        assert await post(f"/phone/{SARI}/block", on=False) == 200
        assert await post("/clock", days=1, hours=2) == 200
        assert await post("/clock", days=-1) == 400
        assert await post("/clock", days="1e9") == 400
        foreign = await browser.post(f"/phone/{SARI}/send", content="text=x")
        assert foreign.status_code == 400

    start = api.clock.now()
    browse(api, scenario)

    assert api.clock.now() - start == timedelta(days=1, hours=2)
    assert [message.text for message in api.messages(SARI)] == ["/start", "Halo", "halo"]


def test_newcomers_get_phones_of_their_own() -> None:
    api = started_api()

    async def scenario(browser: httpx.AsyncClient) -> None:
        ids = [(await browser.post("/people", json={})).json()["id"] for _ in range(2)]
        people = (await browser.get("/people")).json()
        assert ids == [10001, 10002]
        assert people[-1] == {"id": 10002, "label": "Pemilik baru 2", "circle": ""}

    browse(api, scenario)


def test_stream_gives_the_state_then_changes() -> None:
    api = started_api()
    message_id = send(api, "satu")

    async def scenario(browser: httpx.AsyncClient) -> None:
        async with browser.stream("GET", f"/phone/{SARI}/events") as response:
            stream = events(response)
            name, state = await anext(stream)
            assert (name, len(state["messages"])) == ("state", 2)  # type: ignore[arg-type]
            call(api, "editMessageText", chat_id=SARI, message_id=message_id, text="dua")
            name, change = await anext(stream)
            assert (name, [message["text"] for message in change["changed"]]) == ("change", ["dua"])  # type: ignore[attr-defined]
            call(api, "deleteMessage", chat_id=SARI, message_id=message_id)
            _, change = await anext(stream)
            assert (change["changed"], change["gone"]) == ([], [message_id])
            api.clock.advance(timedelta(days=1))
            _, change = await anext(stream)
            assert change["now"] == int(api.clock.now().timestamp())

    browse(api, scenario)


def test_media_only_from_ones_own_chat() -> None:
    api = started_api()
    page = b"<script>alert(1)</script>"
    api.handle(api.token, "sendDocument", {"chat_id": SARI}, {"document": ("hasil é.html", page)})
    document = api.messages(SARI)[-1].document
    assert document is not None

    async def scenario(browser: httpx.AsyncClient) -> None:
        own = await browser.get(f"/phone/{SARI}/media/{document.file_id}")
        foreign = await browser.get(f"/phone/{JOKO}/media/{document.file_id}")
        assert (own.content, own.headers["content-type"]) == (page, "application/octet-stream")
        assert own.headers["content-disposition"] == 'attachment; filename="hasil _.html"'
        assert foreign.status_code == 404

    browse(api, scenario)
