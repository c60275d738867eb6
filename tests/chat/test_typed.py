"""How typed answers are read: one table for each format of question."""

from __future__ import annotations

import pytest

from bot.chat.typed import read_answer, read_confidence
from bot.core.answer import Chosen, Ordered, Replied, Ticked, Typed, Unknown
from bot.core.attempt import Confidence
from bot.core.item import Dimension, Drawing, Format, Item, NumericKey, Option, Status, Turn
from bot.texts.numbers import NumberTrouble

OPTIONS = tuple(Option(f"pilihan {i}", int(i == 0), "saran") for i in range(4))
KEY = NumericKey(14000, 14000, 14000, "rupiah")


def _item(format: Format) -> Item:
    if format is Format.HABIT:
        return Item("H-001", format, None, 1, Status.ACTIVE, "Seberapa sering?", OPTIONS)
    numeric = KEY if format is Format.NUMBER else None
    options = () if format in (Format.NUMBER, Format.CONVERSATION) else OPTIONS
    turns = (Turn("Masih ada?", OPTIONS[:3]),) * 3 if format is Format.CONVERSATION else ()
    drawing = Drawing("<svg/>", "gambar") if format is Format.PICTURE else None
    return Item("O4-001", format, Dimension.PAYMENT, 1, Status.ACTIVE, "Soal", options, numeric, turns, drawing)


@pytest.mark.parametrize("format", [Format.CHOICE, Format.PICTURE, Format.SITUATION, Format.HABIT])
@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("a", 0),
        ("B", 1),
        ("b.", 1),
        ("B)", 1),
        ("(c)", 2),
        ("[d]", 3),
        (" a ", 0),
        ("A,", 0),
        ("1", 0),
        ("2", 1),
        ("4.", 3),
        ("jawaban b", 1),
        ("Jawabannya C", 2),
        ("pilihan d", 3),
        ("jawaban: b", None),
        ("e", None),
        ("h", None),
        ("5", None),
        ("0", None),
        ("9", None),
        ("ab", None),
        ("a b", None),
        ("a dan c", None),
        ("apa ya", None),
        ("", None),
        ("   ", None),
        ("😀", None),
        ("а", None),  # the Cyrillic letter
        ("１", None),
        ("a" * 4096, None),
        ("ya", None),
        ("Sari", None),
        ("<b>a</b>", None),
        ("a\nb", None),
    ],
)
def test_typed_letter(format: Format, text: str, index: int | None) -> None:
    assert read_answer(_item(format), text) == (None if index is None else Chosen(index))


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("a", 0b0001),
        ("a dan c", 0b0101),
        ("A, C", 0b0101),
        ("a,c", 0b0101),
        ("ac", 0b0101),
        ("a c", 0b0101),
        ("a & d", 0b1001),
        ("a+b+c", 0b0111),
        ("a; b", 0b0011),
        ("a/b", 0b0011),
        ("1 3", 0b0101),
        ("1,2,3,4", 0b1111),
        ("a, b dan d", 0b1011),
        ("a and b", 0b0011),
        ("(a, b)", 0b0011),
        ("c a", 0b0101),
        ("a a", 0b0001),
        ("a lalu c", 0b0101),
        ("d.", 0b1000),
        ("a e", None),
        ("a 5", None),
        ("semua", None),
        ("dan", None),
        ("a atau b", None),
        ("", None),
        ("abcdefgh" * 500, None),
    ],
)
def test_typed_letters(text: str, mask: int | None) -> None:
    assert read_answer(_item(Format.MULTIPLE), text) == (None if mask is None else Ticked(mask))


