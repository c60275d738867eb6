"""Sums over all groups are those that one gets person by person, each counted once wherever the groups are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.core.programme import Month, Period, Scope, Tally, tallies
from bot.store import programmes
from tests.store.country import JUNE, PLACES, Someone, crowd, finished, plainly, settle
from tests.usecases.world import World

SEPTEMBER = Month(2026, 9)
PERIODS = (Period(None, SEPTEMBER), Period(Month(2026, 7), Month(2026, 8)), Period(Month(2026, 6), Month(2026, 6)))
SCOPES = sorted({scope for place in PLACES for scope in place.around()}, key=str)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = World.open(tmp_path / "bot.db")
    yield opened
    opened.database.close()


def flat(tally: Tally) -> list[object]:
    """Return all numbers of a tally, with sums of points as near as they need to be."""
    members, begun, results, learnt, retested, levels, gates, scores, grown, squared = astuple(tally)
    near = [pytest.approx(number, abs=1e-6) for number in (*scores, grown, squared)]
    return [members, begun, results, learnt, retested, *levels, *gates, *near]


def nothing_but(tally: Tally) -> Tally:
    """Return a tally with every level, gate and dimension named."""
    return tally.plus(Tally(levels=(0,) * 4, gates=(0,) * 3, scores=(0.0,) * 8))


@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize("seed", range(4))
def test_sums_are_those_of_counting_person_by_person(world: World, seed: int, period: Period) -> None:
    people = crowd(seed)
    settle(world, people)

    shares = world.do(lambda s: programmes.shares(s, period, levels=4))

    found = tallies((share.places, share.tally) for share in shares)
    assert {share.month for share in shares} <= {None}
    for scope in SCOPES:
        expected = plainly(people, scope, period)
        assert flat(nothing_but(found.get(scope, Tally()))) == flat(expected), scope


@pytest.mark.parametrize("seed", range(4))
def test_sums_by_month_are_those_of_counting_person_by_person(world: World, seed: int) -> None:
    people, period = crowd(seed), Period(Month(2026, 5), SEPTEMBER)
    settle(world, people)
    months = period.latest(12)

    shares = world.do(lambda s: programmes.shares(s, period, levels=4, months=months))

    assert len(months) == 5
    for month in months:
        found = tallies((share.places, share.tally) for share in shares if share.month == month)
        for scope in SCOPES:
            expected = plainly(people, scope, period, month)
            assert flat(nothing_but(found.get(scope, Tally()))) == flat(expected), (month, scope)


def test_person_in_two_groups_of_one_place_counts_once(world: World) -> None:
    place, other = PLACES[0], PLACES[1]
    twice = Someone([(place, JUNE), (other, JUNE)], finished(place).sittings)
    settle(world, [twice, finished(place)])
    period = Period(None, SEPTEMBER)

    found = tallies((s.places, s.tally) for s in world.do(lambda s: programmes.shares(s, period, levels=4)))

    assert [found[scope].results for scope in (place, other, Scope("Gernas BBI", "32"), Scope())] == [2, 1, 2, 2]


def test_month_ends_at_midnight_in_the_capital(world: World) -> None:
    midnight = datetime(2026, 6, 30, 17, tzinfo=UTC)
    before, after = (finished(PLACES[0], at=midnight - timedelta(seconds=n)) for n in (1, 0))
    settle(world, [before, after])

    def results(month: Month) -> int:
        shares = world.do(lambda s: programmes.shares(s, Period(month, month), levels=4))
        return sum(share.tally.results for share in shares)

    assert [results(Month(2026, n)) for n in (5, 6, 7, 8)] == [0, 1, 1, 0]


def test_groups_are_counted_where_and_when_they_were_made(world: World) -> None:
    made = {PLACES[0]: JUNE, PLACES[5]: JUNE + timedelta(days=40)}
    settle(world, [], made)
    period, months = Period(None, SEPTEMBER), (Month(2026, 7), Month(2026, 8))

    whole = world.do(lambda s: programmes.placed(s, period))
    by_month = world.do(lambda s: programmes.placed(s, period, months))
    in_june = world.do(lambda s: programmes.placed(s, Period(None, Month(2026, 6))))

    assert {(p.place, p.month, p.groups) for p in whole} == {(PLACES[0], None, 1), (PLACES[5], None, 1)}
    assert [(p.place, p.month, p.groups) for p in by_month] == [(PLACES[5], Month(2026, 7), 1)]
    assert [p.place for p in in_june] == [PLACES[0]]
    assert world.do(programmes.first_month) == Month(2026, 6)


def test_country_without_groups_has_no_first_month(world: World) -> None:
    assert world.do(programmes.first_month) is None
    assert world.do(lambda s: programmes.shares(s, Period(None, SEPTEMBER), levels=4)) == []


@pytest.mark.parametrize("count", [1, 200])
def test_queries_do_not_grow_with_people(world: World, count: int) -> None:
    settle(world, crowd(1, count))
    sent: list[str] = []
    note = lambda conn, cursor, statement, *_: sent.append(statement)  # noqa: E731
    event.listen(world.database.engine, "before_cursor_execute", note)

    world.do(lambda s: programmes.shares(s, Period(None, SEPTEMBER), levels=4))

    assert len([statement for statement in sent if not statement.startswith("BEGIN")]) == 4
