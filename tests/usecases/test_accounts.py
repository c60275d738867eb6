"""Coming in, taking everything along, going out; and content that is published once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, select

from bot.core.attempt import AttemptStatus
from bot.core.person import Consent, Person, Role
from bot.store import people, releases
from bot.store.people import Thread
from bot.store.tables import PersonRow, ReleaseRow
from bot.usecases import accounts, learning, privacy, results, taking
from bot.usecases.accounts import NAME_LIMIT, Landed
from bot.usecases.library import KEPT, Library, NothingPublished
from tests.core.builders import best, mixed
from tests.usecases.world import World, document, later_document

CONSENT = Consent("2026-11", "0" * 64, "dewasa")


def _joins(session: Session, world: World, telegram_id: int = 1001, first_name: str = "Sari") -> Person:
    return accounts.join(
        session, telegram_id=telegram_id, first_name=first_name, language="id", consent=CONSENT, now=world.now
    )


def _counts(world: World) -> dict[str, int]:
    def count(session: Session) -> dict[str, int]:
        tables = SQLModel.metadata.tables
        return {name: session.execute(select(func.count()).select_from(t)).scalar_one() for name, t in tables.items()}

    return world.do(count)


# Coming in


def test_stranger_is_nobody_and_nothing_is_stored(world: World) -> None:
    found = world.do(lambda s: accounts.meet(s, telegram_id=1001))

    assert found == (None, accounts.NO_THREAD)
    assert _counts(world)["person"] == 0


def test_join_twice_is_one_person_with_one_consent(world: World) -> None:
    first = world.do(lambda s: _joins(s, world))

    second = world.do(lambda s: _joins(s, world, first_name="Lain"))

    assert second == first
    assert (_counts(world)["person"], _counts(world)["consent"]) == (1, 1)


@pytest.mark.parametrize(
    ("given", "kept"), [("Sari\0", "Sari"), ("x" * 300, "x" * NAME_LIMIT), ("", ""), ("\u202e😀", "\u202e😀")]
)
def test_name_is_kept_short_and_storable(world: World, given: str, kept: str) -> None:
    assert world.do(lambda s: _joins(s, world, first_name=given)).first_name == kept


def test_what_was_told_comes_back(world: World, sari: Person) -> None:
    found, _ = world.do(lambda s: accounts.meet(s, telegram_id=1001))

    assert found == sari
    assert sari.role is Role.OWNER


OLDER, NEWER = 1, 2
"""Numbers of two screens that two processes send at the same time."""
WELL = Landed()
THIS_BOT, OTHER_BOT = 76, 77


@dataclass
class Chat:
    """A chat where the live keyboard stands in message 7, seen from the processes that answer in it."""

    world: World
    owner: Person

    @property
    def thread(self) -> Thread:
        return self.world.do(lambda s: accounts.meet(s, telegram_id=self.owner.telegram_id))[1]

    def sends(self, number: int | None, typed_id: int | None = None) -> None:
        thread = self.thread
        self.world.do(
            lambda s: accounts.note_sending(s, owner=self.owner, thread=thread, sending=number, typed_id=typed_id)
        )

    def sent(self, number: int | None, message_id: int, *, has_keys: bool = True, live_before: int = 7) -> Landed:
        thread = self.thread
        return self.world.do(
            lambda s: accounts.note_sent(
                s,
                owner=self.owner,
                thread=thread,
                message_id=message_id,
                has_keys=has_keys,
                sending=number,
                live_before=live_before,
            )
        )

    def stands(self) -> tuple[int | None, int, int | None]:
        return self.thread.live_message_id, self.thread.last_typed_id, self.thread.sending


@pytest.fixture
def chat(world: World, sari: Person) -> Chat:
    thread = replace(accounts.NO_THREAD, live_message_id=7)
    world.do(lambda s: people.keep_thread(s, sari.id, thread))
    return Chat(world, sari)


def test_new_message_is_on_its_way_until_it_is_there(chat: Chat) -> None:
    chat.sends(OLDER, typed_id=8)
    assert chat.stands() == (7, 8, OLDER)

    assert chat.sent(OLDER, 9) == WELL
    assert chat.stands() == (9, 8, None)


def test_message_without_keys_leaves_them_where_they_are(chat: Chat) -> None:
    chat.sends(OLDER, typed_id=8)

    assert chat.sent(OLDER, 9, has_keys=False) == WELL
    assert chat.stands() == (7, 8, None)


def test_latest_typed_message_never_goes_back(chat: Chat) -> None:
    chat.sends(OLDER, typed_id=8)
    chat.sends(NEWER, typed_id=6)

    assert chat.stands() == (7, 8, NEWER)


def test_tap_meanwhile_makes_the_new_message_doubtful(chat: Chat) -> None:
    chat.sends(OLDER)
    chat.sends(None)

    assert chat.sent(OLDER, 9) == Landed(again=True)
    assert chat.stands() == (9, 0, None)


def test_last_of_two_sees_to_it_where_its_message_lies_above(chat: Chat) -> None:
    chat.sends(OLDER)
    chat.sends(NEWER)

    assert chat.sent(OLDER, 10) == WELL  # not yet known whether the newer one lies below
    assert chat.sent(NEWER, 9) == Landed(again=True, above=10)
    assert chat.stands() == (9, 0, NEWER)


def test_last_of_two_lies_below_and_only_the_keys_above_go(chat: Chat) -> None:
    chat.sends(OLDER)
    chat.sends(NEWER)

    assert chat.sent(OLDER, 9) == WELL
    assert chat.sent(NEWER, 10) == Landed(above=9)
    assert chat.stands() == (10, 0, None)


def test_first_of_two_that_comes_late_and_above_loses_its_keys(chat: Chat) -> None:
    chat.sends(OLDER)
    chat.sends(NEWER)

    assert chat.sent(NEWER, 10) == WELL
    assert chat.sent(OLDER, 9) == Landed(above=9)
    assert chat.stands() == (10, 0, None)


def test_first_of_two_sees_to_it_where_the_last_one_has_gone(chat: Chat) -> None:
    chat.sends(OLDER)
    chat.sends(NEWER)

    assert chat.sent(NEWER, 9) == WELL
    assert chat.sent(OLDER, 10) == Landed(again=True, above=9)
    assert chat.stands() == (10, 0, None)


def test_screen_changed_in_place_moves_the_keys_only_down(chat: Chat) -> None:
    assert chat.sent(None, 8) == WELL
    assert chat.stands() == (8, 0, None)

    assert chat.sent(None, 6, live_before=7) == Landed(above=6)
    assert chat.stands() == (8, 0, None)


def test_screen_that_replaced_a_lost_one_is_doubtful_where_another_one_came_meanwhile(chat: Chat) -> None:
    chat.sends(OLDER)
    chat.sent(OLDER, 9)

    assert chat.sent(None, 10) == Landed(again=True, above=9)
    assert chat.stands() == (10, 0, None)


def test_screen_changed_in_place_leaves_alone_what_is_on_its_way(chat: Chat) -> None:
    chat.sends(NEWER)

    assert chat.sent(None, 8) == WELL
    assert chat.stands() == (8, 0, NEWER)


def test_ids_that_begin_anew_are_drawn_again_once(chat: Chat) -> None:
    chat.sends(OLDER)
    assert chat.sent(OLDER, 2) == Landed(again=True)
    chat.sends(NEWER)

    assert chat.sent(NEWER, 3, live_before=2) == WELL
    assert chat.stands() == (3, 0, None)


def test_what_is_on_its_way_by_the_bot_that_was_left_is_forgotten(chat: Chat) -> None:
    chat.sends(OLDER)
    thread = chat.thread
    owner = replace(chat.owner, bot_id=THIS_BOT)
    chat.world.do(lambda s: accounts.arrive(s, owner=owner, thread=thread, bot_id=OTHER_BOT, now=chat.world.now))

    assert chat.stands() == (None, 0, None)


def test_reachability_is_noted_of_one_person(world: World, sari: Person, joko: Person) -> None:
    world.do(lambda s: accounts.note_reachable(s, telegram_id=1001, reachable=False))
    world.do(lambda s: accounts.note_reachable(s, telegram_id=404, reachable=False))

    rows = world.do(lambda s: s.exec(select(PersonRow.telegram_id, PersonRow.reachable)).all())

    assert sorted(rows) == [(1001, False), (2001, True)]


# Taking along, going out


@pytest.fixture
def busy(world: World, sari: Person) -> Person:
    """Sari with two sittings, a picture, a lesson and a question she found confusing."""
    attempt = world.finishes(sari, mixed(1)).attempt
    world.do(
        lambda s: results.keep_picture_file(s, owner=sari, attempt_id=attempt.id, language="id", bot_id=7, file_id="x")
    )
    world.do(
        lambda s: learning.open_module(
            s, owner=sari, module_code="M-O2-cek-mutasi", library=world.library, now=world.now
        )
    )
    again = world.begins(sari).attempt
    world.do(lambda s: taking.report(s, owner=sari, attempt_id=again.id, slot=1, library=world.library, now=world.now))
    return sari


def _export(world: World, owner: Person) -> privacy.PersonalData:
    return world.do(lambda s: privacy.export(s, owner=owner, library=world.library))


def test_export_holds_every_row(world: World, busy: Person, joko: Person) -> None:
    world.finishes(joko, best)

    found = _export(world, busy)

    assert {name: len(rows) for name, rows in found.rows.items() if rows} == {
        "person": 1,
        "consent": 1,
        "attempt": 2,
        "response": len(found.sittings[0][0].responses),
        "report": 1,
        "picture": 1,
        "reading": 1,
        "lesson": 1,
    }
    assert [attempt.status for attempt, _ in found.sittings] == [AttemptStatus.FINISHED, AttemptStatus.ACTIVE]
    assert _names_somebody_else(found.rows, joko) == []


def _names_somebody_else(rows: dict[str, list[dict[str, Any]]], other: Person) -> list[dict[str, Any]]:
    every = [row for listed in rows.values() for row in listed]
    return [row for row in every if row.get("person_id") == other.id or row.get("telegram_id") == other.telegram_id]


def test_erase_leaves_only_what_is_others(world: World, busy: Person, joko: Person) -> None:
    world.finishes(joko, best)
    his = _export(world, joko)

    world.do(lambda s: privacy.erase(s, owner=busy))

    assert _export(world, joko) == his
    assert world.do(lambda s: accounts.meet(s, telegram_id=1001)) == (None, accounts.NO_THREAD)
    counts = _counts(world)
    assert {name: counts[name] for name in his.rows} == {name: len(rows) for name, rows in his.rows.items()}


# Content


def test_publish_twice_is_one_release(world: World) -> None:
    ids = [world.publish(document()) for _ in range(2)]

    assert len(set(ids)) == 1
    assert _counts(world)["release"] == 1


def test_publish_again_after_another_makes_it_current(world: World) -> None:
    first = world.publish(document())
    current = []
    for content in (later_document(), document()):
        world.now += timedelta(hours=1)
        world.publish(content)
        current.append(world.do(releases.current_id))

    assert current[1] == first != current[0]
    assert _counts(world)["release"] == 2


def test_publish_with_a_clock_set_back_is_current_all_the_same(world: World) -> None:
    world.now -= timedelta(hours=1)

    new = world.publish(later_document())

    assert world.do(releases.current_id) == new


def test_library_forgets_old_releases_and_reads_them_again(world: World) -> None:
    first = world.publish(document())
    before = world.do(lambda s: world.library.pinned(s, first))
    for number in range(KEPT + 1):
        world.now += timedelta(hours=1)
        current = world.publish(later_document(str(number)))
        assert world.do(world.library.current).id == current

    is_forgotten = first not in world.library._known

    again = world.do(lambda s: world.library.pinned(s, first))

    assert (is_forgotten, again) == (True, before)
    assert len(world.library._known) == KEPT


def test_library_of_an_empty_database_is_not_ready(world: World) -> None:
    def emptied(session: Session) -> None:
        for row in session.exec(select(ReleaseRow)).all():
            session.delete(row)
        session.flush()
        Library().current(session)

    with pytest.raises(NothingPublished):
        world.do(emptied)
