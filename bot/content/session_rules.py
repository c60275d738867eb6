"""What must hold for each script of a group session: plain short sentences, kind words, room for two in one message."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bot.content.item_rules import LAW, MARKUP, UNKIND
from bot.content.load import SINGLES, Desk
from bot.content.problems import Problem
from bot.content.readability import long_sentences, sentence_lengths
from bot.content.schema import BankEntry, SessionEntry

FILE = SINGLES["sessions"][0]
SCRIPT_LIMIT = 1200
"""Characters of one script; two of them with all that a plan says around them fit into one message of 4096."""


def session_problems(desk: Desk) -> Iterator[Problem]:
    """Return what is wrong with the scripts of group sessions, one dimension after the other."""
    scripts = desk.document.sessions
    for index, script in enumerate(scripts.sessions if scripts else ()):
        for message in one_script(script, desk.bank):
            yield Problem(*desk.place(FILE, "sessions", index), script.dimension.value, message)


def one_script(script: SessionEntry, bank: BankEntry) -> Iterator[str]:
    """Return what is wrong with one script."""
    length = sum(map(len, script.texts))
    if length > SCRIPT_LIMIT:
        yield f"naskahnya {length} huruf, paling banyak {SCRIPT_LIMIT}"
    words = [count for text in script.texts for count in sentence_lengths(text)]
    if words and median(words) > bank.median_sentence:
        yield f"kalimat tengahnya {median(words):g} kata, paling banyak {bank.median_sentence}"
    for text in script.texts:
        if "\n" in text or MARKUP.search(text):
            yield f"ada tanda yang tidak boleh: {text[:60]}"
        unkind = UNKIND.search(text)
        if unkind:
            yield f"kata yang tidak ramah: {unkind.group()}"
        law = LAW.search(text)
        if law:
            yield f"aturan perlu sumber dan tanggal, jadi tempatnya di pelajaran: {law.group()}"
        for sentence in long_sentences(text, bank.longest_sentence):
            yield f"kalimat terlalu panjang: {sentence[:60]}…"
