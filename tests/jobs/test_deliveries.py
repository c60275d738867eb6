"""What is owed is sent once, in order, and not too much of it; trouble delays it and never doubles or loses it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bot.chat.arrival import Arrival, Pushed
from bot.core.delivery import MOST_TRIES, Kind
from bot.core.person import Person
from bot.core.wish import Wish
from bot.store.session import DatabaseUnavailable
from bot.store.tables import DeliveryRow
from bot.usecases import joining, owing, reminding
from bot.usecases.owing import LEASE
from tests.core.builders import worst
from tests.jobs.lane import Killed, Lane
from tests.usecases.cohort import coach, enters, group_of, outcomes, owes
from tests.usecases.wishes import says
from tests.usecases.world import World

EVENING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
"""21.00 WIB."""
MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""08.00 WIB."""
SARI, BUDI = 1001, 1002
LATER = Pushed(Arrival.LATER)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def owes_nudge(world: World, *owners: Person) -> None:
    """Let a coach remind the owners; each is owed one message."""
    viewer = coach(world)
    group = group_of(world, viewer)
    for owner in owners:
        enters(world, owner, group)
    world.do(lambda s: reminding.remind(s, viewer=viewer, group_id=group.id, now=world.now))


def is_reachable(world: World, owner: Person) -> bool:
    statement = text("SELECT reachable FROM person WHERE id = :id").bindparams(id=owner.id)
    return bool(world.do(lambda s: s.connection().execute(statement).scalar_one()))


def due_at(world: World) -> datetime:
    """Return when the one message is due."""
    return world.do(lambda s: s.exec(select(DeliveryRow.due_at)).one())


def test_nothing_owed_sends_nothing(lane: Lane) -> None:
    lane.drains()

    assert (lane.pushed, lane.pauses) == ([], [])


def test_everything_due_is_sent_the_oldest_first_and_once(world: World, lane: Lane, sari: Person, budi: Person) -> None:
    owes(world, budi)
    world.now -= 5 * MINUTE
    owes(world, sari)
    world.now += 5 * MINUTE

    lane.drains()
    lane.drains()

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["sent", "sent"])


def test_message_is_drawn_for_its_reader(world: World, lane: Lane, sari: Person) -> None:
    owes_nudge(world, sari)

    lane.drains()

    ((_, screen),) = lane.pushed
    assert screen.text.startswith("Joko, pembina kelompok <b>Warung Ceria</b>, mengajak")


