"""Calculations with numbers of the own shop, asked for one by one, and the practice order of a thousand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.core.person import Person, local
from bot.core.practice import BigOrder, Choice, Means, Misfit, Quantity, Sheet, first_missing, misfit
from bot.store import practices
from bot.store.practices import Place, Received

QUESTION_WAITS = timedelta(hours=12)
RESULT_STAYS = timedelta(minutes=15)
"""How long a number that was asked for, or a result, is the screen that /lanjut leads back to."""


@dataclass(frozen=True, slots=True)
class Working:
    """A calculation under way: the number that waits since then, or the result; `received` is the order it is about."""

    sheet: Sheet
    asking: Quantity | None
    since: datetime
    numbers: Mapping[Quantity, int]
    received: Received | None = None

    @property
    def last_time(self) -> int | None:
        """Return the number of last time for what is asked, None without one that fits."""
        if self.asking is None or self.asking not in self.numbers:
            return None
        value = self.numbers[self.asking]
        return None if misfit(self.asking, value, self.numbers) else value


def current(session: Session, *, owner: Person, now: datetime) -> Working | None:
    """Return the calculation that the owner is at; one from before the latest sitting, or an old one, is left."""
    place = practices.place(session, owner.id)
    if place is None or now - place.since > (QUESTION_WAITS if place.asking else RESULT_STAYS):
        return None
    moved = practices.last_sitting_moved_at(session, owner.id)
    if moved is not None and moved > place.since:
        return None
    return _working(session, owner, place)


def _working(session: Session, owner: Person, place: Place) -> Working:
    is_order = place.sheet is Sheet.BIG_ORDER and place.asking is None
    received = practices.orders(session, owner.id)[-1] if is_order else None
    return Working(place.sheet, place.asking, place.since, practices.numbers(session, owner.id), received)


def ask(session: Session, *, owner: Person, sheet: Sheet, asking: Quantity | None, now: datetime) -> Working:
    """Ask for a number of a sheet; with None work it out, or ask for the first number that is missing or unfit."""
    numbers = practices.numbers(session, owner.id)
    asking = asking or first_missing(sheet, numbers)
    if sheet is Sheet.BIG_ORDER and asking is None:
        _receive(session, owner, numbers, now)
    place = Place(sheet, asking, now)
    practices.save_place(session, owner.id, place)
    return _working(session, owner, place)


def take(session: Session, *, owner: Person, value: int, now: datetime) -> Working | Misfit | None:
    """Store a number for what is asked and go on; None where nothing is asked, a Misfit where it does not fit."""
    working = current(session, owner=owner, now=now)
    if working is None or working.asking is None:
        return None
    unfit = misfit(working.asking, value, working.numbers)
    if unfit is not None:
        return unfit
    practices.save_number(session, owner.id, working.asking, value, now)
    following = working.sheet.after(working.asking)
    return ask(session, owner=owner, sheet=working.sheet, asking=following, now=now)


def leave(session: Session, *, owner: Person) -> None:
    """Put the calculation away; the numbers are kept."""
    practices.remove_place(session, owner.id)


def _receive(session: Session, owner: Person, numbers: Mapping[Quantity, int], now: datetime) -> None:
    """Let the big order come, unless the very same one still waits for an answer."""
    means = Means(
        stock=numbers[Quantity.STOCK],
        daily=numbers[Quantity.MADE],
        running=numbers[Quantity.RUNNING],
        safety=numbers[Quantity.SAFETY],
    )
    order = BigOrder(means, numbers[Quantity.DAYS], numbers[Quantity.WEEK], local_day(owner, moment=now))
    waiting = [received.order for received in practices.orders(session, owner.id)[-1:] if received.choice is None]
    if waiting != [order]:
        practices.add_order(session, owner.id, order)


def local_day(owner: Person, *, moment: datetime) -> date:
    """Return the date of a moment where the owner lives."""
    return local(moment, owner.context.zone).date()


def decide(session: Session, *, owner: Person, order_id: int, choice: Choice, now: datetime) -> Received | None:
    """Store the answer to one of the owner's practice orders; the first one stays. None for an order of nobody."""
    found = [received for received in practices.orders(session, owner.id) if received.id == order_id]
    if not found:
        return None
    (received,) = found
    if received.choice is None:
        received = replace(received, choice=choice, chosen_at=now)
        practices.save_choice(session, received)
    return received


def answered_orders(session: Session, *, owner: Person) -> list[Received]:
    """Return the practice orders that the owner answered, the latest first."""
    return [received for received in reversed(practices.orders(session, owner.id)) if received.choice is not None]
