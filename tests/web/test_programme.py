"""The programme pages: for admins alone, nothing of a few on the page or in a file, and a way down and back."""

from __future__ import annotations

import csv
import gzip
import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest

from bot.core.person import Person
from bot.core.programme import Scope
from tests.store.country import finished, settle, several
from tests.web.classroom import Classroom, SignedIn, staff
from tests.web.markup import faults
from tests.web.test_exports import read_xlsx

BANDUNG, BOGOR, SEMARANG = Scope("BBI", "32", "3273"), Scope("BBI", "32", "3201"), Scope("=Naik", "33", "3374")
PATHS = ("/program", "/program?menurut=bulan", "/program/ekspor.xlsx", "/program/ekspor.csv")


@pytest.fixture
def room(room: Classroom) -> Classroom:
    room.world.now = datetime(2026, 9, 10, 3, tzinfo=UTC)
    return room


@pytest.fixture
def browser(room: Classroom) -> SignedIn:
    """A browser of an admin, over a country of two programmes."""
    settle(room.world, [*several(30, BANDUNG, 40), *several(4, BOGOR, 77), *several(12, SEMARANG, 66)])
    return room.signs_in(room.admin)


def page(browser: SignedIn, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.text


def rows(html: str) -> list[list[str]]:
    """Return the texts of every row of every table."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", html, flags=re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S) for row in found]
    return [[unescape(" ".join(re.sub(r"<[^>]*>", " ", cell).split())) for cell in row] for row in cells]


@pytest.mark.parametrize("path", PATHS)
def test_only_admins_get_in(room: Classroom, browser: SignedIn, path: str) -> None:
    owner = room.world.joins(1001, "Sari")

    codes = {who: room.signs_in(person).get(path).status_code for who, person in _people(room, owner).items()}

    assert codes == {"stranger": 303, "owner": 404, "coach": 404, "other coach": 404, "admin": 200}


def _people(room: Classroom, owner: Person) -> dict[str, Person | None]:
    return {"stranger": None, "owner": owner, "coach": room.joko, "other coach": room.rani, "admin": room.admin}


def test_admin_of_no_role_yet_is_a_stranger_here(room: Classroom) -> None:
    without = room.site.admins | {9002}
    object.__setattr__(room.site, "admins", without)
    ayu = staff(room.world, 9002, "Ayu")
    browser = room.signs_in(ayu)

    assert browser.get("/program").status_code == 200

    object.__setattr__(room.site, "admins", frozenset({9001}))
    assert browser.get("/program").status_code == 404


def test_table_names_programmes_and_sums_them_up(browser: SignedIn) -> None:
    found = rows(page(browser, "/program"))

    assert found[0][0] == "Program"
    assert [row[:5] for row in found[1:4]] == [
        ["=Naik", "1", "12", "12", "12"],
        ["BBI", "2", "34", "34", "34"],
        ["Jumlah", "3", "46", "46", "46"],
    ]


def test_small_place_is_hidden_with_the_one_that_would_tell_of_it(browser: SignedIn) -> None:
    html = page(browser, "/program?menurut=kabupaten&provinsi=32")

    assert rows(html)[1:4] == [
        ["Kabupaten Bogor", "1", "4", "disembunyikan"],
        ["Kota Bandung", "1", "30", "disembunyikan"],
        ["Jumlah", "2", "34", "34", "34", "0 (0%)", "0 (0%)", "belum ada"],
    ]
    assert "2 baris disembunyikan" in html
    assert "karena kurang dari 5 hasil" in html
    assert "77" not in html


def test_hidden_place_stays_hidden_however_it_is_asked_for(browser: SignedIn) -> None:
    for query in ("kabupaten=3201", "kabupaten=3273", "program=BBI&provinsi=32&kabupaten=3201&menurut=bulan"):
        html = page(browser, f"/program?{query}")

        assert next(row for row in rows(html) if row[0] == "Jumlah")[-1] == "disembunyikan", query
        assert "77" not in html


def test_rows_lead_down_and_the_trail_leads_back(browser: SignedIn) -> None:
    address = "/program"
    seen = []
    for name in ("BBI", "Jawa Barat", "Kota Bandung"):
        html = page(browser, address)
        links = dict(re.findall(r'<th scope="row"><a href="(/program[^"]*)">([^<]*)</a>', html))
        address = unescape({words: link for link, words in links.items()}[name])
        seen.append(re.findall(r"<h1>(.*?)</h1>", html)[0])
    bottom = page(browser, address)

    assert seen == ["Seluruh Indonesia", "BBI", "Jawa Barat"]
    trail = re.search(r'<ol class="trail".*?</ol>', bottom, flags=re.S)
    assert trail is not None
    assert re.findall(r">([^<>]+)</a>", trail[0]) == ["Seluruh Indonesia", "BBI", "Jawa Barat", "Kota Bandung"]
    assert rows(bottom)[0][0] == "Bulan"


def test_period_is_chosen_by_month(room: Classroom) -> None:
    august = datetime(2026, 8, 5, tzinfo=UTC)
    settle(room.world, [*several(6, BANDUNG), *[finished(BANDUNG, at=august) for _ in range(7)]])
    browser = room.signs_in(room.admin)

    def results(query: str) -> str:
        return rows(page(browser, f"/program?{query}"))[1][4]

    assert results("dari=2026-08&sampai=2026-09") == "7"
    assert results("sampai=2026-07") == "6"
    assert results("dari=2026-09&sampai=2026-06") == "13"
    assert results("dari=kemarin&sampai=2026-13") == "13"


def test_form_keeps_what_was_chosen(browser: SignedIn) -> None:
    html = page(browser, "/program?menurut=kabupaten&program=BBI&provinsi=32&dari=2026-07&sampai=2026-08")

    chosen = re.findall(r'<option value="([^"]*)" selected>', html)

    assert chosen == ["kabupaten", "BBI", "32", "", "2026-07", "2026-08"]


@pytest.mark.parametrize("query", ["provinsi=99", "kabupaten=9999", "program=%3Cscript%3E", "provinsi=-", "halaman=9"])
def test_odd_addresses_are_read_kindly(browser: SignedIn, query: str) -> None:
    html = page(browser, f"/program?{query}")

    assert "<script>" not in html.replace('<script src="', "")


def test_kabupaten_of_another_province_is_left_out(browser: SignedIn) -> None:
    assert "<h1>Jawa Tengah</h1>" in page(browser, "/program?provinsi=33&kabupaten=3273")


def test_place_is_found_by_its_kabupaten_alone(browser: SignedIn) -> None:
    assert "<h1>Kota Semarang</h1>" in page(browser, "/program?kabupaten=3374")


@pytest.mark.parametrize("query", ["", "?menurut=provinsi", "?menurut=kabupaten", "?menurut=bulan", "?provinsi=99"])
def test_markup_is_sound(browser: SignedIn, query: str) -> None:
    assert faults(page(browser, f"/program{query}")) == []


def test_nothing_there_is_said_kindly(room: Classroom) -> None:
    html = page(room.signs_in(room.admin), "/program")

    assert "Belum ada kelompok untuk pilihan ini" in html


def table_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_holds_the_table_and_hides_the_same(browser: SignedIn) -> None:
    response = browser.get("/program/ekspor.csv?menurut=kabupaten")

    found = {row[0]: row for row in table_of(response.content)}
    hidden = ["disembunyikan"] * 21
    assert found["Kabupaten Bogor"] == ["Kabupaten Bogor", "3201", "Jawa Barat", "1", "4", *hidden]
    assert found["Kota Bandung"] == ["Kota Bandung", "3273", "Jawa Barat", "1", "30", *hidden]
    assert found["Kota Semarang"][3:11] == ["1", "12", "12", "12", "0", "0", "", ""]
    assert found["Kota Semarang"][11:] == ["66", *map(str, range(67, 74)), "0", "12", "0", "0", "0", "12", "0"]
    assert found["Jumlah"][3:7] == ["3", "46", "46", "46"]
    assert len({len(row) for row in found.values()}) == 1
    assert response.headers["content-disposition"] == 'attachment; filename="program-kabupaten-2026-09.csv"'


def test_workbook_holds_the_same_and_says_what_it_is(browser: SignedIn) -> None:
    query = "menurut=kabupaten&program=BBI"
    table = table_of(browser.get(f"/program/ekspor.csv?{query}").content)

    book = read_xlsx(browser.get(f"/program/ekspor.xlsx?{query}").content)

    assert [[cell for cell in row if cell] for row in book["Jumlah"]] == [[c for c in row if c] for row in table]
    assert book["Keterangan"][1:4] == [
        ["Periode", "sejak awal sampai Sep 2026"],
        ["Program", "BBI"],
        ["Provinsi", "Semua"],
    ]


def test_programme_named_like_a_formula_stays_a_text(browser: SignedIn) -> None:
    table = table_of(browser.get("/program/ekspor.csv").content)

    assert [row[0] for row in table[1:]] == ["'=Naik", "BBI", "Jumlah"]


def test_too_many_files_must_wait(browser: SignedIn) -> None:
    codes = [browser.get("/program/ekspor.csv").status_code for _ in range(11)]
    last = browser.get("/program/ekspor.xlsx?program=BBI")

    assert codes == [200] * 10 + [429]
    assert last.status_code == 429
    assert 'href="/program?menurut=program&amp;program=BBI&amp;sampai=2026-09"' in last.text


def test_full_page_stays_light(room: Classroom) -> None:
    places = [Scope("BBI", f"{province}", f"{province}{n:02d}") for province in (32, 33, 35) for n in range(1, 25)]
    settle(room.world, [one for n, place in enumerate(places) for one in several(6 + n % 9, place, 30 + n % 40)])
    browser = room.signs_in(room.admin)

    first = browser.get("/program?menurut=kabupaten")
    second = page(browser, "/program?menurut=kabupaten&halaman=2")

    assert len(gzip.compress(first.content)) < 20 * 1024
    assert len(rows(first.text)) == 3 * 42
    assert len(rows(second)) == 3 * 34
    assert "Halaman 2 dari 2" in second


def test_coach_who_became_an_admin_sees_groups_and_programmes(room: Classroom) -> None:
    object.__setattr__(room.site, "admins", frozenset({room.joko.telegram_id}))

    menu = page(room.signs_in(room.joko), "/")

    assert 'href="/program"' in menu
    assert 'href="/program"' not in page(room.signs_in(room.rani), "/")
