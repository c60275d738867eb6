"""What a week brought to a coach's groups, and the one thing to do next in each.

Counts say how far people are on the road and are told to coaches of everybody, as on a group's first screen. Where
others read along, a count is told only in whole lots of the fewest that may be summed up: the sum before and the sum
after never tell of fewer people than a lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.core.group import GroupId

GROUPS_TOLD = 3
QUIET_PAUSE = timedelta(days=28)
"""How long nothing is said of groups in which nothing happens."""


@dataclass(frozen=True, slots=True)
class Week:
    """How many people of a group came in, began a sitting, finished one, and did a lesson with its act, between two
    moments; `lessons` counts the lessons that these `learners` did.
    """

    joined: int = 0
    begun: int = 0
    finished: int = 0
    learners: int = 0
    lessons: int = 0

    @property
    def news(self) -> int:
        """Return of how many people something is told, each as often as it is."""
        return self.joined + self.begun + self.finished + self.learners

    def in_lots(self, fewest: int) -> Week:
        """Return what may be told where others read along: people in whole lots of `fewest`, lessons not at all."""
        people = (self.joined, self.begun, self.finished, self.learners)
        joined, begun, finished, learners = (count - count % fewest for count in people)
        return Week(joined, begun, finished, learners)


class NextStep(StrEnum):
    """What a coach had better do next in a group, the most urgent first."""

    ADMIT = "admit"
    INVITE = "invite"
    MEET = "meet"
    REMIND = "remind"
    GO_ON = "go_on"


def next_step(*, members: int, waiting: int, unfinished: int, has_topic: bool) -> NextStep:
    """Return the one thing to do next: let in who waits, invite, meet over a topic (R8), or remind."""
    if waiting:
        return NextStep.ADMIT
    if not members:
        return NextStep.INVITE
    if has_topic:
        return NextStep.MEET
    return NextStep.REMIND if unfinished else NextStep.GO_ON


def liveliest(weeks: Mapping[GroupId, Week]) -> list[GroupId]:
    """Return the groups to tell of, those with the most news first; none in which nothing happened."""
    lively = [group for group, week in weeks.items() if week.news]
    return sorted(lively, key=lambda group: -weeks[group].news)[:GROUPS_TOLD]
