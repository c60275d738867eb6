"""The clinic of questions in the browser of who looks after them."""

from __future__ import annotations

import re

import pytest

from bot.core.item import Item
from bot.core.item_figures import FLAGGED_FROM
from bot.store import audit, item_notes
from bot.store.audit import Wanted
from bot.usecases.clinic import NEUTRALISE
from tests.core.builders import best, worst
from tests.web.classroom import Classroom, SignedIn

ITEM = "O1-001"
WHERE = f"/isi/klinik/{ITEM}"


def question(room: Classroom, code: str = ITEM) -> Item:
    return room.world.do(room.world.library.current).item_by_code[code]


def answered(room: Classroom, people: int = 3) -> None:
    """Let new people answer a whole sitting: the even ones right, the others wrong."""
    for number in range(people):
        owner = room.world.joins(50_000 + 1000 * people + number, "Sari")
        room.world.finishes(owner, best if number % 2 == 0 else worst)


def asked(room: Classroom, at_least: int) -> str:
    """Return a question with options that so many people were asked, once the figures are there."""
    browser = room.signs_in(room.admin)
    browser.get("/isi/klinik")
    room.site.reckoner.wait()
    page = browser.get("/isi/klinik?tampil=semua").text
    rows = re.findall(r'href="/isi/klinik/([OC]\d-\d{3})".*?data-label="Jawaban">(\d+)<', page, re.DOTALL)
    release = room.world.do(room.world.library.current)
    return next(str(code) for code, count in rows if int(count) >= at_least and release.item_by_code[code].options)


