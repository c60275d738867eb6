"""What the page of one question shows: its form, problems beside their fields, and the chat's screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from bot.chat.preview import item_preview
from bot.content.parts import Change, Problem, differences
from bot.core.item import Format, Status
from bot.core.person import Business, Role
from bot.core.release import Release
from bot.texts.catalogue import LANGUAGES, SOURCE_LANGUAGE, translated_by
from bot.usecases import editing
from bot.usecases.editing import PartView
from bot.web import item_conflict
from bot.web import item_labels as words
from bot.web.item_fields import EXTENTS, KEYED, Extent, Fields, entries, fields_of, option_fields, payload_of
from bot.web.item_sketch import sketch
from bot.web.page import Answer, Visit
from bot.web.phone import Phone, phone

HOME = "/isi/butir"
GIST = 70
WHOLE = ""
SOURCES = Extent(0, 6)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question being written: what it is, the form as typed, and on what it was begun."""

    code: str
    format: Format
    fields: Fields
    version: int
    view: PartView
    base: Fields = field(default_factory=dict)

    @property
    def payload(self) -> Any:
        return payload_of(self.fields, code=self.code, format=self.format)

    @property
    def is_new(self) -> bool:
        return self.view.payload is None and self.view.original is None


def opened(visit: Visit, code: str) -> PartView:
    """Return a question of the working copy; one that is nowhere yet is empty."""
    return editing.open_part(visit.session, viewer=visit.viewer, part=f"item:{code}", library=visit.library)


def code_of(view: PartView) -> str:
    return view.part.partition(":")[2]


def begun(view: PartView) -> Sheet:
    """Return the form of a question as it stands."""
    assert view.payload is not None
    fields = fields_of(view.payload)
    return Sheet(code_of(view), Format(view.payload["format"]), fields, view.version, view, base=fields)


@dataclass(frozen=True, slots=True)
class Shown:
    """The chat's screen that is looked at, among those there are."""

    phone: Phone
    names: tuple[str, ...]
    language: str


def shown_screen(sheet: Sheet, release: Release, pictures: Mapping[str, str], *, screen: str, language: str) -> Shown:
    """Return the screen that is asked for, the question itself unless there is one of that name."""
    spoken = language if language in LANGUAGES else SOURCE_LANGUAGE
    with translated_by(release.translations):
        previews = item_preview(sketch(sheet.payload, pictures), spoken, release=release)
    chosen = next((preview for preview in previews if preview.name == screen), previews[0])
    return Shown(phone(chosen), tuple(preview.name for preview in previews), spoken)


def placed(problems: Iterable[Problem], fields: Fields) -> dict[str, list[Problem]]:
    """Sort problems to where the form can show them: their field, else the nearest thing around it, else the whole."""
    places = {".".join(path.split(".")[:depth]) for path in fields for depth in range(1, path.count(".") + 2)}
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        steps = problem.field.split(".")
        around = (".".join(steps[:depth]) for depth in range(len(steps), 0, -1))
        found[next((place for place in around if place in places), _kin(problem.field))].append(problem)
    return dict(found)


def _kin(path: str) -> str:
    """Return where a problem belongs whose field the form does not have yet, such as boxes that nobody ticked."""
    return path if path in ("sources", "suits", "anchor", "options", "steps", "turns", "picture") else WHOLE


def element(path: str) -> str:
    """Return the name by which a page finds a field."""
    return "f-" + path.replace(".", "-")


def draw(
    visit: Visit,
    sheet: Sheet,
    *,
    problems: Sequence[Problem] = (),
    focus: str = "",
    note: str = "",
    refused: bool = False,
    status: int = 200,
) -> Answer:
    """Draw the form of a question with the chat beside it."""
    release = visit.library.current(visit.session)
    pictures = pictures_of(visit) if sheet.format is Format.PICTURE else {}
    looked_at = shown_screen(
        sheet, release, pictures, screen=visit.form.text("layar"), language=visit.form.text("bahasa")
    )
    beside = placed(problems, sheet.fields)
    stem = sheet.fields.get("stem", [""])[0]
    return visit.page(
        "item.html.j2",
        title=gist(stem) or "Pertanyaan baru",
        status=status,
        sheet=sheet,
        about=about(sheet.code, release),
        format_words=words.FORMATS[sheet.format],
        said=lambda path: (sheet.fields.get(path) or [""])[0],
        all_said=lambda path: sheet.fields.get(path, []),
        numbers=lambda name: entries(sheet.fields, name),
        extent=extents(sheet.format),
        option_fields=option_fields(sheet.format),
        is_keyed=sheet.format in KEYED,
        pictures=[(picture, picture) for picture in sorted(pictures)],
        base=item_conflict.written(sheet.base),
        dimensions=dimension_names(release),
        problems=problems,
        beside=beside,
        name=words.field_name,
        element=element,
        shown=looked_at,
        changes=unreleased(sheet.view),
        languages=words.LANGUAGES,
        focus=focus,
        note=note,
        refused=refused,
        words=vocabulary(sheet.format),
    )


def unreleased(view: PartView) -> list[Change]:
    """Return how a question differs from the released one, in words; nothing for one that is new."""
    if view.original is None or view.payload is None:
        return []
    return differences({view.part: view.original}, {view.part: view.payload})


def extents(format: Format) -> dict[str, Extent]:
    """Return how many entries each list of a form may have."""
    return {**EXTENTS[format], **({} if format is Format.HABIT else {"sources": SOURCES})}


def vocabulary(format: Format) -> dict[str, object]:
    """Return the words of the form's fixed choices."""
    return {
        "letters": ascii_uppercase,
        "statuses": [(status.value, words.STATUSES[status], words.STATUS_HINTS[status]) for status in Status],
        "businesses": [(business.value, words.BUSINESSES[business]) for business in Business],
        "difficulties": words.DIFFICULTIES,
        "points": words.POINTS,
        "habit_values": words.HABIT_VALUES,
        "units": [(unit, unit) for unit in words.UNITS],
        "places": [(place, place) for place in range(1, 5)],
    }


def about(code: str, release: Release) -> str:
    """Return the name of the dimension that a code belongs to."""
    return dimension_names(release).get(code.partition("-")[0], words.HABITS_NAME)


def dimension_names(release: Release) -> dict[str, str]:
    """Return the names of the dimensions of owners and coaches, in order."""
    plans = [*release.under(Role.OWNER).form.dimensions, *release.under(Role.COACH).form.dimensions]
    return {plan.dimension.value: plan.name for plan in plans}


def pictures_of(visit: Visit) -> dict[str, str]:
    """Return the pictures of the working copy by name."""
    found = editing.workspace(visit.session, viewer=visit.viewer, library=visit.library).parts
    return {name.partition(":")[2]: svg for name, svg in found.items() if name.startswith("picture:")}


def gist(stem: str) -> str:
    """Return the beginning of a question, for a title."""
    return stem if len(stem) <= GIST else stem[: GIST - 1].rsplit(" ", 1)[0].rstrip(".,:;!?“") + "…"
