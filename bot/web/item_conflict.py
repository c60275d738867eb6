"""Two texts of one question, because two people changed it: what differs, and what is kept of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.item import Format
from bot.web.item_fields import Fields, entries, own_fields
from bot.web.item_labels import field_name, shown

LISTS = ("sources", "options", "steps", "turns")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that differs, in words; `takes_theirs` where only the other person changed it."""

    path: str
    name: str
    mine: str
    theirs: str
    takes_theirs: bool


def rows(mine: Fields, theirs: Fields, base: Fields, format: Format, names: Mapping[str, str]) -> list[Row]:
    """Return what differs between two forms; a list that grew or shrank is one thing. `base` is what both began with,
    as far as it is known; `names` are those of the dimensions.
    """
    found = []
    for path in _paths(mine, theirs):
        here, there, before = (_part(fields, path) for fields in (mine, theirs, base))
        if here != there:
            mine_said, theirs_said = (_words(said, path, format, names) for said in (here, there))
            only_theirs = bool(base) and here == before
            found.append(Row(path, field_name(path), mine_said, theirs_said, only_theirs))
    return found


def _paths(mine: Fields, theirs: Fields) -> Iterator[str]:
    """Go through what is compared, in the order of the form: single fields, and lists of unlike length as a whole."""
    whole = {name for name in LISTS if entries(mine, name) != entries(theirs, name)}
    seen = set()
    for path in (*mine, *theirs):
        head = path.partition(".")[0]
        compared = head if head in whole else path
        if compared not in seen:
            seen.add(compared)
            yield compared


def _part(fields: Fields, path: str) -> Fields:
    """Return a field, or all fields of a list; a field that is empty counts as one that is not there."""
    inside = f"{path}."
    return {name: said for name, said in fields.items() if (name == path or name.startswith(inside)) and any(said)}


def _words(part: Fields, path: str, format: Format, names: Mapping[str, str]) -> str:
    if path in part or not part:
        return shown(path, part.get(path, []), format, names)
    return "\n".join(f"{field_name(name)}: {shown(name, said, format, names)}" for name, said in part.items())


def merged(mine: Fields, theirs: Fields, taken: frozenset[str]) -> Fields:
    """Return my form with what is taken of theirs."""
    found = {name: said for name, said in mine.items() if not _is_within(name, taken)}
    return found | {name: said for name, said in theirs.items() if _is_within(name, taken)}


def _is_within(name: str, paths: frozenset[str]) -> bool:
    return name in paths or any(name.startswith(f"{path}.") for path in paths)


def written(fields: Fields) -> str:
    """Return a form as text, to be carried in a hidden field."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Fields:
    """Read a form from a hidden field; what is no form is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    sound = {
        name: said
        for name, said in found.items()
        if isinstance(said, list) and all(isinstance(each, str) for each in said)
    }
    return dict(own_fields(sound))
