"""The editor of lessons on the web: found, shown, kept, refused beside the field, brought together, taken out."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.core.access import Viewer
from bot.core.person import Person
from bot.store import audit
from bot.store.audit import Wanted
from bot.usecases import editing
from bot.web.lessons import slug
from tests.web.classroom import ADMIN, Classroom, SignedIn, staff
from tests.web.markup import faults

CODE = "M-O2-cek-mutasi"
LESSON = f"/isi/pelajaran/{CODE}"
FORM = re.compile(r'<form id="butir".*?</form>', re.DOTALL)
FIELD = re.compile(
    r'<input\b[^>]*\bname="([^"]+)"[^>]*>|<textarea\b[^>]*\bname="([^"]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL
)
SELECT = re.compile(r'<select\b[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)


def filled(page: httpx.Response) -> dict[str, str | list[str]]:
    """Return the form of a page as a browser would send it."""
    form = FORM.search(page.text)
    assert form is not None, page.text
    said: dict[str, str | list[str]] = {}
    for found in FIELD.finditer(form[0]):
        tag, name = found[0], found[1] or found[2]
        if found[2]:
            said[name] = html.unescape(found[3]).replace("\n", "\r\n")
        elif 'type="checkbox"' not in tag or " checked" in tag:
            value = re.search(r'value="([^"]*)"', tag)
            said[name] = html.unescape(value[1]) if value else ""
    for name, options in SELECT.findall(form[0]):
        chosen = re.search(r'value="([^"]*)" selected', options)
        said[name] = html.unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in said.items() if name != "tanda"}


def now(room: Classroom, code: str = CODE) -> Any:
    """Return what a lesson says in the working copy."""
    viewer = Viewer(room.admin, is_admin=True)
    part = f"module:{code}"
    return room.world.do(lambda s: editing.open_part(s, viewer=viewer, part=part, library=room.world.library).payload)


def shown(page: httpx.Response) -> str:
    """Return the words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def ayu(room: Classroom) -> SignedIn:
    return room.signs_in(room.admin)


@pytest.fixture
def budi(room: Classroom) -> Person:
    """A second admin."""
    made = staff(room.world, ADMIN + 1, "Budi")
    object.__setattr__(room.site, "admins", room.site.admins | {made.telegram_id})
    return made


def test_list_shows_every_lesson_by_dimension_with_its_facts(ayu: SignedIn) -> None:
    page = ayu.get("/isi/pelajaran")

    said = shown(page)
    assert "34 pelajaran di rancangan." in said
    assert "Cek mutasi dulu" in said
    assert "4 sumber, dibaca ulang paling lambat 23 Maret 2027" in said
    assert said.index("Perangkat, akun & informasi Pelajaran") < said.index("Keamanan & anti-penipuan Pelajaran")
    assert faults(page.text) == []


def test_list_finds_words_and_dimensions(ayu: SignedIn) -> None:
    found = shown(ayu.get("/isi/pelajaran?cari=MUTASI dulu&bidang=O2"))
    nothing = shown(ayu.get("/isi/pelajaran?cari=zzz"))

    assert "Cek mutasi dulu" in found
    assert "HP hilang" not in found
    assert "0 pelajaran cocok. Tampilkan semua lagi Tidak ada pelajaran yang cocok" in nothing


def test_list_marks_facts_that_are_read_again_soon_or_too_late(room: Classroom) -> None:
    room.world.now += timedelta(days=80)
    soon = shown(room.signs_in(room.admin).get("/isi/pelajaran?tanda=segera"))
    room.world.now += timedelta(days=60)
    late = shown(room.signs_in(room.admin).get("/isi/pelajaran?tanda=lewat"))

    assert "Cek mutasi dulu" in soon
    assert "dibaca ulang dalam 60 hari" in soon
    assert "Cek mutasi dulu" in late
    assert "Aman saat kita yang membayar" not in late


def test_page_of_every_lesson_can_be_read_by_screen_readers(room: Classroom, ayu: SignedIn) -> None:
    release = room.world.do(room.world.library.current)
    pages = {module.code: ayu.get(f"/isi/pelajaran/{module.code}") for module in release.modules[::6]}

    assert {code: faults(page.text) for code, page in pages.items()} == {code: [] for code in pages}


def test_saving_what_was_not_changed_makes_no_draft(room: Classroom, ayu: SignedIn) -> None:
    answer = ayu.post(LESSON, **filled(ayu.get(LESSON)), tombol="simpan")

    assert (answer.status_code, answer.headers["location"]) == (303, f"{LESSON}?telah=simpan")
    viewer = Viewer(room.admin, is_admin=True)
    found = room.world.do(lambda s: editing.workspace(s, viewer=viewer, library=room.world.library))
    assert dict(found.drafts) == {}


