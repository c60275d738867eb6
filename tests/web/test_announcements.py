"""Announcements in the browser: nothing typed is lost, nothing goes out by one slip, and everybody can stop it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from bot.core.access import Viewer
from bot.core.announcement import AnnouncementId, Circle, State, Wording
from bot.core.person import Zone
from bot.store import announcements
from bot.usecases import accounts, announcing, grouping
from tests.usecases.news import TOLD, admin, crowd, drafts, sends, spreads, tells_by_law
from tests.usecases.news import seen as viewed
from tests.web.classroom import Classroom, SignedIn
from tests.web.markup import faults

EVERYONE = Wording(TOLD, Circle.EVERYONE)


@pytest.fixture
def browser(room: Classroom) -> SignedIn:
    return room.signs_in(room.admin)


def only(room: Classroom) -> announcing.View:
    """Return the one announcement there is."""
    viewer = admin(room.world, 9002, "Maya")
    ((one,), _) = room.world.do(lambda s: announcing.listing(s, viewer=viewer, limit=9, offset=0, now=room.world.now))
    return one


def count(room: Classroom) -> int:
    return room.world.do(announcements.count)


def text_of(response: httpx.Response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", response.text).split()))


def wrongs(response: httpx.Response) -> list[str]:
    """Return what a page says is wrong beside its fields."""
    return [unescape(words) for words in re.findall(r'<p class="wrong"[^>]*>(.*?)</p>', response.text)]


def field(response: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.text)
    assert found is not None
    return unescape(found[1])


def written(response: httpx.Response) -> str:
    """Return what stands in the text field."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", response.text, flags=re.S)
    assert found is not None
    return unescape(found[1])


def test_road_from_the_first_word_to_the_last_message(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 3)
    crowd(room.world, 2, wants=False)

    saved = browser.post("/pengumuman/baru", pesan=TOLD, kepada="semua")
    here = saved.headers["location"]
    draft = browser.get(here)
    asked = browser.get(f"{here}/kirim?kapan=sekarang")
    nothing_yet = spreads(room.world)
    sent = browser.post(f"{here}/kirim", cap=field(asked, "cap"), kapan=field(asked, "kapan"))
    spreads(room.world)

    assert (saved.status_code, sent.status_code, sent.headers["location"]) == (303, 303, here)
    assert "akan menerima 3" in text_of(draft)
    assert "Kirim ke 3 orang?" in text_of(asked)
    assert nothing_yet == []
    assert "0 dari 3 terkirim." in text_of(browser.get(here))
    assert only(room).state is State.UNDER_WAY


def test_form_shown_again_keeps_what_was_typed_and_says_what_is_wrong(room: Classroom, browser: SignedIn) -> None:
    response = browser.post("/pengumuman/baru", pesan='<b>Tebal "&" <miring', kepada="provinsi", provinsi="")

    assert (response.status_code, count(room)) == (422, 0)
    assert wrongs(response) == [
        "Ada tanda <…> yang tidak dikenal. Yang bisa dipakai hanya yang ada di petunjuk.",
        "Pilih provinsinya.",
    ]
    assert written(response) == '<b>Tebal "&" <miring'
    assert re.search(r'value="provinsi" checked', response.text)
    assert faults(response.text) == []


