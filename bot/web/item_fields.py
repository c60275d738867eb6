"""A question as the fields of a form, and the fields made into a question again; pure, and one the other's inverse.

A field is named by the path inside the question's JSON: `stem`, `options.1.text`, `turns.0.options.2.score`. Two are
named otherwise: `options.key` is the number of the one right option, and a ticked box says `ya`. What cannot be read as
a number stays as it was typed, so that the schema refuses it beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.item import Format, Status
from bot.texts.numbers import NumberTrouble, read_number

JSON = Any
Fields = dict[str, list[str]]
YES = "ya"
KEY = "options.key"
MOST_ENTRIES = 20
"""Entries of one list that a form is read for; the schema allows fewer."""
_BREAK = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True, slots=True)
class Extent:
    """How many entries a list has at least and at most."""

    least: int
    most: int

    @property
    def varies(self) -> bool:
        return self.least < self.most


EXTENTS: Mapping[Format, Mapping[str, Extent]] = {
    Format.CHOICE: {"options": Extent(4, 4)},
    Format.PICTURE: {"options": Extent(4, 4)},
    Format.SITUATION: {"options": Extent(4, 4)},
    Format.CONVERSATION: {"turns": Extent(2, 3)},
    Format.ORDER: {"steps": Extent(3, 4)},
    Format.MULTIPLE: {"options": Extent(4, 5)},
    Format.NUMBER: {},
    Format.HABIT: {"options": Extent(3, 5)},
}
REPLIES = 3
KEYED = (Format.CHOICE, Format.PICTURE)
"""Formats with one right option, chosen instead of scored."""
EXPLAINED = (Format.ORDER, Format.NUMBER)
"""Formats with one feedback for right and one for wrong."""
ENTRY: Mapping[str, tuple[str, ...]] = {
    "sources": ("title", "url", "true_on", "review_by"),
    "steps": ("text", "place"),
    "answer": ("value", "low", "high", "unit"),
}


def option_fields(format: Format) -> tuple[str, ...]:
    """Return what an option has, in the order of the form."""
    match format:
        case Format.CHOICE | Format.PICTURE:
            return "text", "feedback"
        case Format.MULTIPLE:
            return "text", "right", "feedback"
        case Format.HABIT:
            return "text", "value"
        case _:
            return "text", "score", "feedback"


def blank(code: str, format: Format) -> Fields:
    """Return the fields of a question that nobody has written yet."""
    found: Fields = {"status": [Status.DRAFT.value], "stem": [""]}
    if format is Format.HABIT:
        found["supports"] = [""]
    else:
        found["difficulty"] = ["3"]
    for name, extent in EXTENTS[format].items():
        for index in range(extent.least):
            found |= new_entry(format, name, index)
    if format is Format.HABIT:
        for index, value in enumerate((3, 2, 1)):
            found[f"options.{index}.value"] = [str(value)]
    if format in EXPLAINED:
        found |= {"feedback_right": [""], "feedback_wrong": [""]}
    if format is Format.NUMBER:
        found |= {f"answer.{name}": [""] for name in ENTRY["answer"]}
    if format is Format.PICTURE:
        found |= {"picture": [""], "alternative": [""]}
    return found


def new_entry(format: Format, name: str, index: int) -> Fields:
    """Return the fields of one more option, step, turn or source."""
    place = f"{name}.{index}."
    if name == "turns":
        replies = [f"{place}options.{n}.{part}" for n in range(REPLIES) for part in ("text", "score", "feedback")]
        return {f"{place}customer": [""]} | {path: [""] for path in replies}
    parts = ENTRY[name] if name in ENTRY else option_fields(format)
    return {place + part: [""] for part in parts if part != "right"}


def fields_of(payload: JSON) -> Fields:
    """Return a question's JSON as the fields of its form."""
    format = Format(payload["format"])
    found: Fields = {}
    for name, value in payload.items():
        if name in ("code", "format", "dimension"):
            continue
        if name == "options" and format in KEYED:
            found |= _flat(name, [{k: v for k, v in option.items() if k != "score"} for option in value])
            right = [str(index) for index, option in enumerate(value) if option.get("score") == 1]
            found |= {KEY: right[:1]} if right else {}
        elif name == "suits":
            found |= {name: list(value)} if value else {}
        else:
            found |= _flat(name, value)
    return found


def _flat(name: str, value: JSON) -> Fields:
    if isinstance(value, dict):
        return {path: said for key, inner in value.items() for path, said in _flat(f"{name}.{key}", inner).items()}
    if isinstance(value, list):
        return {path: said for n, inner in enumerate(value) for path, said in _flat(f"{name}.{n}", inner).items()}
    if isinstance(value, bool):
        return {name: [YES]} if value else {}
    return {name: ["" if value is None else str(value)]}


