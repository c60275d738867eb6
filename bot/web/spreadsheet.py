"""Rows as a workbook or as CSV, in which no value can become a formula or a link wherever it is opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xlsxwriter

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
STARTS_A_FORMULA = "=+-@＝＋－＠"
WIDEST = 40
ALL_TEXT = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Value = str | int
Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook; the rows are read once, the first holds the headings."""

    name: str
    rows: Iterable[Row]


def harmless(value: Value) -> Value:
    """Return a text on one line that no program takes for a formula: what would begin one gets an apostrophe before."""
    if isinstance(value, int):
        return value
    text = "".join(ch if ch.isprintable() else " " for ch in value).strip()
    return f"'{text}" if text.startswith(tuple(STARTS_A_FORMULA)) else text


def xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Write a workbook; of its rows only one is held at a time."""
    import xlsxwriter  # two megabytes that most processes never need

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, ALL_TEXT) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            for index, row in enumerate(sheet.rows):
                if index == 0:
                    for column, value in enumerate(row):
                        page.set_column(column, column, min(WIDEST, max(10, len(str(value)) + 2)))
                _write(page, index, row, heading if index == 0 else None)
    return written.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, index: int, row: Row, style: xlsxwriter.format.Format | None) -> None:
    for column, value in enumerate(map(harmless, row)):
        if isinstance(value, int):
            page.write_number(index, column, value, style)
        else:
            page.write_string(index, column, value, style)


def csv_file(rows: Iterable[Row]) -> bytes:
    """Write CSV by RFC 4180, with the mark by which Excel knows UTF-8."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC).writerows(
        [harmless(value) for value in row] for row in rows
    )
    return written.getvalue().encode("utf-8-sig")
