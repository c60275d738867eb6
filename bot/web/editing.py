"""The working copy on one page: what changed, what is wrong, the way to a release, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.content import release as forms
from bot.content.field_words import field_words, part_words
from bot.content.part_names import code_of, kind_of
from bot.content.parts import Change, Problem, differences
from bot.core.person import Person
from bot.core.proposal import Ending
from bot.store.proposals import Proposal
from bot.usecases import editing, releasing
from bot.usecases.editing import Conflict, DraftInfo, Refused, Workspace
from bot.usecases.releasing import (
    FROM_FILES,
    PUBLISHED,
    ROLLED_BACK,
    SCHEDULED,
    AnotherPerson,
    Approved,
    ChangedMeanwhile,
    Gone,
    NothingChanged,
    OneWaits,
    Proposed,
    Released,
    Step,
)
from bot.web import labels
from bot.web.log_words import Piece, pieces
from bot.web.page import Answer, NotFound, Visit, or_404, whole_number

HOME = "/isi"
MOST_PARTS, MOST_CHANGES, LONGEST_TEXT = 50, 12, 1500
PAGES: Mapping[str, str] = {
    "item": "/isi/butir/{}",
    "module": "/isi/pelajaran/{}",
    "translation": "/isi/terjemahan/{}",
    **dict.fromkeys(("form", "coach", "levels", "advice", "exposure", "glossary", "sessions"), "/isi/susunan/{}"),
}
NOTES: Mapping[str, tuple[str, str]] = {
    "terbit": (
        "Sudah terbit. Asesmen yang baru dimulai memakainya; yang sedang berjalan tetap dengan isi lama.",
        "good",
    ),
    "usul": ("Usulan tersimpan. Sekarang menunggu.", "good"),
    "setuju": ("Persetujuan Anda tercatat.", "good"),
    "tarik": ("Usulan ditarik. Rancangannya tetap ada.", "calm"),
    "kembali": ("Sudah kembali ke terbitan yang dipilih. Rancangan tetap ada.", "good"),
    "buang": ("Perubahan dibuang. Bagian itu kembali seperti terbitan sekarang.", "calm"),
    "lain": ("Perlu disetujui orang lain dulu, bukan oleh yang mengusulkan.", "warn"),
    "lewat": ("Usulan itu sudah tidak menunggu lagi. Lihat keadaannya di bawah.", "warn"),
    "sama": ("Tidak ada yang berubah, jadi tidak ada yang perlu diterbitkan.", "calm"),
    "tunggu": ("Masih ada usulan yang menunggu. Terbitkan atau tarik dulu yang itu.", "warn"),
    "berubah": ("Orang lain baru saja mengubah isinya. Lihat lagi perubahannya, lalu ulangi.", "warn"),
}
FIELDS = {"note": "", "due_at": "", "rehearsal": ""}
"""What can be wrong with the form itself."""
WAYS: Mapping[str, str] = {
    PUBLISHED: "Diterbitkan",
    SCHEDULED: "Terbit sesuai jadwal",
    ROLLED_BACK: "Kembali ke terbitan ini",
    FROM_FILES: "Terbit dari berkas",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field that changed: its words, and both texts in one, word by word."""

    words: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What changed in one part: its name, its page, how it came about, and its fields; `more` are left out."""

    part: str
    words: str
    address: str
    what: str
    who: str
    version: int
    lines: tuple[Line, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing to mend before a release: where, what, and the page on which it is mended."""

    where: str
    message: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the history."""

    step: Step
    way: str
    when: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form: nothing typed is ever lost."""

    note: str = ""
    is_later: bool = False
    day: str = ""
    hour: str = ""


def home(visit: Visit) -> Answer:
    """Show the working copy and the way to a release."""
    return _drawn(visit, NOTES.get(visit.query.get("kabar", "")))


