"""From a working copy to a release: proposed with a note, read by a second person where that is asked for, released at
once or when it is due, and taken back in one step.

A proposal pins its document. Any later edit ends it, so that what is released is what was proposed and read. Whoever is
in the middle of a sitting keeps the release it began with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.content import release as forms
from bot.content.part_names import ITEM, JSON, kind_of
from bot.content.parts import Change, differences
from bot.content.problems import Problem
from bot.core.access import Viewer
from bot.core.person import PersonId
from bot.core.proposal import Ending
from bot.store import audit, drafts, proposals, releases, turns
from bot.store.proposals import Proposal
from bot.store.releases import EDITORS
from bot.usecases import editing, rehearsing
from bot.usecases.editing import Refused, admit
from bot.usecases.library import Library

NOTE_LIMIT = 500
FURTHEST = timedelta(days=365)
PUBLISHED, SCHEDULED, ROLLED_BACK, FROM_FILES = (
    "release.publish",
    "release.schedule",
    "release.roll_back",
    "release.files",
)
"""What the log calls the ways in which a release becomes current: by hand, at its hour, back to it, from files."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The working copy waits for its release."""

    proposal_id: int


@dataclass(frozen=True, slots=True)
class Approved:
    """A second person has read the proposal."""


@dataclass(frozen=True, slots=True)
class Released:
    """This is the current release now."""

    release_id: str


@dataclass(frozen=True, slots=True)
class NothingChanged:
    """There is nothing to release: this is what people answer already."""


@dataclass(frozen=True, slots=True)
class OneWaits:
    """Another proposal waits; it is released or taken back first."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """The working copy does not say any more what was looked at."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The proposal does not wait any more: released, taken back, or void after an edit."""


@dataclass(frozen=True, slots=True)
class AnotherPerson:
    """Someone else than who proposed has to read this first."""


@dataclass(frozen=True, slots=True)
class Step:
    """One time a release became current: how (`act`), by whom (no name: the machine, or somebody erased), after which
    release, and why.
    """

    release_id: str
    at: datetime
    act: str
    actor_name: str | None
    note: str
    before: str | None
    is_current: bool


def propose(
    session: Session,
    *,
    viewer: Viewer,
    note: str,
    due_at: datetime | None = None,
    seen: str | None = None,
    must_rehearse: bool = True,
    library: Library,
    now: datetime,
) -> Proposed | Refused | NothingChanged | OneWaits | ChangedMeanwhile:
    """Pin the working copy for its release, at an hour if one is given; refused with all that is wrong with it. What
    changes how people are measured has to pass its dry run before; `seen` is the digest of what was looked at. Refuses
    with NotForYou.
    """
    turns.one_editor(session)
    found = editing.workspace(session, viewer=viewer, library=library)
    waiting = proposals.open_one(session)
    if waiting is not None:
        return OneWaits(waiting)
    told = " ".join(note.split())
    faults = [*_form_faults(told, due_at, now), *(p for p in editing.problems_of(found, now=now) if not p.is_warning)]
    if found.parts == found.original:
        return NothingChanged()
    if found.document is None:
        return Refused(tuple(faults))
    digest, payload = forms.freeze(found.document)
    if seen is not None and seen != digest:
        return ChangedMeanwhile()
    if must_rehearse and changes_measurement(before=found.original, after=found.parts):
        faults += rehearsing.hindrances(session, digest=digest)
    if faults:
        return Refused(tuple(faults))
    made = proposals.add(
        session, digest=digest, payload=payload, note=told, by=viewer.person.id, due_at=due_at, now=now
    )
    audit.note(session, viewer.person.id, "release.propose", f"proposal:{made}", after=told, now=now)
    return Proposed(made)


MEASURES = ("form", "coach", "levels", "exposure")
TEXTS = frozenset({"stem", "text", "feedback", "customer", "feedback_right", "feedback_wrong", "alternative"})


