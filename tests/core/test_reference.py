"""The measurement model agrees with independent programs; `reference/make_reference.py` wrote their figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.ability import estimate
from bot.core.item import OWNER_DIMENSIONS, Dimension, Format, Item, Option
from bot.core.response_model import Parameters, information, probabilities
from bot.usecases.synthetic import earning
from tests.core.builders import MODEL, item

FIGURES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "reference" / "reference.json").read_text(encoding="utf-8")
)
FORMATS = {"choice": Format.CHOICE, "number": Format.NUMBER, "credit": Format.SITUATION}


@pytest.mark.parametrize("curve", FIGURES["curves"])
def test_curve_and_information_agree_with_catsim(curve: dict[str, Any]) -> None:
    known = Parameters(MODEL.discrimination, curve["b"], curve["c"], None)

    assert [probabilities(known, t)[1] for t in FIGURES["thetas"]] == pytest.approx(curve["right"], abs=1e-9)
    assert [information(known, t) for t in FIGURES["thetas"]] == pytest.approx(curve["information"], abs=1e-9)


@pytest.mark.parametrize("credit", FIGURES["part_credit"])
def test_part_credit_agrees_with_the_published_formula(credit: dict[str, Any]) -> None:
    known = Parameters(MODEL.discrimination, credit["b"], 0.0, MODEL.step)

    for theta, expected in zip(FIGURES["thetas"], credit["p"], strict=True):
        assert probabilities(known, theta) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("person", FIGURES["one_dimension"])
def test_one_dimension_agrees_with_girth(person: dict[str, Any]) -> None:
    pairs = []
    for number, (b, c, right) in enumerate(zip(person["b"], person["c"], person["right"], strict=True), start=1):
        asked = _item(f"O2-{number:03}", Format.CHOICE if c else Format.NUMBER, b)
        pairs.append((asked, earning(asked, points=right)))

    found = estimate(pairs, MODEL).dimensions[Dimension.SAFETY]

    assert found.theta == pytest.approx(person["theta"], abs=0.01)


@pytest.mark.parametrize("person", FIGURES["eight_dimensions"])
def test_eight_dimensions_agree_with_sampling(person: dict[str, Any]) -> None:
    pairs = []
    for number, given in enumerate(person["answers"], start=1):
        dimension = OWNER_DIMENSIONS[given["dimension"]]
        asked = _item(f"{dimension}-{number:03}", FORMATS[given["kind"]], given["b"])
        pairs.append((asked, earning(asked, points=given["points"])))

    found = estimate(pairs, MODEL)

    assert [found.dimensions[d].theta for d in OWNER_DIMENSIONS] == pytest.approx(person["dimensions"], abs=0.02)
    assert [found.dimensions[d].standard_error for d in OWNER_DIMENSIONS] == pytest.approx(person["errors"], abs=0.02)
    assert found.overall.theta == pytest.approx(person["overall"], abs=0.02)
    assert found.overall.standard_error == pytest.approx(person["overall_error"], abs=0.02)


def _item(code: str, format: Format, b: float) -> Item:
    made = replace(item(code, format), calibrated=b)
    if format is not Format.SITUATION:
        return made
    return replace(made, options=tuple(Option(str(points), points, "saran") for points in (2, 1, 0, 0)))
