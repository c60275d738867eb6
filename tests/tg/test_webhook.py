"""Our webhook endpoint: whom it lets in, how much it reads, and what it answers; then a real delivery end to end."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Message

from bot.process import serve as serve_bot
from bot.settings import Settings
from bot.simulator.app import serve
from bot.tg.desk import Outcome
from bot.tg.sender import TOASTED_WITHIN
from bot.tg.webhook import BODY_LIMIT, SHOWN_WITHIN, webhook_route
from bot.wiring import build
from tests import databases
from tests.process.support import CANARY, ListeningApi, free_port
from tests.stage import SARI, Stage, buttons
from tests.two_bots import OTHER, TwoBots

SECRET = "rahasia_webhook-1"
NGINX = Path(__file__).parents[2] / "deploy" / "nginx" / "tangga.conf"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class OneDesk:
    """A desk with one outcome, which keeps what comes."""

    def __init__(self, outcome: Outcome = Outcome.DONE) -> None:
        self.outcome = outcome
        self.bodies: list[bytes | str] = []
        self.seconds_left: list[float] = []

    async def handle(self, body: bytes | str, *, until: float) -> Outcome:
        self.bodies.append(body)
        self.seconds_left.append(until - asyncio.get_running_loop().time())
        return self.outcome


def _app(desk: OneDesk, url: str = "https://contoh.id/tg/masuk") -> Starlette:
    return Starlette(routes=[webhook_route(desk, webhook_url=url, secrets=(SECRET,))])  # type: ignore[arg-type]


def _post(
    app: Starlette, body: bytes = b"{}", *, secret: str | None = SECRET, path: str = "/tg/masuk", method: str = "POST"
) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://contoh.id") as client:
            headers = {} if secret is None else {HEADER: secret}
            return await client.request(method, path, content=body, headers=headers)

    return asyncio.run(send())


def _raw(app: Starlette, chunks: list[bytes], secret: str) -> tuple[int, int]:
    """Post in chunks; return the status and how many chunks were read."""
    read = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal read
        chunk = chunks[read] if read < len(chunks) else b""
        read += 1
        return {"type": "http.request", "body": chunk, "more_body": read < len(chunks)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/tg/masuk",
        "raw_path": b"/tg/masuk",
        "root_path": "",
        "query_string": b"",
        "headers": [(HEADER.lower().encode(), secret.encode())],
    }
    asyncio.run(app(scope, receive, send))
    return int(sent[0]["status"]), read


@pytest.mark.parametrize("secret", [None, "", "salah", SECRET[:-1], SECRET + "x", SECRET.upper()])
def test_wrong_secret_is_refused(secret: str | None) -> None:
    desk = OneDesk()

    response = _post(_app(desk), secret=secret)

    assert (response.status_code, desk.bodies) == (403, [])


def test_both_secrets_are_taken_while_one_is_changed() -> None:
    desk = OneDesk()
    route = webhook_route(desk, webhook_url="https://contoh.id/tg/masuk", secrets=("baru", SECRET))  # type: ignore[arg-type]
    app = Starlette(routes=[route])

    statuses = [_post(app, secret=secret).status_code for secret in ("baru", SECRET, "lama", f"baru,{SECRET}", "")]

    assert (statuses, len(desk.bodies)) == ([200, 200, 403, 403, 403], 2)


def test_wrong_secret_is_refused_before_the_body_is_read() -> None:
    desk = OneDesk()

    assert _raw(_app(desk), [b"{}"], "salah") == (403, 0)


def test_body_over_the_limit_is_refused_before_its_end_is_read() -> None:
    desk = OneDesk()
    chunks = [b"x" * (BODY_LIMIT // 4)] * 100

    assert _raw(_app(desk), chunks, SECRET) == (413, 5)
    assert desk.bodies == []


def test_body_of_exactly_the_limit_is_read() -> None:
    desk = OneDesk()

    response = _post(_app(desk), b"x" * BODY_LIMIT)

    assert (response.status_code, desk.bodies) == (200, [b"x" * BODY_LIMIT])
    assert BODY_LIMIT == 1024 * 1024


def test_update_that_is_done_is_200() -> None:
    response = _post(_app(OneDesk(Outcome.DONE)))

    assert (response.status_code, response.content, response.headers.get("Retry-After")) == (200, b"", None)


def test_screen_is_sent_while_a_balancer_waits_and_no_longer() -> None:
    desk = OneDesk()
    _post(_app(desk))

    (left,) = desk.seconds_left
    waits = re.search(r"proxy_read_timeout (\d+)s;", NGINX.read_text())
    assert waits is not None
    assert 0 < left <= SHOWN_WITHIN <= int(waits[1]) - TOASTED_WITHIN - 1


def test_update_that_is_for_later_is_503_and_says_when() -> None:
    response = _post(_app(OneDesk(Outcome.LATER)))

    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "POST", 404), ("/tg", "POST", 404), ("/tg/masuk", "GET", 405)]
)
def test_other_addresses_lead_nowhere(path: str, method: str, status: int) -> None:
    assert _post(_app(OneDesk()), path=path, method=method).status_code == status


def test_address_without_a_path_is_served_at_the_root() -> None:
    assert _post(_app(OneDesk(), "https://contoh.id"), path="/").status_code == 200


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b'{"update_id": 1, "message": 5}', b""])
def test_poison_is_200_and_lies_in_quarantine(play: Stage, body: bytes) -> None:
    before = play.app.desk
    app = Starlette(routes=[webhook_route(before, webhook_url="https://contoh.id/tg/masuk", secrets=(SECRET,))])

    response = _post(app, body)

    with play.app.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT error FROM quarantine").fetchall()
    assert (response.status_code, [row[0] for row in kept]) == (200, ["UnreadableUpdate"])


def test_webhook_is_served_only_with_a_secret(play: Stage) -> None:
    settings = replace(play.settings, webhook_url="https://contoh.id/tg", webhook_secret=None)

    app = replace(play.app, branches=(replace(play.app.branches[0], webhook_url=settings.webhook_url),))

    without = replace(app, settings=settings).routes()
    with_secret = replace(app, settings=replace(settings, webhook_secret=SECRET)).routes()

    assert [route.path for route in without if isinstance(route, Route)] == ["/healthz", "/readyz", "/metrics"]
    assert [route.path for route in with_secret if isinstance(route, Route)] == [
        "/healthz",
        "/readyz",
        "/metrics",
        "/tg",
    ]


def test_each_of_several_bots_has_a_path_of_its_own(tmp_path: Path) -> None:
    play = TwoBots(tmp_path)
    play.settings = replace(play.settings, webhook_url="https://contoh.id/tg", webhook_secret=SECRET)
    play.restart()
    play.turn_to(OTHER)
    play.api.person_sends(SARI, "/start")
    (update,) = play.api.updates.waiting(play.clock.now())
    body = json.dumps(update.body()).encode()
    app = Starlette(routes=play.app.routes())

    answers = {
        path: _post(app, body, path=path).status_code
        for path in ("/tg", "/tg/7000000003", "/tg/7000000002/", "/tg/7000000002")
    }
    stranger = _post(app, body, path="/tg/7000000001", secret="lain").status_code
    play.close()

    assert answers == {"/tg": 404, "/tg/7000000003": 404, "/tg/7000000002/": 404, "/tg/7000000002": 200}
    assert stranger == 403
    assert [len(api.messages(SARI)) for api in play.apis] == [0, 2]


def test_taps_delivered_by_telegram_are_played_end_to_end(tmp_path: Path) -> None:
    api = ListeningApi()
    web = free_port()
    here = f"http://127.0.0.1:{web}"

    async def tap(index: int) -> None:
        message = [m for m in api.messages(SARI) if m.keyboard][-1]
        api.person_taps(SARI, message.message_id, buttons(message)[index].data or "")

    async def scenario() -> int:
        async with serve(api) as port:
            settings = Settings(
                bot_token=CANARY,
                bot_api_url=f"http://127.0.0.1:{port}",
                database_url=databases.url(tmp_path / "bot.db"),
                web_host="127.0.0.1",
                web_port=web,
                web_url=here,
                webhook_url=f"{here}/tg/masuk",
                webhook_secret=SECRET,
                admin_ids=frozenset(),
            )
            app = build(settings, clock=api.clock.now)
            app.prepare()
            stop = asyncio.Event()
            running = asyncio.create_task(serve_bot(app, stop=stop))
            await api.called("setWebhook", 1)
            api.person_sends(SARI, "/start")
            await api.called("sendMessage", 1)
            for taps, index in enumerate((0, 0, 0), start=1):
                await tap(index)
                await api.called("editMessageText", taps)
                await api.called("answerCallbackQuery", taps)
            while api.updates.waiting(api.clock.now()):
                await asyncio.sleep(0.01)
            stop.set()
            return await asyncio.wait_for(running, 10)

    code = asyncio.run(scenario())

    assert code == 0
    assert (api.count("getUpdates"), api.webhook_error) == (0, None)
    assert [toast.text for toast in api.toasts(SARI)][1:] == ["Tersimpan", "Tersimpan"]