def _drawn(
    visit: Visit,
    note: tuple[str, str] | None,
    *,
    typed: Typed | None = None,
    wrong: Sequence[Problem] = (),
    status: int = 200,
) -> Answer:
    session, viewer = visit.session, visit.viewer
    copy = editing.workspace(session, viewer=viewer, library=visit.library)
    found = editing.problems_of(copy, now=visit.now)
    groups = changed(differences(copy.original, copy.parts), copy, viewer.person)
    waiting = releasing.waiting(session, viewer=viewer)
    last = releasing.last_ended(session, viewer=viewer)
    today = labels.day_of(visit.now, viewer.person)
    return visit.page(
        "editing.html.j2",
        title="Isi",
        status=status,
        note=note,
        typed=typed or Typed(),
        wrong=FIELDS | {problem.field: problem.message for problem in wrong if not problem.file},
        groups=groups[:MOST_PARTS],
        count=len(groups),
        faults=[trouble(problem) for problem in found if not problem.is_warning],
        warnings=[trouble(problem) for problem in found if problem.is_warning],
        digest=forms.freeze(copy.document)[0] if copy.document else "",
        needs_trial=releasing.changes_measurement(before=copy.original, after=copy.parts),
        two_person=visit.site.two_person,
        waiting=waiting,
        is_own=waiting is not None and waiting.proposed_by == viewer.person.id,
        times=_times(waiting, viewer.person),
        void_note=_void(last) if waiting is None and groups else "",
        rows=_rows(releasing.history(session, viewer=viewer), viewer.person),
        zone=viewer.person.context.clock,
        first_day=today.isoformat(),
        last_day=(today + releasing.FURTHEST - timedelta(days=1)).isoformat(),
    )


def changed(found: Iterable[Change], copy: Workspace, viewer: Person) -> list[Group]:
    """Return changes part by part, ready to be read."""
    return [_group(part, list(inside), copy, viewer) for part, inside in groupby(found, lambda change: change.part)]


def _group(part: str, inside: Sequence[Change], copy: Workspace, viewer: Person) -> Group:
    draft = copy.drafts.get(part)
    what = "baru" if part not in copy.original else "dihapus" if part not in copy.parts else "diubah"
    return Group(
        part=part,
        words=part_words(part),
        address=page_of(part),
        what=what,
        who=_who(draft, viewer) if draft else "",
        version=editing.version_of(copy.parts.get(part)),
        lines=lines(inside[:MOST_CHANGES]),
        more=max(0, len(inside) - MOST_CHANGES),
    )


def lines(found: Sequence[Change]) -> tuple[Line, ...]:
    """Return changes of one part, field by field."""
    return tuple(Line(change.words, pieces(_cut(change.before), _cut(change.after))) for change in found)


def _cut(text: str | None) -> str:
    said = text or ""
    return said if len(said) <= LONGEST_TEXT else f"{said[:LONGEST_TEXT].rstrip()}…"


def _who(draft: DraftInfo, viewer: Person) -> str:
    name = draft.changed_by_name or ("dari berkas" if not draft.changed_by else "seseorang")
    return f"{name}, {labels.moment_of(draft.changed_at, viewer)}"


def page_of(part: str) -> str:
    """Return the page on which a part is edited; empty where it has none."""
    kind = kind_of(part)
    return PAGES[kind].format(code_of(part) or part) if kind in PAGES else ""


def trouble(problem: Problem) -> Trouble:
    """Return a problem with its place in words."""
    if problem.file == "bank":
        return Trouble("Seluruh isi", problem.message, "")
    place = ", ".join(filter(None, (part_words(problem.file), field_words(problem.field) if problem.field else "")))
    return Trouble(place, problem.message, page_of(problem.file))


def _times(waiting: Proposal | None, viewer: Person) -> dict[str, str]:
    if waiting is None:
        return {}
    found = {"proposed": waiting.proposed_at, "approved": waiting.approved_at, "due": waiting.due_at}
    return {name: labels.moment_of(at, viewer) if at else "" for name, at in found.items()}


def _void(last: Proposal | None) -> str:
    """Return what to say about a proposal that an edit ended."""
    if last is None or last.outcome != Ending.VOID:
        return ""
    return f"Usulan “{last.note}” gugur karena isinya diubah sesudah diusulkan. Usulkan lagi kalau sudah pas."


def _rows(steps: Sequence[Step], viewer: Person) -> list[Row]:
    """Return the history; only the latest step of each release offers the way back to it."""
    seen: set[str] = set()
    rows = []
    for step in steps:
        rows.append(
            Row(step, WAYS.get(step.act, step.act), labels.moment_of(step.at, viewer), step.release_id not in seen)
        )
        seen.add(step.release_id)
    return rows


