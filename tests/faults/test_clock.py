"""The machine's clock is wrong, jumps, and goes backwards, while Telegram's is right.

Signed data of a Mini App from the future: tests/usecases/test_signing_in.py; minutes: tests/core/test_probe.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.delivery import Delivery, Kind
from bot.core.person import PersonId
from bot.store import deliveries
from tests.stage import SARI, Stage

TEN_MINUTES = timedelta(minutes=10)


class WrongClock(Stage):
    """A stage whose machine is off by `skew`."""

    skew = timedelta()

    def machines_time(self) -> datetime:
        return self.clock.now() + self.skew


@pytest.fixture
def wrong(tmp_path: Path) -> Iterator[WrongClock]:
    (tmp_path / "wrong").mkdir()
    play = WrongClock(tmp_path / "wrong")
    yield play
    play.close()


def _sits(play: Stage, skews: tuple[timedelta, ...] = ()) -> list[tuple[object, ...]]:
    """Let an owner take a whole sitting, the clock jumping before each answer in turn; return what is stored."""
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    for number, skew in enumerate(skews * 3):
        if isinstance(play, WrongClock):
            play.skew = skew
        play.says(SARI, "ABC"[number % 3])
    play.answers_all(SARI, "B")
    return play.rows("SELECT slot, item_code, answer FROM response ORDER BY slot")


def test_sitting_is_the_same_whatever_the_clock_does(play: Stage, wrong: WrongClock) -> None:
    jumps = (TEN_MINUTES, -TEN_MINUTES, timedelta(seconds=-61), timedelta())

    expected = _sits(play, jumps)
    stored = _sits(wrong, jumps)

    assert stored == expected
    assert wrong.rows("SELECT status FROM attempt") == [("finished",)]
    assert wrong.rows("SELECT count(*) FROM quarantine") == [(0,)]
    assert (wrong.screen(SARI), wrong.labels(SARI)) == (play.screen(SARI), play.labels(SARI))


@pytest.mark.parametrize("jump", [-TEN_MINUTES, TEN_MINUTES])
def test_message_owed_comes_once_though_the_clock_jumps(wrong: WrongClock, jump: timedelta) -> None:
    wrong.joins(SARI)
    before = len(wrong.api.messages(SARI))
    ((owner,),) = wrong.rows("SELECT id FROM person")
    with wrong.app.database.transaction() as session:
        owed = [Delivery(PersonId(owner), f"k{number}", Kind.SIGNED_IN, wrong.clock.now()) for number in range(2)]
        deliveries.owe(session, owed, wrong.clock.now())

    for skew in (timedelta(), jump, -jump, timedelta()):
        wrong.skew = skew
        wrong.delivers()
        wrong.restart()
    wrong.advance(minutes=11)
    wrong.delivers()

    assert len(wrong.api.messages(SARI)) - before == 2
    assert wrong.rows("SELECT outcome FROM delivery ORDER BY id") == [("sent",)] * 2
