"""Telegram's HTML grammar: what it accepts, what it refuses, and in which words."""

from __future__ import annotations

import pytest

from bot.texts.markup import Entity, Formatted, MarkupError, parse, visible_length

STADIUM = "\U0001f3df"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("", "", ()),
        ("biasa", "biasa", ()),
        ("<b>tebal</b>", "tebal", (Entity("bold", 0, 5),)),
        ("<strong>a</strong><em>b</em>", "ab", (Entity("bold", 0, 1), Entity("italic", 1, 1))),
        ("<u>a</u><ins>b</ins>", "ab", (Entity("underline", 0, 1), Entity("underline", 1, 1))),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            (Entity("strikethrough", 0, 1), Entity("strikethrough", 1, 1), Entity("strikethrough", 2, 1)),
        ),
        ("<tg-spoiler>a</tg-spoiler>", "a", (Entity("spoiler", 0, 1),)),
        ('<span class="tg-spoiler">a</span>', "a", (Entity("spoiler", 0, 1),)),
        ("<blockquote>a</blockquote>", "a", (Entity("blockquote", 0, 1),)),
        ("<blockquote expandable>a</blockquote>", "a", (Entity("expandable_blockquote", 0, 1),)),
        ('<tg-emoji emoji-id="53">x</tg-emoji>', "x", (Entity("custom_emoji", 0, 1),)),
        ('<tg-time unix="1700000000" format="t">x</tg-time>', "x", (Entity("date_time", 0, 1),)),
        ("<code>a</code>", "a", (Entity("code", 0, 1),)),
        ("<pre>a</pre>", "a", (Entity("pre", 0, 1),)),
        ('<pre><code class="language-sql">a</code></pre>', "a", (Entity("pre", 0, 1, None, "sql"),)),
        ("<B>a</b>", "a", (Entity("bold", 0, 1),)),
        ("<i>a</>", "a", (Entity("italic", 0, 1),)),
        ("<i>a</i   >", "a", (Entity("italic", 0, 1),)),
        ("<b></b>", "", ()),
        ("<b><i>a</i>b</b>", "ab", (Entity("bold", 0, 2), Entity("italic", 0, 1))),
    ],
)
def test_parse_accepted_tags(source: str, text: str, entities: tuple[Entity, ...]) -> None:
    assert parse(source) == Formatted(text, entities)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&lt5", "<5"),
        ("&#65;&#x42;", "AB"),
        ("&laquo;&nbsp;", "&laquo;&nbsp;"),
        ("&#12345678;", "&#12345678;"),
        ("Rp5.000 & Rp6.000", "Rp5.000 & Rp6.000"),
        ("5 > 3", "5 > 3"),
    ],
)
def test_parse_character_references(source: str, text: str) -> None:
    assert parse(source) == Formatted(text)


def test_parse_offsets_count_utf16_units() -> None:
    formatted = parse(f"{STADIUM} <i>{STADIUM} &lt;</i><b>x</b>")

    assert formatted.text == f"{STADIUM} {STADIUM} <x"
    assert formatted.entities == (Entity("italic", 3, 4), Entity("bold", 7, 1))


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<a href="https://contoh.id/a?b=1&amp;c=2">x</a>', "https://contoh.id/a?b=1&c=2"),
        ("<a href='contoh.id'>x</a>", "http://contoh.id/"),
        ("<a   href=  contoh.id  >x</a>", "http://contoh.id/"),
        ("<a>contoh.id</a>", "http://contoh.id/"),
        ('<a href="tg://user?id=5">x</a>', "tg://user?id=5"),
        ('<a href="http://127.0.0.1:8000/masuk">x</a>', "http://127.0.0.1:8000/masuk"),
    ],
)
def test_parse_links(source: str, url: str) -> None:
    (entity,) = parse(source).entities

    assert (entity.type, entity.url) == ("text_link", url)


@pytest.mark.parametrize(
    "source", ["<a>x</a>", '<a href="javascript:x">x</a>', '<a href="">x</a>', '<a href="mailto:a@b.id">x</a>']
)
def test_parse_links_that_are_none(source: str) -> None:
    assert parse(source) == Formatted("x")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a<br>", 'Unsupported start tag "br" at byte offset 1'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<5 ", 'Unsupported start tag "5" at byte offset 2'),
        ("harga < 5", 'Unsupported start tag "" at byte offset 6'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<i  =a>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        (
            "&#xDFDF;",
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units",
        ),
    ],
)
def test_parse_refusals(source: str, reason: str) -> None:
    with pytest.raises(MarkupError) as refused:
        parse(source)

    assert str(refused.value) == f"can't parse entities: {reason}"


def test_visible_length_counts_code_points_after_parsing() -> None:
    assert visible_length(f"<b>{STADIUM}a</b>&amp;") == 3
