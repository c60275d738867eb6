"""Changes a YAML text as a careful hand would: what stays the same keeps its comments, quotes and order."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from pydantic import BaseModel
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import FoldedScalarString, ScalarString

from bot.content.load import yaml_format

FOLDED = ("stem",)
"""Texts that are written below their key."""
ON_ONE_LINE = 60
"""Characters of short words that stand in [ ] on one line."""


def plain(entry: BaseModel, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return an entry as YAML writes it: without what is left to the schema's defaults."""
    dumped: dict[str, Any] = _plain(entry.model_dump(exclude_defaults=True))
    return {key: value for key, value in dumped.items() if key not in without}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Enum):
        return value.value
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def rewritten(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return a YAML text that said `before` and now says `after`; the same text where both are the same."""
    return text if before == after else written(_node(yaml_format().load(text), before, after))


def written(value: Any) -> str:
    """Return YAML."""
    file = io.StringIO()
    yaml_format().dump(value if isinstance(value, CommentedMap | CommentedSeq) else fresh(value), file)
    return file.getvalue()


def fresh(value: Any, key: str = "") -> Any:
    """Return a value in the style in which the content is written."""
    if isinstance(value, Mapping):
        made = CommentedMap((name, fresh(entry, name)) for name, entry in value.items())
        if key == "answer" or (made and all(isinstance(entry, int | float) for entry in made.values())):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        listing = CommentedSeq(fresh(entry) for entry in value)
        if (
            all(isinstance(entry, str | int | float) for entry in value)
            and len(", ".join(map(str, value))) < ON_ONE_LINE
        ):
            listing.fa.set_flow_style()
        return listing
    return FoldedScalarString(value) if key in FOLDED else value


def _node(node: Any, before: Any, after: Any, key: str = "") -> Any:
    """Return a node that says `after`, touching nothing of it that said so already."""
    if before == after:
        return node
    if isinstance(node, CommentedMap) and isinstance(before, Mapping) and isinstance(after, Mapping):
        return _map(node, before, after)
    if isinstance(node, CommentedSeq) and isinstance(before, list) and isinstance(after, list):
        return _seq(node, before, after)
    if isinstance(node, ScalarString) and isinstance(after, str):
        return type(node)(after)
    return fresh(after, key)


def _map(node: CommentedMap, before: Mapping[str, Any], after: Mapping[str, Any]) -> CommentedMap:
    for key in before.keys() - after.keys():
        del node[key]
    place = 0
    for key, value in after.items():
        if key not in node:
            node.insert(place, key, fresh(value, key))
        elif before.get(key) != value:
            node[key] = _node(node[key], before.get(key), value, key)
        place = list(node).index(key) + 1
    return node


def _seq(node: CommentedSeq, before: list[Any], after: list[Any]) -> CommentedSeq:
    """Keep the entries that both have; pair those that changed at the same place; take out and put in the rest."""
    said, says = ([repr(entry) for entry in entries] for entries in (before, after))
    steps = SequenceMatcher(None, said, says, autojunk=False)
    for _, low, high, start, end in reversed([step for step in steps.get_opcodes() if step[0] != "equal"]):
        paired = min(high - low, end - start)
        for offset in range(paired):
            node[low + offset] = _node(node[low + offset], before[low + offset], after[start + offset])
        for _ in range(high - low - paired):
            del node[low + paired]
        for offset in range(end - start - paired):
            node.insert(low + paired + offset, fresh(after[start + paired + offset]))
    return node