def payload_of(fields: Mapping[str, list[str]], *, code: str, format: Format) -> JSON:
    """Return the question that the fields say, which may still be wrong in any way that can be typed."""
    said = _Said(fields)
    found: dict[str, JSON] = {
        "code": code,
        "status": said.text("status"),
        "stem": said.text("stem"),
        "suits": list(fields.get("suits", ())),
    }
    if format is Format.HABIT:
        found |= {"format": format.value, "supports": said.text("supports")}
    else:
        found |= {
            "dimension": code.partition("-")[0],
            "difficulty": said.whole("difficulty"),
            "calibrated": said.decimal("calibrated"),
            "anchor": said.ticked("anchor"),
            "sources": [_entry(said, f"sources.{n}", ENTRY["sources"]) for n in said.numbers("sources")],
            "format": format.value,
        }
    return found | _answerable(said, format)


def _answerable(said: _Said, format: Format) -> dict[str, JSON]:
    """Return what the format is answered by."""
    found: dict[str, JSON] = {}
    if format is Format.CONVERSATION:
        found["turns"] = [_turn(said, f"turns.{n}") for n in said.numbers("turns")]
    elif format is Format.ORDER:
        found["steps"] = [_entry(said, f"steps.{n}", ENTRY["steps"]) for n in said.numbers("steps")]
    elif format is Format.NUMBER:
        found["answer"] = _entry(said, "answer", ENTRY["answer"])
    else:
        found["options"] = [_option(said, f"options.{n}", n, format) for n in said.numbers("options")]
    if format in EXPLAINED:
        found |= {name: said.text(name) for name in ("feedback_right", "feedback_wrong")}
    if format is Format.PICTURE:
        found |= {name: said.text(name) for name in ("picture", "alternative")}
    return found


def _option(said: _Said, path: str, index: int, format: Format) -> JSON:
    found = _entry(said, path, option_fields(format))
    if format in KEYED:
        found["score"] = int(said.text(KEY) == str(index))
    return found


def _turn(said: _Said, path: str) -> JSON:
    replies = [_entry(said, f"{path}.options.{n}", ("text", "score", "feedback")) for n in range(REPLIES)]
    return {"customer": said.text(f"{path}.customer"), "options": replies}


def _entry(said: _Said, path: str, names: Iterable[str]) -> dict[str, JSON]:
    return {name: said.read(path, name) for name in names}


@dataclass(frozen=True, slots=True)
class _Said:
    """The fields of a form, read as what they are."""

    fields: Mapping[str, list[str]]

    def read(self, path: str, name: str) -> JSON:
        place = f"{path}.{name}"
        readers: dict[str, Callable[[str], JSON]] = {"right": self.ticked}
        readers |= dict.fromkeys(("score", "place"), self.whole)
        readers |= dict.fromkeys(("low", "high"), self.amount)
        if name == "value":
            return self.amount(place) if path == "answer" else self.whole(place)
        return readers.get(name, self.text)(place)

    def text(self, name: str) -> str:
        """Return a text on one line."""
        return _BREAK.sub(" ", (self.fields.get(name) or [""])[0].strip())

    def ticked(self, name: str) -> bool:
        return self.text(name) == YES

    def whole(self, name: str) -> int | str | None:
        text = self.text(name)
        if not text:
            return None
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text

    def amount(self, name: str) -> int | str | None:
        """Return a number as people type it: 14000, 14.000, Rp14.000."""
        text = self.text(name)
        if not text:
            return None
        read = read_number(text)
        return text if isinstance(read, NumberTrouble) else read

    def decimal(self, name: str) -> float | str | None:
        text = self.text(name)
        if not text:
            return None
        return float(text) if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,20})?", text) else text

    def numbers(self, name: str) -> list[int]:
        """Return the numbers of a list's entries, from 0 on without a gap."""
        there = {key.split(".")[1] for key in self.fields if key.startswith(f"{name}.")}
        return [n for n in range(MOST_ENTRIES) if all(str(before) in there for before in range(n + 1))]


def entries(fields: Mapping[str, list[str]], name: str) -> list[int]:
    """Return the numbers of the entries that a form has of a list."""
    return _Said(fields).numbers(name)


def with_one_more(fields: Fields, format: Format, name: str) -> Fields:
    """Return the form with an empty entry at the end of a list."""
    return fields | new_entry(format, name, len(entries(fields, name)))


def with_one_less(fields: Fields, name: str, index: int) -> Fields:
    """Return the form without one entry of a list; those behind it move up, and so does what is chosen of them."""
    found: Fields = {}
    for path, said in fields.items():
        moved = _moved(path, name, index)
        if moved is not None:
            found[moved] = said
    return found


def _moved(path: str, name: str, index: int) -> str | None:
    """Return where a field stands after an entry went; None for a field of that entry."""
    head, _, rest = path.removeprefix(f"{name}.").partition(".")
    if not path.startswith(f"{name}.") or not head.isdecimal():
        return path
    number = int(head)
    if number == index:
        return None
    return path if number < index else f"{name}.{number - 1}.{rest}"


def own_fields(fields: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, list[str]]]:
    """Go through what a browser sent without the fields that are not the question's."""
    for name, said in fields.items():
        if re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)*", name) and name.partition(".")[0] in ROOTS:
            yield name, list(said)


ROOTS = frozenset(
    (
        *("status", "stem", "suits", "difficulty", "calibrated", "anchor", "supports", "picture", "alternative"),
        *("sources", "options", "turns", "steps", "answer", "feedback_right", "feedback_wrong"),
    )
)
