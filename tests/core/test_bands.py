"""The bands of the scale: where a lifted zone stands, and when nothing more need be asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ability import Abilities, Estimate
from bot.core.bands import ZoneCall, call_zone, is_settled, lift
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension
from bot.core.person import Role
from tests.core.builders import CALM, RULES, ZONES, release, with_coaches

ESTIMATES = st.builds(Estimate, st.floats(-4, 4), st.floats(0.1, 1.5))
LOW, MIDDLE, HIGH = ZONES


def at(scale_score: float, error: float = 0.4) -> Estimate:
    return Estimate((scale_score - 50) / 12.5, error)


@pytest.mark.parametrize(("score", "lifted_to"), [(40.0, MIDDLE), (55.0, HIGH), (70.0, HIGH)])
def test_lifted_zone_is_one_higher_and_the_highest_stays(score: float, lifted_to: object) -> None:
    found = lift(call_zone(at(score), ZONES), ZONES)

    assert (found.band, found.lifted, found.estimate) == (lifted_to, True, at(score))


@pytest.mark.parametrize(("score", "stands_at"), [(40.0, 50.0), (55.0, 63.0), (70.0, 70.0)])
def test_lifted_zone_stands_at_its_beginning_at_least(score: float, stands_at: float) -> None:
    call = call_zone(at(score), ZONES)

    assert call.scale_score == pytest.approx(score)
    assert lift(call, ZONES).scale_score == pytest.approx(stands_at)


def test_lifted_zone_is_surely_not_below_cuts_up_to_its_own() -> None:
    estimate = at(40.0)
    lifted = lift(call_zone(estimate, ZONES), ZONES)

    assert [lifted.probability_below(cut) for cut in (38.0, 50.0)] == [0.0, 0.0]
    assert lifted.probability_below(50.1) == estimate.probability_below(50.1) > 0.5


@CALM
@given(ESTIMATES, st.floats(0, 100))
def test_zone_that_was_not_lifted_says_what_its_estimate_says(estimate: Estimate, cut: float) -> None:
    call = call_zone(estimate, ZONES)

    assert call.scale_score == estimate.scale_score
    assert call.probability_below(cut) == estimate.probability_below(cut)


@CALM
@given(ESTIMATES, st.floats(0, 100))
def test_lift_never_lowers_anything(estimate: Estimate, cut: float) -> None:
    call = call_zone(estimate, ZONES)
    lifted = lift(call, ZONES)

    assert lifted.scale_score >= call.scale_score
    assert lifted.probability_below(cut) <= call.probability_below(cut)
    assert lifted.band.cut_score >= call.band.cut_score


SURE = Abilities(at(44, 0.1), dict.fromkeys(OWNER_DIMENSIONS, at(44, 0.1)))
UNSURE = at(50, 0.8)


@pytest.mark.parametrize(
    ("abilities", "settled"),
    [
        (SURE, True),
        (replace(SURE, overall=UNSURE), False),
        (replace(SURE, dimensions={**SURE.dimensions, Dimension.PROMOTION: UNSURE}), False),
    ],
    ids=["all certain", "an uncertain level", "one uncertain zone"],
)
def test_result_is_settled_where_the_level_and_every_zone_are_certain(abilities: Abilities, settled: bool) -> None:
    assert is_settled(abilities, release()) is settled


@pytest.mark.parametrize(("extra", "settled"), [(0.0, True), (1e-9, False)])
def test_probability_at_its_threshold_is_enough(extra: float, settled: bool) -> None:
    zone: ZoneCall = call_zone(UNSURE, ZONES)
    abilities = Abilities(at(44, 0.1), dict.fromkeys(OWNER_DIMENSIONS, UNSURE))
    rules = replace(RULES, zone_probability=zone.probability + extra)

    assert is_settled(abilities, release(rules=rules)) is settled


@pytest.mark.parametrize(("literacy", "settled"), [(at(44, 0.1), True), (UNSURE, False)])
def test_area_of_several_dimensions_is_settled_by_itself_however_unsure_its_parts_are(
    literacy: Estimate, settled: bool
) -> None:
    dimensions = dict.fromkeys(OWNER_DIMENSIONS, UNSURE) | dict.fromkeys(COACH_DIMENSIONS, at(44, 0.1))
    abilities = Abilities(at(44, 0.1), dimensions, {Dimension.LITERACY: literacy})

    assert is_settled(abilities, with_coaches(release()).under(Role.COACH)) is settled
