"""The gettext catalogues: Indonesian is the source, so a missing translation shows Indonesian.

Two layers: the files in locales/, read once, and above them the translations that travel with a release
(`translated_by`), so that what editors translate needs no new version of the program.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "id"
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
LOCALES = Path(__file__).parents[2] / "locales"
DOMAINS = ("bot", "content")

Translations = Mapping[str, Mapping[str, str]]
"""By language, then by source text."""
_ABOVE: ContextVar[Translations] = ContextVar("translations above the files")
_NONE: Mapping[str, str] = {}


@contextmanager
def translated_by(translations: Translations) -> Iterator[None]:
    """Let these translations come before the files', in this thread of work alone."""
    token = _ABOVE.set(translations)
    try:
        yield
    finally:
        _ABOVE.reset(token)


class _Layered(gettext.NullTranslations):
    """Looks a text up above the files first; a text costs at most two look-ups."""

    def __init__(self, language: str, files: gettext.NullTranslations) -> None:
        super().__init__()
        self._language = language
        self.add_fallback(files)

    def gettext(self, message: str) -> str:
        above = _ABOVE.get(None)
        found = above.get(self._language, _NONE).get(message) if above else None
        return found or super().gettext(message)


def supported(code: str | None) -> str:
    """Return the language to speak for a Telegram language code; unknown or absent means Indonesian."""
    short = (code or "").lower().split("-")[0]
    return short if short in LANGUAGES else SOURCE_LANGUAGE


@lru_cache(maxsize=8)
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of one language, read from its .po files on first use."""
    found: gettext.NullTranslations = gettext.NullTranslations()
    for domain in DOMAINS:
        file = _file(language, domain)
        if file is None:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, file)
        compiled.seek(0)
        translations = gettext.GNUTranslations(compiled)
        translations.add_fallback(found)
        found = translations
    return _Layered(language, found)


def translate(message: str, language: str) -> str:
    """Translate one source text of the content or the interface."""
    return catalogue(language).gettext(message) if message else message


@lru_cache(maxsize=8)
def shipped(language: str, domain: str) -> dict[str, str]:
    """Return the texts of one catalogue file by source text; empty where a text is not translated for certain. Nobody
    may change what is handed out.
    """
    file = _file(language, domain)
    if file is None:
        return {}
    return {str(m.id): "" if m.fuzzy else str(m.string or "") for m in file if m.id}


def _file(language: str, domain: str) -> Catalog | None:
    path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)
