"""The numbers people type, and how numbers are written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts.numbers import LARGEST, NumberTrouble, grouped, read_number, rupiah

WORDS, UNCLEAR, TOO_LARGE = NumberTrouble


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("50", 50),
        ("0", 0),
        ("  14000 ", 14_000),
        ("14.000", 14_000),
        ("14,000", 14_000),
        ("14rb", 14_000),
        ("14 rb", 14_000),
        ("14RB", 14_000),
        ("14ribu", 14_000),
        ("14 ribu rupiah", 14_000),
        ("14k", 14_000),
        ("14,5rb", 14_500),
        ("14.5 ribu", 14_500),
        ("Rp14.000", 14_000),
        ("Rp 14.000", 14_000),
        ("rp.14.000", 14_000),
        ("Rp. 14.000,-", 14_000),
        ("Rp14.000,-", 14_000),
        ("Rp14.000.-", 14_000),
        ("Rp14.000,--", 14_000),
        ("14.000,00", 14_000),
        ("14,000.00", 14_000),
        ("14000 rupiah", 14_000),
        ("IDR", UNCLEAR),
        ("14000 idr", 14_000),
        ("Rp1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1.234.567,89", 1_234_568),
        ("1,5 jt", 1_500_000),
        ("1.5jt", 1_500_000),
        ("1,5 juta", 1_500_000),
        ("2 juta rupiah", 2_000_000),
        ("Rp 2,25 juta", 2_250_000),
        ("0,5 jt", 500_000),
        ("460 buah", 460),
        ("460 pcs.", 460),
        ("12 biji", 12),
        ("5 hari", 5),
        ("90 menit", 90),
        ("12%", 12),
        ("12 %", 12),
        ("12 persen", 12),
        ("12,4", 12),
        ("12,5", 13),
        ("0,5", 1),
        ("-20.000", -20_000),
        ("−20000", -20_000),
        ("- 20 rb", -20_000),
        ("minus 20rb", -20_000),
        ("Rp-20.000", -20_000),
        ("-Rp20.000", -20_000),
        ("14\n000", UNCLEAR),
        ("14 000", UNCLEAR),
        ("1.5", UNCLEAR),
        ("14.00", UNCLEAR),
        ("1234,567", UNCLEAR),
        ("1,23,456", UNCLEAR),
        ("1.2,3", UNCLEAR),
        ("1.2.3", UNCLEAR),
        ("1.234,567.8", UNCLEAR),
        ("1.2345 jt", UNCLEAR),
        ("1..5", UNCLEAR),
        (".5", UNCLEAR),
        ("5-6", UNCLEAR),
        ("10 + 5", UNCLEAR),
        ("1e5", UNCLEAR),
        ("sekitar 14.000", 14_000),
        ("kira kira 50", 50),
        ("14 rb 500", UNCLEAR),
        ("2 juta 500 ribu", UNCLEAR),
        ("Rp", UNCLEAR),
        ("", UNCLEAR),
        ("   ", UNCLEAR),
        ("A", UNCLEAR),
        ("tidak tahu", UNCLEAR),
        ("😀", UNCLEAR),
        ("14$", UNCLEAR),
        ("empat belas ribu", WORDS),
        ("Dua Puluh", WORDS),
        ("seratus", WORDS),
        ("seribu", WORDS),
        ("nol", WORDS),
        ("sebelas hari", WORDS),
        ("kira-kira lima", WORDS),
        ("duaan", UNCLEAR),
        ("1000000000000", LARGEST),
        ("1.000.000 juta", LARGEST),
        ("1000000000001", TOO_LARGE),
        ("-1000000000001", TOO_LARGE),
        ("1000001 jt", TOO_LARGE),
        ("9" * 25, TOO_LARGE),
        ("9" * 26, UNCLEAR),
    ],
)
def test_typed_form_is_read(typed: str, value: int | NumberTrouble) -> None:
    assert read_number(typed) == value


@settings(deadline=None, max_examples=200)
@given(st.integers(-LARGEST, LARGEST))
def test_every_way_of_writing_a_number_is_read_back(value: int) -> None:
    forms = [
        str(value),
        grouped(value),
        grouped(value, "en"),
        rupiah(value),
        f"{rupiah(value)},-",
        f"{grouped(value)} buah",
    ]

    assert [read_number(form) for form in forms] == [value] * len(forms)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="0123456789.,-% RprbujtakIdnmiseplhtgwo\n−", max_size=30) | st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    value = read_number(typed)

    assert isinstance(value, NumberTrouble) or abs(value) <= LARGEST


@pytest.mark.parametrize("typed", ["1" * 4096, "1." * 2048, "Rp " * 1365, "1,1" * 1365, " " * 4096 + "1x", "- " * 2048])
def test_the_longest_message_is_read_at_once(typed: str) -> None:
    begun = time.perf_counter()

    value = read_number(typed)

    assert value is UNCLEAR
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("value", "indonesian", "english", "money"),
    [
        (0, "0", "0", "Rp0"),
        (999, "999", "999", "Rp999"),
        (14000, "14.000", "14,000", "Rp14.000"),
        (1234567, "1.234.567", "1,234,567", "Rp1.234.567"),
        (-20000, "-20.000", "-20,000", "-Rp20.000"),
    ],
)
def test_numbers_are_written_the_readers_way_and_money_always_the_indonesian(
    value: int, indonesian: str, english: str, money: str
) -> None:
    assert (grouped(value), grouped(value, "en"), rupiah(value)) == (indonesian, english, money)


@pytest.mark.parametrize(
    ("typed", "value"), [("0,125 jt", 125_000), ("0.500 juta", 500_000), ("0.500", UNCLEAR), ("0,250", UNCLEAR)]
)
def test_nought_before_the_separator_is_a_fraction_not_thousands(typed: str, value: int | NumberTrouble) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", ["sejuta", "setengah juta", "sejuta lebih"])
def test_million_in_words_is_told_as_words(typed: str) -> None:
    assert read_number(typed) is WORDS
