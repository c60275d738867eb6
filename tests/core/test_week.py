"""What a week brought, in whole lots where others read along, and what to do next."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.core.group import GroupId
from bot.core.week import NextStep, Week, liveliest, next_step


def test_week_in_lots_tells_whole_lots_of_people_and_no_lessons() -> None:
    week = Week(joined=4, begun=5, finished=9, learners=10, lessons=23)

    told = week.in_lots(5)

    assert told == Week(joined=0, begun=5, finished=5, learners=10)


def test_week_in_lots_changes_only_by_whole_lots() -> None:
    told = [Week(finished=count).in_lots(5).finished for count in range(40)]

    assert {after - before for before, after in pairwise(told)} == {0, 5}


@pytest.mark.parametrize(
    ("members", "waiting", "unfinished", "has_topic", "step"),
    [
        (9, 1, 9, True, NextStep.ADMIT),
        (0, 0, 0, False, NextStep.INVITE),
        (9, 0, 3, True, NextStep.MEET),
        (9, 0, 3, False, NextStep.REMIND),
        (9, 0, 0, False, NextStep.GO_ON),
    ],
)
def test_next_step_most_urgent_first(
    members: int, waiting: int, unfinished: int, has_topic: bool, step: NextStep
) -> None:
    found = next_step(members=members, waiting=waiting, unfinished=unfinished, has_topic=has_topic)

    assert found is step


def test_liveliest_three_groups_with_news() -> None:
    news = (1, 0, 4, 2, 3)

    found = liveliest({GroupId(n): Week(finished=count) for n, count in enumerate(news)})

    assert found == [2, 4, 3]


def test_liveliest_nothing_happened() -> None:
    assert liveliest({GroupId(1): Week()}) == []
