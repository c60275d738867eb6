"""What must hold for each lesson: cards within the walls, for all kinds of people, in plain and short sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from statistics import median

from bot.content.item_rules import UNKIND, overdue
from bot.content.load import Desk
from bot.content.problems import Problem
from bot.content.readability import sentence_lengths
from bot.content.schema import BankEntry, ModuleEntry
from bot.core.person import Business, Channel
from bot.texts.jail import jail
from bot.texts.lesson import LOOP_FIELDS, LessonRefused
from bot.texts.markup import MarkupError, parse

CARD_LIMIT = 2000
"""Code points of one rendered card; a message may hold 4096, and a small phone shows about a thousand at once."""
CARDS_KEPT = 2000
"""Of so many cards is kept what was found: who edits one asks for all of a lesson again with each sign typed."""
SOURCE = "id"


def card_problems(desk: Desk, today: date) -> Iterator[Problem]:
    """Return what is wrong with lessons, card by card and language by language."""
    for module in desk.document.modules:
        place = desk.places[module.code]
        for language, cards in {SOURCE: module.cards, **module.translations}.items():
            for number, card in enumerate(cards, start=1):
                told = one_card(card)
                if told:
                    file, line = desk.cards[module.code, language][number - 1]
                    field = f"{module.code}, kartu {number} ({language})"
                    yield Problem(file, line + told[0], field, told[1])
        for field, message, is_warning in around_cards(module, desk.bank, today):
            yield Problem(*place, ".".join(filter(None, (module.code, field))), message, is_warning)


def around_cards(module: ModuleEntry, bank: BankEntry, today: date) -> Iterator[tuple[str, str, bool]]:
    """Return field, message and whether it only warns, of what is wrong with a lesson beside its single cards."""
    for message in overdue(module.sources, today, bank.warn_days):
        yield "sources", message, True
    for field, text in (("title", module.title), ("summary", module.summary), ("act", module.act)):
        unkind = UNKIND.search(text)
        if unkind:
            yield field, f"kata yang tidak ramah: {unkind.group()}", False
    lengths = _sentence_lengths(module)
    if lengths and median(lengths) > bank.median_sentence:
        yield "", f"kalimat tengahnya {median(lengths):g} kata, paling banyak {bank.median_sentence}", False


def one_card(card: str) -> tuple[int, str] | None:
    """Render a card over all kinds of people, in the jail; return what is wrong first, and how many lines down."""
    try:
        return _verdict(card)
    except LessonRefused as refused:  # it broke its process, or there was none: another time it may be told otherwise
        return refused.line - 1, str(refused)


@lru_cache(maxsize=CARDS_KEPT)
def _verdict(card: str) -> tuple[int, str] | None:
    try:
        for rendered in dict.fromkeys(jail().render(card, list(sample_values()))):
            text = parse(rendered).text
            if not text.strip():
                return 0, "kartu kosong"
            if not rendered.lstrip().startswith("<b>"):
                return 0, "kartu dibuka dengan judul tebal, <b>…</b>"
            if len(text) > CARD_LIMIT:
                return 0, f"kartu menjadi {len(text)} huruf, paling banyak {CARD_LIMIT}"
            unkind = UNKIND.search(text)
            if unkind:
                return _lines(card, card.find(unkind.group())), f"kata yang tidak ramah: {unkind.group()}"
    except MarkupError as error:
        return 0, _tag_message(str(error))
    except LessonRefused as refused:
        if type(refused) is not LessonRefused:
            raise
        return refused.line - 1, str(refused)
    return None


def _lines(card: str, position: int) -> int:
    return card[: max(0, position)].count("\n")


def _tag_message(said: str) -> str:
    """Put Telegram's complaint about a tag into words for an editor."""
    tag = re.search(r'(Unsupported start tag|corresponding to start tag) "(\S+)"', said)
    if tag and tag[1].startswith("Unsupported"):
        return f"<{tag[2]}> tidak dikenal Telegram; pakai <b>, <i>, <u>, <s>, <code>, <blockquote>, <a href>"
    if tag:
        return f"<{tag[2]}> tidak ditutup dengan </{tag[2]}>"
    if "nexpected end tag" in said or "Unmatched end tag" in said:
        return "ada tag penutup tanpa pembuka, atau tag yang saling bersilangan"
    return "ada tanda < > atau & yang keliru; tulis &lt; &gt; &amp; bila memang mau ditampilkan"


def _sentence_lengths(module: ModuleEntry) -> list[int]:
    """Return the words of each sentence as a person without answers yet reads them; broken cards are told elsewhere."""
    try:
        return [count for card in module.cards for count in _lengths(card)]
    except (LessonRefused, MarkupError):
        return []


@lru_cache(maxsize=CARDS_KEPT)
def _lengths(card: str) -> tuple[int, ...]:
    (text,) = jail().render(card, list(sample_values())[:1])
    return tuple(sentence_lengths(parse(text).text))


def sample_values() -> Iterator[dict[str, object]]:
    """Return the values of a card for every kind of business and channel, with and without a name and answers."""
    miss = {field: f"Contoh {field} & “kutipan” <3" for field in sorted(LOOP_FIELDS)}
    for business in Business:
        for index, channel in enumerate(Channel):
            yield {
                "nama": "" if index % 2 else "Sari <b>",
                "usaha": business.value,
                "kanal": channel.value,
                "pemegang": ("sendiri", "keluarga", "karyawan", "bergantian")[index],
                "jam_buka": "08.00",
                "jam_tutup": "17.00",
                "zona_waktu": ("WIB", "WITA", "WIT", "WIB")[index],
                "tingkat": index + 1,
                "nama_tingkat": ("Benih", "Tunas", "Tumbuh", "Berbuah")[index],
                "keliru": [miss] * (index % 3),
            }
