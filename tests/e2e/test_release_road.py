"""The whole road of a change in a real browser: found, edited, read by a second person, released, met only by who
begins afterwards, and taken back; on phone and laptop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.fitting import misfits
from tests.e2e.serving import served
from tests.e2e.test_editor import Desk
from tests.web.classroom import classroom

ITEM = "/isi/butir/O3-001"
NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"
TARGETS = ".button, main button, .way, summary, .check, main input[type=date], main input[type=time], main textarea"
"""What a thumb must hit."""


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An editor where two people release together."""
    with classroom(tmp_path_factory.mktemp("road") / "web.db") as room:
        secrets = (room.signs_in(room.admin).secret, room.signs_in(room.rani).secret)
        admins = room.site.admins | {room.rani.telegram_id}
        with served(replace(room.site, admins=admins, two_person=True)) as url:
            yield Desk(room, url, secrets)


@pytest.mark.parametrize("scripts", [True, False])
def test_change_goes_from_its_question_to_people_and_back(desk: Desk, browser: Browser, scripts: bool) -> None:
    world = desk.room.world
    sari, joko = world.joins(1001, "Sari"), desk.room.joko
    running = world.begins(sari)
    old = running.attempt.release_id
    maya = desk.enters(browser, scripts=scripts).new_page()
    rani = desk.enters(browser, who=1, scripts=scripts).new_page()
    odd = []

    maya.goto(f"{desk.url}/isi/butir?cari=kebaya")
    maya.get_by_role("link", name="Jahitan kebaya").first.click()
    maya.locator("textarea[name=stem]").fill(NEW_STEM)
    maya.get_by_role("button", name="Simpan").first.click()
    maya.goto(f"{desk.url}/isi")
    expect(maya.get_by_role("heading", name="Butir O3-001")).to_be_visible()
    expect(maya.locator("#rancangan del").first).to_contain_text("sudah")
    odd += misfits(maya, "80-rancangan", TARGETS)

    maya.get_by_label("Apa yang berubah, dan mengapa?").fill("Soal kebaya dibuat lebih pendek.")
    maya.get_by_role("button", name="Usulkan").click()
    expect(maya.get_by_text("Menunggu dibaca orang kedua.")).to_be_visible()
    expect(maya.get_by_role("button", name="Terbitkan sekarang")).to_have_count(0)
    odd += misfits(maya, "81-usulan", TARGETS)

    rani.goto(f"{desk.url}/isi")
    odd += misfits(rani, "82-dibaca-orang-kedua", TARGETS)
    rani.get_by_role("button", name="Sudah saya baca, setujui").click()
    rani.get_by_role("button", name="Terbitkan sekarang").click()
    expect(rani.get_by_text("Sudah terbit.")).to_be_visible()
    odd += misfits(rani, "83-terbit", TARGETS)

    stays = world.stands(sari)
    begun = world.begins(world.joins(1002, "Dewi"))
    new = begun.attempt.release_id
    assert stays is not None and (stays.attempt.release_id, stays.item) == (old, running.item)
    stems = {r: world.do(lambda s, r=r: world.library.pinned(s, r)).item_by_code["O3-001"].stem for r in (old, new)}  # type: ignore[misc]
    assert (stems[new], stems[old] != NEW_STEM, joko.id != sari.id) == (NEW_STEM, True, True)

    rani.get_by_role("link", name="Lihat bedanya").first.click()
    expect(rani.get_by_role("heading", name="Kalau kembali ke sini, 1 bagian berubah")).to_be_visible()
    odd += misfits(rani, "84-kembali", TARGETS)
    rani.get_by_role("button", name="Kembali ke terbitan ini").click()
    expect(rani.get_by_text("Sudah kembali ke terbitan yang dipilih.")).to_be_visible()
    assert world.do(world.library.current).id == old
    assert odd == []
