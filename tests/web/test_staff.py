"""The page of people: for admins, no Telegram numbers on it, and nothing holds before the chat has been asked."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlmodel import select

from bot.core.access import Viewer
from bot.core.delivery import Kind
from bot.core.grant import Deed, Grant, GrantId, Trust
from bot.core.group import GroupId
from bot.core.person import Person
from bot.store import grants, groups, people
from bot.store.tables import DeliveryRow
from bot.usecases import granting
from bot.usecases.granting import Held
from tests.web.classroom import ADMIN, Classroom, SignedIn, staff
from tests.web.markup import faults

FORMS = ("/orang/minta", "/orang/undang", "/orang/serah", "/orang/batal")


@pytest.fixture
def browser(room: Classroom) -> SignedIn:
    return room.signs_in(room.admin)


def shown(browser: SignedIn, address: str = "/orang") -> str:
    """Return the text of a page without its markup."""
    response = browser.get(address)
    assert response.status_code == 200
    return words(response.text)


def words(html: str) -> str:
    body = html.partition("<main")[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", body).split()))


def now(room: Classroom, person: Person) -> Person:
    found = room.world.do(lambda s: people.by_id(s, person.id))
    assert found is not None
    return found


def waiting(room: Classroom) -> list[Grant]:
    return room.world.do(lambda s: grants.waiting(s, room.world.now))


def confirms(room: Classroom, grant_id: GrantId) -> Held:
    """Let the admin say yes in the chat."""
    return room.world.do(
        lambda s: granting.confirm(
            s,
            viewer=Viewer(room.admin, is_admin=True),
            grant_id=grant_id,
            admins=room.site.admins,
            library=room.world.library,
            new_token=room.site.new_token,
            now=room.world.now,
        )
    )


def gives(room: Classroom, browser: SignedIn, number: int, trust: str = "admin") -> None:
    """Ask on the page and say yes in the chat."""
    assert browser.post("/orang/minta", arah="beri", peran=trust, nomor=str(number)).status_code == 303
    confirms(room, waiting(room)[-1].id)


def without_coach(room: Classroom) -> GroupId:
    group = room.opens_group("Pasar Sepi", room.rani)
    room.world.do(lambda s: groups.remove_coach(s, room.rani.id, group))
    return group


@pytest.mark.parametrize("who", ["owner", "coach", "stranger"])
def test_only_admins_get_in(room: Classroom, who: str) -> None:
    person = {"owner": room.world.joins(1001, "Sari"), "coach": room.joko, "stranger": None}[who]
    browser = room.signs_in(person)
    expected = 303 if who == "stranger" else 404

    codes = [browser.get("/orang").status_code, *(browser.post(path).status_code for path in FORMS)]

    assert codes == [expected] * 5
    assert waiting(room) == []


def test_page_lists_admins_and_coaches(room: Classroom, browser: SignedIn) -> None:
    room.opens_group()

    text = shown(browser)

    assert "Ayu (Anda) Ditetapkan di server" in text
    assert "Joko 1 Cabut peran pembina dari Joko" in text
    assert "Rani 0 Cabut peran pembina dari Rani" in text


def test_page_tells_no_telegram_number(room: Classroom, browser: SignedIn) -> None:
    gives(room, browser, 2001)
    browser.post("/orang/undang", peran="admin")

    html = browser.get("/orang").text

    assert [number for number in (str(ADMIN), "2001", "3001") if re.search(rf"\b{number}\b", html)] == []


def test_page_is_sound_whatever_it_shows(room: Classroom, browser: SignedIn) -> None:
    without_coach(room)
    gives(room, browser, 2001)
    browser.post("/orang/undang", peran="pembina")
    confirms(room, waiting(room)[0].id)
    browser.post("/orang/undang", peran="admin")

    pages = [browser.get(path).text for path in ("/orang", "/orang?cari=xx", "/orang?telah=minta")]
    wrong = [browser.post("/orang/minta", arah="beri", peran="admin", nomor="42").text]
    wrong += [browser.post("/orang/serah", kelompok="1", orang="").text]

    assert [faults(page) for page in (*pages, *wrong)] == [[]] * 5


def test_asking_holds_nothing_and_says_where_to_go_on(room: Classroom, browser: SignedIn) -> None:
    asked = browser.post("/orang/minta", arah="beri", peran="admin", nomor="20 01")

    text = shown(browser, asked.headers["location"])

    assert not now(room, room.joko).is_admin
    assert "Tekan “Ya” di sana dalam 30 menit" in text
    assert "Jadikan Joko admin Anda Tarik kembali" in text
    owed = room.world.do(lambda s: list(s.exec(select(DeliveryRow))))
    assert [(row.kind, row.person_id) for row in owed] == [(Kind.GRANT_ASKED, room.admin.id)]


def test_change_holds_once_confirmed_in_the_chat(room: Classroom, browser: SignedIn) -> None:
    gives(room, browser, 2001)

    assert now(room, room.joko).is_admin
    assert "Joko Diberi admin lain Cabut peran admin dari Joko" in shown(browser)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("42", "Nomor itu belum dikenal bot."),
        ("Joko", "Nomor itu belum dikenal bot."),
        ("9" * 30, "Nomor itu belum dikenal bot."),
        ("٢٠٠١", "Nomor itu belum dikenal bot."),
        ("9001", "Perannya memang sudah begitu."),
    ],
)
def test_number_that_cannot_be_stands_again_in_its_field_with_the_reason_beside_it(
    room: Classroom, browser: SignedIn, number: str, told: str
) -> None:
    response = browser.post("/orang/minta", arah="beri", peran="admin", nomor=number)

    assert response.status_code == 422
    assert f'value="{number}"' in response.text
    assert '<option value="admin" selected>' in response.text
    assert told in response.text.partition('id="nomor-salah"')[2].partition("</p>")[0]
    assert waiting(room) == []


def test_admin_of_the_settings_has_no_button_and_cannot_be_taken(room: Classroom, browser: SignedIn) -> None:
    gives(room, browser, 2001)

    response = browser.post("/orang/minta", arah="cabut", peran="admin", orang=str(room.admin.id))

    assert (response.status_code, "ditetapkan di server, jadi tidak bisa" in response.text) == (422, True)
    assert f'name="orang" value="{room.admin.id}"' not in browser.get("/orang").text


@pytest.mark.parametrize(
    "fields",
    [
        {"arah": "beri", "peran": "raja", "nomor": "2001"},
        {"arah": "rampas", "peran": "admin", "nomor": "2001"},
        {"arah": "cabut", "peran": "pembina", "orang": "x"},
        {"arah": "cabut", "peran": "pembina"},
        {"peran": "", "arah": "", "orang": "1"},
    ],
)
def test_form_that_is_none_of_ours_is_not_there(room: Classroom, browser: SignedIn, fields: dict[str, str]) -> None:
    assert browser.post("/orang/minta", **fields).status_code == 404
    assert waiting(room) == []


@pytest.mark.parametrize("deed", ["undang", "serah"])
def test_deed_of_another_form_is_not_taken_by_this_one(room: Classroom, browser: SignedIn, deed: str) -> None:
    without_coach(room)

    response = browser.post("/orang/minta", arah=deed, peran="pembina", orang=str(room.joko.id), kelompok="1")

    assert response.status_code == 404
    assert waiting(room) == []


def test_invitation_is_made_in_the_chat_and_its_link_is_never_on_the_page(room: Classroom, browser: SignedIn) -> None:
    browser.post("/orang/undang", peran="admin")

    token = confirms(room, waiting(room)[0].id).token

    html = browser.get("/orang").text
    assert token is not None
    assert token not in html
    assert "Undangan untuk satu admin Anda 27 Nov 2026 Batalkan undangan" in words(html)


def test_what_waits_is_taken_back(room: Classroom, browser: SignedIn) -> None:
    browser.post("/orang/undang", peran="admin")
    grant = waiting(room)[0]

    back = browser.post("/orang/batal", permintaan=str(grant.id))

    assert "Sudah ditarik kembali." in shown(browser, back.headers["location"])
    assert waiting(room) == []


def test_taking_a_role_is_asked_for_from_the_list(room: Classroom, browser: SignedIn) -> None:
    browser.post("/orang/minta", arah="cabut", peran="pembina", orang=str(room.joko.id))

    assert [(one.deed, one.trust, one.telegram_id) for one in waiting(room)] == [(Deed.TAKE, Trust.COACH, 2001)]
    confirms(room, waiting(room)[0].id)
    assert now(room, room.joko).role is None


def test_admin_who_is_one_no_more_is_out_at_once(room: Classroom, browser: SignedIn) -> None:
    gives(room, browser, 2001)
    joko = room.signs_in(now(room, room.joko))
    before = joko.get("/orang").status_code

    browser.post("/orang/minta", arah="cabut", peran="admin", orang=str(room.joko.id))
    confirms(room, waiting(room)[0].id)

    assert (before, joko.get("/orang").status_code, joko.get("/").status_code) == (200, 303, 303)


def test_group_without_a_coach_is_handed_over(room: Classroom, browser: SignedIn) -> None:
    group = without_coach(room)
    before = shown(browser)

    browser.post("/orang/serah", kelompok=str(group), orang=str(room.joko.id))
    confirms(room, waiting(room)[0].id)

    assert "Pasar Sepi Pembina baru Pilih pembina Joko (0 kelompok) Rani (0 kelompok) Serahkan kelompok" in before
    assert "Kelompok tanpa pembina Pembinanya" not in shown(browser)
    assert [c.first_name for c in room.world.do(lambda s: groups.coaches(s, group))] == ["Joko"]


def test_group_is_not_handed_to_nobody(room: Classroom, browser: SignedIn) -> None:
    group = without_coach(room)

    response = browser.post("/orang/serah", kelompok=str(group), orang="")

    reason = response.text.partition(f'id="kelompok-{group}-salah"')[2].partition("</p>")[0]
    assert (response.status_code, "Pilih orang yang sudah menjadi pembina." in reason) == (422, True)


def test_coaches_are_searched_and_turned_page_by_page(room: Classroom, browser: SignedIn) -> None:
    for n in range(45):
        staff(room.world, 4000 + n, f"Pembina {n:02d}")

    first, second, found = (shown(browser, f"/orang?{q}") for q in ("", "halaman=2", "cari=pembina+4&halaman=1"))

    assert ("Halaman 1 dari 2" in first, "Pembina 00" in first, "Pembina 44" in first) == (True, True, False)
    assert ("Halaman 2 dari 2" in second, "Pembina 44" in second) == (True, True)
    assert [f"Pembina {n}" in found for n in (40, 44, 39)] == [True, True, False]


@pytest.mark.parametrize("many", [1, 3])
def test_page_takes_as_many_queries_for_one_as_for_many(room: Classroom, browser: SignedIn, many: int) -> None:
    for n in range(many):
        person = staff(room.world, 4000 + n, f"Pembina {n}")
        room.opens_group(f"Kelompok {n}", person)
        browser.post("/orang/minta", arah="beri", peran="admin", nomor=str(4000 + n))

    with room.counts() as sent:
        browser.get("/orang")

    assert len([one for one in sent if one.startswith("SELECT")]) == 15


def test_names_are_shown_as_text(room: Classroom, browser: SignedIn) -> None:
    staff(room.world, 4000, '"><script>alert(1)</script>')

    html = browser.get("/orang").text

    assert "<script>alert" not in html
    assert faults(html) == []


def test_search_for_a_zero_byte_finds_who_is_found_without(room: Classroom, browser: SignedIn) -> None:
    assert shown(browser, "/orang?cari=Jo%00ko") == shown(browser, "/orang?cari=Joko")
