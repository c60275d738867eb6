"""The commands of who looks after the questions, on a database with finished sittings."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.bank import calibration, neutral, replay
from bot.core.attempt import Attempt
from bot.core.reading import Reading
from bot.jobs.renewal import Renewal
from bot.store import attempts, readings
from bot.wiring import CONTENT
from tests.core.builders import NOW
from tests.stage import JOKO, SARI, Stage


@pytest.fixture
def finished(play: Stage) -> Stage:
    """A stage on which two people have finished, one with A and one with B throughout."""
    for person, letter in ((SARI, "A"), (JOKO, "B")):
        play.joins(person)
        play.taps(person, "Mulai asesmen")
        play.answers_all(person, letter)
    return play


def _sitting(play: Stage) -> Attempt:
    with play.app.database.transaction() as session:
        return attempts.every_finished(session)[0]


def _first_scored(play: Stage) -> str:
    return next(r.item_code for r in _sitting(play).responses if not r.item_code.startswith("H"))


def test_every_choice_of_a_sitting_is_explained(finished: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    sitting = _sitting(finished)

    assert replay.run(finished.app.database, sitting.id) == 0

    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[1] for line in lines] == [r.item_code for r in sitting.responses]
    assert lines[0].endswith("pertanyaan kebiasaan")
    assert "bidang ini paling tertinggal dari jatahnya; perkiraan" in lines[1]


def test_a_sitting_that_is_not_there_cannot_be_explained(play: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay.run(play.app.database, 99) == 1
    assert capsys.readouterr().out == "Asesmen 99 tidak ada.\n"


def test_a_look_at_a_faulty_question_changes_nothing(finished: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    code = _first_scored(finished)

    assert neutral.run(finished.app.database, code, reason="kunci keliru", restore=False, write=False, now=NOW) == 0
    assert neutral.run(finished.app.database, code, reason="kunci keliru", restore=False, write=False, now=NOW) == 0

    printed = capsys.readouterr().out
    assert printed.count("Dari 2 hasil, ") == 2
    assert "Tambahkan --write" in printed


def test_a_question_put_aside_is_asked_no_more_and_counts_again_when_restored(
    finished: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    code = _first_scored(finished)
    database = finished.app.database

    neutral.run(database, code, reason="kunci keliru", restore=False, write=True, now=NOW)
    neutral.run(database, code, reason="kunci keliru", restore=False, write=True, now=NOW)
    aside = capsys.readouterr().out
    calibration.run(database, CONTENT, at_least=1, write=False, item=code, now=NOW)
    unknown = capsys.readouterr().out
    neutral.run(database, code, reason="ternyata benar", restore=True, write=True, now=NOW + timedelta(days=1))
    calibration.run(database, CONTENT, at_least=1, write=False, item=code, now=NOW + timedelta(days=1))

    assert f"Butir {code} tidak lagi ditanyakan dan tidak dihitung." in aside
    assert f"Butir {code} memang sudah tidak dihitung." in aside
    assert unknown == f"Belum ada jawaban untuk butir {code}.\n"
    assert f"Butir {code} dihitung lagi." in capsys.readouterr().out


def _readings(play: Stage) -> list[Reading]:
    with play.app.database.transaction() as session:
        owners = [sitting.person_id for sitting in attempts.every_finished(session)]
        return [one for owner in owners for one in readings.of(session, owner)]


def test_readings_follow_a_question_put_aside_and_restored(finished: Stage) -> None:
    code, app = _first_scored(finished), finished.app
    renewal = Renewal(app.database, app.workers, app.library, app.clock)
    before = _readings(finished)

    neutral.run(app.database, code, reason="kunci keliru", restore=False, write=True, now=NOW)
    missing = _readings(finished)
    asyncio.run(renewal.catch_up())
    aside = _readings(finished)
    neutral.run(app.database, code, reason="ternyata benar", restore=True, write=True, now=NOW + timedelta(days=1))
    asyncio.run(renewal.catch_up())

    assert (len(missing), len(aside), len(before)) == (1, 2, 2)
    assert aside[0].overall != before[0].overall
    assert _readings(finished) == before


def test_start_waits_for_no_reading_that_is_missing(finished: Stage) -> None:
    code = _first_scored(finished)
    with finished.app.database.transaction() as session:
        readings.forget(session, [code])
    missing = _readings(finished)

    finished.app.prepare()

    assert (len(missing), _readings(finished)) == (1, missing)


@pytest.mark.parametrize("code", ["O1-999", "H-001"])
def test_only_a_scored_question_can_be_put_aside(
    finished: Stage, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert neutral.run(finished.app.database, code, reason="-", restore=False, write=True, now=NOW) == 1
    assert capsys.readouterr().out == f"Butir bernilai {code} tidak ada dalam rilis sekarang.\n"


def test_calibrate_shows_who_chose_what_of_one_question(finished: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    code = _first_scored(finished)

    assert calibration.run(finished.app.database, CONTENT, at_least=1, write=False, item=code, now=NOW) == 0

    printed = capsys.readouterr().out
    assert printed.splitlines()[1].split()[0] == code
    assert "dipilih    mahir  jawaban" in printed


def test_calibrate_says_whom_new_difficulties_would_move(finished: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    calibration.run(finished.app.database, CONTENT, at_least=1, write=False, item=None, now=NOW)

    printed = capsys.readouterr().out
    assert "Dari 2 hasil, 2 berubah angkanya" in printed
    assert "usulan rilis" not in printed
