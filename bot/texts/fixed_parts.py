"""What a translation must keep as it stands: places for values, tags, commands, and signs that mean something."""

from __future__ import annotations

import re
from collections import Counter

FIXED = re.compile(r"%\(\w+\)s|%%|\{\w*\}|</?[a-z]+>|&\w+;|/[a-z]{4,}")


def changed_parts(source: str, said: str) -> list[str]:
    """Return the fixed parts that a translation lacks or has too many of, in the order of the source."""
    wanted, there = Counter(FIXED.findall(source)), Counter(FIXED.findall(said))
    return [*(wanted - there), *(there - wanted)]


def loose_signs(source: str, said: str, *, is_filled: bool) -> list[str]:
    """Return signs that stand alone in a translation: of tags always, of places for values in a text that is filled."""
    signs = "<>{}%" if is_filled else "<>"
    bare, plain = FIXED.sub("", source), FIXED.sub("", said)
    return [sign for sign in signs if plain.count(sign) > bare.count(sign)]