def test_zero_bytes_typed_are_left_out_of_what_is_kept(room: Classroom, browser: SignedIn) -> None:
    saved = browser.post("/pengumuman/baru", pesan="Pasar\0 tutup\0", kepada="semua")

    assert (saved.status_code, written(browser.get(saved.headers["location"] + "/ubah"))) == (303, "Pasar tutup")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pesan": "Halo"}, ["Pilih dulu untuk siapa."]),
        ({"pesan": "", "kepada": "semua"}, ["Tulis dulu pengumumannya."]),
        ({"pesan": "x" * 1501, "kepada": "semua"}, ["Terlalu panjang. Paling banyak 1.500 huruf."]),
        ({"pesan": "Halo", "kepada": "program", "program": "Karangan"}, ["Pilih programnya."]),
        ({"pesan": "Halo", "kepada": "provinsi", "provinsi": "3305"}, ["Pilih provinsinya."]),
        ({"pesan": "Halo", "kepada": "kelompok", "kelompok": ""}, None),
        ({"pesan": "Halo", "kepada": "kelompok", "kelompok": "Tidak ada"}, None),
        ({"pesan": "Halo", "kepada": "kelompok", "kelompok": "Pasar", "nomor": "999"}, None),
        ({"pesan": "Halo", "kepada": "lain"}, ["Pilih dulu untuk siapa."]),
        ({"pesan": "Halo", "kepada": "wajib"}, ["Pilih dulu untuk siapa."]),
    ],
)
def test_draft_is_refused_beside_its_fields(
    room: Classroom, browser: SignedIn, fields: dict[str, str | list[str]], said: list[str] | None
) -> None:
    response = browser.post("/pengumuman/baru", **fields)

    assert (response.status_code, count(room)) == (422, 0)
    assert wrongs(response) == (said or ["Belum ada kelompok dengan nama itu. Periksa lagi tulisannya."])


def test_group_of_an_ambiguous_name_is_picked_from_those_that_match(room: Classroom, browser: SignedIn) -> None:
    first, second = room.opens_group("Pasar Wage"), room.opens_group("Pasar Wage", room.rani)
    asked = browser.post("/pengumuman/baru", pesan=TOLD, kepada="kelompok", kelompok="pasar")

    saved = browser.post("/pengumuman/baru", pesan=TOLD, kepada="kelompok", kelompok="pasar", nomor=str(second))

    assert (asked.status_code, wrongs(asked)) == (422, ["Ada beberapa kelompok dengan nama itu. Pilih satu."])
    assert re.findall(r'name="nomor" value="(\d+)"', asked.text) == [str(first), str(second)]
    assert (saved.status_code, only(room).announcement.wording.target) == (303, str(second))


def test_only_group_of_a_name_is_meant_by_it(room: Classroom, browser: SignedIn) -> None:
    group = room.opens_group("Pasar Wage")

    saved = browser.post("/pengumuman/baru", pesan=TOLD, kepada="kelompok", kelompok="wage")

    assert (saved.status_code, only(room).announcement.wording.target) == (303, str(group))
    assert "Untuk: Kelompok Pasar Wage" in text_of(browser.get(saved.headers["location"]))


def test_preview_is_the_chats_own_and_stores_nothing(room: Classroom, browser: SignedIn) -> None:
    response = browser.post(
        "/pengumuman/pratinjau", pesan='Buka <a href="https://contoh.go.id">ini</a> & <script>', ke="/pengumuman/baru"
    )

    shown = response.text.partition('id="pratinjau"')[2]
    assert (response.status_code, count(room)) == (200, 0)
    assert (
        '<a href="https://contoh.go.id/" rel="noreferrer noopener" target="_blank">ini</a> &amp; &lt;script&gt;'
        in shown
    )
    assert "Berhenti menerima pengumuman" in shown
    assert wrongs(response) == ["Ada tanda <…> yang tidak dikenal. Yang bisa dipakai hanya yang ada di petunjuk."]
    assert "19 dari 1.500 huruf" in text_of(response)


@pytest.mark.parametrize("to", ["https://jahat.example", "/keluar", "/pengumuman/1/ubah/../kirim", ""])
def test_preview_sends_its_form_nowhere_else(browser: SignedIn, to: str) -> None:
    response = browser.post("/pengumuman/pratinjau", pesan="Halo", ke=to)

    assert re.findall(r'<form method="post" action="([^"]*)">', response.text) == ["/pengumuman/baru"]


def test_preview_of_a_change_goes_back_to_it(browser: SignedIn) -> None:
    response = browser.post("/pengumuman/pratinjau", pesan="Halo", ke="/pengumuman/12/ubah", cap="abc")

    assert re.findall(r'<form method="post" action="([^"]*)">', response.text) == ["/pengumuman/12/ubah"]
    assert field(response, "cap") == "abc"


