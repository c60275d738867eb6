"""A part of the content as a form: drawn from its schema and what it says, and read back from what was typed.

A field is named by its path inside the part, as problems name it: `dimensions.0.questions`. What a schema does not tell
(words, explanations, odd inputs) stands in `bot.web.explanations`; what a choice offers is handed in.

    nodes = draw(schema.LevelsEntry, payload, told=told(problems))
    payload = read(schema.LevelsEntry, visit.form, over=payload)

The template calls `fields(nodes)` of `fields.html.j2`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.content.field_words import FIELDS, field_words
from bot.content.problems import Problem
from bot.web.explanations import EXPLAINED, Input, Words
from bot.web.page import Form

JSON = Any
Options = Sequence[tuple[str, str]]
Choices = Mapping[str, Options]
"""What a choice offers, by model and field."""
NOTHING_OFFERED: Choices = MappingProxyType({})
YES = "ya"
ROWS_LIMIT = 60
LONG = 100
"""Letters from which on a text gets several lines."""
_NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,9})?")
_CODED = re.compile(r"\b[a-z]+_[a-z_]+\b")
_BOUND = re.compile(r"\b\d+\.\d+\b")
_UNREADABLE = "?"
"""Set before what is no number, so that the schema refuses it whatever it looks like."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One input."""

    name: str
    words: Words
    input: Input
    value: str
    problems: tuple[str, ...] = ()
    theirs: str = ""
    options: Options = ()
    longest: int | None = None

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs under one heading; `adds` where a row of the same kind can be added, `goes` where it can be taken out."""

    name: str
    title: str
    meaning: str
    nodes: tuple[Node, ...]
    problems: tuple[str, ...] = ()
    adds: bool = False
    goes: bool = False
    is_row: bool = False


Node = Leaf | Group


@dataclass(frozen=True, slots=True)
class Told:
    """What is said beside fields by path: problems, and what somebody else wrote there."""

    problems: Mapping[str, tuple[str, ...]]
    theirs: Mapping[str, JSON]


QUIET = Told({}, {})


def told(problems: Iterable[Problem] = (), *, within: str = "", theirs: Mapping[str, JSON] | None = None) -> Told:
    """Return what to say beside fields; `within` is the path of the entry that the form is about."""
    found: dict[str, tuple[str, ...]] = {}
    for problem in problems:
        path = problem.field.removeprefix(f"{within}.") if within else problem.field
        found[path] = (*found.get(path, ()), _worded(problem.message))
    return Told(found, theirs or {})


def _worded(message: str) -> str:
    """Return a message with fields called as people call them: “mulai nilai harus naik” for “cut_score harus naik”."""
    first, _, rest = message.partition(" ")
    message = f"{FIELDS[first]} {rest}" if first in FIELDS and rest.startswith(("harus", "tidak")) else message
    return _CODED.sub(lambda found: FIELDS.get(found[0], found[0]), message)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A field of a schema, made plain."""

    key: str
    words: Words
    input: Input | None
    entry: type[BaseModel] | None
    many: bool
    numbers: int
    longest: int | None
    options: Options


def _shape(model: type[BaseModel], name: str, info: FieldInfo, choices: Choices) -> _Shape:
    key = f"{model.__name__}.{name}"
    words = EXPLAINED[key]
    bare = _bare(info.annotation)
    parts = [_bare(part) for part in get_args(bare) if part is not Ellipsis]
    is_tuple = get_origin(bare) is tuple
    inner = parts[0] if is_tuple and parts else bare
    entry = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    longest = next((m.max_length for m in info.metadata if hasattr(m, "max_length")), None)
    return _Shape(
        key=key,
        words=words,
        input=words.input or _input(inner, is_tuple, longest),
        entry=entry,
        many=is_tuple and entry is not None,
        numbers=len(parts) if is_tuple and inner is float else 0,
        longest=longest if isinstance(longest, int) else None,
        options=choices.get(key) or _members(inner),
    )


