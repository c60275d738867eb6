"""Long lists in pages, whatever an address asks for."""

from __future__ import annotations

import pytest

from bot.web.pager import Pager, page_number, pager


@pytest.mark.parametrize(
    ("total", "page", "expected"),
    [
        (0, 1, Pager(1, 1, 0, 0, 0)),
        (25, 1, Pager(1, 1, 0, 25, 25)),
        (26, 2, Pager(2, 2, 25, 26, 26)),
        (26, 3, Pager(2, 2, 25, 26, 26)),
        (26, 0, Pager(1, 2, 0, 25, 26)),
    ],
)
def test_pages_of_25(total: int, page: int, expected: Pager) -> None:
    assert pager(total, per_page=25, page=page) == expected


@pytest.mark.parametrize(("asked", "page"), [("3", 3), ("", 1), ("-2", 1), ("x", 1), ("٣", 1), ("9999999", 1)])
def test_what_is_no_page_is_the_first(asked: str, page: int) -> None:
    assert page_number(asked) == page
