"""Lessons: which there are for a person, reading them card by card, and marking the act done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.core.acts import ActReport, Tried
from bot.core.advice import Reason
from bot.core.answer import Answer, score
from bot.core.item import Item
from bot.core.person import Person
from bot.core.profile import has_gate
from bot.core.release import Module, Release
from bot.store import lessons, releases
from bot.store.lessons import Lesson
from bot.usecases import results, wishing
from bot.usecases.library import Library
from bot.usecases.results import Result

SHOWN_MISSES = 2
VERSIONS = 4
"""So many releases back the last version of a lesson is looked for that can be shown."""
OF_FILES = "berkas"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The modules as one person sees them: advised with the reason, others open, done, those that wait for the gate,
    and those whose facts are being renewed.
    """

    advised: tuple[tuple[Module, Reason], ...]
    others: tuple[Module, ...]
    done: tuple[Module, ...]
    waiting: tuple[Module, ...]
    renewing: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A module being read, with what tailors it: the person's result and the answers not right yet in its dimension;
    `act` is what was said of trying its act.
    """

    module: Module
    lesson: Lesson
    result: Result | None
    misses: tuple[tuple[Item, Answer], ...]
    act: ActReport | None = None


class ModuleNotOpen(Exception):
    """No such module, or one that waits for the gate."""


class ModuleBeingRenewed(Exception):
    """A fact of the module is past its review date: nothing stale is taught (R10)."""


def shelf(session: Session, *, owner: Person, library: Library, now: datetime) -> Shelf:
    """Sort all modules for one person; without a result only an owner's promotion lessons wait."""
    release = library.current(session).under(owner.form)
    result = results.latest(session, owner=owner, library=library, now=now)
    done = {lesson.module_code for lesson in lessons.owned(session, owner.id) if lesson.done_at}
    advised = tuple((a.module, a.reason) for a in result.plan.next if a.module) if result else ()
    waiting = _waiting(release, result)
    left_out = {module.code for module, _ in advised} | done | {module.code for module in waiting}
    others = [m for m in release.modules if m.code not in left_out and release.form.measures(m.dimension)]
    return Shelf(
        advised=advised,
        others=tuple(m for m in others if m.is_current(now.date())),
        done=tuple(m for m in release.modules if m.code in done),
        waiting=tuple(m for m in waiting if m.code not in done),
        renewing=tuple(m for m in others if not m.is_current(now.date())),
    )


def _waiting(release: Release, result: Result | None) -> tuple[Module, ...]:
    if result is not None:
        return result.plan.waiting
    return tuple(module for module in release.modules if module.promotion and has_gate(release.form))


def open_module(session: Session, *, owner: Person, module_code: str, library: Library, now: datetime) -> OpenLesson:
    """Open a module, or go on in one opened before with the cards it had then.

    Cards whose facts have passed their review date give way to those of the current release; where these are no
    fresher the lesson is refused with ModuleBeingRenewed. Refuses with ModuleNotOpen what this person may not open.
    """
    known = lesson = lessons.one(session, owner.id, module_code)
    result = results.latest(session, owner=owner, library=library, now=now)
    current = library.current(session).under(owner.form)
    module = current.module_by_code.get(module_code)
    if lesson is None:
        if module is None or module in _waiting(current, result) or not current.form.measures(module.dimension):
            raise ModuleNotOpen(module_code)
        lesson = Lesson(module_code, current.id, opened_at=now, done_at=None)
    else:
        pinned = library.pinned(session, lesson.release_id).module_by_code[module_code]
        if pinned.is_current(now.date()) or module is None:
            module = pinned
        else:
            lesson = replace(lesson, release_id=current.id)
    if not module.is_current(now.date()):
        raise ModuleBeingRenewed(module_code)
    if lesson != known:
        lessons.save(session, owner.id, lesson)
    act = lessons.act_report(session, owner.id, module_code)
    return OpenLesson(module, lesson, result, _misses(module, result), act)


def versions(session: Session, *, opened: OpenLesson, library: Library) -> Iterator[tuple[Module, bool]]:
    """Return a lesson as its release has it and as those before had it, newest first, each with whether it came with
    the files that were reviewed.
    """
    for release_id, origin in releases.up_to(session, opened.lesson.release_id, limit=VERSIONS):
        module = library.pinned(session, release_id).module_by_code.get(opened.module.code)
        if module is not None:
            yield module, origin == OF_FILES


def _misses(module: Module, result: Result | None) -> tuple[tuple[Item, Answer], ...]:
    if result is None:
        return ()
    found = [
        (item, answer)
        for item, answer in result.scored_answers
        if item.dimension is module.dimension and score(item, answer) < item.max_score
    ]
    return tuple(found[:SHOWN_MISSES])


def mark_done(session: Session, *, owner: Person, module_code: str, now: datetime) -> bool:
    """Note that the act was done in the shop; tell whether the module was open. The first time stays."""
    lesson = lessons.one(session, owner.id, module_code)
    if lesson is None:
        return False
    if lesson.done_at is None:
        lessons.save(session, owner.id, replace(lesson, done_at=now))
        wishing.follow_lesson(session, owner=owner, module_code=module_code, now=now)
    return True


def reach_act(session: Session, *, owner: Person, module_code: str, now: datetime) -> None:
    """Note that somebody read a lesson to its act, which is asked about some days later where that is wanted."""
    wishing.follow_lesson(session, owner=owner, module_code=module_code, now=now)


def report_act(
    session: Session, *, owner: Person, module_code: str, tried: Tried, library: Library, now: datetime
) -> Module | None:
    """Note what the owner says of trying the act of a lesson, the latest word; an act that was tried is done.

    Return the lesson; None where it was not open.
    """
    lesson = lessons.one(session, owner.id, module_code)
    if lesson is None:
        return None
    lessons.save_act_report(session, owner.id, ActReport(module_code, tried, now))
    if tried is Tried.YES:
        mark_done(session, owner=owner, module_code=module_code, now=now)
    return library.pinned(session, lesson.release_id).module_by_code[module_code]
