"""Queries about attempts and their responses; plain columns, for these run on every tap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, insert, select, update
from sqlmodel import Session

from bot.core.answer import decode, encode
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, Response
from bot.core.item import Dimension
from bot.core.person import PersonId, Role
from bot.core.selection import Course
from bot.store.prepared import Prepared, Row
from bot.store.replacing import put
from bot.store.tables import AttemptRow, PictureRow, ResponseRow

_SITTING: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_RESPONSE: Table = ResponseRow.__table__  # type: ignore[attr-defined]
_HAS_RESULT = _SITTING.c.focus.is_(None) & (
    (_SITTING.c.status == AttemptStatus.FINISHED) | _SITTING.c.confirm_from.is_not(None)
)
AT_ONCE = 1000
"""Sittings whose responses are read by one statement."""

_ACTIVE = Prepared(
    select(_SITTING).where(_SITTING.c.person_id == bindparam("owner"), _SITTING.c.status == AttemptStatus.ACTIVE.value)
)
_RESPONSES_OF_ONE = Prepared(
    select(_RESPONSE).where(_RESPONSE.c.attempt_id == bindparam("of")).order_by(_RESPONSE.c.slot)
)
_ADD_RESPONSE = Prepared(
    insert(_RESPONSE)
    .values({name: bindparam(name) for name in ("attempt_id", "slot", "item_code", "answer", "answered_at")})
    .inline()
)
_SAVE_POSITION = Prepared(
    update(_SITTING)
    .where(_SITTING.c.id == bindparam("saved"))
    .values({name: bindparam(name) for name in ("current_item", "status", "finished_at", "confirm_from")})
)
_decoded = lru_cache(maxsize=4096)(decode)


def _of(owner: PersonId) -> Select[Any]:
    return select(_SITTING).where(_SITTING.c.person_id == owner)


def active(session: Session, owner: PersonId) -> Attempt | None:
    """Return the owner's sitting that is under way, with its responses."""
    row = _ACTIVE.first(session, owner=owner)
    return None if row is None else _attempt(row, _responses_of_one(session, row.id))


def owned(session: Session, owner: PersonId, attempt_id: AttemptId) -> Attempt | None:
    """Return an attempt only if it is the owner's."""
    return _one(session, _of(owner).where(_SITTING.c.id == attempt_id))


def one(session: Session, attempt_id: AttemptId) -> Attempt | None:
    """Return any attempt by its id, for who looks after the questions; chats ask with `owned`."""
    return _one(session, select(_SITTING).where(_SITTING.c.id == attempt_id))


def every(session: Session, owner: PersonId) -> list[Attempt]:
    """Return all of the owner's attempts, the oldest first."""
    return _read(session, _of(owner).order_by(_SITTING.c.id))


def last_with_result(session: Session, owner: PersonId, form: Role = Role.OWNER) -> Attempt | None:
    """Return the latest whole sitting of this form that has a result."""
    return _one(session, _with_result(owner, form).limit(1))


def checks_since(session: Session, attempt: Attempt) -> list[Attempt]:
    """Return the finished checks of the same person and form between this sitting and the next with a result, the
    oldest first.
    """
    later = _with_result(attempt.person_id, attempt.form).where(_SITTING.c.id > attempt.id).subquery()
    following = select(func.min(later.c.id)).scalar_subquery()
    checks = _of(attempt.person_id).where(
        _SITTING.c.status == AttemptStatus.FINISHED, _SITTING.c.form == attempt.form, _SITTING.c.focus.is_not(None)
    )
    between = (_SITTING.c.id > attempt.id) & (following.is_(None) | (_SITTING.c.id < following))
    return _read(session, checks.where(between).order_by(_SITTING.c.id))


def every_finished(session: Session, *, latest: int | None = None) -> list[Attempt]:
    """Return the finished attempts and checks of everybody, all or the latest, the oldest first, for figures about
    items; nobody is named in them.
    """
    finished = select(_SITTING).where(_SITTING.c.status == AttemptStatus.FINISHED)
    return _latest(session, finished, latest)


def finished_asking(session: Session, item_code: str, *, latest: int) -> list[Attempt]:
    """Return the latest whole sittings with a result, of everybody, in which an item was answered."""
    asking = select(_RESPONSE.c.attempt_id).where(_RESPONSE.c.item_code == item_code)
    return _latest(session, select(_SITTING).where(_HAS_RESULT, _SITTING.c.id.in_(asking)), latest)


def latest_results(session: Session, *, latest: int) -> list[Attempt]:
    """Return the latest whole sittings with a result, of everybody, the oldest first."""
    return _latest(session, select(_SITTING).where(_HAS_RESULT), latest)


def count_results(session: Session) -> int:
    """Return how many whole sittings have a result."""
    return int(session.execute(select(func.count()).select_from(_SITTING).where(_HAS_RESULT)).scalar_one())


def given_up(session: Session, *, idle_since: datetime, latest: int) -> list[Attempt]:
    """Return the latest whole sittings without a result that were stopped, or begun before a time and not answered
    since.
    """
    answered = select(_RESPONSE.c.attempt_id).where(_RESPONSE.c.answered_at >= idle_since)
    idle = (
        (_SITTING.c.status == AttemptStatus.ACTIVE)
        & (_SITTING.c.started_at < idle_since)
        & _SITTING.c.id.not_in(answered)
    )
    left = (_SITTING.c.status == AttemptStatus.STOPPED) | idle
    whole = _SITTING.c.focus.is_(None) & _SITTING.c.confirm_from.is_(None)
    return _latest(session, select(_SITTING).where(whole, left), latest)