def _bare(annotation: Any) -> Any:
    """Return a type without its constraints and without None."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) in (Union, types.UnionType):
        return _bare(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation


def _input(kind: Any, is_tuple: bool, longest: int | None) -> Input | None:
    if is_tuple:
        return Input.LINES if kind is str else None
    if kind is bool:
        return Input.TICK
    if kind is int:
        return Input.WHOLE
    if kind is float:
        return Input.NUMBER
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Input.CHOICE
    return Input.TEXT if longest and longest > LONG else Input.LINE


def _members(kind: Any) -> Options:
    is_enum = isinstance(kind, type) and issubclass(kind, StrEnum)
    return [(member.value, member.value) for member in kind] if is_enum else ()


def draw(
    model: type[BaseModel],
    payload: JSON,
    *,
    choices: Choices = NOTHING_OFFERED,
    said: Told = QUIET,
    prefix: str = "",
    growing: str = "",
    leaving_out: Sequence[str] = (),
) -> tuple[Node, ...]:
    """Return the inputs of an entry that says `payload`; a list named `growing` gets one empty row more. Fields of odd
    shape are left out and drawn by the page.
    """
    nodes: list[Node] = []
    for name, info in model.model_fields.items():
        path = f"{prefix}{name}"
        if path in leaving_out:
            continue
        shape = _shape(model, name, info, choices)
        value = payload.get(name) if isinstance(payload, dict) else None
        if shape.entry is not None:
            nodes.append(_drawn(shape, path, value, choices, said, growing))
        elif shape.numbers:
            nodes.append(_numbers(shape, path, value, said))
        else:
            nodes.append(_leaf(shape, path, value, said))
    return tuple(nodes)


def _drawn(shape: _Shape, path: str, value: JSON, choices: Choices, said: Told, growing: str) -> Group:
    """Draw an entry inside, or a list of entries as a group of groups."""
    assert shape.entry is not None
    problems = said.problems.get(path, ())
    if not shape.many:
        inner = draw(shape.entry, value, choices=choices, said=said, prefix=f"{path}.", growing=growing)
        return Group(path, shape.words.label, shape.words.meaning, inner, problems)
    rows = [*(value or ()), *([{}] if growing == path else [])]
    is_open = not any(EXPLAINED[f"{shape.entry.__name__}.{n}"].input is Input.FIXED for n in shape.entry.model_fields)
    groups = tuple(
        Group(
            f"{path}.{number}",
            _title(shape, row, number, choices),
            "",
            draw(shape.entry, row, choices=choices, said=said, prefix=f"{path}.{number}."),
            said.problems.get(f"{path}.{number}", ()),
            goes=is_open,
            is_row=True,
        )
        for number, row in enumerate(rows)
    )
    return Group(path, shape.words.label, shape.words.meaning, groups, problems, adds=is_open)


def _title(shape: _Shape, row: JSON, number: int, choices: Choices) -> str:
    """Return a row's heading: its code and name where it has them, else its number."""
    said = row if isinstance(row, dict) else {}
    code = str(said.get("dimension") or "") if shape.input is None and "name" in said else ""
    name = str(said.get("name") or said.get("word") or "")
    return " · ".join(filter(None, (code, name))) or f"{number + 1}"


def _numbers(shape: _Shape, path: str, value: JSON, said: Told) -> Group:
    values = list(value or ())[: shape.numbers]
    values += [None] * (shape.numbers - len(values))
    leaves = tuple(
        leaf(f"{path}.{n}", Words(str(n + 1)), Input.NUMBER, number, said) for n, number in enumerate(values)
    )
    return Group(path, shape.words.label, shape.words.meaning, leaves, said.problems.get(path, ()), is_row=True)


def _leaf(shape: _Shape, path: str, value: JSON, said: Told) -> Leaf:
    assert shape.input is not None, path
    drawn = leaf(path, shape.words, shape.input, value, said)
    return replace(drawn, options=shape.options, longest=shape.longest)


