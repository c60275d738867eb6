"""How long sentences are, counted in words; a simple measure that an editor can act on."""

from __future__ import annotations

import re

_SHORT = re.compile(
    r"\b([Dd]ll|[Dd]sb|[Dd]st|[Mm]is|[Mm]aks|[Hh]lm|[Tt]gl|[Nn]o|[Jj]l|[Bb]pk|a\.n|s\.d)\.(?=\s+[a-z0-9])"
)
_NUMBERING = re.compile(r"^\s*(\d+|[a-z])[.)]\s+", re.MULTILINE)
_END = re.compile(r"[.!?…:;]+[”\"'’)]*(?=\s|$)|\n+|•")
_WORD = re.compile(r"\w[\w.,/–-]*")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; lines, list items and parts before a colon or semicolon count as sentences.

    A point inside a number or time, after a list's number, or after an abbreviation that goes on small ends nothing.
    """
    running = _SHORT.sub(r"\1", _NUMBERING.sub("", text))
    return [part.strip() for part in _END.split(running) if part.strip()]


def sentence_lengths(text: str) -> list[int]:
    """Return the number of words of each sentence."""
    return [count for sentence in sentences(text) if (count := len(_WORD.findall(sentence)))]


def long_sentences(text: str, most: int) -> list[str]:
    """Return the sentences with more than `most` words."""
    return [sentence for sentence in sentences(text) if len(_WORD.findall(sentence)) > most]
