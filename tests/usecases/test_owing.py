"""Messages owed at the moment of sending: what is still wanted, what ends unsent, and what waits for the morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.delivery import Kind, Outcome
from bot.core.group import Group
from bot.core.person import Person, Role
from bot.usecases import accounts, grouping, joining, owing, reminding
from bot.usecases.reminding import Whom
from tests.core.builders import best, worst
from tests.usecases.cohort import coach, due, enters, group_of, outcomes, owes
from tests.usecases.world import World, document

LESSON = "M-O2-cek-mutasi"
EVENING = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
"""20.30 WIB."""
NEXT_MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""08.00 WIB."""


@pytest.fixture
def viewer(world: World) -> Viewer:
    return coach(world)


@pytest.fixture
def group(world: World, viewer: Viewer, sari: Person) -> Group:
    """Pak Joko's group with Bu Sari in it."""
    made = group_of(world, viewer)
    enters(world, sari, made)
    return made


def reminds(world: World, viewer: Viewer, group: Group) -> int:
    return world.do(lambda s: reminding.remind(s, viewer=viewer, group_id=group.id, now=world.now))


def promotion_lesson() -> str:
    return next(module.code for module in document().modules if module.promotion)


def test_nudge_says_who_reminds_of_what(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    reminds(world, viewer, group)

    (owed,) = due(world)

    assert (owed.kind, owed.person, owed.sender_name, owed.group_name) == (Kind.NUDGE, sari, "Joko", "Warung Ceria")
    assert (owed.group_id, owed.owed_at, owed.module) == (group.id, world.now, None)
    assert (owed.minutes, owed.has_begun) == (document().form.minutes, False)
    assert outcomes(world) == [None]


def test_nudge_knows_that_a_sitting_is_under_way(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    world.begins(sari)
    reminds(world, viewer, group)

    assert [owed.has_begun for owed in due(world)] == [True]


def test_lesson_comes_with_its_module(world: World, viewer: Viewer, group: Group) -> None:
    world.do(
        lambda s: reminding.send_lesson(
            s,
            viewer=viewer,
            group_id=group.id,
            module_code=LESSON,
            whom=Whom.EVERYBODY,
            library=world.library,
            now=world.now,
        )
    )

    (owed,) = due(world)

    assert owed.module is not None
    assert (owed.module.code, owed.minutes) == (LESSON, owed.module.minutes)


def test_messages_come_by_the_time_they_are_due_and_not_before(world: World, sari: Person, joko: Person) -> None:
    owes(world, joko, key="second")
    world.now -= timedelta(hours=1)
    owes(world, sari)
    world.now += timedelta(hours=2)
    owes(world, sari, key="third")
    world.now -= timedelta(hours=1)

    assert [owed.person for owed in due(world)] == [sari, joko]
    assert [owed.person for owed in due(world, limit=1)] == [sari]


def test_settled_message_is_not_due_and_keeps_its_first_ending(world: World, sari: Person) -> None:
    owes(world, sari)
    (owed,) = due(world)

    world.do(lambda s: owing.settle(s, delivery_id=owed.id, outcome=Outcome.SENT, now=world.now))
    world.do(lambda s: owing.settle(s, delivery_id=owed.id, outcome=Outcome.FAILED, now=world.now))

    assert (due(world), outcomes(world)) == ([], ["sent"])


def test_message_put_off_is_due_later(world: World, sari: Person) -> None:
    owes(world, sari)
    (owed,) = due(world)
    until = world.now + timedelta(minutes=1)

    world.do(lambda s: owing.try_again(s, delivery_id=owed.id, tries=owed.tries, now=world.now))
    at_once, world.now = due(world), until

    assert (at_once, [again.id for again in due(world)]) == ([], [owed.id])


def finishes(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    world.finishes(sari, worst)


def mutes(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    world.do(lambda s: joining.mute(s, owner=sari, group_id=group.id, muted=True))


def leaves(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    world.do(lambda s: joining.leave(s, owner=sari, group_id=group.id, now=world.now))


def is_archived(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    world.do(lambda s: grouping.archive(s, viewer=viewer, group_id=group.id, now=world.now))


def begins_and_stops(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    world.stops(sari, world.begins(sari).attempt.id)


Event = Callable[[World, Viewer, Group, Person], None]


@pytest.mark.parametrize("event", [finishes, mutes, leaves, is_archived])
def test_nudge_is_dropped_after(event: Event, world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    reminds(world, viewer, group)
    event(world, viewer, group, sari)

    assert (due(world), outcomes(world)) == ([], ["superseded"])


def test_nudge_is_still_wanted_after_a_sitting_was_stopped(
    world: World, viewer: Viewer, group: Group, sari: Person
) -> None:
    reminds(world, viewer, group)
    begins_and_stops(world, viewer, group, sari)

    assert [(owed.kind, owed.has_begun) for owed in due(world)] == [(Kind.NUDGE, False)]


def test_nudge_is_still_wanted_when_another_group_is_muted(
    world: World, viewer: Viewer, group: Group, sari: Person
) -> None:
    other = group_of(world, viewer, "Pasar Baru")
    enters(world, sari, other)
    reminds(world, viewer, group)
    mutes(world, viewer, other, sari)

    assert [owed.group_id for owed in due(world)] == [group.id]


@pytest.mark.parametrize("event", [mutes, leaves, is_archived])
def test_lesson_is_dropped_after(event: Event, world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    owes(world, sari, Kind.LESSON, group, module_code=LESSON)
    event(world, viewer, group, sari)

    assert (due(world), outcomes(world)) == ([], ["superseded"])


def test_lesson_is_still_wanted_after_the_assessment(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    owes(world, sari, Kind.LESSON, group, module_code=LESSON)
    finishes(world, viewer, group, sari)

    assert [owed.kind for owed in due(world)] == [Kind.LESSON]


def test_lesson_that_is_gone_is_dropped(world: World, group: Group, sari: Person) -> None:
    owes(world, sari, Kind.LESSON, group, module_code="M-O2-tidak-ada")

    assert (due(world), outcomes(world)) == ([], ["superseded"])


def test_lesson_whose_facts_have_aged_is_dropped(world: World, group: Group, sari: Person) -> None:
    owes(world, sari, Kind.LESSON, group, module_code=LESSON)
    module = next(module for module in document().modules if module.code == LESSON)
    last = min(source.review_by for source in module.sources)

    world.now = at(last)
    on_the_last_day = [owed.kind for owed in due(world)]
    world.now += timedelta(days=1)

    assert (on_the_last_day, due(world), outcomes(world)) == ([Kind.LESSON], [], ["superseded"])


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


@pytest.mark.parametrize(("choose", "ended"), [(worst, "superseded"), (best, None)])
def test_lesson_on_selling_waits_for_the_gate(
    world: World, group: Group, sari: Person, choose: Callable[..., object], ended: str | None
) -> None:
    world.finishes(sari, choose)  # type: ignore[arg-type]
    owes(world, sari, Kind.LESSON, group, module_code=promotion_lesson())

    assert len(due(world)) == (ended is None)
    assert outcomes(world) == [ended]


def test_nothing_is_sent_to_who_cannot_be_reached(world: World, viewer: Viewer, group: Group, sari: Person) -> None:
    reminds(world, viewer, group)
    owes(world, sari)
    world.do(lambda s: accounts.note_reachable(s, telegram_id=sari.telegram_id, reachable=False))

    assert (due(world), outcomes(world)) == ([], ["failed", "failed"])


def test_bot_that_was_blocked_takes_nothing_from_who_turned_to_another_meanwhile(world: World, sari: Person) -> None:
    for key in "ab":
        owes(world, sari, key=key)
    (through_the_first,) = due(world, 1)

    def turns_to_another(session: Session) -> None:
        owner, thread = accounts.meet(session, telegram_id=sari.telegram_id)
        assert owner is not None
        accounts.arrive(session, owner=owner, thread=thread, bot_id=2, now=world.now)

    world.do(turns_to_another)
    world.do(lambda s: owing.lose(s, owed=through_the_first, now=world.now))

    assert (outcomes(world), len(due(world))) == (["failed", None], 1)


def test_what_a_coach_sends_waits_for_the_morning_and_a_warning_does_not(
    world: World, group: Group, sari: Person
) -> None:
    """The process was away when it should have come, and is back in the evening."""
    owes(world, sari, Kind.NUDGE, group)
    owes(world, sari, Kind.LESSON, group, module_code=LESSON)
    owes(world, sari)

    world.now = EVENING
    in_the_evening = [owed.kind for owed in due(world)]
    world.now = NEXT_MORNING - timedelta(seconds=1)
    before_eight = [owed.kind for owed in due(world)]
    world.now = NEXT_MORNING

    assert (in_the_evening, before_eight) == ([Kind.SIGNED_IN], [Kind.SIGNED_IN])
    assert sorted(owed.kind for owed in due(world)) == [Kind.NUDGE, Kind.SIGNED_IN, Kind.LESSON]


def test_who_was_let_in_hears_of_it_unless_they_left(world: World, viewer: Viewer, sari: Person, joko: Person) -> None:
    group = group_of(world, viewer, approves=True)
    for owner in (sari, joko):
        enters(world, owner, group)
        world.do(
            lambda s, o=owner: grouping.admit(s, viewer=viewer, group_id=group.id, person_id=o.id, now=world.now)  # type: ignore[misc]
        )
    leaves(world, viewer, group, joko)

    assert [(owed.kind, owed.person) for owed in due(world) if owed.kind is Kind.ADMITTED] == [(Kind.ADMITTED, sari)]


def test_coach_hears_of_who_waits_only_while_somebody_does(world: World, viewer: Viewer, sari: Person) -> None:
    group = group_of(world, viewer, approves=True)
    enters(world, sari, group)
    while_waiting = [(owed.kind, owed.person, owed.group_name) for owed in due(world)]
    leaves(world, viewer, group, sari)

    assert while_waiting == [(Kind.REQUEST, viewer.person, "Warung Ceria")]
    assert (due(world), outcomes(world)) == ([], ["superseded"])


def test_coach_who_is_an_owner_now_hears_of_nobody_who_waits(world: World, viewer: Viewer, sari: Person) -> None:
    enters(world, sari, group_of(world, viewer, approves=True))
    world.do(lambda s: accounts.choose_role(s, owner=viewer.person, role=Role.OWNER))

    assert (due(world), outcomes(world)) == ([], ["superseded"])


@pytest.mark.parametrize("hands_over", [False, True])
def test_who_offered_the_group_hears_who_accepted(world: World, viewer: Viewer, hands_over: bool) -> None:
    group = group_of(world, viewer)
    other = coach(world, 2003, "Rani")
    token = world.do(
        lambda s: grouping.offer(
            s,
            viewer=viewer,
            group_id=group.id,
            hands_over=hands_over,
            new_token=lambda size: "x" * size,
            now=world.now,
        )
    )
    world.do(lambda s: grouping.accept(s, viewer=other, token=token, now=world.now))

    (owed,) = due(world)

    assert (owed.kind, owed.person, owed.sender_name) == (Kind.COACH_ADDED, viewer.person, "Rani")
    assert owed.is_coach is not hands_over
