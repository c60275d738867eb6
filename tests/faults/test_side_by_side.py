"""One person's updates at two processes at the same time: the lowest screen shows what is stored, and a text answers
the question that stands there, or none.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.simulator.api import BotApi
from bot.simulator.faults import Fault
from bot.simulator.listeners import UPDATES
from bot.simulator.updates import QueuedUpdate
from bot.store.tables import PersonRow
from bot.tg.desk import Outcome
from bot.tg.sender import Sender
from tests.faults.crowd import Crowd, gather
from tests.faults.oracle import Truth, broken_promises, wrong_screen
from tests.faults.test_telegram_down import FOREVER, choices, stands_at, tap_first
from tests.faults.weather import StormyStage
from tests.stage import RANI, SARI, STRANGER, InProcess, Stage, buttons

CROSSINGS = int(os.environ.get("CROSSINGS", "400"))
"""Answers to be given where two processes may answer one person at the same time."""
PEOPLE = 20
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
LONGEST_DELAY = 0.03
"""Seconds by which a call or its answer is held up."""
HAND_SECONDS = 0.15
"""Between two taps: so much longer that mostly all is sent, and what lies lowest then is what is tapped next."""


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[StormyStage]:
    """Sari stands at her first question."""
    with closing(StormyStage(tmp_path)) as opened:
        opened.begins(SARI)
        yield opened


def _updates(storm: StormyStage) -> list[str]:
    """Return what has arrived at Telegram, to be handed to processes by the test itself."""
    waiting = [json.dumps(one.body()) for one in storm.api.updates.waiting(storm.clock.now())]
    storm.api.updates.clear()
    return waiting


def _meanwhile(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch, update: str, *others: str, when: str = "before"
) -> None:
    """Hand an update to one process, and the others to another one `before` or `after` its screen is sent."""
    other, sender = storm.new_app(), storm.app.desk.sender
    delivers: Callable[..., Awaitable[Any]] = sender.deliver
    left = list(others)

    async def overtaken() -> None:
        while left:
            assert await other.desk.handle(left.pop(0)) is Outcome.DONE

    async def delivers_late(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            await overtaken()
        sent = await delivers(*arguments, **named)
        await overtaken()
        return sent

    monkeypatch.setattr(sender, "deliver", delivers_late)
    assert asyncio.run(storm.app.desk.handle(update)) is Outcome.DONE
    monkeypatch.undo()
    other.close()


def _a_text_answers_only(storm: StormyStage, slot: int) -> None:
    """Answer what the lowest screen asks by typing, and see that it counts for that question and no other."""
    assert stands_at(storm, slot)
    before, choice = storm.answers(), choices(storm)[0]
    storm.says(SARI, choice.typed)
    assert storm.answers() == [*before, choice.arguments[2]]
    assert stands_at(storm, slot + 1)


@pytest.mark.parametrize("when", ["before", "after"])
def test_answer_typed_twice_in_a_row_answers_one_question(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    for _ in range(2):
        storm.api.person_sends(SARI, choices(storm)[0].typed)

    _meanwhile(storm, monkeypatch, *_updates(storm), when=when)

    assert len(storm.answers()) == 1
    _a_text_answers_only(storm, 2)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("text", ["/lanjut", "halo", "/bantuan", "/mulai"])
def test_tap_answers_while_a_text_is_being_answered(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch, text: str, when: str
) -> None:
    storm.api.person_sends(SARI, text)
    tap_first(storm)

    _meanwhile(storm, monkeypatch, *_updates(storm), when=when)

    assert len(storm.answers()) == 1
    assert sum(bool(message.keyboard) for message in storm.api.messages(SARI)) == 1
    _a_text_answers_only(storm, 2)


@pytest.mark.parametrize("when", ["before", "after"])
def test_text_answers_while_a_tap_is_being_answered(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    choice = tap_first(storm)
    storm.api.person_sends(SARI, "/lanjut")

    _meanwhile(storm, monkeypatch, *_updates(storm), when=when)

    assert storm.answers() == [choice.arguments[2]]
    _a_text_answers_only(storm, 2)


def test_text_that_meets_a_new_screen_on_its_way_answers_nothing(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm.api.person_sends(SARI, "/lanjut")
    storm.api.person_sends(SARI, choices(storm)[0].typed)

    _meanwhile(storm, monkeypatch, *_updates(storm))

    assert storm.answers() == []
    _a_text_answers_only(storm, 1)


def test_screen_that_asks_for_a_text_stays_where_the_one_before_comes_twice(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm.joins_as_coach(RANI)
    storm.says(RANI, "/kelompok")
    storm.taps(RANI, "Buat kelompok baru")
    for _ in range(2):
        storm.api.person_sends(RANI, "Kebumen")

    _meanwhile(storm, monkeypatch, *_updates(storm))

    assert storm.rows("SELECT name, regency FROM coach_group") == [("Kebumen", None)]
    assert storm.labels(RANI) == ["Lewati"]
    storm.says(RANI, "Kebumen")
    assert "Kabupaten Kebumen" in storm.screen(RANI) + " ".join(storm.labels(RANI))


def test_screen_that_replaces_a_deleted_one_late_is_drawn_again(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tap_first(storm)
    storm.api.person_sends(SARI, "a")
    tap, text = _updates(storm)
    gone: dict[str, object] = {"ok": False, "error_code": 400, "description": "Bad Request: message to edit not found"}
    storm.api.faults.add(Fault(method="editMessageText", do="status", status=400, body=gone, times=FOREVER))

    _meanwhile(storm, monkeypatch, tap, text)

    assert len(storm.answers()) == 2
    _a_text_answers_only(storm, 3)


async def _silent(*_: Any, **__: Any) -> Any:
    await asyncio.sleep(60)


async def _handled(storm: StormyStage, update: str, within: float) -> Outcome:
    return await storm.app.desk.handle(update, until=asyncio.get_running_loop().time() + within)


def test_screen_that_stays_away_too_long_is_given_up_and_drawn_when_it_comes_again(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = tap_first(storm)
    (tap,) = _updates(storm)
    monkeypatch.setattr(storm.app.desk.sender, "deliver", _silent)

    assert asyncio.run(_handled(storm, tap, within=0.1)) is Outcome.UNSENT

    monkeypatch.undo()
    assert asyncio.run(storm.app.desk.handle(tap)) is Outcome.DONE
    assert storm.answers() == [choice.arguments[2]]
    _a_text_answers_only(storm, 2)


def test_toast_that_stays_away_holds_up_no_screen(storm: StormyStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.tg.sender.TOASTED_WITHIN", 0.1)
    monkeypatch.setattr(storm.app.desk.sender, "toast", _silent)
    tap_first(storm)
    (tap,) = _updates(storm)

    assert asyncio.run(_handled(storm, tap, within=30.0)) is Outcome.DONE
    _a_text_answers_only(storm, 2)


async def _crossing(storm: StormyStage, monkeypatch: pytest.MonkeyPatch, first: str, second: str) -> None:
    """Answer the first, store what the second changes, show and note the first, and then show the second."""
    other = storm.new_app()
    answered, stored, shown = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def waiting(sender: Sender, tells: asyncio.Event, waits: asyncio.Event) -> None:
        delivers = sender.deliver

        async def deliver(*arguments: Any, **named: Any) -> Any:
            tells.set()
            await waits.wait()
            return await delivers(*arguments, **named)

        monkeypatch.setattr(sender, "deliver", deliver)

    waiting(storm.app.desk.sender, answered, stored)
    waiting(other.desk.sender, stored, shown)
    one = asyncio.create_task(storm.app.desk.handle(first))
    await answered.wait()
    two = asyncio.create_task(other.desk.handle(second))
    assert await one is Outcome.DONE
    shown.set()
    assert await two is Outcome.DONE
    monkeypatch.undo()
    other.close()


@pytest.mark.parametrize("text", ["/lanjut", "halo", "/bantuan", "/mulai"])
def test_tap_is_shown_after_the_text_that_was_answered_before_it(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    storm.api.person_sends(SARI, text)
    tap_first(storm)

    asyncio.run(_crossing(storm, monkeypatch, *_updates(storm)))

    assert len(storm.answers()) == 1
    _a_text_answers_only(storm, 2)


def test_stranger_who_joins_while_a_text_is_answered_is_not_asked_again(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm.says(STRANGER, "/start")
    agree = buttons(storm.live(STRANGER))[0]
    storm.api.person_sends(STRANGER, "halo")
    storm.api.person_taps(STRANGER, storm.live(STRANGER).message_id, agree.data or "")

    asyncio.run(_crossing(storm, monkeypatch, *_updates(storm)))

    assert "Business owner" in storm.labels(STRANGER)  # as her Telegram speaks English


def test_message_ids_that_begin_anew_make_one_more_screen(storm: StormyStage) -> None:
    with storm.app.database.transaction() as session:
        session.execute(update(PersonRow).values(live_message_id=100_000))
    before = len(storm.api.messages(SARI))

    storm.says(SARI, "/lanjut")

    assert len(storm.api.messages(SARI)) == before + 3  # the text, and two screens
    assert stands_at(storm, 1)
    storm.says(SARI, choices(storm)[0].typed)
    assert stands_at(storm, 2)


def test_person_erased_while_a_screen_is_sent_is_not_asked_for_consent_unbidden(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm.says(SARI, "/hapus")
    storm.taps(SARI, "Ya, hapus")
    erase = next(button.data for button in buttons(storm.live(SARI)) if ".e3." in (button.data or ""))
    storm.api.person_sends(SARI, "/lanjut")
    storm.api.person_taps(SARI, storm.live(SARI).message_id, erase or "")

    _meanwhile(storm, monkeypatch, *_updates(storm))

    assert storm.rows("SELECT count(*) FROM person") == [(0,)]
    assert "Setuju" not in "".join(storm.labels(SARI))


class Uneven(InProcess):
    """A line on which some calls, and some answers, take longer than others."""

    def __init__(self, api: BotApi, rng: random.Random) -> None:
        super().__init__(api)
        self._rng = rng

    async def do_request(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        await self._wait()
        answer = await super().do_request(*arguments, **named)
        await self._wait()
        return answer

    async def _wait(self) -> None:
        if self._rng.random() < 0.5:
            await asyncio.sleep(self._rng.uniform(0.0, LONGEST_DELAY))


class Crossroads(Stage):
    """Several processes that all take updates of everybody, as Telegram hands them out: one tap and one text of a
    person at a time.
    """

    def __init__(self, directory: Path) -> None:
        self._rng = random.Random(SEED)
        self._wake = asyncio.Event()
        self._under_way: set[tuple[str, int]] = set()
        self.wrong: list[tuple[int, str]] = []
        super().__init__(directory)
        self.apps = [self.app, *(self.new_app() for _ in range(2))]

    def transport(self) -> Uneven:
        return Uneven(self.api, self._rng)

    def close(self) -> None:
        for app in self.apps[1:]:
            app.close()
        super().close()

    async def hand_out(self, truth: Truth) -> None:
        """Hand out what arrives until cancelled; look at a screen whenever nothing of its person is under way."""
        self.api.listeners.subscribe(UPDATES, self._wake.set)
        async with asyncio.TaskGroup() as handing:
            while True:
                self._wake.clear()
                for one in self._waiting():
                    if one.key not in self._under_way:
                        self._under_way.add(one.key)
                        handing.create_task(self._hand_over(one, truth))
                await self._wake.wait()

    async def _hand_over(self, update: QueuedUpdate, truth: Truth) -> None:
        desk = self._rng.choice(self.apps).desk
        assert await desk.handle(json.dumps(update.body())) is Outcome.DONE
        self.api.updates.confirm(update.update_id)
        self._under_way.remove(update.key)
        _, person = update.key
        if all(other.key[1] != person for other in self._waiting()):
            found = wrong_screen(truth, truth.place(person), self.api.messages(person), truth.live_message(person))
            self.wrong += [(person, found)] if found else []
        self._wake.set()

    def _waiting(self) -> list[QueuedUpdate]:
        return self.api.updates.waiting(self.clock.now())

    async def crossed(self, crowd: Crowd, truth: Truth) -> None:
        """Let people tap and type until enough is answered, and come to rest."""
        handing = asyncio.create_task(self.hand_out(truth))
        walking = asyncio.gather(*(walker.walk() for walker in crowd.walkers))
        while crowd.answers_acknowledged < CROSSINGS and not handing.done():
            await asyncio.sleep(0.1)
        crowd.rest()
        await walking
        while self._waiting() and not handing.done():
            await asyncio.sleep(0.01)
        handing.cancel()
        with suppress(asyncio.CancelledError):
            await handing


def test_whatever_overtakes_whatever_the_lowest_screen_shows_what_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.faults.crowd.HAND_SECONDS", HAND_SECONDS)
    stage = Crossroads(tmp_path)
    url = stage.settings.database_url
    try:
        with closing(Truth(Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else url)) as truth:
            crowd = gather(stage.api, PEOPLE, SEED)
            asyncio.run(stage.crossed(crowd, truth))
            crowd.look()
            broken = [(w.id, one) for w in crowd.walkers for one in broken_promises(w.ledger, truth.answers(w.id))]
            print(
                f"\nseed {SEED}: {truth.count('response')} answers, {len(broken)} broken promises, "
                f"{len(stage.wrong)} wrong screens"
            )
            assert (broken, stage.wrong, truth.doubled(), truth.with_gaps()) == ([], [], [], [])
            assert [after for walker in crowd.walkers for after in walker.ledger.stuck] == []
            assert truth.count("response") >= CROSSINGS
            assert stage.rows("SELECT error FROM quarantine") == []
            assert stage.rows("SELECT count(*) FROM person WHERE sending IS NOT NULL") == [(0,)]
    finally:
        stage.close()
