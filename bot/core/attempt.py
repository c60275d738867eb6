"""One sitting, from the first question to the last, as a value; each step returns a named outcome."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.ability import Abilities
from bot.core.answer import Answer, Unknown, check_fits
from bot.core.item import Item
from bot.core.person import PersonId, Role
from bot.core.release import Release
from bot.core.selection import Choice, Course, can_settle, choose, most_questions, next_item

AttemptId = NewType("AttemptId", int)


class AttemptStatus(StrEnum):
    ACTIVE = "active"
    FINISHED = "finished"
    STOPPED = "stopped"


class Confidence(StrEnum):
    SURE = "yakin"
    FAIRLY = "agak"
    GUESS = "tebak"


@dataclass(frozen=True, slots=True)
class Response:
    """What was chosen in a slot, stored once; confidence is None where not asked or not said yet."""

    slot: int
    item_code: str
    answer: Answer
    answered_at: datetime
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sitting that pins a release. `current_item` waits in slot `len(responses) + 1`; None when nothing is left to
    ask. `course` fixes which items are chosen. `lesson` is the code of the lesson that a check follows, if it does.
    `form` is whose form is asked: who pairs an attempt with its release takes the release under this form.
    """

    id: AttemptId
    person_id: PersonId
    release_id: str
    status: AttemptStatus
    started_at: datetime
    current_item: str | None
    course: Course
    responses: tuple[Response, ...] = ()
    finished_at: datetime | None = None
    lesson: str | None = None
    form: Role = Role.OWNER

    @property
    def slot(self) -> int:
        """Return the position now waiting for an answer, counted from 1."""
        return len(self.responses) + 1

    @property
    def is_active(self) -> bool:
        return self.status is AttemptStatus.ACTIVE

    @property
    def is_finished(self) -> bool:
        return self.status is AttemptStatus.FINISHED

    @property
    def is_check(self) -> bool:
        return self.course.focus is not None

    @property
    def has_result(self) -> bool:
        """Tell whether a result can be shown: the whole was finished once, even if it was taken up again."""
        return not self.is_check and (self.is_finished or self.course.confirm_from is not None)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer was taken into the slot."""

    attempt: Attempt
    response: Response


@dataclass(frozen=True, slots=True)
class AlreadyAnswered:
    """The slot holds an answer; the first one stays."""

    response: Response


@dataclass(frozen=True, slots=True)
class NotCurrent:
    """The slot is not waiting: another sitting, a slot to come, a closed attempt, or a confidence still to be said."""


@dataclass(frozen=True, slots=True)
class ConfidenceTaken:
    """How sure the answer was is now known (again, where the same tap came twice)."""

    attempt: Attempt
    response: Response


@dataclass(frozen=True, slots=True)
class Progress:
    """Which question of how many at most; a sitting taken up again counts its own."""

    position: int
    total: int


def progress(attempt: Attempt, release: Release, *, slot: int) -> Progress:
    """Return how far a slot is in the present part of the sitting."""
    position = slot - (attempt.course.confirm_from or 0)
    return Progress(position, max(position, most_questions(release, attempt.course)))


def answered_items(attempt: Attempt, release: Release) -> list[tuple[Item, Answer]]:
    """Pair every response with its item of the pinned release, in slot order."""
    return [(release.item_by_code[response.item_code], response.answer) for response in attempt.responses]


def awaiting_confidence(attempt: Attempt, release: Release) -> Response | None:
    """Return the last response if the person should still say how sure it was."""
    if not attempt.responses or not attempt.is_active:
        return None
    last = attempt.responses[-1]
    return last if last.confidence is None and asks_confidence(last, release) else None


def asks_confidence(response: Response, release: Release) -> bool:
    """Tell whether this answer is one whose certainty matters; an honest "Belum tahu" needs none."""
    dimension = release.item_by_code[response.item_code].dimension
    if dimension is None or isinstance(response.answer, Unknown):
        return False
    return release.form.plan(dimension).asks_confidence


def answer(
    attempt: Attempt, release: Release, *, slot: int, given: Answer, now: datetime
) -> Answered | AlreadyAnswered | NotCurrent:
    """Take an answer into a slot; the first answer of a slot stays. Refuses with AnswerDoesNotFit what the item
    cannot be given.
    """
    if 1 <= slot <= len(attempt.responses):
        return AlreadyAnswered(attempt.responses[slot - 1])
    if not attempt.is_active or slot != attempt.slot or attempt.current_item is None:
        return NotCurrent()
    if awaiting_confidence(attempt, release) is not None:
        return NotCurrent()
    check_fits(release.item_by_code[attempt.current_item], given)
    response = Response(slot=slot, item_code=attempt.current_item, answer=given, answered_at=now)
    return Answered(replace(attempt, responses=(*attempt.responses, response), current_item=None), response)


def say_confidence(
    attempt: Attempt, release: Release, *, slot: int, confidence: Confidence
) -> ConfidenceTaken | NotCurrent:
    """Note how sure the latest answer was; the first word stays, and saying the same again is no fault."""
    if slot != len(attempt.responses) or not attempt.responses:
        return NotCurrent()
    last = attempt.responses[-1]
    if last.confidence is confidence:
        return ConfidenceTaken(attempt, last)
    if last.confidence is not None or not asks_confidence(last, release) or not attempt.is_active:
        return NotCurrent()
    taken = replace(last, confidence=confidence)
    return ConfidenceTaken(replace(attempt, responses=(*attempt.responses[:-1], taken)), taken)


def choose_next(attempt: Attempt, release: Release) -> Item | None:
    """Choose what waits in the next slot; the same attempt always gets the same item."""
    return next_item(release, attempt.course, answered_items(attempt, release))


def explain(attempt: Attempt, release: Release) -> list[Choice | None]:
    """Replay the sitting: for every slot, the waiting one included, what is chosen there and why."""
    pairs = answered_items(attempt, release)
    since = attempt.course.confirm_from or 0
    courses = [
        attempt.course if n >= since else replace(attempt.course, confirm_from=None) for n in range(len(pairs) + 1)
    ]
    return [choose(release, course, pairs[:n]) for n, course in enumerate(courses)]


def move_on(attempt: Attempt, release: Release, *, now: datetime) -> Attempt:
    """Put the next item into the next slot; finish where none is left and no certainty remains to be said."""
    following = choose_next(attempt, release)
    if following is not None:
        return replace(attempt, current_item=following.code)
    if awaiting_confidence(attempt, release) is not None:
        return replace(attempt, current_item=None)
    finished_at = attempt.finished_at or now
    return replace(attempt, current_item=None, status=AttemptStatus.FINISHED, finished_at=finished_at)


def confirm(attempt: Attempt) -> Attempt:
    """Take a finished sitting up again for more questions; what it said so far stays in it."""
    course = replace(attempt.course, confirm_from=len(attempt.responses))
    return replace(attempt, status=AttemptStatus.ACTIVE, course=course)


def may_confirm(attempt: Attempt, release: Release, abilities: Abilities, *, now: datetime) -> bool:
    """Tell whether more questions may be offered to settle the result: soon after it, and where they would help."""
    if not attempt.is_finished or attempt.finished_at is None:
        return False
    if now - attempt.finished_at > timedelta(days=release.form.length.confirm_days):
        return False
    return can_settle(release, attempt.course, answered_items(attempt, release), abilities)


def stop(attempt: Attempt, *, now: datetime) -> Attempt:
    """Close an attempt before its end: its answers stay but give no result, unless it had one to be settled."""
    if attempt.course.confirm_from is not None:
        return replace(attempt, current_item=None, status=AttemptStatus.FINISHED)
    return replace(attempt, current_item=None, status=AttemptStatus.STOPPED, finished_at=now)
