"""The editor of questions: the list, saving, problems beside fields, two people at once, and forms of nobody's page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

from bot.content.parts import JSON, Problem, split
from bot.core.access import Viewer
from bot.core.item import Format
from bot.core.person import Person
from bot.usecases import editing
from bot.usecases.editing import PartView, Saved
from bot.web.assets import STATIC
from bot.web.item_conflict import merged, read, rows, written
from bot.web.item_fields import Fields, fields_of
from bot.web.item_list import Asked, Mark, listing
from bot.web.item_page import gist, placed
from tests.usecases.world import document
from tests.web.classroom import Classroom, SignedIn, classroom
from tests.web.markup import faults

CODE = "O2-002"
CODES = re.compile(r'href="/isi/butir/([OCH]\d?-\d{3})"')
ITEMS: dict[str, JSON] = {p.removeprefix("item:"): said for p, said in split(document()).items() if p[:5] == "item:"}


def first(format: Format) -> str:
    return next(code for code, payload in ITEMS.items() if payload["format"] == format)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    """A room in which nothing is saved."""
    with classroom(tmp_path_factory.mktemp("items") / "web.db") as opened:
        yield opened


def look(room: Classroom, code: str = CODE) -> PartView:
    viewer = Viewer(room.admin, is_admin=True)
    return room.world.do(lambda s: editing.open_part(s, viewer=viewer, part=f"item:{code}", library=room.world.library))


def form(room: Classroom, code: str = CODE, **typed: str | list[str]) -> dict[str, str | list[str]]:
    """Return the form of a question as a browser sends it, with what was typed over it."""
    view = look(room, code)
    fields: dict[str, str | list[str]] = dict(fields_of(view.payload))
    head = {"versi": str(view.version), "bentuk": view.payload["format"], "asal": written(fields_of(view.payload))}
    return {**fields, **head, "tombol": "simpan", **typed}


def fresh(**typed: str) -> dict[str, str | list[str]]:
    """Return the form of a new question, written like an old one."""
    fields: dict[str, str | list[str]] = dict(fields_of(ITEMS[CODE]))
    return {**fields, "versi": "0", "bentuk": "pilihan", "asal": "", "tombol": "simpan", **typed}


def sends(browser: SignedIn, code: str, fields: dict[str, str | list[str]], tail: str = "") -> httpx.Response:
    return browser.post(f"/isi/butir/{code}{tail}", **fields)


def said(page: httpx.Response, path: str) -> str:
    """Return what a field of the page holds."""
    element = "f-" + path.replace(".", "-")
    found = re.search(rf'<textarea id="{element}"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL) or re.search(
        rf'<input id="{element}"[^>]* value="([^"]*)"', page.text
    )
    assert found is not None
    return unescape(found[1])


def beside(page: httpx.Response, path: str) -> list[str]:
    """Return the problems that stand below a field."""
    element = "f-" + path.replace(".", "-")
    found = re.search(rf'<ul class="wrongs" id="{element}-x">(.*?)</ul>', page.text)
    return re.findall(r"<li[^>]*>([^<]*)</li>", found[1]) if found else []


def saves(room: Classroom, who: Person, **changes: JSON) -> None:
    """Let another admin save a question."""
    view = look(room)
    outcome = room.world.do(
        lambda s: editing.save(
            s,
            viewer=Viewer(who, is_admin=True),
            part=view.part,
            payload=view.payload | changes,
            version=view.version,
            library=room.world.library,
            now=room.world.now,
        )
    )
    assert isinstance(outcome, Saved)


# Looking


@pytest.mark.parametrize(
    "path", ["", "/baru", *(f"/{first(format)}" for format in Format), f"/{CODE}/lepas?apa=keluar"]
)
def test_pages_are_sound_and_light(quiet: Classroom, path: str) -> None:
    around = sum(
        len(gzip.compress((STATIC / name).read_bytes()))
        for name in ("situs.css", "penyunting.css", "htmx-2.0.11.min.js", "icon.svg")
    )

    page = quiet.signs_in(quiet.admin).get(f"/isi/butir{path}")

    assert page.status_code == 200
    assert faults(page.text) == []
    assert around + page.num_bytes_downloaded < 50 * 1024


@pytest.mark.parametrize("format", Format)
def test_empty_form_of_every_format_is_sound(quiet: Classroom, format: Format) -> None:
    page = quiet.signs_in(quiet.admin).get(f"/isi/butir/baru?bidang=O6&bentuk={format}")

    assert (page.status_code, faults(page.text)) == (200, [])
    code = "H-007" if format is Format.HABIT else "O6-015"
    assert f'action="/isi/butir/{code}"' in page.text


def test_form_shows_what_is_stored(quiet: Classroom) -> None:
    page = quiet.signs_in(quiet.admin).get(f"/isi/butir/{CODE}")

    assert said(page, "stem") == ITEMS[CODE]["stem"]
    assert said(page, "options.3.feedback") == ITEMS[CODE]["options"][3]["feedback"]
    assert said(page, "sources.1.url") == ITEMS[CODE]["sources"][1]["url"]
    assert re.findall(r'name="options.key" value="(\d)" checked', page.text) == ["2"]


def listed(room: Classroom, asked: str) -> list[str]:
    return CODES.findall(room.signs_in(room.admin).get(f"/isi/butir{asked}").text)


def test_list_comes_in_pages_with_habits_last(quiet: Classroom) -> None:
    found = [code for page in range(1, 8) for code in listed(quiet, f"?hal={page}")]

    kinds = [code[0] for code in found]
    assert sorted(found) == sorted(ITEMS)
    assert kinds == sorted(kinds, key="OCH".index)


@pytest.mark.parametrize(
    ("asked", "field", "value"),
    [
        ("bidang=O7", "dimension", "O7"),
        ("bentuk=percakapan", "format", "percakapan"),
        ("sulit=5", "difficulty", 5),
        ("bidang=H", "format", "kebiasaan"),
    ],
)
def test_list_is_filtered(quiet: Classroom, asked: str, field: str, value: object) -> None:
    found = [code for page in (1, 2) for code in listed(quiet, f"?{asked}&hal={page}")]

    assert sorted(set(found)) == sorted(code for code, payload in ITEMS.items() if payload.get(field) == value)[:50]


def test_list_is_searched_in_every_text(quiet: Classroom) -> None:
    assert listed(quiet, "?cari=PEMPEK+930.000") == [CODE]
    assert listed(quiet, f"?cari={CODE}") == [CODE]
    assert listed(quiet, "?cari=pempek+zzz") == []
    assert listed(quiet, "?cari=%00%3Cscript%3E&bidang=X&hal=-4&urut=;") == []


def test_list_marks_what_must_be_read_again(room: Classroom) -> None:
    room.world.now = room.world.now.replace(year=2027, month=12)

    late = listed(room, "?tanda=lewat&urut=baca")
    days = [min(source["review_by"] for source in ITEMS[code]["sources"]) for code in late]

    assert late
    assert days == sorted(days)
    assert max(days) < "2027-12-24"


def test_list_marks_what_is_not_released(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    sends(browser, CODE, form(room, stem="Uang belum masuk, apa yang dilakukan dulu?"))
    browser.post("/isi/butir/O2-003/lepas", apa="keluar", versi=str(look(room, "O2-003").version))

    assert listed(room, "?tanda=diubah") == [CODE]
    assert listed(room, "?tanda=dikeluarkan") == ["O2-003"]


@pytest.mark.parametrize(
    "path", ["/O9-001", "/O2-999", "/%2e%2e", "/O2-002x", "/item:O2-002", "/O2-002/lepas?apa=batal"]
)
def test_what_is_no_question_is_not_there(quiet: Classroom, path: str) -> None:
    assert quiet.signs_in(quiet.admin).get(f"/isi/butir{path}").status_code == 404


def test_list_marks_what_answers_say_of_a_question(quiet: Classroom) -> None:
    viewer, library = Viewer(quiet.admin, is_admin=True), quiet.world.library
    found = quiet.world.do(lambda s: editing.workspace(s, viewer=viewer, library=library))

    shown = listing(found, Asked(mark=Mark.FLAGGED), flagged={CODE, "X9-999"}, today=quiet.world.now.date())

    assert [line.code for line in shown.lines] == [CODE]


# Saving


def test_question_is_saved_into_the_working_copy(room: Classroom) -> None:
    browser = room.signs_in(room.admin)

    answer = sends(
        browser, CODE, form(room, stem="Uang belum masuk. Apa yang dilakukan dulu?", suits=["warung", "jasa"])
    )
    page = browser.get(answer.headers["location"])

    kept = look(room)
    assert answer.status_code == 303
    assert kept.payload == ITEMS[CODE] | {
        "stem": "Uang belum masuk. Apa yang dilakukan dulu?",
        "suits": ["warung", "jasa"],
    }
    assert "Tersimpan di rancangan" in page.text
    assert "2 perubahan belum terbit" in page.text
    assert room.world.do(room.world.library.current).item_by_code[CODE].stem == ITEMS[CODE]["stem"]


@pytest.mark.parametrize("format", Format)
def test_form_that_nobody_touched_changes_nothing(room: Classroom, format: Format) -> None:
    code = first(format)

    answer = sends(room.signs_in(room.admin), code, form(room, code))

    assert answer.status_code == 303
    assert (look(room, code).payload, look(room, code).draft) == (ITEMS[code], None)


@pytest.mark.parametrize(
    ("path", "typed", "problem"),
    [
        ("stem", "", "Perbaiki: tidak boleh kosong"),
        ("stem", "x" * 351, "Perbaiki: terlalu panjang, paling banyak 350 huruf"),
        ("options.1.text", "<b>tebal</b>", "Perbaiki: tidak boleh memuat tanda &lt; atau &gt;"),
        ("options.2.feedback", "Anda gagal.", "Perbaiki: kata yang tidak ramah: gagal"),
        ("sources.0.url", "javascript:alert(1)", "Perbaiki: alamat harus diawali https://"),
        ("sources.1.review_by", "", "Perbaiki: tanggal ditulis TTTT-BB-HH"),
    ],
)
def test_problem_stands_beside_its_field_and_the_text_stays(
    room: Classroom, path: str, typed: str, problem: str
) -> None:
    page = sends(room.signs_in(room.admin), CODE, form(room, **{path: typed}))

    assert page.status_code == 422
    assert [found[: len(problem)] for found in beside(page, path)] == [problem]
    assert said(page, path) == typed
    assert faults(page.text) == []
    assert look(room).draft is None


def test_problem_of_a_list_stands_at_its_head(room: Classroom) -> None:
    page = sends(room.signs_in(room.admin), CODE, form(room, **{"options.key": ""}))

    assert page.status_code == 422
    assert beside(page, "") == ["Perbaiki: pilihan perlu tepat satu pilihan bernilai 1, lainnya 0"]


def test_problems_go_to_the_nearest_place_there_is() -> None:
    fields: Fields = {"stem": ["x"], "options.0.text": ["x"], "answer.low": ["1"]}

    found = placed(
        [
            Problem("", 1, field, "")
            for field in ("stem", "options.0.score", "options", "answer", "code", "", "sources")
        ],
        fields,
    )

    assert {place: [p.field for p in problems] for place, problems in found.items()} == {
        "stem": ["stem"],
        "options.0": ["options.0.score"],
        "options": ["options"],
        "answer": ["answer"],
        "": ["code", ""],
        "sources": ["sources"],
    }


def test_new_question_gets_the_next_code(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    typed = {"status": "draf", "stem": "Apa yang diperiksa sebelum barang dikirim?"}

    answer = sends(browser, "O2-017", fresh(**typed))
    following = browser.get("/isi/butir/baru?bidang=O2&bentuk=pilihan")

    assert answer.headers["location"] == "/isi/butir/O2-017?telah=simpan"
    assert look(room, "O2-017").payload["stem"] == "Apa yang diperiksa sebelum barang dikirim?"
    assert listed(room, "?tanda=baru") == ["O2-017"]
    assert 'action="/isi/butir/O2-018"' in following.text


def test_new_question_whose_code_was_just_taken_gets_another(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    sends(browser, "O2-017", fresh())

    late = sends(browser, "O2-017", fresh(stem="Yang lain?"))

    assert late.status_code == 409
    assert 'action="/isi/butir/O2-018"' in late.text
    assert said(late, "stem") == "Yang lain?"
    assert look(room, "O2-017").payload["stem"] == ITEMS[CODE]["stem"]


# Looking at the chat


def test_preview_shows_what_is_typed_and_stores_nothing(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    typed = form(room, stem="Boleh <b>dikirim</b> sekarang?", layar="Pembahasan: menjawab B", bahasa="id")

    with room.counts() as statements:
        page = sends(browser, CODE, typed, "/pratinjau")

    shown = page.text.partition('<figure class="phone"')[2].partition("</figure>")[0]
    assert page.status_code == 200
    assert "Boleh &lt;b&gt;dikirim&lt;/b&gt; sekarang?" in shown
    assert ITEMS[CODE]["options"][1]["feedback"] in shown
    assert [s for s in statements if re.match(r"(?i)(insert|update|delete)", s) and "person_session" not in s] == []
    assert look(room).draft is None


@pytest.mark.parametrize("format", Format)
def test_preview_of_every_format_is_sound(quiet: Classroom, format: Format) -> None:
    code = first(format)
    browser = quiet.signs_in(quiet.admin)
    typed = form(quiet, code)
    names = re.findall(r"<option(?: selected)?>([^<]+)</option>", browser.get(f"/isi/butir/{code}").text)

    pages = [sends(browser, code, typed | {"layar": unescape(name)}, "/pratinjau") for name in names]

    assert names[0] == "Pertanyaan"
    assert [faults(page.text) for page in pages] == [[]] * len(names)
    assert [name for name, page in zip(names, pages, strict=True) if f"<option selected>{name}<" not in page.text] == []


def test_picture_is_an_image_and_no_part_of_the_page(quiet: Classroom) -> None:
    page = quiet.signs_in(quiet.admin).get(f"/isi/butir/{first(Format.PICTURE)}")

    assert page.text.count('<img src="data:image/svg+xml;base64,') == 1


# Lists of turns and sources


def test_turn_is_put_away_and_nothing_else_is_lost_or_stored(room: Classroom) -> None:
    code = next(c for c, p in ITEMS.items() if p["format"] == "percakapan" and len(p["turns"]) == 3)
    browser = room.signs_in(room.admin)

    page = sends(browser, code, form(room, code, tombol="hapus:turns.1", stem="Masih ditulis"))

    assert said(page, "stem") == "Masih ditulis"
    assert said(page, "turns.1.customer") == ITEMS[code]["turns"][2]["customer"]
    assert "f-turns-2-customer" not in page.text
    assert look(room, code).draft is None


@pytest.mark.parametrize("asked", ["tambah:options", "hapus:options.0", "hapus:sources.9", "tambah:sources"])
def test_list_keeps_to_what_its_format_allows(room: Classroom, asked: str) -> None:
    page = sends(room.signs_in(room.admin), CODE, form(room, tombol=asked))

    assert len(set(re.findall(r'name="options\.(\d)\.text"', page.text))) == 4
    assert len(set(re.findall(r'name="sources\.(\d)\.title"', page.text))) == (3 if asked == "tambah:sources" else 2)


# Two people at once


def test_conflict_shows_both_and_keeps_what_is_chosen(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    mine = form(room, stem="Tulisan Ayu?", difficulty="4")
    saves(room, room.rani, stem="Tulisan Rani?", anchor=False)

    page = sends(browser, CODE, mine)
    version = re.search(r'name="versi" value="(\d+)"', page.text)
    chosen = re.findall(r'name="(pilih\.[\w.]+)" value="(\w+)" checked', page.text)

    assert page.status_code == 409
    assert faults(page.text) == []
    assert {"Tulisan Ayu?", "Tulisan Rani?"} <= set(re.findall(r'<span class="words">([^<]*)</span>', page.text))
    assert chosen == [("pilih.stem", "saya"), ("pilih.difficulty", "saya"), ("pilih.anchor", "dia")]
    assert version is not None

    again = sends(
        browser, CODE, {**mine, "versi": version[1], "tombol": "gabung", "pilih.stem": "dia", "pilih.anchor": "dia"}
    )

    assert again.headers["location"] == f"/isi/butir/{CODE}?telah=gabung"
    kept = look(room).payload
    assert (kept["stem"], kept["difficulty"], kept["anchor"]) == ("Tulisan Rani?", 4, False)


def test_question_taken_out_meanwhile_can_be_brought_back(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    mine = form(room, stem="Tulisan Ayu?")
    room.signs_in(room.admin).post(f"/isi/butir/{CODE}/lepas", apa="keluar", versi=str(look(room).version))

    page = sends(browser, CODE, mine)
    assert (page.status_code, faults(page.text)) == (409, [])
    assert "mengeluarkan pertanyaan ini" in page.text

    sends(browser, CODE, {**mine, "versi": "0", "tombol": "gabung"})
    assert look(room).payload["stem"] == "Tulisan Ayu?"


def test_rows_tell_single_fields_and_whole_lists() -> None:
    base: Fields = {"stem": ["a"], "sources.0.title": ["s"], "anchor": ["ya"]}
    mine = base | {"stem": ["b"]}
    theirs: Fields = {"stem": ["a"], "sources.0.title": ["s"], "sources.1.title": ["t"]}

    found = rows(mine, theirs, base, Format.CHOICE, {})

    assert [(row.path, row.mine, row.theirs, row.takes_theirs) for row in found] == [
        ("stem", "b", "a", False),
        ("sources", "Sumber 1, judul: s", "Sumber 1, judul: s\nSumber 2, judul: t", True),
        ("anchor", "ya", "tidak", True),
    ]
    assert merged(mine, theirs, frozenset({"sources"})) == mine | {"sources.1.title": ["t"]}


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"stem": 1}', '{"stem": [1]}', '{"a;b": ["x"]}', "[" * 9000])
def test_carried_form_that_is_none_is_none(text: str) -> None:
    assert read(text) == {}


def test_carried_form_comes_back() -> None:
    fields = fields_of(ITEMS[CODE])

    assert read(written(fields)) == fields


# Out of use


@pytest.mark.parametrize(("removal", "status"), [("arsip", "arsip"), ("keluar", None)])
def test_question_is_put_away_after_one_more_question(room: Classroom, removal: str, status: str | None) -> None:
    browser = room.signs_in(room.admin)
    asked = browser.get(f"/isi/butir/{CODE}/lepas?apa={removal}")
    assert look(room).draft is None

    browser.post(f"/isi/butir/{CODE}/lepas", apa=removal, versi=str(look(room).version))
    page = browser.get(f"/isi/butir/{CODE}")

    payload = look(room).payload
    assert (asked.status_code, page.status_code, faults(page.text)) == (200, 200, [])
    assert (payload and payload["status"]) == status


def test_what_is_released_comes_back(room: Classroom) -> None:
    browser = room.signs_in(room.admin)
    sends(browser, CODE, form(room, stem="Tulisan Ayu?"))

    browser.post(f"/isi/butir/{CODE}/lepas", apa="batal", versi=str(look(room).version))

    assert (look(room).payload, look(room).draft) == (ITEMS[CODE], None)


def test_question_changed_meanwhile_is_not_put_away(room: Classroom) -> None:
    before = str(look(room).version)
    saves(room, room.rani, stem="Tulisan Rani?")

    page = room.signs_in(room.admin).post(f"/isi/butir/{CODE}/lepas", apa="keluar", versi=before)

    assert page.status_code == 409
    assert "baru saja mengubah" in page.text
    assert look(room).payload["stem"] == "Tulisan Rani?"


# Forms of nobody's page


@pytest.mark.parametrize(
    "typed",
    [
        {"tombol": "hapus:stem"},
        {"tombol": "tambah:__class__"},
        {"tombol": "hapus:sources.x"},
        {"tombol": ""},
        {"versi": "-1"},
        {"versi": "x"},
        {"versi": "9" * 30},
    ],
)
def test_form_that_no_page_of_ours_sends_is_refused(room: Classroom, typed: dict[str, str]) -> None:
    answer = sends(room.signs_in(room.admin), CODE, form(room, **typed))

    assert answer.status_code == 404
    assert look(room).draft is None


@pytest.mark.parametrize("format", ["", "kebiasaan", "pilihan2", "__class__"])
def test_new_question_of_no_format_is_refused(room: Classroom, format: str) -> None:
    answer = room.signs_in(room.admin).post("/isi/butir/O2-900", versi="0", bentuk=format, tombol="simpan")

    assert answer.status_code == 404


def test_format_and_code_of_a_question_stay(room: Classroom) -> None:
    typed = form(room, code="O1-001", dimension="O1", bentuk="angka", format="angka", stem="Apa dulu?")

    sends(room.signs_in(room.admin), CODE, typed)

    kept = look(room).payload
    assert (kept["code"], kept["dimension"], kept["format"]) == (CODE, "O2", "pilihan")


HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "\u202e\u2066txt",
    '"><img src=x onerror=x>',
    "\x00\ufffd",
    "A" * 9000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(room: Classroom, text: str) -> None:
    browser = room.signs_in(room.admin)
    typed = form(
        room, **dict.fromkeys(["stem", "options.0.text", "sources.0.url", "status", "difficulty", "layar"], text)
    )

    pages = [sends(browser, CODE, typed, "/pratinjau"), sends(browser, CODE, typed)]

    assert [page.status_code for page in pages] == [200, 422]
    assert [faults(page.text) for page in pages] == [[], []]
    assert ["<script>alert" in page.text or "49" in said(page, "stem") for page in pages] == [False, False]


def test_empty_form_is_told_its_problems(room: Classroom) -> None:
    view = look(room)

    page = sends(room.signs_in(room.admin), CODE, {"versi": str(view.version), "tombol": "simpan"})

    assert (page.status_code, faults(page.text)) == (422, [])


def test_coach_finds_nothing_here(quiet: Classroom) -> None:
    browser = quiet.signs_in(quiet.joko)

    answers = [browser.get(f"/isi/butir{path}") for path in ("", "/baru", f"/{CODE}")]
    answers += [sends(browser, CODE, form(quiet), tail) for tail in ("", "/pratinjau", "/lepas")]

    assert [answer.status_code for answer in answers] == [404] * 6


@pytest.mark.parametrize(
    ("stem", "short"),
    [("Apa?", "Apa?"), ("Kata " * 20, "Kata Kata Kata Kata Kata Kata Kata Kata Kata Kata Kata Kata Kata…")],
)
def test_title_is_cut_between_words(stem: str, short: str) -> None:
    assert gist(stem) == short
