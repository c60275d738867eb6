"""The authorization matrix, cell by cell: over buttons, commands, pages and exports, for everybody of the cast."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from urllib.parse import urlencode

import httpx
import pytest

from bot.chat.callback_data import pack
from bot.chat.incoming import Tap, Typed
from bot.chat.routes import COMMANDS as LISTED_COMMANDS
from bot.chat.routes import VERBS
from bot.chat.screen import Reply
from bot.web.routes import PAGES as LISTED_PAGES
from tests.access.doors import BUTTONS, COMMANDS, FIELDS, NEWS, OWN_BUTTONS, OWN_COMMANDS, OWN_PAGES, PAGES, Who
from tests.access.scene import GROUP_NAME, MEMBER_NAME, WAITING_NAME, Scene, scene
from tests.usecases.world import START

PROBES = int(os.environ.get("PROBES", "400"))
SECRETS = (GROUP_NAME, MEMBER_NAME, WAITING_NAME, NEWS.text)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One scene for all cells: what a chat does is taken back, and pages are tried on a copy of their own."""
    with scene(tmp_path_factory.mktemp("access") / "bot.db") as opened:
        yield opened


def test_every_button_has_its_cells() -> None:
    verbs = {verb.name for verb in VERBS}

    assert set(BUTTONS) | OWN_BUTTONS == verbs
    assert set(BUTTONS) & OWN_BUTTONS == set()
    assert {name for name, button in BUTTONS.items() if len(button.arguments) != _arguments(name)} == set()


def _arguments(name: str) -> int:
    return next(verb.arguments for verb in VERBS if verb.name == name)


def test_every_command_has_its_cells() -> None:
    assert set(COMMANDS) | OWN_COMMANDS == {command.name for command in LISTED_COMMANDS}


def test_every_page_has_its_cells() -> None:
    listed = {(page.method, _template(page.path)) for page in LISTED_PAGES}

    assert set(PAGES) | OWN_PAGES == listed


def _template(path: str) -> str:
    named = {
        "{group:int}": "{G}",
        "{person:int}": "{M}",
        "{news:int}": "{N}",
        "{release}": "{R}",
        "/butir/{code}": "/butir/{I}",
        "/klinik/{code}": "/klinik/{I}",
        "/pelajaran/{code}": "/pelajaran/{L}",
        "/susunan/{part}": "/susunan/levels",
        "/terjemahan/{language}": "/terjemahan/en",
    }
    for argument, short in named.items():
        path = path.replace(argument, short)
    return path


@pytest.mark.parametrize(("verb", "who"), list(product(BUTTONS, Who)), ids=lambda value: str(value))
def test_button(stand: Scene, verb: str, who: Who) -> None:
    button = BUTTONS[verb]

    reply, touched = stand.replies(who, Tap(1, stand.data(verb, button.arguments)))

    if who in button.may:
        assert not _is_refused(reply)
    else:
        assert _is_refused(reply)
        assert not touched
        assert _leaks(reply, who) == []


def _is_refused(reply: Reply) -> bool:
    """Tell whether a button led nowhere: the screen that counts, with a word that it is over."""
    return reply.corrects or reply.toast == "Tautan itu sudah tidak berlaku."


def _leaks(reply: Reply, who: Who) -> list[str]:
    """Return what a reply tells of the group; a member knows its name and the own one, the second coach all."""
    screen = reply.screen
    told = [reply.toast, *reply.before, *(str(document) for document in reply.documents)]
    told += [screen.text, *(button.label for row in screen.rows for button in row)] if screen else []
    own = {Who.MEMBER: {GROUP_NAME, MEMBER_NAME}, Who.SECOND: set(SECRETS)}.get(who, set())
    return [secret for secret in SECRETS if secret not in own and any(secret in text for text in told)]


@pytest.mark.parametrize(("name", "who"), list(product(COMMANDS, Who)), ids=lambda value: str(value))
def test_command(stand: Scene, name: str, who: Who) -> None:
    reply, touched = stand.replies(who, Typed(10**6, f"/{name}", START, name))

    assert not touched
    assert reply.screen is not None
    assert (reply.screen.text != _screen_that_counts(stand, who)) == (who in COMMANDS[name])
    if who in (Who.REMOVED, Who.OTHER, Who.OWNER, Who.ADMIN, Who.STRANGER):
        assert _leaks(reply, who) == []


