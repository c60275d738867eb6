"""The editor of lessons in a real browser: cards, tools, four readers, and two people at once; on phone and laptop."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from bot.usecases import signing_in
from tests.e2e.fitting import oddities
from tests.e2e.serving import window
from tests.e2e.test_editor import Desk, desk
from tests.e2e.test_phone import SHOTS

__all__ = ["desk"]
LESSON = "/isi/pelajaran/M-O2-cek-mutasi"
PAGES = {
    "75-pelajaran": "/isi/pelajaran",
    "76-pelajaran-baru": "/isi/pelajaran/baru",
    "77-satu-pelajaran": LESSON,
    "78-pelajaran-kosong": "/isi/pelajaran/baru?bidang=O6&judul=Balas dengan ramah",
    "79-keluarkan-pelajaran": f"{LESSON}/lepas?apa=keluar",
}
TARGETS = (
    ".button, button:not(.hidden):not(.bare), .tools input, .tools select, summary, .toolbar select, .check, "
    ".field input:not([type=radio], [type=checkbox]), .field select"
)
"""What a thumb must hit."""


def opened(desk: Desk, browser: Browser, path: str = LESSON, *, who: int = 0, scripts: bool = True) -> Page:
    page = desk.enters(browser, who=who, scripts=scripts).new_page()
    page.goto(desk.url + path)
    return page


def card(page: Page, number: int) -> Locator:
    return page.locator(f"[name='cards.{number - 1}.id']")


def selected(field: Locator) -> str:
    return str(field.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)"))


def test_every_page_fits_phone_and_laptop_and_breaks_no_rule(desk: Desk, browser: Browser) -> None:
    odd = oddities(lambda width: desk.enters(browser, width=width), desk.url, PAGES, TARGETS)

    assert odd == []


def test_tools_set_marks_around_what_is_chosen_and_can_be_undone(desk: Desk, browser: Browser) -> None:
    page = opened(desk, browser)
    field = card(page, 1)
    tools = page.locator("#kartu-1").get_by_role("toolbar").first
    field.fill("<b>Satu</b>\n\nhati-hati\ndua")

    field.evaluate("e => e.setSelectionRange(13, 22)")
    tools.get_by_role("button", name="Tebal").click()
    assert field.input_value() == "<b>Satu</b>\n\n<b>hati-hati</b>\ndua"
    assert selected(field) == "hati-hati"
    tools.get_by_role("button", name="Miring").click()
    assert field.input_value() == "<b>Satu</b>\n\n<b><i>hati-hati</i></b>\ndua"
    page.keyboard.press("Control+z")
    assert field.input_value() == "<b>Satu</b>\n\n<b>hati-hati</b>\ndua"


def test_tools_write_lists_quotes_links_and_pieces(desk: Desk, browser: Browser) -> None:
    page = opened(desk, browser)
    field = card(page, 1)
    tools = page.locator("#kartu-1").get_by_role("toolbar").first

    field.fill("satu\ndua")
    field.evaluate("e => e.setSelectionRange(0, 8)")
    tools.get_by_role("button", name="Daftar").click()
    assert field.input_value() == "• satu\n• dua"
    field.evaluate("e => e.setSelectionRange(0, 12)")
    tools.get_by_role("button", name="Daftar").click()
    assert field.input_value() == "satu\ndua"

    field.fill("")
    tools.get_by_role("button", name="Tautan").click()
    page.keyboard.type("contoh.id")
    assert field.input_value() == '<a href="https://contoh.id">tulisan tautan</a>'
    field.fill("")
    tools.get_by_role("button", name="Kutipan").click()
    assert field.input_value() == "<blockquote>kutipan</blockquote>"
    field.fill("Halo ")
    tools.get_by_label("Sisipkan isian").select_option(label="nama → Sari")
    assert field.input_value() == "Halo {{ nama }}"
    field.fill("")
    tools.get_by_label("Sisipkan syarat").select_option(label="Bila ada nama")
    assert field.input_value() == "{% if nama %}{{ nama }}, ayo{% else %}Ayo{% endif %}"


def test_preview_follows_the_card_and_reads_as_four_people(desk: Desk, browser: Browser) -> None:
    page = opened(desk, browser)
    bubble = page.locator("#pratinjau .bubble").last
    card(page, 2).fill("<b>Baru</b>\n\n{% if nama %}Halo {{ nama }}.{% else %}Halo.{% endif %}")
    expect(page.locator("#layar")).to_have_value("Kartu 2")
    expect(bubble).to_contain_text("Halo Bu Sari.")

    page.get_by_label("Pembaca").select_option(label="Keempat-empatnya")
    expect(page.locator("#pratinjau .phone")).to_have_count(4)

    said = page.locator("#pratinjau .bubble").all_inner_texts()
    assert [text.rpartition("\n")[2] for text in said] == ["Halo Bu Sari.", "Halo Pak Budi.", "Halo Pak Joko.", "Halo."]


def test_problem_stands_beside_its_card_and_leads_to_the_line(desk: Desk, browser: Browser) -> None:
    page = opened(desk, browser)
    field = card(page, 3)
    field.fill("<b>Tiga</b>\n\nHalo {{ alamat }}\nlagi")

    page.get_by_role("button", name="Simpan di rancangan").click()
    expect(page.get_by_role("alert")).to_contain_text("Kartu 3: variabel alamat tidak dikenal")
    page.locator("#kartu-3").get_by_role("button", name="Baris 3").click()

    assert selected(card(page, 3)) == "Halo {{ alamat }}"
    page.screenshot(path=SHOTS / "77-satu-pelajaran-ditolak.png", full_page=True)


def test_cards_are_added_moved_taken_out_and_saved(desk: Desk, browser: Browser) -> None:
    page = opened(desk, browser, "/isi/pelajaran/M-O4-catat-dan-hitung-harga")
    before = [field.input_value() for field in page.locator("textarea[name$='.id']").all()]

    page.locator("#kartu-1").get_by_role("button", name="Turun").click()
    expect(card(page, 2)).to_have_value(before[0])
    expect(card(page, 2)).to_be_focused()
    page.get_by_role("button", name="Kartu baru di sini").first.click()
    expect(card(page, 2)).to_have_value("")
    card(page, 2).fill("<b>Sisipan</b>\n\nSatu kalimat pendek.")
    page.locator("#kartu-2 summary").click()
    page.locator("[name='cards.1.en']").fill("<b>Put in</b>\n\nOne short sentence.")
    page.locator("#kartu-4").get_by_role("button", name="Hapus").click()
    expect(page.locator(".lesson-card")).to_have_count(len(before))
    page.get_by_role("button", name="Simpan di rancangan").click()

    expect(page.get_by_role("status")).to_contain_text("Tersimpan di rancangan")
    after = [field.input_value() for field in page.locator("textarea[name$='.id']").all()]
    assert after == [before[1], "<b>Sisipan</b>\n\nSatu kalimat pendek.", before[0], *before[3:]]


def test_everything_works_without_javascript(desk: Desk, browser: Browser) -> None:
    page = opened(desk, browser, "/isi/pelajaran?cari=mutasi", scripts=False)
    page.get_by_role("link", name="Cek mutasi dulu").click()

    field = card(page, 1)
    field.fill(field.input_value() + "\n\nTanpa alat.")
    page.locator("#kartu-1").get_by_role("button", name="Turun").click()
    assert card(page, 2).input_value().endswith("Tanpa alat.")
    page.get_by_role("button", name="Lihat pratinjau").last.click()
    expect(page.locator("#pratinjau .phone")).to_be_visible()


def test_two_people_lose_nothing(desk: Desk, browser: Browser) -> None:
    path = "/isi/pelajaran/M-O2-aman-saat-membayar"
    mine, theirs = opened(desk, browser, path), opened(desk, browser, path, who=1)
    theirs.get_by_label("Judul", exact=True).first.fill("Aman waktu membayar")
    theirs.get_by_label("Ringkasan").fill("Ringkasan dari Rani.")
    theirs.get_by_role("button", name="Simpan di rancangan").click()
    expect(theirs.get_by_role("status")).to_contain_text("Tersimpan")

    mine.get_by_label("Ringkasan").fill("Ringkasan dari Ayu.")
    mine.get_by_label("Langkah nyata").fill("Langkah dari Ayu.")
    mine.get_by_role("button", name="Simpan di rancangan").click()
    expect(mine.get_by_role("alert")).to_contain_text("Rani sudah menyimpan perubahan")
    mine.screenshot(path=SHOTS / "77-satu-pelajaran-berdua.png", full_page=True)
    expect(mine.get_by_label("Judul", exact=True).first).to_have_value("Aman waktu membayar")
    expect(mine.get_by_label("Ringkasan")).to_have_value("Ringkasan dari Ayu.")
    mine.get_by_role("button", name="Pakai tulisan").click()
    expect(mine.get_by_label("Ringkasan")).to_have_value("Ringkasan dari Rani.")
    mine.get_by_role("button", name="Simpan di rancangan").click()

    expect(mine.get_by_role("status")).to_contain_text("Tersimpan")
    expect(mine.get_by_label("Langkah nyata")).to_have_value("Langkah dari Ayu.")


def test_what_was_typed_comes_back_when_the_session_is_over(desk: Desk, browser: Browser) -> None:
    secret = desk.room.signs_in(desk.room.admin).secret
    page = window(browser, desk.url, secret).new_page()
    page.goto(desk.url + LESSON)
    desk.room.world.do(lambda s: signing_in.sign_out(s, secret=secret))

    page.locator("input[name=title]").fill("Cek mutasi dulu, baru kirim")

    expect(page.get_by_role("heading", name="Tulisan Anda belum tersimpan")).to_be_visible()
    expect(page.get_by_label("Tulisan 1", exact=True)).to_have_value("Cek mutasi dulu, baru kirim")
