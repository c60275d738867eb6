"""Hard words as the files tell them: found whole, the longest form first, and all of them used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.load import load
from bot.content.release import freeze, thaw
from bot.core.glossary import Glossary
from tests.content.broken import GLOSSARY, light_desk
from tests.core.builders import real_document, real_release

WORDS = """words:
  - {word: mutasi, also: [cek mutasi], id: a, jv: a, su: a}
  - {word: mutasi stok, id: b, jv: b, su: b}
  - {word: .apk, also: [aplikasi .apk], id: c, jv: c, su: c}
  - {word: pre-order, id: d, jv: d, su: d}
  - {word: stok, hidden_in: [O1-901], id: e, jv: e, su: e}
"""


@pytest.fixture
def glossary(tmp_path: Path) -> Glossary:
    made = light_desk(tmp_path)
    made.write(GLOSSARY, WORDS)
    return thaw(*freeze(load(made.root))).glossary


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Lihat mutasi stok di buku."], ["mutasi stok"]),
        (["Mutasi, lalu stok."], ["mutasi", "stok"]),
        (["Stok dulu.", "CEK MUTASI kemudian."], ["stok", "mutasi"]),
        (["Mutasi lagi, cek mutasi lagi."], ["mutasi"]),
        (["Stoknya dan permutasi."], []),
        (["“Stok”, (mutasi)/stok."], ["stok", "mutasi"]),
        (["Jangan pasang aplikasi .apk itu."], [".apk"]),
        (["Berkas undangan.apk"], []),
        (["Pre-order dua hari."], ["pre-order"]),
        (["Tidak ada yang sulit.", ""], []),
    ],
    ids=[
        "longest wins",
        "side by side",
        "in order, capital or not",
        "each once",
        "whole words only",
        "beside signs",
        "a sign in front",
        "joined to a word",
        "with a hyphen",
        "none",
    ],
)
def test_words_are_found(glossary: Glossary, texts: list[str], found: list[str]) -> None:
    assert [word.word for word in glossary.words_in(texts)] == found


def test_word_keeps_where_it_is_hidden_and_its_three_meanings(glossary: Glossary) -> None:
    (word,) = glossary.words_in(["stok"])

    assert (word.hidden_in, dict(word.meanings)) == (frozenset({"O1-901"}), {"id": "e", "jv": "e", "su": "e"})


def test_every_real_word_occurs_in_a_question_or_lesson() -> None:
    real = real_release()
    words = [entry.word for entry in real_document().glossary.words]
    texts = [text for item in real.items for text in item.texts]
    texts += [text for module in real.modules for text in (module.title, module.summary, module.act, *module.cards)]

    found = {word.word for word in real.glossary.words_in(texts)}

    assert [word for word in words if word not in found] == []
