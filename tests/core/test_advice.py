"""What comes next: the rules R0 to R5 and R7, what is hidden, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.ability import Abilities, Estimate
from bot.core.advice import Advice, AdvicePlan, Reason, Situation, advise, retest_is_due
from bot.core.answer import Chosen
from bot.core.attempt import Confidence, Response
from bot.core.bands import LevelCall, ZoneCall
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS, Dimension
from bot.core.person import Role
from bot.core.profile import Certainty, Gate, GateColour, HabitIndex, Profile
from bot.core.release import Module, Prerequisite, ZoneBand
from tests.core.builders import LEVELS, NOW, RULES, TODAY, ZONES, form, module, release, response, source, with_coaches

O1, O2, O3, O4, O5, O6, O7, O8 = OWNER_DIMENSIONS
C1, C2, C3, C4, C5 = COACH_DIMENSIONS
STEPS = ((1, "satu"), (2, "dua"))
LESSONS = (
    *(module(f"M-{d.value}-dasar", promotion=d is O8) for d in OWNER_DIMENSIONS),
    module("M-O2-aman", steps_from=3),
)
GREEN = Gate(GateColour.GREEN, (), ())
PINNED = release(modules=LESSONS)


def found(
    scores: Mapping[Dimension, float] | None = None,
    *,
    gate: Gate = GREEN,
    level: int = 1,
    error: float = 0.3,
    probable: Mapping[Dimension, float] | None = None,
    lifted: Mapping[Dimension, ZoneBand] | None = None,
    habits: Mapping[Dimension, float] | None = None,
    sure_wrong: tuple[Response, ...] = (),
) -> Profile:
    """Return a profile with these scale scores, 60 wherever none is given."""
    estimates = {d: Estimate(((scores or {}).get(d, 60) - 50) / 12.5, error) for d in OWNER_DIMENSIONS}
    zones = {d: ZoneCall(ZONES[0], (probable or {}).get(d, 0.9), e) for d, e in estimates.items()}
    zones |= {d: replace(zones[d], band=band, lifted=True) for d, band in (lifted or {}).items()}
    return Profile(
        abilities=Abilities(Estimate(0, error), estimates),
        level=LevelCall(LEVELS[level - 1], 0.8),
        zones=zones,
        habits=HabitIndex(0, 0, habits or {}),
        gate=gate,
        strengths=(O1, O2),
        certainty=Certainty(len(sure_wrong), sure_wrong, 0, ()),
    )


def plan(
    profile: Profile,
    *,
    done: frozenset[str] = frozenset(),
    at_once: int = 2,
    business: str | None = None,
    modules: tuple[Module, ...] = LESSONS,
    prerequisites: tuple[Prerequisite, ...] = RULES.prerequisites,
    checkable: frozenset[Dimension] = frozenset(),
) -> AdvicePlan:
    rules = replace(RULES, modules_at_once=at_once, prerequisites=prerequisites)
    return advise(profile, release(modules=modules, rules=rules), Situation(business, done, checkable, TODAY))


def offered(advised: AdvicePlan) -> list[tuple[str, Reason]]:
    """Return the code of each lesson, or the dimension of each check, with the reason."""
    return [(a.module.code if a.module else a.dimension.value, a.reason) for a in advised.next]


SAFETY_SLIP = response(1, PINNED.item_by_code["O2-001"], Chosen(1), Confidence.SURE)
OTHER_SLIP = response(1, PINNED.item_by_code["O6-001"], Chosen(1), Confidence.SURE)
WEAK = {O1: 20.0, O2: 25.0}


def test_r0_sure_wrong_answer_on_safety_comes_before_everything() -> None:
    closed = Gate(GateColour.RED, (O6, O7), ())

    advised = plan(found({**WEAK, O6: 30, O7: 30}, gate=closed, sure_wrong=(OTHER_SLIP, SAFETY_SLIP)), at_once=4)

    assert offered(advised)[:3] == [
        ("M-O2-aman", Reason.SAFETY),
        ("M-O6-dasar", Reason.RESPONSE_FIRST),
        ("M-O7-dasar", Reason.CAPACITY_FIRST),
    ]


def test_r0_sure_wrong_answer_elsewhere_asks_for_no_safety_lesson() -> None:
    advised = plan(found(WEAK, sure_wrong=(OTHER_SLIP,)))

    assert offered(advised) == [("M-O1-dasar", Reason.GOAL), ("M-O2-dasar", Reason.GOAL)]


def test_r0_is_silent_once_the_safety_lesson_is_done() -> None:
    advised = plan(found(WEAK, sure_wrong=(SAFETY_SLIP,)), done=frozenset({"M-O2-aman"}))

    assert offered(advised) == [("M-O1-dasar", Reason.GOAL), ("M-O2-dasar", Reason.GOAL)]


@pytest.mark.parametrize(
    ("gate", "first"),
    [
        (Gate(GateColour.YELLOW, (O6,), ()), [("M-O6-dasar", Reason.RESPONSE_FIRST)]),
        (Gate(GateColour.YELLOW, (), (O6,)), [("M-O6-dasar", Reason.RESPONSE_FIRST)]),
        (Gate(GateColour.YELLOW, (O7,), ()), [("M-O7-dasar", Reason.CAPACITY_FIRST)]),
        (Gate(GateColour.YELLOW, (), (O7,)), [("M-O7-dasar", Reason.CAPACITY_FIRST)]),
        (
            Gate(GateColour.RED, (O6, O7), ()),
            [("M-O6-dasar", Reason.RESPONSE_FIRST), ("M-O7-dasar", Reason.CAPACITY_FIRST)],
        ),
        (
            Gate(GateColour.YELLOW, (O7,), (O6,)),
            [("M-O6-dasar", Reason.RESPONSE_FIRST), ("M-O7-dasar", Reason.CAPACITY_FIRST)],
        ),
    ],
)
def test_r1_and_r2_gate_comes_before_goals(gate: Gate, first: list[tuple[str, Reason]]) -> None:
    advised = plan(found(WEAK, gate=gate))

    assert offered(advised) == [*first, ("M-O1-dasar", Reason.GOAL)][:2]


def test_r3_larger_gap_comes_first() -> None:
    assert offered(plan(found({O3: 30, O5: 20, O4: 40}), at_once=3)) == [
        ("M-O5-dasar", Reason.GOAL),
        ("M-O3-dasar", Reason.GOAL),
        ("M-O4-dasar", Reason.GOAL),
    ]


@pytest.mark.parametrize(
    ("business", "first"), [("kuliner", "M-O7-dasar"), ("jasa", "M-O3-dasar"), (None, "M-O3-dasar")]
)
def test_r3_kind_of_business_weighs_the_gap(business: str | None, first: str) -> None:
    advised = plan(found({O3: 30, O7: 35}), business=business)

    assert offered(advised)[0] == (first, Reason.GOAL)


def test_r3_teachability_weighs_the_gap() -> None:
    plans = tuple(replace(p, teachability=1.5 if p.dimension is O4 else 1.0) for p in form().dimensions)
    pinned = release(modules=LESSONS, shape=replace(form(), dimensions=plans))

    advised = advise(found({O3: 30, O4: 35}), pinned, Situation(None, frozenset(), frozenset(), TODAY))

    assert offered(advised) == [("M-O4-dasar", Reason.GOAL), ("M-O3-dasar", Reason.GOAL)]


def test_r3_tie_goes_to_the_lower_habit_and_then_by_the_order_of_dimensions() -> None:
    same: Mapping[Dimension, float] = {O1: 30, O3: 30, O4: 30}

    by_habit = plan(found(same, habits={O4: 0.2, O1: 0.6}), at_once=3)
    by_order = plan(found(same), at_once=3)

    assert [code for code, _ in offered(by_habit)] == ["M-O4-dasar", "M-O1-dasar", "M-O3-dasar"]
    assert [code for code, _ in offered(by_order)] == ["M-O1-dasar", "M-O3-dasar", "M-O4-dasar"]


@pytest.mark.parametrize(
    ("score", "error", "reason"),
    [(45, 0.3, Reason.GOAL), (45, 5.0, Reason.GOAL), (51, 0.3, Reason.STRENGTHEN), (51, 5.0, Reason.STRENGTHEN)],
)
def test_lesson_is_for_the_goal_below_it_and_strengthens_above_it(score: float, error: float, reason: Reason) -> None:
    assert offered(plan(found({O1: score}, error=error), at_once=1)) == [("M-O1-dasar", reason)]


def test_r4_what_comes_before_is_offered_first() -> None:
    advised = plan(found({O8: 20, O5: 49}))

    assert offered(advised) == [("M-O5-dasar", Reason.COMES_BEFORE), ("M-O8-dasar", Reason.GOAL)]


@pytest.mark.parametrize("shop", [50.0, 55.0])
def test_r4_waits_for_nothing_from_the_threshold_up(shop: float) -> None:
    advised = plan(found({O8: 20, O5: shop}))

    assert offered(advised)[0] == ("M-O8-dasar", Reason.GOAL)


def test_r4_lesson_that_comes_before_is_offered_only_once() -> None:
    advised = plan(found({O8: 20, O5: 30}), at_once=4)

    codes = [code for code, _ in offered(advised)]
    assert codes == ["M-O5-dasar", "M-O8-dasar", *codes[2:]]
    assert len(set(codes)) == 4


def test_strong_person_is_offered_what_is_nearest_to_the_goal_to_strengthen() -> None:
    advised = plan(found({O3: 51, O4: 52}))

    assert offered(advised) == [("M-O3-dasar", Reason.STRENGTHEN), ("M-O4-dasar", Reason.STRENGTHEN)]


def test_weight_of_the_business_also_brings_forward_what_is_already_good_enough() -> None:
    good = dict.fromkeys(OWNER_DIMENSIONS, 58.0) | {O7: 60.0}

    first = [offered(plan(found(good), business=business))[0][0] for business in ("kuliner", "jasa")]

    assert first == ["M-O7-dasar", "M-O1-dasar"]


@pytest.mark.parametrize(
    "gate", [Gate(GateColour.RED, (O6, O7), ()), Gate(GateColour.YELLOW, (O7,), ()), Gate(GateColour.YELLOW, (), (O6,))]
)
def test_promotion_is_hidden_and_named_as_waiting_until_the_gate_is_green(gate: Gate) -> None:
    advised = plan(found({O8: 10}, gate=gate), at_once=4)

    assert [m.code for m in advised.waiting] == ["M-O8-dasar"]
    assert [code for code, _ in offered(advised) if code == "M-O8-dasar"] == []


def test_promotion_is_offered_and_nothing_waits_when_the_gate_is_green() -> None:
    advised = plan(found({O8: 10}))

    assert (offered(advised)[0], advised.waiting) == (("M-O8-dasar", Reason.GOAL), ())


def test_finished_promotion_lesson_does_not_wait() -> None:
    closed = Gate(GateColour.YELLOW, (O7,), ())

    assert plan(found(gate=closed), done=frozenset({"M-O8-dasar"})).waiting == ()


def test_finished_lesson_is_not_offered_again_and_the_next_of_its_dimension_is() -> None:
    advised = plan(found(WEAK), done=frozenset({"M-O1-dasar", "M-O2-dasar"}))

    assert offered(advised) == [("M-O2-aman", Reason.GOAL), ("M-O3-dasar", Reason.STRENGTHEN)]


def test_everything_done_leaves_nothing_to_offer() -> None:
    advised = plan(found(WEAK), done=frozenset(m.code for m in LESSONS))

    assert (advised.next, advised.waiting) == ((), ())


@pytest.mark.parametrize(("days", "first"), [(0, "M-O1-dasar"), (-1, "M-O2-dasar")])
def test_lesson_past_its_review_date_is_left_out(days: int, first: str) -> None:
    dated = module("M-O1-dasar", sources=(source(TODAY + timedelta(days=days)),))

    advised = plan(found(WEAK), modules=(dated, *LESSONS[1:]))

    assert offered(advised)[0] == (first, Reason.GOAL)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_only_so_many_lessons_are_offered_at_once(count: int) -> None:
    assert len(plan(found(WEAK), at_once=count).next) == count


@pytest.mark.parametrize(
    ("score", "code"),
    [(30.0, "M-O1-satu"), (40.0, "M-O1-dua"), (55.0, "M-O1-tiga"), (70.0, "M-O1-tiga")],
)
def test_lesson_starts_nearest_to_where_the_person_stands_in_its_dimension(score: float, code: str) -> None:
    ladder = tuple(module(f"M-O1-{name}", steps_from=n) for n, name in enumerate(("satu", "dua", "tiga"), start=1))

    advised = plan(found({O1: score}, level=4), modules=ladder, at_once=1)

    assert [one for one, _ in offered(advised)] == [code]


def test_of_two_lessons_equally_near_the_first_by_its_code_is_offered() -> None:
    same = (module("M-O1-b"), module("M-O1-a"))

    assert offered(plan(found(WEAK), modules=same, at_once=1)) == [("M-O1-a", Reason.GOAL)]


# R5: what is too uncertain is checked first

EVERY = frozenset(OWNER_DIMENSIONS)
DOUBTFUL = {O3: 0.59}


def test_r5_uncertain_zone_is_checked_before_a_lesson_is_given() -> None:
    advised = plan(found({O3: 51}, probable=DOUBTFUL), checkable=EVERY)

    assert advised.next[0] == Advice(O3, Reason.UNSURE, None)


@pytest.mark.parametrize(
    ("probability", "checkable", "first"),
    [
        (0.6, EVERY, ("M-O3-dasar", Reason.STRENGTHEN)),
        (0.59, EVERY - {O3}, ("M-O3-dasar", Reason.STRENGTHEN)),
        (0.59, frozenset({O3}), ("O3", Reason.UNSURE)),
    ],
    ids=["certain enough", "no check can be made", "just too uncertain"],
)
def test_r5_check_needs_doubt_and_fresh_questions(
    probability: float, checkable: frozenset[Dimension], first: tuple[str, Reason]
) -> None:
    advised = plan(found({O3: 51}, probable={O3: probability}), checkable=checkable)

    assert offered(advised)[0] == first


def test_r5_what_is_surely_below_the_goal_gets_its_lesson_at_once() -> None:
    advised = plan(found({O3: 30}, probable=DOUBTFUL), checkable=EVERY)

    assert offered(advised)[0] == ("M-O3-dasar", Reason.GOAL)


def test_r5_what_is_perhaps_below_the_goal_is_checked() -> None:
    advised = plan(found({O3: 49.5}, probable=DOUBTFUL), checkable=EVERY)

    assert offered(advised)[0] == ("O3", Reason.UNSURE)


def test_r5_zone_lifted_by_a_check_is_not_doubted_again() -> None:
    advised = plan(found({O3: 51}, probable=DOUBTFUL, lifted={O3: ZONES[1]}), checkable=EVERY)

    assert offered(advised)[0] == ("M-O3-dasar", Reason.STRENGTHEN)


def test_r5_check_is_offered_even_where_every_lesson_is_done() -> None:
    everything = frozenset(m.code for m in LESSONS)

    assert offered(plan(found(probable=DOUBTFUL), done=everything, checkable=EVERY)) == [("O3", Reason.UNSURE)]


def test_one_dimension_is_advised_only_once() -> None:
    closed = Gate(GateColour.YELLOW, (O6,), ())

    advised = plan(found({O6: 20, O2: 20}, gate=closed, sure_wrong=(SAFETY_SLIP,)), at_once=8, checkable=EVERY)

    dimensions = [advice.dimension for advice in advised.next]
    assert len(set(dimensions)) == len(dimensions)
    assert offered(advised)[:2] == [("M-O2-aman", Reason.SAFETY), ("M-O6-dasar", Reason.RESPONSE_FIRST)]


def test_lifted_zone_is_no_gap_any_more() -> None:
    weak = found({O1: 20, O2: 30}, lifted={O1: ZONES[1]})

    assert offered(plan(weak, at_once=1)) == [("M-O2-dasar", Reason.GOAL)]


# R7: time for the whole assessment again


@pytest.mark.parametrize(
    ("days", "lessons", "due"),
    [(0, 0, False), (29, 2, False), (30, 0, True), (31, 0, True), (0, 3, True), (1, 4, True)],
)
def test_r7_retest_is_due_after_so_many_days_or_lessons(days: int, lessons: int, due: bool) -> None:
    now = NOW + timedelta(days=days)

    assert retest_is_due(RULES, finished_at=NOW, now=now, lessons_done=lessons) is due


def test_r7_retest_is_not_due_a_second_too_early() -> None:
    now = NOW + timedelta(days=30, seconds=-1)

    assert retest_is_due(RULES, finished_at=NOW, now=now, lessons_done=0) is False


# Coaches


COACH_LESSONS = (
    *LESSONS,
    *(module(f"M-{d.value}-{step}", steps_from=n) for d in COACH_DIMENSIONS for n, step in STEPS),
)


def of_coach(
    scores: Mapping[Dimension, float], *, literacy: float = 60, sure_wrong: tuple[Response, ...] = ()
) -> Profile:
    """Return a coach's profile with these scale scores, 60 wherever none is given."""
    owner = found(scores, sure_wrong=sure_wrong)
    five = {d: Estimate((scores.get(d, 60) - 50) / 12.5, 0.3) for d in COACH_DIMENSIONS}
    core = Estimate((literacy - 50) / 12.5, 0.3)
    calls = {d: ZoneCall(ZONES[0], 0.9, e) for d, e in (*five.items(), (Dimension.LITERACY, core))}
    return replace(owner, zones={**owner.zones, **calls})