@pytest.mark.parametrize(
    ("text", "sequence"),
    [
        ("c a b d", (2, 0, 1, 3)),
        ("3124", (2, 0, 1, 3)),
        ("C, A, B, D", (2, 0, 1, 3)),
        ("cabd", (2, 0, 1, 3)),
        ("c, a, b dan d", (2, 0, 1, 3)),
        ("c lalu a lalu b lalu d", (2, 0, 1, 3)),
        ("C > A > B > D.", (2, 0, 1, 3)),
        ("a b c d", (0, 1, 2, 3)),
        ("c", None),
        ("c a b", None),
        ("c a b b", None),
        ("c a b d d", None),
        ("c a b e", None),
        ("3 1 2 5", None),
        ("0123", None),
        ("dan", None),
        ("", None),
        ("abcd" * 1000, None),
    ],
)
def test_typed_order(text: str, sequence: tuple[int, ...] | None) -> None:
    assert read_answer(_item(Format.ORDER), text) == (None if sequence is None else Ordered(sequence))


@pytest.mark.parametrize(
    ("text", "picks"),
    [
        ("b a c", (1, 0, 2)),
        ("B, A, C", (1, 0, 2)),
        ("bac", (1, 0, 2)),
        ("213", (1, 0, 2)),
        ("b lalu a lalu c", (1, 0, 2)),
        ("a a a", (0, 0, 0)),
        ("b", None),
        ("b a", None),
        ("b a c a", None),
        ("b a d", None),
        ("besok", None),
        ("", None),
    ],
)
def test_typed_replies(text: str, picks: tuple[int, ...] | None) -> None:
    assert read_answer(_item(Format.CONVERSATION), text) == (None if picks is None else Replied(picks))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14000", 14000),
        ("14.000", 14000),
        ("Rp14.000", 14000),
        ("Rp 14.000,-", 14000),
        ("14rb", 14000),
        ("14 ribu", 14000),
        ("1,5 jt", 1_500_000),
        (" 14000 ", 14000),
        ("14000 rupiah", 14000),
        ("-5", -5),
        ("0", 0),
        ("empat belas ribu", NumberTrouble.WORDS),
        ("9" * 13, NumberTrouble.TOO_LARGE),
        ("1.2.3.4", NumberTrouble.UNCLEAR),
        ("a", NumberTrouble.UNCLEAR),
        ("", NumberTrouble.UNCLEAR),
        ("14000 atau 15000", NumberTrouble.UNCLEAR),
    ],
)
def test_typed_number(text: str, value: int | NumberTrouble) -> None:
    expected = value if isinstance(value, NumberTrouble) else Typed(value)

    assert read_answer(_item(Format.NUMBER), text) == expected


@pytest.mark.parametrize("format", [format for format in Format if format is not Format.HABIT])
@pytest.mark.parametrize(
    "text",
    [
        "belum tahu",
        "Belum tahu.",
        "BELUM TAU",
        "saya belum tahu",
        "tidak tahu",
        "gak tau",
        "nggak ngerti",
        "ga paham",
        "tdk tau",
        "blm tahu",
        "don't know",
        "I do not know",
    ],
)
def test_typed_not_known_yet(format: Format, text: str) -> None:
    assert read_answer(_item(format), text) == Unknown()


def test_typed_not_known_yet_is_no_answer_to_a_habit() -> None:
    assert read_answer(_item(Format.HABIT), "belum tahu") is None


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("yakin", Confidence.SURE),
        ("Yakin!", Confidence.SURE),
        (" YAKIN. ", Confidence.SURE),
        ("sure", Confidence.SURE),
        ("agak", Confidence.FAIRLY),
        ("agak  yakin", Confidence.FAIRLY),
        ("Agak Yakin", Confidence.FAIRLY),
        ("menebak", Confidence.GUESS),
        ("nebak", Confidence.GUESS),
        ("tebak", Confidence.GUESS),
        ("guess", Confidence.GUESS),
        ("tidak yakin", None),
        ("kurang yakin", None),
        ("yakin sekali", None),
        ("a", None),
        ("", None),
    ],
)
def test_typed_confidence(text: str, confidence: Confidence | None) -> None:
    assert read_confidence(text) is confidence