def test_change_is_kept_and_stands_in_the_log(room: Classroom, ayu: SignedIn) -> None:
    before = now(room)
    form = filled(ayu.get(LESSON)) | {"title": "Cek mutasi\r\nselalu", "promotion": "ya"}

    ayu.post(LESSON, **form, tombol="simpan")

    assert now(room) == before | {"title": "Cek mutasi selalu", "promotion": True}
    (entry,) = room.world.do(lambda s: list(audit.entries(s, Wanted(), limit=5)))
    assert (entry.actor_name, entry.act, entry.thing) == ("Ayu", "content.save", f"module:{CODE}")
    assert "Tersimpan di rancangan" in shown(ayu.get(f"{LESSON}?telah=simpan"))
    assert "diubah, belum terbit" in shown(ayu.get("/isi/pelajaran?tanda=diubah"))


BAD = {
    "title": ("x" * 61, "Judul: terlalu panjang, paling banyak 60 huruf"),
    "minutes": ("lima", "Lama membaca: harus berupa bilangan bulat, tanpa titik atau koma"),
    "steps_from": ("3", "Sampai tingkat: “Sampai tingkat” harus lebih tinggi dari “Dari tingkat”"),
    "cards.1.id": ("<b>Dua</b>\r\n{{ alamat }}", "Kartu 2: variabel alamat tidak dikenal"),
    "cards.4.en": ("<b>Five</b>\r\n\r\n{% set x = 1 %}", "Kartu 5, English: {% set %} tidak bisa dipakai dalam kartu"),
    "cards.2.id": ("<b>Tiga", "Kartu 3: <b> tidak ditutup dengan </b>"),
    "cards.3.id": ("<b>Empat</b>\r\n=====\r\n", "Kartu 4: baris ini tidak boleh hanya berisi tanda = atau -"),
    "cards.0.id": ('<b>Satu</b> <a href="javascript:x">y</a>', "Kartu 1: tautan ditulis"),
    "cards.5.id": ("", "Kartu 6: kartu kosong"),
    "sources.0.url": ("contoh", "Sumber 1, alamat sumber: alamat tidak sah"),
    "sources.1.review_by": ("besok", "Sumber 2, dibaca ulang paling lambat: tanggal ditulis"),
    "summary": ("Kamu bisa.", "Ringkasan: kata yang tidak ramah: Kamu"),
}


@pytest.mark.parametrize(("field", "said", "told"), [(field, *case) for field, case in BAD.items()], ids=BAD)
def test_problem_is_told_and_nothing_typed_is_lost(
    room: Classroom, ayu: SignedIn, field: str, said: str, told: str
) -> None:
    before = now(room)
    form = filled(ayu.get(LESSON)) | {field: said}

    answer = ayu.post(LESSON, **form, tombol="simpan")

    assert answer.status_code == 422
    assert "Belum tersimpan. 1 hal perlu dibereskan." in shown(answer)
    assert told in shown(answer)
    kept = filled(answer)
    kept.setdefault(field, said)
    assert str(kept[field]).strip() == said.strip()
    assert {name: kept[name] for name in form if name not in (field, "asal")} == {
        name: value for name, value in form.items() if name not in (field, "asal")
    }
    assert now(room) == before


def test_problem_of_a_card_stands_beside_it_with_its_line(ayu: SignedIn) -> None:
    form = filled(ayu.get(LESSON)) | {"cards.1.id": "<b>Dua</b>\r\n\r\n{{ alamat }}", "layar": "Kartu 2"}

    answer = ayu.post(f"{LESSON}/pratinjau", **form)

    card = answer.text.split('id="kartu-2"')[1].split('id="kartu-3"')[0]
    assert "Baris 3: variabel alamat tidak dikenal" in " ".join(re.sub(r"<[^>]+>", "", card).split())
    assert "Perbaiki dulu yang ditandai" in answer.text


def test_buttons_change_the_form_and_store_nothing(room: Classroom, ayu: SignedIn) -> None:
    before = now(room)
    form = filled(ayu.get(LESSON))

    answer = ayu.post(LESSON, **form, tombol="turun:cards.0")

    kept = filled(answer)
    assert (kept["cards.0.id"], kept["cards.1.id"]) == (form["cards.1.id"], form["cards.0.id"])
    assert (kept["cards.0.en"], kept["cards.1.en"]) == (form["cards.1.en"], form["cards.0.en"])
    assert now(room) == before


