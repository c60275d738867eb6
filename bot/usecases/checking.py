"""Short checks of one dimension: where the result is too uncertain, or after a lesson."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from bot.core.attempt import Attempt
from bot.core.check import Checked, checked, has_fresh_items
from bot.core.item import Dimension
from bot.core.person import Person
from bot.core.selection import Course
from bot.store import attempts, lessons
from bot.usecases import taking
from bot.usecases.library import Library
from bot.usecases.taking import Standing


class NoCheck(Exception):
    """No check can be made: no result yet, no fresh items left, or the lesson is not done."""


def since(session: Session, *, sitting: Attempt, library: Library) -> list[tuple[Attempt, Checked]]:
    """Return the finished checks after a sitting."""
    found = attempts.checks_since(session, sitting)
    return [(attempt, checked(attempt, library.release_of(session, attempt))) for attempt in found]


def checkable(
    session: Session,
    *,
    owner: Person,
    sitting: Attempt,
    checks: list[tuple[Attempt, Checked]],
    library: Library,
    today: date,
) -> frozenset[Dimension]:
    """Return the areas that were not checked yet without a lesson, and of which fresh items are left."""
    release = library.current(session).under(sitting.form)
    done = {check.dimension for _, check in checks if check.lesson is None}
    seen = _seen(sitting, checks)
    areas = [area.dimension for area in release.form.areas if area.dimension not in done]
    business = owner.context.business
    return frozenset(d for d in areas if has_fresh_items(release, d, business=business, seen=seen, today=today))


def begin(
    session: Session, *, owner: Person, dimension: Dimension, library: Library, seed: int, now: datetime
) -> Standing:
    """Open a check of a dimension, or return the sitting under way; refuse with NoCheck."""
    return _begin(session, owner, dimension, None, library, seed, now)


def begin_after_lesson(
    session: Session, *, owner: Person, module_code: str, library: Library, seed: int, now: datetime
) -> Standing:
    """Open the check that follows a lesson whose act is done, or return the sitting under way; refuse with NoCheck."""
    lesson = lessons.one(session, owner.id, module_code)
    if lesson is None or lesson.done_at is None:
        raise NoCheck(module_code)
    module = library.pinned(session, lesson.release_id).module_by_code[module_code]
    return _begin(session, owner, module.dimension, module_code, library, seed, now)


def may_follow(session: Session, *, owner: Person, module_code: str, library: Library, today: date) -> bool:
    """Tell whether a check can follow this lesson: it was not passed yet, and fresh items are left."""
    sitting = attempts.last_with_result(session, owner.id, owner.form)
    lesson = lessons.one(session, owner.id, module_code)
    if sitting is None or lesson is None:
        return False
    checks = since(session, sitting=sitting, library=library)
    if any(check.lesson == module_code and check.passed for _, check in checks):
        return False
    dimension = library.pinned(session, lesson.release_id).module_by_code[module_code].dimension
    release = library.current(session).under(owner.form)
    seen = _seen(sitting, checks)
    return has_fresh_items(release, dimension, business=owner.context.business, seen=seen, today=today)


def _begin(
    session: Session,
    owner: Person,
    dimension: Dimension,
    lesson: str | None,
    library: Library,
    seed: int,
    now: datetime,
) -> Standing:
    under_way = taking.standing(session, owner=owner, library=library)
    if under_way is not None:
        return under_way
    sitting = attempts.last_with_result(session, owner.id, owner.form)
    release = library.current(session).under(owner.form)
    if sitting is None:
        raise NoCheck(dimension)
    seen = _seen(sitting, since(session, sitting=sitting, library=library))
    business = owner.context.business
    if not has_fresh_items(release, dimension, business=business, seen=seen, today=now.date()):
        raise NoCheck(dimension)
    course = Course(seed, now.date(), business, avoid=seen, focus=dimension)
    attempt = attempts.add(
        session, owner.id, release_id=release.id, course=course, lesson=lesson, form=owner.form, now=now
    )
    return taking.advance(session, attempt=attempt, release=release, now=now)


def _seen(sitting: Attempt, checks: list[tuple[Attempt, Checked]]) -> frozenset[str]:
    return frozenset(
        response.item_code for attempt in (sitting, *(a for a, _ in checks)) for response in attempt.responses
    )
