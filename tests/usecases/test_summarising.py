"""A coach's week: which groups it tells of, whose names are in it, when it says nothing, and what it costs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.delivery import Delivery, DeliveryId, Kind, Outcome
from bot.core.group import GroupId
from bot.core.person import Person, Role
from bot.core.triage import Flag
from bot.core.week import NextStep, Week
from bot.store import deliveries
from bot.store.tables import LessonRow
from bot.usecases import accounts, grouping, joining, summarising
from bot.usecases.joining import Sharing
from bot.usecases.summarising import Summary
from tests.usecases.cast import Cast

DAY = timedelta(days=1)


@pytest.fixture
def later(cast: Cast) -> Cast:
    """Return the cast ten days on, so that nothing of its making is news."""
    cast.world.now += 10 * DAY
    return cast


def summary(cast: Cast, viewer: Viewer | None = None) -> Summary | None:
    world = cast.world
    return world.do(
        lambda s: summarising.summary(s, viewer=viewer or cast.joko, release=world.library.current(s), now=world.now)
    )


def has_result(cast: Cast, owner: Person, days_ago: float, **result: object) -> None:
    cast.has_result(owner, at=cast.world.now - timedelta(days=days_ago), **result)  # type: ignore[arg-type]


def opens_group(cast: Cast, name: str) -> GroupId:
    world = cast.world
    return world.do(lambda s: grouping.create(s, viewer=cast.joko, name=name, new_token=cast.tokens, now=world.now)).id


def was_told(cast: Cast, at: datetime, outcome: Outcome) -> None:
    owed = Delivery(cast.joko.person.id, f"mingguan:{at}", Kind.WEEKLY, at)
    cast.is_owed(owed)
    number = DeliveryId(cast.owed(Kind.WEEKLY)[-1].id or 0)
    cast.world.do(lambda s: deliveries.settle(s, number, outcome, at))


def test_week_counts_what_happened_in_seven_days_and_in_the_group_alone(later: Cast) -> None:
    has_result(later, later.sari, 6.9)
    has_result(later, later.dewi, 7.1)
    has_result(later, later.budi, 1)
    later.joins(5000, 1)

    found = summary(later)

    assert found is not None
    assert [(one.group.id, one.week) for one in found.groups] == [(later.id, Week(joined=1, begun=1, finished=1))]
    assert found.others == 0


def test_week_counts_lessons_done_and_who_did_them(later: Cast) -> None:
    world = later.world
    release = world.do(world.library.current).id
    done = world.now - DAY

    def opens(session: Session) -> None:
        for owner, code, done_at in ((later.sari, "M-1", done), (later.sari, "M-2", done), (later.dewi, "M-1", None)):
            lesson = LessonRow(
                person_id=owner.id, module_code=code, release_id=release, opened_at=done, done_at=done_at
            )
            session.add(lesson)

    world.do(opens)

    found = summary(later)

    assert found is not None
    assert found.groups[0].week == Week(learners=1, lessons=2)


def test_three_groups_with_most_news_are_told_and_the_others_counted(later: Cast) -> None:
    names = ("Sepi", "Satu", "Dua", "Tiga", "Empat")
    made = {name: opens_group(later, name) for name in names}
    for size, name in enumerate(names):
        for n in range(size):
            joins(later, later.world.joins(6000 + 10 * size + n, f"Anggota {n}"), made[name])

    found = summary(later)

    assert found is not None
    assert [one.group.name for one in found.groups] == ["Empat", "Tiga", "Dua"]
    assert found.others == 3


def joins(cast: Cast, owner: Person, group_id: GroupId) -> None:
    world = cast.world
    group = world.do(lambda s: grouping.look(s, viewer=cast.joko, group_id=group_id)).group
    cast.enters(owner, group)


def test_names_are_of_those_who_share(later: Cast) -> None:
    for owner in (later.sari, later.dewi):
        has_result(later, owner, 1, scam_risk=True)
    nameless = later.joins(5000, 1, Sharing.SUMS)
    later.world.now += 4 * DAY

    found = summary(later)

    assert found is not None
    (told,) = found.groups
    assert [(one.flag, [m.first_name for m in one.members], one.nameless) for one in told.concerns] == [
        (Flag.SCAM, ["Sari"], 0),
        (Flag.NOT_BEGUN, [], 1),
    ]
    assert len(nameless) == told.unfinished == 1


def test_next_step_is_the_session_plan_once_five_have_a_result(later: Cast) -> None:
    people = later.joins(5000, 5)
    steps = []
    world = later.world
    for owner in people:
        has_result(later, owner, 1, scores=30.0)
        found = summary(later)
        assert found is not None
        steps.append((found.groups[0].step, found.groups[0].topic is not None))
    world.do(lambda s: grouping.turn_down(s, viewer=later.joko, group_id=later.id, person_id=later.budi.id))
    settled = summary(later)

    assert steps == [*[(NextStep.ADMIT, False)] * 4, (NextStep.ADMIT, True)]
    assert settled is not None
    assert (settled.groups[0].step, settled.groups[0].topic is not None) == (NextStep.MEET, True)


def test_who_wants_no_reminders_is_not_counted_as_to_be_reminded(later: Cast) -> None:
    later.world.do(lambda s: joining.mute(s, owner=later.sari, group_id=later.id, muted=True))
    later.joins(5000, 1)

    found = summary(later)

    assert found is not None
    assert found.groups[0].unfinished == 2  # Bu Dewi and the new one


@pytest.mark.parametrize(
    ("days_ago", "outcome", "is_told"),
    [
        (27, Outcome.SENT, False),
        (27, Outcome.AMBIGUOUS, False),
        (28, Outcome.SENT, True),
        (7, Outcome.SUPERSEDED, True),
        (7, Outcome.FAILED, True),
    ],
)
def test_quiet_week_is_told_once_in_four_weeks(later: Cast, days_ago: int, outcome: Outcome, is_told: bool) -> None:
    later.world.now += 30 * DAY
    was_told(later, later.world.now - days_ago * DAY, outcome)

    assert summary(later) == (Summary((), others=1) if is_told else None)


def test_quiet_week_without_a_group_is_not_told(later: Cast) -> None:
    assert [summary(later, viewer) for viewer in (later.agus, Viewer(later.sari), later.maya)] == [None] * 3


def test_coach_no_more_is_told_nothing(later: Cast) -> None:
    later.joins(5000, 1)
    joko = later.joko.person
    owner = later.world.do(lambda s: accounts.choose_role(s, owner=joko, role=Role.OWNER))

    assert (summary(later) is None, summary(later, Viewer(owner))) == (False, None)


def test_queries_grow_neither_with_members_nor_with_groups(later: Cast) -> None:
    for name in ("Satu", "Dua"):
        joins(later, later.world.joins(6000 + len(name), name), opens_group(later, name))
    later.joins(5000, 1)
    few = count_queries(later)
    for n, name in enumerate(("Tiga", "Empat", "Lima")):
        joins(later, later.world.joins(6100 + n, name), opens_group(later, name))
    later.joins(5100, 30)

    assert (few, count_queries(later)) == (12, 12)


def count_queries(cast: Cast) -> int:
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = cast.world.database.engine
    summary(cast)
    event.listen(engine, "before_cursor_execute", note)
    try:
        summary(cast)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.lstrip().startswith("SELECT") for statement in asked)
