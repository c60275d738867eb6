"""Small repairs from the chat: a typo in one text of a question, or a question put away. They go into the working copy;
people meet them once it is released.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlmodel import Session

from bot.content import release as forms
from bot.content.field_words import field_words
from bot.content.part_names import JSON, code_of, kind_of, under, validated
from bot.content.part_rules import part_problems
from bot.content.problems import Problem
from bot.core.access import Viewer
from bot.core.item import Item, Status
from bot.usecases import editing
from bot.usecases.editing import Conflict, PartView, Refused, Saved
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library

TEXTS = {"stem", "text", "customer"}
"""Fields that hold what people read before they answer."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One text of a question: its path inside the part, the words for it, and what it says."""

    path: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A question as the working copy has it; `is_changed` where that is not released yet, `is_new` where no release
    has it; there is no item while it breaks the schema.
    """

    code: str
    view: PartView
    item: Item | None
    spots: tuple[Spot, ...]
    status: Status

    @property
    def is_changed(self) -> bool:
        return self.view.draft is not None

    @property
    def is_new(self) -> bool:
        return self.view.original is None


@dataclass(frozen=True, slots=True)
class Tried:
    """A text as it would stand in its question, not kept yet."""

    item: Item | None
    spot: Spot
    before: str
    version: int
    warnings: tuple[Problem, ...]


def find(session: Session, *, viewer: Viewer, code: str, library: Library) -> Opened:
    """Return a question of the working copy by its code, in whatever letters; refuses with NotForYou where there is
    none, and who may not edit.
    """
    tidy = code.strip().upper()
    view = editing.open_part(session, viewer=viewer, part=f"item:{tidy}", library=library)
    if view.payload is None:
        raise NotForYou(tidy)
    spots = tuple(Spot(path, field_words(path), text) for path, text in _texts(view.payload))
    return Opened(tidy, view, _item(session, view.part, view.payload, library), spots, Status(view.payload["status"]))


def _texts(payload: JSON, path: str = "") -> Iterator[tuple[str, str]]:
    entries = enumerate(payload) if isinstance(payload, list) else payload.items() if isinstance(payload, dict) else ()
    for key, value in entries:
        here = under(path, key)
        if isinstance(value, str):
            if key in TEXTS:
                yield here, value
        elif key != "sources":
            yield from _texts(value, here)


def _item(session: Session, part: str, payload: JSON, library: Library) -> Item | None:
    """Return the question as the chat would ask it; None while it breaks the schema."""
    try:
        entry = validated(part, payload)
    except ValidationError:
        return None
    parts = editing.working_copy(session, library=library).parts
    pictures = {code_of(name): svg for name, svg in parts.items() if kind_of(name) == "picture"}
    return forms.item_of(entry, pictures=pictures)


def attempt_text(
    session: Session, *, viewer: Viewer, code: str, path: str, text: str, library: Library, now: datetime
) -> Tried | Refused:
    """Return a question with one text put in, and keep nothing; refused where it then breaks a rule."""
    found = find(session, viewer=viewer, code=code, library=library)
    spot = next((each for each in found.spots if each.path == path), None)
    if spot is None:
        raise NotForYou(path)
    payload = _with_text(found.view.payload, path, text)
    problems = part_problems(found.view.part, payload, today=now.date())
    faults = tuple(problem for problem in problems if not problem.is_warning)
    if faults:
        return Refused(faults)
    item = _item(session, found.view.part, payload, library)
    return Tried(item, Spot(path, spot.words, _tidy(text)), spot.text, found.view.version, tuple(problems))


def mend(
    session: Session,
    *,
    viewer: Viewer,
    code: str,
    path: str,
    text: str,
    version: int,
    library: Library,
    now: datetime,
) -> Saved | Refused | Conflict:
    """Put one text of a question into the working copy, over the version that was looked at."""
    found = find(session, viewer=viewer, code=code, library=library)
    if all(spot.path != path for spot in found.spots):
        raise NotForYou(path)
    return editing.save(
        session,
        viewer=viewer,
        part=found.view.part,
        payload=_with_text(found.view.payload, path, text),
        version=version,
        library=library,
        now=now,
    )


def retire(
    session: Session, *, viewer: Viewer, code: str, version: int, library: Library, now: datetime
) -> Saved | Refused | Conflict:
    """Put a question away in the working copy, over the version that was looked at."""
    found = find(session, viewer=viewer, code=code, library=library)
    return editing.save(
        session,
        viewer=viewer,
        part=found.view.part,
        payload=found.view.payload | {"status": Status.RETIRED.value},
        version=version,
        library=library,
        now=now,
    )


def _tidy(text: str) -> str:
    """Return a text as phones type it, on lines without blanks at their ends."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def _with_text(payload: JSON, path: str, text: str) -> JSON:
    changed = deepcopy(payload)
    *way, last = path.split(".")
    entry = changed
    for step in way:
        entry = entry[int(step)] if isinstance(entry, list) else entry[step]
    entry[last] = _tidy(text)
    return changed
