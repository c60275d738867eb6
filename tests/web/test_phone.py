"""Telegram's HTML in a page: what it would set, and nothing else."""

from __future__ import annotations

import base64

import pytest

from bot.chat.preview import Preview
from bot.chat.screen import Button, Screen, Style
from bot.web.phone import BROKEN, phone, picture_address, safe_html
from tests.web.markup import Reader


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("halo", "halo"),
        ("<b>tebal <i>miring</i></b> biasa", "<b>tebal <i>miring</i></b> biasa"),
        ("<strong>a</strong><em>b</em><s>c</s><u>d</u>", "<b>a</b><i>b</i><s>c</s><u>d</u>"),
        ("🙂 <b>🙂</b> 🙂", "🙂 <b>🙂</b> 🙂"),
        ("1 &lt; 2 &amp; 3", "1 &lt; 2 &amp; 3"),
        ("<tg-spoiler>x</tg-spoiler>", '<span class="spoiler">x</span>'),
        ("<blockquote expandable>x</blockquote>", "<blockquote>x</blockquote>"),
        (
            '<a href="https://contoh.id/?a=1&amp;b=2">x</a>',
            '<a href="https://contoh.id/?a=1&amp;b=2" rel="noreferrer noopener" target="_blank">x</a>',
        ),
        ('<a href="tg://user?id=1">x</a>', "x"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<b>a\n\nb</b>", "<b>a\n\nb</b>"),
    ],
)
def test_message_is_written_out_as_safe_html(sent: str, shown: str) -> None:
    assert str(safe_html(sent)) == shown


@pytest.mark.parametrize("sent", ["<script>x</script>", "<b>x", "x</b>", '<b onclick="x">x', "<i><b>x</i></b>", "<"])
def test_what_telegram_refuses_is_told(sent: str) -> None:
    assert safe_html(sent) == BROKEN


def test_attribute_of_a_known_tag_is_dropped() -> None:
    assert str(safe_html('<b onclick="alert(1)" class=x>x</b>')) == "<b>x</b>"


@pytest.mark.parametrize("address", ['https://x.id/"onmouseover="alert(1)', "https://x.id/<script>", "https://x.id/'"])
def test_link_cannot_leave_its_attribute(address: str) -> None:
    reader = Reader()

    reader.feed(str(safe_html(f"<a href='{address.replace(chr(39), '&#39;')}'>x</a>")))

    assert (reader.faults, reader.open) == ([], [])


def test_screen_keeps_its_rows_and_drops_empty_ones() -> None:
    screen = Screen("x", ((Button("A", "a"), Button("B", "b", Style.GO)), (), (Button("Web", url="https://x.id"),)))

    drawn = phone(Preview("Pertanyaan", screen))

    assert drawn.rows == ((("A", Style.PLAIN), ("B", Style.GO)), (("Web", Style.PLAIN),))
    assert drawn.picture == ""


def test_picture_is_carried_whole_as_an_image() -> None:
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"

    kind, _, coded = picture_address(svg).partition(",")

    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(coded).decode() == svg
