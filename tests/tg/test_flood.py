"""A flood of one person is turned away until it pauses; hands are never turned away."""

from __future__ import annotations

from bot.tg import flood
from bot.tg.flood import BURST, PER_SECOND, Flood
from tests.stage import JOKO, SARI


class Time:
    """A clock that is moved by hand."""

    seconds = 0.0

    def now(self) -> float:
        return self.seconds


def _sent(floods: Flood, person: int, count: int) -> list[bool]:
    return [floods.lets_through(person) for _ in range(count)]


def test_hands_are_let_through() -> None:
    time = Time()
    floods = Flood(now=time.now)
    passed = []

    for _ in range(10 * BURST):
        time.seconds += 1 / PER_SECOND
        passed.append(floods.lets_through(SARI))

    assert passed == [True] * 10 * BURST


def test_of_a_flood_a_burst_is_let_through_and_nothing_more_until_it_pauses() -> None:
    time = Time()
    floods = Flood(now=time.now)
    passed = []

    for _ in range(30_000):  # 500 a second for a minute
        time.seconds += 0.002
        passed.append(floods.lets_through(SARI))
    time.seconds += 1 / PER_SECOND

    assert BURST <= sum(passed) <= BURST + 1
    assert _sent(floods, SARI, 2) == [True, False]


def test_flood_of_one_person_holds_up_nobody_else() -> None:
    floods = Flood(now=Time().now)
    _sent(floods, SARI, BURST + 5)

    assert _sent(floods, JOKO, BURST) == [True] * BURST


def test_after_a_rest_a_flooder_may_send_a_burst_again() -> None:
    time = Time()
    floods = Flood(now=time.now)
    _sent(floods, SARI, BURST + 5)

    time.seconds = BURST / PER_SECOND

    assert _sent(floods, SARI, BURST + 1) == [True] * BURST + [False]


def test_people_who_are_calm_again_are_forgotten() -> None:
    time = Time()
    floods = Flood(now=time.now)
    for person in range(flood.MANY_PEOPLE):
        floods.lets_through(person)
    many = len(floods._buckets)

    time.seconds = BURST / PER_SECOND
    floods.lets_through(-1)

    assert (many, len(floods._buckets)) == (flood.MANY_PEOPLE, 1)
