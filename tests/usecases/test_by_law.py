"""What the law wants told to everybody: to who allowed no announcement too, beside every limit, and once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.announcement import Circle, Progress, State, Wording
from bot.core.delivery import WEEKLY_MOST, Kind, Outcome
from bot.core.person import Person
from bot.store import announcements, audit
from bot.store.announcements import Reach
from bot.store.audit import MACHINE, Wanted
from bot.usecases import accounts, announcing, owing
from bot.usecases.announcing import ChangedMeanwhile, Refused, ToldBefore
from tests.usecases.cohort import coach, due, enters, group_of, outcomes, owes
from tests.usecases.news import (
    TOLD,
    admin,
    allows,
    crowd,
    drafts,
    owed_to,
    progress,
    seen,
    sends,
    spreads,
    tells_by_law,
)
from tests.usecases.world import World

LEAKED = "Data bocor."
BY_LAW = Wording(LEAKED, Circle.BY_LAW)
EVENING = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""08.00 WIB."""


@pytest.fixture
def ayu(world: World) -> Viewer:
    return admin(world)


def blocks(world: World, person: Person) -> None:
    world.do(lambda s: accounts.note_reachable(s, telegram_id=person.telegram_id, reachable=False))


def all_arrive(world: World) -> None:
    def settle(session: Session, owed: owing.Owed) -> None:
        owing.settle(session, delivery_id=owed.id, outcome=Outcome.SENT, now=world.now)

    for owed in due(world):
        world.do(partial(settle, owed=owed))


def test_everybody_who_can_be_reached_is_owed_it(world: World, sari: Person, joko: Person) -> None:
    allows(world, sari)
    gone = world.joins(1007, "Pergi")
    blocks(world, gone)

    one = tells_by_law(world)
    spreads(world)

    assert (joko.wants_news, owed_to(world, one)) == (False, sorted([sari.id, joko.id]))
    assert {(owed.kind, owed.news) for owed in due(world)} == {(Kind.BREACH, LEAKED)}


def test_count_before_it_is_sent_is_of_everybody(world: World, sari: Person, joko: Person) -> None:
    allows(world, sari)
    blocks(world, world.joins(1007, "Pergi"))

    found = world.do(lambda s: (announcements.reach(s, BY_LAW, world.now), announcements.out_of_reach(s)))

    assert found == (Reach(meant=2, allowing=2, resting=0), 1)


def test_weeks_that_are_full_hold_nothing_up(world: World, ayu: Viewer, sari: Person) -> None:
    group = group_of(world, coach(world))
    enters(world, sari, group)
    allows(world, sari)
    for _ in range(2):
        sends(world, ayu)
        spreads(world)
    for number in range(WEEKLY_MOST):
        owes(world, sari, Kind.NUDGE, group, key=str(number))
    all_arrive(world)
    assert sends(world, ayu) and spreads(world) == []

    one = tells_by_law(world)
    spreads(world)

    assert sari.id in owed_to(world, one)
    assert [owed.kind for owed in due(world) if owed.person.id == sari.id] == [Kind.BREACH]


def test_it_counts_for_nobodys_week(world: World, ayu: Viewer, sari: Person) -> None:
    allows(world, sari)
    for number in range(3):
        tells_by_law(world, f"{LEAKED} {number}")
        spreads(world)
    all_arrive(world)

    one = sends(world, ayu)
    spreads(world)

    assert owed_to(world, one) == [sari.id]
    assert [(owed.kind, owed.person.id) for owed in due(world)] == [(Kind.NEWS, sari.id)]


def test_night_is_waited_out(world: World, sari: Person) -> None:
    world.now = EVENING
    tells_by_law(world)
    spreads(world)
    at_night, world.now = due(world), MORNING

    assert (at_night, [owed.person.id for owed in due(world)]) == ([], [sari.id])


def test_what_is_due_by_day_and_found_at_night_waits_for_the_morning(world: World, sari: Person) -> None:
    tells_by_law(world)
    spreads(world)
    world.now = EVENING

    assert (due(world), outcomes(world)) == ([], [None])
    world.now = MORNING
    assert [owed.person.id for owed in due(world)] == [sari.id]