def leaf(name: str, words: Words, kind: Input, value: JSON, said: Told) -> Leaf:
    """Return one input with what is said beside it."""
    theirs = _shown(kind, said.theirs[name]) or "(kosong)" if name in said.theirs else ""
    found = tuple(m for path, messages in said.problems.items() if _is_at(path, name, kind) for m in messages)
    found = tuple(_BOUND.sub(lambda bound: _shown(kind, float(bound[0])), message) for message in found)
    return Leaf(name, words, kind, _shown(kind, value), found, theirs)


def _is_at(path: str, name: str, kind: Input) -> bool:
    return path == name or (kind in (Input.LINES, Input.CODES) and path.startswith(f"{name}."))


def _shown(kind: Input, value: JSON) -> str:
    match kind:
        case Input.TICK:
            return YES if value is True else ""
        case Input.LINES:
            return "\n".join(map(str, value or ()))
        case Input.CODES:
            return ", ".join(map(str, value or ()))
        case Input.PERCENT if isinstance(value, int | float):
            return _plain(Decimal(repr(value)) * 100)
        case Input.NUMBER if isinstance(value, int | float):
            return _plain(Decimal(repr(value)))
        case _:
            return "" if value is None else str(value).removeprefix(_UNREADABLE)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}".replace(".", ",")


def read(model: type[BaseModel], form: Form, *, prefix: str = "", leaving_out: Sequence[str] = ()) -> dict[str, JSON]:
    """Return what a form says as the JSON of an entry, fit for the schema to check."""
    found: dict[str, JSON] = {}
    for name, info in model.model_fields.items():
        path = f"{prefix}{name}"
        if path in leaving_out:
            continue
        shape = _shape(model, name, info, NOTHING_OFFERED)
        if shape.entry is not None and shape.many:
            rows = [f"{path}.{n}." for n in range(ROWS_LIMIT) if form.text(f"{path}.{n}!ada")]
            kept = [row for row in rows if not form.text(f"{row[:-1]}!hapus")]
            found[name] = [read(shape.entry, form, prefix=row) for row in kept]
        elif shape.entry is not None:
            found[name] = read(shape.entry, form, prefix=f"{path}.")
        elif shape.numbers:
            found[name] = [_value(Input.NUMBER, form.text(f"{path}.{n}")) for n in range(shape.numbers)]
        else:
            assert shape.input is not None
            text = form.text(path)
            found[name] = int(text) if shape.input is Input.FIXED and text.isdecimal() else _value(shape.input, text)
    return found


def _value(kind: Input, text: str) -> JSON:
    match kind:
        case Input.TICK:
            return text == YES
        case Input.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case Input.CODES:
            return [code for code in re.split(r"[\s,;]+", text.upper()) if code]
        case Input.WHOLE | Input.NUMBER | Input.PERCENT:
            return number(kind, text)
        case _:
            return " ".join(text.split()) or None


def number(kind: Input, text: str) -> JSON:
    """Return a number with a comma or a point; None where nothing was typed, and what is none as a text that fails."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text) or (kind is Input.WHOLE and not text.removeprefix("-").isdecimal()):
        return _UNREADABLE + text
    value = Decimal(text.replace(",", "."))
    if kind is Input.WHOLE:
        return int(value)
    return float(value / 100 if kind is Input.PERCENT else value)


def unplaced(nodes: Iterable[Node], said: Told) -> list[str]:
    """Return problems that no field shows, to be told above the form."""
    every = list(_within(nodes))
    return [
        f"{field_words(path)}: {message}" if path else message
        for path, messages in said.problems.items()
        for message in messages
        if not any(_is_at(path, node.name, node.input if isinstance(node, Leaf) else Input.LINE) for node in every)
    ]


def _within(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _within(node.nodes) if isinstance(node, Group) else ()
