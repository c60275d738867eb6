"""What must hold for each lesson: cards within the walls, for all kinds of people, in plain and short sentences."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bot.content.load import Desk
from bot.content.problems import Problem
from bot.content.readability import sentence_lengths
from bot.content.schema import ModuleEntry
from bot.core.person import Business, Channel
from bot.texts.lesson import LOOP_FIELDS, LessonRefused, check_card, render_card
from bot.texts.markup import parse

CARD_LIMIT = 2000
"""Code points of one rendered card; a message may hold 4096, and a small phone shows about a thousand at once."""
SOURCE = "id"


def card_problems(desk: Desk) -> Iterator[Problem]:
    """Return what is wrong with lessons, card by card and language by language."""
    for module in desk.document.modules:
        place = desk.places[module.code]
        for language, cards in {SOURCE: module.cards, **module.translations}.items():
            for number, card in enumerate(cards, start=1):
                message = _card_problem(card)
                if message:
                    yield Problem(*place, f"{module.code}, kartu {number} ({language})", message)
        lengths = _sentence_lengths(module)
        if lengths and median(lengths) > desk.bank.median_sentence:
            message = f"kalimat tengahnya {median(lengths):g} kata, paling banyak {desk.bank.median_sentence}"
            yield Problem(*place, module.code, message)


def _card_problem(card: str) -> str | None:
    """Render a card over all kinds of people; return what is wrong first."""
    try:
        check_card(card)
        for values in sample_values():
            rendered = render_card(card, values)
            text = parse(rendered).text
            if not text.strip():
                return "kartu kosong"
            if not rendered.lstrip().startswith("<b>"):
                return "kartu dibuka dengan judul tebal, <b>…</b>"
            if len(text) > CARD_LIMIT:
                return f"kartu menjadi {len(text)} huruf, paling banyak {CARD_LIMIT}"
    except (LessonRefused, ValueError) as error:
        return str(error)
    return None


def _sentence_lengths(module: ModuleEntry) -> list[int]:
    """Return the words of each sentence as a person without answers yet reads them; broken cards are told elsewhere."""
    values = next(iter(sample_values()))
    try:
        return [n for card in module.cards for n in sentence_lengths(parse(render_card(card, values)).text)]
    except (LessonRefused, ValueError):
        return []


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