def test_same_words_are_owed_once_and_other_words_again(world: World, sari: Person) -> None:
    one = tells_by_law(world)
    spreads(world)
    world.now += timedelta(hours=1)
    late = world.joins(1008, "Baru")

    again = world.do(lambda s: announcing.tell_by_law(s, text=LEAKED, now=world.now))
    spread = spreads(world)
    other = tells_by_law(world, "Data bocor lagi.")
    spreads(world)

    assert isinstance(again, ToldBefore)
    assert (again.announcement.id, again.announcement.due_at, spread) == (one, world.now - timedelta(hours=1), [])
    assert (owed_to(world, one), owed_to(world, other)) == ([sari.id], [sari.id, late.id])


def test_two_commands_at_once_owe_it_to_nobody_twice(world: World, sari: Person) -> None:
    first = tells_by_law(world)

    def slips_through() -> int:
        made = world.do(lambda s: announcements.add(s, BY_LAW, MACHINE, world.now))
        world.do(lambda s: announcements.plan(s, made, world.now))
        return made

    second = slips_through()
    spreads(world)

    assert (owed_to(world, first), second == first, len(outcomes(world))) == ([sari.id], False, 1)


def test_who_refuses_announcements_meanwhile_gets_it(world: World, sari: Person) -> None:
    allows(world, sari)
    tells_by_law(world)
    spreads(world)

    allows(world, sari, wants=False)

    assert [owed.person.id for owed in due(world)] == [sari.id]


def test_who_blocks_meanwhile_did_not_get_it(world: World, sari: Person) -> None:
    one = tells_by_law(world)
    spreads(world)

    blocks(world, sari)

    assert (due(world), progress(world, one)) == ([], Progress(failed=1))


def test_admin_sees_it_and_can_stop_it(world: World, ayu: Viewer) -> None:
    crowd(world, 3, wants=False)
    one = tells_by_law(world)
    before = seen(world, ayu, one)
    world.do(lambda s: announcing.spread(s, now=world.now, limit=2))

    called_off = world.do(lambda s: announcing.stop(s, viewer=ayu, announcement_id=one, now=world.now))

    assert (before.state, before.author, before.target_name) == (State.UNDER_WAY, None, "")
    assert before.reach == Reach(4, 4, 0)
    assert (called_off, spreads(world), due(world)) == (2, [], [])
    assert (progress(world, one), seen(world, ayu, one).state) == (Progress(stopped=2), State.STOPPED)


def test_message_leased_before_the_stop_is_not_sent(world: World, ayu: Viewer, sari: Person) -> None:
    one = tells_by_law(world)
    spreads(world)
    held = world.do(lambda s: owing.lease(s, now=world.now, most=9))
    world.do(lambda s: announcing.stop(s, viewer=ayu, announcement_id=one, now=world.now))

    def ready(session: Session) -> list[owing.Owed | None]:
        return [
            owing.prepare(session, library=world.library, delivery_id=it.id, tries=it.tries, now=world.now)
            for it in held
        ]

    assert world.do(ready) == [None] * 2


def test_no_admin_can_choose_it_for_an_announcement(world: World, ayu: Viewer) -> None:
    one = drafts(world, ayu)
    mark = announcing.seal(one.wording)

    drafted = world.do(lambda s: announcing.draft(s, viewer=ayu, wording=BY_LAW, now=world.now))
    changed = world.do(
        lambda s: announcing.change(s, viewer=ayu, announcement_id=one.id, seen=mark, wording=BY_LAW, now=world.now)
    )

    assert drafted == changed == Refused((), nobody=True)
    assert seen(world, ayu, one.id).announcement.wording.text == TOLD


def test_admin_cannot_change_or_plan_it_anew(world: World, ayu: Viewer) -> None:
    one, mark, other = tells_by_law(world), announcing.seal(BY_LAW), Wording(TOLD, Circle.EVERYONE)

    outcomes = [
        world.do(
            lambda s: announcing.change(s, viewer=ayu, announcement_id=one, seen=mark, wording=other, now=world.now)
        ),
        world.do(lambda s: announcing.plan(s, viewer=ayu, announcement_id=one, seen=mark, due_at=None, now=world.now)),
    ]

    assert outcomes == [ChangedMeanwhile()] * 2


def test_it_stands_in_the_log_with_its_words(world: World, sari: Person) -> None:
    one = tells_by_law(world)
    spreads(world)

    found = world.do(lambda s: audit.entries(s, Wanted(thing=f"announcement:{one}"), limit=9))

    assert [(entry.actor, entry.act, json.loads(entry.after or "")) for entry in reversed(found)] == [
        (MACHINE, "announcement.by_law", ["wajib", None, LEAKED]),
        (MACHINE, "announcement.spread", {"receivers": 1}),
    ]
