"""Writes the translation catalogues from code, templates and content; --check only says what has drifted.

Two domains: `bot` holds the interface and is complete in every language; `content` holds items and lessons' heads and
may lag behind, because a missing translation shows Indonesian.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.content.load import load
from bot.content.wording import wordings
from bot.texts.catalogue import LANGUAGES, LOCALES, SOURCE_LANGUAGE
from bot.texts.fixed_parts import changed_parts

HEADER = "# Translations of Tangga Digital; Indonesian is the source. Content: CC BY 4.0, interface: Apache-2.0."
ROOT = Path(__file__).parents[2]
METHODS = [("simulator/**", "ignore"), ("**.py", "python"), ("**/templates/**.j2", "jinja2")]
OPTIONS = {
    "**/templates/**.j2": {
        "encoding": "utf-8",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
    }
}
KEYWORDS = {"t": None, "translate": None, "gettext": None}


def interface() -> Catalog:
    """Gather every text of the interface."""
    catalog = _catalog()
    for file, _, message, comments, _ in extract_from_dir(
        ROOT / "bot", METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        catalog.add(message, locations=[(f"bot/{file}", 0)], auto_comments=comments)
    return catalog


def content() -> Catalog:
    """Gather every translatable text of items, lessons' heads, levels and form."""
    catalog = _catalog()
    for wording in wordings(load(ROOT / "content")):
        catalog.add(wording.text, locations=[(wording.place, 0)])
    return catalog


def _catalog() -> Catalog:
    return Catalog(project="Tangga Digital", version="1", charset="utf-8", fuzzy=False)


def _path(language: str, domain: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{domain}.po"


def write() -> None:
    """Bring every catalogue up to date; what is translated stays, what is gone goes."""
    for domain, template in (("bot", interface()), ("content", content())):
        for language in LANGUAGES.keys() - {SOURCE_LANGUAGE}:
            path = _path(language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            old = _read(path, language)
            old.update(template, no_fuzzy_matching=True, update_creation_date=False)
            old.obsolete.clear()
            with path.open("wb") as file:
                write_po(file, old, width=120, sort_output=True, omit_header=False, include_lineno=False)


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(
            locale=language,
            header_comment=HEADER,
            project="Tangga Digital",
            version="1",
            msgid_bugs_address="-",
            last_translator="Tangga Digital",
            language_team=language,
            charset="utf-8",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def problems() -> list[str]:
    """Return what a catalogue lacks, holds too much of, or changes: placeholders, tags, commands."""
    found = []
    for domain, template in (("bot", interface()), ("content", content())):
        wanted = {message.id for message in template if message.id}
        for language in sorted(LANGUAGES.keys() - {SOURCE_LANGUAGE}):
            catalog = _read(_path(language, domain), language)
            there = {message.id: message.string for message in catalog if message.id}
            where = f"{language}/{domain}.po"
            found += [f"{where}: belum ada: {text!r}" for text in sorted(map(str, wanted - there.keys()))]
            found += [f"{where}: sudah tidak dipakai: {text!r}" for text in sorted(map(str, there.keys() - wanted))]
            if domain == "bot":
                found += [f"{where}: belum diterjemahkan: {text!r}" for text, said in there.items() if not said]
            found += [
                f"{where}: bagian tetap berubah: {text!r}" for text, said in there.items() if _changed(text, said)
            ]
    return found


def _changed(text: object, said: object) -> bool:
    return bool(said) and bool(changed_parts(str(text), str(said)))


def main() -> int:
    """Write the catalogues, or with --check list what has drifted and return 1."""
    if "--check" not in sys.argv:
        write()
        return 0
    found = problems()
    print("\n".join(found) or "Terjemahan lengkap.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