def test_two_admins_at_once_lose_nothing(room: Classroom, browser: SignedIn) -> None:
    ayu = admin(room.world, 9002, "Maya")
    one = drafts(room.world, ayu)
    form = browser.get(f"/pengumuman/{one.id}/ubah")
    other = room.signs_in(room.admin)
    other.post(f"/pengumuman/{one.id}/ubah", pesan="Versi lain", kepada="semua", cap=field(form, "cap"))

    mine = browser.post(f"/pengumuman/{one.id}/ubah", pesan="Versi saya", kepada="semua", cap=field(form, "cap"))

    assert (written(form), mine.status_code) == (TOLD, 409)
    assert viewed(room.world, ayu, one.id).announcement.wording.text == "Versi lain"
    assert "baru saja diubah orang lain" in text_of(mine)
    assert ("Versi saya" in mine.text, "Versi lain" in mine.text) == (True, True)


def test_sending_what_was_changed_after_the_confirmation_is_refused(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 2)
    ayu = admin(room.world, 9002, "Maya")
    one = drafts(room.world, ayu)
    asked = browser.get(f"/pengumuman/{one.id}/kirim")
    browser.post(f"/pengumuman/{one.id}/ubah", pesan="Lain", kepada="semua", cap=field(asked, "cap"))

    sent = browser.post(f"/pengumuman/{one.id}/kirim", cap=field(asked, "cap"))

    assert sent.headers["location"] == f"/pengumuman/{one.id}?kabar=berubah"
    assert "baru saja diubah orang lain" in text_of(browser.get(sent.headers["location"]))
    assert viewed(room.world, ayu, one.id).state is State.DRAFT


def test_same_confirmation_twice_sends_once(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 2)
    one = drafts(room.world, admin(room.world, 9002, "Maya"))
    asked = browser.get(f"/pengumuman/{one.id}/kirim")

    again = [browser.post(f"/pengumuman/{one.id}/kirim", cap=field(asked, "cap")) for _ in range(2)][1]

    assert "diubah orang lain" not in text_of(browser.get(again.headers["location"]))
    assert spreads(room.world) == [2]


def test_planned_moment_is_the_admins_own_time(room: Classroom) -> None:
    crowd(room.world, 1)
    ayu = room.world.do(lambda s: accounts.tell_context(s, owner=room.admin, told=Zone.WIT))
    browser = room.signs_in(ayu)
    one = drafts(room.world, admin(room.world, 9002, "Maya"))

    asked = browser.get(f"/pengumuman/{one.id}/kirim?kapan=nanti&hari=2026-11-25&jam=09:30")
    browser.post(f"/pengumuman/{one.id}/kirim", cap=field(asked, "cap"), kapan=field(asked, "kapan"))

    assert "Kapan: Rabu, 25 November 2026, 09.30 WIT" in text_of(asked)
    due_at = only(room).announcement.due_at
    assert due_at is not None
    assert due_at.isoformat() == "2026-11-25T00:30:00+00:00"
    assert "Dikirim sendiri pada Rabu, 25 November 2026, 09.30 WIT" in text_of(browser.get(f"/pengumuman/{one.id}"))


@pytest.mark.parametrize(
    "asked", ["hari=&jam=", "hari=2026-11-24&jam=09:00", "hari=2027-11-24&jam=09:00", "hari=x&jam=y", "hari=2026-11-30"]
)
def test_moment_that_makes_no_sense_is_asked_again(room: Classroom, browser: SignedIn, asked: str) -> None:
    crowd(room.world, 1)
    one = drafts(room.world, admin(room.world, 9002, "Maya"))

    response = browser.get(f"/pengumuman/{one.id}/kirim?kapan=nanti&{asked}")

    assert response.status_code == 422
    assert wrongs(response) == ["Pilih hari dan jam yang belum lewat, paling lambat 90 hari lagi."]
    assert re.search(r'value="nanti" checked', response.text)


