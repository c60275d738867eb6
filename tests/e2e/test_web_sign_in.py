"""A coach goes from the demo's phone to the web, by link and as a Mini App, in a real browser, without Telegram."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.fitting import complaints, misfits
from tests.e2e.test_phone import PATIENCE, Demo, Phone, playing
from tests.e2e.test_phone import page as page

WELCOME = re.compile(r"^Selamat datang, Pemilik \d+$")
"""What the web says to a newcomer of the demo."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with playing(tmp_path_factory.mktemp("demo")) as running:
        yield running


def coach_asks_for_the_dashboard(demo: Demo, page: Page) -> Phone:
    newcomer = page.request.post(f"http://127.0.0.1:{demo.port}/people", data={}).json()["id"]
    phone = Phone(page, demo.port, newcomer)
    page.get_by_role("button", name="MULAI", exact=True).click()
    phone.tap("Setuju, saya 18 tahun ke atas")
    phone.tap("Pembina / pendamping")
    phone.types("/dasbor")
    expect(page.get_by_text("Dasbor di peramban").last).to_be_visible()
    return phone


def opened(context: BrowserContext, page: Page, label: str) -> Page:
    """Tap a button that opens a page, and return the page."""
    with context.expect_page() as coming:
        page.get_by_test_id("button").get_by_text(label).last.click()
    coming.value.set_default_timeout(PATIENCE)
    return coming.value


def test_coach_signs_in_by_link_once(demo: Demo, page: Page) -> None:
    heard = complaints(page.context)
    phone = coach_asks_for_the_dashboard(demo, page)
    phone.shot("20-dasbor-di-obrolan")

    door = opened(page.context, page, "Buka di laptop")
    expect(door.get_by_text("Tautan Anda siap")).to_be_visible()
    assert door.url.endswith("/masuk")
    token = door.locator("#kode").input_value()
    assert misfits(door, "21-masuk") == []
    door.get_by_role("button", name="Masuk").click()
    expect(door.get_by_role("heading", name=WELCOME)).to_be_visible()
    assert misfits(door, "22-beranda") == []

    again = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    again.goto(f"{door.url}masuk#t={token}")
    again.get_by_role("button", name="Masuk").click()
    expect(again.get_by_role("alert")).to_contain_text("sudah dipakai")
    assert misfits(again, "23-tautan-terpakai") == []

    door.get_by_role("button", name="Keluar", exact=True).click()
    expect(door.get_by_role("heading", name="Masuk")).to_be_visible()
    door.goto(re.sub(r"masuk$", "", door.url))
    expect(door.get_by_role("heading", name="Masuk")).to_be_visible()
    assert heard == []


def test_chat_tells_of_the_sign_in_and_not_me_ends_it(demo: Demo, page: Page) -> None:
    phone = coach_asks_for_the_dashboard(demo, page)
    door = opened(page.context, page, "Buka di laptop")
    door.get_by_role("button", name="Masuk").click()
    expect(door.get_by_role("heading", name=WELCOME)).to_be_visible()

    expect(page.get_by_text("Anda baru masuk di peramban")).to_be_visible(timeout=30_000)
    phone.shot("26-baru-masuk")
    phone.tap("Bukan saya")
    expect(page.get_by_text("Semua peramban sudah keluar")).to_be_visible()
    door.reload()

    expect(door.get_by_role("heading", name="Masuk")).to_be_visible()


def test_coach_opens_the_mini_app_from_the_phone(demo: Demo, page: Page) -> None:
    heard = complaints(page.context)
    coach_asks_for_the_dashboard(demo, page)

    app = opened(page.context, page, "Buka di sini")
    expect(app.get_by_role("heading", name=WELCOME)).to_be_visible()
    assert misfits(app, "24-mini") == []
    assert app.context.cookies(app.url) == []
    assert app.evaluate("location.hash") == ""
    assert heard == []

    app.reload()
    expect(app.get_by_role("heading", name="Buka dari bot")).to_be_visible()


def test_door_works_without_javascript(demo: Demo, page: Page) -> None:
    coach_asks_for_the_dashboard(demo, page)
    address = page.get_by_test_id("button").get_by_text("Buka di laptop").last.get_attribute("href")
    assert address is not None
    plain = page.context.browser.new_context(java_script_enabled=False).new_page()  # type: ignore[union-attr]

    plain.goto(address)
    plain.get_by_label("Kode dari bot").fill(address)
    plain.get_by_role("button", name="Masuk").click()

    expect(plain.get_by_role("heading", name=WELCOME)).to_be_visible()
    assert misfits(plain, "25-tanpa-javascript") == []


def test_keyboard_reaches_everything_on_the_door(demo: Demo, page: Page) -> None:
    coach_asks_for_the_dashboard(demo, page)
    address = page.get_by_test_id("button").get_by_text("Buka di laptop").last.get_attribute("href")
    assert address is not None

    page.goto(address)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=WELCOME)).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"
