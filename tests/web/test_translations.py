"""Translations on the web: the list, writing in place, and files."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from bot.core.access import Viewer
from bot.usecases import editing
from bot.web.routes import PAGES
from bot.web.translations import key
from tests.usecases.world import document, later_document
from tests.web.classroom import ADMIN, Classroom, SignedIn, staff

HOME = "/isi/terjemahan"
ENGLISH = f"{HOME}/en"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def ayu(room: Classroom) -> SignedIn:
    return room.signs_in(room.admin)


def own(room: Classroom) -> Any:
    """Return the English texts of the working copy."""
    viewer = Viewer(room.admin, is_admin=True)
    return room.world.do(
        lambda s: editing.open_part(s, viewer=viewer, part="translation:en", library=room.world.library).payload
    )


def says(browser: SignedIn, **texts: str | list[str]) -> httpx.Response:
    return browser.ask("POST", ENGLISH, {"tanda": browser.mark(HOME), **texts})


def written(source: str, seen: str, said: str) -> dict[str, str | list[str]]:
    """Return the fields of one text, as it was shown and as it is said now."""
    return {f"t.{key(source)}": said, f"d.{key(source)}": key(seen)}


def test_overview_counts_what_is_done_missing_and_stale(room: Classroom, ayu: SignedIn) -> None:
    room.world.publish(later_document("Kini"))

    text = re.sub(r"<[^>]+>|\s+", " ", ayu.get(HOME).text)

    assert re.search(r"Kartu pelajaran +0 dari 262 +0 +262", text)
    assert re.search(r"Tombol dan kalimat bot +\d+ dari \d+ +0 +0", text)


@pytest.mark.parametrize("path", [f"{HOME}/id", f"{HOME}/xx", f"{HOME}/xx/unduh.po"])
def test_other_languages_are_not_there(ayu: SignedIn, path: str) -> None:
    assert ayu.get(path).status_code == 404


def test_list_shows_what_is_to_do_with_the_old_words_and_the_old_translation(room: Classroom, ayu: SignedIn) -> None:
    room.world.publish(later_document("Kini"))
    item = document().items[0]

    page = ayu.get(f"{ENGLISH}?jenis=butir").text

    assert page.count('<textarea id="t-') == 20
    assert f'<pre class="source">Kini: {item.stem}</pre>' in page
    assert f'<span class="old source">{item.stem}</span>' in page
    assert "Terjemahan ini masih cocok" in page
    assert "Halaman 1 dari" in page


def test_list_without_work_says_so(ayu: SignedIn) -> None:
    assert "Tidak ada yang perlu dikerjakan" in ayu.get(ENGLISH).text


def test_what_is_written_is_kept_and_the_page_stays(room: Classroom, ayu: SignedIn) -> None:
    answer = says(ayu, jenis="susunan", yang="semua", halaman="1", **written("buah", "pieces", "items"))

    assert answer.headers["location"] == f"{ENGLISH}?jenis=susunan&yang=semua&halaman=1&catatan=simpan"
    assert own(room) == {"buah": "items"}


def test_untouched_texts_change_nothing(room: Classroom, ayu: SignedIn) -> None:
    answer = says(ayu, **written("buah", "pieces", "pieces"), **written("hari", "days", ""))

    assert answer.headers["location"].endswith("&catatan=tetap")
    assert own(room) is None


def test_faulty_text_is_told_beside_its_box_and_all_typed_stays(room: Classroom, ayu: SignedIn) -> None:
    answer = says(ayu, **written("buah", "pieces", "<b>items"), **written("hari", "days", "sunny days"))

    assert answer.status_code == 422
    assert "bagian ini harus sama seperti aslinya: &lt;b&gt;" in answer.text
    assert f'aria-describedby="x-{key("buah")}"' in answer.text
    assert "&lt;b&gt;items</textarea>" in answer.text
    assert "sunny days</textarea>" in answer.text
    assert own(room) is None


def test_text_that_somebody_else_changed_meanwhile_is_shown_before_it_is_replaced(
    room: Classroom, ayu: SignedIn
) -> None:
    staff(room.world, ADMIN + 1, "Tomo")
    says(ayu, **written("buah", "pieces", "things"))

    asked = says(ayu, **written("buah", "pieces", "items"), **written("hari", "days", "sunny days"))

    assert asked.status_code == 422
    assert 'Orang lain baru saja menyimpan: <b class="source">things</b>' in asked.text
    assert own(room) == {"buah": "things"}
    assert f'name="d.{key("buah")}" value="{key("things")}"' in asked.text
    assert says(ayu, **written("buah", "things", "items")).status_code == 303
    assert own(room) == {"buah": "items"}


def test_stale_text_is_settled_by_a_tick(room: Classroom, ayu: SignedIn) -> None:
    room.world.publish(later_document("Kini"))
    stem = f"Kini: {document().items[0].stem}"
    page = ayu.get(f"{ENGLISH}?jenis=butir").text
    said = re.search(rf'name="t\.{key(stem)}".*?>\n(.*?)</textarea>', page, re.DOTALL)
    assert said is not None

    untouched = says(ayu, **written(stem, said[1], said[1]))
    ticked = says(ayu, cocok=[key(stem)], **written(stem, said[1], said[1]))

    assert untouched.headers["location"].endswith("catatan=tetap")
    assert ticked.headers["location"].endswith("catatan=simpan")
    assert own(room) == {stem: said[1]}


def test_file_goes_out_and_comes_back_unchanged(ayu: SignedIn) -> None:
    file = ayu.get(f"{ENGLISH}/unduh.po")

    looked = ayu.ask("POST", f"{ENGLISH}/periksa", {"tanda": ayu.mark(HOME), "berkas": file.text})

    assert file.headers["content-disposition"] == 'attachment; filename="tangga-digital-en.po"'
    assert looked.status_code == 200
    assert "Tidak ada yang berubah" in looked.text


def test_file_of_what_is_open_holds_nothing_else(room: Classroom, ayu: SignedIn) -> None:
    room.world.publish(later_document("Kini"))

    file = ayu.get(f"{ENGLISH}/unduh.po?yang=perlu").text

    assert file.count("\n#, fuzzy") == file.count("\nmsgid ") - 1 == 431


def test_file_is_shown_then_taken(room: Classroom, ayu: SignedIn) -> None:
    file = HEAD + 'msgid "buah"\nmsgstr "items"\n\nmsgid "hilang"\nmsgstr "gone"\n'

    looked = ayu.ask("POST", f"{ENGLISH}/periksa", {"tanda": ayu.mark(HOME), "berkas": file})
    before = own(room)
    digest = re.search(r'name="sidik" value="(\w+)"', looked.text)
    assert digest is not None
    taken = ayu.ask("POST", f"{ENGLISH}/impor", {"tanda": ayu.mark(HOME), "berkas": file, "sidik": digest[1]})

    assert before is None
    assert '<p class="old source" lang="en">pieces</p>' in looked.text
    assert taken.headers["location"] == f"{ENGLISH}?catatan=simpan"
    assert own(room) == {"buah": "items"}


def test_file_that_was_not_looked_at_is_shown_first(room: Classroom, ayu: SignedIn) -> None:
    file = HEAD + 'msgid "buah"\nmsgstr "items"\n'

    answer = ayu.ask("POST", f"{ENGLISH}/impor", {"tanda": ayu.mark(HOME), "berkas": file, "sidik": "forged"})

    assert answer.status_code == 409
    assert "Simpan 1 terjemahan" in answer.text
    assert own(room) is None


def test_faulty_file_is_refused_with_every_fault(room: Classroom, ayu: SignedIn) -> None:
    file = HEAD + 'msgid "buah"\nmsgstr "<b>items"\n\nmsgid "hari"\nmsgstr "/days"\n\nmsgid "menit"\nmsgstr "mins"\n'

    answer = ayu.ask("POST", f"{ENGLISH}/periksa", {"tanda": ayu.mark(HOME), "berkas": file})

    assert answer.status_code == 422
    assert "2 terjemahan perlu dibereskan dulu" in answer.text
    assert answer.text.count("Perbaiki: bagian ini harus sama seperti aslinya") == 2
    assert 'action="/isi/terjemahan/en/impor"' not in answer.text
    assert own(room) is None


@pytest.mark.parametrize("file", ["", "bukan berkas", "PK\x03\x04"])
def test_other_files_are_refused_kindly(ayu: SignedIn, file: str) -> None:
    answer = ayu.ask("POST", f"{ENGLISH}/periksa", {"tanda": ayu.mark(HOME), "berkas": file})

    assert answer.status_code == 422
    assert "tidak terbaca sebagai PO" in answer.text


def test_only_the_two_pages_of_files_take_large_forms() -> None:
    assert {page.path for page in PAGES if page.upload and page.path.startswith(HOME)} == {
        f"{HOME}/{{language}}/periksa",
        f"{HOME}/{{language}}/impor",
    }
