"""Numbers of the own shop, asked one by one and kept, and the order of a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.answer import Chosen, Unknown
from bot.core.person import Person
from bot.core.practice import Choice, Misfit, Quantity, Sheet
from bot.store.practices import Received
from bot.usecases import practising, taking
from bot.usecases.practising import QUESTION_WAITS, RESULT_STAYS, Working
from tests.usecases.world import World

ORDER_NUMBERS = (60, 40, 0, 0, 10, 6)


def _ask(world: World, owner: Person, sheet: Sheet, asking: Quantity | None = None) -> Working:
    return world.do(lambda s: practising.ask(s, owner=owner, sheet=sheet, asking=asking, now=world.now))


def _take(world: World, owner: Person, value: int) -> Working | Misfit | None:
    return world.do(lambda s: practising.take(s, owner=owner, value=value, now=world.now))


def _current(world: World, owner: Person) -> Working | None:
    return world.do(lambda s: practising.current(s, owner=owner, now=world.now))


def _fills(world: World, owner: Person, sheet: Sheet, values: Sequence[int]) -> Working:
    taken: Working | Misfit | None = _ask(world, owner, sheet, sheet.asks[0])
    for value in values:
        taken = _take(world, owner, value)
    assert isinstance(taken, Working)
    return taken


def _receives(world: World, owner: Person, values: Sequence[int] = ORDER_NUMBERS) -> Received:
    received = _fills(world, owner, Sheet.BIG_ORDER, values).received
    assert received is not None
    return received


def _decides(world: World, owner: Person, order_id: int, choice: Choice) -> Received | None:
    return world.do(lambda s: practising.decide(s, owner=owner, order_id=order_id, choice=choice, now=world.now))


def test_numbers_are_asked_in_order_until_all_are_there(world: World, sari: Person) -> None:
    steps: list[Working | Misfit | None] = [_ask(world, sari, Sheet.PRICE)]
    steps += [_take(world, sari, value) for value in (12_000, 25, 10)]
    asked = [step.asking for step in steps if isinstance(step, Working)]

    assert asked == [Quantity.COST, Quantity.MARGIN, Quantity.FEE, None]
    found = _current(world, sari)
    assert found is not None
    assert found.numbers == {Quantity.COST: 12_000, Quantity.MARGIN: 25, Quantity.FEE: 10}


def test_what_waits_outlives_the_process(world: World, sari: Person, tmp_path: Path) -> None:
    _ask(world, sari, Sheet.PRICE)
    _take(world, sari, 12_000)
    again = World.open(tmp_path / "bot.db")

    found = again.do(lambda s: practising.current(s, owner=sari, now=world.now))

    assert found is not None and (found.asking, found.numbers) == (Quantity.MARGIN, {Quantity.COST: 12_000})
    again.database.close()


def test_number_that_does_not_fit_is_not_stored(world: World, sari: Person) -> None:
    before = _ask(world, sari, Sheet.PRICE)

    assert _take(world, sari, 0) is Misfit.TOO_SMALL
    assert _current(world, sari) == before


def test_number_is_not_taken_where_none_waits(world: World, sari: Person) -> None:
    assert _take(world, sari, 5) is None
    _fills(world, sari, Sheet.REORDER, (8, 5, 10))

    assert _take(world, sari, 5) is None


def test_number_of_last_time_is_offered_only_if_it_fits(world: World, sari: Person) -> None:
    _fills(world, sari, Sheet.PRICE, (12_000, 25, 10))

    assert _ask(world, sari, Sheet.PRICE, Quantity.FEE).last_time == 10
    _ask(world, sari, Sheet.PRICE, Quantity.MARGIN)
    after = _take(world, sari, 95)

    assert isinstance(after, Working) and (after.asking, after.last_time) == (Quantity.FEE, None)
    assert _ask(world, sari, Sheet.PRICE, None).asking is Quantity.FEE


def test_numbers_are_shared_between_sheets_and_not_between_people(world: World, sari: Person, joko: Person) -> None:
    _fills(world, sari, Sheet.REORDER, (8, 5, 10))

    assert _ask(world, sari, Sheet.CAPACITY, Quantity.SAFETY).last_time == 10
    assert _ask(world, joko, Sheet.CAPACITY, Quantity.SAFETY).last_time is None


def test_leaving_keeps_the_numbers(world: World, sari: Person) -> None:
    _fills(world, sari, Sheet.REORDER, (8, 5, 10))
    world.do(lambda s: practising.leave(s, owner=sari))
    world.do(lambda s: practising.leave(s, owner=sari))

    assert _current(world, sari) is None
    assert _ask(world, sari, Sheet.REORDER, Quantity.SOLD).last_time == 8


@pytest.mark.parametrize(("values", "stays"), [((), QUESTION_WAITS), ((8, 5, 10), RESULT_STAYS)])
def test_old_calculation_is_left(world: World, sari: Person, values: tuple[int, ...], stays: timedelta) -> None:
    _fills(world, sari, Sheet.REORDER, values)
    world.now += stays
    assert _current(world, sari) is not None

    world.now += timedelta(seconds=1)

    assert _current(world, sari) is None


def test_sitting_begun_afterwards_puts_the_calculation_away(world: World, sari: Person) -> None:
    _ask(world, sari, Sheet.PRICE)
    world.now += timedelta(minutes=1)
    standing = world.begins(sari)

    assert _current(world, sari) is None
    world.do(lambda s: taking.stop(s, owner=sari, attempt_id=standing.attempt.id, library=world.library, now=world.now))
    assert _current(world, sari) is None


def test_calculation_after_a_result_is_what_counts(world: World, sari: Person) -> None:
    world.finishes(sari, lambda item: Chosen(0) if item.is_habit else Unknown())
    world.now += timedelta(minutes=1)

    _ask(world, sari, Sheet.PRICE)

    assert _current(world, sari) is not None


def test_order_comes_with_the_numbers_of_the_shop(world: World, sari: Person) -> None:
    received = _receives(world, sari)

    assert (received.order.in_time, received.order.short, received.choice) == (460, 540, None)
    assert received.order.asked_on == date(2026, 11, 24)


def test_same_order_does_not_come_twice_before_it_is_answered(world: World, sari: Person) -> None:
    first = _receives(world, sari)

    again = _ask(world, sari, Sheet.BIG_ORDER)

    assert again.received == first


def test_answered_or_changed_order_comes_anew(world: World, sari: Person) -> None:
    first = _receives(world, sari)
    second = _receives(world, sari, (1000, 40, 0, 0, 10, 6))
    _decides(world, sari, second.id, Choice.ALL)

    third = _receives(world, sari, (1000, 40, 0, 0, 10, 6))

    assert [first.id, second.id, third.id] == [1, 2, 3]


def test_first_answer_stays(world: World, sari: Person) -> None:
    received = _receives(world, sari)
    decided = _decides(world, sari, received.id, Choice.PART)
    world.now += timedelta(minutes=1)

    assert _decides(world, sari, received.id, Choice.ALL) == decided
    assert decided is not None and (decided.choice, decided.order.advised) == (Choice.PART, Choice.PART)
    assert world.do(lambda s: practising.answered_orders(s, owner=sari)) == [decided]


def test_order_of_somebody_else_is_nobodys(world: World, sari: Person, joko: Person) -> None:
    received = _receives(world, sari)

    assert _decides(world, joko, received.id, Choice.ALL) is None
    assert world.do(lambda s: practising.answered_orders(s, owner=sari)) == []


def test_day_is_the_owners_not_greenwichs(sari: Person) -> None:
    late = datetime.fromisoformat("2026-11-24T18:30:00+00:00")

    assert practising.local_day(sari, moment=late) == date(2026, 11, 25)
