"""The gettext catalogues: Indonesian is the source, so a missing translation shows Indonesian."""

from __future__ import annotations

import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "id"
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
LOCALES = Path(__file__).parents[2] / "locales"
DOMAINS = ("bot", "content")


def supported(code: str | None) -> str:
    """Return the language to speak for a Telegram language code; unknown or absent means Indonesian."""
    short = (code or "").lower().split("-")[0]
    return short if short in LANGUAGES else SOURCE_LANGUAGE


@lru_cache(maxsize=8)
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the translations of one language, read from its .po files on first use."""
    found: gettext.NullTranslations = gettext.NullTranslations()
    for domain in DOMAINS:
        path = LOCALES / language / "LC_MESSAGES" / f"{domain}.po"
        if not path.exists():
            continue
        compiled = io.BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        translations = gettext.GNUTranslations(compiled)
        translations.add_fallback(found)
        found = translations
    return found


def translate(message: str, language: str) -> str:
    """Translate one source text of the content or the interface."""
    return catalogue(language).gettext(message) if message else message
