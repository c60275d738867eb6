"""The coach's dashboard: what each page says, to whom, and at what cost."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.core.access import Viewer
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.store.tables import DeliveryRow, MembershipRow
from bot.usecases import grouping
from bot.usecases.signing_in import Channel
from bot.web.assets import STATIC
from tests.web.classroom import Classroom, SignedIn, classroom
from tests.web.markup import faults

SECRET = "Rahasia"
NAMES = re.compile(r'<th scope="row"><a href="/kelompok/\d+/anggota/\d+">([^<]*)</a>')
PAGES = (
    "",
    "/proyektor",
    "/anggota",
    "/anggota?perlu=slow&urut=tingkat&arah=balik",
    "/rencana",
    "/cermin",
    "/ingatkan",
)
LESSON = "M-O2-cek-mutasi"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Classroom, GroupId, list[PersonId]]]:
    """A group of forty, of whom each seventh shares no name."""
    with classroom(tmp_path_factory.mktemp("web") / "web.db") as room:
        group = room.opens_group("Pasar Wage")
        people = room.fills(
            group, 40, nameless_every=7, names=lambda n: f"{SECRET}{n}" if n % 7 == 6 else f"Anggota{n:02}"
        )
        yield room, group, people


@pytest.fixture
def forty(filled: tuple[Classroom, GroupId, list[PersonId]]) -> Classroom:
    return filled[0]


@pytest.fixture
def group(filled: tuple[Classroom, GroupId, list[PersonId]]) -> GroupId:
    return filled[1]


@pytest.fixture
def people(filled: tuple[Classroom, GroupId, list[PersonId]]) -> list[PersonId]:
    return filled[2]


def text(answer: httpx.Response) -> str:
    """Return what a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def addresses(room: Classroom, group: GroupId, people: list[PersonId]) -> list[str]:
    one = f"/anggota/{people[0]}"
    lesson = f"/pelajaran?modul={LESSON}&anggota={people[0]}"
    return ["/", *(f"/kelompok/{group}{page}" for page in (*PAGES, one, lesson))]


def test_pages_are_sound_markup(forty: Classroom, group: GroupId, people: list[PersonId]) -> None:
    browser = forty.signs_in(forty.joko)

    found = {path: faults(browser.get(path).text) for path in addresses(forty, group, people)}

    assert found == {path: [] for path in found}


def test_page_with_styles_and_scripts_is_light(forty: Classroom, group: GroupId, people: list[PersonId]) -> None:
    browser = forty.signs_in(forty.joko)
    around = sum(
        len(gzip.compress((STATIC / name).read_bytes())) for name in ("situs.css", "htmx-2.0.11.min.js", "icon.svg")
    )

    heaviest = max(browser.get(path).num_bytes_downloaded for path in addresses(forty, group, people))

    assert around + heaviest < 50 * 1024


def test_nameless_are_named_nowhere(forty: Classroom, group: GroupId, people: list[PersonId]) -> None:
    browser = forty.signs_in(forty.joko)

    pages = [browser.get(path).text for path in addresses(forty, group, people)]

    assert [page.count(SECRET) for page in pages] == [0] * len(pages)
    assert "5 anggota memilih tidak menampilkan nama" in pages[1]


def test_nothing_to_call_or_write_to_is_on_a_page(forty: Classroom, group: GroupId, people: list[PersonId]) -> None:
    browser = forty.signs_in(forty.joko)

    pages = [browser.get(path).text for path in addresses(forty, group, people)]

    assert [re.findall(r"\b1000\d\d\b", page) for page in pages] == [[]] * len(pages)


def test_group_page_says_who_needs_attention_and_what_to_do(forty: Classroom, group: GroupId) -> None:
    page = forty.signs_in(forty.joko).get(f"/kelompok/{group}")

    assert re.findall(r"<h3>([^<]+) <span", page.text) == [
        "Rawan penipuan", "Lambat membalas", "Stok bisa kurang", "Berhenti di tengah", "Belum mulai",
    ]  # fmt: skip
    assert "Kirim: Cek mutasi dulu" in text(page)
    assert "Ingatkan dengan sopan" in text(page)


