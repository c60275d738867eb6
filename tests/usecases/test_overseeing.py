"""The state of the whole at a glance."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.access import Viewer
from bot.core.delivery import Delivery, Kind
from bot.core.person import Person, Zone
from bot.store import deliveries, drafts, quarantine
from bot.store.oversight import Counts
from bot.usecases import accounts, overseeing
from bot.usecases.grouping import NotForYou
from bot.usecases.overseeing import Status
from tests.core.builders import best
from tests.usecases.world import START, World


@pytest.fixture
def ayu(world: World) -> Viewer:
    return Viewer(world.joins(9001, "Ayu"), is_admin=True)


def status(world: World, viewer: Viewer) -> Status:
    return world.do(lambda s: overseeing.status(s, viewer=viewer, now=world.now))


def owes(world: World, person: Person, minutes_ago: int) -> None:
    due = world.now - timedelta(minutes=minutes_ago)
    owed = Delivery(person.id, f"masuk:{minutes_ago}", Kind.SIGNED_IN, due)
    world.do(lambda s: deliveries.owe(s, [owed], world.now))


def test_nothing_has_happened_yet(world: World, ayu: Viewer) -> None:
    found = status(world, ayu)

    assert (found.counts, found.quarantined, found.orphans) == (Counts(0, 0, 0, 0, 0), 0, 0)
    assert found.release is not None
    assert (found.release.origin, found.release.published_at) == ("berkas", START)


def test_each_count_counts_its_own(world: World, ayu: Viewer, sari: Person, joko: Person) -> None:
    world.finishes(sari, best)
    world.begins(joko)
    owes(world, sari, 1)
    owes(world, sari, 11)
    world.do(
        lambda s: quarantine.add(
            s, update_id=1, telegram_id=None, payload="{}", error="ValueError", error_id="ab", now=world.now
        )
    )
    world.do(
        lambda s: drafts.put(
            s, part="item:O1-001", payload=None, version=0, over=None, changed_by=ayu.person.id, now=world.now
        )
    )

    found = status(world, ayu)

    assert (found.counts, found.quarantined) == (Counts(1, 1, 2, 1, 1), 1)


@pytest.mark.parametrize(("zone", "finished"), [(Zone.WIB, 1), (Zone.WIT, 0)])
def test_today_begins_at_midnight_where_the_viewer_lives(
    world: World, ayu: Viewer, sari: Person, zone: Zone, finished: int
) -> None:
    world.now = START.replace(hour=13)
    world.finishes(sari, best)
    world.now = START.replace(hour=16)
    person = world.do(lambda s: accounts.tell_context(s, owner=ayu.person, told=zone))

    found = status(world, Viewer(person, is_admin=True))

    assert found.counts.finished == finished


def test_only_admins_see_it(world: World, sari: Person) -> None:
    with pytest.raises(NotForYou):
        status(world, Viewer(sari))