def coach_plan(
    profile: Profile, *, done: frozenset[str] = frozenset(), checkable: frozenset[Dimension] = frozenset()
) -> AdvicePlan:
    pinned = with_coaches(release(modules=COACH_LESSONS)).under(Role.COACH)
    return advise(profile, pinned, Situation(None, done, checkable, TODAY))


def test_coach_learns_first_where_the_gap_is_largest() -> None:
    advised = coach_plan(of_coach({C4: 20, C2: 42, O3: 10}))

    assert offered(advised) == [("M-C4-satu", Reason.GOAL), ("M-C2-dua", Reason.GOAL)]
    assert advised.waiting == ()


def test_coach_below_the_cut_in_literacy_gets_the_owners_lesson_of_the_lowest_dimension() -> None:
    advised = coach_plan(of_coach({O3: 30, O5: 20, O8: 10, C2: 45}, literacy=40))

    assert offered(advised) == [("M-O8-dasar", Reason.GOAL), ("M-C2-dua", Reason.GOAL)]
    assert [advice.dimension for advice in advised.next] == [Dimension.LITERACY, C2]


def test_lesson_of_the_next_dimension_takes_the_place_of_one_that_is_done() -> None:
    advised = coach_plan(of_coach({O3: 30, O8: 10}, literacy=30), done=frozenset({"M-O8-dasar"}))

    assert offered(advised)[0] == ("M-O3-dasar", Reason.GOAL)


def test_area_without_a_lesson_left_is_passed_over() -> None:
    advised = coach_plan(of_coach({C1: 45}, literacy=30), done=frozenset(lesson.code for lesson in LESSONS))

    assert offered(advised)[0] == ("M-C1-dua", Reason.GOAL)


def test_sure_mistake_about_safety_comes_first_for_a_coach_too_and_its_lesson_once() -> None:
    advised = coach_plan(of_coach({O2: 10, C1: 45}, literacy=30, sure_wrong=(SAFETY_SLIP,)))

    assert offered(advised) == [("M-O2-aman", Reason.SAFETY), ("M-C1-dua", Reason.GOAL)]


def test_area_that_is_too_unsure_is_checked_as_a_whole() -> None:
    profile = of_coach(dict.fromkeys(COACH_DIMENSIONS, 80.0), literacy=52)
    unsure = replace(profile.zones[Dimension.LITERACY], probability=0.5)
    profile = replace(profile, zones={**profile.zones, Dimension.LITERACY: unsure})

    advised = coach_plan(profile, checkable=frozenset({Dimension.LITERACY}))

    assert offered(advised)[0] == ("C0", Reason.UNSURE)
