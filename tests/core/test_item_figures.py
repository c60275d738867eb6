"""What answers say about items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.answer import Answer, Chosen, Ticked, Unknown
from bot.core.attempt import Attempt, AttemptStatus, Response
from bot.core.item import Format
from bot.core.item_figures import (
    CONFUSING_REPORTS,
    FLAGGED_FROM,
    MISFIT,
    Choosers,
    Flag,
    ItemFigures,
    exposures,
    item_figures,
)
from bot.core.person import Role
from bot.core.release import Release
from tests.core.builders import NOW, attempt, item, release, with_coaches

BANK = [item(f"O{number}-001") for number in range(1, 9)]
PINNED = release(BANK)
RIGHT, WRONG = Chosen(0), Chosen(1)


def sitting(answers: dict[str, Answer], *, seconds: int = 20) -> tuple[Attempt, Release]:
    given = tuple(
        Response(slot, code, answer, NOW + timedelta(seconds=seconds * slot))
        for slot, (code, answer) in enumerate(answers.items(), start=1)
    )
    return attempt(*given, status=AttemptStatus.FINISHED), PINNED


def figures_of(
    code: str, choose: Callable[[int, str], Answer], people: int = 80, bank: Release = PINNED
) -> ItemFigures:
    """Return one item's figures after so many people; `choose` gives what a person answers to an item."""
    sittings = [sitting({one.code: choose(person, one.code) for one in BANK}) for person in range(people)]
    return next(f for f in item_figures(sittings, bank, reports={}) if f.item.code == code)


def able(person: int) -> bool:
    return person % 2 == 0


