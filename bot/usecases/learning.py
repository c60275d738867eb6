"""Lessons: which there are for a person, reading them card by card, and marking the act done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from bot.core.advice import Advice
from bot.core.answer import Answer, feedback, score
from bot.core.item import Item
from bot.core.person import Person
from bot.core.release import Module, Release
from bot.store import lessons
from bot.store.lessons import Lesson
from bot.usecases import results
from bot.usecases.library import Library
from bot.usecases.results import Result

SHOWN_MISSES = 2


@dataclass(frozen=True, slots=True)
class Shelf:
    """The modules as one person sees them: advised, others open, done, and those that wait for the gate."""

    advised: tuple[Advice, ...]
    others: tuple[Module, ...]
    done: tuple[Module, ...]
    waiting: tuple[Module, ...]


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """A module being read, with what tailors it: the person's result and the answers not right yet in its dimension."""

    module: Module
    lesson: Lesson
    result: Result | None
    misses: tuple[tuple[Item, Answer, str], ...]


class ModuleNotOpen(Exception):
    """No such module, or one that waits for the gate, or whose facts are being renewed."""


def shelf(session: Session, *, owner: Person, library: Library, today: date) -> Shelf:
    """Sort all modules for one person; without a result only the promotion lessons wait."""
    release = library.current(session)
    result = results.latest(session, owner=owner, library=library, today=today)
    done = {lesson.module_code for lesson in lessons.owned(session, owner.id) if lesson.done_at}
    advised = result.plan.next if result else ()
    waiting = _waiting(release, result)
    left_out = {advice.module.code for advice in advised} | done | {module.code for module in waiting}
    return Shelf(
        advised=advised,
        others=tuple(m for m in release.modules if m.code not in left_out and m.is_current(today)),
        done=tuple(m for m in release.modules if m.code in done),
        waiting=tuple(m for m in waiting if m.code not in done),
    )


def _waiting(release: Release, result: Result | None) -> tuple[Module, ...]:
    if result is None:
        return tuple(module for module in release.modules if module.promotion)
    return result.plan.waiting


def open_module(session: Session, *, owner: Person, module_code: str, library: Library, now: datetime) -> OpenLesson:
    """Open a module, or go on in one opened before with the cards it had then; refuse with ModuleNotOpen."""
    lesson = lessons.one(session, owner.id, module_code)
    result = results.latest(session, owner=owner, library=library, today=now.date())
    if lesson is None:
        release = library.current(session)
        module = release.module_by_code.get(module_code)
        if module is None or not module.is_current(now.date()):
            raise ModuleNotOpen(module_code)
        if module in _waiting(release, result):
            raise ModuleNotOpen(module_code)
        lesson = Lesson(module_code, release.id, opened_at=now, done_at=None)
        lessons.save(session, owner.id, lesson)
    module = library.pinned(session, lesson.release_id).module_by_code[module_code]
    return OpenLesson(module, lesson, result, _misses(module, result))


def _misses(module: Module, result: Result | None) -> tuple[tuple[Item, Answer, str], ...]:
    if result is None:
        return ()
    found = [
        (item, answer, feedback(item, answer))
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
    return True