@pytest.mark.parametrize("button", ["", "hapus", "lain:cards.1", "pakai:head", "pakai:cards.99.id"])
def test_button_of_nobody_leads_nowhere(ayu: SignedIn, button: str) -> None:
    assert ayu.post(LESSON, **filled(ayu.get(LESSON)), tombol=button).status_code == 404


@pytest.mark.parametrize(
    ("reader", "greeting"),
    [
        ("warung", "Bu Sari, gambar"),
        ("kuliner", "Pak Budi, gambar"),
        ("pembina", "Pak Joko, gambar"),
        ("tanpa-nama", "Gambar bukti"),
    ],
)
def test_preview_reads_as_the_person_chosen(ayu: SignedIn, reader: str, greeting: str) -> None:
    form = filled(ayu.get(LESSON)) | {"pembaca": reader}

    assert greeting in shown(ayu.post(f"{LESSON}/pratinjau", **form))


def test_preview_speaks_the_language_chosen_and_shows_answers_not_right_yet(ayu: SignedIn) -> None:
    form = filled(ayu.get(LESSON)) | {"pembaca": "semua", "bahasa": "en", "layar": "Kartu 6"}

    page = ayu.post(f"{LESSON}/pratinjau", **form)

    phones = page.text.split('<figure class="phone"')[1:]
    assert len(phones) == 4
    assert [("Barang langsung dikirim" in each) for each in phones] == [False, True, False, False]


def test_new_lesson_is_begun_written_and_kept(room: Classroom, ayu: SignedIn) -> None:
    page = ayu.get("/isi/pelajaran/baru?bidang=O6&judul=Balas dengan ramah, ya!")
    cards = {f"cards.{n}.id": f"<b>Kartu {n}</b>\r\n\r\nSatu kalimat pendek." for n in range(3)}
    form = filled(page) | {"summary": "Cara membalas.", "act": "Balas satu pembeli.", **cards}

    address = "/isi/pelajaran/M-O6-balas-dengan-ramah-ya"
    assert f'action="{address}"' in page.text
    answer = ayu.post(address, **form, tombol="simpan")

    assert answer.headers["location"] == f"{address}?telah=simpan"
    assert now(room, "M-O6-balas-dengan-ramah-ya")["translations"] == {}
    assert "baru, belum terbit" in shown(ayu.get("/isi/pelajaran?tanda=baru"))
    assert "Sudah ada pelajaran dengan judul seperti ini" in shown(
        ayu.get("/isi/pelajaran/baru?bidang=O6&judul=Balas dengan ramah ya")
    )


@pytest.mark.parametrize("judul", ["", "!", "x"])
def test_new_lesson_needs_a_title(ayu: SignedIn, judul: str) -> None:
    assert "Tulis judulnya dulu" in shown(ayu.get(f"/isi/pelajaran/baru?bidang=O6&judul={judul}"))


def test_slug_is_short_and_plain() -> None:
    assert slug("  Kafé: “Balas” & kirim 2× ") == "kafe-balas-kirim-2"
    assert slug("kata " * 20) == "kata-kata-kata-kata-kata-kata-kata-kata"


def both_open(room: Classroom, ayu: SignedIn, budi: Person) -> tuple[SignedIn, dict[str, str | list[str]]]:
    other = room.signs_in(budi)
    return other, filled(other.get(LESSON))


def test_changes_of_two_in_different_places_come_together(room: Classroom, ayu: SignedIn, budi: Person) -> None:
    other, his = both_open(room, ayu, budi)
    mine = filled(ayu.get(LESSON)) | {"act": "Langkah dari Ayu."}
    other.post(LESSON, **his | {"title": "Judul dari Budi"}, tombol="simpan")

    answer = ayu.post(LESSON, **mine, tombol="simpan")

    assert answer.status_code == 409
    assert "Sementara Anda menulis, Budi sudah menyimpan perubahan." in shown(answer)
    assert "theirs" not in answer.text.split("</head>")[1]
    ayu.post(LESSON, **filled(answer), tombol="simpan")
    assert (now(room)["title"], now(room)["act"]) == ("Judul dari Budi", "Langkah dari Ayu.")


