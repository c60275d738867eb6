"""A whole run with values that may stand in no log: nothing of them is told, at any level, in any form."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from telegram.error import NetworkError

from bot.chat import dispatch
from bot.chat.request import Request
from bot.chat.screen import Reply
from bot.simulator.chats import Person
from bot.simulator.world import DEMO_TOKEN
from bot.wiring import build
from tests.stage import JOKO, Stage, stage
from tests.tg.support import Trouble, Troubled
from tests.watch.logbook import told
from tests.web.support import Browser, init_data, link

NAME, TYPED, GROUP = "Kanariwati", "kanari: nasi uduk 12 bungkus", "Kelompok Kanari"
SECRET, METRICS_TOKEN = "kanari_rahasia_webhook", "kanari-rahasia-metrik"
OWNER = 1234567890


def _breaking(raise_error: Callable[[Request], object]) -> Callable[[Request], Reply]:
    def handler(request: Request) -> Reply:
        raise_error(request)
        return Reply()

    return handler


def _crash(request: Request) -> object:
    raise ValueError(f"{request.incoming} {DEMO_TOKEN} {TYPED}")


def _crash_in_sql(request: Request) -> object:
    return request.session.execute(text("SELECT :kanari FROM nowhere"), {"kanari": TYPED})


def _run(play: Stage, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Play everything that meets a secret; return the secrets that were drawn on the way."""
    drawn = set()
    play.api.add_user(Person(OWNER, NAME, NAME, NAME.lower(), "id", NAME))
    play.joins(OWNER)
    play.says(OWNER, "/mulai")
    play.says(OWNER, TYPED)
    play.answers_all(OWNER)
    play.leads_group(JOKO, GROUP)
    play.taps(JOKO, "Undang anggota")
    invitation = "\n".join(message.text for message in play.api.messages(JOKO))
    drawn |= {re.findall(r"start=(\S+)", invitation)[-1], re.findall(r"\b\w{5}-\w{5}\b", invitation)[-1]}
    for way in drawn:
        play.says(OWNER, f"/start {way}")
        play.says(OWNER, "/gabung")
        play.says(OWNER, way)
    drawn |= _sign_in(play)
    for handler in (_crash, _crash_in_sql):
        command = dispatch._COMMANDS["bantuan"]
        monkeypatch.setitem(dispatch._COMMANDS, "bantuan", replace(command, handler=_breaking(handler)))
        play.says(OWNER, "/bantuan")
    play.deliver(f'{{"update_id": "{TYPED}", "message": "{DEMO_TOKEN}"}}')
    _trouble(play)
    return drawn


def _sign_in(play: Stage) -> set[str]:
    token, mini = link(play.app, JOKO), init_data(play, JOKO)
    browser = Browser(play.app.routes())
    browser.comes_in(token)
    browser.comes_in(token)
    browser.get(f"/masuk?kode={token}")
    browser.ask("POST", "/mini", {"data": mini}, authorization=f"Bearer {mini}")
    browser.get("/metrics", authorization=f"Bearer {METRICS_TOKEN}")
    return {token, mini, re.findall(r"hash=(\w+)", mini)[0]}


def _trouble(play: Stage) -> None:
    """Go on while Telegram refuses, quotes and breaks off."""
    said = f'Bad Request: it quotes "{TYPED}", found "{NAME}'
    lost = NetworkError(f"https://api.telegram.org/bot{DEMO_TOKEN}/sendMessage {TYPED}")
    troubles = (
        Trouble("sendMessage", 400, said),
        Trouble(
            "sendMessage", 400, f'Bad Request: can\'t parse entities: unsupported start tag "{TYPED}" at byte offset 3'
        ),
        Trouble("sendMessage", 403, f'Forbidden: "{NAME}"'),
        Trouble("sendMessage", 409, said),
        Trouble("sendMessage", error=lost, times=3),
        Trouble("answerCallbackQuery", 400, said),
        Trouble("getWebhookInfo", error=lost),
    )
    transport = Troubled(play.api, *troubles)
    play.app.close()
    play.app = build(play.settings, clock=play.clock.now, request=transport, updates_request=transport)
    for _ in troubles:
        play.says(OWNER, "/privasi")
    play.delivers()
    asyncio.run(play.app.polling._wait_out(lost))
    play.app.watch.checkup.look()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_whole_run_tells_no_secret_no_text_and_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_format: str
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    monkeypatch.setattr("bot.tg.polling.asyncio.sleep", _at_once)
    with stage(tmp_path) as play:
        play.settings = replace(play.settings, webhook_secret=SECRET, metrics_token=METRICS_TOKEN)
        play.restart()
        with told(log_format, secrets=play.settings.secrets(), key=DEMO_TOKEN) as stream:
            drawn = _run(play, monkeypatch)

    said = stream.getvalue()
    hidden = {DEMO_TOKEN.partition(":")[2], SECRET, METRICS_TOKEN, TYPED, NAME, NAME.lower(), GROUP, str(OWNER), *drawn}
    assert [value for value in hidden if value in said] == []
    assert said.count("update quarantined as") >= 4
    assert "_crash_in_sql" in said


async def _at_once(seconds: float) -> None:
    return None
