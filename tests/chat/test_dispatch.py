"""What the conversation stores and forgets: nothing before consent, nothing after erasing."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.simulator.chats import Person
from tests import databases
from tests.chat.crawler import PERSONAL
from tests.chat.test_practice import practises
from tests.chat.test_routes import rows_about_people
from tests.stage import JOKO, RANI, SARI, STRANGER, Stage, buttons

NOBODY = dict.fromkeys(PERSONAL, 0)
SEEN_NAME = "Zulaikhatunnisa"
NAMED = 7001
OF_OTHERS = {"chat_offer", "coach_offer", "group_chat", "invited", "login", "thread", "web_session"}
"""Tables that stay empty of an owner who has answered every invitation, in one bot; tests/store tries them."""
RANIS = {"coach_group": 1, "group_coach": 1, "delivery": 1}


def test_consent_comes_before_any_row(play: Stage) -> None:
    play.says(STRANGER, "/start")
    for index in (2, 0, 3, 3, -1, 0):  # read more, back, the other language twice, not now, look again
        message = play.live(STRANGER)
        play.tap(STRANGER, message.message_id, buttons(message)[index].data or "")
    play.says(STRANGER, "Siapa ini?")

    before = rows_about_people(play)
    play.tap(STRANGER, play.live(STRANGER).message_id, buttons(play.live(STRANGER))[0].data or "")

    assert before == NOBODY
    assert rows_about_people(play) == NOBODY | {"person": 1, "consent": 1}


def test_text_is_awaited_only_while_the_screen_that_asks_for_it_is_the_lowest(play: Stage) -> None:
    play.joins_as_coach(RANI)
    play.says(RANI, "/kelompok")
    play.taps(RANI, "Buat kelompok baru")
    play.says(RANI, "Kelompok Melati")
    assert "kabupaten" in play.screen(RANI)

    play.deliver(play.last_update(RANI))  # as after a crash before that screen was sent
    assert "kabupaten" not in play.screen(RANI)
    play.says(RANI, "Cilacap")

    assert play.rows("SELECT name, regency FROM coach_group") == [("Kelompok Melati", None)]
    assert play.rows("SELECT awaits FROM person") == [(None,)]


def test_awaited_text_typed_twice_in_a_row_answers_one_screen(play: Stage) -> None:
    play.joins_as_coach(RANI)
    play.says(RANI, "/kelompok")
    play.taps(RANI, "Buat kelompok baru")
    for _ in range(2):
        play.api.person_sends(RANI, "Kebumen")
    play.settle()

    assert play.rows("SELECT name, regency FROM coach_group") == [("Kebumen", None)]
    assert "belum dipakai" in play.api.messages(RANI)[-1].text
    assert "kabupaten" in play.screen(RANI)
    assert play.labels(RANI) == ["Lewati"]

    play.says(RANI, "Kebumen")
    assert "Kabupaten Kebumen" in play.screen(RANI) + " ".join(play.labels(RANI))


def test_invitation_is_renewed_once_by_one_button(play: Stage) -> None:
    play.leads_group(RANI, "Kelompok Melati")
    play.taps(RANI, "Undang anggota")
    message = play.live(RANI)
    data = next(b.data for b in buttons(message) if b.text == "Perbarui undangan") or ""
    codes = [play.rows("SELECT code FROM coach_group")]
    for _ in range(2):
        play.tap(RANI, message.message_id, data, forge=True)  # as when it is tapped twice before the screen changes
        codes.append(play.rows("SELECT code FROM coach_group"))

    assert codes[0] != codes[1] == codes[2]


def test_of_when_somebody_came_last_only_the_month_is_noted(play: Stage) -> None:
    play.joins(SARI)
    came = [play.rows("SELECT used_on FROM person")]
    for days in (20, 20):  # 25 January, 14 February
        play.clock.advance(timedelta(days=days))
        play.says(SARI, "/hasil")
        came.append(play.rows("SELECT used_on FROM person"))

    months = [str(row[0]) for rows in came for row in rows]
    assert months == ["2026-01-01", "2026-01-01", "2026-02-01"]


def test_consent_is_stored_as_it_was_shown(play: Stage) -> None:
    play.says(SARI, "/start")
    play.taps(SARI, "Setuju, saya didampingi wali")

    (row,) = play.rows("SELECT standing, version, length(text_hash) FROM consent")

    assert row == ("wali", "2026-11", 64)


def test_guest_who_blocks_and_comes_back_leaves_no_row(play: Stage) -> None:
    play.says(STRANGER, "/start")

    play.api.person_blocks(STRANGER)
    play.settle()
    play.api.person_unblocks(STRANGER)
    play.settle()

    assert rows_about_people(play) == NOBODY


@pytest.fixture
def erased(play: Stage) -> Stage:
    """An owner in a group, with two sittings, a report, a lesson, a picture, practice and a quarantined update, erased
    all.

    Joko and Rani with her group stay.
    """
    play.joins(JOKO)
    play.leads_group(RANI, "Pasar Wage")
    play.taps(RANI, "Undang anggota")
    play.taps(RANI, "Pakai persetujuan")
    invitation = re.findall(r"start=(\S+)", play.screen(RANI))[0]
    play.api.add_user(Person(NAMED, SEEN_NAME, language_code="id"))
    play.joins(NAMED)
    play.says(NAMED, f"/start {invitation}")
    play.taps(NAMED, "Gabung, bagikan nama & hasil")
    play.says(NAMED, "/gabung 00000-00000")
    play.says(NAMED, "/mulai")
    play.answers_all(NAMED)
    play.taps(NAMED, "Gambar hasil")
    play.taps(NAMED, "Kembali ke hasil")
    play.taps(NAMED, "Semua pelajaran")
    play.tap(NAMED, play.live(NAMED).message_id, buttons(play.live(NAMED))[0].data or "")
    practises(play, NAMED)
    play.says(NAMED, "/pengingat")
    play.taps(NAMED, "Nyalakan: pengingat")
    play.rows(
        "INSERT INTO act_report (person_id, module_code, said, said_at)"
        " SELECT id, 'M', 'sudah', '2026-01-01 00:00:00Z' FROM person WHERE telegram_id = :named",
        named=NAMED,
    )
    play.says(NAMED, "/mulai")
    play.taps(NAMED, "Ulangi asesmen sekarang")
    play.taps(NAMED, "A")
    play.taps(NAMED, "Kurang jelas")
    play.rows(
        "INSERT INTO quarantine (update_id, telegram_id, payload, error, error_id, created_at)"
        " VALUES (1, :named, :payload, 'ValueError', 'ab', '2026-01-01 00:00:00Z')",
        named=NAMED,
        payload=f'{{"first_name": "{SEEN_NAME}"}}',
    )
    play.rows(
        "INSERT INTO role_grant (telegram_id, role, takes, asked_by, asked_at, ends_at)"
        " VALUES (:named, 'admin', false, 99, '2026-01-01 00:00:00Z', '2026-01-01 00:00:00Z')",
        named=NAMED,
    )
    full = rows_about_people(play)
    assert {name for name, count in full.items() if count == 0} == OF_OTHERS
    assert SEEN_NAME in databases.dump(play.app.database)
    play.says(NAMED, "/hapus")
    play.taps(NAMED, "Ya, hapus")
    play.taps(NAMED, "Hapus semua data saya")
    return play


def test_erasing_leaves_no_row_about_the_person_and_all_of_the_others(erased: Stage) -> None:
    people = erased.rows("SELECT telegram_id FROM person ORDER BY id")

    assert people == [(JOKO,), (RANI,)]
    assert rows_about_people(erased) == NOBODY | RANIS | {"person": 2, "consent": 2}


def test_erasing_leaves_the_name_in_no_table(erased: Stage) -> None:
    assert SEEN_NAME not in databases.dump(erased.app.database)


@pytest.mark.sqlite_only
def test_erasing_takes_the_bytes_of_the_name_off_the_disk(erased: Stage) -> None:
    assert SEEN_NAME.encode() not in _bytes_on_disk(erased)


def test_joining_again_after_erasing_starts_from_nothing(erased: Stage) -> None:
    erased.joins(NAMED)

    assert "Mulai asesmen" in erased.labels(NAMED)
    assert rows_about_people(erased) == NOBODY | RANIS | {"person": 3, "consent": 3}


def test_old_erase_button_erases_nothing(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/hapus")
    play.taps(SARI, "Ya, hapus")
    play.advance(minutes=16)

    play.taps(SARI, "Hapus semua data saya")

    assert rows_about_people(play)["person"] == 1
    assert play.toast(SARI) == "Tombol hapus itu sudah lama. Ketik /hapus bila masih ingin menghapus."


def test_typed_answer_delivered_twice_is_one_answer(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")
    play.says(SARI, "a")
    screen = play.screen(SARI)

    play.deliver(play.last_update(SARI))

    assert rows_about_people(play)["response"] == 1
    assert play.screen(SARI) == screen


def test_typed_answer_is_read_back_and_the_old_keyboard_goes(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")

    play.says(SARI, "b")

    notice, question = play.api.messages(SARI)[-2:]
    assert notice.text.startswith("Jawaban tersimpan: ")
    assert [m.message_id for m in play.api.messages(SARI) if m.keyboard] == [question.message_id]


def test_unclear_answer_stores_nothing_and_explains(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")

    play.says(SARI, "mungkin yang kedua")

    assert rows_about_people(play)["response"] == 0
    assert "ketik hurufnya: A sampai" in play.screen(SARI)


def test_tap_above_the_live_message_is_answered_in_that_one(play: Stage) -> None:
    play.joins(SARI)
    old = play.live(SARI)
    play.says(SARI, "/bantuan")
    live = play.live(SARI)

    play.tap(SARI, old.message_id, buttons(old)[0].data or "", forge=True)

    assert [m.message_id for m in play.api.messages(SARI) if m.keyboard] == [live.message_id]
    assert play.live(SARI).text != live.text


def test_answer_to_a_question_that_a_crash_left_above_is_followed_at_the_bottom(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.says(SARI, "/lanjut")
    left_behind = play.live(SARI)
    play.rows("UPDATE person SET live_message_id = NULL")  # the process ended before it could note that message
    play.says(SARI, "/lanjut")
    lowest = play.live(SARI)

    play.tap(SARI, left_behind.message_id, buttons(left_behind)[0].data or "")

    with_buttons = [message for message in play.api.messages(SARI) if message.keyboard]
    assert [message.message_id for message in with_buttons] == [lowest.message_id]
    assert with_buttons[0].text.startswith("Pertanyaan 2 dari 30")


def test_tap_on_an_older_message_with_a_fresh_reply_leaves_one_keyboard(play: Stage) -> None:
    play.joins(SARI)
    old = play.live(SARI)
    play.says(SARI, "/bantuan")

    play.tap(SARI, old.message_id, "1.da", forge=True)

    assert sum(bool(message.keyboard) for message in play.api.messages(SARI)) == 1


def _bytes_on_disk(play: Stage) -> bytes:
    path = Path(play.settings.database_url.removeprefix("sqlite:///"))
    return b"".join(path.read_bytes() for path in sorted(path.parent.glob("test.db*")))
