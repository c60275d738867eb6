"""Reading the log of changes, for admins; nothing in it is ever changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.core.access import Viewer, may_edit
from bot.core.group import GroupId
from bot.core.person import PersonId
from bot.store import audit, groups, people
from bot.store.audit import Entry, Wanted
from bot.usecases.grouping import NotForYou

_NAMED = re.compile(r"\b(person|group):(\d{1,18})\b")


@dataclass(frozen=True, slots=True)
class Log:
    """Some changes, the latest first, how many match in all, and the names of who and what they mention (`person:12`,
    `group:3`) while there are any.
    """

    entries: Sequence[Entry]
    total: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the log can be narrowed to: who changed anything, and what was done."""

    actors: Sequence[tuple[PersonId, str | None]]
    acts: Sequence[str]


def log(session: Session, *, viewer: Viewer, wanted: Wanted, limit: int, offset: int = 0) -> Log:
    """Return the changes that match; refuses with NotForYou."""
    _admit(viewer)
    found = audit.entries(session, wanted, limit=limit, offset=offset)
    return Log(found, audit.count(session, wanted), _names(session, found))


def choices(session: Session, *, viewer: Viewer) -> Choices:
    """Return what the log can be narrowed to; refuses with NotForYou."""
    _admit(viewer)
    return Choices(audit.actors(session), audit.acts(session))


def _admit(viewer: Viewer) -> None:
    if not may_edit(viewer):
        raise NotForYou


def _names(session: Session, found: Sequence[Entry]) -> dict[str, str]:
    said = " ".join(filter(None, (text for one in found for text in (one.thing, *_short(one)))))
    mentioned = {(kind, int(number)) for kind, number in _NAMED.findall(said)}
    persons = people.several(session, {PersonId(n) for kind, n in mentioned if kind == "person"})
    called = groups.names(session, {GroupId(n) for kind, n in mentioned if kind == "group"})
    return {f"person:{n}": one.first_name for n, one in persons.items()} | {f"group:{n}": g for n, g in called.items()}


def _short(entry: Entry) -> tuple[str | None, ...]:
    """Return before and after where they name people or groups, and not what a part of the content says."""
    return (entry.before, entry.after) if entry.thing.startswith(("person:", "group:")) else ()
