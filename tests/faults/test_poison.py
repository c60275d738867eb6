"""Updates that always break, of many people, among everybody else's: each is set aside at its first try, and whoever
sent it goes on with the next.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.chat import dispatch
from bot.chat.incoming import Incoming, Typed
from bot.chat.screen import Reply
from bot.simulator.chats import Person
from bot.tg.desk import Outcome
from bot.tg.webhook import BODY_LIMIT
from tests.faults.crowd import read
from tests.stage import SARI, Stage, buttons, stage

PEOPLE, POISONED, ROUNDS = 30, 20, 5
FIRST_ID = 50_001
WORD = "racun"
BREAKS = (ZeroDivisionError, RecursionError, MemoryError, KeyError, AssertionError, OSError, TimeoutError, SystemError)
UPDATE = '{"update_id":%s,"message":{"message_id":5,"date":1767600000,"text":%s,"chat":{"id":%s,"type":"private"},'
UPDATE += '"from":{"id":%s,"is_bot":false,"first_name":"X"}}}'


def update(number: str = "1", text: str = '"x"', person: str = "77") -> bytes:
    """Return an update of which a number, the text or the sender is written as given."""
    return (UPDATE % (number, text, person, person)).encode()


UNREADABLE = {
    "nothing": b"",
    "null": b"null",
    "no_object": b"[[]]",
    "deep": b"[" * 200_000,
    "deep_within": update(text='{"a":' * 100_000),
    "as_long_as_may_be": b"x" * BODY_LIMIT,
    "huge_number": update(number="9" * 5_000),
    "number_beyond_64_bits": update(number=str(2**64)),
    "sender_beyond_64_bits": update(person=str(2**70)),
    "number_with_a_point": update(number="1.5"),
    "not_a_number": update(number="NaN"),
    "infinity": update(person="-Infinity"),
    "no_utf8": update(text='"@"').replace(b"@", b"\xff\xfe"),
    "half_a_character": update(text='"\\ud83d"'),
    "two_documents": update() + update(),
    "cut_off": update()[:-3],
    "text_is_a_list": update(text="[]"),
}
"""What no update looks like; each is set aside with its sender unknown."""
READABLE = {
    "two_texts": update(text='"/start","text":"/lanjut"', person=str(SARI)),
    "two_numbers": update(number='1,"update_id":2', person=str(SARI)),
    "nul": update(text='"a\\u0000b"', person=str(SARI)),
    "right_to_left": update(text='"\\u202e\\u2066abc"', person=str(SARI)),
    "long": update(text='"' + "x" * (BODY_LIMIT - 200) + '"', person=str(SARI)),
    "deep_beside": update(text='"a","poll":' + "[" * 100 + "]" * 100, person=str(SARI)),
}
"""Odd, and yet updates."""


def _breaking(respond: Callable[..., Reply]) -> Callable[..., Reply]:
    rng = random.Random(1)

    def breaks(session: object, incoming: Incoming, **given: object) -> Reply:
        if isinstance(incoming.event, Typed) and incoming.event.text == WORD:
            raise rng.choice(BREAKS)("secret detail")
        return respond(session, incoming, **given)

    return breaks


def test_poison_of_many_people_is_set_aside_at_once_and_everybody_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "respond", _breaking(dispatch.respond))
    people = list(range(FIRST_ID, FIRST_ID + PEOPLE))
    rng, answered, outcomes = random.Random(2), Counter[int](), []
    with stage(tmp_path) as play:
        for person in people:
            play.api.add_user(Person(person, f"Orang {person}"))
            play.joins(person)
            play.taps(person, "Mulai asesmen")

        for _ in range(ROUNDS):
            rng.shuffle(people)
            for person in people:
                if person < FIRST_ID + POISONED:
                    play.api.person_sends(person, WORD)
                answered[person] += _taps(play, person)
            outcomes += play.settle()

        set_aside = dict(play.rows("SELECT telegram_id, count(*) FROM quarantine GROUP BY telegram_id"))
        assert outcomes == [Outcome.DONE] * ROUNDS * (POISONED + PEOPLE)
        assert set_aside == dict.fromkeys(range(FIRST_ID, FIRST_ID + POISONED), ROUNDS)
        assert _stored(play) == answered
        assert answered.total() > PEOPLE
        assert "secret" not in str([m.text for person in people for m in play.api.messages(person)])


def _taps(play: Stage, person: int) -> bool:
    """Tap what the screen offers, an answer where there is one; tell whether it was."""
    message = play.live(person)
    offered = [read(button.text, button.data or "") for button in buttons(message)]
    choice = next((choice for choice in offered if choice.verb == "an"), offered[0])
    play.api.person_taps(person, message.message_id, choice.data)
    return choice.verb == "an"


def _stored(play: Stage) -> dict[int, int]:
    return dict(
        play.rows(
            "SELECT p.telegram_id, count(r.slot) FROM person p JOIN attempt a ON a.person_id = p.id"
            " LEFT JOIN response r ON r.attempt_id = a.id GROUP BY p.telegram_id"
        )
    )


def test_what_cannot_be_read_is_set_aside_and_what_is_only_odd_is_not(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")

    set_aside = {}
    for name, body in (UNREADABLE | READABLE).items():
        ((before,),) = play.rows("SELECT count(*) FROM quarantine")
        outcome = play.deliver(body)
        ((after,),) = play.rows("SELECT count(*) FROM quarantine")
        set_aside[name] = (outcome, after - before)
    play.says(SARI, "/lanjut")

    assert set_aside == dict.fromkeys(UNREADABLE, (Outcome.DONE, 1)) | dict.fromkeys(READABLE, (Outcome.DONE, 0))
    assert play.rows("SELECT DISTINCT telegram_id, error FROM quarantine") == [(None, "UnreadableUpdate")]
    assert play.screen(SARI).startswith("Pertanyaan 1 dari 30")
