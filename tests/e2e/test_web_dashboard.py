"""The coach's dashboard in a real browser: on phone and laptop, without scripts, by keyboard, on paper, on a wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.core.group import GroupId
from bot.core.item import Dimension
from bot.core.person import PersonId
from bot.web.labels import FLAGS
from tests.core.builders import best, worst
from tests.e2e.fitting import oddities
from tests.e2e.serving import served, window
from tests.e2e.test_phone import SHOTS
from tests.web.classroom import Classroom, classroom

TARGETS = ".button, button, .tabs a, .tools input, .tools select, #menu a, .way"
"""What a thumb must hit; links inside a sentence may be as high as the line."""

NUMBER_REACHABLE = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']"
  const all = [...document.querySelectorAll(wanted)].filter(e => e.offsetParent || e.matches(".skip"))
  all.forEach((e, n) => { e.dataset.n = n })
  return all.length
}"""
"""Number what the Tab key should reach in the order of reading, and count it."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A served dashboard with a group of forty."""

    room: Classroom
    group: GroupId
    people: list[PersonId]
    url: str
    secret: str

    def pages(self) -> dict[str, str]:
        root = f"/kelompok/{self.group}"
        return {
            "30-beranda": "/",
            "31-kelompok": root,
            "32-proyektor": f"{root}/proyektor",
            "33-anggota": f"{root}/anggota",
            "34-satu-anggota": f"{root}/anggota/{self.people[-1]}",
            "35-rencana": f"{root}/rencana",
            "36-cermin": f"{root}/cermin",
            "37-kirim-pelajaran": f"{root}/pelajaran?modul=M-O2-cek-mutasi&untuk=scam",
            "38-ingatkan": f"{root}/ingatkan",
        }

    def enters(self, browser: Browser, *, scripts: bool = True, width: int = 1280) -> BrowserContext:
        """Return a browser window in which the coach is signed in."""
        return window(browser, self.url, self.secret, scripts=scripts, width=width)


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    with classroom(tmp_path_factory.mktemp("dashboard") / "web.db") as room:
        group = room.opens_group("Pasar Wage")
        people = [*room.fills(group, 39, nameless_every=7), room.brings_learner(group)]
        room.world.finishes(room.joko, lambda item: worst(item) if item.dimension is Dimension.SHOP else best(item))
        with served(room.site) as url:
            yield Dashboard(room, group, people, url, room.signs_in(room.joko).secret)


def test_every_page_fits_phone_and_laptop_and_breaks_no_rule(dashboard: Dashboard, browser: Browser) -> None:
    odd = oddities(lambda width: dashboard.enters(browser, width=width), dashboard.url, dashboard.pages(), TARGETS)

    assert odd == []


def names(page: Page) -> list[str]:
    return page.locator("table.members tbody th a").all_inner_texts()


def test_list_changes_in_place_and_the_address_with_it(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser).new_page()
    page.goto(f"{dashboard.url}/kelompok/{dashboard.group}/anggota")
    page.evaluate("window.stayed = true")
    before = names(page)

    page.get_by_label("Perlu perhatian").select_option("slow")
    expect(page.get_by_text("Tampilkan semua lagi")).to_be_visible()
    page.get_by_role("link", name="Tingkat").click()
    page.wait_for_url("**urut=tingkat**")

    asked = parse_qs(urlsplit(page.url).query)
    assert {name: asked[name] for name in ("perlu", "urut")} == {"perlu": ["slow"], "urut": ["tingkat"]}
    assert names(page) != before
    assert page.evaluate("window.stayed") is True

    again = dashboard.enters(browser).new_page()
    again.goto(page.url)
    assert names(again) == names(page)


def test_filters_and_order_say_what_the_list_shows(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser).new_page()
    page.goto(f"{dashboard.url}/kelompok/{dashboard.group}/anggota")

    page.get_by_role("link", name="Perlu perhatian").click()
    page.wait_for_url("**urut=perhatian**")
    page.get_by_label("Hasil asesmen").select_option("ada")
    page.wait_for_url("**hasil=ada**")
    kept = parse_qs(urlsplit(page.url).query)["urut"]
    page.get_by_role("link", name="Tampilkan semua lagi").click()
    expect(page.get_by_text("Tampilkan semua lagi")).to_have_count(0)

    assert kept == ["perhatian"]
    assert page.get_by_label("Hasil asesmen").input_value() == ""


