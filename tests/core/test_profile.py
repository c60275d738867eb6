"""What an attempt says about a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ability import estimate
from bot.core.answer import Answer, Chosen, Unknown
from bot.core.attempt import AttemptStatus, Confidence
from bot.core.check import Checked
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension, Format, Item
from bot.core.person import Role
from bot.core.profile import Certainty, Gate, GateColour, HabitIndex, has_gate, profile, was_confident_and_wrong
from bot.core.release import Level, ZoneBand
from tests.core.builders import (
    CALM,
    COACH_LEVELS,
    MODEL,
    RULES,
    Pair,
    attempt,
    bank,
    best,
    habit,
    item,
    release,
    response,
    sitting,
    with_coaches,
    worst,
)

RESPONSE, CAPACITY = Dimension.RESPONSE, Dimension.CAPACITY
SITUATIONS = bank(4, Format.SITUATION)


def pairs(weak: tuple[Dimension, ...] = ()) -> list[Pair]:
    """Answer everything best, except in the weak dimensions."""
    return [(one, worst(one) if one.dimension in weak else best(one)) for one in SITUATIONS]


HALF: list[Pair] = [(one, Chosen(1)) for one in SITUATIONS]
OVERALL = estimate(HALF, MODEL).overall
DEVICES = estimate(HALF, MODEL).dimensions[Dimension.DEVICES]


def cut_levels(cut: float) -> tuple[Level, ...]:
    return (Level(1, "Benih", "satu", 10), Level(2, "Tunas", "dua", cut), Level(3, "Tumbuh", "tiga", 99))


@pytest.mark.parametrize(("above", "number"), [(0.0, 2), (-0.001, 2), (0.001, 1)])
def test_level_begins_exactly_at_its_cut(above: float, number: int) -> None:
    pinned = release(SITUATIONS, levels=cut_levels(OVERALL.scale_score + above))

    assert profile(sitting(HALF), pinned).level.level.number == number


@pytest.mark.parametrize(("above", "code"), [(0.0, "cukup"), (-0.001, "cukup"), (0.001, "dulu")])
def test_zone_begins_exactly_at_its_cut(above: float, code: str) -> None:
    cut = DEVICES.scale_score + above
    pinned = release(SITUATIONS, zones=(ZoneBand("dulu", "dulu", "-", 0), ZoneBand("cukup", "cukup", "=", cut)))

    found = profile(sitting(HALF), pinned).zones[Dimension.DEVICES]

    assert (found.band.code, found.estimate) == (code, DEVICES)


def test_probabilities_of_a_band_are_half_at_its_only_cut_and_whole_where_no_cut_is_near() -> None:
    at_the_cut = release(SITUATIONS, levels=cut_levels(OVERALL.scale_score)[:2])
    alone = release(SITUATIONS, levels=(Level(1, "Benih", "satu", 90),))

    assert profile(sitting(HALF), at_the_cut).level.probability == pytest.approx(0.5)
    assert profile(sitting(HALF), alone).level.probability == 1.0


def test_lowest_level_is_open_below() -> None:
    pinned = release(SITUATIONS, levels=(Level(1, "Benih", "satu", 90), Level(2, "Tunas", "dua", 99)))

    found = profile(sitting(HALF), pinned).level

    assert found.level.number == 1
    assert found.probability == pytest.approx(1.0, abs=1e-6)


def test_probability_of_a_middle_band_is_what_lies_between_its_cuts() -> None:
    low, high = OVERALL.scale_score - 4, OVERALL.scale_score + 4
    levels = tuple(Level(number, "x", "x", cut) for number, cut in ((1, 0), (2, low), (3, high)))

    found = profile(sitting(HALF), release(SITUATIONS, levels=levels)).level

    assert found.level.number == 2
    assert found.probability == pytest.approx(1 - 2 * OVERALL.probability_below(low))


@pytest.mark.parametrize(
    ("weak", "colour"),
    [
        ((), GateColour.GREEN),
        ((RESPONSE,), GateColour.YELLOW),
        ((CAPACITY,), GateColour.YELLOW),
        ((RESPONSE, CAPACITY), GateColour.RED),
        ((Dimension.SHOP, Dimension.PROMOTION), GateColour.GREEN),
    ],
)
def test_gate_follows_response_and_capacity_alone(weak: tuple[Dimension, ...], colour: GateColour) -> None:
    gate = profile(sitting(pairs(weak)), release(SITUATIONS)).gate

    assert gate.colour is colour
    assert gate.missing == tuple(d for d in weak if d in (RESPONSE, CAPACITY))
    assert gate.habit_contradicts == ()


def test_gate_opens_exactly_at_the_ready_cut() -> None:
    abilities = estimate(HALF, MODEL).dimensions
    lower = min(abilities[RESPONSE].scale_score, abilities[CAPACITY].scale_score)

    at, above = (
        profile(sitting(HALF), release(SITUATIONS, rules=replace(RULES, ready_cut=lower + extra))).gate.colour
        for extra in (0.0, 0.001)
    )

    assert at is GateColour.GREEN
    assert above is not GateColour.GREEN


HABITS = {RESPONSE: habit("H-001", RESPONSE), CAPACITY: habit("H-002", CAPACITY)}


@pytest.mark.parametrize(
    ("weak", "rare", "colour", "contradicts"),
    [
        ((), (RESPONSE,), GateColour.YELLOW, (RESPONSE,)),
        ((), (CAPACITY,), GateColour.YELLOW, (CAPACITY,)),
        ((), (RESPONSE, CAPACITY), GateColour.YELLOW, (RESPONSE, CAPACITY)),
        ((CAPACITY,), (RESPONSE,), GateColour.YELLOW, (RESPONSE,)),
        ((RESPONSE,), (RESPONSE,), GateColour.YELLOW, ()),
        ((RESPONSE, CAPACITY), (RESPONSE, CAPACITY), GateColour.RED, ()),
    ],
)
def test_practice_that_contradicts_turns_the_gate_yellow_but_never_red(
    weak: tuple[Dimension, ...], rare: tuple[Dimension, ...], colour: GateColour, contradicts: tuple[Dimension, ...]
) -> None:
    practice: list[Pair] = [(one, Chosen(2 if d in rare else 0)) for d, one in HABITS.items()]

    gate = profile(sitting([*pairs(weak), *practice]), release((*SITUATIONS, *HABITS.values()))).gate

    assert (gate.colour, gate.habit_contradicts) == (colour, contradicts)


@pytest.mark.parametrize(
    ("chosen", "share", "doubtful"), [(1, 2 / 3, ()), (2, 1 / 3, (RESPONSE,)), (3, 0.0, (RESPONSE,))]
)
def test_practice_contradicts_from_one_third_down(chosen: int, share: float, doubtful: tuple[Dimension, ...]) -> None:
    of_response = HABITS[RESPONSE]

    found = profile(sitting([*pairs(), (of_response, Chosen(chosen))]), release((*SITUATIONS, of_response)))

    assert found.habits.by_dimension == {RESPONSE: pytest.approx(share)}
    assert found.gate.habit_contradicts == doubtful


def test_habits_are_counted_apart_and_change_no_ability() -> None:
    practice = [habit("H-001", RESPONSE), habit("H-002", RESPONSE), habit("H-003", CAPACITY), habit("H-004", None)]
    given: list[Pair] = [(one, Chosen(index)) for index, one in enumerate(practice)]
    pinned = release((*SITUATIONS, *practice))

    found = profile(sitting([*HALF, *given]), pinned)

    assert (found.habits.points, found.habits.highest) == (3 + 2 + 1 + 0, 12)
    assert found.habits.by_dimension == pytest.approx({RESPONSE: (3 / 3 + 2 / 3) / 2, CAPACITY: 1 / 3})
    assert found.abilities == profile(sitting(HALF), pinned).abilities


def test_without_answers_there_is_a_profile_but_no_habit() -> None:
    found = profile(attempt(), release())

    assert found.habits == HabitIndex(0, 0, {})
    assert found.certainty == Certainty(0, (), 0, ())


def test_strengths_are_the_two_highest_and_a_tie_goes_by_the_order_of_dimensions() -> None:
    weak = tuple(d for d in OWNER_DIMENSIONS if d not in (CAPACITY, Dimension.ETHICS))

    assert set(profile(sitting(pairs(weak)), release(SITUATIONS)).strengths) == {CAPACITY, Dimension.ETHICS}
    assert profile(sitting([]), release(SITUATIONS)).strengths == (Dimension.DEVICES, Dimension.SAFETY)


CHOICE = item("O2-001")
SITUATION = item("O6-001", Format.SITUATION)
SMALL = release([CHOICE, SITUATION])


@pytest.mark.parametrize(
    ("confidence", "given", "counts"),
    [
        (Confidence.SURE, Chosen(1), True),
        (Confidence.FAIRLY, Chosen(1), False),
        (Confidence.GUESS, Chosen(1), False),
        (None, Chosen(1), False),
        (Confidence.SURE, Chosen(0), False),
        (None, Unknown(), False),
    ],
)
def test_only_a_sure_wrong_answer_is_confident_and_wrong(
    confidence: Confidence | None, given: Answer, counts: bool
) -> None:
    assert was_confident_and_wrong(response(1, CHOICE, given, confidence), SMALL) is counts


def test_second_best_is_not_called_wrong() -> None:
    assert was_confident_and_wrong(response(1, SITUATION, Chosen(1), Confidence.SURE), SMALL) is False
    assert was_confident_and_wrong(response(1, SITUATION, Chosen(2), Confidence.SURE), SMALL) is True


def test_profile_lists_sure_wrong_and_guessed_right_answers() -> None:
    sure_wrong = response(1, CHOICE, Chosen(3), Confidence.SURE)
    guessed_right = response(2, SITUATION, Chosen(1), Confidence.GUESS)
    guessed_wrong = response(3, SITUATION, Chosen(3), Confidence.GUESS)

    found = profile(attempt(sure_wrong, guessed_right, guessed_wrong), SMALL)

    assert found.certainty == Certainty(1, (sure_wrong,), 2, (guessed_right,))


# Checks made since

SHOP = Dimension.SHOP
FRESH = tuple(item(f"O{n}-02{m}", Format.SITUATION) for n in (5, 6, 7) for m in (1, 2, 3))
KNOWN = release((*SITUATIONS, *FRESH))


def check_of(
    dimension: Dimension, *, lesson: str | None, passed: bool, answering: Callable[[Item], Answer] = best
) -> Checked:
    """Return a finished check of three fresh items."""
    made = tuple((one, answering(one)) for one in FRESH if one.dimension is dimension)
    return Checked(dimension, made, 3, lesson, passed)


def test_check_that_follows_no_lesson_is_pooled_with_the_sitting() -> None:
    check = check_of(SHOP, lesson=None, passed=True)

    found = profile(sitting(HALF), KNOWN, [check])

    assert found.abilities == estimate([*HALF, *check.pairs], MODEL)
    assert not any(zone.lifted for zone in found.zones.values())


@pytest.mark.parametrize("answering", [best, worst])
def test_failed_check_after_a_lesson_changes_nothing(answering: Callable[[Item], Answer]) -> None:
    check = check_of(SHOP, lesson="M-O5-toko", passed=False, answering=answering)

    assert profile(sitting(HALF), KNOWN, [check]) == profile(sitting(HALF), KNOWN)


@CALM
@given(
    st.lists(st.tuples(st.sampled_from((SHOP, RESPONSE, CAPACITY)), st.booleans(), st.booleans()), max_size=6),
    st.sampled_from([(), (RESPONSE,), (CAPACITY, SHOP), (SHOP,)]),
)
def test_check_after_a_lesson_changes_no_zone_but_its_own(
    made: list[tuple[Dimension, bool, bool]], weak: tuple[Dimension, ...]
) -> None:
    pinned, given = KNOWN, sitting(pairs(weak))
    checks = [check_of(d, lesson=f"M-{d}-{first}", passed=passed) for d, passed, first in made]

    for count, check in enumerate(checks):
        before, after = profile(given, pinned, checks[:count]), profile(given, pinned, checks[: count + 1])

        assert {d: z for d, z in after.zones.items() if d is not check.dimension} == {
            d: z for d, z in before.zones.items() if d is not check.dimension
        }
        assert after.abilities == before.abilities
        assert after.zones[check.dimension].scale_score >= before.zones[check.dimension].scale_score


def test_zone_is_lifted_once_however_many_lessons_were_passed() -> None:
    checks = [check_of(SHOP, lesson=code, passed=True) for code in ("M-O5-satu", "M-O5-dua")]

    once, twice = (profile(sitting(pairs((SHOP,))), KNOWN, checks[:count]) for count in (1, 2))

    assert once.zones == twice.zones
    assert (once.zones[SHOP].band.code, once.zones[SHOP].lifted) == ("cukup", True)


@pytest.mark.parametrize(
    ("weak", "lifted", "colour", "missing"),
    [
        ((RESPONSE,), (RESPONSE,), GateColour.GREEN, ()),
        ((RESPONSE, CAPACITY), (RESPONSE,), GateColour.YELLOW, (CAPACITY,)),
        ((RESPONSE, CAPACITY), (RESPONSE, CAPACITY), GateColour.GREEN, ()),
        ((RESPONSE,), (CAPACITY,), GateColour.YELLOW, (RESPONSE,)),
    ],
)
def test_lifted_zone_opens_the_gate(
    weak: tuple[Dimension, ...], lifted: tuple[Dimension, ...], colour: GateColour, missing: tuple[Dimension, ...]
) -> None:
    checks = [check_of(d, lesson=f"M-{d}-toko", passed=True) for d in lifted]

    gate = profile(sitting(pairs(weak)), KNOWN, checks).gate

    assert (gate.colour, gate.missing) == (colour, missing)


# Questions that count for nothing


@CALM
@given(st.sampled_from(SITUATIONS), st.integers(0, 4), st.sampled_from([None, *Confidence]))
def test_neutral_question_changes_nothing_whatever_was_answered(
    of: Item, index: int, confidence: Confidence | None
) -> None:
    pinned = release(SITUATIONS).without({(of.code, of.fingerprint)})
    given: Answer = Unknown() if index == 4 else Chosen(index)
    others = [response(n, one, Chosen(1)) for n, one in enumerate(SITUATIONS, start=1) if one != of]
    answered = attempt(*others, response(99, of, given, confidence))

    assert profile(answered, pinned) == profile(attempt(*others), pinned)


EVERYTHING = (*SITUATIONS, *bank(4, Format.SITUATION, COACH_DIMENSIONS))
COACHES = with_coaches(release(EVERYTHING)).under(Role.COACH)


def answers_of_a_coach(weak: tuple[Dimension, ...]) -> list[Pair]:
    return [(one, worst(one) if one.dimension in weak else best(one)) for one in EVERYTHING]


def test_coach_has_zones_of_areas_and_of_what_lies_in_them_and_an_open_gate() -> None:
    found = profile(sitting(answers_of_a_coach((RESPONSE, CAPACITY))), COACHES)

    assert set(found.zones) == set(Dimension)
    assert found.gate == Gate(GateColour.GREEN, (), ())
    assert found.habits == HabitIndex(0, 0, {})
    assert found.level.level in COACH_LEVELS
    assert found.zones[Dimension.LITERACY].estimate == found.abilities.areas[Dimension.LITERACY]
    assert (has_gate(COACHES.form), has_gate(release().form)) == (False, True)


def test_strengths_of_a_coach_are_areas() -> None:
    weak = (Dimension.DIAGNOSIS, Dimension.COACHING, Dimension.READINESS, Dimension.MONITORING)

    found = profile(sitting(answers_of_a_coach(weak)), COACHES)

    assert set(found.strengths) == {Dimension.LITERACY, Dimension.REFERRAL}


def test_sure_mistake_about_safety_is_no_strength_of_a_coachs_literacy() -> None:
    slip = response(1, item("O2-001", Format.SITUATION), Chosen(3), Confidence.SURE)
    others = [response(n, one, best(one)) for n, one in enumerate(EVERYTHING, start=2) if one.code != "O2-001"]

    found = profile(attempt(slip, *others, status=AttemptStatus.FINISHED), COACHES)

    assert Dimension.LITERACY not in found.strengths


def test_check_after_a_lesson_lifts_the_dimension_and_not_the_area_it_lies_in() -> None:
    given = sitting(answers_of_a_coach(OWNER_DIMENSIONS))
    before = profile(given, COACHES)

    after = profile(given, COACHES, [Checked(Dimension.SHOP, (), 3, "M-O5-toko", True)])

    assert after.zones[Dimension.SHOP] == replace(before.zones[Dimension.SHOP], band=COACHES.zones[1], lifted=True)
    assert after.zones[Dimension.LITERACY] == before.zones[Dimension.LITERACY]
