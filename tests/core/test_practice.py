"""The arithmetic of a shop: capacity, promise date, selling price, reorder point, and the order of a thousand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.practice import (
    BIG_ORDER,
    FAR_DAYS,
    PRICE_STEP,
    WORTH_SPLITTING,
    BigOrder,
    Choice,
    Means,
    Misfit,
    NothingLeft,
    Quantity,
    Sheet,
    first_missing,
    misfit,
    promise_date,
    reorder_point,
    selling_price,
    working_day,
)
from tests.core.builders import CALM

TUESDAY = date(2026, 11, 24)
PIECES = st.integers(0, 5000)
MEANS = st.builds(Means, stock=PIECES, daily=st.integers(0, 300), running=PIECES, safety=PIECES)
DAYS = st.integers(1, 60)
WEEKS = st.integers(1, 7)
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_capacity_of_the_blueprints_shop() -> None:
    assert Means(stock=60, daily=40, running=0, safety=0).capacity(10) == 460


def test_capacity_is_never_below_zero_but_its_balance_is() -> None:
    means = Means(stock=5, daily=2, running=30, safety=10)

    assert (means.balance(10), means.capacity(10)) == (-15, 0)


@CALM
@given(MEANS, DAYS, st.integers(1, 500))
def test_capacity_rises_with_what_helps_and_falls_with_what_is_promised(means: Means, days: int, more: int) -> None:
    here = means.capacity(days)

    assert replace(means, stock=means.stock + more).capacity(days) >= here
    assert replace(means, daily=means.daily + more).capacity(days) >= here
    assert means.capacity(days + more) >= here
    assert replace(means, running=means.running + more).capacity(days) <= here
    assert replace(means, safety=means.safety + more).capacity(days) <= here


@CALM
@given(MEANS, st.integers(1, 5000))
def test_days_for_an_order_are_the_first_that_suffice(means: Means, order: int) -> None:
    days = means.days_for(order)

    if days is None:
        assert means.daily == 0 and means.capacity(365) < order
    else:
        assert means.capacity(days) >= order
        assert days == 0 or means.capacity(days - 1) < order


@pytest.mark.parametrize(
    ("days", "week", "wanted"),
    [
        (0, 6, TUESDAY),
        (1, 6, date(2026, 11, 25)),
        (5, 6, date(2026, 11, 30)),
        (4, 5, date(2026, 11, 30)),
        (6, 6, date(2026, 12, 1)),
        (10, 7, date(2026, 12, 4)),
        (1, 1, date(2026, 11, 30)),
    ],
)
def test_working_days_are_counted_from_monday(days: int, week: int, wanted: date) -> None:
    assert working_day(TUESDAY, days, week) == wanted


def test_stock_is_handed_over_on_the_next_working_day() -> None:
    assert working_day(date(2026, 11, 29), 0, 6) == date(2026, 11, 30)


@CALM
@given(DATES, st.integers(0, 80), WEEKS)
def test_working_day_is_the_one_found_by_walking(today: date, days: int, week: int) -> None:
    walked, left = today, max(days, 0 if today.weekday() < week else 1)
    while left:
        walked += timedelta(days=1)
        left -= walked.weekday() < week

    assert working_day(today, days, week) == walked


def test_promise_beyond_what_is_far_is_none() -> None:
    slow = Means(stock=0, daily=1, running=0, safety=0)

    assert promise_date(slow, FAR_DAYS, today=TUESDAY, week=7) == TUESDAY + timedelta(days=FAR_DAYS)
    assert promise_date(slow, FAR_DAYS + 1, today=TUESDAY, week=7) is None
    assert promise_date(replace(slow, daily=0), 1, today=TUESDAY, week=7) is None


def test_selling_price_of_the_blueprints_example() -> None:
    price = selling_price(cost=12_000, margin=25, fee=10)

    assert (price.exact, price.rounded, price.fee, price.profit) == (18_462, 18_500, 1_850, 4_650)


def test_margin_is_not_markup() -> None:
    assert selling_price(cost=10_000, margin=30, fee=0).exact == 14_286


@pytest.mark.parametrize(("margin", "fee"), [(100, 0), (60, 40), (99, 99)])
def test_price_is_refused_where_nothing_is_left(margin: int, fee: int) -> None:
    with pytest.raises(NothingLeft):
        selling_price(cost=1, margin=margin, fee=fee)


@CALM
@given(st.integers(1, 10**9), st.integers(0, 99), st.integers(0, 99))
def test_rounded_price_really_reaches_the_margin_after_the_fee(cost: int, margin: int, fee: int) -> None:
    if margin + fee >= 100:
        return
    price = selling_price(cost=cost, margin=margin, fee=fee)

    assert price.rounded % PRICE_STEP == 0
    assert 0 <= price.rounded - price.exact < PRICE_STEP
    assert price.rounded * (100 - fee) - cost * 100 >= price.rounded * margin
    assert (price.exact - 1) * (100 - margin - fee) < cost * 100
    assert price.fee + price.profit + cost == price.rounded
    assert price.profit * 100 > price.rounded * margin - 100


def test_reorder_point_of_the_sources_examples() -> None:
    assert reorder_point(daily_sales=50, lead_days=7, safety=100) == 450
    assert reorder_point(daily_sales=8, lead_days=5, safety=10) == 50


@CALM
@given(PIECES, st.integers(1, 365), PIECES)
def test_reorder_point_leaves_the_safety_stock_when_goods_arrive(sold: int, lead: int, safety: int) -> None:
    assert reorder_point(daily_sales=sold, lead_days=lead, safety=safety) - sold * lead == safety


@pytest.mark.parametrize("quantity", Quantity)
def test_bounds_hold_at_both_ends(quantity: Quantity) -> None:
    least, most = quantity.bounds

    assert [misfit(quantity, value, {}) for value in (least, most)] == [None, None]
    assert misfit(quantity, least - 1, {}) is Misfit.TOO_SMALL
    assert misfit(quantity, most + 1, {}) is Misfit.TOO_LARGE


def test_fee_must_leave_something_beside_the_margin() -> None:
    assert misfit(Quantity.FEE, 40, {Quantity.MARGIN: 60}) is Misfit.NOTHING_LEFT
    assert misfit(Quantity.FEE, 39, {Quantity.MARGIN: 60}) is None


@pytest.mark.parametrize("sheet", Sheet)
def test_sheet_asks_each_number_once_and_then_is_done(sheet: Sheet) -> None:
    asked, quantity = [], first_missing(sheet, {})
    while quantity is not None:
        asked.append(quantity)
        quantity = sheet.after(quantity)

    assert tuple(asked) == sheet.asks
    assert first_missing(sheet, {q: q.bounds[0] for q in sheet.asks}) is None


def test_number_that_no_longer_fits_is_asked_again() -> None:
    numbers = {Quantity.COST: 12_000, Quantity.MARGIN: 95, Quantity.FEE: 10}

    assert first_missing(Sheet.PRICE, numbers) is Quantity.FEE


def test_units_are_those_the_texts_know() -> None:
    assert {quantity.unit for quantity in Quantity} == {"rupiah", "persen", "hari", "buah"}


@pytest.mark.parametrize(
    ("means", "advised"),
    [
        (Means(1000, 0, 0, 0), Choice.ALL),
        (Means(60, 40, 0, 0), Choice.PART),
        (Means(WORTH_SPLITTING, 0, 0, 0), Choice.PART),
        (Means(WORTH_SPLITTING - 1, 0, 0, 0), Choice.DECLINE),
        (Means(0, 20, 200, 0), Choice.LATER),
        (Means(0, 1, 0, 0), Choice.DECLINE),
    ],
    ids=["all is there", "a part in time", "a tenth and no more", "less than a tenth", "all later", "not for long"],
)
def test_advice_on_the_big_order(means: Means, advised: Choice) -> None:
    assert BigOrder(means, days=10, week=6, asked_on=TUESDAY).advised is advised


@CALM
@given(MEANS, DAYS, WEEKS)
def test_big_order_adds_up(means: Means, days: int, week: int) -> None:
    order = BigOrder(means, days, week, TUESDAY)

    assert order.in_time + order.short == BIG_ORDER
    assert (order.short == 0) == (order.ready_on is not None and order.ready_on <= order.due_on)