def text(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_list_counts_first_and_then_names_every_question(room: Classroom) -> None:
    answered(room)
    browser = room.signs_in(room.admin)

    with room.reckons_later():
        first = browser.get("/isi/klinik")
    room.site.reckoner.wait()
    then = browser.get("/isi/klinik?tampil=semua&bidang=O1")

    assert 'hx-trigger="every 2s"' in first.text
    assert "Sedang menghitung angka semua butir." in first.text
    assert 'hx-trigger="every 2s"' not in then.text
    assert "Dari 3 asesmen dan cek ulang terakhir" in then.text
    assert f'<a href="{WHERE}">' in then.text
    assert "/isi/klinik/O2-001" not in then.text


def test_second_page_of_the_list_goes_on_where_the_first_ends(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    pages = [browser.get(f"/isi/klinik?tampil=semua&halaman={number}").text for number in (1, 2, 99)]

    codes = [re.findall(r'<a href="/isi/klinik/([OC]\d-\d{3})">', page) for page in pages]

    assert (len(codes[0]), len(set(codes[0] + codes[1]))) == (20, 40)
    assert codes[2] != codes[1]


def test_figures_of_few_answers_are_not_shown(room: Classroom) -> None:
    answered(room, people=3)
    code = asked(room, at_least=1)

    page = room.signs_in(room.admin).get(f"/isi/klinik/{code}").text

    assert "Angka tampil mulai 5 jawaban" in page
    assert "menjawab tepat" not in page
    assert "Dipilih" not in page


def test_question_shows_who_chose_what_and_draws_it_from_thirty_answers_on(room: Classroom) -> None:
    answered(room, people=FLAGGED_FROM + 60)
    code = asked(room, at_least=FLAGGED_FROM)
    item = question(room, code)

    page = room.signs_in(room.admin).get(f"/isi/klinik/{code}").text

    said = text(page)
    assert all(" ".join(option.text.split()) in said for option in item.options)
    assert "paling tepat" in said
    assert "Belum tahu" in said
    assert '<g class="trace trace-0' in page
    assert page.count("trace-key") == 1
    assert "style=" not in page


def decided(room: Classroom, browser: SignedIn, **fields: str) -> str:
    sent = {"sidik": question(room).fingerprint, "untuk": "sisih", "alasan": "Ada dua jawaban yang benar", **fields}
    response = browser.post(f"{WHERE}/sisihkan", **sent)
    return str(response.headers.get("location", response.text))


def test_putting_aside_is_looked_at_decided_and_seen_at_once(room: Classroom) -> None:
    answered(room)
    browser = room.signs_in(room.admin)
    foretelling = browser.get(f"{WHERE}/sisihkan").text
    room.site.reckoner.wait()
    foretold = browser.get(f"{WHERE}/sisihkan").text

    moved = decided(room, browser)
    seen = browser.get(moved).text
    listed = browser.get("/isi/klinik?tampil=sisih").text
    back = decided(room, browser, untuk="pakai")
    restored = browser.get(back).text

    assert "Sedang menghitung siapa yang berubah tingkat." in foretelling
    assert "Dari 3 hasil," in text(foretold)
    assert (moved, back) == (f"{WHERE}?selesai=sisih", f"{WHERE}?selesai=pakai")
    assert "Butir ini sudah disisihkan." in seen
    assert "disisihkan, karena: Ada dua jawaban yang benar" in seen
    assert f'<a href="{WHERE}">' in listed
    assert "Butir ini dipakai lagi." in restored
    assert room.world.do(item_notes.neutral) == frozenset()


def test_log_knows_who_put_a_question_aside(room: Classroom) -> None:
    decided(room, room.signs_in(room.admin))

    [entry] = room.world.do(lambda s: audit.entries(s, Wanted(act=NEUTRALISE), limit=9))

    assert (entry.actor, entry.thing) == (room.admin.id, f"item:{ITEM}")
    assert entry.after is not None and entry.after.endswith(": Ada dua jawaban yang benar")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"alasan": "  "}, "Tulis dulu alasannya."),
        ({"alasan": "<b>x</b>" * 50}, "Terlalu panjang, paling banyak 200 huruf."),
        ({"sidik": "lain", "alasan": "Sudah saya periksa"}, "Pertanyaan ini baru saja berubah."),
    ],
    ids=["no reason", "long reason", "changed meanwhile"],
)
def test_form_that_is_not_taken_comes_back_as_it_was_typed(room: Classroom, fields: dict[str, str], told: str) -> None:
    page = decided(room, room.signs_in(room.admin), **fields)

    assert told in page
    typed = fields["alasan"].strip().replace("<", "&lt;").replace(">", "&gt;")
    assert f">{typed}</textarea>" in page
    assert room.world.do(item_notes.neutral) == frozenset()


def test_same_form_again_decides_nothing_more(room: Classroom) -> None:
    browser = room.signs_in(room.admin)

    moved = [decided(room, browser) for _ in range(2)]

    assert moved == [f"{WHERE}?selesai=sisih", WHERE]
    assert room.world.do(lambda s: audit.count(s, Wanted(act=NEUTRALISE))) == 1


def test_questions_that_are_not_there_and_habits_are_missing(room: Classroom) -> None:
    browser = room.signs_in(room.admin)

    statuses = [browser.get(f"/isi/klinik/{code}").status_code for code in ("O1-999", "H-001", "x" * 300)]

    assert statuses == [404, 404, 404]


def test_pages_ask_the_database_as_often_for_many_as_for_few(room: Classroom) -> None:
    counts = []
    for people in (1, 12):
        answered(room, people)
        browser = room.signs_in(room.admin)
        browser.get(WHERE)
        room.site.reckoner.wait()
        with room.counts() as sent:
            assert browser.get(WHERE).status_code == 200
        counts.append(len(sent))

    assert counts[0] == counts[1] <= 8


def test_sum_that_breaks_is_told_with_a_way_on(room: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.site.reckoner, "_command", ("false",))
    browser = room.signs_in(room.admin)
    browser.get("/isi/klinik")
    room.site.reckoner.wait()

    page = browser.get("/isi/klinik").text

    assert "Perhitungan berhenti sebelum selesai." in page
    assert 'hx-trigger="every 2s"' not in page
