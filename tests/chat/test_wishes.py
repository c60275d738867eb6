"""Asking for what comes by itself with one tap, seeing it in one list, stopping it with one, and speaking of an act."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import text

from bot.chat.callback_data import pack
from bot.core.wish import Wish
from bot.texts import engine
from tests.core.builders import best, worst
from tests.stage import JOKO, SARI, Stage

OFFER = "Kirimi saya pelajaran"
WITH_REMINDERS = "Mulai, dan ingatkan saya"
MUTATION = "M-O2-cek-mutasi"
STALE = "Tombol itu sudah lewat. Layar yang terbaru ada di paling bawah."
RULES: dict[str, object] = {"quiet_from": "20.00", "quiet_until": "08.00", "weekly": 3}


def _wishes(play: Stage) -> list[tuple[str, bool]]:
    found = play.rows("SELECT what, wanted FROM wish ORDER BY what")
    return [(str(what), bool(wanted)) for what, wanted in found]


def _words(what: str, language: str = "id") -> str:
    words = engine.render("bot.chat", "wish_words.html.j2", language, {"what": what})
    return "\n".join((words, engine.render("bot.chat", "wish_rules.html.j2", language, RULES)))


def _has_result(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.answers_rest(SARI, worst)


def _does_lesson(play: Stage) -> None:
    message = play.live(SARI).message_id
    play.tap(SARI, message, pack("mo", MUTATION, 0), forge=True)
    play.tap(SARI, message, pack("ml", MUTATION), forge=True)


def test_nothing_is_asked_for_before_a_tap(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")

    assert _wishes(play) == []


def test_beginning_with_reminders_keeps_the_words_that_were_on_the_screen(play: Stage) -> None:
    play.joins(SARI)
    shown = play.screen(SARI)
    play.taps(SARI, WITH_REMINDERS)

    words = _words("pengingat")
    assert all(line in shown for line in words.replace("<b>", "").replace("</b>", "").splitlines())
    assert play.rows("SELECT what, text_hash FROM wish") == [("pengingat", hashlib.sha256(words.encode()).hexdigest())]
    assert play.screen(SARI).startswith("Pertanyaan 1 dari")


def test_reminders_are_offered_until_there_is_a_word_and_never_after(play: Stage) -> None:
    play.joins(SARI)
    assert WITH_REMINDERS in play.labels(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.taps(SARI, "Jeda")
    play.taps(SARI, "Tidak usah")

    assert _wishes(play) == [("pengingat", False)]
    play.taps(SARI, "Lanjut")
    play.taps(SARI, "Jeda")
    assert play.labels(SARI) == ["Lanjut", "Hentikan asesmen ini"]
    play.answers_rest(SARI, best)
    play.says(SARI, "/mulai")
    assert play.labels(SARI) == ["Lihat hasil", "Ulangi asesmen sekarang"]


def test_yes_at_the_pause_stays_at_the_pause(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.taps(SARI, "Jeda")
    play.taps(SARI, "Ya, ingatkan")

    assert play.labels(SARI) == ["Lanjut", "Hentikan asesmen ini"]
    assert _wishes(play) == [("pengingat", True)]


def test_lessons_are_offered_below_a_result_until_there_is_a_word(play: Stage) -> None:
    _has_result(play)
    assert OFFER in play.labels(SARI)

    play.taps(SARI, OFFER)
    assert play.labels(SARI) == ["09.00", "12.00", "16.00", "Tidak dulu"]
    play.taps(SARI, "Tidak dulu")

    assert _wishes(play) == [("pelajaran", False)]
    assert OFFER not in play.labels(SARI)


def test_hour_chosen_is_told_with_the_first_day(play: Stage) -> None:
    _has_result(play)
    play.taps(SARI, OFFER)
    play.taps(SARI, "16.00")

    assert "Yang pertama datang hari Rabu, 7 Januari 2026, jam 16.00." in play.screen(SARI)


def test_list_turns_everything_on_and_off(play: Stage) -> None:
    _has_result(play)
    play.says(SARI, "/pengingat")
    for name in ("pelajaran", "pengingat", "pelanggan bayangan", "pengumuman"):
        play.taps(SARI, f"Nyalakan: {name}")

    shown = ["Matikan: pelajaran", "Ganti jam pelajaran", "Matikan: pengingat", "Matikan: pelanggan bayangan"]
    assert play.labels(SARI) == [*shown, "Matikan: pengumuman", "Pengaturan", "Lanjut"]
    for name in ("pelajaran", "pengingat", "pelanggan bayangan", "pengumuman"):
        play.taps(SARI, f"Matikan: {name}")

    assert play.labels(SARI)[0] == "Nyalakan: pelajaran"
    assert not any(wanted for _, wanted in _wishes(play))
    assert play.rows("SELECT count(*) FROM person WHERE wants_news") == [(0,)]


def test_coach_sees_the_week_in_the_list_and_no_customers(play: Stage) -> None:
    play.joins_as_coach(JOKO)
    play.says(JOKO, "/pengingat")

    switches = [label for label in play.labels(JOKO) if label.startswith("Nyalakan")]
    assert switches == [
        "Nyalakan: pelajaran",
        "Nyalakan: pengingat",
        "Nyalakan: ringkasan kelompok",
        "Nyalakan: pengumuman",
    ]


@pytest.mark.parametrize(
    "data",
    [
        pack("ws", Wish.SUMMARY, "y"),
        pack("ws", Wish.LESSONS, "10"),
        pack("ws", Wish.REMINDERS, "9"),
        pack("ws", Wish.LESSONS, "y", "x"),
        pack("ws", "apa", "y"),
        pack("wh", Wish.SUMMARY),
        pack("wq", Wish.SUMMARY),
        pack("go", "x"),
        pack("wa", MUTATION, "sudah"),
        pack("wa", MUTATION, "mungkin"),
    ],
)
def test_forged_button_asks_for_nothing(play: Stage, data: str) -> None:
    _has_result(play)

    play.tap(SARI, play.live(SARI).message_id, data, forge=True)

    assert play.toast(SARI) == STALE
    assert (_wishes(play), play.rows("SELECT * FROM act_report")) == ([], [])


def test_no_is_taken_to_what_was_asked_for_in_another_role(play: Stage) -> None:
    _has_result(play)
    play.tap(SARI, play.live(SARI).message_id, pack("ws", Wish.CUSTOMERS, "y"), forge=True)
    with play.app.database.transaction() as session:
        session.execute(text("UPDATE person SET role = 'pembina'"))

    play.tap(SARI, play.live(SARI).message_id, pack("wq", Wish.CUSTOMERS), forge=True)

    assert (_wishes(play), play.labels(SARI)) == ([("pelanggan", False)], ["Lanjut"])


def test_lesson_comes_and_is_stopped_and_asked_for_again(play: Stage) -> None:
    _has_result(play)
    play.taps(SARI, OFFER)
    play.taps(SARI, "09.00")
    play.advance(days=2)
    play.delivers()
    assert play.labels(SARI) == ["Buka pelajaran", "Berhenti kirim pelajaran"]

    play.taps(SARI, "Berhenti kirim pelajaran")
    play.advance(days=7)
    play.delivers()
    assert play.labels(SARI) == ["Nyalakan lagi", "Lanjut"]

    play.taps(SARI, "Nyalakan lagi")
    assert _wishes(play) == [("pelajaran", True)]


def test_quiet_hours_keep_what_was_wished_for(play: Stage) -> None:
    _has_result(play)
    play.taps(SARI, OFFER)
    play.taps(SARI, "16.00")
    play.advance(days=2, hours=12)
    before = len(play.api.messages(SARI))
    play.delivers()

    assert len(play.api.messages(SARI)) == before


@pytest.mark.parametrize(
    ("answer", "says", "leads_to", "stands"),
    [
        ("Sudah", "Hebat, sudah dicoba!", ["Buka pelajarannya", "Daftar pelajaran"], "Sudah Anda lakukan pada"),
        (
            "Belum sempat",
            "Tidak apa-apa, hari memang sering penuh.",
            ["Buka pelajarannya", "Daftar pelajaran"],
            "belum sempat",
        ),
        (
            "Tidak cocok untuk saya",
            "Terima kasih sudah memberi tahu.",
            ["Daftar pelajaran"],
            "langkah ini tidak cocok untuk usaha Anda",
        ),
    ],
)
def test_act_is_spoken_of_and_shown_where_it_stands(
    play: Stage, answer: str, says: str, leads_to: list[str], stands: str
) -> None:
    play.joins(SARI)
    play.says(SARI, "/pengingat")
    play.taps(SARI, "Nyalakan: pengingat")
    play.tap(SARI, play.live(SARI).message_id, pack("mo", MUTATION, 0), forge=True)
    play.tap(SARI, play.live(SARI).message_id, pack("mo", MUTATION, 99), forge=True)
    play.advance(days=3)
    play.delivers()

    assert play.labels(SARI) == ["Sudah", "Belum sempat", "Tidak cocok untuk saya", "Berhenti mengingatkan"]
    play.taps(SARI, answer)
    assert (play.screen(SARI).splitlines()[0], play.labels(SARI)) == (says, leads_to)
    play.tap(SARI, play.live(SARI).message_id, pack("mo", MUTATION, 99), forge=True)
    assert stands in play.screen(SARI)


def test_new_hours_move_the_customer(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/pengingat")
    play.taps(SARI, "Nyalakan: pelanggan bayangan")
    before = play.rows("SELECT next_at FROM wish")
    play.says(SARI, "/pengaturan")
    play.taps(SARI, "Jam buka", contains=True)
    play.taps(SARI, "16.00–24.00 WIB")

    after = play.rows("SELECT next_at FROM wish")
    assert before != after
    assert "09:00" <= str(after[0][0])[11:16] < "13:00"


def test_coach_tells_the_zone_and_the_week_comes_at_nine_there(play: Stage) -> None:
    play.joins_as_coach(JOKO)
    play.tap(JOKO, play.live(JOKO).message_id, pack("ws", Wish.SUMMARY, "9"), forge=True)
    play.says(JOKO, "/pengaturan")

    play.taps(JOKO, "WIT")

    assert play.labels(JOKO)[2:5] == ["WIB", "WITA", "✓ WIT"]
    assert play.rows("SELECT zone FROM person") == [("WIT",)]
    assert str(play.rows("SELECT next_at FROM wish")[0][0])[11:16] == "00:00"


def test_customer_who_came_is_answered_with_a_letter(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/pengingat")
    play.taps(SARI, "Nyalakan: pelanggan bayangan")
    for _ in range(3):
        play.advance(days=1)
        play.delivers()
    assert play.screen(SARI).startswith("Pelanggan bayangan: bukan pembeli sungguhan, hanya latihan")
    play.says(SARI, "a")

    assert play.rows("SELECT choice FROM probe") == [(0,)]


def test_data_to_take_along_tells_of_wishes_and_acts(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/pengingat")
    play.taps(SARI, "Nyalakan: pengingat")
    _does_lesson(play)
    play.tap(SARI, play.live(SARI).message_id, pack("wa", MUTATION, "sudah"), forge=True)
    play.says(SARI, "/data")

    sent = next(m.document for m in play.api.messages(SARI) if m.document and m.document.name == "data-saya.txt")
    text = sent.data.decode()
    assert "- pengingat: ya (5 Januari 2026, 09.00 WIB)" in text
    assert "- Cek mutasi dulu: dibuka 5 Januari 2026, 09.00 WIB" in text
    assert "- Cek mutasi dulu: Sudah (5 Januari 2026, 09.00 WIB)" in text