def _latest(session: Session, statement: Select[Any], count: int | None) -> list[Attempt]:
    """Return so many of the latest, the oldest first."""
    found = statement.order_by(_SITTING.c.id.desc())
    return _read(session, found if count is None else found.limit(count))[::-1]


def result_before(session: Session, attempt: Attempt) -> Attempt | None:
    """Return the whole sitting with a result of the same person and form that came just before this one."""
    return _one(session, _with_result(attempt.person_id, attempt.form).where(_SITTING.c.id < attempt.id).limit(1))


def _with_result(owner: PersonId, form: Role) -> Select[Any]:
    """Select whole sittings that were finished, those taken up again included, the latest first."""
    return (
        _of(owner)
        .where(_HAS_RESULT, _SITTING.c.form == form)
        .order_by(_SITTING.c.finished_at.desc(), _SITTING.c.id.desc())
    )


def _one(session: Session, statement: Select[Any]) -> Attempt | None:
    return next(iter(_read(session, statement)), None)


def _read(session: Session, statement: Select[Any]) -> list[Attempt]:
    """Return the attempts of a statement with their responses, in two queries, or one more for every thousand."""
    rows = session.execute(statement).all()
    if len(rows) <= 1:
        return [_attempt(row, _responses_of_one(session, row.id)) for row in rows]
    responses: dict[int, list[Row]] = {row.id: [] for row in rows}
    ids = list(responses)
    for start in range(0, len(ids), AT_ONCE):
        here = _RESPONSE.c.attempt_id.in_(ids[start : start + AT_ONCE])
        found = select(_RESPONSE).where(here).order_by(_RESPONSE.c.slot)
        for response in session.execute(found):
            responses[response.attempt_id].append(response)
    return [_attempt(row, responses[row.id]) for row in rows]


def _responses_of_one(session: Session, attempt_id: int) -> Sequence[Row]:
    return _RESPONSES_OF_ONE.all(session, of=attempt_id)


def _attempt(row: Row, responses: Sequence[Row]) -> Attempt:
    return Attempt(
        id=AttemptId(row.id),
        person_id=PersonId(row.person_id),
        release_id=row.release_id,
        status=AttemptStatus(row.status),
        started_at=row.started_at,
        current_item=row.current_item,
        responses=tuple(
            Response(
                slot=r.slot,
                item_code=r.item_code,
                answer=_decoded(r.answer),
                answered_at=r.answered_at,
                confidence=Confidence(r.confidence) if r.confidence else None,
            )
            for r in responses
        ),
        finished_at=row.finished_at,
        lesson=row.lesson,
        form=Role(row.form),
        course=Course(
            seed=row.seed,
            today=row.started_at.date(),
            business=row.business,
            avoid=frozenset(row.avoid.split()),
            keep=frozenset(row.keep.split()),
            focus=Dimension(row.focus) if row.focus else None,
            confirm_from=row.confirm_from,
        ),
    )


def add(
    session: Session,
    owner: PersonId,
    *,
    release_id: str,
    course: Course,
    now: datetime,
    lesson: str | None = None,
    form: Role = Role.OWNER,
) -> Attempt:
    """Open a sitting; the database refuses a second active one."""
    values = {
        "person_id": owner,
        "release_id": release_id,
        "seed": course.seed,
        "status": AttemptStatus.ACTIVE,
        "started_at": now,
        "business": course.business,
        "avoid": " ".join(sorted(course.avoid)),
        "keep": " ".join(sorted(course.keep)),
        "focus": course.focus,
        "lesson": lesson,
        "form": form,
    }
    opened = session.execute(insert(_SITTING).values(**values).returning(_SITTING)).one()
    return _attempt(opened, ())


def add_response(session: Session, attempt: Attempt, response: Response) -> None:
    """Store an answer; a slot takes one, and the database refuses a second."""
    _ADD_RESPONSE.run(
        session,
        attempt_id=attempt.id,
        slot=response.slot,
        item_code=response.item_code,
        answer=encode(response.answer),
        answered_at=response.answered_at,
    )


def save_confidence(session: Session, attempt: Attempt, response: Response) -> None:
    """Write how sure an answer was, unless that is known already."""
    session.execute(
        update(_RESPONSE)
        .where(
            _RESPONSE.c.attempt_id == attempt.id,
            _RESPONSE.c.slot == response.slot,
            _RESPONSE.c.confidence.is_(None),
        )
        .values(confidence=response.confidence)
    )


def save_position(session: Session, attempt: Attempt) -> None:
    """Write what waits in the next slot, that the sitting has ended, or that it was taken up again."""
    _SAVE_POSITION.run(
        session,
        saved=attempt.id,
        current_item=attempt.current_item,
        status=attempt.status.value,
        finished_at=attempt.finished_at,
        confirm_from=attempt.course.confirm_from,
    )


def picture_file(session: Session, attempt: Attempt, language: str, bot_id: int | None) -> str | None:
    """Return Telegram's file id of an attempt's picture, if this bot was the last that sent it."""
    row = session.get(PictureRow, (attempt.id, language))
    return row.file_id if row and row.bot_id == (bot_id or 0) else None


def save_picture_file(session: Session, attempt_id: AttemptId, language: str, bot_id: int | None, file_id: str) -> None:
    """Keep Telegram's file id of a picture that a bot sent."""
    put(session, PictureRow(attempt_id=attempt_id, language=language, bot_id=bot_id or 0, file_id=file_id))
