"""What Telegram is told about the bot: for each language once, and within its limits."""

from __future__ import annotations

import json

import pytest

from bot.chat.routes import COMMANDS
from bot.process import _register
from bot.texts.catalogue import LANGUAGES, translate
from bot.tg import register
from bot.tg.register import DESCRIPTION, SHORT_DESCRIPTION, commands, digest
from tests.stage import Stage

SETTERS = ("setMyCommands", "setMyDescription", "setMyShortDescription")


def _told(play: Stage) -> list[tuple[str, object]]:
    return [(c.method, c.params.get("language_code")) for c in play.api.calls if c.method in SETTERS]


def _starts(play: Stage) -> None:
    async def start() -> None:
        await play.app.bot.initialize()
        await _register(play.app, play.app.branches[0])

    play._runner.run(start())


def test_first_start_tells_every_language_once(play: Stage) -> None:
    _starts(play)

    assert sorted(_told(play), key=str) == sorted(
        [(method, code) for method in SETTERS for code in (None, "en")], key=str
    )
    scopes = [json.loads(str(c.params["scope"])) for c in play.api.calls if c.method == "setMyCommands"]
    assert scopes == [{"type": "all_private_chats"}] * 2


def test_second_start_tells_nothing(play: Stage) -> None:
    _starts(play)
    play.restart()
    play.api.calls.clear()

    _starts(play)

    assert _told(play) == []


def test_start_with_other_texts_tells_again(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    _starts(play)
    play.restart()
    play.api.calls.clear()
    monkeypatch.setattr(register, "SHORT_DESCRIPTION", "Asesmen baru.")

    _starts(play)

    assert len(_told(play)) == len(SETTERS) * len(LANGUAGES)


def test_start_whose_telling_failed_tells_again(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(register, "register", fails)
        with pytest.raises(ZeroDivisionError):
            _starts(play)
    play.api.calls.clear()

    _starts(play)

    assert len(_told(play)) == len(SETTERS) * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_within_telegrams_limits(language: str) -> None:
    menu = commands(language)

    assert 0 < len(translate(DESCRIPTION, language)) <= 512
    assert 0 < len(translate(SHORT_DESCRIPTION, language)) <= 120
    assert [c.command for c in menu] == [c.name for c in COMMANDS if c.menu]
    assert [c.command for c in menu if not 0 < len(c.description) <= 256] == []
    assert len(menu) <= 100


def test_languages_differ() -> None:
    indonesian, english = (commands(language) for language in LANGUAGES)

    assert [i.command for i, e in zip(indonesian, english, strict=True) if i.description == e.description] == []
    assert translate(DESCRIPTION, "en") != DESCRIPTION


def test_digest_follows_every_text(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest()

    monkeypatch.setattr(register, "DESCRIPTION", "Lain.")

    assert digest() == digest() != before
