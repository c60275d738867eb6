"""What is owed goes through the bot that its reader wrote to last, and each bot has troubles of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bot.core.delivery import Delivery, Kind
from bot.core.person import PersonId
from bot.store import deliveries
from bot.store.tables import DeliveryRow
from tests.stage import JOKO, SARI
from tests.two_bots import FIRST, OTHER, SECOND, SECOND_TOKEN, THIS, TwoBots


@pytest.fixture
def play(tmp_path: Path) -> Iterator[TwoBots]:
    """Pak Joko wrote to the first bot last; Bu Sari wrote to it too, but last to the second."""
    opened = TwoBots(tmp_path)
    try:
        opened.joins(JOKO)
        opened.joins(SARI)
        opened.turn_to(OTHER)
        opened.says(SARI, "/lanjut")
        yield opened
    finally:
        opened.close()


def owes(play: TwoBots, about: str = "kabar") -> None:
    """Owe both a message that somebody waits for."""
    now = play.clock.now()
    owed = [
        Delivery(PersonId(play.person(telegram_id).id or 0), f"{about}:{telegram_id}", Kind.SIGNED_IN, due_at=now)
        for telegram_id in (SARI, JOKO)
    ]
    with play.app.database.transaction() as session:
        deliveries.owe(session, owed, now)


def sent(play: TwoBots) -> list[tuple[int, list[int]]]:
    """Return through which bot who was sent a message, in order, and forget it."""
    found = []
    for bot_id, api in zip((FIRST, SECOND), play.apis, strict=True):
        found.append((bot_id, [int(str(c.params["chat_id"])) for c in api.calls if c.method == "sendMessage" and c.ok]))
        api.calls.clear()
    return found


def endings(play: TwoBots) -> dict[str, str | None]:
    with play.app.database.transaction() as session:
        return {row.key: row.outcome for row in session.exec(select(DeliveryRow)).all()}


def test_message_goes_through_the_bot_last_written_to(play: TwoBots) -> None:
    owes(play)
    sent(play)

    play.delivers()

    assert sent(play) == [(FIRST, [JOKO]), (SECOND, [SARI])]


def test_reader_whose_bot_is_not_known_any_more_gets_messages_through_the_first(play: TwoBots) -> None:
    play.tokens = play.tokens[:1]
    play.settings = replace(play.settings, bot_token=play.tokens[0])
    play.apis = play.apis[:1]
    play.restart()
    owes(play)
    before = {person: len(play.apis[THIS].messages(person)) for person in (SARI, JOKO)}

    play.delivers()

    assert {person: len(play.apis[THIS].messages(person)) for person in before} == {
        person: count + 1 for person, count in before.items()
    }
    assert endings(play) == {f"kabar:{SARI}": "sent", f"kabar:{JOKO}": "sent"}


def test_reader_who_blocked_one_bot_is_not_reached_and_the_others_are(play: TwoBots) -> None:
    play.apis[OTHER].chat(SARI).blocked = True  # the update that tells of it was lost
    owes(play)
    sent(play)

    play.delivers()

    assert sent(play) == [(FIRST, [JOKO]), (SECOND, [])]
    assert endings(play) == {f"kabar:{SARI}": "failed", f"kabar:{JOKO}": "sent"}
    assert (play.person(SARI).reachable, play.person(JOKO).reachable) == (False, True)


def test_bot_that_must_wait_leaves_the_other_sending(play: TwoBots) -> None:
    play.line.busy_token = SECOND_TOKEN
    owes(play)
    sent(play)
    play.delivers()
    first = sent(play)
    play.line.busy_token = ""
    owes(play, "lagi")

    play.delivers()
    meanwhile = sent(play)
    play.advance(seconds=31)
    play.delivers()

    assert (first, meanwhile) == ([(FIRST, [JOKO]), (SECOND, [])], [(FIRST, [JOKO]), (SECOND, [])])
    assert sent(play) == [(FIRST, []), (SECOND, [SARI, SARI])]
    assert set(endings(play).values()) == {"sent"}
