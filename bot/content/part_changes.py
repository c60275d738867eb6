"""What differs between two states of the content, field by field and in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.content.field_words import field_words, part_words
from bot.content.part_names import JSON, TRANSLATION, kind_of, under

NOTHING = "(kosong)"
KEYS = ("code", "dimension", "number", "word")
"""What tells entries of a list apart, so that one put in between does not make all below it look changed."""
SHORT = 40
TOLD: Mapping[Any, str] = {True: "ya", False: "tidak", None: NOTHING, "": NOTHING}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: its part and path, both in words, and its text before and after; None where the part
    (or this entry of it) was not there.
    """

    part: str
    field: str
    part_words: str
    words: str
    before: str | None
    after: str | None

    @property
    def adds(self) -> bool:
        return self.before is None

    @property
    def takes_out(self) -> bool:
        return self.after is None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.part_words}, {self.words}: baru, “{self.after}”"
        if self.after is None:
            return f"{self.part_words}, {self.words}: dihapus, tadinya “{self.before}”"
        return f"{self.part_words}, {self.words}: “{self.before}” menjadi “{self.after}”"


def differences(before: Mapping[str, JSON], after: Mapping[str, JSON]) -> list[Change]:
    """Return what changed between two sets of parts, part by part in the order of `after`, removed ones last."""
    names = [*after, *(name for name in before if name not in after)]
    return [
        Change(name, path, part_words(name), _words(name, path), old, new)
        for name in names
        if before.get(name) != after.get(name)
        for path, old, new in _of_part(before.get(name), after.get(name))
    ]


def _words(part: str, path: str) -> str:
    """Return the words for a field; of translations the field is the text itself."""
    return path if path and kind_of(part) == TRANSLATION else field_words(path)


Found = tuple[str, str | None, str | None]


def _of_part(before: JSON, after: JSON) -> Iterator[Found]:
    """A part that comes or goes is told once, by what it says first; a changed one field by field."""
    if before is None or after is None:
        yield "", None if before is None else _gist(before), None if after is None else _gist(after)
    else:
        yield from _fields("", before, after)


def _gist(payload: JSON) -> str:
    """Return what a part is about in one line."""
    if isinstance(payload, dict):
        for key in ("stem", "title", "customer", "name"):
            if isinstance(payload.get(key), str):
                return str(payload[key])
    return _text(payload)


def _fields(path: str, before: JSON, after: JSON) -> Iterator[Found]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _entry(under(path, key), before, after, key)
    elif isinstance(before, list) and isinstance(after, list) and _is_listing([*before, *after]):
        yield from _listing(path, before, after)
    elif before != after:
        yield path, _text(before), _text(after)


def _entry(path: str, before: Mapping[Any, JSON], after: Mapping[Any, JSON], key: Any) -> Iterator[Found]:
    if key not in before:
        yield path, None, _text(after[key])
    elif key not in after:
        yield path, _text(before[key]), None
    else:
        yield from _fields(path, before[key], after[key])


def _listing(path: str, before: Sequence[JSON], after: Sequence[JSON]) -> Iterator[Found]:
    """Compare two lists of entries: by what names them where something does, else place by place."""
    old, new = _named(before), _named(after)
    if old is None or new is None:
        old, new = dict(enumerate(before)), dict(enumerate(after))
        places: dict[Any, int] = {key: key for key in (*old, *new)}
    else:
        places = {key: index for index, key in enumerate(old)} | {key: index for index, key in enumerate(new)}
    for key in [*new, *(key for key in old if key not in new)]:
        yield from _entry(under(path, places[key]), old, new, key)


def _named(entries: Sequence[JSON]) -> dict[Any, JSON] | None:
    for key in KEYS:
        names = [entry.get(key) for entry in entries if isinstance(entry, dict)]
        if len(names) == len(entries) and None not in names and len(set(map(str, names))) == len(names):
            return {str(entry[key]): entry for entry in entries}
    return None


def _is_listing(entries: Sequence[JSON]) -> bool:
    """Tell whether entries of a list are worth telling apart; a few short words are told as one."""
    return any(isinstance(entry, dict | list) or len(str(entry)) > SHORT for entry in entries)


def _text(value: JSON) -> str:
    if isinstance(value, bool) or value is None or value == "":
        return TOLD[value]
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or NOTHING
    if isinstance(value, dict):
        return "; ".join(f"{field_words(str(key))}: {_text(entry)}" for key, entry in value.items()) or NOTHING
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return str(value)
