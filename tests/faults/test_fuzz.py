"""Ten thousand updates that no phone would send: nothing breaks, nobody else's answers change."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.chats import Person
from bot.simulator.errors import NotPossible
from bot.tg.desk import Outcome
from bot.tg.parse import UnreadableUpdate, parse
from tests.faults.mutations import NAUGHTY, Json, forged_data, mutated, noise
from tests.stage import SARI, Stage, buttons

UPDATES = int(os.environ.get("FUZZED", "10000"))
SEED = int(os.environ.get("SEED", "0")) or 20_260_105
FIRST_ID = 40_001
SETTLED, STRANGERS = 10, 6
COMMANDS = ("/start", "/mulai", "/lanjut", "/hasil", "/modul", "/bantuan", "/batal", "/pengaturan", "/privasi", "/data")
EXPECTED_REFUSALS = {
    "Bad Request: chat not found",  # senders that were never there
    "Bad Request: message to edit not found",  # messages that were never there
    "Bad Request: message can't be edited",  # a person's own message named as the tapped one
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message",
    "Bad Request: query is too old and response timeout expired or query ID is invalid",  # callback ids made up
}


@dataclass(slots=True)
class Hostile:
    """Makes updates of the people of one stage, spoils them, delivers them, and keeps account."""

    play: Stage
    rng: random.Random
    escaped: list[str] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    callback_ids: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    people: list[int] = field(default_factory=list)

    def populate(self) -> None:
        for number in range(SETTLED + STRANGERS):
            person = FIRST_ID + number
            self.play.api.add_user(Person(person, NAUGHTY[number + 6][:64] or "x"))
            self.people.append(person)
            if number < SETTLED:
                self.play.joins(person)
                self.play.taps(person, "Mulai asesmen")
            else:
                self.play.says(person, "/start")

    def attack(self) -> None:
        body = self._body()
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._note(raw)
        try:
            self.outcomes[self.play.deliver(raw)] += 1
        except Exception as error:
            self.escaped.append(f"{type(error).__name__}: {error} on {raw[:300]!r}")

    def _body(self) -> Json | bytes:
        dice = self.rng.random()
        if dice < 0.06:
            return noise(self.rng)
        update = self._real()
        return update if dice < 0.4 else mutated(update, self.rng)

    def _real(self) -> Json:
        """Let a person do something and take the update out of the queue."""
        api, person = self.play.api, self.rng.choice(self.people)
        dice = self.rng.random()
        try:
            if dice < 0.7:
                self._tap(person)
            elif dice < 0.73:
                api.person_blocks(person)
                api.person_unblocks(person)
            else:
                api.person_sends(person, self.rng.choice(COMMANDS if dice < 0.83 else NAUGHTY))
        except NotPossible:
            api.person_sends(person, "x")
        update: Json = api.updates.waiting(self.play.clock.now())[0].body()
        api.updates.clear()
        return update

    def _tap(self, person: int) -> None:
        keyboards = [message for message in self.play.api.messages(person) if message.keyboard]
        message = self.rng.choice(keyboards[-3:])
        real = self.rng.choice([button.data or "1" for button in buttons(message)])
        attempts = [str(number) for number in range(1, SETTLED + 3)]
        data = real if self.rng.random() < 0.5 else forged_data(self.rng, real=real, attempts=attempts)
        self.play.api.person_taps(person, message.message_id, data, forge=True)

    def _note(self, raw: bytes) -> None:
        """Count what the bot must answer: every callback that can be read."""
        try:
            update = parse(raw)
        except UnreadableUpdate:
            self.kinds["unreadable"] += 1
            return
        incoming = update.incoming
        assert incoming is None or incoming.telegram_id != SARI
        self.kinds["ignored" if incoming is None else type(incoming.event).__name__] += 1
        if update.callback_id is not None:
            self.callback_ids[update.callback_id] += 1


def test_fuzzed_updates_harm_nobody(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    _answer_some(play)
    hers, screen = _answers(play), play.live(SARI)
    hostile = Hostile(play, random.Random(SEED))
    hostile.populate()
    calls_before = len(play.api.calls)

    for _ in range(UPDATES):
        hostile.attack()

    calls = play.api.calls[calls_before:]
    print(f"\nseed {SEED}: {dict(hostile.kinds)}, {len(calls)} calls")
    assert hostile.escaped == []
    assert hostile.outcomes == {Outcome.DONE: UPDATES}
    assert _rows(play, "SELECT DISTINCT error FROM quarantine") == [("UnreadableUpdate",)]
    assert _rows(play, "SELECT count(*) FROM quarantine") == [(hostile.kinds["unreadable"],)]
    assert {call.description for call in calls if not call.ok} - EXPECTED_REFUSALS == set()
    answered = Counter(str(c.params["callback_query_id"]) for c in calls if c.method == "answerCallbackQuery")
    assert answered == hostile.callback_ids
    assert (_answers(play), play.live(SARI)) == (hers, screen)
    _answer_some(play, 1)
    assert len(_answers(play)) == len(hers) + 1


def _answer_some(play: Stage, count: int = 6) -> None:
    """Let Sari answer the next questions with the first honest button."""
    start = len(_answers(play))
    while len(_answers(play)) < start + count:
        labels = play.labels(SARI)
        play.taps(SARI, next(label for label in ("Agak yakin", "Belum tahu", "A") if label in labels))
    if "Yakin" in play.labels(SARI):
        play.taps(SARI, "Agak yakin")


def _answers(play: Stage) -> list[Any]:
    return _rows(
        play,
        "SELECT r.* FROM response r JOIN attempt a ON a.id = r.attempt_id JOIN person p ON p.id = a.person_id"
        f" WHERE p.telegram_id = {SARI} ORDER BY r.attempt_id, r.slot",
    )


def _rows(play: Stage, statement: str) -> list[Any]:
    return play.rows(statement)
