"""Questions that take several taps or come with a picture: drafts, what is stored, and when the picture is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.callback_data import StaleButton
from bot.chat.handlers.question import read_draft
from bot.core.answer import Answer, Ordered, Replied, Ticked
from bot.core.item import Format, Item
from bot.simulator.chats import ChatMessage
from bot.texts.picture import digest
from tests.content.formats import ALTERNATIVE, PICTURE, content_of
from tests.core.builders import item
from tests.stage import JOKO, SARI, Stage, buttons, stage

STALE = "Tombol itu sudah lewat. Layar yang terbaru ada di paling bawah."
CHOICE, MULTIPLE, CONVERSATION, ORDER = (
    item(f"O1-00{number}", format)
    for number, format in enumerate((Format.CHOICE, Format.MULTIPLE, Format.CONVERSATION, Format.ORDER))
)
Opening = Callable[..., Stage]


@pytest.fixture
def open_with(tmp_path: Path) -> Iterator[Opening]:
    """Open a stage whose questions are of these formats by turns, with Sari at the first of them."""
    with ExitStack() as stack:

        def opened(*formats: Format, asks_confidence: bool = False) -> Stage:
            play = stack.enter_context(stage(tmp_path, content_of(tmp_path, *formats, asks_confidence=asks_confidence)))
            play.joins(SARI)
            play.taps(SARI, "Mulai asesmen")
            return play

        yield opened


def answers(play: Stage) -> list[str]:
    """Return what is stored, in order."""
    return [row[0] for row in play.rows("SELECT answer FROM response ORDER BY attempt_id, slot")]


def pictures(play: Stage, person: int = SARI) -> list[ChatMessage]:
    return [message for message in play.api.messages(person) if message.photo]


# Drafts


@pytest.mark.parametrize(
    ("of", "text", "draft"),
    [
        (MULTIPLE, "t0", Ticked(0)),
        (MULTIPLE, "t15", Ticked(15)),
        (CONVERSATION, "p", Replied(())),
        (CONVERSATION, "p2", Replied((2,))),
        (ORDER, "o", Ordered(())),
        (ORDER, "o3", Ordered((3,))),
        (ORDER, "o30", Ordered((3, 0))),
        (ORDER, "o301", Ordered((3, 0, 1, 2))),
        (ORDER, "o3012", Ordered((3, 0, 1, 2))),
    ],
)
def test_draft_is_read(of: Item, text: str, draft: Answer) -> None:
    assert read_draft(of, text) == draft


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (MULTIPLE, "t16"),
        (MULTIPLE, "t"),
        (MULTIPLE, "5"),
        (MULTIPLE, "p"),
        (MULTIPLE, "o"),
        (MULTIPLE, "u"),
        (MULTIPLE, "c1"),
        (CONVERSATION, "p3"),
        (CONVERSATION, "p00"),
        (CONVERSATION, "p000"),
        (CONVERSATION, "p-1"),
        (CONVERSATION, "o"),
        (CONVERSATION, "o0"),
        (CONVERSATION, "t0"),
        (CONVERSATION, "u"),
        (ORDER, "o4"),
        (ORDER, "o00"),
        (ORDER, "o01233"),
        (ORDER, "o01234"),
        (ORDER, "p"),
        (ORDER, "t0"),
        (ORDER, "0"),
        (CHOICE, "t0"),
        (CHOICE, "p"),
        (CHOICE, "o"),
        (CHOICE, "c0"),
        (CHOICE, ""),
    ],
)
def test_draft_that_does_not_fit_is_a_stale_button(of: Item, text: str) -> None:
    with pytest.raises(StaleButton):
        read_draft(of, text)


def test_order_of_three_falls_into_place_after_two() -> None:
    three = replace(ORDER, options=ORDER.options[:3])

    assert read_draft(three, "o2") == Ordered((2,))
    assert read_draft(three, "o20") == Ordered((2, 0, 1))


@pytest.mark.parametrize(
    ("format", "taps", "stored"),
    [
        (Format.ORDER, ["C", "A", "B", "Ulangi", "D", "C", "B", "Selesai"], "o3210"),
        (Format.CONVERSATION, ["B", "‹ Ulangi dari awal", "A", "C"], "p02"),
        (Format.PICTURE, ["D"], "c3"),
    ],
)
def test_nothing_is_stored_before_the_last_tap(
    open_with: Opening, format: Format, taps: list[str], stored: str
) -> None:
    play = open_with(format)

    for label in taps[:-1]:
        play.taps(SARI, label)
    before = answers(play)
    play.taps(SARI, taps[-1])

    assert (before, answers(play)) == ([], [stored])


@pytest.mark.parametrize("format", [Format.ORDER, Format.CONVERSATION])
@pytest.mark.parametrize("draft", ["5", "t1", "o00", "p9", "o01230", "p00000", "x", "u", "c0", "n5", "o-1"])
def test_forged_draft_changes_nothing(open_with: Opening, format: Format, draft: str) -> None:
    play = open_with(format)
    before = play.screen(SARI)

    play.tap(SARI, play.live(SARI).message_id, f"1.tk.1.1.{draft}", forge=True)

    assert (play.screen(SARI), play.toast(SARI), answers(play)) == (before, STALE, [])


@pytest.mark.parametrize("given", ["p0", "p012", "p03", "o01", "c0", "t1"])
def test_forged_answer_to_a_conversation_is_not_stored(open_with: Opening, given: str) -> None:
    play = open_with(Format.CONVERSATION)

    play.tap(SARI, play.live(SARI).message_id, f"1.an.1.1.{given}", forge=True)

    assert (play.toast(SARI), answers(play)) == (STALE, [])


def test_order_without_a_letter_offers_neither_done_nor_again(open_with: Opening) -> None:
    play = open_with(Format.ORDER)
    empty = play.labels(SARI)
    play.taps(SARI, "B")

    assert empty[:4] == ["A", "B", "C", "D"]
    assert not {"Selesai", "Ulangi"} & set(empty)
    assert play.labels(SARI)[:4] == ["A", "C", "D", "Ulangi"]


# Pictures


def test_picture_comes_with_its_words_above_the_question(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)

    (picture,) = pictures(play)
    question = play.live(SARI)
    assert picture.caption == f"Gambar untuk pertanyaan 1:\n{ALTERNATIVE}"
    assert picture.message_id < question.message_id
    assert "Lihat gambar" in play.labels(SARI)


def test_picture_is_uploaded_once_for_everybody(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)
    play.joins(JOKO)
    play.taps(JOKO, "Mulai asesmen")
    play.restart()
    play.says(SARI, "/lanjut")

    shown = [message.photo for person in (SARI, JOKO) for message in pictures(play, person)]
    kept = play.rows("SELECT digest, file_id FROM shared_picture")
    assert len(shown) == 3
    assert {picture.file_id for picture in shown if picture} == {kept[0][1]}
    assert [name for name, _ in kept] == [digest(PICTURE)]


def test_picture_whose_file_id_is_refused_is_uploaded_anew(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)
    play.rows("UPDATE shared_picture SET file_id = 'AgACAgQAAx0-of-another-bot'")

    play.taps(SARI, "Lihat gambar")

    assert len(pictures(play)) == 2
    assert "another" not in play.rows("SELECT file_id FROM shared_picture")[0][0]


@pytest.mark.parametrize("act", ["apa ini", "1.an.1.9.c0", "1.tk.1.1.t1", "1.cf.1.1.yakin", "1.xx"])
def test_picture_is_not_sent_again_where_the_question_is_only_redrawn(open_with: Opening, act: str) -> None:
    play = open_with(Format.PICTURE)

    if act.startswith("1."):
        play.tap(SARI, play.live(SARI).message_id, act, forge=True)
    else:
        play.says(SARI, act)

    assert len(pictures(play)) == 1
    assert "Pertanyaan 1 dari 8" in play.screen(SARI)


@pytest.mark.parametrize("act", ["/lanjut", "/mulai", "Lihat gambar", "resume"])
def test_picture_is_sent_again_where_the_question_comes_back(open_with: Opening, act: str) -> None:
    play = open_with(Format.PICTURE)

    if act == "resume":
        play.taps(SARI, "Jeda")
        play.taps(SARI, "Lanjut")
    elif act.startswith("/"):
        play.says(SARI, act)
    else:
        play.taps(SARI, act)

    first, second = pictures(play)
    assert first.message_id < second.message_id < play.live(SARI).message_id
    assert [m.message_id for m in play.api.messages(SARI) if m.keyboard] == [play.live(SARI).message_id]


def test_second_tap_on_an_answer_leaves_the_next_question_below_its_picture(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)
    message = play.live(SARI)
    data = next(button.data or "" for button in buttons(message) if button.text == "B")

    play.tap(SARI, message.message_id, data)
    play.tap(SARI, message.message_id, data)
    play.tap(SARI, message.message_id, "1.an.1.1.c2", forge=True)

    assert (len(pictures(play)), answers(play)) == (2, ["c1"])
    assert pictures(play)[-1].message_id < play.live(SARI).message_id
    assert "Pertanyaan 2 dari 8" in play.screen(SARI)


def test_answer_delivered_again_because_its_screen_never_came_brings_the_picture(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)
    message = play.live(SARI).message_id
    play.taps(SARI, "A")
    play.rows("UPDATE person SET live_message_id = :live", live=message)
    chat = play.api.chat(SARI)
    chat.messages = {number: kept for number, kept in chat.messages.items() if number <= message}

    play.deliver(play.last_update(SARI))

    assert answers(play) == ["c0"]
    assert message < pictures(play)[-1].message_id < play.live(SARI).message_id
    assert "Pertanyaan 2 dari 8" in play.screen(SARI)


def test_certainty_is_asked_without_and_followed_by_a_picture(open_with: Opening) -> None:
    play = open_with(Format.PICTURE, asks_confidence=True)
    while "Yakin" not in play.labels(SARI):
        play.taps(SARI, "B")
    before = len(pictures(play))

    play.taps(SARI, "Agak yakin")

    assert len(pictures(play)) == before + 1
    assert pictures(play)[-1].message_id < play.live(SARI).message_id


def test_button_for_the_picture_of_another_question_is_stale(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)

    for data in ("1.gb.1.2", "1.gb.2.1", "1.gb.x.!"):
        play.tap(SARI, play.live(SARI).message_id, data, forge=True)

        assert play.toast(SARI) == STALE
    assert len(pictures(play)) == 1


def test_result_explains_a_picture_with_the_picture(open_with: Opening) -> None:
    play = open_with(Format.PICTURE)
    play.answers_all(SARI, "B")
    play.taps(SARI, "Pembahasan")
    before = len(pictures(play))

    play.taps(SARI, "Lihat gambar")

    assert len(pictures(play)) == before + 1
    assert "Pembahasan 1 dari 8" in play.screen(SARI)


def test_data_of_every_format_can_be_read(open_with: Opening) -> None:
    play = open_with(*(format for format in (Format.PICTURE, Format.CONVERSATION, Format.ORDER)))
    play.answers_all(SARI, "A")

    play.says(SARI, "/data")

    texts = [
        m.document.data.decode() for m in play.api.messages(SARI) if m.document and m.document.name.endswith(".txt")
    ]
    assert "Jawaban: Uangnya sudah masuk (nilai 0 dari 1)" in texts[0]
    assert "Jawaban: Masih, Kak. Mau rasa apa? → Pasti bisa, Kak! (nilai 1 dari 2)" in texts[0]
    assert "Jawaban: 1. Cek uang masuk di mutasi; 2. Kemas barangnya; 3. " in texts[0]
