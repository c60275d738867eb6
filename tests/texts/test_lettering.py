"""Text that fits a picture: only what the font draws, never wider than its room, never more lines than allowed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.texts.lettering import Fitted, drawable, fit, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bu Sari", "Bu Sari"),
        ("  Bu \n Sari\t", "Bu Sari"),
        ("Bu Sari 🌸", "Bu Sari"),
        ("🌸 Bu 🌸 Sari", "Bu Sari"),
        ("𝓑𝓾 𝓢𝓪𝓻𝓲", "Bu Sari"),
        ("Sari\u202eirаS\u2066", "SariirаS"),
        ("سارة", ""),
        ("مها Jaya", "Jaya"),
        ("Toko <b>Jaya</b> & 'Anak'", "Toko <b>Jaya</b> & 'Anak'"),
        ("Gratis · 15 menit", "Gratis · 15 menit"),
        ("Sari\ud800\x00", "Sari"),
        ("", ""),
    ],
)
def test_only_what_the_font_draws_is_left(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_width_grows_with_the_letters_the_size_and_the_weight() -> None:
    assert width("", 20) == 0
    assert width("W", 20) > width("i", 20)
    assert width("Sari", 40) == pytest.approx(2 * width("Sari", 20))
    assert width("Sari", 20, bold=True) > width("Sari", 20)


def test_letters_the_font_lacks_count_as_its_wide_ones() -> None:
    assert width("中", 20) == width("W", 20)


def test_short_text_keeps_its_size() -> None:
    assert fit("Bu Sari", 200, 20) == Fitted(("Bu Sari",), 20)


def test_text_shrinks_before_it_is_cut() -> None:
    room = width("Kelompok Mawar", 15)

    fitted = fit("Kelompok Mawar", room, 20)

    assert fitted.lines == ("Kelompok Mawar",)
    assert 14 < fitted.size <= 15


def test_text_breaks_between_words() -> None:
    room = width("Pasar Kosambi", 20)

    assert fit("Pedagang Pasar Kosambi", room, 20, 2) == Fitted(("Pedagang", "Pasar Kosambi"), 20)


def test_word_is_torn_only_at_the_smallest_size() -> None:
    room = width("n" * 10, 20)

    assert fit("n" * 12, room, 20, 3).lines == ("n" * 12,)
    assert fit("n" * 30, room, 20, 2) == Fitted(("n" * 16, "n" * 14), 12)


def test_text_that_is_still_too_long_is_cut() -> None:
    room = width("n" * 10, 20)

    fitted = fit("n" * 60, room, 20, 2)

    assert (fitted.lines[0], fitted.size) == ("n" * 16, 12)
    assert fitted.lines[1] == "n" * 15 + "…"


def test_text_escaped_by_a_template_is_taken_for_what_it_says() -> None:
    assert fit(escape("A & <b>"), 500, 20).lines == fit(Markup("A &amp; &lt;b&gt;"), 500, 20).lines == ("A & <b>",)


def test_empty_text_has_no_lines() -> None:
    assert fit("🌸", 100, 20, 2) == Fitted((), 20)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=100), st.floats(40, 600), st.integers(1, 4), st.booleans())
def test_no_line_is_wider_than_its_room(text: str, room: float, lines: int, bold: bool) -> None:
    fitted = fit(text, room, 20, lines, bold)

    assert len(fitted.lines) <= lines
    assert [line for line in fitted.lines if width(line, fitted.size, bold=bold) > room + 1] == []