def changes_measurement(*, before: Mapping[str, JSON], after: Mapping[str, JSON]) -> bool:
    """Tell whether two states of the content ask or measure differently, words of questions and lessons aside."""
    measuring = {part for part in {*before, *after} if kind_of(part) == ITEM or part in MEASURES}
    return any(_without_words(before.get(part)) != _without_words(after.get(part)) for part in measuring)


def _without_words(payload: JSON) -> JSON:
    if isinstance(payload, dict):
        return {key: _without_words(value) for key, value in payload.items() if key not in TEXTS | {"sources"}}
    return [_without_words(entry) for entry in payload] if isinstance(payload, list) else payload


def _form_faults(note: str, due_at: datetime | None, now: datetime) -> list[Problem]:
    found = []
    if not note:
        found.append(Problem("", 1, "note", "tulis dulu apa yang berubah dan mengapa"))
    if len(note) > NOTE_LIMIT:
        found.append(Problem("", 1, "note", f"terlalu panjang, paling banyak {NOTE_LIMIT} huruf"))
    if due_at is not None and not now < due_at <= now + FURTHEST:
        found.append(Problem("", 1, "due_at", "pilih waktu sesudah sekarang, paling lama setahun lagi"))
    return found


def waiting(session: Session, *, viewer: Viewer) -> Proposal | None:
    """Return the proposal that waits; refuses with NotForYou."""
    admit(viewer)
    return proposals.open_one(session)


def last_ended(session: Session, *, viewer: Viewer) -> Proposal | None:
    """Return the proposal that ended last; refuses with NotForYou."""
    admit(viewer)
    return next(iter(proposals.ended(session, limit=1)), None)


def approve(session: Session, *, viewer: Viewer, proposal_id: int, now: datetime) -> Approved | AnotherPerson | Gone:
    """Say that a proposal was read by someone else than who made it; refuses with NotForYou."""
    turns.one_editor(session)
    found = waiting(session, viewer=viewer)
    if found is None or found.id != proposal_id:
        return Gone()
    if found.proposed_by == viewer.person.id:
        return AnotherPerson()
    proposals.approve(session, proposal_id=proposal_id, by=viewer.person.id, now=now)
    audit.note(session, viewer.person.id, "release.approve", f"proposal:{proposal_id}", after=found.note, now=now)
    return Approved()


def withdraw(session: Session, *, viewer: Viewer, proposal_id: int, now: datetime) -> bool:
    """Take a proposal back, the working copy stays; tell whether it was waiting. Refuses with NotForYou."""
    turns.one_editor(session)
    found = waiting(session, viewer=viewer)
    if found is None or found.id != proposal_id:
        return False
    _end(session, viewer.person.id, found, Ending.WITHDRAWN, "release.withdraw", now)
    return True


def publish(
    session: Session, *, viewer: Viewer, proposal_id: int, two_person: bool, library: Library, now: datetime
) -> Released | AnotherPerson | Gone:
    """Release a proposal now; where two people are asked for, only once another one has read it. Refuses with
    NotForYou.
    """
    turns.one_editor(session)
    found = waiting(session, viewer=viewer)
    if found is None or found.id != proposal_id:
        return Gone()
    if two_person and found.approved_by is None:
        return AnotherPerson()
    return _release(session, found, viewer.person.id, PUBLISHED, library, now)


def is_due(session: Session, *, two_person: bool, now: datetime) -> bool:
    """Tell whether there is something to release now."""
    return _due(session, two_person, now) is not None


def _due(session: Session, two_person: bool, now: datetime) -> Proposal | None:
    found = proposals.due(session, now)
    return None if found is None or (two_person and found.approved_by is None) else found


def release_due(session: Session, *, two_person: bool, library: Library, now: datetime) -> Released | None:
    """Release the proposal whose hour has come; one that nobody else has read yet waits on where two are asked for."""
    turns.one_editor(session)
    found = _due(session, two_person, now)
    if found is None:
        return None
    released = _release(session, found, audit.MACHINE, SCHEDULED, library, now)
    return released if isinstance(released, Released) else None


