"""The working copy of the content: the current release with what editors changed and have not released yet.

A version is drawn from what a part says. Who saves names the version they began with; where something else stands there
by now, nothing is overwritten and both texts are shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.content import parts as content
from bot.content.part_names import SINGLES, dumped, is_part, validated
from bot.content.parts import JSON, Change
from bot.content.problems import ContentRefused, Problem
from bot.content.schema import ContentDocument
from bot.core.access import Viewer, may_edit
from bot.core.person import PersonId
from bot.core.proposal import Ending
from bot.store import audit, drafts, proposals, releases, turns
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library, NothingPublished

SAVED, DISCARDED, IMPORTED = "content.save", "content.discard", "content.import"
"""What the log calls changes of the working copy."""
ABSENT = 0
"""The version of a part that is not there."""


@dataclass(frozen=True, slots=True)
class DraftInfo:
    """Who changed a part last and when; no name where the person was erased."""

    version: int
    changed_by: PersonId
    changed_by_name: str | None
    changed_at: datetime
    takes_out: bool


@dataclass(frozen=True, slots=True)
class Workspace:
    """The working copy: `original` are the parts of the release `base_id`, `parts` what editors made of them; there is
    no document while the whole breaks the schema. Nobody may change what is handed out.
    """

    base_id: str
    document: ContentDocument | None
    drafts: Mapping[str, DraftInfo]
    parts: Mapping[str, JSON]
    original: Mapping[str, JSON]
    broken: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PartView:
    """One part as the working copy has it, and as the current release has it; None where it is not there."""

    part: str
    payload: JSON
    version: int
    original: JSON
    draft: DraftInfo | None


@dataclass(frozen=True, slots=True)
class Saved:
    """The part is kept; `voids_proposal` where a proposal ended that no longer says what the working copy does."""

    version: int
    warnings: tuple[Problem, ...] = ()
    voids_proposal: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is kept, because of these."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing is kept, because somebody else changed the part: what stands there now, and how what was to be saved
    differs from it.
    """

    theirs: JSON
    version: int
    changed_by_name: str | None
    changes: tuple[Change, ...]


def admit(viewer: Viewer) -> None:
    """Refuse with NotForYou who may not edit."""
    if not may_edit(viewer):
        raise NotForYou


