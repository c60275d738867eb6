"""Reading the log: for admins, narrowed down, with names while there are any."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.core.access import Viewer
from bot.core.person import Person, PersonId
from bot.store import audit
from bot.store.audit import MACHINE, Wanted
from bot.usecases import auditing, privacy
from bot.usecases.auditing import Log
from bot.usecases.grouping import NotForYou
from tests.usecases.cast import Cast
from tests.usecases.world import START, World


@pytest.fixture
def ayu(world: World) -> Viewer:
    return Viewer(world.joins(9001, "Ayu"), is_admin=True)


def notes(
    world: World, by: PersonId, act: str, thing: str, before: str | None = None, after: str | None = None
) -> None:
    world.do(lambda s: audit.note(s, by, act, thing, before=before, after=after, now=world.now))


def reads(world: World, viewer: Viewer, wanted: Wanted | None = None, limit: int = 50) -> Log:
    return world.do(lambda s: auditing.log(s, viewer=viewer, wanted=wanted or Wanted(), limit=limit))


@pytest.fixture
def full(world: World, ayu: Viewer, sari: Person) -> World:
    """A log of four days, one change a day."""
    notes(world, ayu.person.id, "content.save", "item:O1-001")
    world.now += timedelta(days=1)
    notes(world, sari.id, "content.save", "module:M-O2-cek-mutasi")
    world.now += timedelta(days=1)
    notes(world, MACHINE, "release.files", "release:abc")
    world.now += timedelta(days=1)
    notes(world, ayu.person.id, "role.give", f"person:{sari.id}", "pemilik", "pemilik, admin")
    return world


@pytest.mark.parametrize(
    ("wanted", "acts"),
    [
        (Wanted(), ["role.give", "release.files", "content.save", "content.save"]),
        (Wanted(act="content.save"), ["content.save", "content.save"]),
        (Wanted(about="o1-0"), ["content.save"]),
        (Wanted(about="%"), []),
        (Wanted(actor=MACHINE), ["release.files"]),
        (Wanted(since=START + timedelta(days=2)), ["role.give", "release.files"]),
        (Wanted(until=START + timedelta(days=2)), ["content.save", "content.save"]),
        (Wanted(act="content.save", since=START + timedelta(hours=1)), ["content.save"]),
    ],
)
def test_log_is_narrowed_down(full: World, ayu: Viewer, wanted: Wanted, acts: list[str]) -> None:
    found = reads(full, ayu, wanted)

    assert [entry.act for entry in found.entries] == acts
    assert found.total == len(acts)


def test_page_knows_how_much_there_is(full: World, ayu: Viewer) -> None:
    found = reads(full, ayu, limit=1)

    assert ([entry.act for entry in found.entries], found.total) == (["role.give"], 4)


def test_people_and_groups_are_named_while_there_are_any(cast: Cast) -> None:
    world, maya = cast.world, cast.maya
    notes(world, maya.person.id, "group.coach", f"group:{cast.id}", f"person:{cast.joko.person.id}", "person:99999")
    notes(world, maya.person.id, "content.save", "item:O1-001", after=f'{{"stem": "person:{cast.tini.id}"}}')

    assert reads(world, maya).names == {f"group:{cast.id}": "Pasar Baru", f"person:{cast.joko.person.id}": "Joko"}


def test_who_was_erased_has_no_name_any_more(full: World, ayu: Viewer, sari: Person) -> None:
    full.do(lambda s: privacy.erase(s, owner=sari))

    found = reads(full, ayu)

    assert [entry.actor_name for entry in found.entries] == ["Ayu", None, None, "Ayu"]
    assert found.names == {}


def test_choices_name_each_once(full: World, ayu: Viewer, sari: Person) -> None:
    found = full.do(lambda s: auditing.choices(s, viewer=ayu))

    assert list(found.acts) == ["content.save", "release.files", "role.give"]
    assert sorted(found.actors) == sorted([(MACHINE, None), (ayu.person.id, "Ayu"), (sari.id, "Sari")])


@pytest.mark.parametrize("rows", [1, 3])
def test_reading_takes_as_many_queries_for_one_as_for_many(world: World, ayu: Viewer, rows: int) -> None:
    for _ in range(rows):
        notes(world, ayu.person.id, "role.give", f"person:{ayu.person.id}")
    sent: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *said: sent.append(said[2]))

    reads(world, ayu)

    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 4


def test_only_admins_read_it(world: World, sari: Person) -> None:
    with pytest.raises(NotForYou):
        reads(world, Viewer(sari))
    with pytest.raises(NotForYou):
        world.do(lambda s: auditing.choices(s, viewer=Viewer(sari)))
