"""Alive, and ready: what is not ready is named."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.store import session
from bot.web.health import health_routes
from bot.wiring import build
from tests.stage import InProcess, Stage


def _get(routes: Sequence[BaseRoute], path: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path)

    return asyncio.run(get())


def test_healthz_answers_whatever_is_not_ready() -> None:
    response = _get(health_routes({"database": lambda: False}), "/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.parametrize(
    ("database", "updates", "status"), [(True, True, 200), (False, True, 503), (True, False, 503), (False, False, 503)]
)
def test_readyz_names_what_is_not_ready(database: bool, updates: bool, status: int) -> None:
    response = _get(health_routes({"database": lambda: database, "updates": lambda: updates}), "/readyz")

    assert (response.status_code, response.json()) == (status, {"database": database, "updates": updates})


def test_readyz_of_the_application_before_updates_come(play: Stage) -> None:
    response = _get(play.app.routes(), "/readyz")

    assert (response.status_code, response.json()) == (503, {"database": True, "updates": False})


def test_readyz_of_the_application_with_a_locked_database(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.02)
    transport = InProcess(play.api)
    app = build(play.settings, request=transport, updates_request=transport)
    app.polling.healthy = True
    ready = _get(app.routes(), "/readyz")
    other = sqlite3.connect(play.settings.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    locked = _get(app.routes(), "/readyz")
    other.close()
    app.close()

    assert (ready.status_code, ready.json()) == (200, {"database": True, "updates": True})
    assert (locked.status_code, locked.json()) == (503, {"database": False, "updates": True})
