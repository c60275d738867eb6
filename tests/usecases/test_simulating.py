"""Synthetic owners through the real selection and scoring."""

from __future__ import annotations

import json
import math

import pytest

from bot import simulation
from bot.core.answer import score
from bot.core.item import Dimension, Format
from bot.core.response_model import parameters
from bot.usecases.choosers import adaptive, fixed_form, random_items, with_items
from bot.usecases.simulating import simulate
from bot.usecases.synthetic import earning, synthetic_owner, true_parameters, with_difficulties
from bot.wiring import CONTENT
from tests.core.builders import TODAY, item, real_release

RELEASE = real_release()


EVERY_FORMAT = [item(f"O1-90{number}", format) for number, format in enumerate(Format) if format is not Format.HABIT]


@pytest.mark.parametrize("item", [*RELEASE.scored, *EVERY_FORMAT], ids=lambda item: item.code)
def test_earning_gives_an_answer_worth_the_points(item) -> None:  # type: ignore[no-untyped-def]
    possible = range(item.max_score + 1)

    assert [score(item, earning(item, points=points)) for points in possible] == list(possible)


def test_synthetic_owners_have_the_models_spread_and_correlation() -> None:
    owners = [synthetic_owner(RELEASE, seed=4, number=n) for n in range(2000)]

    first, second = ([o.theta[d] for o in owners] for d in (Dimension.SAFETY, Dimension.CAPACITY))
    overall = [o.overall(RELEASE.model.correlation) for o in owners]
    assert sum(v * v for v in first) / 2000 == pytest.approx(1, abs=0.1)
    assert sum(v * v for v in overall) / 2000 == pytest.approx(1, abs=0.1)
    assert sum(a * b for a, b in zip(first, second, strict=True)) / 2000 == pytest.approx(0.6, abs=0.1)


def test_same_seed_gives_the_same_report() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=2)

    reports = [simulate(RELEASE, owners=20, seed=2, truth=truth, choose=adaptive(TODAY)).reliability for _ in range(2)]

    assert reports[0] == reports[1]


def test_more_items_measure_better_and_exact_difficulties_help() -> None:
    truth = true_parameters(RELEASE, noise=1.5, seed=2)
    exact = with_difficulties(RELEASE, difficulties={code: known.b for code, known in truth.items()})
    short, long = (with_items(RELEASE, count=count) for count in (10, 30))

    few, many = (simulate(r, owners=150, seed=2, truth=truth, choose=adaptive(TODAY)) for r in (short, long))
    known = simulate(exact, owners=150, seed=2, truth=truth, choose=adaptive(TODAY))
    guessed = simulate(RELEASE, owners=150, seed=2, truth=truth, choose=adaptive(TODAY))

    assert (few.mean_items, many.mean_items) == (10, 30)
    assert few.reliability < many.reliability
    assert guessed.reliability < known.reliability


@pytest.mark.parametrize("count", [8, 16, 24, 31])
def test_form_of_another_length_shares_out_every_question(count: int) -> None:
    assert with_items(RELEASE, count=count).form.scored_count == count


def test_fixed_form_is_the_same_for_all_and_chance_is_not() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=2)

    fixed = simulate(RELEASE, owners=30, seed=2, truth=truth, choose=fixed_form(RELEASE))
    chance = simulate(RELEASE, owners=30, seed=2, truth=truth, choose=random_items(RELEASE))

    assert fixed.top_exposure == 1.0
    assert chance.top_exposure < 1.0
    assert (fixed.mean_items, chance.mean_items) == (24, 24)


def test_first_release_measures_as_well_as_promised() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=1)

    report = simulate(RELEASE, owners=300, seed=1, truth=truth, choose=adaptive(TODAY))

    assert report.reliability >= 0.72
    assert report.dimension_reliability >= 0.54
    assert report.exact_level >= 0.61
    assert report.within_one_level >= 0.98
    assert report.weakest_hit >= 0.56


def test_true_difficulties_lie_off_the_experts_by_the_noise() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=1)

    off = [truth[item.code].b - parameters(item, RELEASE.model).b for item in RELEASE.scored]

    assert math.sqrt(sum(o * o for o in off) / len(off)) == pytest.approx(0.6, abs=0.15)


def test_simulate_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    simulation.run(CONTENT, owners=10, seed=1, items=24, noise=0.6, as_json=True, today=TODAY)

    printed = json.loads(capsys.readouterr().out)

    assert next(iter(printed)) == "hari pertama"
    assert printed["hari pertama"]["owners"] == 10
