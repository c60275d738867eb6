"""The editor of questions in a real browser: find, write, look, save; with scripts and without, on phone and laptop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.fitting import oddities
from tests.e2e.serving import served, window
from tests.e2e.test_phone import SHOTS
from tests.web.classroom import Classroom, classroom

TARGETS = (
    ".button, button:not(.hidden):not(.bare), .tools input, .tools select, "
    ".field input:not([type=radio], [type=checkbox]), .field select, .check"
)
"""What a thumb must hit."""
PAGES = {
    "60-pertanyaan": "/isi/butir",
    "61-pertanyaan-baru": "/isi/butir/baru",
    "62-pilihan": "/isi/butir/O2-002",
    "63-gambar": "/isi/butir/{gambar}",
    "64-percakapan": "/isi/butir/{percakapan}",
    "65-urutan": "/isi/butir/{urutan}",
    "66-angka": "/isi/butir/O7-001",
    "67-ganda": "/isi/butir/{ganda}",
    "68-kebiasaan": "/isi/butir/H-001",
    "69-situasi-baru": "/isi/butir/baru?bidang=O6&bentuk=situasi",
    "70-arsipkan": "/isi/butir/O2-002/lepas?apa=arsip",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A served editor."""

    room: Classroom
    url: str
    secrets: tuple[str, str]

    def pages(self) -> dict[str, str]:
        items = self.room.world.do(self.room.world.library.current).items
        first = {item.format.value: item.code for item in reversed(items)}
        return {name: path.format(**first) for name, path in PAGES.items()}

    def enters(self, browser: Browser, *, who: int = 0, scripts: bool = True, width: int = 1280) -> BrowserContext:
        """Return a browser window in which one of two admins is signed in."""
        return window(browser, self.url, self.secrets[who], scripts=scripts, width=width)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with classroom(tmp_path_factory.mktemp("editor") / "web.db") as room:
        secrets = (room.signs_in(room.admin).secret, room.signs_in(room.rani).secret)
        with served(replace(room.site, admins=room.site.admins | {room.rani.telegram_id})) as url:
            yield Desk(room, url, secrets)


def test_every_page_fits_phone_and_laptop_and_breaks_no_rule(desk: Desk, browser: Browser) -> None:
    odd = oddities(lambda width: desk.enters(browser, width=width), desk.url, desk.pages(), TARGETS)

    assert odd == []


def test_question_is_found_written_looked_at_and_saved(desk: Desk, browser: Browser) -> None:
    page = desk.enters(browser).new_page()
    page.goto(f"{desk.url}/isi/butir")
    page.evaluate("window.stayed = true")

    page.get_by_label("Cari kata atau nomor").fill("bukti 930.000")
    expect(page.get_by_text("1 pertanyaan cocok")).to_be_visible()
    assert page.evaluate("window.stayed") is True
    page.get_by_role("link", name="Pembeli baru mengirim").click()
    phone = page.locator("#pratinjau .phone")
    expect(phone).to_contain_text("700 pempek")

    page.get_by_label("Pertanyaan", exact=True).fill(
        "Pembeli lama mengirim gambar bukti transfer. Apa yang dilakukan dulu?"
    )
    expect(phone).to_contain_text("Pembeli lama mengirim gambar")
    page.get_by_label("Layar", exact=True).select_option("Pembahasan: menjawab A")
    expect(phone).to_contain_text("Gambar mudah diubah")
    page.get_by_label("Bahasa", exact=True).select_option(label="Inggris")
    expect(phone).to_contain_text("Your answer: Send them")
    page.screenshot(path=SHOTS / "71-pratinjau-1280.png")
    page.get_by_role("button", name="Simpan", exact=True).click()

    expect(page.get_by_role("status")).to_contain_text("Tersimpan di rancangan")
    assert page.get_by_label("Pertanyaan", exact=True).input_value().startswith("Pembeli lama")


def test_problem_stands_beside_its_field_and_nothing_is_lost(desk: Desk, browser: Browser) -> None:
    page = desk.enters(browser, width=360).new_page()
    page.goto(f"{desk.url}/isi/butir/O2-001")

    page.locator("#f-options-1-text").fill("x" * 90)
    page.get_by_role("button", name="Simpan", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("Belum tersimpan")
    expect(page.locator("#f-options-1-text-x")).to_contain_text("paling banyak 80 huruf")
    assert page.locator("#f-options-1-text").input_value() == "x" * 90
    page.screenshot(path=SHOTS / "72-perbaiki-360.png")


@pytest.mark.parametrize("scripts", [True, False])
def test_turns_and_sources_come_and_go(desk: Desk, browser: Browser, scripts: bool) -> None:
    code = next(path for name, path in desk.pages().items() if name == "64-percakapan")
    page = desk.enters(browser, scripts=scripts, width=360).new_page()
    page.goto(desk.url + code)
    turns, sources = page.locator(".turn-entry"), page.locator("legend", has_text="Sumber ")
    before = turns.count(), sources.count()

    page.get_by_label("Pesan yang masuk").first.fill("Halo, masih ada?")
    page.get_by_role("button", name="Hapus giliran 2").click()
    expect(turns).to_have_count(before[0] - 1)
    page.get_by_role("button", name="Tambah giliran").click()
    page.get_by_role("button", name="Tambah sumber").click()
    expect(sources).to_have_count(before[1] + 1)

    expect(turns).to_have_count(before[0])
    assert page.get_by_label("Pesan yang masuk").first.input_value() == "Halo, masih ada?"
    assert page.get_by_label("Pesan yang masuk").last.input_value() == ""


def test_preview_works_without_javascript(desk: Desk, browser: Browser) -> None:
    page = desk.enters(browser, scripts=False, width=360).new_page()
    page.goto(f"{desk.url}/isi/butir/O7-002")

    page.get_by_label("Pertanyaan", exact=True).fill("Angka stok mana yang diubah?")
    page.get_by_role("button", name="Pratinjau", exact=True).click()

    expect(page.locator(".phone")).to_contain_text("Angka stok mana yang diubah?")
    page.goto(f"{desk.url}/isi/butir/O7-002")
    assert page.get_by_label("Pertanyaan", exact=True).input_value().startswith("Jilbab di rak")


def test_two_admins_choose_what_is_kept(desk: Desk, browser: Browser) -> None:
    mine, theirs = (desk.enters(browser, who=who).new_page() for who in (0, 1))
    for page in (mine, theirs):
        page.goto(f"{desk.url}/isi/butir/O7-004")
    theirs.locator("#f-options-0-feedback").fill("Tawarkan dulu yang sanggup dibuat.")
    theirs.get_by_role("button", name="Simpan", exact=True).click()
    expect(theirs.get_by_role("status")).to_be_visible()

    mine.locator("#f-options-0-text").fill("Tolak saja, terlalu besar")
    mine.get_by_role("button", name="Simpan", exact=True).click()
    expect(mine.get_by_role("alert")).to_contain_text("Rani sudah menyimpan perubahan")
    mine.screenshot(path=SHOTS / "73-dua-orang-1280.png", full_page=True)
    mine.set_viewport_size({"width": 360, "height": 800})
    mine.screenshot(path=SHOTS / "73-dua-orang-360.png", full_page=True)
    mine.get_by_role("button", name="Simpan pilihan ini").click()

    expect(mine.get_by_role("status")).to_contain_text("Tersimpan dengan pilihan Anda")
    assert mine.locator("#f-options-0-text").input_value() == "Tolak saja, terlalu besar"
    assert mine.locator("#f-options-0-feedback").input_value() == "Tawarkan dulu yang sanggup dibuat."
