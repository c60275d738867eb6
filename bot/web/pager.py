"""Long lists in pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pager:
    """One page of a list: entries `first` up to `end` of so many."""

    page: int
    pages: int
    first: int
    end: int
    total: int


def pager(total: int, *, per_page: int, page: int) -> Pager:
    """Return the page that was asked for, or the nearest there is."""
    pages = max(1, -(-total // per_page))
    chosen = min(max(1, page), pages)
    return Pager(chosen, pages, (chosen - 1) * per_page, min(chosen * per_page, total), total)


def page_number(asked: str) -> int:
    """Read a page from an address; the first where it is no number."""
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else 1
