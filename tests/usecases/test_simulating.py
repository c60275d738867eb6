"""Synthetic owners through the real selection and scoring."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bank import simulation
from bot.bank.simulation import Trial
from bot.content.load import load
from bot.core.answer import score
from bot.core.item import COACH_DIMENSIONS, Dimension, Format
from bot.core.person import Role
from bot.core.response_model import parameters
from bot.usecases.choosers import adaptive, fixed_form, never_early, only_choices, random_items, settling, with_items
from bot.usecases.simulating import hold_back, items_needed, reliability_by_length, simulate
from bot.usecases.synthetic import earning, synthetic_owner, true_parameters, with_difficulties
from bot.wiring import CONTENT
from tests.core.builders import TODAY, item, real_document, real_release

RELEASE = real_release()


EVERY_FORMAT = [item(f"O1-90{number}", format) for number, format in enumerate(Format) if format is not Format.HABIT]


@pytest.mark.parametrize("item", [*RELEASE.scored, *EVERY_FORMAT], ids=lambda item: item.code)
def test_earning_gives_an_answer_worth_the_points(item) -> None:  # type: ignore[no-untyped-def]
    possible = range(item.max_score + 1)

    assert [score(item, earning(item, points=points)) for points in possible] == list(possible)


def test_synthetic_owners_have_the_models_spread_and_correlation() -> None:
    owners = [synthetic_owner(RELEASE, seed=4, number=n) for n in range(2000)]

    first, second = ([o.theta[d] for o in owners] for d in (Dimension.SAFETY, Dimension.CAPACITY))
    overall = [o.overall(RELEASE.model) for o in owners]
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
    short, long = (never_early(with_items(RELEASE, count=count)) for count in (10, 30))

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


def test_a_sitting_ends_early_and_settling_makes_it_longer_and_surer() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=1)

    first, settled, whole = (
        simulate(tried, owners=80, seed=1, truth=truth, choose=choose)
        for tried, choose in (
            (RELEASE, adaptive(TODAY)),
            (RELEASE, settling(TODAY)),
            (never_early(RELEASE), adaptive(TODAY)),
        )
    )

    assert first.mean_items < whole.mean_items == 24 < settled.mean_items
    assert first.reliability < settled.reliability
    assert first.settled_level < settled.settled_level


def test_reliability_grows_with_every_length_and_tells_the_items_needed() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=1)
    long = never_early(RELEASE)

    curve = reliability_by_length(long, owners=150, seed=1, truth=truth, choose=adaptive(TODAY))

    assert len(curve) == 24
    assert curve[3] < curve[11] < curve[23]
    assert curve[23] == simulate(long, owners=150, seed=1, truth=truth, choose=adaptive(TODAY)).reliability


def test_items_needed_lie_between_two_lengths() -> None:
    assert items_needed([0.5, 0.7, 0.8], target=0.75) == pytest.approx(2.5)
    assert items_needed([0.5, 0.7, 0.8], target=0.8) == pytest.approx(3)
    assert items_needed([0.5, 0.7], target=0.85) is None


def test_items_met_too_often_are_held_back() -> None:
    free = replace(RELEASE, items=tuple(replace(item, admitted=1.0) for item in RELEASE.items))
    truth = true_parameters(free, noise=0.6, seed=1)
    before = simulate(free, owners=150, seed=6, truth=truth, choose=adaptive(TODAY))

    admitted = hold_back(free, owners=150, seed=5, truth=truth, choose=adaptive(TODAY), limit=0.25, rounds=8)

    held = replace(free, items=tuple(replace(item, admitted=admitted.get(item.code, 1.0)) for item in free.items))
    after = simulate(held, owners=150, seed=6, truth=truth, choose=adaptive(TODAY))
    assert all(0 < share < 1 for share in admitted.values())
    assert after.top_exposure < before.top_exposure - 0.05


def test_no_question_of_the_content_is_met_too_often() -> None:
    truth = true_parameters(RELEASE, noise=0.6, seed=11)

    report = simulate(RELEASE, owners=400, seed=11, truth=truth, choose=adaptive(TODAY))

    assert report.top_exposure <= 0.35


TRIAL = Trial(owners=10, seed=1, items=24, noise=0.6, today=TODAY)


def test_simulate_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulation.run(CONTENT, TRIAL, as_json=True) == 0

    printed = json.loads(capsys.readouterr().out)
    assert next(iter(printed["reports"])) == "hari pertama"
    assert {report["owners"] for report in printed["reports"].values()} == {10}
    assert all(count is None or 0 < count <= 48 for counts in printed["items_needed"].values() for count in counts)


def test_simulate_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    simulation.run(CONTENT, TRIAL, as_json=False)

    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines[2:4]] == ["hari pertama", "hari pertama, lalu dipastikan"]
    assert sum("formulir tetap" in line for line in lines) == 6


def test_without_part_credit_everything_measures_less_well() -> None:
    plain = only_choices(RELEASE)
    truth = true_parameters(RELEASE, noise=0.6, seed=1)
    plain_truth = true_parameters(plain, noise=0.6, seed=1)

    real = simulate(RELEASE, owners=100, seed=1, truth=truth, choose=adaptive(TODAY))
    less = simulate(plain, owners=100, seed=1, truth=plain_truth, choose=adaptive(TODAY))

    assert {item.max_score for item in plain.scored} == {1}
    assert less.reliability < real.reliability


def test_simulate_command_writes_what_to_hold_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copied = tmp_path / "content"
    shutil.copytree(CONTENT, copied)

    simulation.write_exposure(copied, TRIAL, limit=0.33)

    admitted = load(copied).exposure.admitted
    assert admitted
    assert admitted != real_document().exposure.admitted
    assert f"{len(admitted)} butir ditahan" in capsys.readouterr().out


COACHES = RELEASE.under(Role.COACH)


def test_synthetic_coaches_have_spread_one_overall_and_in_every_area() -> None:
    coaches = [synthetic_owner(COACHES, seed=4, number=n) for n in range(2000)]

    for true in (
        [coach.overall(COACHES.model) for coach in coaches],
        *([coach.area(area, COACHES.model) for coach in coaches] for area in COACHES.model.areas),
    ):
        assert sum(v * v for v in true) / 2000 == pytest.approx(1, abs=0.1)


def test_coaches_are_measured_as_well_as_owners() -> None:
    truth = true_parameters(COACHES, noise=0.6, seed=1)

    report = simulate(COACHES, owners=200, seed=1, truth=truth, choose=adaptive(TODAY))

    assert list(report.by_area) == [Dimension.LITERACY, *COACH_DIMENSIONS]
    assert report.by_area[Dimension.LITERACY] >= 0.78
    assert min(report.by_area.values()) >= 0.5
    assert report.reliability >= 0.8
    assert report.within_one_level >= 0.98


def test_holding_back_coaches_items_leaves_the_owners_shares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "content"
    shutil.copytree(CONTENT, copied)

    simulation.write_exposure(copied, replace(TRIAL, items=None, form=Role.COACH), limit=0.33)

    before, after = real_document().exposure.admitted, load(copied).exposure.admitted
    found = {code for code in after if code.startswith("C")}
    assert found
    assert {code: share for code, share in after.items() if code not in found} == {
        code: share for code, share in before.items() if not code.startswith("C")
    }
    assert f"{len(found)} butir ditahan" in capsys.readouterr().out
