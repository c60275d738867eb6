"""The content files beside the editors' releases: whose word counts at a start, and files taken into the working copy.

Files never take the place of what editors released or are writing. Their way in is then the working copy, where an
admin sees what they change, in words, before anybody answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.content import release as forms
from bot.content.parts import JSON, Change, differences, split
from bot.content.schema import ContentDocument
from bot.store import audit, drafts, proposals, releases, turns
from bot.store.releases import EDITORS, FILES
from bot.usecases import editing
from bot.usecases.library import Library
from bot.usecases.releasing import FROM_FILES


class KeptBack(StrEnum):
    """Why the files were not released: editors released something else after them, change the same parts now, or wait
    for the release of a proposal.
    """

    RELEASED = "released"
    DRAFTED = "drafted"
    PROPOSED = "proposed"


def start(session: Session, *, document: ContentDocument, library: Library, now: datetime) -> KeptBack | None:
    """Make the content files the current release, unless that would undo what editors do; tell why it was not done.

    Where files and current release say the same, the files lead again: that is how the editors' work, once exported
    into them, is handed back.
    """
    turns.one_editor(session)
    release_id, payload = forms.freeze(document)
    current = releases.current_id(session)
    if current == release_id:
        releases.set_origin(session, release_id, FILES)
        return None
    if current is not None:
        reason = _in_the_way(session, current, split(document), library)
        if reason is not None:
            return reason
    releases.publish(session, release_id=release_id, payload=payload, origin=FILES, now=now)
    audit.note(session, audit.MACHINE, FROM_FILES, f"release:{release_id}", before=current, after="", now=now)
    return None


def _in_the_way(session: Session, current: str, wanted: Mapping[str, JSON], library: Library) -> KeptBack | None:
    parts = library.parts(session, current)
    changed = _changed(parts, wanted)
    if not changed:
        return None
    if releases.origin(session, current) == EDITORS:
        return KeptBack.RELEASED
    if proposals.open_one(session) is not None:
        return KeptBack.PROPOSED
    return KeptBack.DRAFTED if changed & {draft.part for draft in drafts.every(session)} else None


@dataclass(frozen=True, slots=True)
class Taken:
    """The files stand in the working copy; so they differ from the current release."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Nothing was taken: editors are changing these parts, and to something else than the files say."""

    parts: tuple[str, ...]


def take(session: Session, *, document: ContentDocument, library: Library, now: datetime) -> Taken | InTheWay:
    """Put what the files say into the working copy, where it waits for an admin to release it. Parts that the files do
    not have are taken out.
    """
    turns.one_editor(session)
    wanted = split(document)
    copy = editing.working_copy(session, library=library)
    theirs = {part for part in copy.drafts if copy.parts.get(part) != wanted.get(part)}
    if theirs:
        return InTheWay(tuple(sorted(theirs)))
    for part in sorted(_changed(copy.parts, wanted)):
        editing.keep_for_machine(session, part=part, payload=wanted.get(part), library=library, now=now)
    return Taken(tuple(differences(copy.original, wanted)))


def _changed(before: Mapping[str, JSON], after: Mapping[str, JSON]) -> set[str]:
    return {part for part in {*before, *after} if before.get(part) != after.get(part)}
