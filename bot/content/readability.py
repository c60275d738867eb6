"""How long sentences are, counted in words; a simple measure that an editor can act on."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…:;]+(?=[\s”\"')]|$)|\n+|•")
_WORD = re.compile(r"\w[\w.,/–-]*")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; lines, list items and parts before a colon or semicolon count as sentences."""
    return [part.strip() for part in _END.split(text) if part.strip()]


def sentence_lengths(text: str) -> list[int]:
    """Return the number of words of each sentence."""
    return [count for sentence in sentences(text) if (count := len(_WORD.findall(sentence)))]


def long_sentences(text: str, most: int) -> list[str]:
    """Return the sentences with more than `most` words."""
    return [sentence for sentence in sentences(text) if len(_WORD.findall(sentence)) > most]