def test_map_holds_only_who_shares_and_sorts_by_a_dimension(forty: Classroom, group: GroupId) -> None:
    browser = forty.signs_in(forty.joko)

    by_name = NAMES.findall(browser.get(f"/kelompok/{group}").text)
    page = browser.get(f"/kelompok/{group}?urut=O6").text

    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.partition('class="heat"')[2])
    points = [int(re.findall(r"</span>(\d+)<span", row)[5]) for row in rows]
    assert by_name == sorted(by_name)
    assert len(by_name) == 26
    assert points == sorted(points)
    assert len(points) == 26


def test_projector_names_nobody(forty: Classroom, group: GroupId) -> None:
    page = forty.signs_in(forty.joko).get(f"/kelompok/{group}/proyektor")

    assert "Anggota0" not in page.text
    assert "Kita kuat di mana?" in text(page)


def test_few_results_are_not_summed_up(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 4, unfinished_every=0)

    page = text(room.signs_in(room.joko).get(f"/kelompok/{group}"))
    plan = text(room.signs_in(room.joko).get(f"/kelompok/{group}/rencana"))

    assert "Kekuatan per bidang (perkiraan)" not in page
    assert "tampil mulai 5 hasil" in page
    assert "Rencana disusun mulai 5 hasil" in plan


def test_empty_group_says_how_to_invite(room: Classroom) -> None:
    group = room.opens_group()

    page = text(room.signs_in(room.joko).get(f"/kelompok/{group}"))

    assert "Belum ada anggota" in page
    assert "Undang anggota" in page


def test_home_lists_own_groups_with_their_size(room: Classroom) -> None:
    mine, _ = room.opens_group("Pasar Wage"), room.opens_group("Bukan Milik Joko", coach=room.rani)
    room.fills(mine, 3)

    page = room.signs_in(room.joko).get("/")

    assert re.findall(r'href="/kelompok/(\d+)"', page.text) == [str(mine)]
    assert "Pasar Wage 3 anggota" in text(page)


def test_group_of_another_coach_is_not_there(forty: Classroom, group: GroupId, people: list[PersonId]) -> None:
    paths = [*addresses(forty, group, people)[1:], f"/kelompok/{group}/ekspor.xlsx", f"/kelompok/{group}/ekspor.csv"]
    browser = forty.signs_in(forty.rani)

    answers = [browser.get(path) for path in paths]
    missing = browser.get("/kelompok/999999")

    assert [answer.status_code for answer in answers] == [404] * len(paths)
    assert {answer.text for answer in answers} == {missing.text}


def test_stranger_is_led_to_the_door(forty: Classroom, group: GroupId) -> None:
    browser = forty.signs_in(None)

    answers = [browser.get(f"/kelompok/{group}{page}") for page in PAGES]

    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/masuk")}


def test_admin_sees_sums_and_no_member(forty: Classroom, group: GroupId, people: list[PersonId]) -> None:
    browser = forty.signs_in(forty.admin)

    seen = [browser.get(f"/kelompok/{group}{page}") for page in ("", "/proyektor", "/rencana")]
    unseen = [browser.get(f"/kelompok/{group}{page}") for page in ("/anggota", f"/anggota/{people[0]}", "/cermin")]

    assert [answer.status_code for answer in seen] == [200, 200, 200]
    assert [answer.text.count("Anggota0") for answer in seen] == [0, 0, 0]
    assert "Kekuatan per bidang" in seen[0].text
    assert [answer.status_code for answer in unseen] == [404, 404, 404]


def listed(browser: SignedIn, group: GroupId, asked: str) -> list[str]:
    return NAMES.findall(browser.get(f"/kelompok/{group}/anggota{asked}").text)


