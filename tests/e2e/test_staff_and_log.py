"""People and the log in a real browser: on phone and laptop, with a keyboard, and from the chat to the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from bot.core.access import Viewer
from bot.core.grant import Deed, Trust
from bot.core.person import PersonId
from bot.store import audit, grants, groups
from bot.usecases import editing, granting, signing_in
from tests.e2e.fitting import oddities
from tests.e2e.serving import served, window
from tests.e2e.test_phone import SHOTS
from tests.web.classroom import Classroom, classroom, staff

TARGETS = ".button, button:not(.hidden), .tools input, .tools select, .card input, .card select, #menu a"


@dataclass(frozen=True, slots=True)
class Office:
    """A served web whose admins have done this and that."""

    room: Classroom
    url: str
    secret: str

    @property
    def ayu(self) -> Viewer:
        return Viewer(self.room.admin, is_admin=True)

    def asks(self, trust: Trust, deed: Deed, person: PersonId | None = None) -> None:
        self.room.world.do(
            lambda s: granting.ask(
                s,
                viewer=self.ayu,
                trust=trust,
                deed=deed,
                person_id=person,
                admins=self.room.site.admins,
                by_chat=True,
                now=self.room.world.now,
            )
        )

    def says_yes(self) -> None:
        """Confirm in the chat what was asked for last."""
        world = self.room.world
        grant = world.do(lambda s: grants.waiting(s, world.now))[-1]
        world.do(
            lambda s: granting.confirm(
                s,
                viewer=self.ayu,
                grant_id=grant.id,
                admins=self.room.site.admins,
                library=world.library,
                new_token=self.room.site.new_token,
                now=world.now,
            )
        )

    def edits(self, part: str, **changed: object) -> None:
        """Change a part of the content in the working copy."""
        world = self.room.world
        view = world.do(lambda s: editing.open_part(s, viewer=self.ayu, part=part, library=world.library))
        world.do(
            lambda s: editing.save(
                s,
                viewer=self.ayu,
                part=part,
                payload=view.payload | changed,
                version=view.version,
                library=world.library,
                now=world.now,
            )
        )

    def enters(self, browser: Browser, *, scripts: bool = True, width: int = 1280) -> BrowserContext:
        return window(browser, self.url, self.secret, scripts=scripts, width=width)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with classroom(tmp_path_factory.mktemp("office") / "web.db") as room, served(room.site) as url:
        office = Office(room, url, room.signs_in(room.admin).secret)
        _fill(office)
        yield office


def _fill(office: Office) -> None:
    room, world = office.room, office.room.world
    for n in range(3):
        staff(world, 4000 + n, ("Wayan", "Maria", "Bartholomeus Nainggolan")[n])
    room.opens_group("Pasar Wage")
    alone = room.opens_group("Perajin batik Kampung Laweyan, Surakarta", room.rani)
    world.do(lambda s: groups.remove_coach(s, room.rani.id, alone))
    office.asks(Trust.ADMIN, Deed.GIVE, room.joko.id)
    office.says_yes()
    office.asks(Trust.COACH, Deed.INVITE)
    office.says_yes()
    office.asks(Trust.ADMIN, Deed.TAKE, room.joko.id)
    stem = "Masuk pesan WA dari “kurir”: “Foto paket Ibu ada di berkas ini.” Nama berkasnya LIHAT.apk. Apa yang aman?"
    office.edits("item:O2-003", stem=stem, difficulty=5)
    office.edits("item:O1-001", status="pantau")
    told = '["semua", null, "Pelatihan jualan daring, Rabu jam 09.00."]'
    world.do(lambda s: audit.note(s, room.admin.id, "announcement.draft", "announcement:1", after=told, now=world.now))
    world.do(lambda s: audit.note(s, audit.MACHINE, "release.files", "release:0a1b2c3d4e", before="x", now=world.now))


PAGES = {"90-orang": "/orang", "91-orang-diminta": "/orang?telah=minta", "92-catatan": "/catatan"}


def test_every_page_fits_phone_and_laptop(office: Office, browser: Browser) -> None:
    odd = oddities(lambda width: office.enters(browser, width=width), office.url, PAGES, TARGETS)

    assert odd == []


@pytest.mark.parametrize("scripts", [True, False])
def test_number_that_is_not_known_is_told_beside_its_field(office: Office, browser: Browser, scripts: bool) -> None:
    context = office.enters(browser, scripts=scripts, width=360)
    page = context.new_page()
    page.goto(f"{office.url}/orang")

    page.get_by_label("Nomor akun Telegram").fill("512345678")
    page.get_by_label("Menjadi").select_option("Admin")
    page.get_by_role("button", name="Minta", exact=True).click()

    expect(page.get_by_label("Nomor akun Telegram")).to_have_value("512345678")
    expect(page.get_by_role("alert")).to_contain_text("belum dikenal bot")
    page.screenshot(path=SHOTS / f"93-orang-salah-{scripts}.png", full_page=True)


def test_role_is_asked_for_and_taken_back(office: Office, browser: Browser) -> None:
    context = office.enters(browser)
    page = context.new_page()
    page.goto(f"{office.url}/orang")

    page.get_by_role("button", name="Cabut peran pembina dari Wayan").click()
    expect(page.get_by_role("status")).to_contain_text("Tekan “Ya” di sana dalam 30 menit")
    row = page.get_by_role("row", name="Cabut peran pembina dari Wayan Anda")
    row.get_by_role("button", name="Tarik kembali").click()

    expect(page.get_by_role("status")).to_contain_text("Sudah ditarik kembali.")
    expect(page.get_by_role("row", name="Cabut peran pembina dari Wayan Anda")).to_have_count(0)


def test_log_is_narrowed_down_to_one_question(office: Office, browser: Browser) -> None:
    context = office.enters(browser)
    page = context.new_page()
    page.goto(f"{office.url}/catatan")

    page.get_by_label("Kode atau nomor").fill("O2-003")
    page.get_by_role("button", name="Tampilkan").click()

    expect(page.locator(".log > li")).to_have_count(1)
    expect(page.locator(".log del")).to_contain_text(["2", "LIHAT-PAKET.apk.", "paling"])


def test_link_from_the_chat_leads_on_to_the_page_of_a_question(office: Office, browser: Browser) -> None:
    room = office.room
    token = room.world.do(
        lambda s: signing_in.issue_link(s, owner=room.admin, new_token=room.site.new_token, now=room.world.now)
    )
    context = browser.new_context()
    page = context.new_page()

    page.goto(f"{office.url}/masuk#t={token}&ke=/catatan")
    assert page.url == f"{office.url}/masuk"
    page.get_by_role("button", name="Masuk").click()

    expect(page).to_have_url(f"{office.url}/catatan")
