"""The frame around every page: headers, errors that tell nothing, caps, and one list of pages."""

from __future__ import annotations

import gzip
import logging
import re

import pytest
from starlette.responses import JSONResponse

from bot.core.access import Audience
from bot.core.person import Role
from bot.store.session import DatabaseUnavailable
from bot.usecases import accounts
from bot.web import app as web
from bot.web import assets
from bot.web.frame import BODY_LIMIT
from bot.web.page import Answer, NotFound, Page, Visit
from bot.web.routes import PAGES
from tests.stage import JOKO, Stage
from tests.web.support import Asked, Browser, coach_joins, known, signed_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors "
)
SOME_ID = "999999999"


@pytest.fixture
def inside(play: Stage) -> Browser:
    coach_joins(play, JOKO)
    return signed_in(play, JOKO)


def _path(page: Page) -> str:
    return re.sub(r"\{\w+(:int)?\}", SOME_ID, page.path)


def _safe(path: str, headers: dict[str, str]) -> list[str]:
    """Name the headers that a path lacks."""
    is_mini = path.startswith("/mini")
    wanted = {
        "content-security-policy": POLICY + ("https://web.telegram.org" if is_mini else "'none'"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": None if is_mini else "DENY",
        "cross-origin-opener-policy": None if is_mini else "same-origin",
        "strict-transport-security": None,
    }
    return [f"{path} {name}" for name, value in wanted.items() if headers.get(name) != value]


def test_every_answer_has_the_headers(inside: Browser) -> None:
    stranger = Browser(inside.app.routes)
    asked: list[Asked] = [(page.method, _path(page), {} if page.method == "POST" else None) for page in PAGES]
    asked += [("GET", "/tidak/ada", None), ("PUT", "/masuk", None), ("OPTIONS", "/", None), ("HEAD", "/", None)]
    asked += [("GET", assets.address("situs.css"), None)]

    lacking, kept = [], set()
    for browser in (stranger, inside):
        for (method, path, _), response in zip(asked, browser.ask_all(asked), strict=True):
            lacking += _safe(path, dict(response.headers))
            if response.headers.get("cache-control") != "no-store":
                kept.add((method, path))

    assert lacking == []
    assert kept == {("GET", assets.address("situs.css"))}


def test_pages_stand_once_and_are_for_somebody() -> None:
    places = [(page.method, page.path) for page in PAGES]

    assert sorted(set(places)) == sorted(places)
    assert {page.method for page in PAGES} == {"GET", "POST"}
    assert {page.path for page in PAGES if page.audience is Audience.ANYONE} == {"/masuk", "/mini", "/mini/masuk"}
    assert [page.path for page in PAGES if not page.marked] == ["/mini/masuk"]


def test_strangers_are_led_to_the_door_from_everywhere_else(play: Stage) -> None:
    stranger = Browser(play.app.routes())
    closed = [page for page in PAGES if page.audience is not Audience.ANYONE]

    responses = stranger.ask_all([(page.method, _path(page), {} if page.method == "POST" else None) for page in closed])

    assert {(response.status_code, response.headers["location"]) for response in responses} == {(303, "/masuk")}


def test_unknown_addresses_and_methods_are_the_same_friendly_page(play: Stage) -> None:
    browser = Browser(play.app.routes())

    responses = [
        browser.get("/tidak/ada"),
        browser.get("/masuk/"),
        browser.ask("PUT", "/masuk"),
        browser.ask("DELETE", "/"),
    ]

    assert [response.status_code for response in responses] == [404] * 4
    assert {response.text for response in responses} == {responses[0].text}
    assert "Halaman ini tidak ada" in responses[0].text


def _with(play: Stage, monkeypatch: pytest.MonkeyPatch, *pages: Page) -> Browser:
    """Return a signed-in coach's browser on the web with these pages more."""
    monkeypatch.setattr(web, "PAGES", (*PAGES, *pages))
    coach_joins(play, JOKO)
    return signed_in(play, JOKO)


def _breaks(visit: Visit) -> Answer:
    raise RuntimeError(visit.query["q"])


def _hides(visit: Visit) -> Answer:
    raise NotFound


def _waits(visit: Visit) -> Answer:
    raise DatabaseUnavailable("locked")


def test_broken_page_shows_an_id_and_nothing_else(
    play: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = _with(play, monkeypatch, Page("/rusak", _breaks, Audience.STAFF))
    caplog.set_level(logging.DEBUG)

    response = browser.get("/rusak?q=rahasia")

    error_id = re.search(r"<b>([0-9a-f]{8})</b>", response.text)
    noted = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert (response.status_code, "Traceback" in response.text, "rahasia" in response.text) == (500, False, False)
    assert error_id is not None and error_id[1] in noted
    assert "rahasia" not in noted


def test_refusals_look_as_if_nothing_were_there(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = Page("/tersembunyi", _hides, Audience.STAFF)
    narrow = Page("/sempit", _breaks, Audience.STAFF, menu="Sempit", only=lambda viewer: viewer.is_admin)
    browser = _with(play, monkeypatch, hidden, narrow)

    responses = [browser.get(path) for path in ("/tersembunyi", "/sempit", "/tidak/ada")]

    assert [response.status_code for response in responses] == [404] * 3
    assert len({response.text for response in responses}) == 1
    assert "Sempit" not in browser.get("/").text


def test_busy_database_asks_to_wait(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    response = _with(play, monkeypatch, Page("/sibuk", _waits, Audience.STAFF)).get("/sibuk")

    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


def test_refused_page_leaves_nothing_written(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def renames(visit: Visit) -> Answer:
        accounts.choose_language(visit.session, owner=visit.viewer.person, language="en")
        raise NotFound

    browser = _with(play, monkeypatch, Page("/tulis", renames, Audience.STAFF, method="POST"))
    browser.ask("POST", "/tulis", {"tanda": browser.mark("/")})

    assert known(play.app, JOKO).language == "id"


def test_role_is_asked_again_at_every_request(inside: Browser, play: Stage) -> None:
    staff = next(_path(page) for page in PAGES if page.audience is Audience.STAFF and "ekspor" not in page.path)
    joko = known(play.app, JOKO)
    with play.app.database.transaction() as session:
        accounts.choose_role(session, owner=joko, role=Role.OWNER)

    assert inside.get(staff).status_code == 404
    assert inside.get("/").status_code == 200


def test_body_of_any_size_is_not_read_to_its_end(play: Stage) -> None:
    browser = Browser(play.app.routes())
    mark = browser.mark("/masuk")

    fits = browser.ask("POST", "/masuk", {"tanda": mark, "kode": "x" * (BODY_LIMIT - 200)})
    large = browser.ask("POST", "/masuk", {"tanda": mark, "kode": "x" * BODY_LIMIT})
    many = browser.ask("POST", "/masuk", {f"f{n}": "1" for n in range(2500)})
    other = browser.ask("POST", "/masuk", {"tanda": mark}, content_type="application/json")

    assert [r.status_code for r in (fits, large, many, other)] == [400, 413, 400, 400]
    assert "sudah dipakai" in fits.text


def _tells_back(visit: Visit) -> Answer:
    return JSONResponse([visit.arguments["code"], visit.query["q"], visit.form.text("kode"), visit.form.all("pilih")])


def test_what_is_no_character_reaches_no_page(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Page("/kata/{code}", _tells_back, Audience.STAFF, method="POST")
    browser = _with(play, monkeypatch, told)
    half = "%ED%A0%80"  # of two that make one character

    response = browser.ask(
        "POST",
        f"/kata/a%00b?q=c%00{half}",
        {"tanda": browser.mark("/"), "kode": "d\0e", "pilih": ["\0", "f\0"]},
    )

    assert response.json() == ["ab", "c" + 3 * "\N{REPLACEMENT CHARACTER}", "de", ["", "f"]]


def test_pages_are_packed(play: Stage) -> None:
    response = Browser(play.app.routes()).get("/masuk", accept_encoding="gzip")

    assert response.headers["content-encoding"] == "gzip"


def test_first_load_is_small(inside: Browser) -> None:
    files = ("situs.css", "htmx-2.0.11.min.js", "mini.js", "door.js", "icon.svg")
    weights = [len(gzip.compress((assets.STATIC / name).read_bytes(), 6)) for name in files]

    page = len(gzip.compress(inside.get("/").content, 6))

    assert page + sum(weights) < 50_000


def test_no_page_and_no_file_reaches_outside(inside: Browser) -> None:
    texts = [inside.get(path).text for path in ("/", "/masuk", "/mini")]
    found = {url for text in texts for url in re.findall(r'(?:src|href|action)="(https?:[^"]*)"', text)}

    assert {url for url in found if not url.startswith("https://t.me/")} == set()
    assert [text.count("style=") + text.count("<style") + text.count("onclick=") for text in texts] == [0, 0, 0]