def test_moment_that_passed_while_it_was_confirmed_is_refused(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 1)
    one = drafts(room.world, admin(room.world, 9002, "Maya"))
    asked = browser.get(f"/pengumuman/{one.id}/kirim?kapan=nanti&hari=2026-11-24&jam=10:05")
    room.world.now += timedelta(minutes=10)

    sent = browser.post(f"/pengumuman/{one.id}/kirim", cap=field(asked, "cap"), kapan=field(asked, "kapan"))

    assert sent.headers["location"] == f"/pengumuman/{one.id}?kabar=lewat"
    assert "Waktu kirimnya sudah lewat" in text_of(browser.get(sent.headers["location"]))


def test_forged_moment_is_not_there(room: Classroom, browser: SignedIn) -> None:
    one = drafts(room.world, admin(room.world, 9002, "Maya"))

    response = browser.post(f"/pengumuman/{one.id}/kirim", cap=announcing.seal(EVERYONE), kapan="besok")

    assert (response.status_code, only(room).state) == (404, State.DRAFT)


def test_progress_is_asked_again_only_while_it_goes_on(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 2)
    one = sends(room.world, admin(room.world, 9002, "Maya"))
    spreads(room.world)
    running = browser.get(f"/pengumuman/{one}")

    browser.post(f"/pengumuman/{one}/berhenti")

    stopped = browser.get(f"/pengumuman/{one}")
    assert ("every 3s" in running.text, "every 3s" in stopped.text) == (True, False)
    assert ("Hentikan sekarang" in running.text, "Hentikan sekarang" in stopped.text) == (True, False)
    assert "tidak jadi dikirim 2" in text_of(stopped)


def test_what_goes_out_is_no_longer_edited(room: Classroom, browser: SignedIn) -> None:
    one = sends(room.world, admin(room.world, 9002, "Maya"))
    answers = [browser.get(f"/pengumuman/{one}/{step}") for step in ("ubah", "kirim")]

    late = browser.post(f"/pengumuman/{one}/ubah", pesan="Terlambat", kepada="semua", cap=announcing.seal(EVERYONE))

    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, f"/pengumuman/{one}")] * 2
    assert (late.status_code, "Terlambat" in late.text, "sudah tidak bisa diubah" in late.text) == (409, True, True)


def test_nobody_who_allows_it_leaves_nothing_to_send(room: Classroom, browser: SignedIn) -> None:
    one = drafts(room.world, admin(room.world, 9002, "Maya"))

    page = text_of(browser.get(f"/pengumuman/{one.id}"))

    assert ("Belum ada yang bisa menerima." in page, "Lanjut ke konfirmasi" in page) == (True, False)


def test_list_shows_the_latest_first_in_pages(room: Classroom, browser: SignedIn) -> None:
    ayu = admin(room.world, 9002, "Maya")
    group = room.opens_group("Pasar Wage")
    drafts(room.world, ayu, Wording("<b>Pertama</b> & utama", Circle.GROUP, str(group)))
    first = text_of(browser.get("/pengumuman"))
    for number in range(21):
        drafts(room.world, ayu, Wording(f"Kabar {number} " + "panjang " * 20, Circle.EVERYONE))

    pages = [browser.get(f"/pengumuman?halaman={page}") for page in (1, 2, 9)]

    numbers = [re.findall(r'<th scope="row"><a href="/pengumuman/(\d+)">', page.text) for page in pages[:2]]
    assert "Pertama & utama Kelompok Pasar Wage Rancangan" in first
    assert numbers == [[str(n) for n in range(22, 2, -1)], ["2", "1"]]
    assert (pages[2].status_code, pages[2].headers["location"]) == (303, "/pengumuman?halaman=2")