def version_of(payload: JSON) -> int:
    """Return the version of a part that says this: 0 where it is not there, else 31 bits of a digest."""
    if payload is None:
        return ABSENT
    digest = hashlib.sha256(_stored(payload).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1 or 1


def workspace(session: Session, *, viewer: Viewer, library: Library) -> Workspace:
    """Return the working copy; refuses with NotForYou."""
    admit(viewer)
    return working_copy(session, library=library)


def working_copy(session: Session, *, library: Library) -> Workspace:
    """Return the working copy for whoever has been admitted."""
    base_id = _base_id(session)
    original = library.parts(session, base_id)
    changed = drafts.every(session)
    parts = content.with_drafts(original, {draft.part: payload_of(draft) for draft in changed})
    document, broken = _assembled(parts) if changed else (library.document(session, base_id), ())
    return Workspace(base_id, document, {draft.part: _about(draft) for draft in changed}, parts, original, broken)


def _assembled(parts: Mapping[str, JSON]) -> tuple[ContentDocument | None, tuple[Problem, ...]]:
    try:
        return content.assemble(parts), ()
    except ContentRefused as refused:
        return None, refused.problems


def open_part(session: Session, *, viewer: Viewer, part: str, library: Library) -> PartView:
    """Return one part; one that is nowhere yet is empty, so that it can be begun. Refuses with NotForYou, also where no
    part could be called that.
    """
    admit(viewer)
    if not is_part(part):
        raise NotForYou(part)
    return _look(session, part, library)


def _look(session: Session, part: str, library: Library) -> PartView:
    original = library.parts(session, _base_id(session)).get(part)
    draft = drafts.one(session, part)
    payload = payload_of(draft) if draft else original
    return PartView(part, deepcopy(payload), version_of(payload), deepcopy(original), _about(draft) if draft else None)


def save(
    session: Session,
    *,
    viewer: Viewer,
    part: str,
    payload: JSON,
    version: int,
    library: Library,
    now: datetime,
) -> Saved | Refused | Conflict:
    """Keep a part in the working copy, None to take it out; `version` is that of the part as it was opened. Refused
    where the part breaks a rule, a conflict where somebody else changed it meanwhile. Refuses with NotForYou.
    """
    turns.one_editor(session)
    view = open_part(session, viewer=viewer, part=part, library=library)
    payload = with_plain_lines(payload)
    found = [] if payload is None else content.part_problems(part, payload, today=now.date())
    faults = tuple(problem for problem in found if not problem.is_warning)
    if payload is None and part in SINGLES:
        faults = (Problem(part, 1, "", "bagian ini tidak bisa dihapus"),)
    wanted = payload if faults or payload is None else _tidy(part, payload)
    if version != view.version and wanted != view.payload:
        return _conflict(view, wanted)
    if faults:
        return Refused(faults)
    warnings = tuple(found)
    if wanted == view.payload:
        return Saved(view.version, warnings)
    if not _keep(session, viewer.person.id, view, wanted, now):
        return _conflict(_look(session, part, library), wanted)
    is_void = _noted(session, viewer.person.id, view, wanted, SAVED, now)
    return Saved(version_of(wanted), warnings, is_void)


def discard(
    session: Session, *, viewer: Viewer, part: str, version: int, library: Library, now: datetime
) -> Saved | Conflict:
    """Take a part back to what the current release says; a conflict where somebody else changed it meanwhile. Refuses
    with NotForYou.
    """
    turns.one_editor(session)
    view = open_part(session, viewer=viewer, part=part, library=library)
    if view.draft is None:
        return Saved(view.version)
    if version != view.version:
        return _conflict(view, view.original)
    if not drafts.drop(session, part=part, version=view.draft.version):
        return _conflict(_look(session, part, library), view.original)
    is_void = _noted(session, viewer.person.id, view, view.original, DISCARDED, now)
    return Saved(version_of(view.original), voids_proposal=is_void)


def keep_for_machine(session: Session, *, part: str, payload: JSON, library: Library, now: datetime) -> None:
    """Keep a part that no person wrote; it has been checked, and nobody is changing it."""
    view = _look(session, part, library)
    _keep(session, audit.MACHINE, view, payload, now)
    _noted(session, audit.MACHINE, view, payload, IMPORTED, now)


def problems_of(found: Workspace, *, now: datetime) -> list[Problem]:
    """Return what keeps a working copy from being released, and warnings last."""
    if found.document is None:
        return list(found.broken)
    return content.document_problems(found.document, today=now.date())


def _base_id(session: Session) -> str:
    base_id = releases.current_id(session)
    if base_id is None:
        raise NothingPublished
    return base_id


def _keep(session: Session, actor: PersonId, view: PartView, wanted: JSON, now: datetime) -> bool:
    """Keep what a part says; one that says what the release says is no draft any more."""
    over = view.draft.version if view.draft else None
    if wanted == view.original:
        return over is None or drafts.drop(session, part=view.part, version=over)
    return drafts.put(
        session,
        part=view.part,
        payload=None if wanted is None else _stored(wanted),
        version=version_of(wanted),
        over=over,
        changed_by=actor,
        now=now,
    )


def _noted(session: Session, actor: PersonId, view: PartView, wanted: JSON, act: str, now: datetime) -> bool:
    """Write a change into the log, and end the proposal that no longer says what the working copy says."""
    before = None if view.payload is None else _stored(view.payload)
    after = None if wanted is None else _stored(wanted)
    audit.note(session, actor, act, view.part, before=before, after=after, now=now)
    waiting = proposals.open_one(session)
    if waiting is None:
        return False
    proposals.end(session, proposal_id=waiting.id, outcome=Ending.VOID, now=now)
    audit.note(session, actor, "release.void", f"proposal:{waiting.id}", before=waiting.note, now=now)
    return True


def _conflict(view: PartView, wanted: JSON) -> Conflict:
    theirs, mine = ({view.part: said} if said is not None else {} for said in (view.payload, wanted))
    name = view.draft.changed_by_name if view.draft else None
    return Conflict(view.payload, view.version, name, tuple(content.differences(theirs, mine)))


def _about(draft: drafts.Draft) -> DraftInfo:
    return DraftInfo(draft.version, draft.changed_by, draft.changed_by_name, draft.changed_at, draft.payload is None)


def payload_of(draft: drafts.Draft) -> JSON:
    """Return what a draft says, in the schema's present form where it fits."""
    if draft.payload is None:
        return None
    payload = json.loads(draft.payload)
    return payload if content.schema_problems(draft.part, payload) else _tidy(draft.part, payload)


def with_plain_lines(payload: JSON) -> JSON:
    """Return what a browser sent with the line breaks that everything else uses."""
    if isinstance(payload, str):
        return payload.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(payload, dict):
        return {with_plain_lines(key): with_plain_lines(value) for key, value in payload.items()}
    return [with_plain_lines(value) for value in payload] if isinstance(payload, list | tuple) else payload


def _tidy(part: str, payload: JSON) -> JSON:
    entry = validated(part, payload)
    return dumped(entry) if hasattr(entry, "model_dump") else entry


def _stored(payload: JSON) -> str:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)
