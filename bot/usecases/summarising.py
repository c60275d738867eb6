"""A coach's week: what happened in all groups, who needs attention, and one thing to do next; read when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.cohort import Member, countable
from bot.core.delivery import WEEK, Kind
from bot.core.group import Group
from bot.core.release import Release
from bot.core.topics import TooFew, topics
from bot.core.triage import Concern, concerns
from bot.core.week import QUIET_PAUSE, NextStep, Week, liveliest, next_step
from bot.store import deliveries, members, weeks
from bot.store.groups import GroupLine
from bot.usecases import grouping

CONCERNS_TOLD = 2


@dataclass(frozen=True, slots=True)
class GroupWeek:
    """One group's week: what happened, the most urgent reasons for attention, how many could be reminded to
    finish, and what to do next; `topic` names what to meet over, where the group is large enough to say.
    """

    group: Group
    week: Week
    concerns: tuple[Concern, ...]
    waiting: int
    unfinished: int
    step: NextStep
    topic: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A coach's week: the groups with the most news, and how many others there are; no group where nothing happened."""

    groups: tuple[GroupWeek, ...]
    others: int


def summary(session: Session, *, viewer: Viewer, release: Release, now: datetime) -> Summary | None:
    """Return a coach's week, in a number of queries that does not grow with groups or members.

    None where there is nothing to say: no group, or nothing happened and the coach was told of that, or of a week, in
    the last four. Names are only those that members share.
    """
    lines = {line.group.id: line for line in grouping.mine(session, viewer=viewer)}
    happened = weeks.between(session, lines, since=now - WEEK, until=now)
    told = liveliest(happened)
    if not told and (not lines or _was_told(session, viewer, now)):
        return None
    found = tuple(_group_week(session, lines[group], happened[group], release, now) for group in told)
    return Summary(found, others=len(lines) - len(found))


def _was_told(session: Session, viewer: Viewer, now: datetime) -> bool:
    last = deliveries.last_came(session, viewer.person.id, Kind.WEEKLY)
    return last is not None and now - last < QUIET_PAUSE


def _group_week(session: Session, line: GroupLine, week: Week, release: Release, now: datetime) -> GroupWeek:
    everybody = members.cohort(session, line.group.id)
    unfinished = sum(1 for m in everybody if m.latest is None and m.reachable and not m.muted)
    topic = _topic(everybody, release)
    step = next_step(members=len(everybody), waiting=line.waiting, unfinished=unfinished, has_topic=topic is not None)
    return GroupWeek(
        group=line.group,
        week=week,
        concerns=tuple(concerns(everybody, now=now)[:CONCERNS_TOLD]),
        waiting=line.waiting,
        unfinished=unfinished,
        step=step,
        topic=topic,
    )


def _topic(everybody: list[Member], release: Release) -> str | None:
    """Name what the group's session plan begins with; None where too few have a result, or nothing is missing."""
    try:
        found = topics([result.scores for result in countable(everybody, release)], release)
    except TooFew:
        return None
    return release.form.plan(found[0].dimension).short_name if found else None
