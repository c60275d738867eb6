"""The working copy in the browser: read in plain words, released by one or by two, and taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import httpx
import pytest

from bot.core.access import Viewer
from bot.core.person import Person
from bot.usecases import releasing
from bot.usecases.releasing import Step
from tests.usecases.editors import ITEM, Editors, stem
from tests.web.classroom import Classroom, SignedIn
from tests.web.markup import faults

NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"
OTHER_STEM = "Kebaya itu lepas jahitannya. Pembelinya minta ganti. Apa sikap yang benar?"


@pytest.fixture
def second(room: Classroom) -> Person:
    """Another admin."""
    tomo = room.world.joins(9002, "Tomo")
    room.site = replace(room.site, admins=room.site.admins | {tomo.telegram_id})
    return tomo


@pytest.fixture
def editors(room: Classroom, second: Person) -> Editors:
    return Editors(room.world, Viewer(room.admin, is_admin=True), Viewer(second, is_admin=True))


@pytest.fixture
def browser(room: Classroom, second: Person) -> SignedIn:
    return room.signs_in(room.admin)


def text_of(response: httpx.Response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", response.text).split()))


def field(response: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', response.text)
    assert found is not None, name
    return unescape(found[1])


def marks(response: httpx.Response) -> list[tuple[str, str]]:
    """Return what went and what came, as it is marked."""
    found = re.findall(r'<(del|ins)><span class="hidden">[^<]*</span>(.*?)</\1>', response.text, flags=re.S)
    return [(kind, unescape(words).strip()) for kind, words in found]


def steps(editors: Editors) -> list[Step]:
    return editors.world.do(lambda s: releasing.history(s, viewer=editors.maya))


def _proposes(browser: SignedIn, **fields: str) -> httpx.Response:
    page = browser.get("/isi")
    return browser.post("/isi/usulkan", **({"catatan": "Lebih jelas", "isi": field(page, "isi")} | fields))


def test_page_without_changes_offers_nothing_to_release(browser: SignedIn) -> None:
    page = browser.get("/isi")

    assert (page.status_code, faults(page.text)) == (200, [])
    assert "Rancangan sama dengan yang dipakai orang sekarang." in text_of(page)
    assert "/isi/usulkan" not in page.text


def test_changes_are_told_word_by_word_with_who_made_them(editors: Editors, browser: SignedIn) -> None:
    editors.changes(lambda item: item | {"difficulty": 2}, by=editors.tomo)

    page = browser.get("/isi")

    assert faults(page.text) == []
    assert "Butir O3-001 diubah Tomo, 24 Nov 2026, 10.00 WIB Tingkat kesulitan dihapus: 3 ditambah: 2" in text_of(page)
    assert marks(page) == [("del", "3"), ("ins", "2")]
    assert 'href="/isi/butir/O3-001"' in page.text


def test_release_goes_out_in_one_step_where_one_person_is_enough(editors: Editors, browser: SignedIn) -> None:
    before = editors.current()
    editors.changes(stem(NEW_STEM))

    answer = _proposes(browser)

    page = browser.get(answer.headers["location"])
    assert (answer.status_code, editors.current() != before, editors.opens().original["stem"]) == (303, True, NEW_STEM)
    assert "Sudah terbit." in text_of(page)
    assert "Diterbitkan oleh" in text_of(page) and "Lebih jelas" in text_of(page)
    assert faults(page.text) == []


def test_empty_note_is_told_beside_its_field_and_nothing_else_is_lost(editors: Editors, browser: SignedIn) -> None:
    editors.changes(stem(NEW_STEM))

    answer = _proposes(browser, catatan=" ", kapan="nanti", hari="2026-12-01", jam="08:00")

    assert (answer.status_code, faults(answer.text)) == (422, [])
    assert "Tulis dulu apa yang berubah dan mengapa." in text_of(answer)
    assert (field(answer, "hari"), field(answer, "jam")) == ("2026-12-01", "08:00")
    assert 'name="kapan" value="nanti" checked' in answer.text


@pytest.mark.parametrize(("day", "hour"), [("", ""), ("2026-12-01", ""), ("besok", "08:00"), ("2020-01-01", "08:00")])
def test_hour_that_is_none_is_told_and_the_note_stays(editors: Editors, browser: SignedIn, day: str, hour: str) -> None:
    editors.changes(stem(NEW_STEM))

    answer = _proposes(browser, catatan="Catatan panjang", kapan="nanti", hari=day, jam=hour)

    assert (answer.status_code, faults(answer.text)) == (422, [])
    assert ">Catatan panjang</textarea>" in answer.text
    assert answer.text.count('class="wrong"') == 1


def test_scheduled_proposal_waits_at_its_hour_where_the_admin_lives(editors: Editors, browser: SignedIn) -> None:
    before = editors.current()
    editors.changes(stem(NEW_STEM))

    _proposes(browser, kapan="nanti", hari="2026-12-01", jam="08:00")

    page = browser.get("/isi")
    assert faults(page.text) == []
    assert "Terbit sendiri pada 1 Des 2026, 08.00 WIB" in text_of(page)
    assert editors.current() == before


def test_what_somebody_changed_since_the_page_was_drawn_is_not_released_unseen(
    editors: Editors, browser: SignedIn
) -> None:
    before = editors.current()
    editors.changes(stem(NEW_STEM))
    seen = field(browser.get("/isi"), "isi")
    editors.changes(stem(OTHER_STEM), by=editors.tomo)

    answer = browser.post("/isi/usulkan", catatan="Lebih jelas", isi=seen)

    assert (answer.status_code, editors.current()) == (409, before)
    assert "Orang lain baru saja mengubah isinya." in text_of(answer)
    assert ">Lebih jelas</textarea>" in answer.text


def test_faults_are_listed_with_the_page_that_mends_them_and_nothing_is_offered(
    editors: Editors, browser: SignedIn
) -> None:
    editors.changes(lambda advice: advice | {"safety_module": "M-O2-tidak-ada"}, part="advice")

    page = browser.get("/isi")

    assert faults(page.text) == []
    assert "Aturan anjuran, pelajaran keamanan : modul M-O2-tidak-ada tidak ada" in text_of(page)
    assert 'href="/isi/susunan/advice"' in page.text
    assert "/isi/usulkan" not in page.text


def test_two_people_release_together(room: Classroom, editors: Editors, second: Person) -> None:
    room.site = replace(room.site, two_person=True)
    maya, tomo = room.signs_in(room.admin), room.signs_in(second)
    before = editors.current()
    editors.changes(stem(NEW_STEM))

    _proposes(maya)
    own = maya.get("/isi")
    asked = field(own, "usulan")
    early = maya.post("/isi/terbitkan", usulan=asked)
    unread = editors.current()
    theirs = tomo.get("/isi")
    tomo.post("/isi/setujui", usulan=field(theirs, "usulan"))
    read = maya.get("/isi")
    maya.post("/isi/terbitkan", usulan=asked)

    assert [faults(page.text) for page in (own, theirs, read)] == [[], [], []]
    assert ("/isi/setujui" in own.text, "/isi/terbitkan" in own.text) == (False, False)
    assert ("/isi/setujui" in theirs.text, "/isi/terbitkan" in theirs.text) == (True, False)
    assert "Sudah dibaca dan disetujui Tomo" in text_of(read)
    assert (early.headers["location"], unread) == ("/isi?kabar=lain", before)
    assert editors.opens().original["stem"] == NEW_STEM


def test_edit_after_a_proposal_is_told_where_it_ended(room: Classroom, editors: Editors) -> None:
    room.site = replace(room.site, two_person=True)
    browser = room.signs_in(room.admin)
    editors.changes(stem(NEW_STEM))
    _proposes(browser)
    asked = field(browser.get("/isi"), "usulan")

    editors.changes(stem(OTHER_STEM), by=editors.tomo)

    page, late = browser.get("/isi"), browser.post("/isi/tarik", usulan=asked)
    assert "Usulan “Lebih jelas” gugur karena isinya diubah sesudah diusulkan." in text_of(page)
    assert late.headers["location"] == "/isi?kabar=lewat"


def test_withdrawn_proposal_leaves_the_changes(room: Classroom, editors: Editors) -> None:
    room.site = replace(room.site, two_person=True)
    browser = room.signs_in(room.admin)
    editors.changes(stem(NEW_STEM))
    _proposes(browser)

    answer = browser.post("/isi/tarik", usulan=field(browser.get("/isi"), "usulan"))

    assert answer.headers["location"] == "/isi?kabar=tarik"
    assert list(editors.copy().drafts) == [ITEM]


def test_thrown_away_change_leaves_the_release(editors: Editors, browser: SignedIn) -> None:
    saved = editors.changes(stem(NEW_STEM))

    stale = browser.post("/isi/buang", bagian=ITEM, versi=str(saved.version + 1))
    kept = list(editors.copy().drafts)
    done = browser.post("/isi/buang", bagian=ITEM, versi=field(browser.get("/isi"), "versi"))

    assert (stale.headers["location"], kept) == ("/isi?kabar=berubah", [ITEM])
    assert (done.headers["location"], list(editors.copy().drafts)) == ("/isi?kabar=buang", [])


def test_going_back_is_seen_before_and_is_one_step(editors: Editors, browser: SignedIn) -> None:
    first = editors.current()
    old = str(editors.opens().original["stem"])
    editors.releases(stem(NEW_STEM))

    page = browser.get("/isi")
    look = browser.get(f"/isi/terbitan/{first}")
    answer = browser.post(f"/isi/terbitan/{first}/kembali")

    assert f"/isi/terbitan/{first}/kembali" in page.text
    assert faults(look.text) == []
    assert "Kalau kembali ke sini, 1 bagian berubah" in text_of(look)
    assert ("ins", "sudah") in marks(look)
    assert (answer.headers["location"], editors.current(), editors.opens().payload["stem"]) == (
        "/isi?kabar=kembali", first, old,
    )  # fmt: skip
    assert [step.act for step in steps(editors)] == [releasing.ROLLED_BACK, releasing.PUBLISHED]
    assert faults(browser.get("/isi?kabar=kembali").text) == []


@pytest.mark.parametrize("address", ["/isi/terbitan/0123456789abcdef", "/isi/terbitan/x"])
def test_release_that_never_was_is_not_there(browser: SignedIn, address: str) -> None:
    assert [browser.get(address).status_code, browser.post(f"{address}/kembali").status_code] == [404, 404]


def test_part_that_could_be_none_is_not_there(browser: SignedIn) -> None:
    assert browser.post("/isi/buang", bagian="../etc", versi="1").status_code == 404


def test_scripts_in_a_text_are_shown_and_not_run(editors: Editors, browser: SignedIn) -> None:
    editors.changes(lambda lesson: lesson | {"minutes": 7}, part="module:M-O2-cek-mutasi")
    proposed = browser.post("/isi/usulkan", catatan="<script>alert(1)</script>", isi=field(browser.get("/isi"), "isi"))

    page = browser.get(proposed.headers["location"])

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