def test_list_comes_in_pages_of_25_by_name(forty: Classroom, group: GroupId) -> None:
    browser = forty.signs_in(forty.joko)
    named = [f"Anggota{n:02}" for n in range(40) if n % 7 != 6]

    assert listed(browser, group, "") == named[:25]
    assert listed(browser, group, "?hal=2") == named[25:]
    assert listed(browser, group, "?hal=99") == named[25:]
    assert listed(browser, group, "?arah=balik") == named[::-1][:25]


def test_list_is_filtered(forty: Classroom, group: GroupId) -> None:
    browser = forty.signs_in(forty.joko)

    assert listed(browser, group, "?cari=+aNGGota1+") == [f"Anggota{n}" for n in range(10, 20) if n % 7 != 6]
    assert listed(browser, group, "?hasil=belum") == [f"Anggota{n:02}" for n in range(40) if n % 4 == 3 and n % 7 != 6]
    assert listed(browser, group, "?perlu=stalled&cari=Anggota0") == ["Anggota07"]
    assert listed(browser, group, "?perlu=tidak-ada&tingkat=9&urut=x&hal=-1") == listed(browser, group, "")
    assert "Tidak ada anggota yang cocok" in browser.get(f"/kelompok/{group}/anggota?cari=zzz").text


def test_list_without_a_name_offers_nothing_to_do_with_names(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 2, nameless_every=1)

    page = room.signs_in(room.joko).get(f"/kelompok/{group}/anggota")

    assert "Belum ada anggota yang menampilkan nama. 2 anggota memilih tanpa nama." in text(page)
    assert re.findall(r'<form id="(\w+)"', page.text) == []


def test_list_sorts_by_level_with_the_unfinished_last(forty: Classroom, group: GroupId) -> None:
    browser = forty.signs_in(forty.joko)
    level = re.compile(r'data-label="Tingkat">(?:<span class="soft">)?([\w ]+)')
    order = ["Benih", "Tunas", "Tumbuh", "Berbuah", "sedang mengisi", "belum mulai"]

    both = [
        level.findall(browser.get(f"/kelompok/{group}/anggota?urut=tingkat&arah={way}&hal={page}").text)
        for way in ("", "balik")
        for page in (1, 2)
    ]

    up, down = both[0] + both[1], both[2] + both[3]
    assert [order.index(found) < 4 for found in up] == [True] * 26 + [False] * 9
    assert [order.index(found) for found in up[:26]] == sorted(order.index(found) for found in up[:26])
    assert down[:26] == up[:26][::-1]
    assert down[26:] == up[26:]


def test_links_of_the_list_keep_what_was_asked(forty: Classroom, group: GroupId) -> None:
    page = forty.signs_in(forty.joko).get(f"/kelompok/{group}/anggota?perlu=slow&urut=tingkat&cari=a").text

    links = re.findall(r'<th scope="col"[^>]*><a href="([^"]+)"', page)

    assert links[1] == f"/kelompok/{group}/anggota?perlu=slow&amp;cari=a&amp;urut=tingkat&amp;arah=balik"
    assert links[2] == f"/kelompok/{group}/anggota?perlu=slow&amp;cari=a&amp;urut=siap"


def test_member_page_tells_level_zones_gate_and_growth(
    forty: Classroom, group: GroupId, people: list[PersonId]
) -> None:
    page = text(forty.signs_in(forty.joko).get(f"/kelompok/{group}/anggota/{people[1]}"))

    assert "Anggota01" in page
    assert "dari 10" in page
    assert "Per bidang (perkiraan)" in page
    assert "Siap jualan daring?" in page
    assert "sejak asesmen pertama" in page


def test_page_of_who_has_not_finished_leads_to_the_reminder(
    forty: Classroom, group: GroupId, people: list[PersonId]
) -> None:
    browser = forty.signs_in(forty.joko)
    way = f'href="/kelompok/{group}/ingatkan"'

    finished, unfinished = (browser.get(f"/kelompok/{group}/anggota/{people[n]}").text for n in (1, 3))

    assert (way in finished, way in unfinished) == (False, True)


