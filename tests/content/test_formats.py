"""Conversations, orders and pictures: what the files must hold, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.load import load
from bot.content.problems import ContentRefused, Problem
from bot.content.release import freeze, thaw
from bot.core.item import Drawing, Format, Option, Turn
from bot.texts.picture import png
from tests.content.broken import Desk
from tests.content.formats import ALTERNATIVE, PICTURE, PLACES, content_of

ITEMS, SVG = "items/owner/o1.yaml", "pictures/transfer-dijadwalkan.svg"

FAULTS: dict[str, tuple[Format, str, str, int, str, str]] = {
    "two best replies": (
        Format.CONVERSATION, "score: 1", "score: 2", -3, "O1-901.turns.0",
        "tiap giliran perlu tepat satu balasan bernilai 2, lainnya 1 atau 0",
    ),
    "no best reply": (
        Format.CONVERSATION, "score: 2", "score: 1", -2, "O1-901.turns.0",
        "tiap giliran perlu tepat satu balasan bernilai 2, lainnya 1 atau 0",
    ),
    "customer who says nothing": (
        Format.CONVERSATION, "customer: Bisa sampai Sabtu di Metro?", 'customer: ""', 0, "O1-901.turns.1.customer",
        "tidak boleh kosong",
    ),
    "customer who says too much": (
        Format.CONVERSATION, "customer: Bisa", "customer: Bisa" + "x" * 200, 0, "O1-901.turns.1.customer",
        "terlalu panjang, paling banyak 200 huruf",
    ),
    "place beyond four": (
        Format.ORDER, "place: 4", "place: 5", 0, "O1-901.steps.3.place", "paling besar 4",
    ),
    "place twice": (
        Format.ORDER, "place: 4", "place: 3", -9, "O1-901",
        "place perlu memuat 1, 2, 3 … tepat sekali, dan langkahnya ditulis teracak",
    ),
    "step without a place": (
        Format.ORDER, ", place: 2}", "}", 0, "O1-901.steps.0.place", "wajib diisi",
    ),
    "order without feedback": (
        Format.ORDER, "    feedback_right: Tepat. Barang ada, uang masuk, baru dikemas dan dikirim.\n", "", -10,
        "O1-901.feedback_right", "wajib diisi",
    ),
    "name of a picture with a dot": (
        Format.PICTURE, "picture: transfer-dijadwalkan", "picture: transfer.svg", 0, "O1-901.picture",
        "nama ditulis seperti bukti-transfer: huruf kecil, angka, dan tanda -, tanpa .svg",
    ),
    "picture without words": (
        Format.PICTURE, f"alternative: >-\n      {ALTERNATIVE}", 'alternative: ""', 0, "O1-901.alternative",
        "tidak boleh kosong",
    ),
    "picture with too many words": (
        Format.PICTURE, "Layar Bank", "Layar " + "x" * 500, -1, "O1-901.alternative",
        "terlalu panjang, paling banyak 500 huruf",
    ),
    "two keys of a picture": (
        Format.PICTURE, "score: 0", "score: 1", -9, "O1-901",
        "pilihan perlu tepat satu pilihan bernilai 1, lainnya 0",
    ),
}  # fmt: skip
"""Format, what stands there, what replaces it, lines from there to the told line, field, message."""


@pytest.mark.parametrize("case", FAULTS.values(), ids=FAULTS.keys())
def test_fault_is_told_with_file_line_field_and_message(
    tmp_path: Path, case: tuple[Format, str, str, int, str, str]
) -> None:
    format, old, new, lines, field, message = case
    desk = Desk(content_of(tmp_path, format))
    line = desk.replace(ITEMS, old, new) + lines

    problems = refused(desk)

    assert problems[0] == Problem(f"content/{ITEMS}", line, field, message)


def refused(desk: Desk) -> tuple[Problem, ...]:
    with pytest.raises(ContentRefused) as told:
        load(desk.root)
    return told.value.problems


def test_steps_written_in_their_right_order_are_refused(tmp_path: Path) -> None:
    desk = Desk(content_of(tmp_path, Format.ORDER))
    for place, now in zip(PLACES, "abcd", strict=True):
        desk.replace(ITEMS, f"place: {place}}}", f"place: {now}}}")
    for place, now in enumerate("abcd", start=1):
        desk.replace(ITEMS, f"place: {now}}}", f"place: {place}}}")

    assert "teracak" in refused(desk)[0].message


@pytest.mark.parametrize(("old", "count"), [("      - {text: Kirim nomor resi ke pembeli, place: 4}\n", 3)])
def test_three_steps_are_enough(tmp_path: Path, old: str, count: int) -> None:
    desk = Desk(content_of(tmp_path, Format.ORDER))
    desk.replace(ITEMS, old, "")

    item = thaw(*freeze(load(desk.root))).item_by_code["O1-901"]

    assert (len(item.options), item.right_order) == (count, (2, 0, 1))


def test_missing_picture_is_told_where_it_is_wanted(tmp_path: Path) -> None:
    desk = Desk(content_of(tmp_path, Format.PICTURE, Format.ORDER))
    (desk.root / SVG).unlink()
    wanted = ("o1", "o3", "o5", "o7")

    problems = refused(desk)

    assert {problem.file for problem in problems} == {f"content/items/owner/{name}.yaml" for name in wanted}
    assert {(p.line, p.field, p.message) for p in problems} == {
        (3, "picture", "berkas pictures/transfer-dijadwalkan.svg tidak ada")
    }


def test_picture_that_no_item_shows_is_told(tmp_path: Path) -> None:
    desk = Desk(content_of(tmp_path, Format.PICTURE))
    desk.write("pictures/lama.svg", PICTURE)

    assert refused(desk) == (
        Problem("content/pictures/lama.svg", 1, "berkas", "gambar ini tidak dipakai butir mana pun"),
    )


def test_picture_in_another_encoding_is_told(tmp_path: Path) -> None:
    desk = Desk(content_of(tmp_path, Format.PICTURE))
    desk.write(SVG, b"<svg>caf\xe9</svg>")

    assert refused(desk) == (Problem(f"content/{SVG}", 1, "berkas", "berkas ini tidak tersimpan sebagai UTF-8"),)


def test_formats_become_the_cores_items(tmp_path: Path) -> None:
    content = content_of(tmp_path, Format.PICTURE, Format.CONVERSATION, Format.ORDER)

    picture, conversation, order = thaw(*freeze(load(content))).items[:3]

    assert picture.drawing == Drawing(PICTURE, ALTERNATIVE)
    assert [option.score for option in picture.options] == [0, 1, 0, 0]
    assert [turn.customer for turn in conversation.turns] == [
        "Bu, keripik pisangnya masih ada?",
        "Bisa sampai Sabtu di Metro?",
    ]
    assert conversation.turns[1] == Turn(
        "Bisa sampai Sabtu di Metro?",
        (
            Option("Pasti bisa, Kak!", 0, "Janji tanpa melihat jadwal kurir bisa mengecewakan."),
            Option("Saya cek jadwal kurir dulu, ya.", 2, "Tepat. Janji dibuat sesudah tahu jadwalnya."),
            Option("Biasanya bisa.", 1, "Lebih baik dicek dulu supaya pasti."),
        ),
    )
    assert ([option.score for option in order.options], order.right_order) == (list(PLACES), (2, 0, 1, 3))
    assert order.feedback_right.startswith("Tepat.") and order.feedback_wrong.startswith("Urutannya")


def test_another_picture_makes_another_release(tmp_path: Path) -> None:
    desk = Desk(content_of(tmp_path, Format.PICTURE))
    before, _ = freeze(load(desk.root))
    desk.replace(SVG, "Rp250.000", "Rp250.001")

    after, _ = freeze(load(desk.root))

    assert after != before


def test_release_frozen_before_there_were_pictures_is_still_read(tmp_path: Path) -> None:
    release_id, payload = freeze(load(content_of(tmp_path, Format.ORDER)))
    assert '"pictures":{}' in payload

    old = thaw(release_id, payload.replace(',"pictures":{}', ""))

    assert old == thaw(release_id, payload)


def test_every_real_picture_can_be_drawn() -> None:
    content = Path(__file__).parents[2] / "content"
    pictures = load(content).pictures | {"contoh": PICTURE}

    assert [name for name, svg in pictures.items() if not png(svg).startswith(b"\x89PNG")] == []
