"""The door of the web: nothing is spent by looking, one of many gets in, forms from elsewhere are refused."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

import pytest

from bot.usecases import privacy
from bot.wiring import build
from tests import databases
from tests.stage import JOKO, SARI, InProcess, Stage
from tests.web.support import Browser, coach_joins, init_data, known, link, signed_in

TYPED = re.compile(r"<textarea[^>]*>\n([^<]*)</textarea>")
"""What a page hands back of a form that was not taken."""


@pytest.fixture
def coach(play: Stage) -> Stage:
    coach_joins(play, JOKO)
    return play


def test_coach_gets_in_and_out(coach: Stage) -> None:
    browser = Browser(coach.app.routes())

    came = browser.comes_in(link(coach.app, JOKO))
    home = browser.get("/")
    left = browser.sends("/", "/keluar", {})
    after = browser.get("/")

    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert (home.status_code, "Selamat datang, Joko" in home.text) == (200, True)
    assert (left.status_code, left.headers["location"]) == (303, "/masuk")
    assert (after.status_code, after.headers["location"]) == (303, "/masuk")


def test_whole_link_may_be_pasted(coach: Stage) -> None:
    address = f"http://127.0.0.1/masuk#t={link(coach.app, JOKO)}"

    assert Browser(coach.app.routes()).comes_in(f"  {address} ").status_code == 303


def test_link_in_the_chat_carries_its_token_in_the_fragment(coach: Stage) -> None:
    coach.says(JOKO, "/dasbor")

    urls = [b.url for row in coach.live(JOKO).keyboard for b in row if b.url]

    assert [re.fullmatch(r"http://127\.0\.0\.1/masuk#t=[\w-]{43}", str(url)) is not None for url in urls] == [True]
    assert Browser(coach.app.routes()).comes_in(str(urls[0])).status_code == 303


@pytest.mark.parametrize("where", ["/isi", "/isi/butir/O1-001", "/orang"])
def test_link_leads_on_to_its_page(coach: Stage, where: str) -> None:
    by_script = Browser(coach.app.routes())
    pasted = Browser(coach.app.routes())

    came = by_script.sends("/masuk", "/masuk", {"kode": link(coach.app, JOKO), "ke": where})
    typed = pasted.comes_in(f"http://127.0.0.1/masuk#t={link(coach.app, JOKO)}&ke={where}")

    assert (came.headers["location"], typed.headers["location"]) == (where, where)


@pytest.mark.parametrize(
    "where",
    ["//jahat.example", "https://jahat.example", "/\\jahat", "/isi?x=1", "/a//b", "isi", "/isi\n", "/" + "a" * 200],
)
def test_link_never_leads_out_of_the_house(coach: Stage, where: str) -> None:
    came = Browser(coach.app.routes()).sends("/masuk", "/masuk", {"kode": link(coach.app, JOKO), "ke": where})

    assert came.headers["location"] in ("/", "/isi")


def test_crawlers_spend_nothing(coach: Stage) -> None:
    token = link(coach.app, JOKO)
    crawler = Browser(coach.app.routes())
    paths = ("/masuk", f"/masuk?t={token}", f"/masuk?kode={token}", "/")
    asked = [(("GET", "HEAD")[n % 2], paths[n % 4], None) for n in range(1000)]

    statuses = {
        response.status_code for start in range(0, 1000, 50) for response in crawler.ask_all(asked[start : start + 50])
    }

    assert statuses == {200, 303}
    assert Browser(coach.app.routes()).comes_in(token).status_code == 303


def test_hundred_at_once_get_one_in_over_two_processes(coach: Stage) -> None:
    token = link(coach.app, JOKO)
    replica = coach.new_app()
    both = [Browser(coach.app.routes()), Browser(replica.routes())]
    forms = [("POST", "/masuk", {"tanda": browser.mark("/masuk"), "kode": token}) for browser in both]

    responses = both[0].ask_all([forms[0]] * 50) + both[1].ask_all([forms[1]] * 50)
    replica.close()

    assert sorted(response.status_code for response in responses) == [303] + [400] * 99


FROM: list[tuple[dict[str, str], int]] = [
    ({"sec_fetch_site": "same-origin"}, 303),
    ({"sec_fetch_site": "none"}, 303),
    ({"sec_fetch_site": "cross-site"}, 400),
    ({"sec_fetch_site": "same-site"}, 400),
    ({"origin": "http://127.0.0.1"}, 303),
    ({"origin": "null"}, 303),
    ({"origin": "http://jahat.contoh"}, 400),
    ({"origin": "http://127.0.0.1:8090"}, 400),
    ({"origin": "http://jahat.contoh", "sec_fetch_site": "same-origin"}, 400),
]


def test_form_from_another_site_is_refused(coach: Stage) -> None:
    met = []
    for headers, _ in FROM:
        form = {"kode": link(coach.app, JOKO)}
        met.append(Browser(coach.app.routes()).sends("/masuk", "/masuk", form, **headers).status_code)

    assert met == [status for _, status in FROM]


def test_form_without_its_mark_is_refused_everywhere(coach: Stage) -> None:
    token = link(coach.app, JOKO)
    stranger, other = Browser(coach.app.routes()), Browser(coach.app.routes())
    mark_of_other = other.mark("/masuk")
    stranger.get("/masuk")
    inside = signed_in(coach, JOKO)
    token_too = link(coach.app, JOKO)

    refused = [
        stranger.ask("POST", "/masuk", {"kode": token_too}),
        stranger.ask("POST", "/masuk", {"kode": token_too, "tanda": mark_of_other}),
        Browser(coach.app.routes()).ask("POST", "/masuk", {"kode": token_too, "tanda": ""}),
        inside.ask("POST", "/keluar", {}),
        inside.ask("POST", "/keluar/semua", {"tanda": "0" * 32}),
        inside.ask("POST", "/keluar", {"tanda": "é\0"}),
    ]

    assert token != token_too
    assert [response.status_code for response in refused] == [400] * 6
    assert inside.get("/").status_code == 200
    assert stranger.comes_in(token_too).status_code == 303


def test_session_gets_a_new_secret_at_the_door(coach: Stage) -> None:
    planted = Browser(coach.app.routes())
    planted.cookies.set("sesi", "dipasang-orang-lain", domain="127.0.0.1", path="/")

    planted.comes_in(link(coach.app, JOKO))

    assert planted.cookies["sesi"] != "dipasang-orang-lain"
    assert planted.get("/").status_code == 200


def test_cookies_are_guarded_on_plain_loopback(coach: Stage) -> None:
    browser = Browser(coach.app.routes())

    first = browser.get("/masuk").headers.get_list("set-cookie")
    came = browser.comes_in(link(coach.app, JOKO)).headers.get_list("set-cookie")

    assert [_flags(cookie) for cookie in first] == [("awal", {"httponly", "max-age=3600", "path=/", "samesite=lax"})]
    assert [_flags(cookie) for cookie in came] == [
        ("sesi", {"httponly", "max-age=43200", "path=/", "samesite=lax"}),
        ("awal", {"httponly", "max-age=0", "path=/", "samesite=lax"}),
    ]


def test_cookies_are_bound_to_the_host_on_https(coach: Stage) -> None:
    transport = InProcess(coach.api)
    settings = replace(coach.settings, web_url="https://dasbor.contoh.id")
    app = build(settings, clock=coach.clock.now, request=transport, updates_request=transport)
    browser = Browser(app.routes(), "https://dasbor.contoh.id")

    came = browser.comes_in(link(app, JOKO))
    home = browser.get("/")
    app.close()

    assert _flags(came.headers.get_list("set-cookie")[0]) == (
        "__Host-sesi",
        {"httponly", "max-age=43200", "path=/", "samesite=lax", "secure"},
    )
    assert home.status_code == 200
    assert home.headers["strict-transport-security"] == "max-age=31536000"


def _flags(cookie: str) -> tuple[str, set[str]]:
    named, *flags = cookie.split("; ")
    return named.partition("=")[0], {flag.lower() for flag in flags}


def test_session_ends_by_itself(coach: Stage) -> None:
    idle, busy = signed_in(coach, JOKO), signed_in(coach, JOKO)
    for _ in range(7):
        coach.advance(minutes=100)
        assert busy.get("/").status_code == 200

    left = idle.get("/")
    assert (left.status_code, left.headers["location"]) == (303, "/masuk?habis=1")
    assert "tertutup sendiri kalau lama tidak dipakai" in idle.get(left.headers["location"]).text
    assert "tertutup sendiri" not in idle.get("/masuk").text
    coach.advance(minutes=20)
    assert busy.get("/").status_code == 303


def test_what_was_typed_is_handed_back_when_the_session_is_over(coach: Stage) -> None:
    browser = signed_in(coach, JOKO)
    form = {"tanda": browser.mark("/"), "asal": '{"a": 1}', "pesan": "Pelatihan hari <Rabu>", "untuk": "semua"}
    coach.advance(hours=3)

    told = browser.ask("POST", "/pengumuman/baru", form)
    in_part = browser.ask("POST", "/pengumuman/pratinjau", form, hx_request="true")
    from_elsewhere = browser.ask("POST", "/pengumuman/baru", form, sec_fetch_site="cross-site")

    assert told.status_code == 401
    assert TYPED.findall(told.text) == ["Pelatihan hari &lt;Rabu&gt;"]
    assert (in_part.status_code, in_part.text, in_part.headers["hx-retarget"]) == (401, told.text, "#isi")
    assert (from_elsewhere.status_code, from_elsewhere.headers["location"]) == (303, "/masuk?habis=1")


def test_what_was_typed_before_signing_in_again_is_handed_back(coach: Stage) -> None:
    browser = signed_in(coach, JOKO)
    old = browser.mark("/")
    browser.comes_in(link(coach.app, JOKO))

    told = browser.ask("POST", "/keluar/semua", {"tanda": old, "pesan": "Pelatihan hari Rabu"})

    assert (told.status_code, TYPED.findall(told.text)) == (400, ["Pelatihan hari Rabu"])


def test_not_me_in_the_chat_ends_every_browser(coach: Stage) -> None:
    one, two = signed_in(coach, JOKO), signed_in(coach, JOKO)

    coach.tap(JOKO, coach.live(JOKO).message_id, "1.bk", forge=True)

    assert [one.get("/").status_code, two.get("/").status_code] == [303, 303]
    assert "Semua peramban sudah keluar" in coach.screen(JOKO)


def test_one_browser_can_end_all(coach: Stage) -> None:
    one, two = signed_in(coach, JOKO), signed_in(coach, JOKO)

    one.sends("/", "/keluar/semua", {})

    assert [one.get("/").status_code, two.get("/").status_code] == [303, 303]


def test_erased_person_is_out(coach: Stage) -> None:
    browser = signed_in(coach, JOKO)
    joko = known(coach.app, JOKO)
    with coach.app.database.transaction() as session:
        privacy.erase(session, owner=joko)

    assert browser.get("/").status_code == 303


def test_raw_secrets_are_in_no_table_no_file_and_no_log(coach: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(coach.app.routes())
    token = link(coach.app, JOKO)
    browser.comes_in(token)
    browser.sends("/masuk", "/masuk", {"kode": token})
    data = init_data(coach, JOKO)
    bearer = browser.ask("POST", "/mini/masuk", {"data": data}).json()["bearer"]
    browser.get("/tidak-ada", authorization=f"Bearer {bearer}")
    waiting = link(coach.app, JOKO)
    written = databases.dump(coach.app.database)

    cookie = browser.cookies["sesi"]
    for secret in (token, waiting, cookie, bearer, data, data[-64:]):
        assert secret not in written
        assert secret not in caplog.text


def test_owner_may_not_ask_for_the_dashboard(play: Stage) -> None:
    play.joins(SARI)

    play.says(SARI, "/dasbor")

    assert [b.url for row in play.live(SARI).keyboard for b in row if b.url or b.web_app] == []


def test_unsafe_address_gets_no_link(coach: Stage) -> None:
    coach.app.close()
    coach.settings = replace(coach.settings, web_url="http://dasbor.contoh.id")
    coach.restart()

    coach.says(JOKO, "/dasbor")

    assert "alamat yang aman" in coach.screen(JOKO)
    assert coach.labels(JOKO) == ["Kembali"]


def test_part_of_a_page_asked_without_session_leads_the_browser_to_the_door(play: Stage) -> None:
    response = Browser(play.app.routes()).get("/", hx_request="true")

    assert (response.status_code, response.headers["hx-redirect"]) == (401, "/masuk")


def test_wrong_code_says_what_to_do(coach: Stage) -> None:
    browser = Browser(coach.app.routes())

    spent = browser.comes_in("kode-ngawur")
    empty = browser.comes_in(" ")

    assert [spent.status_code, empty.status_code] == [400, 400]
    assert "ketik /dasbor" in spent.text
    assert "Kodenya masih kosong" in empty.text
