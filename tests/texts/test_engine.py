"""The engine of the screens: names, bars, dates, and what its templates may rely on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts.engine import FIRST_ISOLATE, NAME_LIMIT, POP_ISOLATE, bar, long_date, screens, shown_name
from bot.texts.markup import parse


def isolated(text: str) -> str:
    return f"{FIRST_ISOLATE}{text}{POP_ISOLATE}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Sari", "Sari"),
        ("  Bu   Sari  ", "Bu Sari"),
        ("", ""),
        (" \n\t ", ""),
        ("\u200b\u200e\u202e", ""),
        ("Sari\u202eirаS", isolated("SariirаS")),
        ("\u202eSari", "Sari"),
        ("Sari\u2066\u2069\u2068", "Sari"),
        ("<b>Sari</b>", "&lt;b&gt;Sari&lt;/b&gt;"),
        ("Toko & 'Anak' \"Jaya\"", "Toko &amp; &#39;Anak&#39; &#34;Jaya&#34;"),
        ("Sari 🌸", isolated("Sari 🌸")),
        ("Bu Sá <3", isolated("Bu Sá &lt;3")),
        ("سارة", isolated("سارة")),
        ("{{ nama }}", "{{ nama }}"),
        ("@channel", "@channel"),
        ("\x00Sari\x7f", "Sari"),
        ("Sari\ud800", "Sari"),
        ("x" * 200, "x" * NAME_LIMIT),
        ("é" * 200, isolated("é" * NAME_LIMIT)),
        ("<" * 200, "&lt;" * NAME_LIMIT),
    ],
)
def test_name_is_calmed_for_a_sentence(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_any_name_stands_on_one_line_within_its_direction_and_is_valid_telegram_html(name: str) -> None:
    text = parse(shown_name(name)).text

    inner = text.removeprefix(FIRST_ISOLATE).removesuffix(POP_ISOLATE)
    assert len(inner) <= NAME_LIMIT
    assert "".join(ch for ch in inner if not ch.isprintable()) == ""
    assert inner.isascii() == (inner == text)


@pytest.mark.parametrize("name", ["Bu\nSari", "Bu\u00a0Sari", "Bu\tSari"])
def test_words_parted_by_other_white_space_stay_parted(name: str) -> None:
    assert shown_name(name) == "Bu Sari"


def test_cut_name_does_not_end_in_a_space() -> None:
    assert shown_name("x" * (NAME_LIMIT - 1) + " Sari") == "x" * (NAME_LIMIT - 1)


@pytest.mark.parametrize(
    ("done", "total", "filled"),
    [(0, 30, 0), (1, 30, 1), (1, 1000, 1), (15, 30, 5), (29, 30, 10), (30, 30, 10), (40, 30, 10), (0, 0, 0), (5, 0, 0)],
)
def test_bar_is_always_ten_blocks_and_begins_with_the_first_step(done: int, total: int, filled: int) -> None:
    assert bar(done, total) == "▰" * filled + "▱" * (10 - filled)


@settings(max_examples=100)
@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 20))
def test_bar_never_shrinks_with_a_step(done: int, total: int, width: int) -> None:
    before, after = bar(done, total, width), bar(done + 1, total, width)

    assert len(before) == len(after) == width
    assert after.count("▰") >= before.count("▰")


@pytest.mark.parametrize(("language", "shown"), [("id", "24 November 2026"), ("en", "24 November 2026")])
def test_date_is_written_out(language: str, shown: str) -> None:
    assert long_date(date(2026, 11, 24), language) == shown


def test_date_speaks_the_readers_language() -> None:
    assert [long_date(date(2026, 8, 7), language) for language in ("id", "en")] == ["7 Agustus 2026", "7 August 2026"]


def test_screens_escape_values_and_know_the_filters() -> None:
    template = screens("bot.chat", "id").from_string(
        "{{ a }}|{{ 14000 | rupiah }}|{{ 14000 | grouped }}|{{ name | name }}|{{ 'Belum' | content }}|"
        "{{ day | weekday }}|{{ day | day }}"
    )

    text = template.render(a="<b>", name="Sari & Co", day=date(2026, 11, 24))

    assert text == "&lt;b&gt;|Rp14.000|14.000|Sari &amp; Co|Belum|Selasa|24 November 2026"


def test_screens_group_numbers_in_the_readers_language() -> None:
    assert screens("bot.chat", "en").from_string("{{ 14000 | grouped }}").render() == "14,000"
