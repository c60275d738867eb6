"""The catalogues: which language is spoken, and what a missing translation shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.texts import catalogue as module
from bot.texts import engine
from bot.texts.catalogue import LANGUAGES, catalogue, shipped, supported, translate, translated_by

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def locales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An English catalogue of the interface and of the content, with gaps."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "bot.po").write_text(
        HEAD
        + 'msgid "Lanjut"\nmsgstr "Continue"\n\n'
        + 'msgid "Ulangi"\nmsgstr ""\n\n'
        + '#, fuzzy\nmsgid "Selesai"\nmsgstr "Maybe done"\n\n'
        + 'msgid "Sama"\nmsgstr "from bot"\n',
        encoding="utf-8",
    )
    (folder / "content.po").write_text(
        HEAD + 'msgid "buah"\nmsgstr "pieces"\n\nmsgid "Sama"\nmsgstr "from content"\n', encoding="utf-8"
    )
    monkeypatch.setattr(module, "LOCALES", tmp_path)
    catalogue.cache_clear()
    yield tmp_path
    catalogue.cache_clear()


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("id", "id"),
        ("en", "en"),
        ("EN", "en"),
        ("en-GB", "en"),
        ("id-ID", "id"),
        ("ms", "id"),
        ("zh-hans", "id"),
        ("english", "id"),
        ("", "id"),
        (None, "id"),
        ("-", "id"),
    ],
)
def test_telegrams_language_code_becomes_one_we_speak(code: str | None, language: str) -> None:
    assert supported(code) == language


def test_spoken_languages_are_named_in_themselves() -> None:
    assert LANGUAGES == {"id": "Bahasa Indonesia", "en": "English"}


@pytest.mark.usefixtures("locales")
@pytest.mark.parametrize(
    ("message", "english"),
    [
        ("Lanjut", "Continue"),
        ("buah", "pieces"),
        ("Sama", "from content"),
        ("Ulangi", "Ulangi"),
        ("Selesai", "Selesai"),
        ("Tidak ada di katalog", "Tidak ada di katalog"),
        ("", ""),
    ],
)
def test_missing_unfinished_or_doubtful_translation_shows_indonesian(message: str, english: str) -> None:
    assert translate(message, "en") == english


@pytest.mark.usefixtures("locales")
@pytest.mark.parametrize("language", ["id", "xx"])
def test_language_without_catalogue_shows_indonesian(language: str) -> None:
    assert translate("Lanjut", language) == "Lanjut"


def test_catalogue_is_read_once(locales: Path) -> None:
    assert translate("Lanjut", "en") == "Continue"

    (locales / "en" / "LC_MESSAGES" / "bot.po").unlink()

    assert translate("Lanjut", "en") == "Continue"


@pytest.mark.usefixtures("locales")
def test_translations_above_come_first_and_only_while_they_are_meant() -> None:
    with translated_by({"en": {"Lanjut": "Go on", "Ulangi": "Again"}}):
        above = [translate(text, "en") for text in ("Lanjut", "Ulangi", "Sama", "Tidak ada di katalog")]
        with translated_by({}):
            inside = translate("Lanjut", "en")
        other = translate("Lanjut", "id")

    assert above == ["Go on", "Again", "from content", "Tidak ada di katalog"]
    assert (inside, other, translate("Lanjut", "en")) == ("Continue", "Lanjut", "Continue")


@pytest.mark.usefixtures("locales")
def test_shipped_texts_tell_what_is_not_certain_as_missing() -> None:
    shipped.cache_clear()

    found = shipped("en", "bot"), shipped("xx", "bot")
    shipped.cache_clear()

    assert found == ({"Lanjut": "Continue", "Ulangi": "", "Selesai": "", "Sama": "from bot"}, {})


def test_templates_that_are_compiled_once_follow_the_translations_above() -> None:
    plain = engine.render("bot.chat", "apology.html.j2", "en", {"error_id": "7"})
    source = next(text for text in shipped("en", "bot") if "%(error_id)s" in text)

    with translated_by({"en": {source: "Told anew, %(error_id)s."}}):
        above = engine.render("bot.chat", "apology.html.j2", "en", {"error_id": "7"})

    assert above == "Told anew, 7."
    assert engine.render("bot.chat", "apology.html.j2", "en", {"error_id": "7"}) == plain
