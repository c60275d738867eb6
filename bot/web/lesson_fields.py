"""A lesson as the fields of a form, and the fields made into a lesson again; pure, and one the other's inverse.

Cards stand with their translations, so that a card is moved, added or taken out in all languages at once: `cards.2.id`
is the third card in Indonesian, `cards.2.en` the same in English. All is text here; what is no number stays as it was
typed, so that the schema refuses it beside its field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.texts.catalogue import LANGUAGES, SOURCE_LANGUAGE

JSON = Any
Entry = Mapping[str, str]
YES = "ya"
HEAD = ("title", "summary", "act", "minutes", "steps_from", "steps_to", "promotion")
NUMBERS = frozenset({"minutes", "steps_from", "steps_to"})
SOURCE = ("title", "url", "true_on", "review_by")
LANGUAGE_CODES = tuple(LANGUAGES)
LEAST_CARDS, MOST_CARDS, MOST_SOURCES = 3, 8, 8
READ_LIMIT = 30
"""Entries of one list that a form is read for; the schema allows fewer."""
_PATH = re.compile(r"(cards|sources)\.(\d{1,2})\.([a-z_]{2,12})")
_BREAK = re.compile(r"\s*[\r\n]+\s*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lesson as typed."""

    head: Entry
    sources: tuple[Entry, ...]
    cards: tuple[Entry, ...]

    @property
    def fields(self) -> dict[str, str]:
        """Return every field by its path."""
        found = dict(self.head)
        for name, entries in (("sources", self.sources), ("cards", self.cards)):
            for index, entry in enumerate(entries):
                found |= {f"{name}.{index}.{key}": said for key, said in entry.items()}
        return found

    @property
    def plain(self) -> JSON:
        """Return the lesson as JSON of its own shape, for carrying and for bringing two changes together."""
        return {**self.head, "sources": [dict(e) for e in self.sources], "cards": [dict(e) for e in self.cards]}


def blank(title: str = "") -> Sheet:
    """Return a lesson that nobody has written yet."""
    head = dict.fromkeys(HEAD, "") | {"title": title, "minutes": "5", "steps_from": "1", "steps_to": "2"}
    return Sheet(head, (), (_no_card(),) * LEAST_CARDS)


def _no_card() -> Entry:
    return dict.fromkeys(LANGUAGE_CODES, "")


def sheet_of(payload: JSON) -> Sheet:
    """Return a lesson's JSON as it stands in a form."""
    head = {name: str(payload[name]) for name in HEAD if name != "promotion"}
    told = {SOURCE_LANGUAGE: payload["cards"], **payload.get("translations", {})}
    cards = tuple(
        {language: told[language][index] if language in told else "" for language in LANGUAGE_CODES}
        for index in range(len(payload["cards"]))
    )
    sources = tuple({name: str(source[name]) for name in SOURCE} for source in payload.get("sources", ()))
    return Sheet(head | {"promotion": YES if payload["promotion"] else ""}, sources, cards)


def payload_of(sheet: Sheet, code: str) -> JSON:
    """Return the lesson that the form says, which may still be wrong in any way that can be typed."""
    texts = {language: [card[language] for card in sheet.cards] for language in LANGUAGE_CODES}
    head: dict[str, JSON] = {name: _number(said) if name in NUMBERS else said for name, said in sheet.head.items()}
    return {
        **head,
        "code": code,
        "dimension": code.split("-")[1],
        "promotion": sheet.head["promotion"] == YES,
        "sources": [dict(source) for source in sheet.sources],
        "cards": texts.pop(SOURCE_LANGUAGE),
        "translations": {language: cards for language, cards in texts.items() if any(cards)},
    }


def _number(said: str) -> JSON:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else said


def read(fields: Mapping[str, Sequence[str]]) -> Sheet:
    """Read what a browser sent; fields that no lesson has are passed over."""
    said = {name: _one_line(_first(fields, name)) for name in HEAD}
    return Sheet(said, _entries(fields, "sources", SOURCE, _one_line), _entries(fields, "cards", LANGUAGE_CODES, _card))


