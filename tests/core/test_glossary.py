"""Hard words are found where they stand as whole words, and kept back where the question asks for their meaning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.glossary import Glossary, Word
from tests.core.builders import item, release

TRANSFERS = Word("mutasi", ("mutasinya",), {"id": "daftar uang masuk dan keluar"}, frozenset({"O2-001"}))
CODE = Word("kode OTP", ("OTP",), {"id": "angka rahasia sekali pakai"})
WORDS = Glossary([TRANSFERS, CODE])


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Cek mutasi dulu."], (TRANSFERS,)),
        (["Mutasinya kosong, MUTASI juga."], (TRANSFERS,)),
        (["Jangan beri OTP.", "Lihat mutasi."], (CODE, TRANSFERS)),
        (["Kode OTP itu rahasia."], (CODE,)),
        (["Permutasi bukan itu."], ()),
        ([], ()),
    ],
    ids=["as it is", "another form", "in order of appearance", "the longest form", "inside another word", "nothing"],
)
def test_hard_words_are_found_whole_and_each_once(texts: list[str], found: tuple[Word, ...]) -> None:
    assert WORDS.words_in(texts) == found


def test_empty_glossary_finds_nothing() -> None:
    assert Glossary([]).words_in(["mutasi"]) == ()


def test_word_is_hidden_where_the_question_asks_for_it() -> None:
    items = [replace(item(code), stem="Apa itu mutasi?") for code in ("O2-001", "O2-002")]

    found = replace(release(items), glossary=WORDS).hard_words

    assert found == {"O2-001": (), "O2-002": (TRANSFERS,)}