def test_member_who_shares_nothing_or_is_elsewhere_is_not_there(
    forty: Classroom, group: GroupId, people: list[PersonId]
) -> None:
    other = forty.opens_group("Lain")
    browser = forty.signs_in(forty.joko)

    nameless = browser.get(f"/kelompok/{group}/anggota/{people[6]}")
    elsewhere = browser.get(f"/kelompok/{other}/anggota/{people[0]}")
    nobody = browser.get(f"/kelompok/{group}/anggota/{10**17}")
    nonsense = browser.get(f"/kelompok/{group}/anggota/{10**30}")

    assert {a.status_code for a in (nameless, elsewhere, nobody, nonsense)} == {404}
    assert nameless.text == elsewhere.text == nobody.text == nonsense.text


def owed(room: Classroom) -> list[tuple[int, str]]:
    rows = room.world.do(lambda s: s.exec(select(DeliveryRow).order_by(col(DeliveryRow.id))).all())
    return [(row.person_id, row.kind) for row in rows]


def test_lesson_is_looked_at_before_it_is_sent(room: Classroom) -> None:
    group = room.opens_group()
    people = room.fills(group, 6, unfinished_every=0)
    browser = room.signs_in(room.joko)

    preview = browser.get(f"/kelompok/{group}/pelajaran?modul={LESSON}&anggota={people[0]}&anggota={people[2]}")

    assert owed(room) == []
    assert "Dewi, Sari" in text(preview)
    assert "Kirim ke 2 orang" in text(preview)

    first = browser.post(f"/kelompok/{group}/pelajaran", modul=LESSON, anggota=[str(people[0]), str(people[2])])
    again = browser.post(f"/kelompok/{group}/pelajaran", modul=LESSON, anggota=[str(people[0]), str(people[2])])
    after = browser.get(f"/kelompok/{group}/pelajaran?modul={LESSON}&untuk=semua")

    assert "Kirim ke 4 orang" in text(after)
    assert "2 orang sudah pernah dikirimi pelajaran ini." in text(after)
    assert first.headers["location"] == f"/kelompok/{group}?terkirim=2"
    assert again.headers["location"] == f"/kelompok/{group}?terkirim=0"
    assert sorted(owed(room)) == [(people[0], "pelajaran"), (people[2], "pelajaran")]


def test_lesson_reaches_nobody_outside_the_group_or_nameless(room: Classroom) -> None:
    group, other = room.opens_group(), room.opens_group("Lain", coach=room.rani)
    nameless = room.fills(group, 2, nameless_every=1)
    strangers = room.fills(other, 2)
    browser = room.signs_in(room.joko)

    sent = browser.post(f"/kelompok/{group}/pelajaran", modul=LESSON, anggota=[str(p) for p in nameless + strangers])
    refused = browser.post(f"/kelompok/{other}/pelajaran", modul=LESSON, anggota=[str(strangers[0])])

    assert sent.headers["location"] == f"/kelompok/{group}?terkirim=0"
    assert refused.status_code == 404
    assert owed(room) == []


@pytest.mark.parametrize("asked", ["modul=M-X", f"modul={LESSON}&anggota=x", f"modul={LESSON}&untuk=x", ""])
def test_lesson_that_makes_no_sense_is_not_there(forty: Classroom, group: GroupId, asked: str) -> None:
    assert forty.signs_in(forty.joko).get(f"/kelompok/{group}/pelajaran?{asked}").status_code == 404


