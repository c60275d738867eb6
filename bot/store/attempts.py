"""Queries about attempts and their responses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.core.answer import decode, encode
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, Response
from bot.core.person import PersonId
from bot.store.tables import AttemptRow, PictureRow, ResponseRow


def active(session: Session, owner: PersonId) -> Attempt | None:
    """Return the owner's sitting that is under way, with its responses."""
    return _one(
        session, select(AttemptRow).where(AttemptRow.person_id == owner, AttemptRow.status == AttemptStatus.ACTIVE)
    )


def owned(session: Session, owner: PersonId, attempt_id: AttemptId) -> Attempt | None:
    """Return an attempt only if it is the owner's."""
    return _one(session, select(AttemptRow).where(AttemptRow.person_id == owner, AttemptRow.id == attempt_id))


def every(session: Session, owner: PersonId) -> list[Attempt]:
    """Return all of the owner's attempts, the oldest first, in two queries."""
    rows = session.exec(select(AttemptRow).where(AttemptRow.person_id == owner).order_by(col(AttemptRow.id))).all()
    responses = session.exec(
        select(ResponseRow).where(col(ResponseRow.attempt_id).in_([r.id for r in rows])).order_by(col(ResponseRow.slot))
    ).all()
    return [_attempt(row, [r for r in responses if r.attempt_id == row.id]) for row in rows]


def last_finished(session: Session, owner: PersonId) -> Attempt | None:
    """Return the owner's latest finished attempt."""
    return _one(
        session,
        select(AttemptRow)
        .where(AttemptRow.person_id == owner, AttemptRow.status == AttemptStatus.FINISHED)
        .order_by(col(AttemptRow.finished_at).desc(), col(AttemptRow.id).desc())
        .limit(1),
    )


def _one(session: Session, statement: object) -> Attempt | None:
    row = session.exec(statement).first()  # type: ignore[call-overload]
    if row is None:
        return None
    responses = session.exec(
        select(ResponseRow).where(ResponseRow.attempt_id == row.id).order_by(col(ResponseRow.slot))
    ).all()
    return _attempt(row, responses)


def _attempt(row: AttemptRow, responses: Sequence[ResponseRow]) -> Attempt:
    assert row.id is not None
    return Attempt(
        id=AttemptId(row.id),
        person_id=PersonId(row.person_id),
        release_id=row.release_id,
        seed=row.seed,
        status=AttemptStatus(row.status),
        started_at=row.started_at,
        current_item=row.current_item,
        responses=tuple(
            Response(
                slot=r.slot,
                item_code=r.item_code,
                answer=decode(r.answer),
                answered_at=r.answered_at,
                confidence=Confidence(r.confidence) if r.confidence else None,
            )
            for r in responses
        ),
        finished_at=row.finished_at,
        business=row.business,
        avoid=frozenset(row.avoid.split()),
    )


def add(
    session: Session,
    owner: PersonId,
    *,
    release_id: str,
    seed: int,
    business: str | None,
    avoid: frozenset[str],
    now: datetime,
) -> Attempt:
    """Open a sitting; the database refuses a second active one."""
    row = AttemptRow(
        person_id=owner,
        release_id=release_id,
        seed=seed,
        status=AttemptStatus.ACTIVE,
        started_at=now,
        business=business,
        avoid=" ".join(sorted(avoid)),
    )
    session.add(row)
    session.flush()
    return _attempt(row, ())


def add_response(session: Session, attempt: Attempt, response: Response) -> None:
    """Store an answer; a slot takes one, and the database refuses a second."""
    session.add(
        ResponseRow(
            attempt_id=attempt.id,
            slot=response.slot,
            item_code=response.item_code,
            answer=encode(response.answer),
            answered_at=response.answered_at,
        )
    )


def save_confidence(session: Session, attempt: Attempt, response: Response) -> None:
    """Write how sure an answer was, unless that is known already."""
    session.execute(
        update(ResponseRow)
        .where(
            col(ResponseRow.attempt_id) == attempt.id,
            col(ResponseRow.slot) == response.slot,
            col(ResponseRow.confidence).is_(None),
        )
        .values(confidence=response.confidence)
    )


def save_position(session: Session, attempt: Attempt) -> None:
    """Write what waits in the next slot, or that the sitting has ended."""
    session.execute(
        update(AttemptRow)
        .where(col(AttemptRow.id) == attempt.id)
        .values(current_item=attempt.current_item, status=attempt.status, finished_at=attempt.finished_at)
    )


def picture_file(session: Session, attempt: Attempt, language: str) -> str | None:
    """Return Telegram's file id of an attempt's picture, if it was sent before."""
    row = session.get(PictureRow, (attempt.id, language))
    return row.file_id if row else None


def save_picture_file(session: Session, attempt_id: AttemptId, language: str, file_id: str) -> None:
    """Keep Telegram's file id of a sent picture."""
    session.merge(PictureRow(attempt_id=attempt_id, language=language, file_id=file_id))
