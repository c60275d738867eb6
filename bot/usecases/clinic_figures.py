"""What the clinic shows, worked out of the stored answers in a process beside the bot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.core.clinic import Checkup, checkup
from bot.core.item_figures import Progress
from bot.store.session import Database
from bot.usecases import calibrating
from bot.usecases.library import Library

LATEST = 5000
"""Sittings that the figures rest on, about 120,000 answers."""
CHECKUPS = TypeAdapter(tuple[Checkup, ...])


def checkups(database: Database, *, values: Mapping[str, Any], progress: Progress) -> Any:
    """Work out the figures of all items from the latest sittings."""
    now = datetime.fromisoformat(values["now"])
    with database.snapshot() as session:
        bank = calibrating.bank(session, library=Library(), now=now, latest=LATEST, progress=progress)
    found = CHECKUPS.dump_python(tuple(map(checkup, bank.figures)), mode="json")
    return {"sittings": len(bank.sittings), "checkups": found}


def effect_of(database: Database, *, values: Mapping[str, Any], progress: Progress) -> Any:
    """Work out whose level would change if a question counted for nothing, or again."""
    progress(0, 1)
    library = Library()
    with database.snapshot() as session:
        library.refresh(session, now=datetime.fromisoformat(values["now"]))
        item = library.current(session).item_by_code[values["code"]]
        look = calibrating.neutralised if values["is_neutral"] else calibrating.restored
        found = look(session, item=item, library=library)
    moved = [[before, after, count] for (before, after), count in sorted(found.moved.items())]
    return {"sittings": found.sittings, "touched": found.touched, "moved": moved}
