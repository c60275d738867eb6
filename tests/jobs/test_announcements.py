"""An announcement to a crowd on the road of what is owed: it starves nobody, survives the end of a process, and
stops at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.chat.arrival import Arrival, Pushed
from bot.chat.screen import Screen
from bot.core.access import Viewer
from bot.core.announcement import AnnouncementId, Progress
from bot.core.person import Person
from bot.jobs.deliveries import BATCH, MOST_LEASED
from bot.store.session import DatabaseUnavailable
from bot.usecases import announcing
from bot.usecases.owing import LEASE
from tests import databases
from tests.jobs.lane import Killed, Lane
from tests.usecases.cohort import outcomes, owes
from tests.usecases.news import admin, allows, crowd, owed_to, progress, sends, tells_by_law
from tests.usecases.world import World

CROWD = 500
SARI, BUDI = 1001, 1002


@pytest.fixture
def ayu(world: World) -> Viewer:
    return admin(world)


def sweeps_until(lane: Lane, sent: int) -> None:
    """Send until so many messages are out, as a process that is told to end."""
    lane.stops_after = sent
    lane.drains()
    lane.stops_after = None
    lane.restart()


def stops(world: World, viewer: Viewer, one: AnnouncementId) -> int:
    return world.do(lambda s: announcing.stop(s, viewer=viewer, announcement_id=one, now=world.now))


def test_crowd_is_reached_in_turns_and_the_rest_is_stopped(world: World, lane: Lane, ayu: Viewer) -> None:
    people = crowd(world, CROWD)
    one = sends(world, ayu)

    sweeps_until(lane, 1)
    after_one = progress(world, one)
    sweeps_until(lane, 250)
    halfway = progress(world, one)
    called_off = stops(world, ayu, one)
    lane.drains()

    assert after_one == Progress(owed=announcing.SPREAD_AT_ONCE - 1, sent=1)
    assert (halfway, owed_to(world, one) == people) == (Progress(owed=CROWD - 250, sent=250), True)
    assert (called_off, progress(world, one)) == (CROWD - 250, Progress(sent=250, stopped=CROWD - 250))
    assert Counter(Counter(lane.receivers).values()) == {1: 250}


def test_what_is_leased_anew_fills_whole_batches(world: World, lane: Lane, ayu: Viewer) -> None:
    crowd(world, CROWD)
    sends(world, ayu)

    async def sweeps() -> tuple[int, int]:
        leased = await lane.deliveries.lease()
        for one in leased[: BATCH + 2]:
            await lane.deliveries.deliver(one.id, one.tries)
        return len(leased), len(await lane.deliveries.lease())

    assert asyncio.run(sweeps()) == (MOST_LEASED, BATCH)


def test_stop_before_all_are_owed_it_reaches_nobody_more(world: World, lane: Lane, ayu: Viewer) -> None:
    crowd(world, 1200)
    one = sends(world, ayu)
    sweeps_until(lane, 5)

    called_off = stops(world, ayu, one)
    lane.drains()

    assert (called_off, progress(world, one)) == (195, Progress(sent=5, stopped=195))
    assert len(lane.pushed) == 5


def test_process_that_ends_in_the_middle_is_followed_by_one_that_goes_on(world: World, lane: Lane, ayu: Viewer) -> None:
    people = crowd(world, 300)
    one = sends(world, ayu)
    lane.answers = [*(Pushed(Arrival.THERE) for _ in range(29)), Killed()]
    with pytest.raises(Killed):
        lane.drains()
    left, killed = progress(world, one), lane.receivers[-1]

    lane.restart()
    world.now += LEASE
    lane.drains()

    assert left == Progress(owed=171, sent=29)
    assert (progress(world, one), owed_to(world, one) == people) == (Progress(sent=300), True)
    assert {receiver: times for receiver, times in Counter(lane.receivers).items() if times > 1} == {killed: 2}


def test_who_stops_announcements_meanwhile_gets_none(
    world: World, lane: Lane, ayu: Viewer, sari: Person, budi: Person
) -> None:
    allows(world, sari)
    allows(world, budi)
    one = sends(world, ayu)
    world.do(lambda s: announcing.spread(s, now=world.now))

    allows(world, budi, wants=False)
    lane.drains()

    assert (lane.receivers, progress(world, one)) == ([SARI], Progress(sent=1, stopped=1))


def test_announcement_is_shown_as_typed_and_can_be_stopped_from_below(
    world: World, lane: Lane, ayu: Viewer, sari: Person
) -> None:
    allows(world, sari)
    sends(world, ayu)

    lane.drains()

    ((_, screen),) = lane.pushed
    assert screen.text == "<b>Pengumuman</b>\n\nPelatihan <b>besok</b> jam 9."
    assert [[(b.label, b.data) for b in row] for row in screen.rows] == [[("Berhenti menerima pengumuman", "1.nq")]]


def test_what_somebody_waits_for_goes_before_the_rest_of_an_announcement(
    world: World, lane: Lane, ayu: Viewer, sari: Person
) -> None:
    crowd(world, 200)
    sends(world, ayu)
    push = lane.deliveries.push

    async def pushed(bot_id: int | None, telegram_id: int, screen: Screen) -> Pushed:
        if len(lane.pushed) == 50:
            owes(world, sari)
        return await push(bot_id, telegram_id, screen)

    lane.deliveries.push = pushed
    lane.drains()

    assert len(lane.pushed) == 201
    assert lane.receivers.index(SARI) == 100


def test_announcement_that_cannot_be_spread_holds_nobody_up(
    world: World, lane: Lane, sari: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(announcing, "spread", breaks)
    owes(world, sari)

    lane.drains()

    assert (lane.receivers, outcomes(world)) == ([SARI], ["sent"])


def test_database_that_is_away_while_spreading_is_waited_for(world: World, lane: Lane, ayu: Viewer) -> None:
    crowd(world, 3)
    sends(world, ayu)
    lane.database.is_away = True
    with pytest.raises(DatabaseUnavailable):
        lane.drains()

    lane.database.is_away = False
    lane.drains()

    assert len(lane.pushed) == 3


def test_announcement_that_may_have_arrived_is_never_sent_again(
    world: World, lane: Lane, ayu: Viewer, sari: Person
) -> None:
    allows(world, sari)
    one = sends(world, ayu)
    lane.answers = [Pushed(Arrival.UNKNOWN)]

    lane.drains()

    assert (lane.receivers, progress(world, one)) == ([SARI], Progress(unsure=1))


def test_who_blocked_the_bot_is_counted_as_not_reached(
    world: World, lane: Lane, ayu: Viewer, sari: Person, budi: Person
) -> None:
    allows(world, sari)
    allows(world, budi)
    one = sends(world, ayu)
    lane.answers = [Pushed(Arrival.GONE)]

    lane.drains()

    assert (lane.receivers, progress(world, one)) == ([SARI, BUDI], Progress(sent=1, failed=1))


def test_what_the_law_wants_told_has_no_button_and_rather_comes_twice(world: World, lane: Lane, sari: Person) -> None:
    one = tells_by_law(world, "<b>Data</b> bocor.")
    lane.answers = [Pushed(Arrival.UNKNOWN)]

    lane.drains()
    in_doubt = progress(world, one)
    world.now += timedelta(minutes=1)
    lane.drains()

    assert lane.pushed == [(SARI, Screen("<b>Data</b> bocor."))] * 2
    assert (in_doubt, progress(world, one)) == (Progress(owed=1), Progress(sent=1))


def test_what_the_law_wants_told_did_not_arrive_where_the_bot_is_blocked(
    world: World, lane: Lane, sari: Person, budi: Person
) -> None:
    one = tells_by_law(world)
    owes(world, budi)
    lane.answers = [Pushed(Arrival.GONE)] * 2

    lane.drains()

    assert (lane.receivers, progress(world, one)) == ([BUDI, SARI], Progress(failed=2))


def test_announcement_to_a_circle_of_a_later_version_keeps_no_other_waiting(
    world: World, lane: Lane, ayu: Viewer
) -> None:
    crowd(world, 1)
    unknown, known = sends(world, ayu), sends(world, ayu)
    databases.rows(world.database, "UPDATE announcement SET scope = 'pasar' WHERE id = :one", one=unknown)

    lane.drains()

    assert (owed_to(world, unknown), progress(world, known)) == ([], Progress(sent=1))
