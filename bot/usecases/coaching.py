"""What a coach sees of a group, and what it says to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.core.access import Act, Viewer
from bot.core.cohort import Member, Rounds, Spread, Step, as_shared, countable, funnel, levels, rounds, spreads
from bot.core.group import Group, GroupId
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import PersonId
from bot.core.profile import Certainty, GateColour, Profile
from bot.core.release import Module, Release, SessionScript, ZoneBand
from bot.core.topics import Scores, TooFew, Topic, topics
from bot.core.triage import Concern, concerns, next_lesson
from bot.store import groups, lessons, members
from bot.store.groups import GroupCoach
from bot.usecases import grouping, readings
from bot.usecases.library import Library

PLAN_TOPICS = 2
LESSONS_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group with its members as the viewer may see them: of who shares no name nothing but that they are there.

    `is_run` tells that the viewer coaches it, `is_led` that they lead it.
    """

    group: Group
    release: Release
    members: tuple[Member, ...]
    invited: int
    is_run: bool
    is_led: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """What a group says as a whole, from so many results."""

    results: int
    spreads: tuple[Spread, ...]
    levels: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """The first screen of a group: the road so far, who waits, reasons for attention, and sums where they may be told.

    `sums` and `rounds` are None where they would give somebody away; `results` counts all who finished.
    """

    cohort: Cohort
    funnel: Mapping[Step, int]
    waiting: int
    concerns: tuple[Concern, ...]
    results: int
    sums: Sums | None
    rounds: Rounds | None
    coaches: tuple[GroupCoach, ...]


@dataclass(frozen=True, slots=True)
class Mirror:
    """One dimension in the coach's mirror: the coach's own zone beside the group's mean and its zone."""

    dimension: Dimension
    own: ZoneBand
    group_mean: float
    group: ZoneBand
    together: bool


@dataclass(frozen=True, slots=True)
class PlanTopic:
    """A topic of a session, with the lesson to rest it on and the script of what to do."""

    topic: Topic
    module: Module | None
    script: SessionScript | None


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What to teach next: at most two topics for one meeting of thirty minutes."""

    group: Group
    release: Release
    results: int
    topics: tuple[PlanTopic, ...]
    is_run: bool


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member who shares name and result, as the group's coach sees them; no answer is in it."""

    group: Group
    member: Member
    release: Release
    profile: Profile | None
    done: tuple[Module, ...]
    opened: tuple[Module, ...]


class NothingToMirror(Exception):
    """The coach has no result of their own yet."""


def cohort(session: Session, *, viewer: Viewer, group_id: GroupId, act: Act, library: Library) -> Cohort:
    """Load a group with its members in a bounded number of queries; refuses with NotForYou.

    To an admin, who may see sums only, nobody has a name.
    """
    found = _whole(session, viewer, group_id, act, library)
    return replace(found, members=tuple(map(as_shared, found.members)))


def _whole(session: Session, viewer: Viewer, group_id: GroupId, act: Act, library: Library) -> Cohort:
    """Load a group with the results of all its members, to be summed up; it must not leave this module."""
    seen = grouping.permitted(session, viewer=viewer, group_id=group_id, act=act)
    everybody = members.cohort(session, group_id)
    return Cohort(
        group=seen.group,
        release=library.current(session),
        members=tuple(everybody if seen.is_run else [replace(m, first_name=None) for m in everybody]),
        invited=members.invited_count(session, group_id),
        is_run=seen.is_run,
        is_led=seen.is_led,
    )


def overview(session: Session, *, viewer: Viewer, group_id: GroupId, library: Library, now: datetime) -> Overview:
    """Return the first screen of a group; refuses with NotForYou."""
    found = _whole(session, viewer, group_id, Act.SEE_SUMS, library)
    waiting = members.count(session, group_id) - len(found.members)
    return Overview(
        cohort=replace(found, members=tuple(map(as_shared, found.members))),
        funnel=funnel(found.members, invited=found.invited),
        waiting=waiting,
        concerns=tuple(concerns(found.members, now=now)) if found.is_run else (),
        results=sum(bool(m.readings) for m in found.members),
        sums=_sums(found),
        rounds=_rounds(found),
        coaches=tuple(groups.coaches(session, group_id)),
    )


def _sums(found: Cohort) -> Sums | None:
    try:
        results = countable(found.members, found.release)
    except TooFew:
        return None
    return Sums(len(results), tuple(spreads(results, found.release)), levels(results, found.release))


def _rounds(found: Cohort) -> Rounds | None:
    try:
        return rounds(found.members, found.release)
    except TooFew:
        return None


def triage(session: Session, *, viewer: Viewer, group_id: GroupId, library: Library, now: datetime) -> list[Concern]:
    """Return who needs attention, by reason, the most urgent first; refuses with NotForYou."""
    found = _whole(session, viewer, group_id, Act.SEE_MEMBERS, library)
    return concerns(found.members, now=now)


