"""The Mini App: opened from the phone once, fifteen minutes long, without a cookie."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.simulator.errors import NotPossible
from bot.simulator.mini_app import launch
from bot.wiring import build
from tests.stage import JOKO, RANI, SARI, Stage
from tests.two_bots import OTHER, TwoBots
from tests.web.support import Browser, coach_joins, init_data, signed_in


@pytest.fixture
def coach(play: Stage) -> Stage:
    coach_joins(play, JOKO)
    return play


def opens(browser: Browser, data: str) -> str:
    """Show the data to the web and return the bearer."""
    response = browser.ask("POST", "/mini/masuk", {"data": data})
    assert (response.status_code, response.json()["seconds"]) == (200, 900)
    assert response.headers.get_list("set-cookie") == []
    return str(response.json()["bearer"])


def test_bearer_opens_pages_for_fifteen_minutes(coach: Stage) -> None:
    browser = Browser(coach.app.routes())
    bearer = f"Bearer {opens(browser, init_data(coach, JOKO))}"

    first = browser.get("/", authorization=bearer)
    coach.advance(minutes=14, seconds=59)
    last = browser.get("/", authorization=bearer)
    coach.advance(seconds=1)
    late = browser.get("/", authorization=bearer)

    assert [first.status_code, last.status_code, late.status_code] == [200, 200, 401]
    assert "Joko" in first.text
    assert "buka lagi dari bot" in late.text
    assert dict(browser.cookies) == {}


def test_data_opens_once(coach: Stage) -> None:
    browser = Browser(coach.app.routes())
    data = init_data(coach, JOKO)
    opens(browser, data)

    again = browser.ask("POST", "/mini/masuk", {"data": data})
    wrong = browser.ask("POST", "/mini/masuk", {"data": data.replace("2001", "2002")})
    none = browser.ask("POST", "/mini/masuk")

    assert [(r.status_code, r.json()) for r in (again, wrong, none)] == [(400, {"error": "not accepted"})] * 3


def test_data_signed_for_any_bot_of_the_deployment_opens(tmp_path: Path) -> None:
    play = TwoBots(tmp_path)
    play.turn_to(OTHER)
    coach_joins(play, JOKO)
    data = init_data(play, JOKO)
    of_one_bot = build(replace(play.settings, bot_token=play.tokens[0]))

    refused = Browser(of_one_bot.routes()).ask("POST", "/mini/masuk", {"data": data})
    bearer = opens(Browser(play.app.routes()), data)
    of_one_bot.close()
    play.close()

    assert (refused.status_code, bool(bearer)) == (400, True)


def test_stale_data_is_refused(coach: Stage) -> None:
    data = init_data(coach, JOKO)
    coach.advance(hours=1, seconds=1)

    assert Browser(coach.app.routes()).ask("POST", "/mini/masuk", {"data": data}).status_code == 400


def test_bearer_is_no_cookie_and_cookie_no_bearer(coach: Stage) -> None:
    inside = signed_in(coach, JOKO)
    cookie = inside.cookies["sesi"]
    bearer = opens(Browser(coach.app.routes()), init_data(coach, JOKO))
    swapped = Browser(coach.app.routes())
    swapped.cookies.set("sesi", bearer, domain="127.0.0.1", path="/")

    assert swapped.get("/").status_code == 303
    assert [inside.get("/", authorization=f"{kind} {cookie}").status_code for kind in ("Bearer", "Basic")] == [401, 401]


def test_bearer_needs_no_mark_but_must_not_come_from_another_site(coach: Stage) -> None:
    browser = Browser(coach.app.routes())
    bearer = f"Bearer {opens(browser, init_data(coach, JOKO))}"

    foreign = browser.ask("POST", "/keluar/semua", {}, authorization=bearer, sec_fetch_site="cross-site")
    own = browser.ask("POST", "/keluar/semua", {}, authorization=bearer, sec_fetch_site="same-origin")

    assert [foreign.status_code, own.status_code] == [400, 303]
    assert browser.get("/", authorization=bearer).status_code == 401


def test_shell_holds_nothing_about_anybody(coach: Stage) -> None:
    shell = signed_in(coach, JOKO).get("/mini")

    assert shell.status_code == 200
    assert "Joko" not in shell.text


def test_only_a_button_in_the_own_chat_opens_it(coach: Stage) -> None:
    coach_joins(coach, RANI)
    coach.says(JOKO, "/dasbor")
    message = coach.live(JOKO)
    url = next(str(b.web_app) for row in message.keyboard for b in row if b.web_app)

    assert launch(coach.api, JOKO, message.message_id, url).startswith(f"{url}#tgWebAppData=")
    for person, message_id, address in (
        (RANI, message.message_id, url),
        (SARI, message.message_id, url),
        (JOKO, message.message_id, "http://jahat.contoh/"),
        (JOKO, message.message_id - 1, url),
        (77, message.message_id, url),
    ):
        with pytest.raises(NotPossible):
            launch(coach.api, person, message_id, address)
