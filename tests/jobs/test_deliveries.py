"""What is owed is sent once, in order, at a calm pace; trouble delays it and never doubles or loses it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.chat.arrival import Arrival, Pushed
from bot.core.delivery import Kind
from bot.core.person import Person
from bot.store.session import DatabaseUnavailable
from bot.usecases import joining, reminding
from tests.jobs.lane import Killed, Lane
from tests.usecases.cohort import coach, enters, group_of, outcomes, owes
from tests.usecases.world import World

EVENING = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
"""21.00 WIB."""
MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
"""08.00 WIB."""
SARI, BUDI = 1001, 1002
LATER = Pushed(Arrival.LATER)


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


def test_sweep_with_nothing_owed_sends_nothing(lane: Lane) -> None:
    assert (lane.sweeps(), lane.pushed, lane.pauses) == ([2.0], [], [])


def test_everything_due_is_sent_the_oldest_first_and_once(world: World, lane: Lane, sari: Person, budi: Person) -> None:
    owes(world, budi)
    world.now -= timedelta(minutes=5)
    owes(world, sari)
    world.now += timedelta(minutes=5)

    lane.sweeps(2)

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["sent", "sent"])


def test_message_is_drawn_for_its_reader(world: World, lane: Lane, sari: Person) -> None:
    owes_nudge(world, sari)

    lane.sweeps()

    ((_, screen),) = lane.pushed
    assert screen.text.startswith("Joko, pembina kelompok <b>Warung Ceria</b>, mengajak")


def test_more_than_one_batch_is_sent_in_one_sweep_at_twenty_a_second(world: World, lane: Lane, sari: Person) -> None:
    for number in range(45):
        owes(world, sari, key=str(number))

    lane.sweeps()

    assert (len(lane.pushed), set(outcomes(world))) == (45, {"sent"})
    assert lane.pauses == [0.05] * 45


def test_message_due_later_waits_and_comes_when_the_clock_says_so(world: World, lane: Lane, sari: Person) -> None:
    world.now = EVENING
    owes_nudge(world, sari)

    lane.sweeps()
    at_night, world.now = list(lane.pushed), MORNING - timedelta(seconds=1)
    lane.sweeps()
    before_eight, world.now = list(lane.pushed), MORNING
    lane.sweeps()

    assert (at_night, before_eight, lane.receivers) == ([], [], [SARI])


def test_what_is_no_longer_wanted_is_not_sent(world: World, lane: Lane, sari: Person, budi: Person) -> None:
    owes_nudge(world, sari, budi)
    (group,) = world.do(lambda s: joining.mine(s, owner=budi))
    world.do(lambda s: joining.mute(s, owner=budi, group_id=group.group_id, muted=True))

    lane.sweeps()

    assert (lane.receivers, sorted(map(str, outcomes(world)))) == ([SARI], ["sent", "superseded"])


def test_person_who_blocked_the_bot_is_noted_and_gets_nothing_more(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Pushed(Arrival.GONE)]
    lane.sweeps()
    owes(world, sari, key="again")

    lane.sweeps()

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["failed", "sent", "failed"])
    assert (is_reachable(world, sari), is_reachable(world, budi)) == (False, True)


def test_message_that_is_refused_ends_and_the_next_one_goes(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Pushed(Arrival.REFUSED)]

    lane.sweeps(2)

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["failed", "sent"])
    assert is_reachable(world, sari)


def test_message_that_cannot_be_drawn_ends_and_the_next_one_goes(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [ZeroDivisionError()]

    lane.sweeps(2)

    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["failed", "sent"])


def test_nudge_that_may_have_arrived_is_never_sent_again(world: World, lane: Lane, sari: Person) -> None:
    owes_nudge(world, sari)
    lane.answers = [Pushed(Arrival.UNKNOWN)]

    lane.sweeps()
    world.now += timedelta(hours=1)
    lane.sweeps()

    assert (lane.receivers, outcomes(world)) == ([SARI], ["ambiguous"])


def test_warning_that_may_have_arrived_is_sent_again_after_a_minute(world: World, lane: Lane, sari: Person) -> None:
    owes(world, sari, Kind.SIGNED_IN)
    lane.answers = [Pushed(Arrival.UNKNOWN)]

    lane.sweeps(2)
    at_once = (lane.receivers, outcomes(world))
    world.now += timedelta(minutes=1)
    lane.sweeps()

    assert at_once == ([SARI], [None])
    assert (lane.receivers, outcomes(world)) == ([SARI, SARI], ["sent"])


def test_wait_that_telegram_names_stops_the_lane_and_loses_nothing(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Pushed(Arrival.LATER, wait=37.0)]

    rests = lane.sweeps()
    during = (lane.receivers, outcomes(world))
    lane.sweeps()

    assert (rests, during) == ([37.0], ([SARI], [None, None]))
    assert (lane.receivers, outcomes(world)) == ([SARI, SARI, BUDI], ["sent", "sent"])


def test_lane_rests_longer_and_longer_while_telegram_is_away(world: World, lane: Lane, sari: Person) -> None:
    owes(world, sari)
    rests = []
    for _ in range(7):
        lane.answers = [LATER]
        rests += lane.sweeps()
        world.now += timedelta(minutes=1)
    back = lane.sweeps()
    owes(world, sari, key="next")
    lane.answers = [LATER]

    assert (rests, back) == ([2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0], [2.0])
    assert (outcomes(world)[0], lane.sweeps()) == ("sent", [2.0])


def test_message_with_a_trouble_of_its_own_holds_up_nobody(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [LATER]

    lane.sweeps(2)
    meanwhile = (lane.receivers, outcomes(world))
    world.now += timedelta(minutes=1)
    lane.sweeps()

    assert meanwhile == ([SARI, BUDI], [None, "sent"])
    assert outcomes(world) == ["sent", "sent"]


def test_two_sweeps_at_once_send_each_message_once(world: World, lane: Lane, sari: Person) -> None:
    for number in range(5):
        owes(world, sari, key=str(number))

    async def both() -> None:
        await asyncio.gather(lane.deliveries.sweep(), lane.deliveries.sweep())

    asyncio.run(both())

    assert (len(lane.pushed), outcomes(world)) == (5, ["sent"] * 5)


def test_kill_between_sending_and_noting_sends_again_once(world: World, lane: Lane, sari: Person, budi: Person) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.answers = [Killed()]
    with pytest.raises(Killed):
        lane.sweeps()
    left = outcomes(world)

    lane.restart()
    lane.sweeps(2)

    assert left == [None, None]
    assert (lane.receivers, outcomes(world)) == ([SARI, SARI, BUDI], ["sent", "sent"])


def test_database_away_after_a_send_is_told_of_it_before_the_next(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    owes(world, sari)
    owes(world, budi)
    lane.loses_the_database = True
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            lane.sweeps()
    away = (lane.receivers, outcomes(world))
    lane.loses_the_database = lane.database.is_away = False

    lane.sweeps()

    assert away == ([SARI], [None, None])
    assert (lane.receivers, outcomes(world)) == ([SARI, BUDI], ["sent", "sent"])


def test_stop_ends_a_sweep_after_the_message_under_way(world: World, lane: Lane, sari: Person) -> None:
    for number in range(3):
        owes(world, sari, key=str(number))
    lane.stops_after = 2

    asyncio.run(asyncio.wait_for(lane.deliveries.run(lane.stop), 5))

    assert (len(lane.pushed), outcomes(world)) == (2, ["sent", "sent", None])


def test_run_outlives_trouble(world: World, lane: Lane, sari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.deliveries.EVERY_SECONDS", 0.01)
    owes(world, sari)
    lane.database.is_away = True
    lane.stops_after = 1

    async def comes_back() -> None:
        running = asyncio.create_task(lane.deliveries.run(lane.stop))
        await asyncio.sleep(0.05)
        lane.database.is_away = False
        await asyncio.wait_for(running, 5)

    asyncio.run(comes_back())

    assert (lane.receivers, outcomes(world)) == ([SARI], ["sent"])
