"""Edges of scoring that no other test stands on; `make mutants` tells which are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.ability import FACTOR_GRID, Abilities, Estimate, estimate, posterior_curves
from bot.core.answer import Answer, AnswerDoesNotFit, Chosen, Replied, Unknown, check_fits, decode, feedback
from bot.core.attempt import Confidence
from bot.core.bands import call_level, call_zone, is_settled
from bot.core.check import Checked
from bot.core.growth import CERTAIN, Growth, group_growth
from bot.core.item import OWNER_DIMENSIONS, Dimension, Format, Item, Option, Turn
from bot.core.profile import profile
from bot.core.release import ZoneBand
from bot.core.response_model import THETA_GRID
from tests.core.builders import (
    LEVELS,
    MODEL,
    RULES,
    ZONES,
    Pair,
    attempt,
    bank,
    best,
    item,
    release,
    response,
    sitting,
    worst,
)

DEVICES, SAFETY, PAYMENT = Dimension.DEVICES, Dimension.SAFETY, Dimension.PAYMENT
SHOP, PROMOTION = Dimension.SHOP, Dimension.PROMOTION
SITUATIONS = bank(4, Format.SITUATION)
HALF: list[Pair] = [(one, Chosen(1)) for one in SITUATIONS]


@pytest.mark.parametrize("text", ["c-1", "x1"])
def test_refused_text_is_named(text: str) -> None:
    with pytest.raises(AnswerDoesNotFit, match=f"^{text}$"):
        decode(text)


@pytest.mark.parametrize(("answer", "stored"), [(Chosen(4), "c4"), (Replied((0, 1)), "p01")])
def test_refused_answer_is_named_with_its_item(answer: Answer, stored: str) -> None:
    with pytest.raises(AnswerDoesNotFit, match=f"^O1-001: {stored}$"):
        check_fits(item("O1-001"), answer)


def test_who_does_not_know_what_to_reply_is_told_of_the_first_reply() -> None:
    first, second = (Turn("Ada?", (Option("Ada", 2, f"saran {turn}"), Option("Tidak", 0, "-"))) for turn in (1, 2))

    assert feedback(replace(item("O6-001", Format.CONVERSATION), turns=(first, second)), Unknown()) == "saran 1"


def test_grids_are_even_and_wide_enough_on_both_sides() -> None:
    assert list(THETA_GRID) == pytest.approx([-4 + n / 5 for n in range(41)])
    assert list(FACTOR_GRID) == pytest.approx([-3.5 + n * 7 / 20 for n in range(21)])


def test_faulty_question_leaves_every_estimate_alone() -> None:
    faulty = replace(item("O2-009", Format.NUMBER), neutral=True)

    assert estimate([*HALF, (faulty, best(faulty))], MODEL) == estimate(HALF, MODEL)


@pytest.mark.parametrize("answering", [best, worst])
def test_posterior_has_the_mean_and_the_error_of_the_estimate(answering: Callable[[Item], Answer]) -> None:
    pairs = [(one, answering(one)) for one in SITUATIONS if one.dimension in (SAFETY, SHOP)]

    curves = posterior_curves(pairs, MODEL)

    for dimension, known in estimate(pairs, MODEL).dimensions.items():
        at = list(zip(curves[dimension], THETA_GRID, strict=True))
        mean = sum(p * theta for p, theta in at)
        assert len(curves[dimension]) == len(THETA_GRID)
        assert sum(curves[dimension]) == pytest.approx(1)
        assert mean == pytest.approx(known.theta)
        assert sum(p * (theta - mean) ** 2 for p, theta in at) == pytest.approx(known.standard_error**2)


def test_zone_is_told_with_what_lies_between_its_cuts() -> None:
    known = Estimate(0.5, 0.4)

    assert call_zone(known, ZONES).probability == pytest.approx(
        known.probability_below(63) - known.probability_below(50)
    )


def test_zone_that_was_not_lifted_stands_where_its_estimate_does_even_below_the_first_cut() -> None:
    assert call_zone(Estimate(-2, 0.4), [ZoneBand("dulu", "dulu", "-", 40)]).scale_score == 25


@pytest.mark.parametrize(("extra", "settled"), [(0.0, True), (1e-9, False)])
def test_level_as_probable_as_asked_for_is_settled(extra: float, settled: bool) -> None:
    overall = Estimate(0.1, 0.5)
    rules = replace(RULES, level_probability=call_level(overall, LEVELS).probability + extra, zone_probability=0.0)

    assert is_settled(Abilities(overall, dict.fromkeys(OWNER_DIMENSIONS, overall)), release(rules=rules)) is settled


@pytest.mark.parametrize(("more", "certain"), [(0.0, False), (1e-9, True)])
def test_growth_must_exceed_its_error_and_not_only_reach_it(more: float, certain: bool) -> None:
    assert Growth(CERTAIN * 10 + more, 10).is_certain is certain


def test_growth_of_nothing_seems_certain_once_in_twenty_sittings() -> None:
    assert Estimate(0, 1).probability_below(50 + 12.5 * CERTAIN) == pytest.approx(0.95, abs=1e-4)


def test_group_without_members_is_told_so() -> None:
    with pytest.raises(ValueError, match=r"^a group without members has no growth$"):
        group_growth([])


MORE: tuple[Pair, ...] = tuple((one, best(one)) for one in (item(f"O5-01{n}") for n in (1, 2, 3)))


@pytest.mark.parametrize("passed", [True, False])
def test_check_without_a_lesson_is_pooled_and_lifts_nothing(passed: bool) -> None:
    found = profile(sitting(HALF), release(SITUATIONS), [Checked(SHOP, MORE, 3, None, passed)])

    assert found.abilities == estimate([*HALF, *MORE], MODEL)
    assert [d for d, zone in found.zones.items() if zone.lifted] == []


@pytest.mark.parametrize(("passed", "lifted"), [(True, [SHOP]), (False, [])])
def test_check_after_a_lesson_lifts_its_zone_if_passed_and_is_never_pooled(
    passed: bool, lifted: list[Dimension]
) -> None:
    pinned = release(SITUATIONS)
    before = profile(sitting(HALF), pinned)

    found = profile(sitting(HALF), pinned, [Checked(SHOP, MORE, 3, "M-O5-toko", passed)])

    assert found.abilities == before.abilities == estimate(HALF, MODEL)
    assert [d for d, zone in found.zones.items() if zone.lifted] == lifted
    assert {d: zone for d, zone in found.zones.items() if d not in lifted} == {
        d: zone for d, zone in before.zones.items() if d not in lifted
    }
    place = ZONES.index(before.zones[SHOP].band)
    assert found.zones[SHOP].band == ZONES[place + len(lifted)]


@pytest.mark.parametrize(
    ("confidence", "strengths"), [(Confidence.SURE, {DEVICES}), (Confidence.GUESS, {DEVICES, SAFETY})]
)
def test_safety_is_no_strength_of_who_was_sure_of_something_wrong_there(
    confidence: Confidence, strengths: set[Dimension]
) -> None:
    trap = item("O2-009", difficulty=5)
    pairs: list[Pair] = [(one, best(one) if one.dimension in (DEVICES, SAFETY) else Chosen(1)) for one in SITUATIONS]
    given = [response(slot, *pair) for slot, pair in enumerate(pairs, start=1)]

    found = profile(
        attempt(*given, response(len(given) + 1, trap, worst(trap), confidence)), release((*SITUATIONS, trap))
    )

    assert {DEVICES, SAFETY} & set(found.strengths) == strengths


def graded(best_of: dict[Dimension | None, int]) -> list[Pair]:
    """Answer so many of the four questions of a dimension best, by default two, the others second best."""
    numbered = [(one, int(one.code[-3:])) for one in SITUATIONS]
    return [(one, best(one) if number <= best_of.get(one.dimension, 2) else Chosen(1)) for one, number in numbered]


def test_strengths_come_in_the_order_of_their_strength() -> None:
    found = profile(sitting(graded({PROMOTION: 4, PAYMENT: 3})), release(SITUATIONS))

    assert {zone.band for zone in found.zones.values()} <= set(ZONES[1:])
    assert found.strengths == (PROMOTION, PAYMENT)


def test_what_is_in_the_lowest_zone_is_no_strength_beside_one_that_is_not() -> None:
    pairs = graded({PROMOTION: 4, PAYMENT: 3})
    highest = estimate(pairs, MODEL).dimensions[PROMOTION].scale_score
    pinned = release(SITUATIONS, zones=(ZONES[0], replace(ZONES[1], cut_score=highest)))

    assert profile(sitting(pairs), pinned).strengths == (PROMOTION,)
