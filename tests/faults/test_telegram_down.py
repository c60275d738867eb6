"""Telegram or the database away, slow, doubled or wrong: nothing is lost, nothing is stored twice, life goes on."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.chat import dispatch
from bot.chat.request import Request
from bot.chat.screen import Reply
from bot.core.person import PersonId
from bot.simulator.faults import Fault
from bot.store import session as store_session
from bot.tg.desk import Outcome
from tests import databases
from tests.faults.crowd import Choice, read
from tests.faults.weather import StormyStage
from tests.stage import JOKO, SARI, buttons

RETRY_BODY: dict[str, object] = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 3",
    "parameters": {"retry_after": 3},
}
WEATHERS = {
    "429": Fault(do="status", status=429, body=RETRY_BODY),
    "500": Fault(
        do="status", status=500, body={"ok": False, "error_code": 500, "description": "Internal Server Error"}
    ),
    "502-page": Fault(do="status", status=502),
    "reset-before": Fault(do="reset"),
    "reset-after": Fault(do="reset", when="after"),
    "timeout-before": Fault(do="delay"),
    "timeout-after": Fault(do="delay", when="after"),
    "bad-gateway-after": Fault(do="status", status=502, when="after"),
}
TAP_METHODS = ("editMessageText", "answerCallbackQuery")
FOREVER = 1000
STALE = "Tombol itu sudah lewat. Layar yang terbaru ada di paling bawah."


@pytest.fixture
def storm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StormyStage]:
    """Sari stands at her first question; a locked database is noticed after a twentieth of a second."""
    monkeypatch.setattr(store_session, "BUSY_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns at each 429, and warnings are errors here
    with closing(StormyStage(tmp_path)) as opened:
        opened.begins(SARI)
        yield opened


def choices(storm: StormyStage, person: int = SARI) -> list[Choice]:
    """Return the answers that the bottom screen offers."""
    offered = [read(button.text, button.data or "") for button in buttons(storm.live(person))]
    return [choice for choice in offered if choice.verb == "an"]


def tap_first(storm: StormyStage, person: int = SARI) -> Choice:
    """Tap the first answer, without letting the bot work yet."""
    choice = choices(storm, person)[0]
    storm.api.person_taps(person, storm.live(person).message_id, choice.data)
    return choice


def stands_at(storm: StormyStage, slot: int, person: int = SARI) -> bool:
    return storm.screen(person).startswith(f"Pertanyaan {slot} dari 30")


@pytest.mark.parametrize("weather", WEATHERS)
@pytest.mark.parametrize("method", TAP_METHODS)
def test_tap_in_bad_weather_is_stored_once_and_shown(storm: StormyStage, method: str, weather: str) -> None:
    storm.api.faults.add(replace(WEATHERS[weather], method=method))
    choice = tap_first(storm)

    outcomes = storm.settle()

    assert (outcomes, storm.answers()) == ([Outcome.DONE], [choice.arguments[2]])
    assert stands_at(storm, 2)
    assert storm.toast(SARI) == "Jawaban tersimpan"
    assert (len(storm.api.faults), storm.pauses) == (0, [3.0 if weather == "429" else 0.3])


@pytest.mark.parametrize("weather", WEATHERS)
def test_typed_command_in_bad_weather_is_answered_below(storm: StormyStage, weather: str) -> None:
    storm.api.faults.add(replace(WEATHERS[weather], method="sendMessage"))
    sent = storm.api.person_sends(SARI, "/lanjut")

    outcomes = storm.settle()

    assert outcomes == [Outcome.DONE]
    assert storm.live(SARI).message_id > sent and stands_at(storm, 1)
    assert storm.rows("SELECT live_message_id FROM person") == [(storm.live(SARI).message_id,)]


@pytest.mark.parametrize("weather", WEATHERS)
def test_screen_that_cannot_be_drawn_is_drawn_when_delivered_again(storm: StormyStage, weather: str) -> None:
    storm.api.faults.add(replace(WEATHERS[weather], method="editMessageText", times=FOREVER))
    choice = tap_first(storm)
    during = storm.settle()
    storm.api.faults.clear()

    after = storm.settle()

    assert (during, after) == ([Outcome.UNSENT], [Outcome.DONE])
    assert storm.answers() == [choice.arguments[2]]
    assert stands_at(storm, 2)


@pytest.mark.parametrize("weather", WEATHERS)
def test_typed_answer_that_cannot_be_confirmed_answers_nothing_more(storm: StormyStage, weather: str) -> None:
    storm.api.faults.add(replace(WEATHERS[weather], method="sendMessage", times=FOREVER))
    storm.api.person_sends(SARI, "belum tahu" if len(choices(storm)) == 1 else "a")
    during = storm.settle()
    storm.api.faults.clear()

    after = storm.settle()

    assert (during, after) == ([Outcome.UNSENT], [Outcome.DONE])
    assert len(storm.answers()) == 1
    assert stands_at(storm, 2)


def test_callback_that_cannot_be_answered_holds_up_nothing(storm: StormyStage) -> None:
    storm.api.faults.add(Fault(method="answerCallbackQuery", do="delay", times=FOREVER))
    choice = tap_first(storm)

    outcomes = storm.settle()

    assert (outcomes, storm.answers()) == ([Outcome.DONE], [choice.arguments[2]])
    assert stands_at(storm, 2)


def test_long_retry_after_is_not_waited_for_but_delivered_again(storm: StormyStage) -> None:
    body = {**RETRY_BODY, "parameters": {"retry_after": 100}}
    storm.api.faults.add(Fault(method="editMessageText", do="status", status=429, body=body))
    tap_first(storm)

    during = [*storm.settle(), *storm.settle()]
    storm.advance(seconds=100)
    after = storm.settle()

    assert (during, after, storm.pauses) == ([Outcome.UNSENT] * 2, [Outcome.DONE], [])
    assert (len(storm.answers()), stands_at(storm, 2)) == (1, True)


def test_person_who_blocks_and_comes_back_goes_on_where_they_were(storm: StormyStage) -> None:
    tap_first(storm)
    storm.api.person_blocks(SARI)
    blocked = storm.settle()
    unreachable = storm.rows("SELECT reachable FROM person")
    storm.api.person_unblocks(SARI)
    storm.settle()

    storm.says(SARI, "/lanjut")

    assert (blocked, unreachable) == ([Outcome.DONE, Outcome.DONE], [(0,)])
    assert storm.rows("SELECT reachable FROM person") == [(1,)]
    assert (len(storm.answers()), stands_at(storm, 2)) == (1, True)
    assert storm.rows("SELECT count(*) FROM quarantine") == [(0,)]


def test_deleted_message_is_replaced_by_a_new_one(storm: StormyStage) -> None:
    tap_first(storm)
    deleted = storm.live(SARI).message_id
    del storm.api.chat(SARI).messages[deleted]

    outcomes = storm.settle()

    assert outcomes == [Outcome.DONE]
    assert storm.live(SARI).message_id > deleted and stands_at(storm, 2)
    assert storm.rows("SELECT live_message_id FROM person") == [(storm.live(SARI).message_id,)]


@pytest.mark.parametrize("typed", [False, True])
def test_locked_database_delays_and_loses_nothing(storm: StormyStage, typed: bool) -> None:
    if typed:
        storm.api.person_sends(SARI, "belum tahu" if len(choices(storm)) == 1 else "a")
    else:
        tap_first(storm)
    with databases.away(storm.app.database):
        locked = storm.settle()
    stored_meanwhile = storm.answers()

    free = storm.settle()

    assert (locked, stored_meanwhile, free) == ([Outcome.LATER], [], [Outcome.DONE])
    assert (len(storm.answers()), stands_at(storm, 2)) == (1, True)


def test_database_locked_after_the_answer_was_stored_draws_the_screen_later(storm: StormyStage) -> None:
    """Sending a new message leaves its id to be noted: the lock comes between."""
    storm.api.person_sends(SARI, "/lanjut")
    with ExitStack() as locking:
        unsubscribe = storm.api.listeners.subscribe(
            SARI, cache(lambda: locking.enter_context(databases.away(storm.app.database)))
        )
        locked = storm.settle()
        unsubscribe()

    free = storm.settle()

    assert (locked, free) == ([Outcome.UNSENT], [Outcome.DONE])
    assert storm.rows("SELECT live_message_id FROM person") == [(storm.live(SARI).message_id,)]
    assert stands_at(storm, 1)


def test_poison_update_is_set_aside_and_the_next_one_works(storm: StormyStage, monkeypatch: pytest.MonkeyPatch) -> None:
    storm.joins(JOKO)
    storm.taps(JOKO, "Mulai asesmen")
    verb = dispatch._VERBS["an"]

    def poisoned(request: Request, *arguments: str) -> Reply:
        if request.owner.id == PersonId(1):
            raise ZeroDivisionError("secret detail")
        reply: Reply = verb.handler(request, *arguments)
        return reply

    monkeypatch.setitem(dispatch._VERBS, "an", replace(verb, handler=poisoned))
    tap_first(storm)
    poisonous = storm.settle()
    query = storm.api.calls[-2:]
    tap_first(storm, JOKO)
    storm.settle()
    monkeypatch.undo()
    stored_meanwhile = storm.answers()
    kept = storm.rows("SELECT telegram_id, error, error_id FROM quarantine")
    apology = storm.api.messages(SARI)[-1].text

    tap_first(storm)
    storm.settle()

    assert poisonous == [Outcome.DONE]
    assert [(person, error) for person, error, _ in kept] == [(SARI, "ZeroDivisionError")]
    assert kept[0][2] in apology and "secret" not in apology
    assert sorted(call.method for call in query) == ["answerCallbackQuery", "sendMessage"]
    assert len(stored_meanwhile) == 1 and stands_at(storm, 2, JOKO)
    assert len(storm.answers()) == 2 and stands_at(storm, 2)


def test_same_update_delivered_again_changes_nothing(storm: StormyStage) -> None:
    tap_first(storm)
    storm.settle()
    before = (storm.answers(), storm.screen(SARI))

    outcome = storm.deliver(storm.last_update(SARI))

    assert outcome is Outcome.DONE
    assert (storm.answers(), storm.screen(SARI)) == before


def test_same_tap_under_a_new_update_id_changes_nothing(storm: StormyStage) -> None:
    tap_first(storm)
    storm.settle()
    before = (storm.answers(), storm.screen(SARI))
    again: dict[str, Any] = copy.deepcopy(storm.last_update(SARI))
    again["update_id"] += 1
    again["callback_query"]["id"] = "123"

    outcome = storm.deliver(again)

    assert outcome is Outcome.DONE
    assert (storm.answers(), storm.screen(SARI)) == before


def test_typed_answer_delivered_twice_never_answers_the_next_question(storm: StormyStage) -> None:
    for number in range(1, 9):
        choices_now = choices(storm)
        storm.says(SARI, "belum tahu" if "tk" in _verbs(storm) else "14000" if len(choices_now) == 1 else "a")
        stored = storm.answers()

        storm.deliver(storm.last_update(SARI))
        storm.deliver({**storm.last_update(SARI), "update_id": 5 + number})

        assert len(stored) == number
        assert storm.answers() == stored
        if "Yakin" in storm.labels(SARI):
            storm.taps(SARI, "Agak yakin")


def test_answer_typed_twice_in_a_row_answers_one_question(storm: StormyStage) -> None:
    typed = "belum tahu" if len(choices(storm)) == 1 else "a"
    storm.api.person_sends(SARI, typed)
    storm.api.person_sends(SARI, typed)

    outcomes = storm.settle()

    assert outcomes == [Outcome.DONE, Outcome.DONE]
    assert len(storm.answers()) == 1
    assert stands_at(storm, 2)
    assert "Pesan terakhir Anda terkirim sebelum yang di bawah ini muncul" in storm.api.messages(SARI)[-2].text


def _verbs(storm: StormyStage) -> set[str]:
    return {read(button.text, button.data or "").verb for button in buttons(storm.live(SARI))}


def test_two_options_tapped_on_two_processes_store_one(storm: StormyStage) -> None:
    other = storm.new_app()
    for number in range(1, 9):
        message, offered = storm.live(SARI).message_id, choices(storm)
        if len(offered) < 2:
            tap_first(storm)
            storm.settle()
        else:
            for choice in offered[:2]:
                storm.api.person_taps(SARI, message, choice.data)
            first, second = (json.dumps(u.body()) for u in storm.api.updates.waiting(storm.clock.now()))
            storm.api.updates.clear()

            outcomes = asyncio.run(_both(storm.app.desk.handle(first), other.desk.handle(second)))

            assert outcomes == [Outcome.DONE, Outcome.DONE]
            assert storm.answers()[-1] in [choice.arguments[2] for choice in offered[:2]]
        assert len(storm.answers()) == number
        if "Yakin" in storm.labels(SARI):
            storm.taps(SARI, "Agak yakin")
        assert stands_at(storm, number + 1)
    other.close()


async def _both(*handling: Coroutine[Any, Any, Outcome]) -> list[Outcome]:
    return list(await asyncio.gather(*handling))


def test_old_button_after_erasing_and_joining_anew_never_scores(storm: StormyStage) -> None:
    old = [(storm.live(SARI).message_id, choice.data) for choice in choices(storm)]
    tap_first(storm)
    storm.settle()
    storm.says(SARI, "/hapus")
    storm.taps(SARI, "Ya, hapus")
    storm.taps(SARI, "Hapus semua data saya")
    erased = storm.answers()
    storm.advance(days=31)
    storm.joins(SARI)
    storm.taps(SARI, "Mulai asesmen")

    for message_id, data in old:
        storm.tap(SARI, message_id, data)

    assert (erased, storm.answers()) == ([], [])
    assert storm.toast(SARI) == STALE
    assert stands_at(storm, 1)
