"""Translations as a PO file, the form that translators and their programs know."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from bot.content.translations import Entry, State

HEADER = "# Tangga Digital. Tulis terjemahan di msgstr; yang di dalam tanda seperti %(nama)s, {nama}, <b> tetap."
WIDTH = 120
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""The day in the head of files that lie in git, where the history tells the true one."""


class NotPo(ValueError):
    """A file that is no PO file of ours."""


@dataclass(frozen=True, slots=True)
class Said:
    """One translation that a file brings."""

    source: str
    text: str


def written(entries: Iterable[Entry], language: str, now: datetime) -> bytes:
    """Return a PO file: a stale text is marked fuzzy and brings the words that its translation belongs to."""
    catalog = _catalog(language, now)
    for entry in entries:
        is_stale = entry.state is State.STALE
        catalog.add(
            entry.source,
            entry.said,
            locations=[(place, None) for place in _places(entry)],  # type: ignore[misc]
            flags=["fuzzy"] if is_stale else [],
            previous_id=[entry.was] if is_stale else [],
        )
    return _bytes(catalog)


def kept(texts: Mapping[str, str], language: str) -> bytes:
    """Return translations as the file that lies beside the content, always the same for the same texts."""
    catalog = _catalog(language, LONG_AGO)
    for source, said in sorted(texts.items()):
        catalog.add(source, said)
    return _bytes(catalog)


def _catalog(language: str, day: datetime) -> Catalog:
    return Catalog(
        locale=language,
        project="Tangga Digital",
        version="1",
        header_comment=HEADER,
        msgid_bugs_address="-",
        last_translator="Tangga Digital",
        language_team=language,
        charset="utf-8",
        creation_date=day,
        revision_date=day,
        fuzzy=False,
    )


def _bytes(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=WIDTH, include_previous=True)
    return file.getvalue()


def _places(entry: Entry) -> Sequence[str]:
    if not entry.spots:
        return (entry.kind.value,)
    return [f"{part}/{field}" if part else field for part, field in entry.spots]


def read(content: str, language: str) -> list[Said]:
    """Return the finished translations of a file: empty and fuzzy ones are left out; refuse with NotPo."""
    try:
        catalog = read_po(io.StringIO(content), locale=language, ignore_obsolete=True, abort_invalid=True)
    except (PoFileError, ValueError, LookupError, UnknownLocaleError) as error:
        raise NotPo(str(error)) from error
    found = [m for m in catalog if m.id and not m.fuzzy]
    if not len(catalog):
        raise NotPo("empty")
    return [Said(m.id, m.string) for m in found if isinstance(m.id, str) and isinstance(m.string, str) and m.string]
