"""One entry: what stands in it as text and as JSON, and what cannot stand in it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sys
import threading
import warnings
from datetime import UTC, datetime

import pytest

from bot.watch import logs
from tests.watch.logbook import told

LOG = logging.getLogger("bot.tg.desk")
WORDS = " ".join(["nasi", "uduk"])
"""Not written as they are told, for frames show lines of the source."""
FORMATS = pytest.mark.parametrize("log_format", ["text", "json"])


def _broken() -> BaseException:
    """Return an exception with frames, whose words and cause quote what somebody wrote."""
    try:
        try:
            raise KeyError(WORDS)
        except KeyError as error:
            raise ValueError(WORDS) from error
    except Exception as error:
        return error


def test_json_entry_has_these_fields() -> None:
    with told("json", key="kunci") as stream:
        before = datetime.now(UTC)
        LOG.warning(
            "a screen was not sent: %s", "TimedOut", extra={"outcome": "unsent", "bot_id": 7, "telegram_id": 42}
        )

    found = json.loads(stream.getvalue())
    at = datetime.fromisoformat(found.pop("time"))
    assert abs((at - before).total_seconds()) < 1
    assert at.tzinfo == UTC
    assert found == {
        "level": "WARNING",
        "logger": "bot.tg.desk",
        "message": "a screen was not sent: TimedOut",
        "replica": f"{socket.gethostname()}:{os.getpid()}",
        "outcome": "unsent",
        "bot_id": 7,
        "person": found["person"],
    }
    assert len(found["person"]) == 10


def test_text_entry_names_what_stands_beside_it() -> None:
    with told("text") as stream:
        LOG.error("update quarantined as %s", "ab12", extra={"error_id": "ab12", "bot_id": 7})

    line = stream.getvalue().partition(" ERROR ")[2]
    assert line == "bot.tg.desk: update quarantined as ab12 [error_id=ab12 bot_id=7]\n"


@FORMATS
def test_person_is_marked_alike_under_one_key_and_never_named(log_format: str) -> None:
    entries = []
    for key in ("kunci", "kunci", "lain"):
        with told(log_format, key=key) as stream:
            LOG.info("x", extra={"telegram_id": 9876543210})
        entries.append(stream.getvalue())

    marks = [entry.partition("person")[2].strip(' =":]}\n') for entry in entries]
    assert [mark == marks[0] for mark in marks] == [True, True, False]
    assert "9876543210" not in "".join(entries)


@FORMATS
def test_exception_tells_kinds_and_frames_and_none_of_its_words(log_format: str) -> None:
    with told(log_format) as stream:
        LOG.error("broke", exc_info=_broken())

    said = stream.getvalue()
    assert WORDS not in said
    assert said.count("ValueError") - said.count("raise ValueError") == 1
    assert "from KeyError" in said
    assert "in _broken" in said


def test_frames_in_a_message_become_the_exception_of_the_entry() -> None:
    with told("json") as stream:
        LOG.error("gave up: %s\n%s", "KeyError", '  File "bot/x.py", line 1, in f\n    f()\n')

    found = json.loads(stream.getvalue())
    assert (found["message"], found["exception"]) == ("gave up: KeyError", '  File "bot/x.py", line 1, in f\n    f()')


@FORMATS
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_value_cannot_forge_another_entry(log_format: str, ending: str) -> None:
    forged = f"x{ending}2026-01-01 00:00:00,000 ERROR bot: palsu"
    with told(log_format) as stream:
        LOG.warning("seen: %s", forged, extra={"outcome": forged})

    assert len(stream.getvalue().splitlines()) == 1


@FORMATS
def test_entry_with_the_wrong_number_of_values_is_told(log_format: str) -> None:
    with told(log_format) as stream:
        wrong = logging.LogRecord("bot", logging.WARNING, __file__, 1, "one %s two %s", ("a",), None)
        logging.getLogger().handlers[-1].handle(wrong)

    assert "one %s two %s" in stream.getvalue()


def test_extra_that_nobody_planned_is_left_out() -> None:
    with told("json") as stream:
        LOG.warning("x", extra={"text": "nasi uduk"})

    assert "nasi uduk" not in stream.getvalue()


@pytest.mark.parametrize(
    "name", ["httpx", "httpcore", "aiohttp", "uvicorn.access", "dbos", "alembic", "sqlalchemy.engine"]
)
def test_library_speaks_from_warnings_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("uvicorn", name):  # web servers of other tests in this process keep theirs to themselves
        monkeypatch.setattr(logging.getLogger(each), "propagate", True)
    with told("text", level=logging.DEBUG) as stream:
        logging.getLogger(name).info("kecil")
        logging.getLogger(name).warning("besar")

    assert [line.split(": ")[1] for line in stream.getvalue().splitlines()] == ["besar"]


def test_telegrams_library_quotes_answers_and_is_silent() -> None:
    with told("text") as stream:
        logging.getLogger("telegram.request.BaseRequest").error('Can not load invalid JSON data: "%s"', "nasi uduk")

    assert stream.getvalue() == ""


@FORMATS
def test_second_set_up_takes_the_place_of_the_first(log_format: str) -> None:
    with told(log_format, secrets=("rahasia-lama",)) as first:
        logs.set_up(log_format, known=("rahasia-baru",), stream=first)
        LOG.warning("rahasia-baru")

    assert (first.getvalue().count("<hidden>"), first.getvalue().count("\n")) == (1, 1)


@FORMATS
def test_what_nobody_catches_is_told_in_the_same_form(log_format: str, capsys: pytest.CaptureFixture[str]) -> None:
    error = _broken()

    async def forget() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(logs.task_broke)
        loop.call_exception_handler({"message": "nasi uduk", "exception": error})

    with told(log_format) as stream:
        logs.catch_the_rest()
        sys.excepthook(ValueError, error, error.__traceback__)
        thread = threading.Thread(target=lambda: [][1])
        thread.start()
        thread.join()
        asyncio.run(forget())

    said = stream.getvalue()
    assert WORDS not in said
    assert [said.count(words) for words in ("the process ends", "a thread ended", "a task ended")] == [1, 1, 1]
    assert said.count("IndexError") == 1
    assert capsys.readouterr().err == ""


def test_interrupt_by_the_keyboard_is_left_to_python(capsys: pytest.CaptureFixture[str]) -> None:
    with told("text") as stream:
        logs.catch_the_rest()
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert stream.getvalue() == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_warning_of_python_is_an_entry() -> None:
    with told("json") as stream, warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("hati-hati", stacklevel=1)

    assert json.loads(stream.getvalue())["logger"] == "py.warnings"
