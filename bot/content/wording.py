"""Every text of the content that is translated by a catalogue, with the part and the field it stands in.

Cards of lessons are not among them: each language has its own cards, inside the module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pydantic import BaseModel

from bot.content import item_schema, schema

UNITS = ("rupiah", "buah", "hari", "persen", "menit")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in the source language; `place` is how a catalogue tells where it is from."""

    part: str
    field: str
    place: str
    text: str


def wordings(document: schema.ContentDocument) -> Iterator[Wording]:
    """Go through every translatable text, in the order of the document."""
    for unit in UNITS:
        yield Wording("", unit, "unit", unit)
    for plan in document.form.dimensions:
        yield from _of("form", f"dimensions.{plan.dimension}", plan.dimension.value, plan, ("name", "short_name"))
    yield from _coach(document.coach)
    for level in document.levels.levels:
        yield from _of("levels", f"levels.{level.number}", "level", level, ("name", "meaning"))
    for zone in document.levels.zones:
        yield from _of("levels", f"zones.{zone.code}", "zone", zone, ("name",))
    yield Wording("advice", "warning", "warning", document.advice.warning)
    for module in document.modules:
        yield from _of(f"module:{module.code}", "", module.code, module, ("title", "summary", "act"))
    for probe in document.practice.probes:
        yield from _of(f"probe:{probe.code}", "", probe.code, probe, ("customer",))
        yield from _choices(f"probe:{probe.code}", "replies", probe.code, probe.replies)
    for script in document.sessions.sessions if document.sessions else ():
        place = f"session {script.dimension}"
        for number, text in enumerate(script.texts):
            yield Wording("sessions", f"{script.dimension}.{number}", place, text)
    for item in document.items:
        yield from _item(item)


def _coach(coach: schema.CoachEntry | None) -> Iterator[Wording]:
    if coach is None:
        return
    for plan in coach.dimensions:
        yield from _of("coach", f"dimensions.{plan.dimension}", "coach", plan, ("name", "short_name"))
    yield from _of("coach", "literacy", "coach", coach.literacy, ("name", "short_name"))
    for level in coach.levels:
        yield from _of("coach", f"levels.{level.number}", "coach level", level, ("name", "meaning"))


def _item(item: item_schema.AnyItem) -> Iterator[Wording]:
    part = f"item:{item.code}"
    yield Wording(part, "stem", item.code, item.stem)
    match item:
        case item_schema.ConversationItem():
            for number, turn in enumerate(item.turns):
                yield Wording(part, f"turns.{number}.customer", item.code, turn.customer)
                yield from _choices(part, f"turns.{number}.options", item.code, turn.options)
        case item_schema.OrderItem():
            yield from _choices(part, "steps", item.code, item.steps)
            yield from _of(part, "", item.code, item, ("feedback_right", "feedback_wrong"))
        case item_schema.NumberItem():
            yield from _of(part, "", item.code, item, ("feedback_right", "feedback_wrong"))
        case item_schema.PictureItem():
            yield Wording(part, "alternative", item.code, item.alternative)
            yield from _choices(part, "options", item.code, item.options)
        case _:
            yield from _choices(part, "options", item.code, item.options)


def _choices(part: str, field: str, place: str, entries: Iterable[BaseModel]) -> Iterator[Wording]:
    """Go through options, replies or steps: the words, and the feedback where there is one."""
    found = (_of(part, f"{field}.{number}", place, entry, ("text", "feedback")) for number, entry in enumerate(entries))
    return chain.from_iterable(found)


def _of(part: str, within: str, place: str, entry: BaseModel, names: tuple[str, ...]) -> Iterator[Wording]:
    for name in names:
        if name in type(entry).model_fields:
            yield Wording(part, f"{within}.{name}".lstrip("."), place, getattr(entry, name))
