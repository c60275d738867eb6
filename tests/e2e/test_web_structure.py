"""Forms, levels, advice and translations in a real browser: on phone and laptop, with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.fitting import oddities
from tests.e2e.serving import served, window
from tests.e2e.test_phone import SHOTS
from tests.usecases.world import later_document
from tests.web.classroom import classroom

TARGETS = ".button, button:not(.hidden), form input:not([type=hidden], [type=checkbox]), select, textarea:not([hidden])"
PAGES = {
    "80-susunan": "/isi/susunan",
    "81-asesmen-pemilik": "/isi/susunan/form",
    "82-asesmen-pembina": "/isi/susunan/coach",
    "83-tingkat": "/isi/susunan/levels",
    "84-anjuran": "/isi/susunan/advice",
    "85-kata-sulit": "/isi/susunan/glossary?cari=tr",
    "86-satu-kata": "/isi/susunan/glossary?pilih=mutasi",
    "87-naskah": "/isi/susunan/sessions",
    "88-satu-naskah": "/isi/susunan/sessions?pilih=O2",
    "89-dijarangkan": "/isi/susunan/exposure",
    "90-terjemahan": "/isi/terjemahan",
    "91-satu-bahasa": "/isi/terjemahan/en?jenis=butir",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """A served web, and the secret of an admin's session."""

    url: str
    secret: str

    def enters(self, browser: Browser, *, scripts: bool = True, width: int = 1280) -> BrowserContext:
        return window(browser, self.url, self.secret, scripts=scripts, width=width)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with classroom(tmp_path_factory.mktemp("structure") / "web.db") as room:
        room.world.publish(later_document("Kini"))
        with served(room.site) as url:
            yield Desk(url, room.signs_in(room.admin).secret)


def test_every_page_fits_phone_and_laptop(desk: Desk, browser: Browser) -> None:
    odd = oddities(lambda width: desk.enters(browser, width=width), desk.url, PAGES, TARGETS)

    assert odd == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_level_is_moved_refused_and_mended_without_typing_anything_twice(
    desk: Desk, browser: Browser, scripts: bool
) -> None:
    page = desk.enters(browser, scripts=scripts, width=360).new_page()
    page.goto(f"{desk.url}/isi/susunan/levels")

    page.get_by_label("Mulai nilai").nth(2).fill("30")
    page.get_by_label("Artinya").nth(2).fill("mandiri dan rapi")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum tersimpan")
    page.screenshot(path=SHOTS / "92-tingkat-ditolak-360.png", full_page=True)
    page.get_by_label("Mulai nilai").nth(2).fill("52,5")
    page.get_by_role("button", name="Simpan").click()

    expect(page.get_by_role("status")).to_contain_text("Tersimpan di rancangan")
    expect(page.get_by_label("Artinya").nth(2)).to_have_value("mandiri dan rapi")
    page.get_by_role("button", name="Buang perubahan bagian ini").click()
    expect(page.get_by_label("Mulai nilai").nth(2)).to_have_value("50")


def test_file_of_translations_is_looked_at_and_taken(desk: Desk, browser: Browser, tmp_path: Path) -> None:
    page = desk.enters(browser).new_page()
    page.goto(f"{desk.url}/isi/terjemahan/en")
    with page.expect_download() as handed:
        page.get_by_role("link", name="Unduh semua").click()
    file = tmp_path / "en.po"
    handed.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('msgstr "pieces"', 'msgstr "items"'), encoding="utf-8")

    page.set_input_files("#berkas", file)
    page.get_by_role("button", name="Periksa berkas").click()
    page.screenshot(path=SHOTS / "93-periksa-berkas-1280.png", full_page=True)
    page.get_by_role("button", name="Simpan 1 terjemahan").click()

    expect(page.get_by_role("status")).to_contain_text("Tersimpan di rancangan")
