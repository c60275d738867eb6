"""The group's picture: bars in proportion, every number readable, long names in place, zones told apart in grey."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.chat.group_chart import LABEL_SIZE, LEFT, ROOM, DimensionRow, GroupPicture, Segment, draw, drawing, segments
from bot.texts.lettering import width

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = GroupPicture(
    title="Gambaran kelompok",
    group_name="Pasar Kosambi",
    results=32,
    day=date(2026, 11, 24),
    zones=("perlu dikuatkan", "cukup", "kuat"),
    rows=(
        DimensionRow("Keamanan", 44.4, 3.3, (16, 8, 8)),
        DimensionRow("Data & promosi", 61.5, 0.2, (0, 0, 32)),
    ),
)
LONG = "Kelompok <b>Usaha</b> & Perempuan Pesisir Teluk Penyu Kabupaten Cilacap"


def texts(picture: GroupPicture) -> list[str]:
    root = ElementTree.fromstring(drawing(picture, "id"))
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_picture_tells_the_group_its_zones_and_each_dimension() -> None:
    assert texts(PICTURE) == [
        "Gambaran kelompok",
        "Pasar Kosambi",
        "32 hasil, 24 November 2026",
        "perlu dikuatkan",
        "cukup",
        "kuat",
        "Keamanan",
        "rata-rata 44 ± 3",
        "16",
        "8",
        "8",
        "Data & promosi",
        "rata-rata 62 ± 1",
        "32",
        "Angka di batang: banyaknya anggota. ±: rentang yang mungkin.",
        "Tangga Digital",
    ]


@pytest.mark.parametrize("rows", [1, 2, 8])
def test_picture_is_a_png_as_high_as_its_rows(rows: int) -> None:
    picture = replace(PICTURE, rows=PICTURE.rows[:1] * rows)

    drawn = Image.open(io.BytesIO(draw(picture, "id")()))

    assert (drawn.format, drawn.size) == ("PNG", (960, 2 * (232 + 70 * rows)))


def test_bar_is_parted_in_proportion() -> None:
    assert segments((16, 8, 8)) == [
        Segment(0, 16, LEFT, ROOM / 2),
        Segment(1, 8, LEFT + ROOM / 2, ROOM / 4),
        Segment(2, 8, LEFT + ROOM * 3 / 4, ROOM / 4),
    ]


def test_zone_without_members_has_no_part() -> None:
    assert segments((0, 0, 32)) == [Segment(2, 32, LEFT, ROOM)]
    assert segments((0, 0, 0)) == []


@settings(deadline=None, max_examples=80)
@given(st.tuples(*[st.integers(0, 10_000)] * 3).filter(any))
def test_every_number_fits_its_part_and_the_parts_fill_the_bar(counts: tuple[int, int, int]) -> None:
    parts = segments(counts)

    assert [part.count for part in parts] == [count for count in counts if count]
    assert [part for part in parts if part.width < width(str(part.count), LABEL_SIZE, bold=True)] == []
    assert parts[0].x == LEFT
    assert sum(part.width for part in parts) == pytest.approx(ROOM, abs=0.2)
    assert [part.x for part in parts[1:]] == pytest.approx([p.x + p.width for p in parts[:-1]], abs=0.2)


@pytest.mark.parametrize("name", [LONG, "W" * 64, "🌸 سارة", "\u202eSari\x00", ""])
def test_long_and_awkward_names_stay_inside(name: str) -> None:
    row = DimensionRow(name, 100, 25, (9998, 1, 1))
    picture = replace(PICTURE, title=name, group_name=name, zones=(name, name, name), results=10_000, rows=(row,) * 8)
    drawn = Image.open(io.BytesIO(draw(picture, "id")())).convert("L")
    ink = drawn.point(lambda grey: 255 if grey < 250 else 0).getbbox()

    assert ink is not None
    assert ink[0] >= 2 * LEFT - 2
    assert ink[2] <= 2 * (LEFT + ROOM) + 2


def test_zones_are_told_apart_without_colour() -> None:
    drawn = Image.open(io.BytesIO(draw(PICTURE, "id")())).convert("L")
    shades = []
    for part in segments((16, 8, 8)):
        left = 2 * round(part.x) + 6
        area = drawn.crop((left, 2 * 198, left + 40, 2 * 226)).tobytes()
        shades.append((sum(area) / len(area), max(area) - min(area)))
    (striped, contrast), (light, plain), (dark, dark_plain) = shades

    assert contrast > 50
    assert (plain, dark_plain) == (0, 0)
    assert light - dark > 100
    assert striped > light
