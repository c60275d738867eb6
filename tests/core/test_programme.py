"""Months, scopes, and what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.growth import Growth
from bot.core.item import OWNER_DIMENSIONS
from bot.core.profile import GateColour
from bot.core.programme import (
    By,
    Month,
    Period,
    Scope,
    Sums,
    Tally,
    hidden_counts,
    hidden_in,
    month_of,
    sums,
    tallies,
)

BANDUNG, SEMARANG = Scope("BBI", "32", "3273"), Scope("BBI", "33", "3374")
BOGOR = Scope("Naik", "32", "3271")


def tally(results: int, *, level: int = 2, score: float = 50.0, learnt: int = 0, retested: int = 0) -> Tally:
    """Return so many people of one level and gate, with one score everywhere."""
    return Tally(
        members=results + 1,
        begun=results,
        results=results,
        learnt=learnt,
        retested=retested,
        levels=tuple(results if n == level else 0 for n in range(1, 5)),
        gates=(results, 0, 0),
        scores=(score * results,) * 8,
        grown=0.4 * retested,
        grown_squared=0.16 * retested,
    )


def test_month_begins_at_midnight_in_the_capital() -> None:
    assert Month(2026, 1).begins == datetime(2025, 12, 31, 17, tzinfo=UTC)
    assert month_of(datetime(2026, 6, 30, 17, tzinfo=UTC)) == Month(2026, 7)
    assert month_of(datetime(2026, 6, 30, 16, 59, tzinfo=UTC)) == Month(2026, 6)
    assert Month(2026, 7).text == "2026-07"


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(-500, 500))
def test_later_months_follow_the_calendar(year: int, number: int, months: int) -> None:
    later = Month(year, number).later(months)

    assert (later.year * 12 + later.number) - (year * 12 + number) == months
    assert 1 <= later.number <= 12


def test_period_ends_where_the_next_month_begins() -> None:
    assert Period(Month(2026, 11), Month(2026, 12)).ends == Month(2027, 1).begins
    assert Period(None, Month(2026, 12)).begins is None


def test_latest_months_of_a_period_stand_in_order() -> None:
    assert Period(Month(2026, 11), Month(2027, 1)).latest(12) == (Month(2026, 11), Month(2026, 12), Month(2027, 1))
    assert Period(None, Month(2026, 2)).latest(3) == (Month(2025, 12), Month(2026, 1), Month(2026, 2))


def test_scope_is_parted_by_one_word_at_a_time() -> None:
    java = Scope(None, "32")

    assert Scope().parted(By.PROVINCE, java)
    assert Scope().parted(By.REGENCY, replace(BANDUNG, programme=None))
    assert java.parted(By.PROGRAMME, Scope("BBI", "32"))
    assert java.parted(By.REGENCY, Scope(None, "32", "3273"))
    assert not java.parted(By.REGENCY, Scope(None, "33", "3374"))
    assert not java.parted(By.REGENCY, BANDUNG)
    assert not Scope().parted(By.PROGRAMME, Scope("BBI", "32"))
    assert not Scope().parted(By.MONTH, Scope())


def test_people_of_two_places_count_once_in_what_holds_both() -> None:
    found = tallies([((BANDUNG,), tally(6)), ((BANDUNG, SEMARANG), tally(1))])

    assert {scope: found[scope].results for scope in (BANDUNG, SEMARANG, Scope("BBI"), Scope(None, "33"), Scope())} == {
        BANDUNG: 7,
        SEMARANG: 1,
        Scope("BBI"): 7,
        Scope(None, "33"): 1,
        Scope(): 7,
    }


def test_what_one_table_hides_no_other_shows() -> None:
    places = [((BANDUNG,), tally(20)), ((replace(BANDUNG, programme="Naik"),), tally(3)), ((SEMARANG,), tally(30))]
    found = tallies(places)

    gone = hidden_in(found)

    in_java = {scope for scope, cells in gone.items() if 0 in cells}
    assert {Scope("Naik"), Scope("BBI"), Scope("Naik", "32"), Scope("BBI", "32")} <= in_java
    assert Scope() not in in_java
    assert Scope(None, "32") not in in_java


def test_counts_inside_a_hidden_scope_are_all_hidden() -> None:
    found = tallies([((BANDUNG,), tally(3)), ((BOGOR,), tally(9)), ((SEMARANG,), tally(40))])

    gone = hidden_in(found)

    assert all(cells == frozenset(range(12)) for cells in gone.values() if 0 in cells)


def test_small_level_hides_another_of_the_same_scope() -> None:
    mixed = tally(20, level=1).plus(tally(3, level=2)).plus(tally(7, level=3))

    gone = hidden_counts({"here": mixed}, [])
    told = sums(mixed, gone["here"])

    assert told is not None
    assert (told.results, told.levels) == (30, (20, None, None, 0))


def test_sums_say_whole_points_and_the_growth_of_those_who_came_twice() -> None:
    told = sums(tally(8, score=49.6, learnt=8, retested=8), frozenset())

    assert told == Sums(
        begun=8,
        results=8,
        means=dict.fromkeys(OWNER_DIMENSIONS, 50),
        levels=(0, 8, 0, 0),
        gates={GateColour.GREEN: 8, GateColour.YELLOW: 0, GateColour.RED: 0},
        learnt=8,
        retested=8,
        growth=Growth(pytest.approx(5.0), pytest.approx(12.5 * 0.4 / 8**0.5)),  # type: ignore[arg-type]
    )


def test_growth_of_few_or_hidden_ones_is_not_told() -> None:
    few, hidden = sums(tally(8, retested=3), frozenset({10, 11})), sums(tally(8, retested=6), frozenset({10, 11}))

    assert few is not None and hidden is not None
    assert (few.retested, few.growth, hidden.retested, hidden.growth) == (None, None, None, None)


def test_scope_without_result_or_hidden_tells_nothing() -> None:
    assert sums(Tally(members=4), frozenset()) is None
    assert sums(tally(8), frozenset({0})) is None


places = st.builds(
    Scope, st.sampled_from(["A", "B", ""]), st.just("32"), st.sampled_from(["3273", "3204", ""])
) | st.builds(Scope, st.sampled_from(["A", "B"]), st.just("33"), st.sampled_from(["3374", "3301"]))
people = st.lists(st.tuples(st.sets(places, min_size=1, max_size=2), st.integers(1, 4)), max_size=60)


@settings(deadline=None)
@given(people)
def test_shown_results_never_leave_a_few_to_be_counted(crowd: list[tuple[set[Scope], int]]) -> None:
    found = tallies((where, tally(1, level=level)) for where, level in crowd)

    gone = hidden_in(found)

    told = {scope: sums(one, gone[scope]) for scope, one in found.items()}
    for one in told.values():
        for count in () if one is None else (*one.levels, *one.gates.values(), one.learnt, one.retested, one.results):
            assert count is None or count == 0 or count >= 5
    for wide, by in ((Scope(), By.PROGRAMME), (Scope(), By.PROVINCE), (Scope(None, "32"), By.REGENCY)):
        away = [found[s].results for s in found if wide.parted(by, s) and told[s] is None]
        if away and told.get(wide) is not None:
            assert len(away) > 1
            assert sum(away) >= 5
        for level in range(4):
            inside = [(found[s].levels[level], told[s]) for s in found if wide.parted(by, s)]
            lost = [count for count, one in inside if one is None or one.levels[level] is None]
            total = told.get(wide)
            if lost and total is not None and total.levels[level] is not None:
                assert sum(lost) == 0 or (len(lost) > 1 and sum(lost) >= 5)


def test_whole_of_which_nobody_has_a_result_hides_nothing() -> None:
    gone = hidden_counts({"all": tally(0), "a": tally(0)}, [("all", ["a"])])

    assert gone == {}
