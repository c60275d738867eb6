"""The result of a finished sitting, always worked out anew from the stored answers and the pinned release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.core.ability import Abilities, estimate
from bot.core.advice import AdvicePlan, Situation, advise, retest_is_due
from bot.core.answer import Answer
from bot.core.attempt import Attempt, AttemptId, answered_items, may_confirm
from bot.core.growth import Growth, growth
from bot.core.item import Item
from bot.core.person import Person
from bot.core.profile import Profile, profile
from bot.core.release import Release
from bot.store import attempts, lessons
from bot.usecases import checking
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class Grown:
    """How far a person has come since an earlier sitting, and when that was."""

    growth: Growth
    since: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """A sitting's result: its profile, what is advised now, and the growth since the sitting before.

    `may_confirm` tells that more questions would settle it, `retest_due` that it is time for the next sitting.
    """

    attempt: Attempt
    release: Release
    profile: Profile
    plan: AdvicePlan
    grown: Grown | None
    may_confirm: bool
    retest_due: bool

    @property
    def scored_answers(self) -> list[tuple[Item, Answer]]:
        return [(item, answer) for item, answer in answered_items(self.attempt, self.release) if not item.is_habit]


def latest(session: Session, *, owner: Person, library: Library, now: datetime) -> Result | None:
    """Return the result of the latest whole sitting of the person's own form that has one."""
    attempt = attempts.last_with_result(session, owner.id, owner.form)
    return None if attempt is None else _result(session, owner, attempt, library, now)


def of_attempt(
    session: Session, *, owner: Person, attempt_id: AttemptId, library: Library, now: datetime
) -> Result | None:
    """Return the result of one of the owner's own sittings."""
    attempt = attempts.owned(session, owner.id, attempt_id)
    if attempt is None or not attempt.has_result:
        return None
    return _result(session, owner, attempt, library, now)


def _result(session: Session, owner: Person, attempt: Attempt, library: Library, now: datetime) -> Result:
    assert attempt.finished_at is not None
    release = library.release_of(session, attempt)
    checks = checking.since(session, sitting=attempt, library=library)
    found = profile(attempt, release, [check for _, check in checks])
    opened = lessons.owned(session, owner.id)
    situation = Situation(
        business=owner.context.business,
        done={lesson.module_code for lesson in opened if lesson.done_at},
        checkable=checking.checkable(
            session, owner=owner, sitting=attempt, checks=checks, library=library, today=now.date()
        ),
        today=now.date(),
    )
    done_since = sum(lesson.done_at is not None and lesson.done_at > attempt.finished_at for lesson in opened)
    return Result(
        attempt=attempt,
        release=release,
        profile=found,
        plan=advise(found, release, situation),
        grown=_grown(session, attempt, found, library),
        may_confirm=may_confirm(attempt, release, _without_checks(attempt, release), now=now),
        retest_due=retest_is_due(release.rules, finished_at=attempt.finished_at, now=now, lessons_done=done_since),
    )


def _without_checks(attempt: Attempt, release: Release) -> Abilities:
    """Return what the sitting alone says: settling goes on from there."""
    return estimate(answered_items(attempt, release), release.model)


def _grown(session: Session, attempt: Attempt, found: Profile, library: Library) -> Grown | None:
    before = attempts.result_before(session, attempt)
    if before is None or before.finished_at is None:
        return None
    release = library.release_of(session, before)
    earlier = _without_checks(before, release).overall
    return Grown(growth(earlier, found.abilities.overall), before.finished_at)


def picture_file(session: Session, *, result: Result, language: str, bot_id: int | None) -> str | None:
    """Return Telegram's file id of this result's picture, if this bot sent it last."""
    return attempts.picture_file(session, result.attempt, language, bot_id)


def keep_picture_file(
    session: Session, *, owner: Person, attempt_id: AttemptId, language: str, bot_id: int | None, file_id: str
) -> None:
    """Keep Telegram's file id, which is good for this bot alone, so that it uploads the picture once."""
    if attempts.owned(session, owner.id, attempt_id) is not None:
        attempts.save_picture_file(session, attempt_id, language, bot_id, file_id)
