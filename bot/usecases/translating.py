"""Bringing a language up to date: what is missing, files for translators, and what they bring back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.content.field_words import field_words, part_words
from bot.content.part_names import TRANSLATION
from bot.content.parts import JSON, part_problems
from bot.content.po import Said
from bot.content.problems import Problem
from bot.content.schema import ContentDocument
from bot.content.translations import Entry, Kind, State, fault, survey
from bot.core.access import Viewer
from bot.store import releases
from bot.texts.catalogue import LANGUAGES, SOURCE_LANGUAGE, shipped
from bot.usecases import editing
from bot.usecases.editing import Saved, Workspace
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library

TRANSLATED = tuple(sorted(LANGUAGES.keys() - {SOURCE_LANGUAGE}))
PAST = 12
"""Releases that are asked what a text was before."""


@dataclass(frozen=True, slots=True)
class Count:
    """How far the texts of one kind have come."""

    kind: Kind
    total: int
    missing: int
    stale: int

    @property
    def done(self) -> int:
        return self.total - self.missing - self.stale


@dataclass(frozen=True, slots=True)
class Difference:
    """A translation that would change; the same before and after where a stale one is said to fit still."""

    entry: Entry
    after: str

    @property
    def confirms(self) -> bool:
        return self.entry.said == self.after


@dataclass(frozen=True, slots=True)
class Fault:
    """A translation that cannot be taken, and why."""

    source: str
    said: str
    message: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What translations would change, before anything does; `digest` stands for exactly this."""

    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]
    same: int
    unknown: tuple[str, ...]

    @property
    def digest(self) -> str:
        told = [f"{d.entry.source}\x00{d.entry.said}\x00{d.after}" for d in self.differences]
        return hashlib.sha256("\x01".join(told).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Accepted:
    """So many translations are in the working copy now."""

    count: int


def counts(session: Session, *, viewer: Viewer, library: Library) -> Mapping[str, Sequence[Count]]:
    """Return by language how far each kind of text has come; refuses with NotForYou."""
    space = editing.workspace(session, viewer=viewer, library=library)
    return {language: _counted(_survey(session, space, language, library)) for language in TRANSLATED}


def _counted(entries: Iterable[Entry]) -> list[Count]:
    tally = Counter((entry.kind, entry.state) for entry in entries)
    found = [
        Count(kind, sum(tally[kind, s] for s in State), tally[kind, State.MISSING], tally[kind, State.STALE])
        for kind in Kind
    ]
    return [count for count in found if count.total]


def entries(session: Session, *, viewer: Viewer, language: str, library: Library) -> list[Entry]:
    """Return every text of the working copy with its translation; refuses with NotForYou."""
    _spoken(language)
    space = editing.workspace(session, viewer=viewer, library=library)
    return _survey(session, space, language, library)


def _spoken(language: str) -> None:
    if language not in TRANSLATED:
        raise NotForYou(language)


def _survey(session: Session, space: Workspace, language: str, library: Library) -> list[Entry]:
    """Survey the working copy, or what is released where the working copy does not hold together."""
    past = [ContentDocument.model_validate_json(p) for p in releases.latest_payloads(session, limit=PAST)]
    return survey(space.document or library.document(session, space.base_id), language, past)


def compare(
    session: Session, *, viewer: Viewer, language: str, said: Sequence[Said], library: Library, now: datetime
) -> Comparison:
    """Return what these translations would change and what is wrong with them; refuses with NotForYou."""
    known = {entry.source: entry for entry in entries(session, viewer=viewer, language=language, library=library)}
    interface = shipped(language, "bot")
    differences, faults, unknown, same = list[Difference](), list[Fault](), list[str](), 0
    for one in said:
        entry = known.get(one.source)
        if entry is None:
            unknown.append(one.source)
        elif entry.said == one.text and entry.state is not State.STALE:
            same += 1
        elif wrong := fault(entry, one.text, is_filled=one.source in interface):
            faults.append(Fault(one.source, one.text, wrong))
        else:
            differences.append(Difference(entry, one.text))
    space = editing.workspace(session, viewer=viewer, library=library)
    for part, payload in _payloads(space, language, differences).items():
        found = part_problems(part, payload, today=now.date())
        faults += [_fault(part, payload, language, problem) for problem in found if not problem.is_warning]
    return Comparison(tuple(differences), tuple(faults), same, tuple(unknown))


def _fault(part: str, payload: JSON, language: str, problem: Problem) -> Fault:
    """Return a problem of a part as one of the translation that it is about, if it is about one."""
    holder, _, place = problem.field.rpartition(".")
    if holder == f"translations.{language}" and place.isdecimal():
        return Fault(payload["cards"][int(place)], payload["translations"][language][int(place)], problem.message)
    return Fault(f"{part_words(part)}, {field_words(problem.field)}", "", problem.message)


def accept(
    session: Session,
    *,
    viewer: Viewer,
    language: str,
    said: Sequence[Said],
    digest: str,
    library: Library,
    now: datetime,
) -> Accepted | Comparison:
    """Take translations into the working copy; nothing is taken where they differ from what was looked at (`digest`) or
    one of them is faulty. Refuses with NotForYou.
    """
    found = compare(session, viewer=viewer, language=language, said=said, library=library, now=now)
    if found.faults or found.digest != digest:
        return found
    space = editing.workspace(session, viewer=viewer, library=library)
    for part, payload in _payloads(space, language, found.differences).items():
        version = editing.open_part(session, viewer=viewer, part=part, library=library).version
        saved = editing.save(
            session, viewer=viewer, part=part, payload=payload, version=version, library=library, now=now
        )
        assert isinstance(saved, Saved), saved
    return Accepted(len(found.differences))


def _payloads(space: Workspace, language: str, differences: Iterable[Difference]) -> dict[str, JSON]:
    """Return the parts that these translations change: cards in their lessons, all else in the language's own part."""
    name = f"{TRANSLATION}:{language}"
    texts, lessons = dict(space.parts.get(name) or {}), dict[str, dict[str, JSON]]()
    for difference in differences:
        if difference.entry.kind is not Kind.CARD or difference.confirms:
            texts[difference.entry.source] = difference.after
            continue
        for part, field in difference.entry.spots:
            lesson = lessons.setdefault(part, _with_cards(space.parts[part], language))
            lesson["translations"][language][int(field.rpartition(".")[2])] = difference.after
    changed = texts != (space.parts.get(name) or {})
    return ({name: texts} if changed else {}) | lessons


def _with_cards(lesson: JSON, language: str) -> dict[str, JSON]:
    """Return a copy of a lesson with a card in this language for each of its own; Indonesian where there is none."""
    cards = [*lesson["translations"].get(language, ())][: len(lesson["cards"])]
    cards += lesson["cards"][len(cards) :]
    return {**lesson, "translations": {**lesson["translations"], language: cards}}
