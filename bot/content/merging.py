"""Two changes of one part brought together, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.part_names import JSON, under


@dataclass(frozen=True, slots=True)
class Merged:
    """What both wanted; where both changed the same field `payload` has mine, and `clashes` theirs by path."""

    payload: JSON
    clashes: Mapping[str, JSON]


def merge(base: JSON, theirs: JSON, mine: JSON) -> Merged:
    """Bring two changes of `base` together; lists that grew or shrank on a side are taken as one field."""
    clashes: dict[str, JSON] = {}
    return Merged(_merged("", base, theirs, mine, clashes), clashes)


def _merged(path: str, base: JSON, theirs: JSON, mine: JSON, clashes: dict[str, JSON]) -> JSON:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    if all(isinstance(side, dict) for side in (base, theirs, mine)):
        keys = [key for key in {**theirs, **mine} if _stays(key, base, theirs, mine)]
        return {k: _merged(under(path, k), base.get(k), theirs.get(k), mine.get(k), clashes) for k in keys}
    if all(isinstance(side, list) and len(side) == len(mine) for side in (base, theirs, mine)):
        rows = enumerate(zip(base, theirs, mine, strict=True))
        return [_merged(under(path, index), was, their, my, clashes) for index, (was, their, my) in rows]
    clashes[path] = theirs
    return mine


def _stays(key: str, base: JSON, theirs: JSON, mine: JSON) -> bool:
    """Tell whether a key is there after both changes: one that a side took out and the other left alone is gone."""
    if key in theirs and key in mine:
        return True
    kept = theirs if key in theirs else mine
    return key not in base or kept[key] != base[key]
