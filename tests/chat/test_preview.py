"""Screens for who writes: the very ones that the chat shows, for questions and lessons that nobody was asked yet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.preview import Reader, card_preview, item_preview
from bot.chat.screen import Screen
from bot.core.answer import best_answer
from bot.core.item import COACH_DIMENSIONS, Format, Item, NumericKey, Option, Turn
from bot.core.person import Role
from bot.simulator.chats import ChatMessage
from bot.texts.markup import MESSAGE_LIMIT, parse
from bot.usecases import accounts, taking
from tests.content.formats import ALTERNATIVE, PICTURE, content_of
from tests.core.builders import item, real_release
from tests.stage import SARI, Stage, stage

STATES = {
    Format.CHOICE: ["Pertanyaan", *(f"Pembahasan: menjawab {letter}" for letter in "ABCD"), "Pembahasan: belum tahu"],
    Format.ORDER: [
        "Pertanyaan",
        "Sesudah langkah pertama",
        "Sesudah semua langkah",
        "Pembahasan: urutan tepat",
        "Pembahasan: urutan terbalik",
        "Pembahasan: belum tahu",
    ],
    Format.NUMBER: ["Pertanyaan", "Pembahasan: jawaban tepat", "Pembahasan: jawaban lain", "Pembahasan: belum tahu"],
    Format.HABIT: ["Pertanyaan"],
}


def first(format: Format) -> Item:
    return next(item for item in real_release().items if item.format is format)


def shows(message: ChatMessage) -> tuple[str, list[list[str]]]:
    return message.text, [[button.text for button in row] for row in message.keyboard]


def drawn(screen: Screen) -> tuple[str, list[list[str]]]:
    return parse(screen.text).text, [[button.label for button in row] for row in screen.rows if row]


def waiting(play: Stage) -> Item:
    """Return the question that Sari is asked."""
    with play.app.database.transaction() as session:
        owner, _ = accounts.meet(session, telegram_id=SARI)
        assert owner is not None
        standing = taking.standing(session, owner=owner, library=play.library)
        assert standing is not None
        assert standing.item is not None
        return standing.item


@pytest.mark.parametrize("format", [Format.PICTURE, Format.CONVERSATION, Format.ORDER])
def test_preview_is_what_the_chat_shows(tmp_path: Path, format: Format) -> None:
    with stage(tmp_path, content_of(tmp_path, format)) as play:
        play.joins(SARI)
        play.taps(SARI, "Mulai asesmen")
        asked, of = play.live(SARI), waiting(play)
        with play.app.database.transaction() as session:
            shown = item_preview(of, "id", release=play.library.current(session))
        photos = [message.caption for message in play.api.messages(SARI) if message.photo]

        assert drawn(shown[0].screen) == shows(asked)
        assert ([shown[0].caption] if shown[0].picture_svg else []) == photos


def test_explanation_is_that_of_the_review(tmp_path: Path) -> None:
    with stage(tmp_path, content_of(tmp_path, Format.PICTURE)) as play:
        play.joins(SARI)
        play.taps(SARI, "Mulai asesmen")
        of = waiting(play)
        play.answers_all(SARI)
        play.taps(SARI, "Pembahasan")
        with play.app.database.transaction() as session:
            shown = item_preview(of, "id", release=play.library.current(session))
        explained = next(preview for preview in shown if preview.name == "Pembahasan: menjawab A")

        assert drawn(explained.screen)[0].partition("\n")[2] == play.screen(SARI).partition("\n")[2]


@pytest.mark.parametrize("format", STATES)
def test_every_state_is_there(format: Format) -> None:
    shown = item_preview(first(format), "id", release=real_release())

    assert [preview.name for preview in shown] == STATES[format]


def feedbacks(of: Item) -> list[str]:
    """Return every feedback of a question, of a chat that of each reply in each turn."""
    options = [option for turn in of.turns for option in turn.options] if of.turns else of.options
    return [*(option.feedback for option in options), of.feedback_right, of.feedback_wrong]


def test_every_feedback_can_be_read() -> None:
    missing, longest = [], 0
    for of in real_release().items:
        texts = [parse(preview.screen.text).text for preview in item_preview(of, "id", release=real_release())]
        missing += [(of.code, said) for said in feedbacks(of) if said not in " ".join(texts)]
        longest = max(longest, *map(len, texts))

    assert missing == []
    assert longest <= MESSAGE_LIMIT


def test_english_comes_from_the_catalogue_and_what_is_new_stays() -> None:
    known = first(Format.CHOICE)
    changed = replace(known, stem="Pertanyaan yang belum diterjemahkan?")

    english = parse(item_preview(changed, "en", release=real_release())[0].screen.text).text

    assert english.startswith("Question 1 of ")
    assert "Pertanyaan yang belum diterjemahkan?" in english
    assert known.options[0].text not in english


def test_picture_comes_with_the_first_screen_alone() -> None:
    of = replace(item("O2-001", Format.PICTURE))
    assert of.drawing is not None
    of = replace(of, drawing=replace(of.drawing, svg=PICTURE, alternative=ALTERNATIVE))

    shown = item_preview(of, "id", release=real_release())

    assert [preview.picture_svg for preview in shown] == [PICTURE, *[None] * (len(shown) - 1)]
    assert shown[0].caption == f"Gambar untuk pertanyaan 1:\n{ALTERNATIVE}"


@pytest.mark.parametrize(
    "of",
    [
        replace(item("O1-001", Format.MULTIPLE), options=(Option("<b>", 0, "&"),)),
        replace(item("O1-001", Format.ORDER), options=(Option("…", 0, ""),) * 8),
        replace(item("O1-001", Format.NUMBER), numeric=NumericKey(0, 5, -5, "…")),
        replace(item("O1-001", Format.CONVERSATION), turns=(Turn("…", (Option("…", 0, "…"),)),)),
        replace(item("O1-001"), stem="</b>" * 500, options=(Option("{{ 7*7 }}", 9, "{% raw %}"),) * 8),
    ],
    ids=["nothing ticked", "no order", "no band", "one reply", "markup"],
)
def test_unsound_question_can_be_looked_at(of: Item) -> None:
    shown = item_preview(of, "id", release=real_release())

    assert shown[0].name == "Pertanyaan"
    assert all(parse(preview.screen.text).text for preview in shown)


def test_question_of_coaches_is_drawn_under_their_form() -> None:
    of = next(item for item in real_release().items if item.dimension in COACH_DIMENSIONS)
    coaches = real_release().under(Role.COACH)

    shown = item_preview(of, "id", release=real_release())

    assert shown[0].screen.text.startswith(f"Pertanyaan 1 dari {coaches.form.scored_count} ")


def test_best_answer_is_told_to_be_best() -> None:
    named = {
        Format.CHOICE: f"menjawab {'ABCD'[best_answer(first(Format.CHOICE)).index]}",  # type: ignore[union-attr]
        Format.ORDER: "urutan tepat",
        Format.NUMBER: "jawaban tepat",
        Format.MULTIPLE: "semua tepat",
        Format.CONVERSATION: "semua balasan terbaik",
    }

    told = {
        format: next(p for p in item_preview(first(format), "id", release=real_release()) if p.name.endswith(name))
        for format, name in named.items()
    }

    assert ["Ini jawaban terbaik." in preview.screen.text for preview in told.values()] == [True] * len(named)


def test_lesson_shows_every_card_and_the_act() -> None:
    module = real_release().modules[0]

    shown = card_preview(module, "id", release=real_release(), reader=Reader())

    assert [preview.name for preview in shown] == [f"Kartu {n + 1}" for n in range(len(module.cards))] + [
        "Langkah nyata"
    ]
    assert module.act in parse(shown[-1].screen.text).text


def test_card_that_cannot_be_rendered_says_so_and_the_others_stand() -> None:
    module = real_release().modules[0]
    broken = replace(module, cards=("{{ rahasia }}", *module.cards[1:]))

    shown = card_preview(broken, "id", release=real_release(), reader=Reader())

    assert "belum bisa ditampilkan" in shown[0].screen.text
    assert shown[1:] == card_preview(module, "id", release=real_release(), reader=Reader())[1:]
