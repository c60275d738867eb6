"""Figures: worked out seldom, bounded whatever piles up, silent while the database is away."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import pytest

from bot.core.delivery import LANES, Delivery, Kind
from bot.core.person import PersonId
from bot.store import deliveries, figures
from bot.store.figures import OwedNow
from bot.store.session import DatabaseUnavailable
from bot.watch.figures import Figures, Kept, OwedInLane
from tests import databases
from tests.stage import RANI, SARI, Stage

ALL = [kind for lane in LANES for kind in lane]


def _owe(play: Stage, kind: Kind, count: int, *, due: datetime) -> None:
    ((owner,),) = play.rows("SELECT id FROM person WHERE telegram_id = :id", id=SARI)
    with play.app.database.transaction() as session:
        owed = [Delivery(PersonId(owner), f"{kind}:{number}", kind, due) for number in range(count)]
        deliveries.owe(session, owed, play.clock.now())


@pytest.fixture
def sari(play: Stage) -> Stage:
    """The stage with one owner."""
    play.joins(SARI)
    return play


def test_owed_is_counted_by_kind_from_the_moment_it_is_due(sari: Stage) -> None:
    now = sari.clock.now()
    _owe(sari, Kind.NUDGE, 3, due=now - timedelta(seconds=90))
    _owe(sari, Kind.NEWS, 2, due=now + timedelta(seconds=1))

    with sari.app.database.snapshot() as session:
        found = figures.owed_now(session, ALL, now)
        later = figures.owed_now(session, ALL, now + timedelta(seconds=1))

    assert found == [OwedNow("ingatkan", 3, now - timedelta(seconds=90))]
    assert sorted((one.kind, one.count) for one in later) == [("ingatkan", 3), ("pengumuman", 2)]


def test_owed_is_counted_no_further_than_the_bound(sari: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    now = sari.clock.now()
    _owe(sari, Kind.NEWS, 6, due=now)
    monkeypatch.setattr(figures, "COUNTED_TO", 4)

    with sari.app.database.snapshot() as session:
        found = figures.owed_now(session, ALL, now)

    assert [(one.count, one.oldest) for one in found] == [(4, now)]


def test_lanes_sum_up_their_kinds(sari: Stage) -> None:
    now = sari.clock.now()
    _owe(sari, Kind.ROLE, 1, due=now - timedelta(seconds=5))
    _owe(sari, Kind.NUDGE, 1, due=now - timedelta(seconds=20))
    _owe(sari, Kind.ACT, 2, due=now - timedelta(seconds=70))

    state = Figures(sari.app.database, sari.clock.now).state()

    assert state is not None
    assert state.owed == (OwedInLane(0, 1, 5.0), OwedInLane(1), OwedInLane(2, 3, 70.0), OwedInLane(3))
    assert len(state.release_id) == 64 or state.release_id


def test_quarantine_is_counted_as_a_whole_and_lately(sari: Stage) -> None:
    sari.deliver("{satu")
    sari.advance(hours=2)
    sari.deliver("{dua")

    state = Figures(sari.app.database, sari.clock.now).state()

    assert state is not None
    assert (state.in_quarantine, state.quarantined_lately) == (2, 1)


def test_join_codes_that_opened_nothing_are_counted_lately_over_all_people(sari: Stage) -> None:
    sari.joins(RANI)
    sari.says(SARI, "/gabung 00000-00000")
    sari.advance(hours=2)
    for person in (SARI, RANI, RANI):
        sari.says(person, "/gabung 00000-00000")

    state = Figures(sari.app.database, sari.clock.now).state()

    assert state is not None
    assert state.guessed_lately == 3


def test_figures_of_a_database_that_is_away_are_left_out(sari: Stage) -> None:
    here = sari.app.watch.metrics.told().decode()
    with databases.away(sari.app.database):
        away = Figures(sari.app.database, sari.clock.now)
        # A reader of SQLite sees the last state whoever writes.
        found = away.state(), away.funnel()

    assert "tangga_owed{" in here
    assert (found == (None, None)) == databases.ON_POSTGRESQL


def test_value_is_kept_for_its_time() -> None:
    asked: list[int] = []

    def work() -> int:
        asked.append(1)
        return len(asked)

    long, short = Kept(work, 60.0), Kept(work, 0.0)

    found = [long.get(), long.get(), short.get()]
    time.sleep(0.05)

    assert [*found, short.get()] == [1, 1, 2, 3]


def test_value_that_took_long_is_not_asked_for_again_soon() -> None:
    asked: list[int] = []

    def work() -> int:
        asked.append(1)
        time.sleep(0.02)
        return len(asked)

    kept = Kept(work, 0.0)
    kept.get()
    time.sleep(0.1)

    assert kept.get() == 1


def test_who_asks_while_a_value_is_worked_out_gets_the_last_one() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> int:
        begun.set()
        go_on.wait(5)
        return 1

    kept = Kept(work, 60.0)
    first = threading.Thread(target=kept.get)
    first.start()
    begun.wait(5)

    meanwhile = kept.get()
    go_on.set()
    first.join()

    assert (meanwhile, kept.get()) == (None, 1)


def test_value_of_a_database_that_went_away_is_unknown() -> None:
    answers: list[int | None] = [1, None]

    def work() -> int:
        found = answers.pop(0)
        if found is None:
            raise DatabaseUnavailable
        return found

    kept = Kept(work, 0.0)
    before = kept.get()
    time.sleep(0.05)

    assert (before, kept.get()) == (1, None)


def test_transaction_that_the_database_does_not_take_is_counted(sari: Stage) -> None:
    counter = sari.app.watch.metrics.database_failures
    before = counter._value.get()

    with databases.away(sari.app.database):
        assert not sari.app.database.answers()

    assert counter._value.get() > before
