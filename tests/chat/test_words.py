"""Hard words are explained on tap, in the languages people speak at home, and lead back to where they stood."""

from __future__ import annotations

import pytest

from bot.core.glossary import Glossary, Word
from tests.core.builders import real_release
from tests.stage import SARI, Stage

REAL = real_release()


def _until(play: Stage, label: str) -> None:
    """Answer until a question offers this button."""
    for _ in range(40):
        if label in play.labels(SARI):
            return
        play.taps(SARI, "Agak yakin" if "Yakin" in play.labels(SARI) else _some_answer(play))
    raise AssertionError(f"no question ever offered {label}")


def _some_answer(play: Stage) -> str:
    return "Belum tahu" if "Belum tahu" in play.labels(SARI) else "A"


def test_words_of_a_question_are_explained_and_lead_back_to_it(play: Stage) -> None:
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    _until(play, "Apa artinya?")
    question = play.screen(SARI)

    play.taps(SARI, "Apa artinya?")
    explained = play.screen(SARI)
    play.taps(SARI, "Kembali ke pertanyaan")

    assert explained.startswith("Apa artinya?")
    assert explained.count("Jawa: ") == explained.count("Sunda: ") >= 1
    assert play.screen(SARI) == question


def test_words_of_a_card_are_explained_and_lead_back_to_it(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/modul")
    play.taps(SARI, "Keamanan")
    play.taps(SARI, "Cek mutasi dulu")
    card = play.screen(SARI)

    play.taps(SARI, "Apa artinya?")
    explained = play.screen(SARI)
    play.taps(SARI, "Kembali ke pelajaran")

    assert "mutasi: " in explained
    assert play.screen(SARI) == card


def test_who_reads_english_is_not_offered_indonesian_words(play: Stage) -> None:
    play.joins(SARI)
    play.says(SARI, "/pengaturan")
    play.taps(SARI, "English", contains=True)
    play.says(SARI, "/modul")

    play.taps(SARI, "Safety", contains=True)
    play.taps(SARI, play.labels(SARI)[0])

    assert "Apa artinya?" not in play.labels(SARI)


def test_explanation_asked_for_where_no_question_waits_changes_nothing(play: Stage) -> None:
    play.joins(SARI)
    before = play.screen(SARI)

    play.tap(SARI, play.live(SARI).message_id, "1.gl", forge=True)

    assert play.screen(SARI) == before


@pytest.mark.parametrize(("code", "word"), [("O2-002", "mutasi"), ("O1-009", "mode pesawat")])
def test_question_that_asks_for_a_meaning_does_not_give_it_away(code: str, word: str) -> None:
    asked = REAL.item_by_code[code].asked

    assert word in [found.word for found in REAL.glossary.words_in(asked)]
    assert word not in [found.word for found in REAL.hard_words[code]]


def test_glossary_knows_forty_words_in_three_languages() -> None:
    cards = [card for module in REAL.modules for card in module.cards]
    known = REAL.glossary.words_in([*(text for item in REAL.items for text in item.asked), *cards])

    assert len(known) >= 40
    assert {frozenset(word.meanings) for word in known} == {frozenset({"id", "jv", "su"})}


def test_longest_form_is_the_word() -> None:
    glossary = Glossary([Word("laba", (), {}), Word("laba kotor", ("Laba-kotor",), {})])

    assert [w.word for w in glossary.words_in(["Berapa LABA kotor itu?", "Hitung laba. Labanya?"])] == [
        "laba kotor",
        "laba",
    ]
    assert [w.word for w in glossary.words_in(["laba-kotor"])] == ["laba kotor"]
    assert Glossary([]).words_in(["laba"]) == ()