def test_person_gets_one_message_a_sweep_in_the_order_in_which_they_were_owed(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    for number in range(3):
        world.now += MINUTE
        owes(world, sari, key=str(number))
        owes(world, budi, Kind.ADMITTED if number == 2 else Kind.SIGNED_IN, key=str(number))

    assert [lane.sweeps() for _ in range(4)] == [[SARI, BUDI], [SARI, BUDI], [SARI], []]
    assert outcomes(world) == ["sent"] * 5 + ["superseded"]


def test_message_due_later_waits_and_comes_when_the_clock_says_so(world: World, lane: Lane, sari: Person) -> None:
    world.now = EVENING
    owes_nudge(world, sari)

    lane.drains()
    at_night, world.now = list(lane.pushed), MORNING - timedelta(seconds=1)
    lane.drains()
    before_eight, world.now = list(lane.pushed), MORNING
    lane.drains()

    assert (at_night, before_eight, lane.receivers) == ([], [], [SARI])


def test_what_is_no_longer_wanted_is_not_sent(world: World, lane: Lane, sari: Person, budi: Person) -> None:
    owes_nudge(world, sari, budi)
    (group,) = world.do(lambda s: joining.mine(s, owner=budi))
    world.do(lambda s: joining.mute(s, owner=budi, group_id=group.group_id, muted=True))

    lane.drains()

    assert (lane.receivers, sorted(map(str, outcomes(world)))) == ([SARI], ["sent", "superseded"])


def test_fourth_message_that_nobody_awaits_comes_when_the_first_is_a_week_old(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    group = group_of(world, coach(world))
    enters(world, sari, group)
    begun = world.now
    for days in range(4):
        world.now = begun + days * DAY
        owes(world, sari, Kind.NUDGE, group, key=str(days))
        lane.drains()
    owes(world, sari, Kind.SIGNED_IN)
    lane.drains()
    within_the_week, world.now = len(lane.pushed), begun + 7 * DAY - MINUTE
    lane.drains()
    at_its_end, world.now = len(lane.pushed), begun + 7 * DAY
    lane.drains()

    assert (within_the_week, at_its_end, len(lane.pushed)) == (4, 4, 5)
    assert outcomes(world) == ["sent"] * 5


def test_person_who_blocked_the_bot_is_sent_nothing_of_what_is_owed(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    for number in range(3):
        owes(world, sari, key=str(number))
    owes(world, budi)
    lane.answers = [Pushed(Arrival.GONE)]
    lane.drains()
    owes(world, sari, key="again")

    lane.drains()

    assert lane.receivers == [SARI, BUDI]
    assert outcomes(world) == ["failed", "superseded", "superseded", "sent", "failed"]
    assert (is_reachable(world, sari), is_reachable(world, budi)) == (False, True)


def test_message_that_is_refused_ends_and_the_next_one_goes(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Pushed(Arrival.REFUSED)]

    lane.drains()

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["failed", "sent"])
    assert is_reachable(world, sari)


def test_message_that_cannot_be_drawn_ends_and_the_next_one_goes(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [ZeroDivisionError()]

    lane.drains()

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["failed", "sent"])


def test_nudge_that_may_have_arrived_is_never_sent_again(world: World, lane: Lane, sari: Person) -> None:
    owes_nudge(world, sari)
    lane.answers = [Pushed(Arrival.UNKNOWN)]

    lane.drains()
    world.now += timedelta(hours=1)
    lane.drains()

    assert (lane.receivers, outcomes(world)) == ([SARI], ["ambiguous"])


def test_warning_that_may_have_arrived_is_sent_again_after_a_minute(world: World, lane: Lane, sari: Person) -> None:
    owes(world, sari, Kind.SIGNED_IN)
    lane.answers = [Pushed(Arrival.UNKNOWN)]

    lane.drains()
    at_once = (lane.receivers, outcomes(world))
    world.now += MINUTE
    lane.drains()

    assert at_once == ([SARI], [None])
    assert (lane.receivers, outcomes(world)) == ([SARI, SARI], ["sent"])


def test_warning_of_which_it_stays_open_whether_it_arrived_is_sent_for_a_working_day(
    world: World, lane: Lane, sari: Person
) -> None:
    owes(world, sari, Kind.SIGNED_IN)
    lane.answers = [Pushed(Arrival.UNKNOWN)] * MOST_TRIES

    for _ in range(MOST_TRIES):
        lane.drains()
        world.now += 6 * 60 * MINUTE

    assert (lane.receivers, outcomes(world)) == ([SARI] * 10, ["ambiguous"])


def test_customer_of_whom_it_stays_open_whether_they_arrived_comes_three_times_at_most(
    world: World, lane: Lane, sari: Person
) -> None:
    world.finishes(sari, worst)
    says(world, sari, Wish.CUSTOMERS)
    owes(world, sari, Kind.PROBE)
    lane.answers = [Pushed(Arrival.UNKNOWN)] * MOST_TRIES

    for _ in range(10):
        lane.drains()
        world.now += 4 * MINUTE

    assert (lane.receivers, outcomes(world)) == ([SARI] * 3, ["ambiguous"])


def test_wait_that_telegram_names_holds_for_every_process_and_loses_nothing(
    world: World, lane: Lane, other: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Pushed(Arrival.LATER, wait=37.0)]

    lane.drains()
    other.drains()
    during = (lane.receivers, other.receivers, outcomes(world))
    world.now += timedelta(seconds=37)
    other.drains()

    assert during == ([SARI], [], [None, None])
    assert (other.receivers, outcomes(world)) == ([SARI, BUDI], ["sent", "sent"])


def test_what_waits_in_a_queue_while_telegram_names_a_wait_is_given_back(
    world: World, lane: Lane, other: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    first, second = asyncio.run(lane.deliveries.lease())
    lane.answers = [Pushed(Arrival.LATER, wait=37.0)]

    asyncio.run(lane.deliveries.deliver(first.id, first.tries))
    asyncio.run(other.deliveries.deliver(second.id, second.tries))
    world.now += timedelta(seconds=37)
    lane.drains()

    assert (other.pushed, lane.receivers) == ([], [SARI, SARI, BUDI])


def test_bot_rests_longer_and_longer_while_one_message_after_the_other_finds_no_way(
    world: World, lane: Lane, sari: Person
) -> None:
    people = [world.joins(5000 + number, "Warga") for number in range(12)]
    for person in people:
        owes(world, person)
    lane.answers = [LATER] * 12
    counts = []
    for _ in range(8):
        counts.append(len(lane.sweeps()))
        world.now += timedelta(seconds=1)

    assert counts == [3, 1, 0, 1, 0, 0, 0, 1]


def test_message_with_a_trouble_of_its_own_holds_up_nobody(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [LATER]

    lane.drains()
    meanwhile = (lane.receivers, outcomes(world))
    world.now += MINUTE
    lane.drains()

    assert meanwhile == ([SARI, BUDI], [None, "sent"])
    assert outcomes(world) == ["sent", "sent"]


def test_message_that_cannot_be_made_ready_is_tried_more_and_more_seldom_and_holds_up_nobody(
    world: World, lane: Lane, sari: Person, budi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    owes(world, sari)
    owes(world, budi)
    makes_ready = owing.prepare

    def breaks(session: Session, **asked: Any) -> owing.Owed | None:
        owed = makes_ready(session, **asked)
        if owed is not None and owed.person.id == sari.id:
            raise ZeroDivisionError
        return owed

    monkeypatch.setattr(owing, "prepare", breaks)
    lane.drains()
    world.now += MINUTE
    lane.drains()
    meanwhile = (lane.receivers, outcomes(world))
    monkeypatch.undo()
    world.now += 2 * MINUTE
    lane.drains()

    assert meanwhile == ([BUDI], [None, "sent"])
    assert (lane.receivers, outcomes(world)) == ([BUDI, SARI], ["sent", "sent"])


def test_message_that_never_finds_a_way_is_tried_for_a_week_and_given_up(
    world: World, lane: Lane, sari: Person
) -> None:
    owes(world, sari)
    begun, tried = world.now, list[timedelta]()
    lane.answers = [LATER] * 100
    while outcomes(world) == [None]:
        tried += [world.now - begun for _ in lane.sweeps()]
        world.now = due_at(world)

    assert tried[:4] == [0 * MINUTE, 1 * MINUTE, 3 * MINUTE, 7 * MINUTE]
    assert (len(tried), outcomes(world)) == (MOST_TRIES, ["failed"])
    assert 6 * DAY < tried[-1] < 8 * DAY


def test_two_processes_at_once_send_each_message_once(
    world: World, lane: Lane, other: Lane, sari: Person, budi: Person
) -> None:
    for number in range(5):
        owes(world, sari, key=str(number))
        owes(world, budi, key=str(number))

    async def both() -> None:
        await asyncio.gather(lane.deliveries.drain(), other.deliveries.drain())
        await lane.deliveries.drain()

    asyncio.run(both())

    assert sorted(lane.receivers + other.receivers) == [SARI] * 5 + [BUDI] * 5
    assert outcomes(world) == ["sent"] * 10


def test_kill_between_sending_and_noting_sends_again_once_its_lease_has_passed(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Killed()]
    with pytest.raises(Killed):
        lane.drains()
    left = outcomes(world)

    lane.restart()
    lane.drains()
    at_once, world.now = list(lane.receivers), world.now + LEASE
    lane.drains()

    assert (left, at_once) == ([None, None], [SARI])
    assert (lane.receivers, outcomes(world)) == ([SARI, SARI, BUDI], ["sent", "sent"])


def test_process_that_comes_too_late_with_its_lease_sends_nothing(
    world: World, lane: Lane, other: Lane, sari: Person
) -> None:
    owes(world, sari)
    (late,) = asyncio.run(lane.deliveries.lease())
    world.now += LEASE
    (again,) = asyncio.run(other.deliveries.lease())

    asyncio.run(lane.deliveries.deliver(late.id, late.tries))
    asyncio.run(other.deliveries.deliver(again.id, again.tries))
    asyncio.run(other.deliveries.deliver(again.id, again.tries))

    assert (lane.receivers, other.receivers, outcomes(world)) == ([], [SARI], ["sent"])


def test_database_away_after_a_send_is_told_of_it_before_the_next(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.loses_the_database = True

    lane.drains()

    assert (lane.receivers, outcomes(world), lane.pauses) == ([SARI, BUDI], ["sent", "sent"], [1.0, 1.0])


def test_process_that_ends_does_not_wait_for_the_database(world: World, lane: Lane, sari: Person) -> None:
    owes(world, sari)
    lane.loses_the_database, lane.comes_back, lane.stops_after = True, False, 1

    with pytest.raises(DatabaseUnavailable):
        lane.drains()

    assert (outcomes(world), lane.pauses) == ([None], [0])


def test_process_that_ends_notes_what_it_sent_in_a_second_try(world: World, lane: Lane, sari: Person) -> None:
    owes(world, sari)
    lane.loses_the_database, lane.stops_after = True, 1

    lane.drains()

    assert (outcomes(world), lane.pauses) == (["sent"], [0])


def test_stop_lets_the_message_under_way_end_and_gives_the_rest_back(
    world: World, lane: Lane, other: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.stops_after = 1

    lane.drains()
    left = (lane.receivers, outcomes(world))
    other.drains()

    assert left == ([SARI], ["sent", None])
    assert (other.receivers, outcomes(world)) == ([BUDI], ["sent", "sent"])
