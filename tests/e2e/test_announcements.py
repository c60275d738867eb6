"""Announcements in a real browser: written, looked at, confirmed, watched and stopped; with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.announcement import AnnouncementId, Circle, Wording
from bot.core.delivery import DeliveryId, Outcome
from bot.usecases import announcing, owing
from tests.e2e.fitting import oddities
from tests.e2e.serving import served, window
from tests.usecases.news import admin, crowd, drafts, sends, spreads
from tests.web.classroom import Classroom, classroom

TARGETS = ".button, button:not(.hidden), .check, .beside select, .beside input[type=date], .beside input[type=time]"
TOLD = """<b>Pelatihan jualan daring</b>
Besok, Rabu 25 November, jam 09.00 di Balai Desa Sokaraja.

Gratis. Bawa HP dan contoh barang. <a href="https://contoh.go.id/daftar">Daftar di sini</a>."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A served web, one announcement in each state, and the secret of an admin's session."""

    room: Classroom
    author: Viewer
    url: str
    secret: str
    ids: dict[str, AnnouncementId]

    def pages(self) -> dict[str, str]:
        return {
            "70-pengumuman": "/pengumuman",
            "71-pengumuman-baru": "/pengumuman/baru",
            "72-pengumuman-ubah": f"/pengumuman/{self.ids['draft']}/ubah",
            "73-pengumuman-rancangan": f"/pengumuman/{self.ids['draft']}",
            "74-pengumuman-konfirmasi": f"/pengumuman/{self.ids['draft']}/kirim",
            "75-pengumuman-terjadwal": f"/pengumuman/{self.ids['planned']}",
            "76-pengumuman-dikirim": f"/pengumuman/{self.ids['running']}",
            "77-pengumuman-dihentikan": f"/pengumuman/{self.ids['stopped']}",
        }

    def enters(self, browser: Browser, *, scripts: bool = True, width: int = 1280) -> BrowserContext:
        """Return a browser window in which the admin is signed in."""
        return window(browser, self.url, self.secret, scripts=scripts, width=width)

    def arrives(self, one: AnnouncementId, count: int) -> None:
        """Let so many messages of an announcement arrive."""
        world = self.room.world
        owed = text("SELECT id FROM delivery WHERE announcement_id = :one AND done_at IS NULL ORDER BY id LIMIT :count")

        def settle(session: Session) -> None:
            for number in session.connection().execute(owed, {"one": one, "count": count}).scalars().all():
                owing.settle(session, delivery_id=DeliveryId(number), outcome=Outcome.SENT, now=world.now)

        world.do(settle)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with classroom(tmp_path_factory.mktemp("news") / "web.db") as room:
        world, author = room.world, admin(room.world, 9002, "Maya")
        crowd(world, 400, wants=False)
        group = room.opens_group("Pasar Wage")
        crowd(world, 900, group=group)
        crowd(world, 340)
        everybody, inside = Wording(TOLD, Circle.EVERYONE), Wording(TOLD, Circle.GROUP, str(group))
        stopped = sends(world, author, inside)
        spreads(world)
        world.do(lambda s: announcing.stop(s, viewer=author, announcement_id=stopped, now=world.now))
        ids = {
            "stopped": stopped,
            "planned": sends(world, author, inside, due_at=world.now + timedelta(days=1)),
            "draft": drafts(world, author, everybody).id,
            "running": sends(world, author, everybody),
        }
        spreads(world)
        with served(room.site) as url:
            yield Desk(room, author, url, room.signs_in(room.admin).secret, ids)


def test_every_page_fits_phone_and_laptop_and_breaks_no_rule(desk: Desk, browser: Browser) -> None:
    desk.arrives(desk.ids["running"], 300)

    odd = oddities(lambda width: desk.enters(browser, width=width), desk.url, desk.pages(), TARGETS)

    assert odd == []


def phone(page: Page) -> str:
    return page.locator(".phone .bubble").inner_text()


def test_phone_follows_what_is_typed_and_marked(desk: Desk, browser: Browser) -> None:
    page = desk.enters(browser).new_page()
    page.goto(f"{desk.url}/pengumuman/baru")
    page.fill("#pesan", "Besok libur & <script>")
    expect(page.locator("#pesan-salah")).to_contain_text("tidak dikenal")
    page.fill("#pesan", "Besok libur")
    page.evaluate("document.querySelector('#pesan').setSelectionRange(0, 5)")

    page.click("text=Tebal")

    expect(page.locator(".phone .bubble b").last).to_have_text("Besok")
    expect(page.locator("#pesan-salah")).to_be_empty()
    expect(page.locator("#pesan-hitung")).to_have_text("11 dari 1.500 huruf")
    assert (page.input_value("#pesan"), phone(page)) == ("<b>Besok</b> libur", "Pengumuman\n\nBesok libur")


@pytest.mark.parametrize("scripts", [True, False])
def test_road_from_the_form_to_the_stop(desk: Desk, browser: Browser, scripts: bool) -> None:
    world = desk.room.world
    world.now += timedelta(days=8)
    page = desk.enters(browser, scripts=scripts).new_page()
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sesi", "value": desk.room.signs_in(desk.room.admin).secret, "url": desk.url}])
    page.goto(f"{desk.url}/pengumuman/baru")
    page.fill("#pesan", "Besok <b>libur</b>.")
    page.click("text=Lihat pratinjau")
    previewed = phone(page)
    page.check("input[name=kepada][value=kelompok]")
    page.fill("#kelompok", "pasar")
    page.click("text=Simpan dan lihat jumlah penerima")
    page.click("text=Lanjut ke konfirmasi")
    title = page.locator("h1").inner_text()
    page.click("text=Ya, kirim sekarang")
    spreads(world)
    desk.arrives(AnnouncementId(int(page.url.rpartition("/")[2])), 20)
    if scripts:
        expect(page.locator("#sudah")).to_contain_text("20 dari 900")
    else:
        page.click("text=Muat ulang")
    seen = page.locator("#sudah").inner_text()

    page.click("text=Hentikan sekarang")

    assert (previewed, title) == ("Pengumuman\n\nBesok libur.", "Kirim ke 900 orang?")
    assert seen == "20 dari 900 terkirim."
    assert page.locator("#keadaan").inner_text() == "Dihentikan"
    assert re.search(r"tidak jadi dikirim\s+880|880\s+tidak jadi dikirim", page.locator(".facts").inner_text())
