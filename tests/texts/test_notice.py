"""The text of an announcement: what an admin may type, and what becomes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.markup import parse
from bot.texts.notice import Fault, as_html, faults, length, plain, tidy

LINK = '<a href="https://contoh.go.id/daftar?a=1&b=2">daftar di sini</a>'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Pelatihan jam 9", "Pelatihan jam 9"),
        ("Harga < 10.000 & > 5.000", "Harga &lt; 10.000 &amp; &gt; 5.000"),
        ("<b>Besok</b> di <i>balai</i>", "<b>Besok</b> di <i>balai</i>"),
        ('<b onclick="x">Besok</b>', '&lt;b onclick="x"&gt;Besok</b>'),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        (LINK, '<a href="https://contoh.go.id/daftar?a=1&amp;b=2">daftar di sini</a>'),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
    ],
)
def test_marks_stay_and_everything_else_is_shown_as_typed(typed: str, shown: str) -> None:
    assert as_html(typed) == shown


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [Fault.EMPTY]),
        ("<b> </b>", [Fault.EMPTY]),
        ("x" * 20, []),
        ("x" * 21, [Fault.LONG]),
        ("<b>" + "x" * 20 + "</b>", []),
        ("<b></b>" * 20 + "x", [Fault.LONG]),
        ("5 < 7 & 8", []),
        ("<b>tebal", [Fault.UNBALANCED]),
        ("tebal</b>", [Fault.UNBALANCED]),
        ("<b><i>x</b></i>", [Fault.UNBALANCED]),
        ("<strong>x</strong>", [Fault.TAG]),
        ("<img src=x>", [Fault.TAG]),
        ("<B>x</B>", [Fault.TAG]),
        ("<tg-spoiler>x</tg-spoiler>", [Fault.TAG]),
    ],
)
def test_text_is_refused_for_what_is_wrong_with_it(typed: str, found: list[Fault]) -> None:
    assert faults(typed, limit=20) == found


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("https://contoh.go.id", True),
        ("https://contoh.go.id/a?b=c&d=e#f", True),
        ("http://contoh.go.id", False),
        ("tg://resolve?domain=x", False),
        ("javascript:alert(1)", False),
        ("https://bank.co.id@jahat.example", False),
        ("https://", False),
        ("https://localhost", False),
        ("contoh.go.id", False),
        ("", False),
    ],
)
def test_links_lead_to_secure_pages_only(address: str, is_fine: bool) -> None:
    assert faults(f'Lihat <a href="{address}">ini</a>', limit=200) == ([] if is_fine else [Fault.LINK])


@pytest.mark.parametrize("typed", ["<a href='https://contoh.go.id'>x</a>", "<a>x</a>", '<A HREF="https://x.id">x</A>'])
def test_link_written_otherwise_is_called_a_faulty_link(typed: str) -> None:
    assert faults(typed, limit=200) == [Fault.LINK]


@pytest.mark.parametrize("typed", ["Buka http://contoh.go.id", "Buka HTTP://contoh.go.id", "tg://resolve?domain=x"])
def test_address_in_the_text_must_be_secure_too(typed: str) -> None:
    assert faults(typed, limit=200) == [Fault.LINK]


def test_address_in_the_text_that_is_secure_is_taken() -> None:
    assert faults("Buka https://contoh.go.id sekarang", limit=200) == []


def test_tidying_drops_what_cannot_be_seen_and_too_many_blank_lines() -> None:
    typed = "  Besok\u00a0pagi\u202e \r\n\r\n\r\n\r\nDi\tbalai \U0001f468\u200d\U0001f33e\0\n"

    assert tidy(typed) == "Besok pagi\n\nDi balai \U0001f468\u200d\U0001f33e"


def test_length_counts_what_is_seen() -> None:
    assert (length(f"<b>12</b>3 {LINK}"), length("<b>1"), plain("<i>a</i> & b")) == (18, 4, "a & b")


@given(st.text(alphabet=st.sampled_from('<>/abi"= &;https:.u\n'), max_size=60))
def test_what_is_not_refused_is_taken_by_telegram(typed: str) -> None:
    if Fault.UNBALANCED not in (found := faults(typed, limit=1000)) and Fault.TAG not in found:
        parse(as_html(typed))