def honest(person: int, code: str) -> Answer:
    """The able are right, the others spread over the three wrong options."""
    return RIGHT if able(person) else Chosen(1 + person // 2 % 3)


def test_figures_of_a_good_item_raise_no_flag() -> None:
    found = figures_of("O1-001", honest)

    assert (found.facility, found.seconds, found.flags) == (0.5, 20, ())
    assert found.point_biserial > 0.99
    assert found.calibrated.answers == 80
    assert {answer: who.count for answer, who in found.chosen.items()} == {"c0": 40, "c1": 14, "c2": 13, "c3": 13}
    assert found.chosen["c0"].ability > 50 > found.chosen["c1"].ability
    first, middle, last = found.groups
    assert (first, sorted(middle), last) == ({"c1": 9, "c2": 9, "c3": 8}, ["c0", "c1", "c2", "c3"], {"c0": 27})


def test_item_that_everybody_knows_is_too_easy_and_separates_nobody() -> None:
    found = figures_of("O1-001", lambda person, code: RIGHT if code == "O1-001" else honest(person, code), people=120)

    assert (found.facility, found.point_biserial) == (1.0, 0.0)
    assert {Flag.TOO_EASY, Flag.WEAK, Flag.UNUSED_OPTION} <= set(found.flags)


def test_item_that_nobody_knows_is_too_hard() -> None:
    found = figures_of("O1-001", lambda person, code: Unknown() if code == "O1-001" else honest(person, code))

    assert Flag.TOO_HARD in found.flags
    assert {answer: who.count for answer, who in found.chosen.items()} == {"u": 80}


def test_item_whose_wrong_option_draws_the_able_is_flagged() -> None:
    def turned(person: int, code: str) -> Answer:
        return (WRONG if able(person) else RIGHT) if code == "O1-001" else honest(person, code)

    found = figures_of("O1-001", turned)

    assert {Flag.ABLE_CHOOSE_WRONG, Flag.WEAK} <= set(found.flags)
    assert found.point_biserial < -0.9


def test_item_far_from_the_experts_view_is_flagged() -> None:
    hard = release([replace(BANK[0], difficulty=5), *BANK[1:]])

    found = figures_of("O1-001", lambda person, code: RIGHT if person % 8 else WRONG, people=200, bank=hard)

    assert Flag.UNLIKE_EXPERT in found.flags
    assert found.calibrated.difficulty < hard.model.difficulty[4] - 1


def test_few_answers_raise_no_flag() -> None:
    found = figures_of("O1-001", lambda person, code: RIGHT, people=FLAGGED_FROM - 1)

    assert (found.facility, found.flags) == (1.0, ())


def test_answers_to_another_wording_do_not_count() -> None:
    reworded = release([replace(BANK[0], stem="Soal lain"), *BANK[1:]])

    found = item_figures([sitting({one.code: RIGHT for one in BANK})], reworded, reports={})

    assert [f.item.code for f in found] == [one.code for one in BANK[1:]]


def test_long_pause_is_no_answering_time() -> None:
    found = item_figures([sitting({"O1-001": RIGHT}, seconds=86_400)], PINNED, reports={})

    assert [f.seconds for f in found] == [None]


def test_nothing_answered_gives_no_figures() -> None:
    assert item_figures([], PINNED, reports={}) == []


def test_items_of_one_sitting_keep_their_place() -> None:
    found = item_figures([sitting({one.code: RIGHT for one in BANK})], PINNED, reports={})

    assert [f.item for f in found] == BANK


def test_neutral_question_has_no_figures() -> None:
    aside = release([replace(BANK[0], neutral=True), *BANK[1:]])

    found = item_figures([sitting({one.code: RIGHT for one in BANK})], aside, reports={})

    assert [f.item.code for f in found] == [one.code for one in BANK[1:]]


def test_withdrawn_question_has_no_figures() -> None:
    found = item_figures([sitting({one.code: RIGHT for one in BANK})], release(BANK[1:]), reports={})

    assert [f.item.code for f in found] == [one.code for one in BANK[1:]]


@pytest.mark.parametrize(
    ("reports", "people", "flagged"),
    [
        (CONFUSING_REPORTS, 60, True),
        (CONFUSING_REPORTS, 61, False),
        (CONFUSING_REPORTS - 1, FLAGGED_FROM, False),
        (CONFUSING_REPORTS, FLAGGED_FROM - 1, False),
        (20, 80, True),
    ],
    ids=["just enough", "too small a share", "too few reports", "too few answers", "many"],
)
def test_question_that_many_call_confusing_is_flagged(reports: int, people: int, flagged: bool) -> None:
    sittings = [sitting({one.code: honest(person, one.code) for one in BANK}) for person in range(people)]

    first, second, *_ = item_figures(sittings, PINNED, reports={"O1-001": reports})

    assert (first.reports, Flag.CONFUSING in first.flags) == (reports, flagged)
    assert (second.reports, Flag.CONFUSING in second.flags) == (0, False)


def test_answers_that_follow_the_model_fit_and_turned_ones_do_not() -> None:
    def turned(person: int, code: str) -> Answer:
        return (WRONG if able(person) else RIGHT) if code == "O1-001" else honest(person, code)

    fitting, turned_round = figures_of("O2-001", honest), figures_of("O1-001", turned)

    assert fitting.infit < 1 and fitting.outfit < 1
    assert turned_round.infit > MISFIT
    assert (Flag.MISFIT in fitting.flags, Flag.MISFIT in turned_round.flags) == (False, True)


def test_format_without_single_options_raises_no_flag_about_them() -> None:
    ticks = item("O1-001", Format.MULTIPLE)
    bank = release([ticks, *BANK[1:]])
    right: dict[str, Answer] = {"O1-001": Ticked(0b0101), "O2-001": RIGHT}
    wrong: dict[str, Answer] = {"O1-001": Ticked(0b1010), "O2-001": WRONG}
    sittings = [(sitting(right if able(person) else wrong)[0], bank) for person in range(80)]

    first, _ = item_figures(sittings, bank, reports={})

    assert first.chosen.keys() == {"t5", "t10"}
    assert {Flag.UNUSED_OPTION, Flag.ABLE_CHOOSE_WRONG}.isdisjoint(first.flags)


def test_option_is_called_unused_only_after_ten_answers_for_each() -> None:
    def never_the_last(person: int, code: str) -> Answer:
        return RIGHT if able(person) else Chosen(1 + person // 2 % 2)

    flagged = [Flag.UNUSED_OPTION in figures_of("O1-001", never_the_last, people).flags for people in (39, 40)]

    assert flagged == [False, True]


def test_items_are_judged_by_those_they_were_written_for() -> None:
    own = item("C1-001")
    both = with_coaches(release([*BANK, own]))
    owner, _ = sitting({one.code: RIGHT for one in BANK})
    coach, _ = sitting({one.code: WRONG for one in [*BANK, own]})

    found = item_figures([(owner, both), (replace(coach, form=Role.COACH), both.under(Role.COACH))], both, reports={})

    assert [f.item for f in found] == [own, *BANK]
    assert [(f.facility, f.calibrated.answers) for f in found] == [(0.0, 1), *[(1.0, 1)] * 8]


def test_rest_of_a_coachs_sitting_is_all_of_it() -> None:
    both = with_coaches(release([*BANK, item("C1-001")]))
    coach, _ = sitting({**{one.code: RIGHT for one in BANK}, "C1-001": WRONG})

    found = item_figures([(replace(coach, form=Role.COACH), both.under(Role.COACH))], both, reports={})

    [only] = found
    assert only.chosen == {"c1": Choosers(1, only.chosen["c1"].ability, 12.5)}
    assert only.chosen["c1"].ability > 55


def test_sittings_given_up_at_an_item_are_flagged_from_three_and_one_in_twenty() -> None:
    sittings = [sitting({one.code: honest(person, one.code) for one in BANK}) for person in range(57)]

    found = {left: next(iter(item_figures(sittings, PINNED, reports={}, left={"O1-001": left}))) for left in (2, 3)}
    many = next(iter(item_figures([*sittings, sittings[0]], PINNED, reports={}, left={"O1-001": 3})))

    assert {left: (f.left, Flag.LEFT_AT in f.flags) for left, f in found.items()} == {2: (2, False), 3: (3, True)}
    assert Flag.LEFT_AT not in many.flags


def test_item_that_is_met_too_often_is_flagged_only_where_there_are_others_to_ask() -> None:
    spare = [item(f"O1-00{number}") for number in range(2, 6)]
    roomy = release([*BANK, *spare])
    answers: dict[str, Answer] = {one.code: RIGHT for one in BANK}
    sittings = [(sitting(answers)[0], roomy) for _ in range(FLAGGED_FROM)]

    alone = item_figures([sitting(answers) for _ in range(FLAGGED_FROM)], PINNED, reports={})
    among = item_figures(sittings, roomy, reports={})

    assert [(f.exposure, Flag.ASKED_OFTEN in f.flags) for f in (alone[0], among[0])] == [(1.0, False), (1.0, True)]


def test_exposure_counts_only_sittings_that_could_ask_the_item() -> None:
    newer = replace(release([*BANK, item("O1-002")]), id="newer")
    old = sitting({"O1-001": RIGHT})
    new = [(sitting({code: RIGHT})[0], newer) for code in ("O1-001", "O1-002")]

    assert exposures([old, *new]) == {"O1-001": 2 / 3, "O1-002": 1 / 2}


def test_check_of_one_dimension_is_no_exposure() -> None:
    checking, pinned = sitting({"O1-001": RIGHT})
    check = replace(checking, course=replace(checking.course, focus=BANK[0].dimension))

    assert exposures([(check, pinned)]) == {}


@pytest.mark.parametrize(("seconds", "flagged"), [(120, False), (121, True)])
def test_slow_item_is_flagged(seconds: int, flagged: bool) -> None:
    sittings = [sitting({one.code: honest(p, one.code) for one in BANK}, seconds=seconds) for p in range(40)]

    first = next(iter(item_figures(sittings, PINNED, reports={})))

    assert (first.seconds, Flag.SLOW in first.flags) == (seconds, flagged)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    both = with_coaches(release([*BANK, item("C1-001")]))

    item_figures([sitting({"O1-001": RIGHT})], both, reports={}, progress=lambda done, of: told.append((done, of)))

    assert told[-1] == (12, 12)
    assert told == sorted(told)
