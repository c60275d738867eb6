"""Small cells: whatever the table, what is hidden cannot be had from what is shown."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.suppression import FEWEST, Family, hidden, solved

TOTAL = "all"


def row_of(counts: dict[str, int]) -> tuple[dict[str, int], list[Family[str]]]:
    """Return a row of cells with its total."""
    return {**counts, TOTAL: sum(counts.values())}, [Family(TOTAL, tuple(counts))]


def hidden_of(**counts: int) -> set[str]:
    return set(hidden(*row_of(counts)))


def test_nothing_is_hidden_where_every_cell_is_large_or_empty() -> None:
    assert hidden_of(a=5, b=0, c=80) == set()


def test_one_small_cell_takes_the_next_smallest_along() -> None:
    assert hidden_of(a=4, b=30, c=7) == {"a", "c"}


def test_empty_cell_protects_nobody() -> None:
    assert hidden_of(a=4, b=0, c=30) == {"a", "c"}


def test_two_small_cells_suffice_if_they_hold_enough_together() -> None:
    assert hidden_of(a=2, b=3, c=30) == {"a", "b"}


def test_two_small_cells_that_hold_too_few_take_a_third_along() -> None:
    assert hidden_of(a=1, b=2, c=30, d=31) == {"a", "b", "c"}


def test_total_goes_where_no_other_cell_is_left() -> None:
    counts = {"a": 8, "b": 0, TOTAL: 8}

    assert hidden(counts, [Family(TOTAL, ("a", "b"))], besides={"a"}) == {"a", TOTAL}


def test_small_total_goes_with_all_in_it() -> None:
    assert hidden_of(a=2, b=1, c=0) == {"a", "b", TOTAL}


def test_hidden_total_is_not_summed_up_again_from_its_parts() -> None:
    counts = {"a": 8, "b": 12, TOTAL: 20}

    assert hidden(counts, [Family(TOTAL, ("a", "b"))], besides={TOTAL}) == {TOTAL, "a"}


def test_parts_that_fall_with_their_total_all_go() -> None:
    counts = {"a": 8, "b": 12, "c": 0, TOTAL: 20}

    assert hidden(counts, [Family(TOTAL, ("a", "b", "c"), fall=True)], besides={TOTAL}) == {TOTAL, "a", "b", "c"}


def test_column_follows_what_a_row_hides() -> None:
    counts = {("x", "a"): 3, ("x", "b"): 9, ("y", "a"): 7, ("y", "b"): 8, ("z", "a"): 50, ("z", "b"): 60}

    gone = hidden(*square(counts))

    assert gone == {("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")}


Cell = tuple[str, str]


def square(counts: dict[Cell, int]) -> tuple[dict[Cell, int], list[Family[Cell]]]:
    """Return a table with the totals of its rows and columns, and that of all."""
    rows, columns = (sorted({cell[axis] for cell in counts}) for axis in (0, 1))
    whole = dict(counts)
    for row in rows:
        whole[row, TOTAL] = sum(counts[row, column] for column in columns)
    for column in (*columns, TOTAL):
        whole[TOTAL, column] = sum(whole[row, column] for row in rows)
    families = [Family((row, TOTAL), tuple((row, column) for column in columns)) for row in (*rows, TOTAL)]
    families += [Family((TOTAL, column), tuple((row, column) for row in rows)) for column in (*columns, TOTAL)]
    return whole, families


counts = st.integers(0, 14) | st.integers(0, 400)
tables = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda size: st.lists(counts, min_size=size[0] * size[1], max_size=size[0] * size[1]).map(
        lambda found: dict(zip(product("abcdef"[: size[0]], "vwxyz"[: size[1]]), found, strict=True))
    )
)


@given(tables)
def test_no_family_with_a_shown_total_gives_a_hidden_cell_away(table: dict[Cell, int]) -> None:
    whole, families = square(table)

    gone = hidden(whole, families)

    for family in families:
        away = [part for part in family.parts if part in gone]
        if family.total not in gone and away:
            left = whole[family.total] - sum(whole[part] for part in family.parts if part not in gone)
            assert len(away) >= 2
            assert left >= FEWEST
        if family.total in gone:
            assert away or whole[family.total] == 0


def rank(rows: list[list[Fraction]]) -> int:
    """Return how many rows of numbers are independent, worked out plainly."""
    left, found = [row[:] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        left = [[a - b * row[column] / pivot[column] for a, b in zip(row, pivot, strict=True)] for row in left]
    return found


def followable(families: list[Family[Cell]], gone: Collection[Cell]) -> set[Cell]:
    """Return the hidden cells that the shown ones fix, by asking whether knowing one more would tell anything new."""
    cells = sorted(gone)
    rows = [[Fraction((c in family.parts) - (c == family.total)) for c in cells] for family in families]
    known = rank(rows)
    return {c for c in cells if rank([*rows, [Fraction(c == other) for other in cells]]) == known}


@settings(deadline=None)
@given(tables)
def test_no_hidden_cell_follows_from_all_that_is_shown_together(table: dict[Cell, int]) -> None:
    whole, families = square(table)

    assert followable(families, hidden(whole, families)) == set()


def test_cell_that_only_two_blocks_together_would_give_away_is_not_left_alone() -> None:
    table = dict.fromkeys(product("abcd", "wxyz"), 20)
    blocks = {("a", "w"), ("a", "x"), ("b", "w"), ("b", "x"), ("c", "y"), ("c", "z"), ("d", "y"), ("d", "z")}
    whole, families = square(table)
    bridge = ("b", "y")

    gone = hidden(whole, families, besides={*blocks, bridge})

    assert followable(families, {*blocks, bridge}) == {bridge}
    assert set(solved(families, {*blocks, bridge})) == {bridge}
    assert followable(families, gone) == set()


def test_shown_cell_is_looked_for_two_families_away_where_those_beside_are_all_hidden() -> None:
    counts = (9, 5, 5, 2, 0, 0, 9, 0, 1)
    whole, families = square(dict(zip(product("abc", "xyz"), counts, strict=True)))

    gone = hidden(whole, families)

    assert followable(families, gone) == set()


@given(tables)
def test_small_cells_and_totals_never_show_and_empty_ones_need_not_hide(table: dict[Cell, int]) -> None:
    whole, families = square(table)

    gone = hidden(whole, families)

    assert {cell for cell, count in whole.items() if 0 < count < FEWEST} <= gone
    assert {cell for cell in gone if whole[cell] == 0} == set()


@given(tables)
def test_nothing_goes_without_a_small_cell(table: dict[Cell, int]) -> None:
    large = {cell: count + FEWEST if count else 0 for cell, count in table.items()}

    assert hidden(*square(large)) == frozenset()


@given(tables)
def test_hiding_again_hides_nothing_more(table: dict[Cell, int]) -> None:
    whole, families = square(table)
    gone = hidden(whole, families)

    assert hidden(whole, families, besides=gone) == gone
