"""One update from arrival to acknowledgement: order, quarantine, what comes again, and what is noted afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat import dispatch
from bot.chat.request import Request
from bot.chat.screen import Reply, Screen
from bot.simulator.chats import Media, Person
from bot.store import session
from bot.tg import desk
from bot.tg.desk import Outcome
from bot.wiring import build
from tests import databases
from tests.postgresql_server import Cutting
from tests.stage import JOKO, SARI, STRANGER, Stage, buttons
from tests.tg.support import Trouble, Troubled
from tests.watch.logbook import told

LONG_WAIT = Trouble("sendMessage", 429, "Too Many Requests: retry after 60", retry_after=60)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a locked database only shortly, and have durations without the library's warning."""
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", 0.02)
    monkeypatch.setattr(desk, "DATABASE_TRIES", 1)
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def test_what_goes_wrong_while_a_screen_is_sent_lies_in_quarantine(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.joins(SARI)
    with monkeypatch.context() as patched:

        async def breaks(*_: object) -> object:
            raise ValueError("a defect")

        patched.setattr(desk.Desk, "_show", breaks)
        play.api.person_sends(SARI, "/lanjut")

        assert play.settle() == [Outcome.DONE]

    assert play.rows("SELECT error FROM quarantine") == [("ValueError",)]
    play.says(SARI, "/lanjut")
    assert "Mulai asesmen" in play.labels(SARI)


def _troubled(play: Stage, *troubles: Trouble) -> Troubled:
    """Go on with another process whose line to Telegram is in trouble."""
    transport = Troubled(play.api, *troubles)
    play.app.close()
    play.app = build(play.settings, clock=play.clock.now, request=transport, updates_request=transport)
    return transport


@contextmanager
def _locked(play: Stage) -> Iterator[None]:
    with databases.away(play.app.database):
        yield


def _quarantined(play: Stage) -> list[tuple[object, ...]]:
    return play.rows("SELECT update_id, telegram_id, error, payload FROM quarantine")


def _live(play: Stage, person: int) -> object:
    ((live,),) = play.rows("SELECT live_message_id FROM person WHERE telegram_id = :person", person=person)
    return live


def _breaks(monkeypatch: pytest.MonkeyPatch, person: int) -> None:
    """Have /bantuan fail for one person."""
    works = dispatch._COMMANDS["bantuan"].handler

    def handler(request: Request) -> Reply:
        if request.incoming.telegram_id == person:
            raise ZeroDivisionError(request.incoming.first_name)
        return works(request)

    monkeypatch.setitem(dispatch._COMMANDS, "bantuan", replace(dispatch._COMMANDS["bantuan"], handler=handler))


# Quarantine


@pytest.mark.parametrize(
    ("body", "update_id"),
    [
        (b"{", 0),
        (b'{"update_id": "x"}', 0),
        (b'{"update_id": true}', 0),
        (b'{"update_id": 5, "message": 1}', 5),
        ('{"update_id": 9' + "9" * 30, 0),
    ],
)
def test_unreadable_update_is_kept_and_acknowledged(play: Stage, body: bytes | str, update_id: int) -> None:
    outcome = play.deliver(body)

    text = body if isinstance(body, str) else body.decode()
    assert outcome is Outcome.DONE
    assert _quarantined(play) == [(update_id, None, "UnreadableUpdate", text)]


@pytest.mark.parametrize("body", [b"\x00\xff{", b"9" * 5000, b"x" * 200_000])
def test_unreadable_bytes_are_kept_as_far_as_they_are_text(play: Stage, body: bytes) -> None:
    outcome = play.deliver(body)

    ((_, _, _, payload),) = _quarantined(play)
    assert outcome is Outcome.DONE
    assert payload == body.decode("utf-8", "replace").replace("\0", "")[:100_000]


def test_half_a_character_typed_is_kept_away_and_the_next_text_is_taken(play: Stage) -> None:
    play.joins_as_coach(JOKO)
    play.says(JOKO, "/kelompok")
    play.taps(JOKO, "Buat kelompok baru")

    play.says(JOKO, "Pasar \ud83d")
    kept = [row[2] for row in _quarantined(play)]
    play.says(JOKO, "Pa\0sar Wage\0")
    play.taps(JOKO, "Lewati")
    play.taps(JOKO, "Tanpa program")

    assert (kept, play.rows("SELECT name FROM coach_group")) == (["UnreadableUpdate"], [("Pasar Wage",)])


def test_poison_update_is_kept_with_an_apology_and_the_next_one_works(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.joins(SARI)
    play.joins(JOKO)
    _breaks(monkeypatch, SARI)

    with told("text") as stream:
        play.says(SARI, "/bantuan")
    play.says(JOKO, "/bantuan")
    apology = play.api.messages(SARI)[-1].text
    play.says(SARI, "/privasi")

    ((_, telegram_id, error, payload),) = _quarantined(play)
    assert (telegram_id, error) == (SARI, "ZeroDivisionError")
    assert json.loads(str(payload))["message"]["text"] == "/bantuan"
    assert "Maaf" in apology
    assert play.api.messages(JOKO)[-1].text != apology
    assert play.api.messages(SARI)[-1].text != apology
    assert "ZeroDivisionError" in stream.getvalue() and "Sari" not in stream.getvalue()


def test_poison_tap_is_answered(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    play.joins(SARI)
    handler = dispatch._VERBS["md"]

    def broken(request: Request) -> Reply:
        raise ZeroDivisionError

    monkeypatch.setitem(dispatch._VERBS, "md", replace(handler, handler=broken))
    before = len(play.api.toasts(SARI))

    play.taps(SARI, "Pelajaran")

    assert len(play.api.toasts(SARI)) == before + 1
    assert [row[2] for row in _quarantined(play)] == ["ZeroDivisionError"]


def test_poison_update_changes_nothing(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    play.joins(SARI)

    def half(request: Request) -> Reply:
        request.session.connection().exec_driver_sql("UPDATE person SET first_name = 'Separuh'")
        raise ZeroDivisionError

    monkeypatch.setitem(dispatch._COMMANDS, "bantuan", replace(dispatch._COMMANDS["bantuan"], handler=half))

    play.says(SARI, "/bantuan")

    assert play.rows("SELECT first_name FROM person") == [("Sari",)]


def test_call_that_telegram_calls_wrong_is_quarantined(play: Stage) -> None:
    play.joins(SARI)
    _troubled(play, Trouble("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID"))

    play.says(SARI, "/bantuan")

    assert [row[2] for row in _quarantined(play)] == ["BadRequest"]
    assert "Maaf" in play.api.messages(SARI)[-1].text


def test_poison_update_whose_apology_fails_too_is_done(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    play.joins(SARI)
    _troubled(play, Trouble("sendMessage", 403, "Forbidden: bot was blocked by the user"))
    _breaks(monkeypatch, SARI)
    play.api.person_sends(SARI, "/bantuan")

    assert play.settle() == [Outcome.DONE]


def test_poison_update_with_a_huge_id_stays_at_the_desk(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    play.joins(SARI)
    _breaks(monkeypatch, SARI)
    chat = {"id": SARI, "type": "private"}
    sender = {"id": SARI, "first_name": "Sari"}
    message = {"message_id": 99, "chat": chat, "from": sender, "text": "/bantuan"}

    outcome = play.deliver({"update_id": 10**30, "message": message})

    assert outcome is Outcome.DONE


# Later


def test_locked_database_is_later_and_then_works(play: Stage) -> None:
    play.joins(SARI)
    _troubled(play)
    play.api.person_sends(SARI, "/bantuan")

    with _locked(play):
        during = play.settle()

    assert during == [Outcome.LATER]
    assert play.settle() == [Outcome.DONE]


@pytest.mark.sqlite_only
def test_everybody_who_waits_for_a_locked_database_is_refused_with_the_first(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait, people = 0.3, range(STRANGER + 1, STRANGER + 13)
    monkeypatch.setattr(session, "BUSY_TIMEOUT_SECONDS", wait)
    _troubled(play)
    for person in people:
        play.api.add_user(Person(person, "Ibu"))
        play.api.person_sends(person, "/start")
    waiting = play.api.updates.waiting(play.clock.now())
    bodies = [update.body() for update in waiting if update.key[1] in people]

    with _locked(play):
        began = time.monotonic()
        outcomes = play.deliver_at_once(*bodies)
        took = time.monotonic() - began

    assert outcomes == [Outcome.LATER] * len(people)
    assert took < len(people) * wait / 2


def test_locked_database_keeps_an_unreadable_update_for_later(play: Stage) -> None:
    _troubled(play)

    with _locked(play):
        outcome = play.deliver(b"{")

    assert (outcome, _quarantined(play)) == (Outcome.LATER, [])


def test_unavailable_telegram_is_later_and_the_change_is_made_once(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")
    _troubled(play, LONG_WAIT)
    play.api.person_sends(SARI, "a")

    at_once = play.settle(), play.settle()
    monkeypatch.setattr(play.app.desk.sender, "_now", lambda: time.monotonic() + 60)
    outcomes = (*at_once, play.settle())

    assert outcomes == ([Outcome.UNSENT], [Outcome.UNSENT], [Outcome.DONE])
    assert play.rows("SELECT count(*) FROM response") == [(1,)]
    assert [m.message_id for m in play.api.messages(SARI) if m.keyboard] == [_live(play, SARI)]


@pytest.mark.postgresql_only
@pytest.mark.parametrize(("tries", "outcomes"), [(1, [Outcome.LATER, Outcome.DONE]), (3, [Outcome.DONE])])
def test_tap_whose_commit_nobody_heard_of_is_stored_once(
    play: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tries: int, outcomes: list[Outcome]
) -> None:
    monkeypatch.setattr(desk, "DATABASE_TRIES", tries)
    play.joins(SARI)
    play.says(SARI, "/mulai")
    with closing(Cutting(play.settings.database_url, tmp_path, heard=True)) as line:
        play.settings = replace(play.settings, database_url=line.address)
        play.restart()
        asked = play.live(SARI)
        play.api.person_taps(SARI, asked.message_id, buttons(asked)[0].data or "")
        line.is_armed = True

        became = [*play.settle(), *play.settle()]
        stored, shown = play.rows("SELECT * FROM response"), play.screen(SARI)
        again = play.deliver(play.last_update(SARI))

        assert (became, again, line.is_armed) == (outcomes, Outcome.DONE, False)
        assert (len(stored), stored, shown) == (1, play.rows("SELECT * FROM response"), play.screen(SARI))
        assert (shown == asked.text, _quarantined(play)) == (False, [])


# Gone


def test_person_who_blocked_is_marked_unreachable_and_marked_back(play: Stage) -> None:
    play.joins(SARI)
    play.api.updates.allowed = ("message", "callback_query")
    play.api.person_sends(SARI, "/bantuan")
    play.api.person_blocks(SARI)

    outcomes = play.settle()
    gone = _reachable(play)
    play.api.updates.allowed = ()
    play.api.person_unblocks(SARI)
    play.settle()

    assert (outcomes, gone, _reachable(play)) == ([Outcome.DONE], 0, 1)


def _reachable(play: Stage) -> object:
    return play.rows("SELECT reachable FROM person")[0][0]


def test_person_gone_while_the_database_is_locked_is_later(play: Stage) -> None:
    play.joins(SARI)
    blocked = Blocking(play)
    play.api.person_sends(SARI, "/bantuan")

    try:
        outcomes = play.settle()
    finally:
        blocked.release()

    assert outcomes == [Outcome.UNSENT]


class Blocking(Troubled):
    """A Telegram that answers "blocked" just when somebody else locks the database."""

    def __init__(self, play: Stage) -> None:
        super().__init__(play.api)
        self._database = play.app.database
        self._locking = ExitStack()
        play.app.close()
        play.app = build(play.settings, clock=play.clock.now, request=self, updates_request=self)

    async def do_request(self, url: str, method: str, *rest: object, **named: object) -> tuple[int, bytes]:
        self._locking.enter_context(databases.away(self._database))
        return 403, b'{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}'

    def release(self) -> None:
        self._locking.close()


# What is noted after sending


def test_live_message_is_noted_only_with_buttons(play: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    play.joins(SARI)
    play.says(SARI, "/bantuan")
    noted = _live(play, SARI)
    bare = replace(dispatch._COMMANDS["bantuan"], handler=lambda request: Reply(Screen("tanpa tombol")))
    monkeypatch.setitem(dispatch._COMMANDS, "bantuan", bare)

    play.says(SARI, "/bantuan")

    assert play.api.messages(SARI)[-1].text == "tanpa tombol"
    assert _live(play, SARI) == noted == play.api.messages(SARI)[-3].message_id


def _result_pictures(play: Stage) -> list[Media]:
    """Return the pictures of the result that were sent; those of questions come with a caption of their own."""
    sent = [message for message in play.api.messages(SARI) if message.photo]
    return [m.photo for m in sent if m.photo and (m.caption or "").startswith("Gambar hasil")]


def test_picture_is_uploaded_once_for_each_language(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")
    play.answers_all(SARI)

    for _ in range(2):
        play.taps(SARI, "Gambar hasil")
        play.says(SARI, "/hasil")

    pictures = _result_pictures(play)
    assert play.rows("SELECT language, file_id FROM picture") == [("id", pictures[0].file_id)]
    assert [picture == pictures[0] for picture in pictures] == [True, True]


def test_picture_whose_stored_file_id_is_refused_is_drawn_anew(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")
    play.answers_all(SARI)
    play.taps(SARI, "Gambar hasil")
    play.says(SARI, "/hasil")
    play.rows("UPDATE picture SET file_id = 'AgACAgQAAx0-of-another-bot'")

    play.taps(SARI, "Gambar hasil")

    assert _quarantined(play) == []
    assert len(_result_pictures(play)) == 2


# Left alone


def test_tap_in_a_group_is_only_answered(play: Stage) -> None:
    play.says(STRANGER, "/start")
    query = play.api.person_taps(STRANGER, play.live(STRANGER).message_id, buttons(play.live(STRANGER))[0].data or "")
    (update,) = play.api.updates.waiting(play.clock.now())
    body = update.body()
    body["callback_query"] = {**update.payload, "message": {"message_id": 1, "chat": {"id": -1, "type": "group"}}}
    play.api.calls.clear()

    outcome = play.deliver(body)

    assert outcome is Outcome.DONE
    assert [(c.method, c.params["callback_query_id"]) for c in play.api.calls] == [("answerCallbackQuery", query)]


# Flood


def test_flood_is_acknowledged_and_answered_no_more_while_others_go_on(play: Stage) -> None:
    play.joins(SARI)
    play.joins(JOKO)
    play.app.desk.flood.__init__(burst=3, now=lambda: 0.0)  # type: ignore[misc]
    play.api.calls.clear()

    for _ in range(50):
        play.says(SARI, "/bantuan")
    play.says(JOKO, "/bantuan")

    chats = [int(str(call.params["chat_id"])) for call in play.api.calls if call.method == "sendMessage"]
    assert [chats.count(SARI), chats.count(JOKO)] == [3, 1]
    assert list(play.api.updates.waiting(play.clock.now())) == []
