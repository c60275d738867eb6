"""One person's updates at two processes at the same time: the lowest screen shows what is stored, and a text answers
the question that stands there, or none.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.faults import Fault
from bot.tg.desk import Outcome
from tests.faults.test_telegram_down import FOREVER, choices, stands_at, tap_first
from tests.faults.weather import StormyStage
from tests.stage import SARI


@pytest.fixture
def storm(tmp_path: Path) -> Iterator[StormyStage]:
    """Sari stands at her first question."""
    opened = StormyStage(tmp_path)
    try:
        opened.joins(SARI)
        opened.taps(SARI, "Mulai asesmen")
        yield opened
    finally:
        opened.close()


def _updates(storm: StormyStage) -> list[str]:
    """Return what has arrived at Telegram, to be handed to processes by the test itself."""
    waiting = [json.dumps(update.body()) for update in storm.api.updates.waiting(storm.clock.now())]
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


def test_screen_that_stays_away_too_long_is_given_up_and_drawn_when_it_comes_again(
    storm: StormyStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = tap_first(storm)
    (tap,) = _updates(storm)
    monkeypatch.setattr("bot.tg.desk.SHOWN_WITHIN", 0.01)

    async def silent(*_: Any, **__: Any) -> Any:
        await asyncio.sleep(60)

    with monkeypatch.context() as patched:
        patched.setattr(storm.app.desk.sender, "deliver", silent)
        assert asyncio.run(storm.app.desk.handle(tap)) is Outcome.UNSENT
    monkeypatch.undo()

    assert asyncio.run(storm.app.desk.handle(tap)) is Outcome.DONE
    assert storm.answers() == [choice.arguments[2]]
    _a_text_answers_only(storm, 2)
