"""The poster: its QR code scans from the picture, its text stays on the page, and names cannot break it."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import TypedDict
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from bot.texts.lettering import width
from bot.texts.poster import FRAME, HEIGHT, QUIET, WIDTH, drawing, poster, qr_code

LINK = "https://t.me/tangga_digital_bot?start=g_Zm9vYmFyYmF6cXV4MTIzNA"
SHORTEST_LINK = f"https://t.me/a_bot?start={'x' * 22}"
LONGEST_LINK = f"https://t.me/{'a' * 32}?start={'x' * 64}"
SVG = "{http://www.w3.org/2000/svg}"
NINE_CENTIMETRES = 90 / 25.4 * 200
AWKWARD = [
    "W" * 64,
    "Kelompok <b>UMKM</b> & 'Pasar' \"Kosambi\" ]]> <!-- {{ x }} {% y %}",
    "🌸🌸🌸",
    "سارة محمد بن عبد الله",
    "\u202eBu Sari\u2066",
    "𝓑𝓾 𝓢𝓪𝓻𝓲",
    "i" * 64,
    "x\x00\ud800y",
    "",
]


class Invitation(TypedDict):
    group_name: str
    coach_name: str
    link: str
    code: str
    ends_on: date
    language: str


def invitation(*, name: str = "Pasar Kosambi", link: str = LINK, code: str = "ABCDE-FGHJK") -> Invitation:
    return {
        "group_name": name,
        "coach_name": name or "Pak Joko",
        "link": link,
        "code": code,
        "ends_on": date(2026, 12, 24),
        "language": "id",
    }


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("link", [LINK, SHORTEST_LINK, LONGEST_LINK])
def test_qr_code_is_read_back_from_the_picture(link: str) -> None:
    page = opened(poster(**invitation(link=link)))

    assert [found.text for found in zxingcpp.read_barcodes(page)] == [link]


def test_qr_code_is_read_from_a_small_dim_skewed_photo() -> None:
    page = opened(poster(**invitation())).resize((WIDTH // 4, HEIGHT // 4))
    photo = page.point(lambda grey: 70 + grey // 3).rotate(11, expand=True, fillcolor=120)

    assert [found.text for found in zxingcpp.read_barcodes(photo)] == [LINK]


@pytest.mark.parametrize("link", [SHORTEST_LINK, LINK, LINK + "x" * 20, LONGEST_LINK])
def test_qr_code_is_nine_centimetres_wide_with_white_around(link: str) -> None:
    found = qr_code(link, FRAME)
    page = opened(poster(**invitation(link=link)))
    margin = found.left - FRAME.left
    box = (found.left, found.top, found.left + found.side, found.top + found.side)
    dark = page.crop(box).point(lambda grey: 255 if grey < 128 else 0).getbbox()
    module = min(int(width) for width in re.findall(r"v(\d+)", found.path))
    around = page.crop((box[0] - QUIET * module, box[1] - QUIET * module, box[2] + QUIET * module, box[1]))

    assert found.side >= NINE_CENTIMETRES
    assert dark == (0, 0, found.side, found.side)
    assert margin >= QUIET * module
    assert around.getextrema() == (255, 255)


def test_page_is_a4_at_200_dots_an_inch() -> None:
    page = Image.open(io.BytesIO(poster(**invitation())))

    assert page.size == (WIDTH, HEIGHT) == (1654, 2339)
    assert tuple(map(round, page.info["dpi"])) == (200, 200)


def test_preview_is_smaller_and_as_large_on_paper() -> None:
    page = Image.open(io.BytesIO(poster(**invitation(), dots=0.5)))

    assert page.size == (WIDTH // 2, HEIGHT // 2 + 1)
    assert tuple(map(round, page.info["dpi"])) == (100, 100)


def test_page_says_what_it_is_how_to_join_and_who_invites() -> None:
    assert texts(drawing(**invitation(name="Kosambi"))) == [
        "Cek kekuatandigital usaha Anda",
        "Gratis, 15 menit, lewat Telegram",
        "1",
        "Buka kameraHP atauTelegram",
        "2",
        "Arahkan kekotak hitamputih ini",
        "3",
        "Tekan Mulai(Start), lalujawab",
        "Tidak bisa memindai?",
        "Cari @tangga_digital_bot di Telegram, ketik /gabung lalu kode ini",
        "ABCDE-FGHJK",
        "Anda diundang oleh",
        "Kosambi",
        "Kelompok",
        "Kosambi",
        "Berlaku sampai",
        "24 Desember2026",
        "Anda yang menentukan apa yang dilihat pembina.",
        "Tangga Digital",
    ]


def test_names_that_cannot_be_drawn_leave_plain_words() -> None:
    nameless = invitation()
    nameless["coach_name"], nameless["group_name"] = "🌸", "سارة"

    kept = texts(drawing(**nameless))

    assert (kept[12], kept[14]) == ("Pembina usaha", "Kelompok usaha")


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_neither_break_the_page_nor_leave_their_place(name: str) -> None:
    svg = drawing(**invitation(name=name))
    page = opened(poster(**invitation(name=name)))
    names = [text for text in ElementTree.fromstring(svg).iter(f"{SVG}text") if text.get("y") == "2054"]

    assert len(names) == 3
    for text in names[:2]:
        size = float(text.get("font-size", ""))
        lines = text.findall(f"{SVG}tspan")
        assert 1 <= len(lines) <= 2
        assert max(width(line.text or "", size, bold=True) for line in lines) <= 541
    for left, right in ((620, 655), (1205, 1235), (1595, WIDTH)):
        assert page.crop((left, 1960, right, 2150)).getextrema() == (255, 255)
    assert page.crop((0, 2138, WIDTH, 2160)).getextrema() == (255, 255)


def test_nothing_is_drawn_on_the_margin_that_printers_leave_white() -> None:
    page = opened(poster(**invitation(name="W" * 64, link=LONGEST_LINK, code="ABCDE-FGHJK-LMNPQ")))
    ink = page.point(lambda grey: 255 if grey < 250 else 0).getbbox()

    assert ink is not None
    left, top, right, bottom = ink
    assert min(left, top, WIDTH - right, HEIGHT - bottom) >= 40


@pytest.mark.parametrize("code", ["ABCDE-FGHJK", "ABCDE-FGHJK-LMNPQ-RSTUV", "A"])
def test_code_stays_in_its_frame(code: str) -> None:
    page = opened(poster(**invitation(code=code)))
    row = page.crop((80, 1760, 1574, 1890)).point(lambda grey: 255 if grey < 60 else 0).getbbox()

    assert row is not None
    assert row[0] >= 30
    assert row[2] <= 1574 - 80 - 30
    assert abs(row[0] - (1494 - row[2])) <= 16


def test_page_is_told_apart_without_colour() -> None:
    page = opened(poster(**invitation()))
    behind_title, behind_pill, behind_code = (
        page.crop((x, y, x + 1, y + 1)).tobytes()[0] for x, y in ((80, 300), (200, 410), (90, 1700))
    )

    assert behind_title < 80
    assert behind_pill > 170
    assert behind_code > 230
