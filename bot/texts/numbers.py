"""Reads the numbers people type, kindly, and writes them the Indonesian way."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from babel.numbers import format_decimal

LARGEST = 10**12
_MULTIPLIERS = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}
_UNITS = r"(?:rupiah|idr|buah|pcs|biji|unit|bungkus|porsi|potong|hari|menit|jam|persen|%)"
_SHAPE = re.compile(
    rf"""
    (?:kira[ -]?kira|sekitar|kurang\ lebih|kurleb|±|~)?\s*
    (?:rp\.?)?\s* (?P<sign>[-−]|minus\s)?\s* (?:rp\.?)?\s*
    (?P<digits>\d[\d.,]*\d|\d)\s*
    (?P<times>rb|ribu|k|jt|juta)?\s*
    (?:,-|\.-|,--)?\s* {_UNITS}?\s*\.?
    """,
    re.VERBOSE,
)
_WORDS = re.compile(
    r"\b(nol|satu|se(?:puluh|belas|ratus|ribu|juta|tengah)|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|puluh|belas|ratus)\b"
)


class NumberTrouble(StrEnum):
    """Why a typed text is not taken as a number."""

    WORDS = "words"
    UNCLEAR = "unclear"
    TOO_LARGE = "too_large"


def read_number(typed: str) -> int | NumberTrouble:
    """Read a whole number from what a person typed: 14rb, 14.000, Rp14.000,-, 1,5 jt; halves round up.

    A number in words is refused as WORDS, anything that could be read in two ways as UNCLEAR.
    """
    text = " ".join(typed.strip().lower().split())
    match = _SHAPE.fullmatch(text)
    if match is None:
        return NumberTrouble.WORDS if _WORDS.search(text) else NumberTrouble.UNCLEAR
    amount = _decimal(match["digits"], has_multiplier=match["times"] is not None)
    if amount is None:
        return NumberTrouble.UNCLEAR
    value = amount * _MULTIPLIERS.get(match["times"] or "", 1)
    whole = int(value.to_integral_value(rounding=ROUND_HALF_UP))
    if whole > LARGEST:
        return NumberTrouble.TOO_LARGE
    return -whole if match["sign"] else whole


def _decimal(digits: str, *, has_multiplier: bool) -> Decimal | None:
    """Read digits with dots and commas; groups of three are thousands, a last short group is a fraction."""
    if len(digits) > 25:
        return None
    parts = re.split(r"[.,]", digits)
    separators = re.findall(r"[.,]", digits)
    if not separators:
        return Decimal(digits)
    *groups, last = parts
    in_threes = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3
    if in_threes and len(set(separators)) == 1 and parts[0] != "0":
        return Decimal("".join(parts))
    if len(separators) > 1 and (separators[-1] in separators[:-1] or any(len(group) != 3 for group in groups[1:])):
        return None
    if not has_multiplier and (separators == ["."] or not 1 <= len(last) <= 2):
        return None
    if len(last) > 3:
        return None
    return Decimal(f"{''.join(groups)}.{last}")


def grouped(value: int, language: str = "id") -> str:
    """Return 14.000 (id) or 14,000 (en)."""
    return format_decimal(value, locale=language)


def rupiah(value: int) -> str:
    """Return Rp14.000; money is written the Indonesian way in every language."""
    return f"{'-' if value < 0 else ''}Rp{format_decimal(abs(value), locale='id')}"
