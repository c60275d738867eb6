"""Two admins of a dinas, Bu Maya and Pak Tomo, and short ways to let them edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.content.parts import JSON
from bot.core.access import Viewer
from bot.store import audit
from bot.store.audit import Entry, Wanted
from bot.usecases import editing
from bot.usecases.editing import Conflict, PartView, Refused, Saved, Workspace
from tests.usecases.world import World

ITEM, LESSON = "item:O3-001", "module:M-O2-cek-mutasi"


@dataclass(slots=True)
class Editors:
    """The admins and the working copy that they share."""

    world: World
    maya: Viewer
    tomo: Viewer

    def copy(self) -> Workspace:
        return self.world.do(
            lambda s: editing.workspace(s, viewer=self.maya, library=self.world.library, now=self.world.now)
        )

    def opens(self, part: str = ITEM, by: Viewer | None = None) -> PartView:
        return self.world.do(
            lambda s: editing.open_part(s, viewer=by or self.maya, part=part, library=self.world.library)
        )

    def saves(
        self, payload: JSON, *, part: str = ITEM, version: int | None = None, by: Viewer | None = None
    ) -> Saved | Refused | Conflict:
        began = self.opens(part).version if version is None else version
        return self.world.do(
            lambda s: editing.save(
                s,
                viewer=by or self.maya,
                part=part,
                payload=payload,
                version=began,
                library=self.world.library,
                now=self.world.now,
            )
        )

    def changes(self, change: Callable[[JSON], JSON], *, part: str = ITEM, by: Viewer | None = None) -> Saved:
        """Open a part, change it, save it."""
        saved = self.saves(change(self.opens(part).payload), part=part, by=by)
        assert isinstance(saved, Saved), saved
        return saved

    def log(self) -> list[tuple[str, str, str]]:
        """Return who did what to what, the first change first."""
        found: list[Entry] = self.world.do(lambda s: list(audit.entries(s, Wanted(), limit=1000)))
        return [(entry.actor_name or "", entry.act, entry.thing) for entry in reversed(found)]


def stem(text: str) -> Callable[[JSON], JSON]:
    """Return the change that gives a question another text."""
    return lambda payload: payload | {"stem": text}


def bring_in(world: World) -> Editors:
    maya, tomo = (Viewer(world.joins(9001 + n, name), is_admin=True) for n, name in enumerate(("Maya", "Tomo")))
    return Editors(world, maya, tomo)
