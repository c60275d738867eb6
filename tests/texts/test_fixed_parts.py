"""What a translation must keep."""

from __future__ import annotations

import pytest

from bot.texts.fixed_parts import changed_parts, loose_signs


@pytest.mark.parametrize(
    ("source", "said", "changed"),
    [
        ("Halo", "Hello", []),
        ("%(a)s dari %(b)s", "of %(b)s, %(a)s", []),
        ("%(a)s", "%(b)s", ["%(a)s", "%(b)s"]),
        ("<b>a</b>", "<i>a</i>", ["<b>", "</b>", "<i>", "</i>"]),
        ("<b>a</b> <b>b</b>", "<b>ab</b>", ["<b>", "</b>"]),
        ("{a} {}", "{} {a}", []),
        ("5 %%", "5 %", ["%%"]),
        ("a &amp; b", "a & b", ["&amp;"]),
        ("ketik /lanjut", "type /lanjut", []),
        ("1/2", "1/2", []),
    ],
)
def test_parts_that_stay(source: str, said: str, changed: list[str]) -> None:
    assert changed_parts(source, said) == changed


@pytest.mark.parametrize(
    ("source", "said", "is_filled", "loose"),
    [
        ("%(a)s", "%(a)s %", True, ["%"]),
        ("%(a)s", "%(a)s %", False, []),
        ("a", "a > b {", True, [">", "{"]),
        ("25 % a", "25 % b", True, []),
    ],
)
def test_signs_that_stand_alone(source: str, said: str, is_filled: bool, loose: list[str]) -> None:
    assert loose_signs(source, said, is_filled=is_filled) == loose
