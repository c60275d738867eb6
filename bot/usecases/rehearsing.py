"""The dry run before a release: begun by an editor, worked out beside the bot, and kept in the log under its digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from bot.content import part_rules
from bot.content import release as forms
from bot.content.problems import Problem
from bot.core.access import Viewer
from bot.core.rehearsal import Bounds, Objection, Rehearsal, objections
from bot.store import audit, releases
from bot.usecases import editing
from bot.usecases.library import Library
from bot.usecases.reckoning import Busy, Reckoner, Running, Task
from bot.usecases.rehearsal_figures import REHEARSAL

REHEARSE = "release.rehearse"
"""The act in the log; what was found stands there as JSON."""


class Start(StrEnum):
    """What became of the wish for a dry run."""

    BEGUN = "begun"
    NOTHING_CHANGED = "nothing_changed"
    HAS_PROBLEMS = "has_problems"
    BUSY = "busy"


class Verdict(StrEnum):
    """What the last dry run of a document over the current release says."""

    PASSED = "passed"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Bench:
    """The working copy and its dry run: what keeps it from one (`problems`), what was found last, which bounds are not
    kept, and how far a run under way is.
    """

    digest: str
    is_unchanged: bool
    problems: tuple[Problem, ...]
    found: Rehearsal | None
    at: datetime | None
    objections: tuple[Objection, ...]
    bounds: Bounds
    running: Running | None
    broke: bool


def bounds() -> Bounds:
    """Return the bounds that `bank.yaml` sets."""
    asked = part_rules.demands().rehearsal
    return Bounds(asked.people, asked.reliability_loss, asked.dimension_loss, dict(asked.most_asked))


def bench(session: Session, *, viewer: Viewer, library: Library, reckoner: Reckoner, now: datetime) -> Bench:
    """Return the working copy with its dry run; refuses with NotForYou."""
    copy = editing.workspace(session, viewer=viewer, library=library)
    faults = tuple(problem for problem in editing.problems_of(copy, now=now) if not problem.is_warning)
    digest = forms.freeze(copy.document)[0] if copy.document else ""
    look = reckoner.look(_key(copy.base_id, digest))
    kept = _kept(session, digest, copy.base_id)
    found, at = kept or (None, None)
    if found is None and look.found is not None:  # worked out, but the log was away
        found, at = REHEARSAL.validate_json(look.found.content), look.found.at
    limits = bounds()
    return Bench(
        digest=digest,
        is_unchanged=copy.parts == copy.original,
        problems=faults,
        found=found,
        at=at,
        objections=objections(found, limits) if found else (),
        bounds=limits,
        running=look.running,
        broke=look.broke,
    )


def underway(session: Session, *, viewer: Viewer, digest: str, reckoner: Reckoner) -> Running | None:
    """Return how far the dry run of a document is, without assembling the working copy. Refuses with NotForYou."""
    editing.admit(viewer)
    return reckoner.look(_key(releases.current_id(session) or "", digest)).running


def start(
    session: Session,
    *,
    viewer: Viewer,
    library: Library,
    reckoner: Reckoner,
    url: str,
    then: Callable[[str, str], None],
    now: datetime,
) -> Start:
    """Begin the dry run of the working copy, unless it has problems; `then` is told its digest and what was found, in
    another thread. Refuses with NotForYou.
    """
    copy = editing.workspace(session, viewer=viewer, library=library)
    if copy.parts == copy.original:
        return Start.NOTHING_CHANGED
    if copy.document is None or any(not problem.is_warning for problem in editing.problems_of(copy, now=now)):
        return Start.HAS_PROBLEMS
    digest, payload = forms.freeze(copy.document)
    values = {
        "digest": digest,
        "payload": payload,
        "base_id": copy.base_id,
        "today": now.date().isoformat(),
        "people": bounds().owners,
    }
    task = Task(_key(copy.base_id, digest), "rehearse", values)
    try:
        reckoner.start(task, url=url, now=now, then=lambda content: then(digest, content))
    except Busy:
        return Start.BUSY
    return Start.BEGUN


def keep(session: Session, *, viewer: Viewer, digest: str, content: str, now: datetime) -> None:
    """Write down what a dry run found, for every process and for the log. Refuses with NotForYou."""
    editing.admit(viewer)
    found = REHEARSAL.validate_json(content)
    after = REHEARSAL.dump_json(found).decode()
    audit.note(session, viewer.person.id, REHEARSE, f"release:{digest}", before=found.base_id, after=after, now=now)


def verdict(session: Session, *, digest: str) -> Verdict:
    """Return what the last dry run of a document over the current release says; one over another release is none."""
    kept = _kept(session, digest, releases.current_id(session) or "")
    if kept is None:
        return Verdict.MISSING
    return Verdict.REFUSED if objections(kept[0], bounds()) else Verdict.PASSED


def hindrances(session: Session, *, digest: str) -> list[Problem]:
    """Return what a dry run says against a release as problems for its list; a missing one is a problem, too."""
    match verdict(session, digest=digest):
        case Verdict.PASSED:
            return []
        case Verdict.MISSING:
            return [Problem("", 1, "rehearsal", "jalankan dulu uji coba isi ini, lalu ajukan lagi")]
        case Verdict.REFUSED:
            return [Problem("", 1, "rehearsal", "uji coba menemukan ukuran yang turun terlalu jauh; lihat halaman uji")]


def _key(base_id: str, digest: str) -> str:
    return f"rehearse {base_id} {digest}"


def _kept(session: Session, digest: str, base_id: str) -> tuple[Rehearsal, datetime] | None:
    """Return the last dry run of a document over a release."""
    wanted = audit.Wanted(act=REHEARSE, thing=f"release:{digest}")
    for entry in audit.entries(session, wanted, limit=5):
        if entry.before == base_id and entry.after is not None:
            return REHEARSAL.validate_json(entry.after), entry.at
    return None
