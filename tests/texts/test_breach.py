"""The message that a notice of a breach becomes: its headings, what was typed, and its length."""

from __future__ import annotations

import pytest

from bot.texts.breach import PART_LIMIT, Part, blanks, compose, faults
from bot.texts.markup import MESSAGE_LIMIT, parse
from bot.texts.notice import Fault, as_html, plain

TOLD = {
    Part.DISCLOSED: "Nama & hasil < 5 orang",
    Part.WHEN_AND_HOW: "Senin, <b>jam 9</b>",
    Part.DONE: "Sudah ditutup",
    Part.TO_DO: "Ganti kata sandi",
    Part.CONTACT: "WhatsApp 0800",
}


def test_each_part_stands_below_its_heading_as_it_was_typed() -> None:
    shown = parse(as_html(compose(TOLD)))

    assert shown.text == (
        "Pemberitahuan penting tentang data Anda\n\n"
        "Apa yang terjadi\nNama & hasil < 5 orang\n\n"
        "Kapan dan bagaimana\nSenin, jam 9\n\n"
        "Yang sudah kami lakukan\nSudah ditutup\n\n"
        "Yang bisa Anda lakukan\nGanti kata sandi\n\n"
        "Kalau ingin bertanya\nWhatsApp 0800\n\n"
        "Pesan ini kami kirim kepada semua orang, karena Anda berhak tahu. "
        "Kami tidak pernah meminta OTP, PIN, kata sandi, atau uang."
    )
    assert [entity.type for entity in shown.entities] == ["bold"] * 7


def test_longest_parts_fit_into_one_message() -> None:
    longest = "😀" * PART_LIMIT

    assert (faults(longest), faults(longest + "x")) == ([], [Fault.LONG])
    assert len(plain(compose(dict.fromkeys(Part, longest)))) <= MESSAGE_LIMIT


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Senin jam 9 (pagi)", []),
        ("Terjadi [hari] sampai [hari, jam]", ["[hari]", "[hari, jam]"]),
        ("[dua\nbaris]", ["[dua\nbaris]"]),
        ("[belum ditutup", []),
    ],
)
def test_what_is_to_be_filled_in_is_found(text: str, found: list[str]) -> None:
    assert blanks(text) == found