def propose(visit: Visit) -> Answer:
    """Propose the working copy; where one person is enough and no hour is named, it is released at once."""
    form = visit.form
    typed = Typed(form.text("catatan"), form.text("kapan") == "nanti", form.text("hari"), form.text("jam"))
    due_at = _due(typed, visit.viewer.person) if typed.is_later else None
    if typed.is_later and due_at is None:
        late = Problem("", 1, "due_at", "pilih hari dan jamnya")
        return _drawn(visit, None, typed=typed, wrong=[late], status=422)
    outcome = releasing.propose(
        visit.session,
        viewer=visit.viewer,
        note=typed.note,
        due_at=due_at,
        seen=form.text("isi"),
        library=visit.library,
        now=visit.now,
    )
    match outcome:
        case Proposed():
            at_once = due_at is None and not visit.site.two_person
            return _published(visit, outcome.proposal_id) if at_once else _told(visit, "usul")
        case Refused():
            return _drawn(visit, None, typed=typed, wrong=outcome.problems, status=422)
        case ChangedMeanwhile():
            return _drawn(visit, NOTES["berubah"], typed=typed, status=409)
        case OneWaits():
            return _drawn(visit, NOTES["tunggu"], typed=typed, status=409)
        case NothingChanged():
            return _told(visit, "sama")


def _due(typed: Typed, viewer: Person) -> datetime | None:
    """Read day and hour as they are where the viewer lives."""
    try:
        read = datetime.fromisoformat(f"{typed.day}T{typed.hour}")
    except ValueError:
        return None
    return read.replace(tzinfo=viewer.context.clock.tzinfo) if read.tzinfo is None else None


def approve(visit: Visit) -> Answer:
    """Say that a proposal was read."""
    asked = _proposal(visit)
    match releasing.approve(visit.session, viewer=visit.viewer, proposal_id=asked, now=visit.now):
        case Approved():
            return _told(visit, "setuju")
        case AnotherPerson():
            return _told(visit, "lain")
        case Gone():
            return _told(visit, "lewat")


def publish(visit: Visit) -> Answer:
    """Release a proposal now."""
    return _published(visit, _proposal(visit))


def _published(visit: Visit, proposal_id: int) -> Answer:
    outcome = releasing.publish(
        visit.session,
        viewer=visit.viewer,
        proposal_id=proposal_id,
        two_person=visit.site.two_person,
        library=visit.library,
        now=visit.now,
    )
    match outcome:
        case Released():
            return _told(visit, "terbit")
        case AnotherPerson():
            return _told(visit, "lain")
        case Gone():
            return _told(visit, "lewat")


def withdraw(visit: Visit) -> Answer:
    """Take a proposal back."""
    asked = _proposal(visit)
    taken = releasing.withdraw(visit.session, viewer=visit.viewer, proposal_id=asked, now=visit.now)
    return _told(visit, "tarik" if taken else "lewat")


def _proposal(visit: Visit) -> int:
    return whole_number(visit.form.text("usulan"))


def discard(visit: Visit) -> Answer:
    """Take one part back to what the current release says."""
    outcome = editing.discard(
        visit.session,
        viewer=visit.viewer,
        part=visit.form.text("bagian"),
        version=whole_number(visit.form.text("versi")),
        library=visit.library,
        now=visit.now,
    )
    return _told(visit, "berubah" if isinstance(outcome, Conflict) else "buang")


def release(visit: Visit) -> Answer:
    """Show what going back to an earlier release would change."""
    wanted = str(visit.arguments["release"])
    steps = releasing.history(visit.session, viewer=visit.viewer, limit=200)
    step = or_404(next((each for each in steps if each.release_id == wanted), None))
    current = visit.library.current(visit.session).id
    found = or_404(
        releasing.compare(visit.session, viewer=visit.viewer, before=current, after=wanted, library=visit.library)
    )
    parts = [
        (part_words(part), lines(list(inside)[:MOST_CHANGES])) for part, inside in groupby(found, lambda c: c.part)
    ]
    return visit.page(
        "release.html.j2",
        title=f"Terbitan {labels.moment_of(step.at, visit.viewer.person)}",
        step=step,
        way=WAYS.get(step.act, step.act),
        release=wanted,
        is_current=wanted == current,
        count=len(parts),
        parts=parts[:MOST_PARTS],
    )


def roll_back(visit: Visit) -> Answer:
    """Make an earlier release current again."""
    wanted = str(visit.arguments["release"])
    outcome = releasing.roll_back(visit.session, viewer=visit.viewer, release_id=wanted, now=visit.now)
    if isinstance(outcome, Gone):
        raise NotFound
    return _told(visit, "kembali" if isinstance(outcome, Released) else "sama")


def _told(visit: Visit, what: str) -> Answer:
    return visit.moved(f"{HOME}?kabar={what}")
