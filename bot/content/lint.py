"""Checks the content as a careful editor would: the schema first, then what only the whole can show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.content.load import ContentRefused, Desk, Problem, read
from bot.content.schema import ContentDocument, ScoredItem
from bot.core.item import Dimension, Status
from bot.core.person import Business, Channel
from bot.texts.lesson import LOOP_FIELDS, LessonRefused, check_card, render_card
from bot.texts.markup import parse

CARD_LIMIT = 2000
"""Code points of one rendered card; a message may hold 4096, and a small phone shows about a thousand at once."""


def check(directory: Path) -> list[Problem]:
    """Return every problem of a content directory; an empty list means it may be published."""
    try:
        desk = read(directory)
    except ContentRefused as refused:
        return list(refused.problems)
    return [*_too_few_items(desk.document), *_bad_cards(desk), *_unknown_codes(desk.document)]


def _too_few_items(document: ContentDocument) -> Iterator[Problem]:
    active = [item for item in document.items if item.status in (Status.ACTIVE, Status.WATCH)]
    for plan in document.form.dimensions:
        count = sum(isinstance(item, ScoredItem) and item.dimension is plan.dimension for item in active)
        if count < plan.questions + 1:
            message = f"{plan.dimension.value} punya {count} butir aktif, perlu paling sedikit {plan.questions + 1}"
            yield Problem("content/forms.yaml", 1, "dimensions", message)


def _unknown_codes(document: ContentDocument) -> Iterator[Problem]:
    codes = {module.code for module in document.modules}
    if document.advice.safety_module not in codes:
        yield Problem("content/advice.yaml", 1, "safety_module", f"modul {document.advice.safety_module} tidak ada")
    for dimension in Dimension:
        if not any(module.dimension is dimension for module in document.modules):
            yield Problem("content/modules", 1, dimension.value, "dimensi ini belum punya modul")


def _bad_cards(desk: Desk) -> Iterator[Problem]:
    for module in desk.document.modules:
        for number, card in enumerate(module.cards, start=1):
            message = _card_problem(card)
            if message:
                yield Problem(*desk.places[module.code], f"{module.code}, kartu {number}", message)


def _card_problem(card: str) -> str | None:
    """Render a card over all kinds of people; return what is wrong first."""
    try:
        check_card(card)
        for values in sample_values():
            text = parse(render_card(card, values)).text
            if not text.strip():
                return "kartu kosong"
            if len(text) > CARD_LIMIT:
                return f"kartu menjadi {len(text)} huruf, paling banyak {CARD_LIMIT}"
    except (LessonRefused, ValueError) as error:
        return str(error)
    return None


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
