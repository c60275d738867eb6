"""Practice in the chat: where typed numbers go, what comes before it, and that nothing is lost on the way."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

import pytest

from bot.chat.callback_data import pack
from bot.chat.handlers.probes import duration
from bot.chat.incoming import Incoming, Typed
from bot.chat.request import House, Request
from bot.core.practice import Choice, Sheet
from bot.usecases.library import Library
from tests.stage import JOKO, SARI, Stage

ORDER = ("60", "40", "0", "10", "10", "6")


def practises(play: Stage, person: int) -> None:
    """Tell the numbers of every sheet, answer an order and a shadow customer, in whatever language."""
    for sheet, numbers in (
        (Sheet.PRICE, ("12rb", "25", "10")),
        (Sheet.REORDER, ("8", "5", "10")),
        (Sheet.BIG_ORDER, ORDER),
        (Sheet.CAPACITY, (*ORDER[:5], "300", "6")),
    ):
        _taps(play, person, pack("kt", sheet, sheet.asks[0]))
        for number in numbers:
            play.says(person, number)
    for data in (pack("ko", 1, Choice.DECLINE), pack("pk", 0), pack("pj", 1, 0)):
        _taps(play, person, data)


def _taps(play: Stage, person: int, data: str) -> None:
    play.tap(person, play.live(person).message_id, data, forge=True)


def types(play: Stage, person: int, sheet: str, numbers: Iterable[str]) -> None:
    play.says(person, "/hitung")
    play.taps(person, sheet)
    for number in numbers:
        play.says(person, number)


def _stored(play: Stage, query: str) -> list[tuple[object, ...]]:
    return play.rows(query)


def test_typed_number_belongs_to_the_assessment_that_is_under_way(play: Stage) -> None:
    play.joins(SARI)
    types(play, SARI, "Harga jual", ())
    play.advance(minutes=1)
    play.says(SARI, "/mulai")

    play.says(SARI, "1")

    assert _stored(play, "SELECT count(*) FROM response") == [(1,)]
    assert _stored(play, "SELECT count(*) FROM practice_number") == [(0,)]


@pytest.mark.parametrize("data", ["1.kh", "1.kt.harga.modal", "1.kt.harga.hasil", "1.pb", "1.pk.0"])
def test_assessment_comes_before_every_door_to_practice(play: Stage, data: str) -> None:
    play.joins(SARI)
    play.says(SARI, "/mulai")

    _taps(play, SARI, data)

    assert play.screen(SARI).startswith("Asesmennya dulu, ya")
    assert play.labels(SARI) == ["Lanjut", "Jeda"]


def test_customer_who_waits_may_be_answered_during_an_assessment(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/hitung")
    play.taps(SARI, "Pelanggan bayangan")
    play.taps(SARI, "Coba pelanggan bayangan")
    play.says(SARI, "/mulai")

    _taps(play, SARI, "1.pj.1.0")

    assert _stored(play, "SELECT choice FROM probe") == [(0,)]


def test_owner_who_told_nothing_yet_is_asked_about_the_business_first(play: Stage) -> None:
    play.says(SARI, "/start")
    play.taps(SARI, "Setuju, saya 18 tahun ke atas")
    play.taps(SARI, "Pemilik usaha")

    play.says(SARI, "/hitung")

    assert "Usaha Anda bergerak di bidang apa?" in play.screen(SARI)


def test_coach_may_calculate_too(play: Stage) -> None:
    play.says(JOKO, "/start")
    play.taps(JOKO, "Setuju, saya 18 tahun ke atas")
    play.taps(JOKO, "Pembina / pendamping")

    practises(play, JOKO)

    assert _stored(play, "SELECT count(*) FROM practice_number") == [(12,)]


def test_message_delivered_again_shows_what_the_number_led_to(play: Stage) -> None:
    play.joins(SARI)
    types(play, SARI, "Harga jual", ("12rb", "25", "10"))
    result = play.screen(SARI)

    play.deliver(play.last_update(SARI))

    assert play.screen(SARI) == result
    assert _stored(play, "SELECT name, value FROM practice_number ORDER BY value") == [
        ("potongan", 10), ("untung", 25), ("modal", 12_000),
    ]  # fmt: skip


def test_restart_between_two_numbers_changes_nothing(play: Stage) -> None:
    play.joins(SARI)
    types(play, SARI, "Harga jual", ("12rb", "25"))

    play.restart()
    play.says(SARI, "10")

    assert "Rp18.500" in play.screen(SARI)


def test_message_from_before_the_question_is_not_its_answer(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "halo")
    late = copy.deepcopy(play.last_update(SARI))
    play.advance(minutes=1)
    types(play, SARI, "Harga jual", ())
    play.advance(minutes=1)
    late["update_id"], late["message"] = (
        9001,
        {**cast(dict[str, object], late["message"]), "message_id": 9001, "text": "5"},
    )

    play.deliver(late)

    assert play.screen(SARI).startswith("Pesan itu terkirim sebelum pertanyaan ini muncul. Silakan jawab lagi.")
    assert _stored(play, "SELECT count(*) FROM practice_number") == [(0,)]


def test_words_of_a_button_are_a_tap_on_it(play: Stage) -> None:
    play.joins(SARI)
    types(play, SARI, "Harga jual", ("12rb",))

    play.says(SARI, "kembali")

    assert play.screen(SARI).startswith("Kalkulator dan latihan")


def test_part_of_a_number_on_a_button_is_a_number_of_its_own(play: Stage) -> None:
    play.joins(SARI)
    types(play, SARI, "Harga jual", ("12.000", "25", "10"))
    play.taps(SARI, "Ubah angka")

    play.says(SARI, "2.000")

    assert _stored(play, "SELECT value FROM practice_number WHERE name = 'modal'") == [(2000,)]


@pytest.mark.parametrize(
    "data", ["1.kt.harga.stok", "1.kt.x.modal", "1.kt.harga.x", "1.ko.1.semua", "1.ko.1.x", "1.pj.1.0"]
)
def test_button_of_nothing_changes_nothing(play: Stage, data: str) -> None:
    play.joins(SARI)

    _taps(play, SARI, data)

    assert play.toast(SARI) == "Tombol itu sudah lewat. Layar yang terbaru ada di paling bawah."
    tables = ("practice", "practice_number", "big_order", "probe")
    assert [_stored(play, f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)]] * 4


def test_result_with_numbers_that_no_longer_fit_asks_for_the_one(play: Stage) -> None:
    play.joins(SARI)
    types(play, SARI, "Harga jual", ("12rb", "25", "10"))
    play.taps(SARI, "Ubah angka")
    play.taps(SARI, "Pakai Rp12.000 (yang lalu)")
    play.says(SARI, "95")

    assert play.labels(SARI) == ["‹ Sebelumnya", "Kembali"]
    _taps(play, SARI, "1.kt.harga.hasil")
    assert "Berapa persen potongan" in play.screen(SARI)


def test_lesson_on_capacity_leads_to_the_order_of_a_thousand(play: Stage) -> None:
    play.joins(SARI)
    _taps(play, SARI, "1.mo.M-O7-stok-dan-janji.z")

    play.taps(SARI, "Latihan: pesanan seribu")

    assert "Berapa buah yang siap dijual hari ini?" in play.screen(SARI)


def test_practice_is_handed_over_in_words(play: Stage) -> None:
    play.joins(SARI)
    practises(play, SARI)

    play.says(SARI, "/data")

    readable = next(m.document for m in play.api.messages(SARI) if m.document and m.document.name.endswith(".txt"))
    text = readable.data.decode()
    assert "- modal: 12000 (" in text
    assert "- Pesanan seribu: Tolak dengan sopan (" in text
    assert "- Pelanggan bayangan P-" in text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "kurang dari semenit"),
        (1, "1 menit"),
        (60, "1 jam"),
        (185, "3 jam 5 menit"),
        (1439, "23 jam 59 menit"),
        (1441, "1 hari 0 jam"),
        (3000, "2 hari 2 jam"),
    ],
)
def test_duration_in_words(minutes: int, words: str) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    incoming = Incoming(1, "Sari", "id", Typed(1, "", now))
    house = House("", "", frozenset())
    request = Request(None, incoming, None, "id", Library(), now, lambda: 1, house)  # type: ignore[arg-type]

    assert duration(request, minutes) == words
