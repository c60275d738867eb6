"""What a group says as a whole, and that nobody can be worked out from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cohort import (
    Member,
    Spread,
    Step,
    as_shared,
    countable,
    funnel,
    levels,
    rounds,
    spreads,
)
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import PersonId
from bot.core.topics import TooFew, Topic, topics
from bot.core.triage import concerns
from tests.core.builders import CALM, NOW, release
from tests.core.cohorts import DAY, member, people, reading, twice

PINNED = release()


def persons(members: Sequence[Member]) -> list[int]:
    return [result.person_id for result in countable(members, PINNED)]


def test_member_shares_by_the_name_and_has_the_latest_result() -> None:
    first, second = reading(sitting=1), reading(sitting=2)

    assert (member(1, "Sari", first, second).shares, member(1, None).shares) == (True, False)
    assert (member(1, "Sari", first, second).latest, member(1).latest) == (second, None)


def test_others_see_of_the_nameless_only_that_they_are_there() -> None:
    nameless = member(7, None, reading(7), lessons=2, acts=1)
    named = member(8, "Sari", reading(8), lessons=2, acts=1)

    assert as_shared(nameless) == Member(PersonId(7), None, nameless.joined_at)
    assert as_shared(named) is named


def test_funnel_counts_everybody_as_far_as_they_came() -> None:
    once, again = reading(1), reading(1, sitting=2)
    members = [
        member(1),
        member(2, None, begun_at=NOW),
        member(3, "Sari", once),
        member(4, None, once, lessons=1),
        member(5, "Sari", once, lessons=2, acts=1),
        member(6, "Sari", once, again, lessons=2, acts=2),
        member(7, "Sari", lessons=3, acts=1),
    ]

    assert funnel(members, invited=3) == {
        Step.INVITED: 10,
        Step.BEGUN: 5,
        Step.FINISHED: 4,
        Step.LESSON: 3,
        Step.ACT: 2,
        Step.RETEST: 1,
    }


@pytest.mark.parametrize(
    ("named", "nameless", "counted"),
    [(5, 0, 5), (5, 4, 5), (5, 5, 10), (5, 9, 10), (5, 10, 15), (0, 5, 5), (1, 5, 6), (0, 9, 5)],
)
def test_nameless_results_count_in_lots_of_five(named: int, nameless: int, counted: int) -> None:
    members = people(1, named) + people(100, nameless, None)

    assert len(countable(members, PINNED)) == counted


@pytest.mark.parametrize(("named", "nameless", "told"), [(0, 0, 0), (4, 0, 4), (4, 4, 4), (0, 4, 0)])
def test_too_few_results_are_not_summed_up(named: int, nameless: int, told: int) -> None:
    with pytest.raises(TooFew) as refused:
        countable(people(1, named) + people(100, nameless, None), PINNED)

    assert refused.value.args == (told,)


def test_members_without_a_result_are_never_counted() -> None:
    members = [*people(1, 5), *(member(person, None) for person in range(50, 60)), member(61)]

    assert persons(members) == [1, 2, 3, 4, 5]


def test_five_results_of_fewer_nameless_people_do_not_count() -> None:
    members = people(1, 5) + twice(100, 3, None)

    assert persons(members) == [1, 2, 3, 4, 5]


def test_latest_result_that_came_in_a_whole_lot_counts_for_the_nameless() -> None:
    nameless = twice(100, 6, None)

    found = countable(nameless, PINNED)

    assert [result.attempt_id for result in found] == [
        *(m.readings[1].attempt_id for m in nameless[:4]),
        *(m.readings[0].attempt_id for m in nameless[4:]),
    ]


def test_result_brought_along_by_a_newcomer_waits_for_the_next_lot_too() -> None:
    before = people(100, 5, None)
    newcomer = member(90, None, reading(90, finished_at=NOW - 20 * DAY), joined_at=NOW + 9 * DAY)

    assert persons([newcomer, *before]) == persons(before)


def everything(members: list[Member], now: datetime = NOW) -> tuple[object, ...]:
    """Return all that a coach sees of results: sums, levels, growth, topics, and reasons for attention."""

    def told(find: object) -> object:
        try:
            return find() if callable(find) else None
        except TooFew as refused:
            return refused.args

    def teach() -> list[Topic]:
        return topics([result.scores for result in countable(members, PINNED)], PINNED)

    return (
        told(lambda: spreads(countable(members, PINNED), PINNED)),
        told(lambda: levels(countable(members, PINNED), PINNED)),
        told(lambda: rounds(members, PINNED)),
        told(teach),
        [(one.flag, one.members) for one in concerns(members, now=now)],
        [as_shared(m) for m in members if m.shares],
    )


@CALM
@given(st.integers(0, 9), st.integers(0, 4), st.integers(0, 2), st.booleans())
def test_nameless_below_the_floor_change_nothing_that_is_told_of_results(
    named: int, nameless: int, lots: int, again: bool
) -> None:
    make = twice if again else people
    seen = make(1, named)
    whole = make(100, 5 * lots, None)
    more = [replace(m, joined_at=NOW + 9 * DAY) for m in people(200, nameless, None)]

    assert everything(seen + whole + more) == everything(seen + whole)
    assert everything(seen + whole + more[:-1]) == everything(seen + whole + more)


@CALM
@given(st.permutations(range(12)))
def test_order_of_the_members_does_not_decide_who_counts(order: list[int]) -> None:
    members = people(1, 3) + people(100, 9, None)

    assert sorted(persons([members[i] for i in order])) == [1, 2, 3, 100, 101, 102, 103, 104]


def test_spread_tells_mean_error_and_zones() -> None:
    points = (20.0, 49.9, 50.0, 63.0, 90.0)
    results = [reading(n, scores=score) for n, score in enumerate(points)]

    found = spreads(results, PINNED)

    assert [spread.dimension for spread in found] == list(OWNER_DIMENSIONS)
    assert replace(found[0], mean=0, error=0) == Spread(Dimension.DEVICES, 0, 0, (2, 1, 2))
    assert (found[0].mean, found[0].error) == pytest.approx((54.58, stdev(points) / 5**0.5))


@CALM
@given(st.lists(st.floats(0, 100), min_size=5, max_size=30))
def test_zones_hold_everybody_once(points: list[float]) -> None:
    results = [reading(n, scores=score) for n, score in enumerate(points)]

    for spread in spreads(results, PINNED):
        assert sum(spread.zones) == len(points)
        assert spread.zones[0] == sum(score < 50 for score in points)
        assert spread.zones[2] == sum(score >= 63 for score in points)


def test_levels_name_each_level_of_today_and_no_other() -> None:
    results = [reading(n, level=level) for n, level in enumerate((1, 1, 3, 9))]

    assert levels(results, PINNED) == {1: 2, 2: 0, 3: 1, 4: 0}


def test_rounds_compare_the_first_with_the_latest_sitting() -> None:
    members = [
        member(n, "Sari", *(reading(n, sitting=k, theta=theta) for k, theta in enumerate((0.0, 5.0, 0.4))))
        for n in range(5)
    ]

    found = rounds([*members, *people(50, 3)], PINNED)

    error = 12.5 * (2 * 0.09) ** 0.5 / 5**0.5
    assert (found.growth.points, found.growth.standard_error) == pytest.approx((5.0, error))
    assert found.members == 5


@pytest.mark.parametrize(("named", "nameless"), [(4, 4), (0, 4), (4, 0)])
def test_rounds_of_too_few_are_not_told(named: int, nameless: int) -> None:
    with pytest.raises(TooFew):
        rounds(twice(1, named) + twice(100, nameless, None) + people(50, 9), PINNED)


def test_rounds_of_the_nameless_come_in_lots_too() -> None:
    members = twice(1, 5) + twice(100, 5, None)

    assert rounds(members, PINNED).members == 10
    assert rounds([*members, *twice(200, 1, None)], PINNED) == rounds(members, PINNED)