@pytest.mark.parametrize("scripts", [True, False])
def test_phone_lists_the_most_urgent_first(dashboard: Dashboard, browser: Browser, scripts: bool) -> None:
    page = dashboard.enters(browser, width=360, scripts=scripts).new_page()
    page.goto(f"{dashboard.url}/kelompok/{dashboard.group}/anggota")

    page.get_by_label("Urutkan").select_option(label="Perlu perhatian")
    if not scripts:
        page.get_by_role("button", name="Tampilkan").click()
    page.wait_for_url("**urut=perhatian**")

    tags = page.locator("table.members tbody tr .tag-warn:first-child").all_inner_texts()
    assert tags == sorted(tags, key=list(FLAGS.values()).index)


def test_everything_works_without_javascript(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser, scripts=False, width=360).new_page()
    page.goto(f"{dashboard.url}/kelompok/{dashboard.group}/anggota")

    page.get_by_label("Cari nama").fill("budi")
    page.get_by_role("button", name="Tampilkan").click()
    assert names(page) == ["Budi"]

    page.get_by_label("Pilih Budi").check()
    page.get_by_role("button", name="Lihat dulu").click()
    expect(page.get_by_role("button", name="Kirim ke 1 orang")).to_be_visible()
    page.get_by_role("link", name="Tidak jadi").click()
    expect(page.get_by_role("heading", name="Pasar Wage")).to_be_visible()


def test_lesson_goes_to_who_was_ticked(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser).new_page()
    page.goto(f"{dashboard.url}/kelompok/{dashboard.group}/anggota")

    page.get_by_label("Pilih Agus").check()
    page.get_by_label("Pilih Dewi").check()
    page.get_by_label("Pelajaran", exact=True).select_option(label="Cek mutasi dulu")
    page.get_by_role("button", name="Lihat dulu").click()
    expect(page.get_by_text("Agus, Dewi")).to_be_visible()
    page.get_by_role("button", name="Kirim ke 2 orang").click()

    expect(page.get_by_role("status")).to_contain_text("2 pesan akan dikirim atas nama Anda")


@pytest.mark.parametrize("which", ["31-kelompok", "33-anggota", "34-satu-anggota"])
def test_tab_reaches_everything_in_the_order_of_reading(dashboard: Dashboard, browser: Browser, which: str) -> None:
    page = dashboard.enters(browser).new_page()
    page.goto(dashboard.url + dashboard.pages()[which])
    count = page.evaluate(NUMBER_REACHABLE)

    order = []
    for _ in range(count):
        page.keyboard.press("Tab")
        order.append(page.evaluate("+document.activeElement.dataset.n"))

    assert order == list(range(count))
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_paper_shows_every_row_and_no_button(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser).new_page()
    page.goto(f"{dashboard.url}/kelompok/{dashboard.group}")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})

    hidden = page.eval_on_selector(".scroll", "map => map.scrollHeight - map.clientHeight")

    assert hidden <= 1
    assert page.locator("button:visible, .button:visible, nav:visible").count() == 0
    page.pdf(path=SHOTS / "31-kelompok.pdf", prefer_css_page_size=True)


@pytest.mark.parametrize("which", ["31-kelompok", "35-rencana"])
def test_button_prints_the_page(dashboard: Dashboard, browser: Browser, which: str) -> None:
    page = dashboard.enters(browser).new_page()
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(dashboard.url + dashboard.pages()[which])

    page.get_by_role("button", name="Cetak").click()

    assert page.evaluate("window.printed") is True
    expect(page.get_by_text("Ctrl+P")).to_be_hidden()


def test_way_to_print_is_said_where_scripts_do_not_run(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser, scripts=False).new_page()
    page.goto(dashboard.url + dashboard.pages()["35-rencana"])

    expect(page.get_by_text("Ctrl+P")).to_be_visible()
    expect(page.get_by_role("button", name="Cetak")).to_have_count(0)


def test_projector_can_be_read_from_afar(dashboard: Dashboard, browser: Browser) -> None:
    page = dashboard.enters(browser).new_page()
    page.goto(dashboard.url + dashboard.pages()["32-proyektor"])

    sizes = page.eval_on_selector_all(
        ".wall th, .wall td", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    bottom = page.evaluate("document.querySelector('.wall').getBoundingClientRect().bottom")

    assert min(sizes) >= 22
    assert bottom <= 1024