def _first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _one_line(text: str) -> str:
    return _BREAK.sub(" ", text).strip()


def _card(text: str) -> str:
    """Return a card with the line breaks of files and no empty line around it, as files keep it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _entries(
    fields: Mapping[str, Sequence[str]], name: str, keys: Iterable[str], clean: Callable[[str], str]
) -> tuple[Entry, ...]:
    """Read a list, in the order of its numbers; one that is missing leaves no gap."""
    found = (_PATH.fullmatch(path) for path in fields)
    numbers = sorted({int(path[2]) for path in found if path and path[1] == name and int(path[2]) < READ_LIMIT})
    return tuple({key: clean(_first(fields, f"{name}.{number}.{key}")) for key in keys} for number in numbers)


def changed(sheet: Sheet, asked: str) -> Sheet | None:
    """Return the form with one entry more, less or elsewhere, as a button asks: `tambah:cards.2` puts a card behind the
    third, `naik:cards.2` moves it up. None where no button of ours asks that; what cannot be done changes nothing.
    """
    verb, _, place = asked.partition(":")
    name, _, number = place.partition(".")
    if name not in ("cards", "sources") or not (number.isascii() and number.isdecimal() and len(number) < 3):
        return None
    entries = list(sheet.cards if name == "cards" else sheet.sources)
    moved = _moved(entries, verb, int(number), name)
    if moved is None:
        return None
    return (
        Sheet(sheet.head, sheet.sources, tuple(moved))
        if name == "cards"
        else Sheet(sheet.head, tuple(moved), sheet.cards)
    )


def _moved(entries: list[Entry], verb: str, at: int, name: str) -> list[Entry] | None:
    least, most = (LEAST_CARDS, MOST_CARDS) if name == "cards" else (0, MOST_SOURCES)
    match verb:
        case "tambah":
            fresh = _no_card() if name == "cards" else dict.fromkeys(SOURCE, "")
            return [*entries[: at + 1], fresh, *entries[at + 1 :]] if len(entries) < most else entries
        case "hapus":
            return [*entries[:at], *entries[at + 1 :]] if len(entries) > least else entries
        case "naik" | "turun":
            to = at - 1 if verb == "naik" else at + 1
            if 0 <= at < len(entries) and 0 <= to < len(entries):
                entries[at], entries[to] = entries[to], entries[at]
            return entries
    return None


def path_of(field: str) -> str:
    """Return the path in the form of a path in the lesson, as problems name it."""
    parts = field.split(".")
    if parts[0] == "translations":
        return f"cards.{parts[2]}.{parts[1]}" if len(parts) > 2 else "cards"
    if parts[0] == "cards" and len(parts) == 2:
        return f"cards.{parts[1]}.{SOURCE_LANGUAGE}"
    return field


def of_plain(plain: JSON) -> Sheet | None:
    """Read a lesson from the JSON of its own shape; None where it is none."""
    match plain:
        case {"sources": list(sources), "cards": list(cards)} if _all_text([*sources, *cards]):
            head = {name: plain.get(name, "") for name in HEAD}
            if not _all_text([head]):
                return None
            return Sheet(
                head,
                tuple({key: source.get(key, "") for key in SOURCE} for source in sources),
                tuple({key: card.get(key, "") for key in LANGUAGE_CODES} for card in cards),
            )
    return None


def _all_text(entries: Iterable[object]) -> bool:
    return all(isinstance(e, dict) and all(isinstance(said, str) for said in e.values()) for e in entries)


def written(sheet: Sheet) -> str:
    """Return a form as text, to be carried in a hidden field."""
    return json.dumps(sheet.plain, ensure_ascii=False, separators=(",", ":"))


def carried(text: str) -> Sheet | None:
    """Read a form from a hidden field; what is no form is none."""
    try:
        return of_plain(json.loads(text))
    except (ValueError, RecursionError):
        return None
