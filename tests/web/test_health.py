"""Alive, and ready: what is not ready is said in a sentence. What is counted is for those who may see it."""

from __future__ import annotations

import asyncio
import shutil
from collections import namedtuple
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.store import session
from bot.web.health import health_routes
from bot.wiring import App, build
from tests import databases
from tests.stage import InProcess, Stage

TOKEN = "0123456789abcdef"
SICK = [{"name": "database", "ok": False, "needed": True, "wrong": "it is away", "since": None}]
WELL = [{"name": "database", "ok": True, "needed": True, "wrong": "", "since": None}]


def _get(
    routes: Sequence[BaseRoute], path: str, *, peer: str = "127.0.0.1", headers: dict[str, str] | None = None
) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=routes), client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(get())


def _wrong(app: App) -> tuple[int, dict[str, str]]:
    """Return the status of /readyz and what it finds wrong."""
    response = _get(app.routes(), "/readyz")
    return response.status_code, {one["name"]: one["wrong"] for one in response.json()["checks"] if not one["ok"]}


def _execute(play: Stage, statement: str) -> None:
    with play.app.database.transaction() as session:
        session.execute(text(statement))


def _again(play: Stage) -> App:
    """Return another process of the application whose updates come."""
    transport = InProcess(play.api)
    app = build(play.settings, clock=play.clock.now, request=transport, updates_request=transport)
    app.polling.healthy = True
    return app


def test_healthz_answers_whatever_is_not_ready() -> None:
    response = _get(health_routes(lambda: (False, SICK), lambda: b""), "/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")


@pytest.mark.parametrize(("ready", "checks", "status"), [(True, WELL, 200), (False, SICK, 503)])
def test_readyz_says_what_is_wrong(ready: bool, checks: list[dict[str, object]], status: int) -> None:
    response = _get(health_routes(lambda: (ready, checks), lambda: b""), "/readyz")

    assert (response.status_code, response.json()) == (status, {"ready": ready, "checks": checks})
    assert response.headers["cache-control"] == "no-store"


def test_readyz_of_the_application_before_updates_come(play: Stage) -> None:
    name = f"updates of {play.app.branches[0].bot_id}"

    assert _wrong(play.app) == (
        503,
        {"started": "no updates have come yet since the start", name: "updates cannot be fetched"},
    )


def test_readyz_once_updates_came_goes_on_while_telegram_is_away(play: Stage) -> None:
    app = _again(play)
    before = _wrong(app)
    app.polling.healthy = False
    app.watch.checkup.look()

    after = _wrong(app)
    app.close()

    assert before == (200, {})
    assert after == (200, {f"updates of {app.branches[0].bot_id}": "updates cannot be fetched"})


def test_readyz_of_a_process_that_only_sends_asks_for_no_updates(play: Stage) -> None:
    response = _get(play.app.routes(to_people=False), "/readyz")

    assert response.status_code == 200
    assert [one["name"] for one in response.json()["checks"] if "update" in one["name"]] == []


def test_readyz_of_the_application_with_a_locked_database(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.02)
    app = _again(play)

    with databases.away(play.app.database):
        status, wrong = _wrong(app)
    app.close()

    assert (status, wrong["database"]) == (503, "the database does not take work")


def test_readyz_with_a_database_of_an_older_version(play: Stage) -> None:
    ((newest,),) = play.rows("SELECT version_num FROM alembic_version")
    play.rows("UPDATE alembic_version SET version_num = '0006'")
    app = _again(play)

    status, wrong = _wrong(app)
    app.close()

    assert (status, wrong["database"]) == (503, f"the database is at migration 0006, this version needs {newest}")


def test_readyz_with_a_database_of_a_newer_version(play: Stage) -> None:
    play.rows("UPDATE alembic_version SET version_num = '9999'")
    app = _again(play)

    found = _wrong(app)
    app.close()

    assert found == (200, {})


def test_readyz_without_content(play: Stage) -> None:
    play.rows("DELETE FROM release")
    app = _again(play)

    found = _wrong(app)
    app.close()

    assert found == (503, {"content": "no content is released"})


@pytest.mark.sqlite_only
def test_readyz_warns_of_a_disk_that_fills(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(2**30, 2**30 - 2**20, 2**20))
    app = _again(play)

    found = _wrong(app)
    app.close()

    assert found == (200, {"disk": "only 1 MB are free where the database lies"})


def test_readyz_warns_of_an_engine_that_stands_still(play: Stage) -> None:
    app = _again(play)
    app.engine.last_sweep = datetime.now(UTC) - timedelta(days=1)

    status, wrong = _wrong(app)
    app.close()

    assert (status, list(wrong)) == (200, ["engine"])
    assert wrong["engine"].startswith("nobody has looked for what is owed for 864")


def test_readyz_warns_of_quarantine_that_grows_and_says_since_when(play: Stage) -> None:
    for _ in range(5):
        play.deliver("{bukan json")
    app = _again(play)
    began = play.clock.now()
    app.watch.checkup.look()
    play.advance(seconds=30)
    app.watch.checkup.look()

    response = _get(app.routes(), "/readyz")
    app.close()

    (wrong,) = [one for one in response.json()["checks"] if not one["ok"]]
    assert response.status_code == 200
    assert wrong == {
        "name": "quarantine",
        "ok": False,
        "needed": False,
        "wrong": "5 updates went into quarantine within an hour",
        "since": began.isoformat(timespec="seconds"),
    }


def test_readyz_of_a_process_that_ends(play: Stage) -> None:
    app = _again(play)
    before = _wrong(app)
    app.watch.checkup.stop()

    after = _wrong(app)
    app.close()

    assert (before, after) == ((200, {}), (503, {"running": "the process is ending"}))


@pytest.mark.parametrize(
    ("token", "local", "peer", "headers", "status"),
    [
        (None, False, "127.0.0.1", {}, 404),
        (None, False, "127.0.0.1", {"Authorization": "Bearer "}, 404),
        (None, True, "127.0.0.1", {}, 200),
        (None, True, "::1", {}, 200),
        (None, True, "10.0.0.7", {}, 404),
        (None, True, "127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, 404),
        (None, True, "127.0.0.1", {"Forwarded": "for=203.0.113.5"}, 404),
        (TOKEN, False, "127.0.0.1", {}, 404),
        (TOKEN, False, "10.0.0.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, False, "10.0.0.7", {"Authorization": f"bearer {TOKEN}"}, 200),
        (TOKEN, False, "10.0.0.7", {"Authorization": f"Basic {TOKEN}"}, 404),
        (TOKEN, False, "10.0.0.7", {"Authorization": f"Bearer {TOKEN}x"}, 404),
        (TOKEN, True, "10.0.0.7", {}, 404),
        (TOKEN, True, "127.0.0.1", {}, 200),
    ],
)
def test_metrics_are_for_who_knows_the_token_or_asks_from_here(
    token: str | None, local: bool, peer: str, headers: dict[str, str], status: int
) -> None:
    routes = health_routes(lambda: (True, []), lambda: b"satu 1\n", token=token, local=local)

    response = _get(routes, "/metrics", peer=peer, headers=headers)

    assert (response.status_code, response.text) == (status, "satu 1\n" if status == 200 else "Not Found")
