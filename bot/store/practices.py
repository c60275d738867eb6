"""Queries about numbers of the own shop, the calculation a person is at, and practice orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.core.person import PersonId
from bot.core.practice import BigOrder, Choice, Means, Quantity, Sheet
from bot.store.tables import AttemptRow, BigOrderRow, PracticeNumberRow, PracticeRow


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is: a sheet, the number that waits (None: its result is shown), and since when."""

    sheet: Sheet
    asking: Quantity | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """One practice order; `choice` and `chosen_at` are the first answer to it, None before."""

    id: int
    order: BigOrder
    choice: Choice | None
    chosen_at: datetime | None


def numbers(session: Session, owner: PersonId) -> dict[Quantity, int]:
    """Return the numbers the owner told last."""
    rows = session.exec(select(PracticeNumberRow).where(PracticeNumberRow.person_id == owner)).all()
    return {Quantity(row.name): row.value for row in rows}


def save_number(session: Session, owner: PersonId, quantity: Quantity, value: int, now: datetime) -> None:
    """Write a number in the place of the one before."""
    session.merge(PracticeNumberRow(person_id=owner, name=quantity, value=value, changed_at=now))


def place(session: Session, owner: PersonId) -> Place | None:
    """Return the calculation the owner is at."""
    row = session.get(PracticeRow, owner)
    return Place(Sheet(row.kind), Quantity(row.step) if row.step else None, row.since) if row else None


def save_place(session: Session, owner: PersonId, at: Place) -> None:
    """Write the calculation the owner is at."""
    session.merge(PracticeRow(person_id=owner, kind=at.sheet, step=at.asking, since=at.since))


def remove_place(session: Session, owner: PersonId) -> None:
    """Note that the owner is at no calculation."""
    row = session.get(PracticeRow, owner)
    if row is not None:
        session.delete(row)


def last_sitting_moved_at(session: Session, owner: PersonId) -> datetime | None:
    """Return when the owner last began or ended a sitting."""
    moments = select(func.max(AttemptRow.started_at), func.max(AttemptRow.finished_at))
    began, ended = session.exec(moments.where(AttemptRow.person_id == owner)).one()
    return max((moment for moment in (began, ended) if moment is not None), default=None)


def orders(session: Session, owner: PersonId) -> list[Received]:
    """Return the owner's practice orders, the oldest first."""
    found = select(BigOrderRow).where(BigOrderRow.person_id == owner).order_by(col(BigOrderRow.id))
    return [_received(row) for row in session.exec(found)]


def _received(row: BigOrderRow) -> Received:
    assert row.id is not None
    means = Means(stock=row.stock, daily=row.made, running=row.running, safety=row.safety)
    order = BigOrder(means, row.days, row.week, row.asked_on)
    return Received(row.id, order, Choice(row.choice) if row.choice else None, row.chosen_at)


def add_order(session: Session, owner: PersonId, order: BigOrder) -> Received:
    """Write a new practice order."""
    row = BigOrderRow(
        person_id=owner,
        stock=order.means.stock,
        made=order.means.daily,
        running=order.means.running,
        safety=order.means.safety,
        days=order.days,
        week=order.week,
        asked_on=order.asked_on,
    )
    session.add(row)
    session.flush()
    return _received(row)


def save_choice(session: Session, received: Received) -> None:
    """Write the answer to a practice order."""
    row = session.get_one(BigOrderRow, received.id)
    row.choice, row.chosen_at = received.choice, received.chosen_at
    session.add(row)