def roll_back(session: Session, *, viewer: Viewer, release_id: str, now: datetime) -> Released | NothingChanged | Gone:
    """Make an earlier release current again, in one step and by one person: it was released before. What editors have
    in the working copy stays; a proposal ends. Refuses with NotForYou.
    """
    admit(viewer)
    turns.one_editor(session)
    if not releases.is_there(session, release_id):
        return Gone()
    if releases.current_id(session) == release_id:
        return NothingChanged()
    found = proposals.open_one(session)
    if found is not None:
        _end(session, viewer.person.id, found, Ending.VOID, "release.void", now)
    _make_current(session, release_id, releases.payload(session, release_id), viewer.person.id, ROLLED_BACK, "", now)
    return Released(release_id)


def compare(session: Session, *, viewer: Viewer, before: str, after: str, library: Library) -> list[Change] | None:
    """Return what changed from one release to another, in words; None where one is missing. Refuses with NotForYou."""
    admit(viewer)
    if not (releases.is_there(session, before) and releases.is_there(session, after)):
        return None
    return differences(library.parts(session, before), library.parts(session, after))


def history(session: Session, *, viewer: Viewer, limit: int = 30) -> list[Step]:
    """Return how releases became current, the latest first; refuses with NotForYou."""
    admit(viewer)
    current = releases.current_id(session)
    acts = (PUBLISHED, SCHEDULED, ROLLED_BACK, FROM_FILES)
    entries = [e for act in acts for e in audit.entries(session, audit.Wanted(act=act), limit=limit)]
    steps = [
        Step(e.thing.partition(":")[2], e.at, e.act, e.actor_name, e.after or "", e.before, False)
        for e in sorted(entries, key=lambda entry: entry.id, reverse=True)
    ]
    told = {step.release_id for step in steps}
    older = [
        Step(row.id, row.published_at, FROM_FILES, None, "", None, False)
        for row in releases.listed(session, limit=limit)
        if row.id not in told
    ]
    return _with_current([*steps, *sorted(older, key=lambda step: step.at, reverse=True)][:limit], current)


def _with_current(steps: list[Step], current: str | None) -> list[Step]:
    """Mark the step that made the current release current: the latest one of it."""
    marked, seen = [], False
    for step in steps:
        is_current = not seen and step.release_id == current
        seen = seen or is_current
        marked.append(Step(step.release_id, step.at, step.act, step.actor_name, step.note, step.before, is_current))
    return marked


def _release(
    session: Session, found: Proposal, actor: PersonId, act: str, library: Library, now: datetime
) -> Released | Gone:
    payload = proposals.payload(session, found.id)
    if not proposals.end(session, proposal_id=found.id, outcome=Ending.RELEASED, now=now):
        return Gone()
    _make_current(session, found.digest, payload, actor, act, found.note, now)
    released = library.parts(session, found.digest)
    drafts.drop_all(session, [part for part, wanted in _drafted(session).items() if wanted == released.get(part)])
    return Released(found.digest)


def _drafted(session: Session) -> dict[str, JSON]:
    return {draft.part: editing.payload_of(draft) for draft in drafts.every(session)}


def _make_current(
    session: Session, release_id: str, payload: str, actor: PersonId, act: str, note: str, now: datetime
) -> None:
    before = releases.current_id(session)
    releases.publish(session, release_id=release_id, payload=payload, origin=EDITORS, now=now)
    audit.note(session, actor, act, f"release:{release_id}", before=before, after=note, now=now)


def _end(session: Session, actor: PersonId, found: Proposal, ending: Ending, act: str, now: datetime) -> None:
    proposals.end(session, proposal_id=found.id, outcome=ending, now=now)
    audit.note(session, actor, act, f"proposal:{found.id}", before=found.note, now=now)
