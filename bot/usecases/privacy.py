"""A person's own data: to take along, or to erase for real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.core.attempt import Attempt
from bot.core.person import Person
from bot.core.release import Release
from bot.store import attempts, personal
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Every stored row by table, and the sittings with their releases for a readable account."""

    rows: dict[str, list[dict[str, Any]]]
    sittings: tuple[tuple[Attempt, Release], ...]


def export(session: Session, *, owner: Person, library: Library) -> PersonalData:
    """Gather everything that is stored about the owner."""
    every = attempts.every(session, owner.id)
    return PersonalData(
        rows=personal.rows(session, owner.id, owner.telegram_id),
        sittings=tuple((attempt, library.release_of(session, attempt)) for attempt in every),
    )


def erase(session: Session, *, owner: Person) -> None:
    """Delete everything that is stored about the owner, consent included."""
    personal.erase(session, owner.id, owner.telegram_id)
