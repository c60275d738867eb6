"""A release in parts, and parts made into a release again: what editors change, look at and compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from bot.content.part_changes import Change, differences
from bot.content.part_names import (
    ITEM,
    JSON,
    MODULE,
    PICTURE,
    PROBE,
    SINGLES,
    TRANSLATION,
    code_of,
    dimension_of,
    is_part,
    kin_of,
    kind_of,
    split,
    validated,
)
from bot.content.part_rules import document_problems, part_problems, schema_problems
from bot.content.practice_schema import PracticeEntry
from bot.content.problems import ContentRefused, Problem, explain
from bot.content.schema import ContentDocument

__all__ = [
    "JSON",
    "Change",
    "Problem",
    "assemble",
    "code_of",
    "differences",
    "dimension_of",
    "document_problems",
    "is_part",
    "kind_of",
    "part_problems",
    "schema_problems",
    "split",
    "with_drafts",
]
OPTIONAL = ("coach", "sessions")
"""Single parts that releases from before they were thought of do not have."""


def with_drafts(parts: Mapping[str, JSON], drafts: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the parts as drafts leave them (None takes one out); a new one comes after the last of its kin, which is
    where the files have it.
    """
    merged = {name: drafts.get(name, payload) for name, payload in parts.items()}
    kept = [name for name, payload in merged.items() if payload is not None]
    for name in sorted(name for name, payload in drafts.items() if payload is not None and name not in parts):
        merged[name] = drafts[name]
        kept.insert(_place(kept, name), name)
    return {name: merged[name] for name in kept}


def _place(names: list[str], new: str) -> int:
    """Return where a new part comes in: lessons in the order of their file names, all else after its kin."""
    if kind_of(new) in (MODULE, PICTURE):
        later = [i for i, name in enumerate(names) if kind_of(name) == kind_of(new) and _file(name) > _file(new)]
    else:
        kin = [i for i, name in enumerate(names) if kin_of(name) == kin_of(new)]
        later = [kin[-1] + 1] if kin else []
    return later[0] if later else len(names)


def _file(part: str) -> tuple[str, str]:
    code = code_of(part)
    if kind_of(part) == PICTURE:
        return "", f"{code}.svg"
    _, dimension, slug = code.split("-", 2)
    return dimension, f"{slug}.html.j2"


def assemble(parts: Mapping[str, JSON]) -> ContentDocument:
    """Return the document that parts make; refuse with ContentRefused where one or the whole breaks the schema."""
    problems = [problem for part, payload in parts.items() for problem in schema_problems(part, payload)]
    problems += [
        Problem(name, 1, "", "bagian ini wajib ada")
        for name in SINGLES
        if name not in parts and name not in (*OPTIONAL, "exposure", "glossary")
    ]
    if problems:
        raise ContentRefused(problems)
    probes = [parts[name] for name in _of(parts, PROBE)]
    try:
        practice = PracticeEntry(probes=tuple(validated(f"{PROBE}:", payload) for payload in probes))
    except ValidationError as error:
        raise ContentRefused(list(explain(error, None, PROBE))) from error
    return ContentDocument(
        **{name: validated(name, parts[name]) for name in SINGLES if name in parts},
        items=tuple(validated(name, parts[name]) for name in _of(parts, ITEM)),
        modules=tuple(validated(name, parts[name]) for name in _of(parts, MODULE)),
        practice=practice,
        pictures={code_of(name): parts[name] for name in _of(parts, PICTURE)},
        translations={code_of(name): parts[name] for name in _of(parts, TRANSLATION)},
    )


def _of(parts: Iterable[str], kind: str) -> list[str]:
    return [name for name in parts if kind_of(name) == kind]
