"""Likelihoods and information of single items."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.item import Format
from bot.core.response_model import THETA_GRID, Parameters, information, parameters, probabilities
from tests.core.builders import CALM, MODEL, item

THETA = st.floats(-3.5, 3.5)
KNOWN = st.builds(
    Parameters,
    a=st.floats(0.5, 2),
    b=st.floats(-2, 2),
    c=st.sampled_from([0.0, 0.25]),
    step=st.one_of(st.none(), st.floats(0, 1)),
)


@CALM
@given(KNOWN, THETA)
def test_probabilities_are_a_distribution(known: Parameters, theta: float) -> None:
    found = probabilities(known, theta)

    assert len(found) == (2 if known.step is None else 3)
    assert min(found) > 0
    assert sum(found) == pytest.approx(1)


@CALM
@given(KNOWN, THETA)
def test_information_is_the_expected_squared_slope_of_the_log_likelihood(known: Parameters, theta: float) -> None:
    known = known if known.step is None else replace(known, c=0.0)
    width = 1e-4
    now = probabilities(known, theta)
    after, before = probabilities(known, theta + width), probabilities(known, theta - width)
    slopes = [(math.log(a) - math.log(b)) / (2 * width) for a, b in zip(after, before, strict=True)]

    expected = sum(p * slope**2 for p, slope in zip(now, slopes, strict=True))

    assert information(known, theta) == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_calibrated_difficulty_takes_the_experts_place() -> None:
    expert = item("O1-001", difficulty=5)

    assert parameters(expert, MODEL).b == MODEL.difficulty[4]
    assert parameters(replace(expert, calibrated=-0.3), MODEL).b == -0.3


@pytest.mark.parametrize(("format", "floor"), [(Format.CHOICE, 0.25), (Format.NUMBER, 0.0), (Format.SITUATION, 0.0)])
def test_only_choices_can_be_guessed(format: Format, floor: float) -> None:
    known = parameters(item("O1-001", format), MODEL)

    assert known.c == floor
    assert probabilities(known, THETA_GRID[0] - 20)[-1] == pytest.approx(floor, abs=1e-6)


def test_numbers_tell_more_than_choices_and_part_credit_most() -> None:
    told = {
        f: information(parameters(item("O1-001", f), MODEL), 0.0)
        for f in (Format.CHOICE, Format.NUMBER, Format.SITUATION)
    }

    assert told[Format.CHOICE] < told[Format.NUMBER] < told[Format.SITUATION]
