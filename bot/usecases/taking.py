"""Taking the assessment: begin, answer, say how sure, pause by just leaving, stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.core import attempt as rules
from bot.core.ability import estimate
from bot.core.answer import Answer
from bot.core.attempt import (
    AlreadyAnswered,
    Answered,
    Attempt,
    AttemptId,
    Confidence,
    ConfidenceTaken,
    NotCurrent,
    Response,
)
from bot.core.item import Dimension, Item
from bot.core.person import Person
from bot.core.profile import was_confident_and_wrong
from bot.core.release import Release
from bot.core.selection import Course, linking_items
from bot.store import attempts, item_notes
from bot.usecases import readings, wishing
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sitting stands: the item that waits, or the response whose certainty is still to be said."""

    attempt: Attempt
    release: Release
    item: Item | None
    awaiting: Response | None


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer or certainty is stored (now, or by the same tap before); `warn` asks for the warning card at once."""

    standing: Standing
    response: Response
    warn: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing was changed; this is where the person really stands, None without a sitting under way."""

    standing: Standing | None


class NothingToConfirm(Exception):
    """The sitting is not the latest with a result, its result is settled or old, or another one is under way."""


def standing(session: Session, *, owner: Person, library: Library) -> Standing | None:
    """Return where the owner's active sitting stands."""
    attempt = attempts.active(session, owner.id)
    return None if attempt is None else _standing(attempt, library.release_of(session, attempt))


def _standing(attempt: Attempt, release: Release) -> Standing:
    item = release.item_by_code[attempt.current_item] if attempt.current_item else None
    return Standing(attempt, release, item, rules.awaiting_confidence(attempt, release))


def begin(session: Session, *, owner: Person, library: Library, seed: int, now: datetime) -> Standing:
    """Open a sitting of the person's own form on the current release, or return the one under way."""
    under_way = standing(session, owner=owner, library=library)
    if under_way is not None:
        return under_way
    release = library.current(session).under(owner.form)
    last = attempts.last_with_result(session, owner.id, owner.form)
    before = rules.answered_items(last, library.release_of(session, last)) if last else []
    keep = linking_items(before, seed=seed)
    avoid = frozenset(item.code for item, _ in before) - keep
    course = Course(seed, now.date(), owner.context.business, avoid, keep)
    attempt = attempts.add(session, owner.id, release_id=release.id, course=course, form=owner.form, now=now)
    wishing.follow_sitting(session, owner=owner, attempt=attempt, now=now)
    return advance(session, attempt=attempt, release=release, now=now)


def confirm(session: Session, *, owner: Person, attempt_id: AttemptId, library: Library, now: datetime) -> Standing:
    """Take the owner's latest sitting up again to settle its result; refuse with NothingToConfirm."""
    attempt = attempts.last_with_result(session, owner.id, owner.form)
    if attempt is None or attempt.id != attempt_id or attempts.active(session, owner.id) is not None:
        raise NothingToConfirm
    release = library.release_of(session, attempt)
    abilities = estimate(rules.answered_items(attempt, release), release.model)
    if not rules.may_confirm(attempt, release, abilities, now=now):
        raise NothingToConfirm
    return advance(session, attempt=rules.confirm(attempt), release=release, now=now)


def report(
    session: Session, *, owner: Person, attempt_id: AttemptId, slot: int, library: Library, now: datetime
) -> bool:
    """Note that the question which waits is confusing; tell whether it was the one that waits."""
    under_way = standing(session, owner=owner, library=library)
    if under_way is None or under_way.item is None or under_way.awaiting is not None:
        return False
    if (under_way.attempt.id, under_way.attempt.slot) != (attempt_id, slot):
        return False
    item_notes.report(session, attempt_id, slot, under_way.item.code, now)
    return True


def advance(session: Session, *, attempt: Attempt, release: Release, now: datetime) -> Standing:
    """Move a sitting on to its next question, or to its end."""
    moved = rules.move_on(attempt, release, now=now)
    attempts.save_position(session, moved)
    return _standing(moved, release)


def answer_item(
    session: Session,
    *,
    owner: Person,
    attempt_id: AttemptId,
    slot: int,
    given: Answer,
    library: Library,
    now: datetime,
) -> Taken | Stale:
    """Store an answer in a slot of the owner's own sitting; a slot takes one answer, the first.

    Refuses with AnswerDoesNotFit what the item cannot be given.
    """
    under_way = standing(session, owner=owner, library=library)
    if under_way is None or under_way.attempt.id != attempt_id:
        return Stale(under_way)
    match rules.answer(under_way.attempt, under_way.release, slot=slot, given=given, now=now):
        case Answered(attempt, response):
            attempts.add_response(session, attempt, response)
            after = advance(session, attempt=attempt, release=under_way.release, now=now)
            _follow(session, owner, after, library, now)
            return Taken(after, response)
        case AlreadyAnswered(response) if response.answer == given and slot == len(under_way.attempt.responses):
            return Taken(under_way, response)
        case AlreadyAnswered() | NotCurrent():
            return Stale(under_way)


def say_confidence(
    session: Session,
    *,
    owner: Person,
    attempt_id: AttemptId,
    slot: int,
    confidence: Confidence,
    library: Library,
    now: datetime,
) -> Taken | Stale:
    """Store how sure the latest answer was."""
    under_way = standing(session, owner=owner, library=library)
    if under_way is None or under_way.attempt.id != attempt_id:
        return Stale(under_way)
    release = under_way.release
    match rules.say_confidence(under_way.attempt, release, slot=slot, confidence=confidence):
        case ConfidenceTaken(attempt, response):
            attempts.save_confidence(session, attempt, response)
            after = (
                _standing(attempt, release)
                if attempt.current_item
                else advance(session, attempt=attempt, release=release, now=now)
            )
            _follow(session, owner, after, library, now)
            return Taken(after, response, warn=_needs_warning(attempt, response, release))
        case NotCurrent():
            return Stale(under_way)


def _follow(session: Session, owner: Person, after: Standing, library: Library, now: datetime) -> None:
    """Write down what an answer leads to, where it was the last one."""
    readings.renew(session, after=after.attempt, library=library, now=now)
    if after.attempt.is_finished and after.attempt.has_result:
        days = after.release.rules.retest_days
        wishing.follow_result(session, owner=owner, attempt=after.attempt, retest_days=days, now=now)


def _needs_warning(attempt: Attempt, response: Response, release: Release) -> bool:
    """Tell whether this is the sitting's first confident mistake about safety; one card is enough."""
    mistakes = [
        r
        for r in attempt.responses
        if release.item_by_code[r.item_code].dimension is Dimension.SAFETY and was_confident_and_wrong(r, release)
    ]
    return mistakes[:1] == [response]


def stop(session: Session, *, owner: Person, attempt_id: AttemptId, library: Library, now: datetime) -> bool:
    """Close the owner's sitting before its end; tell whether there was one to close."""
    under_way = standing(session, owner=owner, library=library)
    if under_way is None or under_way.attempt.id != attempt_id:
        return False
    stopped = rules.stop(under_way.attempt, now=now)
    attempts.save_position(session, stopped)
    readings.renew(session, after=stopped, library=library, now=now)
    return True
