"""What a group needs next: means and shares, never who stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.release import Release
from bot.core.topics import TooFew, Topic, topics
from tests.core.builders import CALM, RULES, form, release

O1, O2, O3, *_ = OWNER_DIMENSIONS
POINTS = st.floats(0, 100)


Scores = Mapping[Dimension, float]


def member(scores: Scores, elsewhere: float = 60) -> Scores:
    """Return someone with these scale scores."""
    return {d: scores.get(d, elsewhere) for d in OWNER_DIMENSIONS}


def group(*scores: float) -> list[Scores]:
    """Return a group with these scores in devices, and well elsewhere."""
    return [member({O1: score}) for score in scores]


def topic(*scores: float, pinned: Release | None = None) -> Topic:
    (found,) = topics(group(*scores), pinned or release())
    return found


@pytest.mark.parametrize("count", range(5))
def test_group_of_fewer_than_five_is_never_summed_up(count: int) -> None:
    with pytest.raises(TooFew):
        topics(group(*[30.0] * count), release())


@CALM
@given(st.lists(st.builds(member, st.dictionaries(st.sampled_from(OWNER_DIMENSIONS), POINTS)), max_size=4))
def test_small_group_reveals_nothing_whatever_its_members_know(members: list[Scores]) -> None:
    with pytest.raises(TooFew):
        topics(members, release(), coach=member({}))


def test_topic_tells_the_mean_gap_and_the_share_below_the_cut() -> None:
    found = topic(40, 45, 55, 60, 30)

    assert found.gap == pytest.approx((10 + 5 + 20) / 5)
    assert replace(found, gap=0) == Topic(O1, 0, 0.6, (), False)


@pytest.mark.parametrize(("below", "wanted"), [(2, True), (1, False), (0, False)])
def test_topic_is_what_enough_members_lack(below: int, wanted: bool) -> None:
    found = topics(group(*[30.0] * below, *[60.0] * (5 - below)), release())

    assert [one.dimension for one in found] == ([O1] if wanted else [])


def test_larger_gap_comes_first_and_a_tie_goes_by_the_order_of_dimensions() -> None:
    members = [member({O1: 45, O2: 30, O3: 45})] * 5

    assert [one.dimension for one in topics(members, release())] == [O2, O1, O3]


def test_teachability_weighs_the_gap() -> None:
    plans = tuple(replace(p, teachability=3.0 if p.dimension is O3 else 1.0) for p in form().dimensions)
    pinned = release(shape=replace(form(), dimensions=plans))

    assert [one.dimension for one in topics([member({O1: 40, O3: 45})] * 5, pinned)] == [O3, O1]


@pytest.mark.parametrize(("score", "together"), [(49.0, True), (50.0, False), (70.0, False)])
def test_topic_below_which_the_coach_stands_too_is_taught_together(score: float, together: bool) -> None:
    members = group(*[30.0] * 5)

    (with_coach,) = topics(members, release(), coach=member({O1: score}))
    (without,) = topics(members, release())

    assert (with_coach.together, without.together) == (together, False)


def test_group_of_two_kinds_is_told_as_two_parts_the_lower_first() -> None:
    low, high = topic(20, 21, 22, 23, 24, 70, 71, 72, 73, 74).parts

    assert (low.members, high.members) == (5, 5)
    assert [low.mean, high.mean] == pytest.approx([22, 72])


def test_part_too_small_to_be_summed_up_is_not_shown() -> None:
    assert topic(20, 21, 22, 23, 70, 71, 72, 73, 74).parts == ()


@pytest.mark.parametrize(
    "scores",
    [(30, 30, 30, 30, 30), (10, 20, 30, 40, 45, 49), (10, 45, 45, 46, 46, 46, 47, 47)],
    ids=["all alike", "an even spread", "one who stands alone"],
)
def test_group_of_one_kind_is_not_split(scores: tuple[float, ...]) -> None:
    assert topic(*scores).parts == ()


def test_group_too_small_for_its_least_parts_is_not_split() -> None:
    rules = replace(RULES, group_part=0.6)

    assert topic(*[10.0] * 6, *[49.0] * 6, pinned=release(rules=rules)).parts == ()
    assert len(topic(*[10.0] * 6, *[49.0] * 6).parts) == 2


@CALM
@given(st.lists(POINTS, min_size=5, max_size=24))
def test_parts_hold_everybody_once_and_none_is_too_small(scores: list[float]) -> None:
    rules = replace(RULES, group_below=0.0)

    found = topics(group(*scores), release(rules=rules))

    assert len(found) == len(OWNER_DIMENSIONS)
    for parts in (one.parts for one in found if one.parts):
        low, high = parts
        assert low.members + high.members == len(scores)
        assert min(low.members, high.members) >= max(rules.group_fewest, round(rules.group_part * len(scores)))
        assert low.mean < high.mean


@CALM
@given(st.lists(st.integers(0, 100), min_size=5, max_size=24))
def test_order_of_the_members_tells_nothing(scores: list[int]) -> None:
    one, other = (topics(group(*turned), release()) for turned in (scores, scores[::-1]))

    assert [(t.dimension, t.share_below, t.parts, t.together) for t in one] == [
        (t.dimension, t.share_below, t.parts, t.together) for t in other
    ]
    assert [t.gap for t in one] == pytest.approx([t.gap for t in other])
