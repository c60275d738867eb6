"""What a button carries: a version, a verb and its arguments, readable by every later version of the bot.

The form is `1.verb.argument…`, at most 64 bytes; numbers are written in base 36. No button ever points into a
process's memory.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

VERSION = "1"
LIMIT_BYTES = 64
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class StaleButton(ValueError):
    """A button that says nothing sensible today: old, forged, or of something gone."""


def pack(verb: str, *arguments: int | str) -> str:
    """Write a button's data."""
    parts = [VERSION, verb, *(_base36(a) if isinstance(a, int) else str(a) for a in arguments)]
    data = ".".join(parts)
    if len(data.encode()) > LIMIT_BYTES or any("." in part or not part for part in parts):
        raise ValueError(f"callback data does not fit: {data}")
    return data


def unpack(data: str) -> tuple[str, tuple[str, ...]]:
    """Read a button's verb and arguments; refuse what no version of the bot wrote with StaleButton."""
    version, *rest = data.split(".")
    if version != VERSION or not rest or not all(rest):
        raise StaleButton(data[:LIMIT_BYTES])
    return rest[0], tuple(rest[1:])


def number(argument: str) -> int:
    """Read a base 36 number from a button."""
    if not argument or len(argument) > 12 or any(ch not in _DIGITS for ch in argument):
        raise StaleButton(argument[:LIMIT_BYTES])
    return int(argument, 36)


Word = TypeVar("Word", bound=StrEnum)


def choice(kind: type[Word], argument: str) -> Word:
    """Read one of a fixed set of words from a button."""
    try:
        return kind(argument)
    except ValueError as error:
        raise StaleButton(argument[:LIMIT_BYTES]) from error


def _base36(value: int) -> str:
    if value < 0:
        raise ValueError("a button carries no negative number")
    digits = ""
    while True:
        value, rest = divmod(value, 36)
        digits = _DIGITS[rest] + digits
        if not value:
            return digits
