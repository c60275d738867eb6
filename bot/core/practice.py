"""Arithmetic of a shop: what can be promised and by when, at what price, when to buy again, and a very big order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PRICE_STEP = 100
"""Rupiah that a selling price is rounded up to."""
BIG_ORDER = 1000
"""Pieces of the order that practice is about."""
WORTH_SPLITTING = BIG_ORDER // 10
"""Pieces in time from which a part of the big order is worth offering."""
FAR_DAYS = 60
"""Working days beyond which nothing is promised to a buyer."""


class Quantity(StrEnum):
    """A number of the own shop that people are asked for; the value is what it is stored and called under."""

    COST = "modal"
    MARGIN = "untung"
    FEE = "potongan"
    SOLD = "laku"
    LEAD = "tunggu"
    SAFETY = "cadangan"
    STOCK = "stok"
    MADE = "buat"
    RUNNING = "berjalan"
    DAYS = "waktu"
    ORDER = "pesanan"
    WEEK = "kerja"

    @property
    def unit(self) -> str:
        """Return what it is counted in: rupiah, persen, hari, or buah."""
        match self:
            case Quantity.COST:
                return "rupiah"
            case Quantity.MARGIN | Quantity.FEE:
                return "persen"
            case Quantity.LEAD | Quantity.DAYS | Quantity.WEEK:
                return "hari"
            case _:
                return "buah"

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the least and the greatest number that makes sense."""
        match self:
            case Quantity.COST:
                return 1, 1_000_000_000
            case Quantity.MARGIN | Quantity.FEE:
                return 0, 99
            case Quantity.LEAD | Quantity.DAYS:
                return 1, 365
            case Quantity.WEEK:
                return 1, 7
            case Quantity.ORDER | Quantity.SOLD:
                return 1, 100_000
            case _:
                return 0, 100_000


Numbers = Mapping[Quantity, int]


class Sheet(StrEnum):
    """What can be worked out; the value is written in buttons and rows."""

    PRICE = "harga"
    REORDER = "beli"
    CAPACITY = "sanggup"
    BIG_ORDER = "seribu"

    @property
    def asks(self) -> tuple[Quantity, ...]:
        """Return the numbers it needs, in the order in which they are asked."""
        means = (Quantity.STOCK, Quantity.MADE, Quantity.RUNNING, Quantity.SAFETY)
        match self:
            case Sheet.PRICE:
                return Quantity.COST, Quantity.MARGIN, Quantity.FEE
            case Sheet.REORDER:
                return Quantity.SOLD, Quantity.LEAD, Quantity.SAFETY
            case Sheet.CAPACITY:
                return *means, Quantity.DAYS, Quantity.ORDER, Quantity.WEEK
            case _:
                return *means, Quantity.DAYS, Quantity.WEEK

    def after(self, quantity: Quantity) -> Quantity | None:
        """Return what is asked next, None after the last."""
        return dict(zip(self.asks, (*self.asks[1:], None), strict=True))[quantity]


