"""Many impatient people: each looks at the bottom of the chat and taps, types or double-taps at once.

They write down what they gave for each question and what they were told is stored; the oracle reads that later.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Reversible
from dataclasses import dataclass, field
from itertools import islice

from bot.simulator.api import BotApi
from bot.simulator.chats import ChatMessage, Person
from bot.simulator.errors import NotPossible

STORED = "Jawaban tersimpan"
TOO_LATE = "Pesan itu terkirim sebelum pertanyaan ini muncul"
"""What the bot says of a text that waited long: Telegram tells only in which second it was typed, so that one typed
just after the answer before is doubted too."""
LONG = 14.0
"""Seconds that it must have waited for that, less the part of a second that Telegram does not tell."""
FIRST_ID = 30_001
PATIENCE_SECONDS = 45.0
HAND_SECONDS = 0.3
"""What a quick hand needs between two taps; who is faster for long is taken for a script (bot.tg.flood)."""
REMEMBERED = 10
"""Messages back that somebody scrolls to tap something old; each may have shown many questions."""
HARMLESS_WHEN_OLD = ("an", "tk", "cf", "go", "cu")
TYPED_NUMBERS = ("14000", "14rb", "Rp14.000", "14.000")
CHATTER = ("halo", "ini bagaimana ya?", "/lanjut", "/bantuan", "👍🏽", "tidak jelas <b>", "besok saja", "/mulai")
EMPTY_DRAFTS = ("t0", "p", "o")
LETTERS = "ABCDEFGH"
Slot = tuple[int, int]
"""An attempt and a position in it, as the buttons name them."""


@dataclass(slots=True)
class Ledger:
    """What one person did and saw, by (attempt, slot), in the stored form of answers."""

    given: dict[Slot, list[str]] = field(default_factory=dict)
    said: dict[Slot, list[str]] = field(default_factory=dict)
    told_stored: dict[Slot, str] = field(default_factory=dict)
    moved_past: set[Slot] = field(default_factory=set)
    not_moved_past: set[Slot] = field(default_factory=set)
    stuck: list[str] = field(default_factory=list)

    def give(self, slot: Slot, answer: str) -> None:
        if slot not in self.given:
            self.given[slot] = []
            self.not_moved_past.add(slot)
        self.given[slot].append(answer)

    def take_back(self, slot: Slot, answer: str) -> None:
        """Forget what the bot said it has not counted; the slot is still not answered."""
        self.given[slot].remove(answer)

    def move_past(self, slot: Slot) -> None:
        self.moved_past.add(slot)
        self.not_moved_past.discard(slot)

    @property
    def acknowledged(self) -> set[Slot]:
        return self.moved_past | set(self.told_stored)


@dataclass(frozen=True, slots=True)
class Choice:
    """One button as a person could read it: its verb and arguments."""

    label: str
    data: str
    verb: str
    arguments: tuple[str, ...]

    @property
    def slot(self) -> Slot:
        """Return the attempt and position that a question's button names."""
        return int(self.arguments[0], 36), int(self.arguments[1], 36)

    @property
    def place(self) -> Slot | None:
        return self.slot if self.verb in ("an", "tk", "cf") else None

    @property
    def typed(self) -> str:
        """Return what to type instead of tapping this answer: the words of the button, or all its letters in a row."""
        answer = self.arguments[2]
        return " ".join(LETTERS[int(digit)] for digit in answer[1:]) if answer[0] in "po" else self.label


def read(label: str, data: str) -> Choice:
    """Take a button's data apart."""
    _, verb, *arguments = data.split(".")
    return Choice(label, data, verb, tuple(arguments))


def bottom(messages: Reversible[ChatMessage]) -> ChatMessage | None:
    """Return the latest message with buttons: where a person looks."""
    return next((message for message in reversed(messages) if message.keyboard), None)


