"""The result of a finished sitting, always worked out anew from the stored answers and the pinned release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.core.ability import estimate
from bot.core.advice import AdvicePlan, advise
from bot.core.answer import Answer
from bot.core.attempt import Attempt, AttemptId, answered_items
from bot.core.growth import Growth, growth
from bot.core.item import Item
from bot.core.person import Person
from bot.core.profile import Profile, profile
from bot.core.release import Release
from bot.store import attempts, lessons
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class Grown:
    """How far a person has come since an earlier sitting, and when that was."""

    growth: Growth
    since: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """A finished attempt with its profile, the lessons advised now, and the growth since the attempt before."""

    attempt: Attempt
    release: Release
    profile: Profile
    plan: AdvicePlan
    grown: Grown | None

    @property
    def scored_answers(self) -> list[tuple[Item, Answer]]:
        return [(item, answer) for item, answer in answered_items(self.attempt, self.release) if not item.is_habit]


def latest(session: Session, *, owner: Person, library: Library, today: date) -> Result | None:
    """Return the result of the owner's latest finished sitting."""
    attempt = attempts.last_finished(session, owner.id)
    return None if attempt is None else _result(session, owner, attempt, library, today)


def of_attempt(
    session: Session, *, owner: Person, attempt_id: AttemptId, library: Library, today: date
) -> Result | None:
    """Return the result of one of the owner's own finished sittings."""
    attempt = attempts.owned(session, owner.id, attempt_id)
    if attempt is None or not attempt.is_finished:
        return None
    return _result(session, owner, attempt, library, today)


def _result(session: Session, owner: Person, attempt: Attempt, library: Library, today: date) -> Result:
    release = library.pinned(session, attempt.release_id)
    found = profile(attempt, release)
    done = {lesson.module_code for lesson in lessons.owned(session, owner.id) if lesson.done_at}
    plan = advise(found, release, business=owner.context.business, done=done, today=today)
    return Result(attempt, release, found, plan, _grown(session, attempt, found, library))


def _grown(session: Session, attempt: Attempt, found: Profile, library: Library) -> Grown | None:
    before = attempts.finished_before(session, attempt)
    if before is None or before.finished_at is None:
        return None
    release = library.pinned(session, before.release_id)
    earlier = estimate(answered_items(before, release), release.model).overall
    return Grown(growth(earlier, found.abilities.overall), before.finished_at)


def picture_file(session: Session, *, result: Result, language: str) -> str | None:
    """Return Telegram's file id of this result's picture, if it was sent before."""
    return attempts.picture_file(session, result.attempt, language)


def keep_picture_file(session: Session, *, owner: Person, attempt_id: AttemptId, language: str, file_id: str) -> None:
    """Keep Telegram's file id, so that the picture is uploaded once."""
    if attempts.owned(session, owner.id, attempt_id) is not None:
        attempts.save_picture_file(session, attempt_id, language, file_id)
