"""A person plays the whole road on the demo's phone, in a real browser; screenshots are kept in var/screenshots."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partialmethod
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.core.item import Format
from bot.demo import run_demo
from bot.wiring import App
from tests.content.formats import content_of

PATIENCE = 20_000
"""Milliseconds after which a page does not come any more, on a machine that has other things to do."""
SHOTS = Path(__file__).parents[2] / "var" / "screenshots"
BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SHOWN = "() => [...document.querySelectorAll('[data-testid=bubble],[data-testid=button]')].map(e => e.innerText).join()"
SETTLED = "!document.querySelector('[aria-busy]') && document.querySelector('[data-testid=button]')"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]

if BROWSER is None:
    if os.environ.get("CI"):
        raise RuntimeError("CI must have Chromium: apt-get install chromium")
    pytest.skip(
        "Chromium is missing (Debian: apt-get install chromium); the browser test did not run", allow_module_level=True
    )


class Demo:
    """The demo in a thread of its own, on a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = _free_port()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        environment = {"WEB_PORT": str(self.port)}
        self._loop.run_until_complete(run_demo(environment, self.root, stop=self._stop, ready=self._ready.set))
        self._loop.close()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(15)
        assert not self._thread.is_alive()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def playing(root: Path) -> Iterator[Demo]:
    """Run the demo on a folder until left."""
    running = Demo(root)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with playing(tmp_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.set_default_timeout(PATIENCE)
    return page


class Phone:
    """What a person does with the phone in the browser."""

    def __init__(self, page: Page, port: int, person: int = 1001) -> None:
        self.page = page
        page.goto(f"http://127.0.0.1:{port}/phone?as={person}")

    def buttons(self) -> list[str]:
        return self._live().all_inner_texts()

    def _live(self) -> Locator:
        return self.page.get_by_test_id("button").locator("visible=true")

    def text(self) -> str:
        return self.page.get_by_test_id("bubble").last.inner_text()

    def tap(self, label: str) -> None:
        """Tap a button and wait until the screen has changed."""
        before = self.page.evaluate(f"({SHOWN})()")
        self._live().get_by_text(label, exact=True).last.click()
        self.page.wait_for_function(f"before => {SETTLED} && ({SHOWN})() !== before", arg=before)

    def types(self, text: str) -> None:
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.getElementById('toast').hidden = true")
        self.page.screenshot(path=SHOTS / f"{name}.png")


def test_phone_plays_the_whole_road(demo: Demo, page: Page) -> None:
    phone = Phone(page, demo.port)
    page.get_by_role("button", name="MULAI", exact=True).click()
    expect(page.get_by_text("Apakah Anda setuju?")).to_be_visible()
    phone.shot("01-persetujuan")

    for label in ("Setuju, saya 18 tahun ke atas", "Pemilik usaha", "Makanan & minuman", "Saya sendiri"):
        phone.tap(label)
    phone.tap("WhatsApp / media sosial")
    phone.shot("02-jam-buka")
    phone.tap("08.00–17.00 WIB")
    phone.tap("Mulai asesmen")
    phone.shot("03-pertanyaan")
    shown = answer_everything(phone)
    phone.shot("04-hasil")
    assert "Hasil Sari, " in phone.text()
    assert {"choice", "confidence"} <= shown

    phone.tap("Pembahasan")
    phone.shot("05-pembahasan")
    phone.tap("Kembali ke hasil")
    phone.tap("Gambar hasil")
    expect(page.locator("[data-testid=bubble] img").last).to_be_visible()
    phone.shot("06-gambar")
    phone.tap("Kembali ke hasil")
    for label in ("Semua pelajaran", "Keamanan", "Cek mutasi dulu"):
        phone.tap(label)
    phone.shot("07-pelajaran")
    while "Sudah saya lakukan" not in phone.buttons():
        phone.tap("Lanjut ›")
    phone.shot("08-langkah")
    phone.tap("Sudah saya lakukan")
    assert "Cek ulang: 3 pertanyaan" in phone.buttons()
    phone.tap("Nanti saja, ke daftar pelajaran")
    page.set_viewport_size({"width": 1280, "height": 860})
    phone.shot("09-lebar")


def test_phone_shows_pictures_chats_and_orders(tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    content = content_of(tmp_path, Format.PICTURE, Format.CONVERSATION, Format.ORDER)
    monkeypatch.setattr(App, "prepare", partialmethod(App.prepare, content))
    demo = Demo(tmp_path)
    demo.start()
    phone = Phone(page, demo.port)
    page.get_by_role("button", name="MULAI", exact=True).click()
    for label in ("Setuju, saya 18 tahun ke atas", "Pemilik usaha", "Makanan & minuman", "Saya sendiri"):
        phone.tap(label)
    phone.tap("WhatsApp / media sosial")
    phone.tap("08.00–17.00 WIB")
    phone.tap("Mulai asesmen")

    met: set[Format] = set()
    while len(met) < 3:
        labels = phone.buttons()
        if "Lihat gambar" in labels:
            met.add(Format.PICTURE)
            expect(page.locator("[data-testid=bubble] img").last).to_be_visible()
            expect(page.get_by_text("Layar Bank Contoh Nusantara").last).to_be_visible()
            page.locator("[data-testid=bubble] img").last.scroll_into_view_if_needed()
            phone.shot("10-soal-gambar")
            phone.tap("B")
        elif "D" in labels:
            met.add(Format.ORDER)
            for label in ("C", "A", "B"):
                phone.tap(label)
            phone.shot("12-soal-urutan")
            phone.tap("Selesai")
        else:
            met.add(Format.CONVERSATION)
            phone.tap("A")
            phone.shot("11-soal-percakapan")
            phone.tap("B")
    demo.stop()


def answer_everything(phone: Phone) -> set[str]:
    """Answer until the result is there; return which kinds of question were met."""
    met: set[str] = set()
    for _ in range(200):
        labels = phone.buttons()
        if "Yakin" in labels:
            met.add("confidence")
            phone.tap("Agak yakin")
        elif any(label.startswith("☑") for label in labels):
            phone.tap("Selesai")
        elif "☐ A" in labels:
            met.add("ticks")
            phone.tap("☐ A")
        elif "B" in labels:
            met.add("choice")
            phone.tap("B")
        elif "Belum tahu" in labels:
            if "number" not in met:
                phone.shot("03-angka")
            met.add("number")
            phone.tap("Belum tahu")
        elif "Pembahasan" in labels:
            return met
        else:
            phone.page.wait_for_timeout(50)  # between two drawings of the page
    raise AssertionError("the assessment never ended")


def test_second_start_finds_the_chat_again(tmp_path: Path, page: Page) -> None:
    first = Demo(tmp_path)
    first.start()
    phone = Phone(page, first.port)
    page.get_by_role("button", name="MULAI", exact=True).click()
    phone.tap("Setuju, saya 18 tahun ke atas")
    first.stop()

    second = Demo(tmp_path)
    second.start()
    phone = Phone(page, second.port)
    phone.tap("Pemilik usaha")
    phone.types("/lanjut")

    expect(page.get_by_text("1 dari 4").last).to_be_visible()
    second.stop()
