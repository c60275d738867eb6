"""A change between two sittings, as it is said and drawn."""

from __future__ import annotations

import pytest

from bot.core.growth import Growth
from bot.web.change import change, signed


@pytest.mark.parametrize(
    ("points", "digits", "said"),
    [(3.14, 1, "+3,1"), (-0.36, 1, "−0,4"), (0.04, 1, "0"), (-0.04, 1, "0"), (12.6, 0, "+13"), (-0.4, 0, "0")],
)
def test_change_is_written_the_indonesian_way(points: float, digits: int, said: str) -> None:
    assert signed(points, digits) == said


def test_drawing_has_no_change_in_the_middle() -> None:
    found = change(Growth(0.0, 3.0))

    assert (found.left, found.at, found.right) == (40.2, 50.0, 59.8)
    assert found.is_certain is False


def test_large_change_stays_within_its_drawing() -> None:
    found = change(Growth(80.0, 20.0))

    assert (found.left, found.at, found.right) == (100.0, 100.0, 100.0)
    assert found.is_certain is True
