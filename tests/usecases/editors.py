"""Two admins of a dinas, Bu Maya and Pak Tomo, and short ways to let them edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.content.parts import JSON
from bot.core.access import Viewer
from bot.store import audit
from bot.store.audit import Entry, Wanted
from bot.usecases import editing, releasing
from bot.usecases.editing import Conflict, PartView, Refused, Saved, Workspace
from bot.usecases.releasing import AnotherPerson, ChangedMeanwhile, Gone, NothingChanged, OneWaits, Proposed, Released
from tests.usecases.world import World

ITEM, LESSON = "item:O3-001", "module:M-O2-cek-mutasi"


@dataclass(slots=True)
class Editors:
    """The admins and the working copy that they share."""

    world: World
    maya: Viewer
    tomo: Viewer

    def copy(self) -> Workspace:
        return self.world.do(lambda s: editing.workspace(s, viewer=self.maya, library=self.world.library))

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

    def proposes(
        self,
        note: str = "Memperjelas soal",
        *,
        due_at: datetime | None = None,
        by: Viewer | None = None,
        must_rehearse: bool = False,
    ) -> Proposed | Refused | NothingChanged | OneWaits | ChangedMeanwhile:
        return self.world.do(
            lambda s: releasing.propose(
                s,
                viewer=by or self.maya,
                note=note,
                due_at=due_at,
                must_rehearse=must_rehearse,
                library=self.world.library,
                now=self.world.now,
            )
        )

    def publishes(
        self, proposal_id: int, *, two_person: bool = False, by: Viewer | None = None
    ) -> Released | AnotherPerson | Gone:
        return self.world.do(
            lambda s: releasing.publish(
                s,
                viewer=by or self.maya,
                proposal_id=proposal_id,
                two_person=two_person,
                library=self.world.library,
                now=self.world.now,
            )
        )

    def releases(self, change: Callable[[JSON], JSON], *, part: str = ITEM, note: str = "Memperjelas soal") -> str:
        """Change a part, propose it and release it; return the release's id."""
        self.changes(change, part=part)
        proposed = self.proposes(note)
        assert isinstance(proposed, Proposed), proposed
        released = self.publishes(proposed.proposal_id)
        assert isinstance(released, Released), released
        return released.release_id

    def rolls_back(self, release_id: str) -> Released | NothingChanged | Gone:
        now = self.world.now
        return self.world.do(lambda s: releasing.roll_back(s, viewer=self.tomo, release_id=release_id, now=now))

    def current(self) -> str:
        return self.world.do(lambda s: self.world.library.current(s).id)

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
