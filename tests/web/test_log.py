"""The log on the web: in words, word by word, narrowed down, page by page, and as files without formulas."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest

from bot.core.access import Viewer
from bot.core.person import PersonId
from bot.store import audit
from bot.store.audit import MACHINE, Entry
from bot.usecases import editing
from bot.web.export_limit import MOST
from bot.web.log_words import LONGEST_TEXT, MOST_CHANGES, Piece, line, pieces
from tests.usecases.world import START
from tests.web.classroom import Classroom, SignedIn
from tests.web.markup import faults
from tests.web.test_exports import read_xlsx

PATHS = ("/catatan", "/catatan/ekspor.xlsx", "/catatan/ekspor.csv")
PART = "item:O2-003"


@pytest.fixture
def browser(room: Classroom) -> SignedIn:
    return room.signs_in(room.admin)


def notes(
    room: Classroom,
    act: str = "content.save",
    thing: str = PART,
    *,
    by: PersonId | None = None,
    before: object = None,
    after: object = None,
) -> None:
    was, became = (said if said is None or isinstance(said, str) else json.dumps(said) for said in (before, after))
    actor = room.admin.id if by is None else by
    room.world.do(lambda s: audit.note(s, actor, act, thing, before=was, after=became, now=room.world.now))


def entries(browser: SignedIn, **asked: str) -> list[str]:
    """Return the texts of the changes on a page, hidden words left out."""
    response = browser.get(f"/catatan?{urlencode(asked)}")
    assert response.status_code == 200
    found = re.findall(r"<li>\n(.*?)</li>", response.text.partition('<ol class="log"')[2], flags=re.S)
    plain = [re.sub(r'<span class="hidden">.*?</span>', "", one) for one in found]
    return [unescape(" ".join(re.sub(r"<[^>]*>", " ", one).split())) for one in plain]


def entry(act: str, thing: str, before: object = None, after: object = None) -> Entry:
    was, became = (said if said is None or isinstance(said, str) else json.dumps(said) for said in (before, after))
    return Entry(1, START, PersonId(3), "Ayu", act, thing, was, became)


@pytest.mark.parametrize("path", PATHS)
def test_only_admins_get_in(room: Classroom, path: str) -> None:
    owner = room.world.joins(1001, "Sari")
    people = {"stranger": None, "owner": owner, "coach": room.joko, "admin": room.admin}

    codes = {who: room.signs_in(person).get(path).status_code for who, person in people.items()}

    assert codes == {"stranger": 303, "owner": 404, "coach": 404, "admin": 200}


def test_empty_log_says_so(browser: SignedIn) -> None:
    html = browser.get("/catatan").text

    assert ("Belum ada perubahan" in html, faults(html)) == (True, [])


def test_change_of_a_question_is_told_field_by_field_in_words(room: Classroom, browser: SignedIn) -> None:
    view = room.world.do(
        lambda s: editing.open_part(s, viewer=Viewer(room.admin, is_admin=True), part=PART, library=room.world.library)
    )
    changed = view.payload | {"difficulty": 5}
    room.world.do(
        lambda s: editing.save(
            s,
            viewer=Viewer(room.admin, is_admin=True),
            part=PART,
            payload=changed,
            version=view.version,
            library=room.world.library,
            now=room.world.now,
        )
    )

    (told,) = entries(browser)

    assert told == (
        "Menyimpan di rancangan: Butir O2-003 Ayu · 24 Nov 2026, 10.00 WIB "
        f"tingkat kesulitan {view.payload['difficulty']} 5"
    )


def test_words_that_went_and_came_are_marked(room: Classroom, browser: SignedIn) -> None:
    notes(room, before={"stem": "Buka berkas itu sekarang"}, after={"stem": "Hapus berkas itu sekarang"})

    html = browser.get("/catatan").text

    assert '<del><span class="hidden">dihapus: </span>Buka</del>' in html
    assert '<ins><span class="hidden">ditambah: </span>Hapus</ins> berkas itu sekarang' in html
    assert faults(html) == []


def test_roles_and_groups_are_told_with_names(room: Classroom, browser: SignedIn) -> None:
    group = room.opens_group("Pasar Wage")
    notes(room, "role.give", f"person:{room.joko.id}", before="pembina", after="pembina, admin")
    notes(room, "group.coach", f"group:{group}", before=f"person:{room.joko.id}", after=f"person:{room.rani.id}")
    notes(room, "role.give", "person:99999", before="pemilik", after="admin")

    assert [told.partition(" Ayu ·")[0] for told in entries(browser)] == [
        "Memberi peran: Orang yang sudah dihapus, nomor 99999",
        "Mengganti pembina kelompok: Kelompok Pasar Wage",
        "Memberi peran: Joko",
    ]
    assert entries(browser)[1].endswith("WIB Joko Rani")


@pytest.mark.parametrize(
    ("asked", "acts"),
    [
        ({}, 4),
        ({"apa": "content.save"}, 2),
        ({"hal": "o2-0"}, 1),
        ({"siapa": "0"}, 1),
        ({"siapa": "x"}, 4),
        ({"dari": "2026-11-25"}, 2),
        ({"sampai": "2026-11-24"}, 2),
        ({"dari": "2026-11-25", "sampai": "2026-11-24"}, 3),
        ({"dari": "25 November", "sampai": "9999-99-99"}, 4),
        ({"sampai": "9999-12-31"}, 4),
        ({"dari": "0001-01-01"}, 4),
        ({"apa": "tidak ada"}, 0),
    ],
)
def test_log_is_narrowed_down(room: Classroom, browser: SignedIn, asked: dict[str, str], acts: int) -> None:
    notes(room)
    notes(room, "content.save", "module:M-O2-cek-mutasi")
    room.world.now = START.replace(hour=17)  # midnight in Java: the day after
    notes(room, "release.files", "release:abc", by=MACHINE)
    room.world.now += timedelta(days=1)
    notes(room, "release.publish", "release:abc")
    room.world.now = START + timedelta(minutes=1)

    assert len(entries(browser, **asked)) == acts


def test_filters_keep_what_was_chosen(room: Classroom, browser: SignedIn) -> None:
    notes(room)

    html = browser.get("/catatan?siapa=3&apa=content.save&hal=%22O2&dari=2026-11-01").text

    assert '<option value="content.save" selected>Menyimpan di rancangan</option>' in html
    assert 'value="&#34;O2"' in html
    assert 'value="2026-11-01"' in html
    assert faults(html) == []


def test_long_log_is_turned_page_by_page(room: Classroom, browser: SignedIn) -> None:
    for n in range(65):
        notes(room, thing=f"item:O1-{n:03d}")

    pages = [entries(browser, halaman=str(page)) for page in (1, 2, 3, 99)]

    assert [len(page) for page in pages] == [30, 30, 5, 5]
    assert [page[0].partition(" Ayu")[0][-6:] for page in pages] == ["O1-064", "O1-034", "O1-004", "O1-004"]
    assert "halaman=2" in browser.get("/catatan").text


@pytest.mark.parametrize("many", [1, 3])
def test_page_takes_as_many_queries_for_one_as_for_many(room: Classroom, browser: SignedIn, many: int) -> None:
    for n in range(many):
        notes(room, "role.give", f"person:{(room.joko.id, room.rani.id, room.admin.id)[n]}", after="admin")

    with room.counts() as sent:
        browser.get("/catatan")

    assert len([one for one in sent if one.startswith("SELECT")]) == 11


def test_table_is_the_same_in_words_and_holds_no_formula(room: Classroom, browser: SignedIn) -> None:
    notes(room, before={"stem": "=1+1"}, after={"stem": "@rumus", "status": "draf"})
    notes(room, "role.ask", f"person:{room.joko.id}", after="admin")

    found = browser.get("/catatan/ekspor.csv?apa=content.save").content.decode("utf-8-sig")
    book = read_xlsx(browser.get("/catatan/ekspor.xlsx").content)

    moment = "24 Nov 2026, 10.00 WIB"
    assert list(csv.reader(io.StringIO(found))) == [
        ["Nomor", "Waktu", "Siapa", "Apa", "Hal", "Bagian", "Sebelum", "Sesudah"],
        ["1", moment, "Ayu", "Menyimpan di rancangan", "Butir O2-003", "pertanyaan", "'=1+1", "'@rumus"],
        ["1", moment, "Ayu", "Menyimpan di rancangan", "Butir O2-003", "status", "", "draf"],
    ]
    assert book["Catatan"][1] == ["2", moment, "Ayu", "Meminta perubahan peran", "Joko", "", "", "admin"]
    assert [row[:1] for row in book["Catatan"][2:]] == [["1"], ["1"]]


def test_exports_are_limited(room: Classroom, browser: SignedIn) -> None:
    notes(room)

    codes = [browser.get("/catatan/ekspor.csv").status_code for _ in range(MOST + 1)]

    assert codes == [200] * MOST + [429]


def test_names_and_texts_are_shown_as_text(room: Classroom, browser: SignedIn) -> None:
    notes(room, "<b>aneh</b>", "<i>hal</i>", before="<script>1</script>", after="{{ 7*7 }}")

    html = browser.get("/catatan").text

    assert ("<script>1" in html, "<b>aneh" in html, "<i>hal" in html, "49" in words_of(html)) == (False,) * 4
    assert faults(html) == []


def words_of(html: str) -> str:
    return re.sub(r"<[^>]*>", "", html.partition('<ol class="log"')[2].partition("</ol>")[0])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ()),
        ("sama", "sama", (Piece("sama"),)),
        ("", "baru", (Piece("baru", "new"),)),
        ("lama", "", (Piece("lama", "old"),)),
        ("a b c", "a x c", (Piece("a "), Piece("b", "old"), Piece("x", "new"), Piece(" c"))),
    ],
)
def test_difference_is_told_word_by_word(before: str, after: str, expected: tuple[Piece, ...]) -> None:
    assert pieces(before, after) == expected


@pytest.mark.parametrize("text", ["[1, 2, 3]", "{", "null", "5", '"x"', "[]", "", "\ud83d"])
@pytest.mark.parametrize("thing", [PART, "form", "announcement:1", "person:1", "x", "", ":", "proposal:1"])
def test_anything_in_the_log_can_be_told(thing: str, text: str) -> None:
    told = line(entry("aneh", thing, text, "baru"), {})

    assert (told.who, told.act, [each.after for each in told.differences][-1:]) == ("Ayu", "aneh", ["baru"])


def test_announcement_is_told_by_its_fields() -> None:
    told = line(entry("announcement.change", "announcement:7", ["semua", None, "Halo"], ["semua", None, "Hai"]), {})

    assert (told.act, told.thing, told.link) == ("Mengubah pengumuman", "Pengumuman 7", "/pengumuman/7")
    assert [(each.words, each.before, each.after) for each in told.differences] == [("Isi", "Halo", "Hai")]


def test_release_is_told_with_what_was_before_and_why() -> None:
    told = line(entry("release.publish", "release:0123456789ab", "ba9876543210", "Perbaikan O2"), {})

    assert told.thing == "Terbitan 01234567"
    assert [(each.words, each.pieces) for each in told.differences] == [
        ("terbitan sebelumnya", (Piece("ba987654"),)),
        ("catatan", (Piece("Perbaikan O2"),)),
    ]


def test_endless_changes_are_cut() -> None:
    many = {"options": [{"text": f"pilihan {n}"} for n in range(99)]}
    told = line(entry("content.save", PART, many, {"options": [{"text": "x" * 5000} for _ in range(99)]}), {})

    assert (len(told.differences), told.more) == (MOST_CHANGES, 99 - MOST_CHANGES)
    assert len(told.differences[0].after) == LONGEST_TEXT + 1