class Walker:
    """One person on the way through consent, context and assessments, without end until told to rest."""

    def __init__(self, api: BotApi, user_id: int, seed: int) -> None:
        self.id = user_id
        self.ledger = Ledger()
        self._api = api
        self._rng = random.Random(f"{seed}:{user_id}")
        self._taps: dict[str, Choice] = {}
        self._toasts_read = 0
        self._rests = False
        self._changed = asyncio.Event()
        api.add_user(Person(user_id, f"Orang {user_id}"))
        api.listeners.subscribe(user_id, self._look_up)

    def rest(self) -> None:
        """Do nothing more once what was done last is answered."""
        self._rests = True

    async def walk(self) -> None:
        """Act on every screen until told to rest."""
        self._send("/start")
        await self._until(lambda: self._screen() is not None, "/start")
        while not self._rests and self._screen() is not None:
            hand = asyncio.create_task(asyncio.sleep(HAND_SECONDS))
            await self._act(self._choices())
            await hand
        self.read_toasts()

    def read_toasts(self) -> None:
        """Write down which answers were said to be stored."""
        toasts = self._api.chat(self.id).toasts
        for toast in toasts[self._toasts_read :]:
            tapped = self._taps.get(toast.callback_query_id)
            if toast.text == STORED and tapped is not None and tapped.verb == "an":
                self.ledger.told_stored.setdefault(tapped.slot, tapped.arguments[2])
        self._toasts_read = len(toasts)

    def note_progress(self) -> None:
        """Write down which questions the screen has moved past."""
        choices = self._choices()
        here = next((choice.slot for choice in choices if choice.verb in ("an", "tk", "cf")), None)
        is_result = any(choice.verb in ("rv", "hs") for choice in choices)
        for slot in sorted(self.ledger.not_moved_past):
            asks_how_sure = here == slot and any(choice.verb == "cf" for choice in choices)
            if is_result or asks_how_sure or (here is not None and here > slot):
                self.ledger.move_past(slot)

    async def _act(self, choices: list[Choice]) -> None:
        self.note_progress()
        dice = self._rng.random()
        if dice < 0.04:
            await self._tap_something_old()
        elif dice < 0.07:
            await self._say(self._rng.choice(CHATTER))
        elif dice < 0.1 and all(choice.verb != "ok" for choice in choices):  # of a stranger nothing is remembered
            self._send(self._rng.choice(CHATTER))  # and go on without waiting for what is said to it
            await self._go_on(choices)
        else:
            await self._go_on(choices)

    async def _go_on(self, choices: list[Choice]) -> None:
        """Do what the screen asks for."""
        verbs = {choice.verb for choice in choices}
        if "gb" in verbs and self._rng.random() < 0.1:
            await self._tap(next(choice for choice in choices if choice.verb == "gb"))
        elif verbs & {"an", "tk"}:
            await self._answer([choice for choice in choices if choice.verb in ("an", "tk")])
        elif "cf" in verbs:
            await self._say_how_sure([choice for choice in choices if choice.verb == "cf"])
        elif "rv" in verbs:
            await self._say("/mulai")
        else:
            await self._tap(self._way_on(choices))

    def _way_on(self, choices: list[Choice]) -> Choice:
        """Choose where there is no question: agree, be an owner, tell about the business, begin, go on."""
        for verb in ("ok", "ro", "go", "cu"):
            for choice in choices:
                if choice.verb == verb:
                    return choice
        return self._rng.choice([choice for choice in choices if choice.verb in ("cx", "ch")])

    async def _answer(self, choices: list[Choice]) -> None:
        answers = [choice for choice in choices if choice.verb == "an"]
        boxes = [choice for choice in choices if choice.verb == "tk" and choice.arguments[2] not in EMPTY_DRAFTS]
        slot = choices[0].slot
        if boxes and (len(answers) < 2 or self._rng.random() < 0.3):
            await self._tap(self._rng.choice(boxes))
        elif not boxes and self._is_calm() and self._rng.random() < (0.9 if len(answers) == 1 else 0.3):
            if len(answers) == 1:  # only "Belum tahu": a number is asked for
                await self._type_answer(slot, self._rng.choice(TYPED_NUMBERS), "n14000")
            else:
                chosen = self._rng.choice([choice for choice in answers if choice.arguments[2] != "u"])
                await self._type_answer(slot, chosen.typed, chosen.arguments[2])
        else:
            await self._tap(self._rng.choice(answers), *self._second_taps(answers))

    def _is_calm(self) -> bool:
        """Tell whether the bot has dealt with all that this person did: else a text would meet a question unseen."""
        return all(update.key[1] != self.id for update in self._api.updates.waiting(self._api.clock.now()))

    def _second_taps(self, answers: list[Choice]) -> list[Choice | None]:
        """Sometimes tap twice, sometimes change one's mind in the same moment; None is the same button again."""
        dice = self._rng.random()
        if dice < 0.12:
            return [None]
        return [self._rng.choice(answers)] if dice < 0.18 else []

    async def _type_answer(self, slot: Slot, text: str, answer: str) -> None:
        """Type an answer, sometimes twice as if it had not arrived; the second one is meant for no other question."""
        self.ledger.give(slot, answer)
        if self._rng.random() < 0.2:
            self._send(text)
        if not await self._is_taken(text):
            self.ledger.take_back(slot, answer)

    async def _say_how_sure(self, choices: list[Choice]) -> None:
        chosen = self._rng.choice(choices)
        if self._rng.random() < 0.1 and self._is_calm():
            said = self.ledger.said.setdefault(chosen.slot, [])
            said.append(chosen.arguments[2])
            if not await self._is_taken(chosen.label):
                said.remove(chosen.arguments[2])
        else:
            await self._tap(chosen)

    async def _tap(self, choice: Choice, *more: Choice | None) -> None:
        """Tap a button of the bottom screen, perhaps again at once, and wait until another screen is there."""
        message = self._screen()
        assert message is not None
        seen = _appearance(message)
        for each in (choice, *(again or choice for again in more)):
            self._push(message.message_id, each)
        await self._until(lambda: _appearance(self._screen()) != seen, choice.data)

    async def _tap_something_old(self) -> None:
        """Tap a button from long ago, and wait until it is answered."""
        chat = self._api.chat(self.id)
        remembered = islice(reversed(chat.past_data.items()), REMEMBERED)
        every = [(message_id, read("", data)) for message_id, past in remembered for data in sorted(past)]
        here = {choice.place for choice in self._choices() if choice.place is not None}
        old = [(m, c) for m, c in every if c.verb in HARMLESS_WHEN_OLD and (c.place is None or c.place not in here)]
        if not old:
            return
        message_id, choice = self._rng.choice(old)
        query = self._push(message_id, choice)
        await self._until(lambda: query not in chat.waiting, f"old {choice.data}")

    def _push(self, message_id: int, choice: Choice) -> str:
        query = self._api.person_taps(self.id, message_id, choice.data)
        self._taps[query] = choice
        if choice.verb == "an":
            self.ledger.give(choice.slot, choice.arguments[2])
        elif choice.verb == "cf":
            self.ledger.said.setdefault(choice.slot, []).append(choice.arguments[2])
        return query

    async def _say(self, text: str) -> None:
        """Type, and wait for the screen that follows below it."""
        sent = self._send(text)
        await self._until(lambda: (screen := self._screen()) is not None and screen.message_id > sent, text)

    async def _is_taken(self, text: str) -> bool:
        """Type, and tell whether it counts; a text that is doubted without having waited is held against the bot."""
        loop = asyncio.get_running_loop()
        typed_at = loop.time()
        before = max(self._api.chat(self.id).messages, default=0)
        await self._say(text)
        later = (message for number, message in self._api.chat(self.id).messages.items() if number > before)
        return loop.time() - typed_at < LONG or not any(TOO_LATE in message.text for message in later)

    def _send(self, text: str) -> int:
        return self._api.person_sends(self.id, text)

    def _screen(self) -> ChatMessage | None:
        return bottom(self._api.chat(self.id).messages.values())

    def _choices(self) -> list[Choice]:
        screen = self._screen()
        if screen is None:
            raise NotPossible("there is no screen to act on")
        return [read(b.text, b.data) for row in screen.keyboard for b in row if b.data is not None]

    def _look_up(self) -> None:
        self._changed.set()

    async def _until(self, is_there: Callable[[], bool], after: str) -> None:
        """Wait for the bot; note where it never answered."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_SECONDS
        while not is_there():
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), deadline - loop.time())
            except TimeoutError:
                self.ledger.stuck.append(after)
                return
        self.read_toasts()


def _appearance(message: ChatMessage | None) -> object:
    return None if message is None else (message.message_id, message.text, message.keyboard)


@dataclass(frozen=True, slots=True)
class Crowd:
    """All of them."""

    walkers: tuple[Walker, ...]

    @property
    def answers_acknowledged(self) -> int:
        return sum(len(walker.ledger.acknowledged) for walker in self.walkers)

    def tell_progress(self, wanted: int, besides: str) -> None:
        """Say how far it has come, where somebody watches."""
        print(f"{self.answers_acknowledged} of {wanted} answers, {besides}", flush=True)

    def rest(self) -> None:
        for walker in self.walkers:
            walker.rest()

    def look(self) -> None:
        """Let everybody write down what is to be seen now."""
        for walker in self.walkers:
            walker.read_toasts()
            walker.note_progress()


def gather(api: BotApi, count: int, seed: int) -> Crowd:
    """Give `count` people a phone."""
    return Crowd(tuple(Walker(api, FIRST_ID + number, seed) for number in range(count)))
