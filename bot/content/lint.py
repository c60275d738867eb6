"""Checks the content as a careful editor would: the schema first, then single entries, then the whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.content.bank_rules import bank_problems
from bot.content.card_rules import card_problems
from bot.content.item_rules import item_problems
from bot.content.item_schema import ScoredItem
from bot.content.load import Desk, read
from bot.content.problems import ContentRefused, Problem
from bot.core.item import OWNER_DIMENSIONS


def check(directory: Path, *, today: date) -> list[Problem]:
    """Return every problem of a content directory; without one that is more than a warning it may be published."""
    try:
        desk = read(directory)
    except ContentRefused as refused:
        return list(refused.problems)
    found = [*_unknown_codes(desk), *bank_problems(desk), *item_problems(desk, today), *card_problems(desk)]
    return sorted(found, key=lambda problem: (problem.is_warning, problem.file, problem.line))


def _unknown_codes(desk: Desk) -> Iterator[Problem]:
    document = desk.document
    codes = {module.code for module in document.modules}
    if document.advice.safety_module not in codes:
        yield Problem("content/advice.yaml", 1, "safety_module", f"modul {document.advice.safety_module} tidak ada")
    known = {item.code for item in document.items if isinstance(item, ScoredItem)}
    for code in sorted(document.exposure.admitted.keys() - known):
        yield Problem("content/exposure.yaml", 1, f"admitted.{code}", "butir ini tidak ada")
    for dimension in OWNER_DIMENSIONS:
        if not any(module.dimension is dimension for module in document.modules):
            yield Problem("content/modules", 1, dimension.value, "bidang ini belum punya pelajaran")
