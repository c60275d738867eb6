"""Change between two sittings."""

from __future__ import annotations

import math

import pytest

from bot.core.ability import Estimate
from bot.core.growth import Growth, group_growth, growth


def test_growth_is_told_in_scale_points_with_both_errors() -> None:
    found = growth(Estimate(-0.4, 0.3), Estimate(0.4, 0.4))

    assert found.points == pytest.approx(10)
    assert found.standard_error == pytest.approx(12.5 * 0.5)


@pytest.mark.parametrize(("points", "certain"), [(-30, False), (0, False), (16.4, False), (16.5, True), (40, True)])
def test_growth_is_certain_only_beyond_its_error(points: float, certain: bool) -> None:
    assert Growth(points, 10).is_certain is certain


def test_group_grows_by_its_mean_with_a_smaller_error() -> None:
    one = (Estimate(0.0, 0.4), Estimate(0.3, 0.4))

    alone, together = growth(*one), group_growth([one] * 16)

    assert together.points == pytest.approx(alone.points)
    assert together.standard_error == pytest.approx(alone.standard_error / math.sqrt(16))
    assert (alone.is_certain, together.is_certain) == (False, True)


def test_group_without_members_is_refused() -> None:
    with pytest.raises(ValueError, match="no growth"):
        group_growth([])
