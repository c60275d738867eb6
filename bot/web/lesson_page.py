"""What the page of one lesson shows: its form, problems beside their fields, and the chat for four readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.preview import card_preview
from bot.content.parts import Problem
from bot.core.item import Dimension
from bot.core.release import Module, Release
from bot.texts.catalogue import LANGUAGES, SOURCE_LANGUAGE, translated_by
from bot.usecases import editing
from bot.usecases.editing import PartView
from bot.web import lesson_words
from bot.web.item_page import dimension_names, element
from bot.web.lesson_fields import (
    LEAST_CARDS,
    MOST_CARDS,
    MOST_SOURCES,
    YES,
    Sheet,
    path_of,
    payload_of,
    sheet_of,
    written,
)
from bot.web.page import Answer, Visit
from bot.web.phone import Phone, phone

HOME = "/isi/pelajaran"
WHOLE = ""
EVERYBODY = "semua"


@dataclass(frozen=True, slots=True)
class Desk:
    """A lesson on the desk: the form as typed, its version, what it was begun from, and what is stored now."""

    code: str
    sheet: Sheet
    version: int
    view: PartView
    base: Sheet | None = None

    @property
    def payload(self) -> Any:
        return payload_of(self.sheet, self.code)

    @property
    def is_new(self) -> bool:
        return self.view.payload is None and self.view.original is None


def opened(visit: Visit, code: str) -> PartView:
    """Return a lesson of the working copy; one that is nowhere yet is empty."""
    return editing.open_part(visit.session, viewer=visit.viewer, part=f"module:{code}", library=visit.library)


def begun(view: PartView) -> Desk:
    """Return the form of a lesson as it stands."""
    assert view.payload is not None
    sheet = sheet_of(view.payload)
    return Desk(view.part.partition(":")[2], sheet, view.version, view, base=sheet)


def sketch(desk: Desk) -> Module:
    """Return a lesson as far as it is written, so that it can be looked at before it is whole."""
    payload = desk.payload
    return Module(
        code=desk.code,
        dimension=Dimension(payload["dimension"]),
        title=payload["title"] or "…",
        summary=payload["summary"],
        steps_from=1,
        steps_to=2,
        minutes=1,
        act=payload["act"] or "…",
        promotion=payload["promotion"],
        sources=(),
        cards=tuple(payload["cards"]) or ("…",),
        translations={language: tuple(cards) for language, cards in payload["translations"].items()},
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """The screen that is looked at, once for each reader, and what else could be."""

    phones: tuple[tuple[str, Phone], ...]
    names: tuple[str, ...]
    screen: str
    reader: str
    language: str


def looked_at(desk: Desk, release: Release, *, screen: str, reader: str, language: str) -> Looked:
    """Return the screen that is asked for, the first card unless there is one of that name."""
    spoken = language if language in LANGUAGES else SOURCE_LANGUAGE
    known = reader if reader in (*lesson_words.READERS, EVERYBODY) else next(iter(lesson_words.READERS))
    shown, names = [], tuple[str, ...]()
    for which in lesson_words.READERS if known == EVERYBODY else (known,):
        with translated_by(release.translations):
            previews = card_preview(sketch(desk), spoken, release=release, reader=lesson_words.reader(which, release))
        names = tuple(preview.name for preview in previews)
        chosen = next((preview for preview in previews if preview.name == screen), previews[0])
        shown.append((lesson_words.READERS[which], phone(chosen)))
    return Looked(tuple(shown), names, shown[0][1].name, known, spoken)


def placed(problems: Iterable[Problem], sheet: Sheet) -> dict[str, list[Problem]]:
    """Sort problems to where the form can show them: their field, else the list around it, else the whole."""
    places = {*sheet.fields, "sources", "cards", *(f"sources.{n}" for n, _ in enumerate(sheet.sources))}
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        steps = path_of(problem.field).split(".")
        around = (".".join(steps[:depth]) for depth in range(len(steps), 0, -1))
        found[next((place for place in around if place in places), WHOLE)].append(problem)
    return dict(found)


def in_words(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems without names of keys; what is said of two fields together stands beside the second."""
    names = {key: words for key, words in lesson_words.FIELDS.items() if "_" in key}
    found = []
    for problem in problems:
        message, said = problem.message, [key for key in names if key in problem.message]
        for key in said:
            message = message.replace(key, f"“{names[key]}”")
        found.append(replace(problem, message=message, field=problem.field or (said[-1] if said else "")))
    return found


def name_of(field: str) -> str:
    """Return what a field of a problem is called on the page, with the number of its card."""
    steps = path_of(field).split(".")
    last = steps[2] if len(steps) > 2 else steps[0]
    if steps[0] == "cards" and len(steps) > 1:
        language = f", {LANGUAGES[last]}" if len(steps) > 2 and last in LANGUAGES and last != SOURCE_LANGUAGE else ""
        return f"Kartu {int(steps[1]) + 1}{language}"
    if steps[0] == "sources" and len(steps) > 1:
        return (
            f"Sumber {int(steps[1]) + 1}{', ' + lesson_words.FIELDS.get(last, last).lower() if len(steps) > 2 else ''}"
        )
    return lesson_words.FIELDS.get(last, "Pelajaran ini")


def draw(
    visit: Visit,
    desk: Desk,
    *,
    problems: Sequence[Problem] = (),
    theirs: Sequence[tuple[str, str]] = (),
    other: str | None = None,
    focus: str = "",
    note: str = "",
    refused: bool = False,
    status: int = 200,
) -> Answer:
    """Draw the form of a lesson with the chat beside it; `theirs` are texts of another editor by path."""
    problems = in_words(problems)
    release, fields = visit.library.current(visit.session), desk.sheet.fields
    asked = visit.form
    return visit.page(
        "lesson.html.j2",
        title=desk.sheet.head["title"] or "Pelajaran baru",
        status=status,
        desk=desk,
        about=about(desk.code, release),
        said=lambda path: fields.get(path, ""),
        is_promotion=desk.sheet.head["promotion"] == YES,
        problems=problems,
        beside=placed(problems, desk.sheet),
        name=name_of,
        element=element,
        theirs=dict(theirs),
        other=other,
        base=written(desk.base) if desk.base else "",
        limits={"least": LEAST_CARDS, "most": MOST_CARDS, "sources": MOST_SOURCES},
        levels=[(level.number, f"{level.number}, {level.name}") for level in release.levels],
        other_languages={code: name for code, name in LANGUAGES.items() if code != SOURCE_LANGUAGE},
        languages=LANGUAGES,
        variables=lesson_words.VARIABLES,
        conditions=lesson_words.CONDITIONS,
        readers={**lesson_words.READERS, EVERYBODY: "Keempat-empatnya"},
        looked=looked_at(
            desk, release, screen=asked.text("layar"), reader=asked.text("pembaca"), language=asked.text("bahasa")
        ),
        focus=focus,
        note=note,
        refused=refused,
    )


def about(code: str, release: Release) -> str:
    """Return the name of the dimension that a lesson's code belongs to."""
    return dimension_names(release).get(code.split("-")[1], "")