def roll(session: Session, *, viewer: Viewer, group_id: GroupId, library: Library) -> tuple[Member, ...]:
    """Return all members, those who share a name first and by it; refuses with NotForYou."""
    return cohort(session, viewer=viewer, group_id=group_id, act=Act.SEE_MEMBERS, library=library).members


def lesson_for(concern: Concern, *, release: Release, now: datetime) -> Module | None:
    """Return the lesson that answers a reason for attention; None where a reminder does."""
    return next_lesson(concern.flag, release, today=now.date())


def session_plan(
    session: Session, *, viewer: Viewer, group_id: GroupId, library: Library, now: datetime
) -> SessionPlan:
    """Plan the next meeting around the two most teachable gaps; refuses with NotForYou, and with TooFew results."""
    found = _whole(session, viewer, group_id, Act.SEE_SUMS, library)
    results = countable(found.members, found.release)
    own = own_scores(session, viewer=viewer, library=library)
    chosen = topics([r.scores for r in results], found.release, coach=own)[:PLAN_TOPICS]
    planned = tuple(_planned(found.release, topic, now) for topic in chosen)
    return SessionPlan(found.group, found.release, len(results), planned, found.is_run)


def _planned(release: Release, topic: Topic, now: datetime) -> PlanTopic:
    return PlanTopic(topic, _lesson(release, topic, now), release.sessions.get(topic.dimension))


def _lesson(release: Release, topic: Topic, now: datetime) -> Module | None:
    """Return the lesson that starts nearest to where the group stands, the easier one first; none that is stale."""
    mean = release.rules.goal_cut - topic.gap
    step = max((level.number for level in release.levels if level.cut_score <= mean), default=1)
    here = [m for m in release.modules if m.dimension is topic.dimension and m.is_current(now.date())]
    return min(here, key=lambda m: (m.promotion, abs(m.steps_from - step), m.code), default=None)


def own_scores(session: Session, *, viewer: Viewer, library: Library) -> Scores | None:
    """Return the viewer's own scale points by dimension of owners, which coaches are asked about too; None without a
    result of their form.
    """
    me = viewer.person
    found = readings.latest_profile(session, owner=me.id, library=library, form=me.form)
    return None if found is None else {d: found.zones[d].scale_score for d in OWNER_DIMENSIONS}


def mirror(session: Session, *, viewer: Viewer, group_id: GroupId, library: Library) -> list[Mirror]:
    """Put the coach's own zones beside the group's (R9); refuses with NotForYou, TooFew, or NothingToMirror."""
    found = _whole(session, viewer, group_id, Act.RUN, library)
    own = own_scores(session, viewer=viewer, library=library)
    if own is None:
        raise NothingToMirror
    release = found.release
    return [
        Mirror(
            dimension=spread.dimension,
            own=_zone(release, own[spread.dimension]),
            group_mean=spread.mean,
            group=_zone(release, spread.mean),
            together=own[spread.dimension] < release.rules.goal_cut,
        )
        for spread in spreads(countable(found.members, release), release)
    ]


def _zone(release: Release, scale_score: float) -> ZoneBand:
    return [band for band in release.zones if scale_score >= band.cut_score or band is release.zones[0]][-1]


def member(session: Session, *, viewer: Viewer, group_id: GroupId, person_id: PersonId, library: Library) -> MemberView:
    """Return one member who shares name and result; refuses with NotForYou anybody else, known or not."""
    seen = grouping.permitted(session, viewer=viewer, group_id=group_id, act=Act.SEE_MEMBERS)
    found = next(iter(members.cohort(session, group_id, only=person_id)), None)
    if found is None or not found.shares:
        raise grouping.NotForYou(group_id)
    release = library.current(session)
    opened = lessons.owned(session, person_id)
    known = release.module_by_code
    return MemberView(
        group=seen.group,
        member=found,
        release=release,
        profile=_without_answers(readings.latest_profile(session, owner=person_id, library=library)),
        done=tuple(known[one.module_code] for one in opened if one.done_at and one.module_code in known),
        opened=tuple(known[one.module_code] for one in opened if not one.done_at and one.module_code in known),
    )


def lessons_for(found: MemberView, *, now: datetime) -> tuple[Module, ...]:
    """Return lessons that a member could do next: one of each of the three lowest dimensions, none done or stale."""
    if found.member.latest is None:
        return ()
    scores = found.member.latest.scores
    lowest = sorted(scores, key=lambda d: (scores[d], d))
    gate_is_open = found.member.latest.gate is GateColour.GREEN
    offered: list[Module] = []
    for dimension in lowest:
        here = [
            m
            for m in found.release.modules
            if m.dimension is dimension
            and m not in found.done
            and m.is_current(now.date())
            and (gate_is_open or not m.promotion)
        ]
        offered.extend(sorted(here, key=lambda m: (m.steps_from, m.code))[:1])
    return tuple(offered[:LESSONS_OFFERED])


def _without_answers(found: Profile | None) -> Profile | None:
    return (
        None
        if found is None
        else replace(found, certainty=Certainty(found.certainty.sure, (), found.certainty.guessed, ()))
    )
