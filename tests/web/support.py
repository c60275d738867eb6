"""Browsers without sockets: each keeps its cookies and finds the mark in the forms it is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.core.person import Person
from bot.simulator.mini_app import launch
from bot.usecases import accounts, signing_in
from bot.wiring import App
from tests.stage import Stage

Fields = Mapping[str, str | list[str]]
"""The fields of a form; a list is a field that stands in it more than once."""
Asked = tuple[str, str, Fields | None]
"""Method, path, and the fields of a form."""
MARK = re.compile(r'name="tanda" value="(\w*)"')


class Browser:
    """One browser of one person at one address."""

    def __init__(self, routes: Sequence[BaseRoute], url: str = "http://127.0.0.1") -> None:
        self.app = Starlette(routes=routes)
        self.url = url
        self.cookies = httpx.Cookies()

    def ask(self, method: str, path: str, data: Fields | None = None, **headers: str) -> httpx.Response:
        """Make one request; redirects are not followed."""
        return self.ask_all([(method, path, data)], **headers)[0]

    def ask_all(self, asked: Sequence[Asked], **headers: str) -> list[httpx.Response]:
        """Make many requests at once."""

        async def run() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            async with httpx.AsyncClient(transport=transport, base_url=self.url, cookies=self.cookies) as client:
                calls = (client.request(method, path, data=data, headers=named) for method, path, data in asked)
                responses = list(await asyncio.gather(*calls))
                self.cookies = client.cookies
                return responses

        return asyncio.run(run())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, None, **headers)

    def sends(self, form: str, path: str, data: Fields, **headers: str) -> httpx.Response:
        """Open the page with the form, then send it as a browser does."""
        return self.ask("POST", path, {"tanda": self.mark(form), **data}, **headers)

    def mark(self, form: str) -> str:
        """Return the mark in the forms of a page."""
        found = MARK.search(self.get(form).text)
        assert found is not None
        return found[1]

    def comes_in(self, token: str) -> httpx.Response:
        """Sign in by a link."""
        return self.sends("/masuk", "/masuk", {"kode": token})


def known(app: App, telegram_id: int) -> Person:
    with app.database.transaction() as session:
        person, _ = accounts.meet(session, telegram_id=telegram_id)
        assert person is not None
        return person


def link(app: App, telegram_id: int) -> str:
    """Return a fresh token as /dasbor makes it."""
    owner = known(app, telegram_id)
    with app.database.transaction() as session:
        return signing_in.issue_link(session, owner=owner, new_token=app.site.new_token, now=app.clock())


def coach_joins(play: Stage, person: int) -> None:
    """Bring a coach as far as the home screen."""
    play.says(person, "/start")
    play.taps(person, "Setuju, saya 18 tahun ke atas")
    play.taps(person, "Pembina / pendamping")


def signed_in(play: Stage, person: int) -> Browser:
    """Return a browser in which a person is signed in by link."""
    browser = Browser(play.app.routes())
    assert browser.comes_in(link(play.app, person)).status_code == 303
    return browser


def init_data(play: Stage, person: int) -> str:
    """Tap the Mini App button under /dasbor and return what Telegram hands the page."""
    play.says(person, "/dasbor")
    message = play.live(person)
    url = next(b.web_app for row in message.keyboard for b in row if b.web_app)
    address = launch(play.api, person, message.message_id, url)
    return str(httpx.URL(f"http://x/?{address.partition('#')[2]}").params["tgWebAppData"])