def test_reminder_is_looked_at_before_it_is_sent(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 8, nameless_every=8)
    browser = room.signs_in(room.joko)

    preview = text(browser.get(f"/kelompok/{group}/ingatkan"))
    sent = browser.post(f"/kelompok/{group}/ingatkan")
    after = text(browser.get(sent.headers["location"]))

    assert "Untuk 2 orang" in preview
    assert "Rina; 1 orang tanpa nama" in preview
    assert "2 pesan akan dikirim atas nama Anda" in after
    assert [kind for _, kind in owed(room)] == ["ingatkan", "ingatkan"]
    assert "Sekarang tidak ada yang perlu diingatkan" in text(browser.get(f"/kelompok/{group}/ingatkan"))


def test_form_of_somebody_elses_page_sends_nothing(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 8)
    browser = room.signs_in(room.joko)

    answers = [
        browser.ask("POST", f"/kelompok/{group}/ingatkan", {}),
        browser.ask("POST", f"/kelompok/{group}/pelajaran", {"modul": LESSON, "untuk": "semua"}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert owed(room) == []


def test_archived_group_can_be_read_and_sends_nothing(room: Classroom) -> None:
    group = room.opens_group()
    room.fills(group, 8)
    room.world.do(lambda s: grouping.archive(s, viewer=Viewer(room.joko), group_id=group, now=room.world.now))
    browser = room.signs_in(room.joko)

    page = browser.get(f"/kelompok/{group}")
    sent = browser.post(f"/kelompok/{group}/ingatkan")

    assert "Kelompok ini ada di arsip" in page.text
    assert "/ingatkan" not in page.text
    assert sent.status_code == 404
    assert owed(room) == []


def test_names_cannot_become_markup(room: Classroom) -> None:
    group = room.opens_group("<b>Pasar</b>")
    people = room.fills(group, 8, names=lambda n: f"<script>{n}</script>\u202e\"'")
    browser = room.signs_in(room.joko)

    found = {path: faults(browser.get(path).text) for path in addresses(room, group, people)}

    assert found == {path: [] for path in found}


def test_mini_app_changes_in_place_and_keeps_its_address(forty: Classroom, group: GroupId) -> None:
    mini = forty.signs_in(forty.joko, Channel.MINI)
    bearer = f"Bearer {mini.secret}"

    pages = [mini.get(f"/kelompok/{group}{page}", authorization=bearer).text for page in ("", "/anggota")]

    assert [(page.count("hx-get=") > 5, page.count("hx-push-url=")) for page in pages] == [(True, 0), (True, 0)]


def test_note_says_numbers_only(room: Classroom) -> None:
    group = room.opens_group()
    browser = room.signs_in(room.joko)

    pages = [browser.get(f"/kelompok/{group}?terkirim={told}").text for told in ("Hubungi+0812", "-3", "12x")]

    assert ["pesan akan dikirim" in page for page in pages] == [False, False, False]


def test_who_stops_sharing_is_gone_at_once(room: Classroom) -> None:
    group = room.opens_group()
    people = room.fills(group, 8)
    browser = room.signs_in(room.joko)
    assert "Sari" in listed(browser, group, "")

    theirs = update(MembershipRow).where(col(MembershipRow.person_id) == people[0])
    room.world.do(lambda s: s.execute(theirs.values(shares=False)))

    assert "Sari" not in listed(browser, group, "")
    assert browser.get(f"/kelompok/{group}/anggota/{people[0]}").status_code == 404


@pytest.mark.parametrize(("page", "queries"), [("", 9), ("/proyektor", 9), ("/anggota", 7), ("/ekspor.xlsx", 9)])
def test_queries_do_not_grow_with_the_group(room: Classroom, page: str, queries: int) -> None:
    browser = room.signs_in(room.joko)
    sizes = (1, 3, 30)
    groups = [room.opens_group(f"Kelompok {size}") for size in sizes]
    for size, group in zip(sizes, groups, strict=True):
        room.fills(group, size)
    browser.get(f"/kelompok/{groups[0]}{page}")

    counted = []
    for group in groups:
        with room.counts() as statements:
            browser.get(f"/kelompok/{group}{page}")
        counted.append(len(statements))

    assert counted == [queries] * 3