def test_list_asks_as_often_for_three_as_for_one(room: Classroom, browser: SignedIn) -> None:
    group = room.opens_group("Pasar Wage")
    asked = []
    for number in (1, 2, 3):
        author = admin(room.world, 9002 + number, f"Admin {number}")
        drafts(room.world, author, Wording(TOLD, Circle.GROUP, str(group)))
        browser.get("/pengumuman")
        with room.counts() as sent:
            browser.get("/pengumuman")
        asked.append(len(sent))

    assert asked == [asked[0]] * 3


def test_earlier_words_can_be_taken_up_again(room: Classroom, browser: SignedIn) -> None:
    ayu = admin(room.world, 9002, "Maya")
    group, joko = room.opens_group("Pasar Wage"), Viewer(room.joko)
    room.world.do(lambda s: grouping.set_programme(s, viewer=joko, group_id=group, programme="BBI"))
    one = drafts(room.world, ayu, Wording(TOLD, Circle.PROGRAMME, "BBI"))

    form = browser.get(f"/pengumuman/baru?dari={one.id}")

    assert (written(form), 'value="BBI" selected' in form.text) == (TOLD, True)
    assert browser.get("/pengumuman/baru?dari=99").status_code == 404


def test_what_the_law_wants_told_is_seen_and_stopped_but_not_offered(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 2, wants=False)
    one = tells_by_law(room.world, "<b>Penting</b>\nData bocor.")
    spreads(room.world)
    listed, page = browser.get("/pengumuman"), browser.get(f"/pengumuman/{one}")
    form, again = browser.get("/pengumuman/baru"), browser.get(f"/pengumuman/baru?dari={one}")

    stopped = browser.post(f"/pengumuman/{one}/berhenti")
    after = browser.get(f"/pengumuman/{one}")

    assert "Penting Semua orang, wajib menurut undang-undang Sedang dikirim" in text_of(listed)
    assert "Untuk: Semua orang, wajib menurut undang-undang 0 dari 5 terkirim." in text_of(page)
    assert ("Berhenti menerima pengumuman" in page.text, faults(page.text)) == (False, [])
    assert [re.findall(r'name="kepada" value="(\w+)"( checked)?', shown.text) for shown in (form, again)] == [
        [("semua", ""), ("provinsi", ""), ("kelompok", "")]
    ] * 2
    assert (stopped.status_code, "Dihentikan" in text_of(after), "Tulis lagi" in after.text) == (303, True, False)


@pytest.mark.parametrize("path", ["/pengumuman/99", "/pengumuman/99/ubah", "/pengumuman/99/kirim"])
def test_announcement_that_is_not_there(browser: SignedIn, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_every_page_is_sound(room: Classroom, browser: SignedIn) -> None:
    crowd(room.world, 2)
    ayu = admin(room.world, 9002, "Maya")
    group = room.opens_group("Pasar Wage")
    room.opens_group("Pasar Legi")
    draft = drafts(room.world, ayu, Wording(TOLD, Circle.GROUP, str(group)))
    everybody = drafts(room.world, ayu)
    planned = sends(room.world, ayu, due_at=room.world.now + timedelta(hours=1))
    running = sends(room.world, ayu)
    spreads(room.world)
    pages = {
        "empty form": browser.get("/pengumuman/baru"),
        "form": browser.get(f"/pengumuman/{draft.id}/ubah"),
        "faulty form": browser.post("/pengumuman/baru", pesan="<b>", kepada="kelompok", kelompok="pasar"),
        "draft": browser.get(f"/pengumuman/{draft.id}"),
        "draft for all": browser.get(f"/pengumuman/{everybody.id}"),
        "confirmation": browser.get(f"/pengumuman/{everybody.id}/kirim"),
        "planned": browser.get(f"/pengumuman/{planned}"),
        "running": browser.get(f"/pengumuman/{running}"),
        "list": browser.get("/pengumuman"),
    }
    room.world.do(lambda s: announcing.stop(s, viewer=ayu, announcement_id=AnnouncementId(running), now=room.world.now))
    pages["stopped"] = browser.get(f"/pengumuman/{running}")

    assert {name: found for name, page in pages.items() if (found := faults(page.text))} == {}