class Misfit(StrEnum):
    """Why a number cannot be used."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOTHING_LEFT = "nothing_left"


def misfit(quantity: Quantity, value: int, others: Numbers) -> Misfit | None:
    """Tell why a number does not fit, None where it does; margin and fee together leave something of the price."""
    least, most = quantity.bounds
    if value < least:
        return Misfit.TOO_SMALL
    if value > most:
        return Misfit.TOO_LARGE
    if quantity is Quantity.FEE and value + others.get(Quantity.MARGIN, 0) >= 100:
        return Misfit.NOTHING_LEFT
    return None


def first_missing(sheet: Sheet, numbers: Numbers) -> Quantity | None:
    """Return the first number a sheet still lacks or cannot use, None where it can be worked out."""
    for quantity in sheet.asks:
        if quantity not in numbers or misfit(quantity, numbers[quantity], numbers) is not None:
            return quantity
    return None


class NothingLeft(ValueError):
    """Margin and fee take the whole price or more: no price covers the cost."""


@dataclass(frozen=True, slots=True)
class Price:
    """A selling price in rupiah: `exact` to the next whole one, `rounded` up to the next hundred, and its parts."""

    exact: int
    rounded: int
    fee: int
    profit: int


def selling_price(*, cost: int, margin: int, fee: int) -> Price:
    """Return cost ÷ (1 − margin − fee); cost in rupiah, margin and fee in whole percent of the selling price.

    Refuses with NothingLeft where margin and fee reach 100 percent. Of the rounded price the fee is counted up to the
    next rupiah, and what remains after it and the cost is profit: at least the margin wished for, but for the part of
    a rupiah lost in that rounding. Source: facts.md E2.
    """
    left = 100 - margin - fee
    if left <= 0:
        raise NothingLeft(f"{margin} + {fee}")
    exact = _divided_up(cost * 100, left)
    rounded = _divided_up(exact, PRICE_STEP) * PRICE_STEP
    taken = _divided_up(rounded * fee, 100)
    return Price(exact, rounded, taken, rounded - taken - cost)


def reorder_point(*, daily_sales: int, lead_days: int, safety: int) -> int:
    """Return the stock at which to buy again: daily sales × lead time + safety stock, in pieces.

    Source: facts.md E1.
    """
    return daily_sales * lead_days + safety


@dataclass(frozen=True, slots=True)
class Means:
    """What a shop delivers from, in pieces: in stock, made or arriving a working day, promised to others, kept back."""

    stock: int
    daily: int
    running: int
    safety: int

    def balance(self, days: int) -> int:
        """Return stock + units a day × working days − orders running − safety stock; below 0 something is lacking."""
        return self.stock + self.daily * days - self.running - self.safety

    def capacity(self, days: int) -> int:
        """Return how many pieces can be promised within so many working days, never below 0.

        The formula is that of blueprint.md, "Practice that measures behaviour"; safety stock as in facts.md E1.
        """
        return max(0, self.balance(days))

    def days_for(self, order: int) -> int | None:
        """Return the working days until an order of so many pieces is ready: 0 from stock, None if never."""
        lacking = order - self.balance(0)
        if lacking <= 0:
            return 0
        return _divided_up(lacking, self.daily) if self.daily else None


def working_day(today: date, days: int, week: int) -> date:
    """Return the so-manieth working day after today, where a week has `week` of them from Monday on.

    0 is today, or the next working day where today is none.
    """
    if days == 0 and today.weekday() < week:
        return today
    days = max(days, 1)
    last = today - timedelta(days=max(0, today.weekday() - week + 1))
    weeks, rest = divmod(days, week)
    beyond = last.weekday() + rest >= week
    return last + timedelta(days=7 * weeks + rest + (7 - week if beyond else 0))


def promise_date(means: Means, order: int, *, today: date, week: int) -> date | None:
    """Return the first day on which an order can be filled; None where it never can, or not within FAR_DAYS."""
    days = means.days_for(order)
    return None if days is None or days > FAR_DAYS else working_day(today, days, week)


def _divided_up(value: int, by: int) -> int:
    return -(-value // by)


class Choice(StrEnum):
    """What an owner answers to an order that is very big."""

    ALL = "semua"
    PART = "bagian"
    LATER = "nanti"
    DECLINE = "tolak"


@dataclass(frozen=True, slots=True)
class BigOrder:
    """The order of a thousand pieces within `days` working days, to a shop as it stood on `asked_on`."""

    means: Means
    days: int
    week: int
    asked_on: date

    @property
    def in_time(self) -> int:
        """Return how many pieces of it can be promised in time."""
        return min(BIG_ORDER, self.means.capacity(self.days))

    @property
    def short(self) -> int:
        """Return how many pieces would be lacking on the last day."""
        return BIG_ORDER - self.in_time

    @property
    def due_on(self) -> date:
        return working_day(self.asked_on, self.days, self.week)

    @property
    def ready_on(self) -> date | None:
        """Return when the whole order can be ready, None beyond FAR_DAYS."""
        return promise_date(self.means, BIG_ORDER, today=self.asked_on, week=self.week)

    @property
    def advised(self) -> Choice:
        """Return the answer that keeps every promise and lets go of the least.

        All where all is ready in time; else a part now where it is WORTH_SPLITTING; else a later date within FAR_DAYS;
        else no.
        """
        if self.short == 0:
            return Choice.ALL
        if self.in_time >= WORTH_SPLITTING:
            return Choice.PART
        return Choice.LATER if self.ready_on is not None else Choice.DECLINE
