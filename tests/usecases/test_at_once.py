"""Two at the same moment: the second one meets what the first one did, whichever process either of them is in.

In each test the second transaction runs while the first has done its work but not committed it; SQLite and whatever
lock PostgreSQL takes let it wait.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Any

import pytest
from sqlmodel import Session

from bot.core.answer import Chosen
from bot.core.delivery import Delivery, Kind
from bot.core.person import Consent, Person
from bot.store import attempts, deliveries, pictures, releases
from bot.usecases import accounts, editing, grouping, importing, joining, releasing, taking
from bot.usecases.editing import Conflict, Saved
from bot.usecases.grouping import NotForYou
from bot.usecases.joining import NoWayIn, Sharing
from bot.usecases.library import Library
from bot.usecases.releasing import Gone, OneWaits, Proposed, Released
from tests import databases
from tests.usecases.cast import TEXT, VERSION, Cast
from tests.usecases.editors import ITEM, Editors, stem
from tests.usecases.world import World, later_document

MEANWHILE = 0.15
"""Seconds in which the second one comes as far as it can beside the first one."""


def overlapping(world: World, first: Callable[[Session], Any], second: Callable[[Session], Any]) -> tuple[Any, Any]:
    """Run two transactions, the second one within the first; return what came of both."""
    with ThreadPoolExecutor(1) as pool:
        with world.database.transaction() as session:
            done = first(session)
            later = pool.submit(world.do, second)
            wait_for([later], MEANWHILE)
        return done, later.result()


def test_two_different_answers_at_once_store_one(world: World, sari: Person) -> None:
    begun = world.begins(sari).attempt

    def taps(choice: int) -> Callable[[Session], taking.Taken | taking.Stale]:
        def tap(session: Session) -> taking.Taken | taking.Stale:
            owner, _ = accounts.meet(session, telegram_id=sari.telegram_id)
            assert owner is not None
            return taking.answer_item(
                session,
                owner=owner,
                attempt_id=begun.id,
                slot=1,
                given=Chosen(choice),
                library=world.library,
                now=world.now,
            )

        return tap

    _, second = overlapping(world, taps(0), taps(1))

    stored = world.do(lambda s: attempts.every(s, sari.id))
    assert [response.answer for response in stored[0].responses] == [Chosen(0)]
    assert isinstance(second, taking.Stale)


def test_stranger_who_agrees_twice_at_once_joins_once(world: World) -> None:
    def agrees(session: Session) -> Person:
        known, _ = accounts.meet(session, telegram_id=77)
        return known or accounts.join(
            session,
            telegram_id=77,
            first_name="Sri",
            language="id",
            consent=Consent("2026-11", "0" * 64, "dewasa"),
            now=world.now,
        )

    first, second = overlapping(world, agrees, agrees)

    assert first.id == second.id


@pytest.mark.postgresql_only
def test_message_can_be_owed_to_somebody_whose_tap_is_under_way(world: World, sari: Person) -> None:
    """Or else two people who owe each other something would wait for each other."""
    with world.database.transaction() as tapping:
        accounts.meet(tapping, telegram_id=sari.telegram_id)

        with world.database.transaction() as session:
            owed = deliveries.owe(session, [Delivery(sari.id, "k", Kind.ADMITTED, world.now)], world.now)

    assert owed == 1


def test_same_key_owed_twice_at_once_is_owed_once(cast: Cast) -> None:
    world, one = cast.world, Delivery(cast.sari.id, "k", Kind.ADMITTED, cast.world.now)

    found = overlapping(
        world,
        lambda s: deliveries.owe(s, [one], world.now),
        lambda s: deliveries.owe(s, [one], world.now),
    )

    assert found == (1, 0)


def test_last_place_of_a_group_goes_to_one_of_two(cast: Cast) -> None:
    world = cast.world
    taken = world.do(lambda s: len(grouping.newcomers(s, viewer=cast.joko, group_id=cast.id))) + 2
    late = world.joins(8001, "Terlambat")
    token = cast.group.invitation.token
    world.do(lambda s: [joining.open_link(s, owner=o, token=token, now=world.now) for o in (cast.tini, late)])
    databases.rows(world.database, "UPDATE coach_group SET member_limit = :most", most=taken + 1)

    def enters(owner: Person) -> Callable[[Session], bool]:
        def enter(session: Session) -> bool:
            try:
                joining.join(
                    session,
                    owner=owner,
                    group_id=cast.id,
                    sharing=Sharing.NAME,
                    version=VERSION,
                    text=TEXT,
                    now=world.now,
                )
            except NoWayIn:
                return False
            return True

        return enter

    assert overlapping(world, enters(cast.tini), enters(late)) == (True, False)


def test_offer_of_a_group_is_taken_by_one_of_two_coaches(cast: Cast) -> None:
    world = cast.world
    token = world.do(
        lambda s: grouping.offer(
            s, viewer=cast.joko, group_id=cast.id, hands_over=True, new_token=cast.tokens, now=world.now
        )
    )

    def accepts(session: Session) -> bool:
        grouping.accept(session, viewer=cast.agus, token=token, now=world.now)
        return True

    def accepts_too(session: Session) -> bool:
        try:
            grouping.accept(session, viewer=cast.rani, token=token, now=world.now)
        except NotForYou:
            return False
        return True

    assert overlapping(world, accepts, accepts_too) == (True, False)


def _saves(editors: Editors, text: str) -> Callable[[Session], object]:
    view = editors.opens()
    return lambda s: editing.save(
        s,
        viewer=editors.tomo,
        part=ITEM,
        payload=view.payload | {"stem": text},
        version=view.version,
        library=Library(),
        now=editors.world.now,
    )


def _proposes(editors: Editors) -> Callable[[Session], object]:
    return lambda s: releasing.propose(
        s, viewer=editors.maya, note="Memperjelas soal", must_rehearse=False, library=Library(), now=editors.world.now
    )


def test_second_of_two_editors_who_save_the_same_part_is_shown_the_conflict(editors: Editors) -> None:
    one, other = _saves(editors, "Pembeli minta ganti. Apa yang benar?"), _saves(editors, "Apa sikap yang benar?")

    first, second = overlapping(editors.world, one, other)

    assert (type(first), type(second)) == (Saved, Conflict)


def test_one_of_two_proposals_made_at_once_waits(editors: Editors) -> None:
    editors.changes(stem("Pembeli minta ganti. Apa yang benar?"))

    first, second = overlapping(editors.world, _proposes(editors), _proposes(editors))

    assert (type(first), type(second)) == (Proposed, OneWaits)


def test_change_saved_beside_a_proposal_ends_it(editors: Editors) -> None:
    editors.changes(stem("Pembeli minta ganti. Apa yang benar?"))

    _, saved = overlapping(editors.world, _proposes(editors), _saves(editors, "Apa sikap yang benar?"))

    assert isinstance(saved, Saved) and saved.voids_proposal


def test_proposal_released_twice_at_once_is_released_once(editors: Editors) -> None:
    editors.changes(stem("Pembeli minta ganti. Apa yang benar?"))
    proposed = editors.proposes()
    assert isinstance(proposed, Proposed)

    def publish(session: Session) -> object:
        return releasing.publish(
            session,
            viewer=editors.maya,
            proposal_id=proposed.proposal_id,
            two_person=False,
            library=Library(),
            now=editors.world.now,
        )

    first, second = overlapping(editors.world, publish, publish)

    assert (type(first), second) == (Released, Gone())


def test_two_processes_that_start_with_the_same_new_files_release_them_once(world: World) -> None:
    new = later_document()

    def starts(session: Session) -> str | None:
        importing.start(session, document=new, library=Library(), now=world.now)
        return releases.current_id(session)

    first, second = overlapping(world, starts, starts)

    assert first == second is not None


def test_picture_of_everybody_that_two_send_at_once_is_kept_once(world: World) -> None:
    overlapping(
        world,
        lambda s: pictures.save_shared_file(s, 1, "digest", "one"),
        lambda s: pictures.save_shared_file(s, 1, "digest", "other"),
    )

    assert world.do(lambda s: pictures.shared_file(s, 1, "digest")) == "other"