def test_cards_that_two_moved_and_wrote_are_chosen_from(room: Classroom, ayu: SignedIn, budi: Person) -> None:
    other, his = both_open(room, ayu, budi)
    shorter = filled(other.post(LESSON, **his, tombol="hapus:cards.6"))
    other.post(LESSON, **shorter, tombol="simpan")
    theirs = now(room)
    mine = filled(ayu.get(LESSON))
    old = {**his, "cards.0.id": "<b>Dari Ayu</b>\r\n\r\nSatu kalimat."}

    clash = ayu.post(LESSON, **old, tombol="simpan")
    assert clash.status_code == 409
    assert filled(clash)["cards.0.id"] == old["cards.0.id"]
    assert filled(clash)["bentrok"] == "cards"
    taken = ayu.post(LESSON, **filled(clash), tombol="pakai:cards")

    assert "bentrok" not in filled(taken)
    assert filled(taken)["cards.0.id"] == mine["cards.0.id"]
    ayu.post(LESSON, **filled(taken), tombol="simpan")
    assert now(room) == theirs


def test_lesson_that_was_taken_out_meanwhile_is_not_lost(room: Classroom, ayu: SignedIn, budi: Person) -> None:
    other, his = both_open(room, ayu, budi)
    mine = filled(ayu.get(LESSON)) | {"title": "Judul dari Ayu"}
    other.post(f"{LESSON}/lepas", apa="keluar", versi=str(his["versi"]))
    assert now(room) is None

    answer = ayu.post(LESSON, **mine, tombol="simpan")
    assert "Budi mengeluarkan pelajaran ini dari rancangan" in shown(answer)
    ayu.post(LESSON, **filled(answer), tombol="simpan")

    assert now(room)["title"] == "Judul dari Ayu"


def test_lesson_is_taken_out_and_brought_back(room: Classroom, ayu: SignedIn) -> None:
    before = now(room)
    asked = ayu.get(f"{LESSON}/lepas?apa=keluar")
    version = re.search(r'name="versi" value="(\d+)"', asked.text)
    assert version is not None
    ayu.post(f"{LESSON}/lepas", apa="keluar", versi=version[1])

    gone = ayu.get(LESSON)
    assert "Pelajaran ini dikeluarkan dari rancangan oleh Ayu" in shown(gone)
    assert "dikeluarkan, belum terbit" in shown(ayu.get("/isi/pelajaran?tanda=dikeluarkan"))
    back = ayu.post(f"{LESSON}/lepas", apa="batal", versi="0")

    assert back.headers["location"] == f"{LESSON}?telah=batal"
    assert now(room) == before


def test_taking_out_what_changed_meanwhile_is_asked_again(room: Classroom, ayu: SignedIn) -> None:
    form = filled(ayu.get(LESSON))
    ayu.post(LESSON, **form | {"title": "Judul baru"}, tombol="simpan")

    answer = ayu.post(f"{LESSON}/lepas", apa="keluar", versi=str(form["versi"]))

    assert answer.status_code == 409
    assert "Orang lain baru saja mengubah pelajaran ini." in shown(answer)
    assert now(room)["title"] == "Judul baru"


@pytest.mark.parametrize(
    "path",
    ["M-O2-tidak-ada", "M-O9-x", "apa-saja", "M-O2-cek-mutasi/lepas?apa=batal", "M-O2-tidak-ada/lepas?apa=keluar"],
)
def test_lesson_that_is_not_there_is_not_found(ayu: SignedIn, path: str) -> None:
    assert ayu.get(f"/isi/pelajaran/{path}").status_code == 404


def test_text_of_an_editor_runs_nothing_on_the_page(ayu: SignedIn) -> None:
    evil = '</textarea><script>alert(1)</script><b onmouseover="x">'
    form = filled(ayu.get(LESSON)) | {"title": evil, "cards.0.id": evil, "cards.0.en": evil}

    page = ayu.post(f"{LESSON}/pratinjau", **form)

    assert "<script>alert" not in page.text
    assert faults(page.text) == []


def test_longest_lesson_fits_the_form(ayu: SignedIn) -> None:
    page = ayu.get("/isi/pelajaran/baru?bidang=O6&judul=Panjang")
    long = "<b>é</b>\r\n" + "é kata. " * 240
    cards = {f"cards.{n}.{language}": long for n in range(8) for language in ("id", "en")}
    form = filled(page) | {"summary": "Cara.", "act": "Balas.", **cards}

    answer = ayu.post("/isi/pelajaran/M-O6-panjang", **form, tombol="simpan")

    assert answer.status_code == 303
    opened = filled(ayu.get("/isi/pelajaran/M-O6-panjang"))
    assert ayu.post("/isi/pelajaran/M-O6-panjang", **opened, tombol="simpan").status_code == 303
