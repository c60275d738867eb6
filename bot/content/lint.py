"""Checks the content as a careful editor would: the schema first, then single entries, then the whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.content.bank_rules import bank_problems
from bot.content.card_rules import card_problems
from bot.content.item_rules import item_problems
from bot.content.item_schema import ScoredItem
from bot.content.load import SINGLES, Desk, read
from bot.content.problems import ContentRefused, Problem
from bot.content.regions import FILE as REGIONS
from bot.content.regions import region_problems
from bot.content.session_rules import session_problems
from bot.content.translations import text_faults
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS


def check(directory: Path, *, today: date) -> list[Problem]:
    """Return every problem of a content directory; without one that is more than a warning it may be published."""
    try:
        desk = read(directory)
    except ContentRefused as refused:
        return list(refused.problems)
    found = [
        *_unread_files(directory),
        *unknown_codes(desk),
        *bank_problems(desk),
        *item_problems(desk, today),
        *card_problems(desk, today),
        *session_problems(desk),
        *region_problems(directory),
        *_translations(desk),
    ]
    return sorted(found, key=lambda problem: (problem.is_warning, problem.file, problem.line))


def unknown_codes(desk: Desk) -> Iterator[Problem]:
    """Return the codes that stand in one place and name nothing in another, and dimensions without a lesson."""
    document = desk.document
    codes = {module.code for module in document.modules}
    if document.advice.safety_module not in codes:
        message = f"modul {document.advice.safety_module} tidak ada"
        yield Problem(*desk.place("advice.yaml", "safety_module"), "safety_module", message)
    known = {item.code for item in document.items if isinstance(item, ScoredItem)}
    for code in sorted(document.exposure.admitted.keys() - known):
        yield Problem(*desk.place("exposure.yaml", "admitted", code), f"admitted.{code}", "butir ini tidak ada")
    for index, entry in enumerate(document.glossary.words):
        for code in sorted(set(entry.hidden_in) - desk.places.keys()):
            place = desk.place("glossary.yaml", "words", index, "hidden_in")
            yield Problem(*place, f"{entry.word}.hidden_in", f"butir {code} tidak ada")
    for dimension in (*OWNER_DIMENSIONS, *COACH_DIMENSIONS):
        if not any(module.dimension is dimension for module in document.modules):
            yield Problem(desk.name("modules"), 1, dimension.value, "bidang ini belum punya pelajaran")


def _translations(desk: Desk) -> Iterator[Problem]:
    for language, texts in desk.document.translations.items():
        for source, message in text_faults(texts, language):
            yield Problem(desk.name(f"translations/{language}.po"), 1, source[:60], message)


def _unread_files(directory: Path) -> Iterator[Problem]:
    """Tell of files that nobody reads because of their name or folder; notes (*.md) and hidden files may lie about."""
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory)
        if path.is_file() and not name.name.startswith(".") and path.suffix != ".md" and not _is_read(name):
            message = "berkas ini tidak dibaca: nama atau foldernya tidak dikenal"
            yield Problem(f"{directory.name}/{name.as_posix()}", 1, "berkas", message)


def _is_read(name: Path) -> bool:
    depth = len(name.parts)
    patterns = (
        *(("items/*/*.yaml", 3), ("modules/*/*.html.j2", 3)),
        *(("pictures/*.svg", 2), ("translations/*.po", 2)),
    )
    singles = {REGIONS, *(file for file, _ in SINGLES.values())}
    return name.as_posix() in singles or any(name.match(pattern) and depth == parts for pattern, parts in patterns)
