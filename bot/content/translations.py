"""How far a language has come: what is translated, what is missing, and what was translated from other words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.content.schema import ContentDocument, ModuleEntry
from bot.content.wording import Wording, wordings
from bot.texts.catalogue import shipped
from bot.texts.fixed_parts import changed_parts, loose_signs
from bot.texts.markup import MarkupError, parse

Texts = Mapping[str, str]
EXTRA_LENGTH, TIMES_LONGER = 200, 4
"""A translation beyond so many times the source, and so many letters more, is no translation."""
Spot = tuple[str, str]
"""A part, and the field inside it."""


class Kind(StrEnum):
    """What a text belongs to."""

    ITEM = "butir"
    LESSON = "pelajaran"
    CARD = "kartu"
    SESSION = "naskah"
    PROBE = "pelanggan"
    FRAME = "susunan"
    INTERFACE = "antarmuka"


class State(StrEnum):
    MISSING = "belum"
    STALE = "berubah"
    DONE = "sudah"


@dataclass(frozen=True, slots=True)
class Entry:
    """One source text with its translation; `was` are the words that a stale translation (`said`) belongs to."""

    kind: Kind
    spots: tuple[Spot, ...]
    source: str
    said: str
    state: State
    was: str = ""


def survey(document: ContentDocument, language: str, past: Sequence[ContentDocument] = ()) -> list[Entry]:
    """Return every text with its translation, each once; `past` are earlier documents, the latest first."""
    own = document.translations.get(language, {})
    told = _Told(language, (document, *past))
    found: dict[str, Entry] = {}
    for wording in wordings(document):
        spot = (wording.part, wording.field)
        known = found.get(wording.text)
        found[wording.text] = replace(known, spots=(*known.spots, spot)) if known else told.entry(wording)
    for module in document.modules:
        for entry in _cards(module, language, own, past):
            found.setdefault(entry.source, entry)
    for source, said in shipped(language, "bot").items():
        said = own.get(source) or said
        state = State.DONE if said else State.MISSING
        found.setdefault(source, Entry(Kind.INTERFACE, (), source, said, state))
    return list(found.values())


class _Told:
    """Looks up what a text is called in a language, and what stood in its place before."""

    def __init__(self, language: str, documents: Sequence[ContentDocument]) -> None:
        self._layers: list[Texts] = [d.translations.get(language, {}) for d in documents]
        self._layers.append(shipped(language, "bot") | shipped(language, "content"))
        self._earlier = [{(w.part, w.field): w.text for w in wordings(document)} for document in documents[1:]]

    def entry(self, wording: Wording) -> Entry:
        """Return a text as it stands now: the file and the document itself count, earlier documents do not."""
        spot = (wording.part, wording.field)
        bare = Entry(kind_of(wording.part), (spot,), wording.text, "", State.MISSING)
        said = self._layers[0].get(wording.text) or self._layers[-1].get(wording.text, "")
        if said:
            return replace(bare, said=said, state=State.DONE)
        for was in (texts.get(spot) for texts in self._earlier):
            before = self._ever(was) if was and was != wording.text else ""
            if was and before:
                return replace(bare, said=before, state=State.STALE, was=was)
        return bare

    def _ever(self, source: str) -> str:
        return next((said for said in (layer.get(source, "") for layer in self._layers) if said), "")


def kind_of(part: str) -> Kind:
    """Return the kind of text that a part holds."""
    kinds = {"item": Kind.ITEM, "module": Kind.LESSON, "probe": Kind.PROBE, "sessions": Kind.SESSION}
    return kinds.get(part.partition(":")[0], Kind.FRAME)


def _cards(module: ModuleEntry, language: str, own: Texts, past: Iterable[ContentDocument]) -> Iterator[Entry]:
    """Go through the cards of a lesson: stale where the same translation once stood beside other words, unless
    somebody said since that it still fits.
    """
    said = module.translations.get(language, ())
    origins = _origins(module.code, language, past) if said else {}
    for number, card in enumerate(module.cards):
        bare = Entry(Kind.CARD, ((f"module:{module.code}", f"cards.{number}"),), card, "", State.MISSING)
        if number >= len(said) or said[number] == card:
            yield bare
            continue
        was = origins.get(said[number], card)
        is_stale = was != card and own.get(card) != said[number]
        state = State.STALE if is_stale else State.DONE
        yield replace(bare, said=said[number], state=state, was=was if is_stale else "")


def _origins(code: str, language: str, past: Iterable[ContentDocument]) -> dict[str, str]:
    """Return the card that each translation stood beside first."""
    found: dict[str, str] = {}
    for document in past:
        for module in document.modules:
            if module.code == code:
                found |= dict(zip(module.translations.get(language, ()), module.cards, strict=False))
    return found


def fault(entry: Entry, said: str, *, is_filled: bool) -> str | None:
    """Return what is wrong with a translation in words for an editor; `is_filled` texts have places for values."""
    changed = changed_parts(entry.source, said)
    if changed:
        return f"bagian ini harus sama seperti aslinya: {', '.join(dict.fromkeys(changed))}"
    if len(said) > TIMES_LONGER * len(entry.source) + EXTRA_LENGTH:
        return "jauh lebih panjang daripada aslinya"
    if entry.kind is Kind.CARD:
        return None  # checked as a card, with the whole lesson
    loose = loose_signs(entry.source, said, is_filled=is_filled)
    if loose:
        return f"ada tanda yang tidak boleh berdiri sendiri: {' '.join(loose)}"
    if "\n" in said and "\n" not in entry.source:
        return "harus satu baris"
    return "tanda <b> atau <i> tidak berpasangan" if _is_markup(entry.source) and not _is_markup(said) else None


def text_faults(texts: Texts, language: str) -> Iterator[tuple[str, str]]:
    """Return what is wrong with translations that nobody looked at, by source text; several lines are a card."""
    interface = shipped(language, "bot")
    for source, said in texts.items():
        kind = Kind.INTERFACE if source in interface else Kind.CARD if "\n" in source else Kind.ITEM
        wrong = fault(Entry(kind, (), source, "", State.MISSING), said, is_filled=source in interface)
        if wrong:
            yield source, wrong


def _is_markup(text: str) -> bool:
    try:
        parse(text)
    except MarkupError:
        return False
    return True