def _screen_that_counts(stand: Scene, who: Who) -> str:
    reply, _ = stand.replies(who, Typed(10**6, "/lanjut", START, "lanjut"))
    assert reply.screen is not None
    return reply.screen.text


@pytest.mark.parametrize("who", Who)
@pytest.mark.parametrize("number", [4, 35, 99, 10**9])
def test_button_of_a_group_that_is_not_there_is_refused_like_one_of_others(stand: Scene, who: Who, number: int) -> None:
    foreign, _ = stand.replies(Who.OTHER, Tap(1, stand.data("gs", ("G",))))

    absent, touched = stand.replies(who, Tap(1, pack("gs", number + int(stand.group) + 1)))

    assert (absent.toast, absent.corrects, touched) == (foreign.toast, foreign.corrects, False)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, Who], httpx.Response]:
    """Every page asked for by everybody: those who must be refused first, so that nothing was changed by the others."""
    found: dict[tuple[str, str, Who], httpx.Response] = {}
    with scene(tmp_path_factory.mktemp("access") / "web.db") as opened:
        cells = [(method, path, who) for (method, path), who in product(PAGES, Who)]
        for method, path, who in sorted(cells, key=lambda cell: cell[2] in PAGES[cell[0], cell[1]]):
            browser = opened.browser(who)
            where, fields = opened.path(path), FIELDS.get(path, {})
            asked = f"{where}?{urlencode(fields)}"
            found[method, path, who] = browser.get(asked) if method == "GET" else browser.post(where, **fields)
    return found


@pytest.mark.parametrize(("door", "who"), list(product(PAGES, Who)), ids=lambda value: str(value))
def test_page(answers: dict[tuple[str, str, Who], httpx.Response], door: tuple[str, str], who: Who) -> None:
    response = answers[(*door, who)]

    if who in PAGES[door]:
        assert response.status_code in (200, 303)
        assert response.headers.get("location", "") != "/masuk"
    elif who is Who.STRANGER:
        # The door, or for who wrote something their own words back.
        assert (response.status_code, response.headers.get("location")) in ((303, "/masuk"), (401, None))
    else:
        assert response.status_code == 404
    if who not in PAGES[door]:
        own = str(FIELDS.get(door[1])) if response.status_code == 401 else ""
        assert [secret for secret in SECRETS if secret not in own and secret in response.text] == []


def test_admin_never_sees_a_member(answers: dict[tuple[str, str, Who], httpx.Response]) -> None:
    opened = [response for (_, _, who), response in answers.items() if who is Who.ADMIN and response.status_code == 200]

    assert len(opened) >= 5
    assert [response.url.path for response in opened if MEMBER_NAME in _readable(response)] == []


def _readable(response: httpx.Response) -> str:
    """Return all the text of a page or of a workbook."""
    if not response.url.path.endswith(".xlsx"):
        return response.text
    with zipfile.ZipFile(BytesIO(response.content)) as book:
        return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


@pytest.mark.parametrize("who", [Who.OTHER, Who.REMOVED, Who.OWNER, Who.ADMIN])
def test_guessed_numbers_lead_nowhere(stand: Scene, who: Who) -> None:
    chance = random.Random(19)
    verbs = [name for name, button in BUTTONS.items() if button.arguments[:1] == ("G",) and who not in button.may]

    for _ in range(PROBES):
        verb = chance.choice(verbs)
        guessed = tuple(
            str(chance.randrange(1, 60)) if argument in ("G", "M", "W", "S") else argument
            for argument in BUTTONS[verb].arguments
        )
        own_group = who is Who.OTHER
        reply, _ = stand.replies(who, Tap(1, stand.data(verb, guessed)))

        assert _leaks(reply, who) == [], (verb, guessed, own_group)


def test_page_for_nobody_is_missing_for_everybody(stand: Scene) -> None:
    paths = ("/kelompok/999", "/kelompok/999/anggota", "/kelompok/abc", "/kelompok/1/anggota/999999", "/admin")

    statuses = {path: stand.browser(Who.OTHER).get(path).status_code for path in paths}

    assert statuses == dict.fromkeys(paths, 404)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_other_methods_open_nothing(stand: Scene, method: str) -> None:
    browser = stand.browser(Who.OTHER)

    response = browser.ask(method, stand.path("/kelompok/{G}/anggota"))

    assert response.status_code == 404
    assert response.text.count(MEMBER_NAME) == 0
