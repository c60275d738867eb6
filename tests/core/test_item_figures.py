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
    assert (found.chosen["c0"].rest, found.chosen["c1"].rest) == (1.0, 0.0)


def test_item_that_everybody_knows_is_too_easy_and_separates_nobody() -> None:
    found = figures_of("O1-001", lambda person, code: RIGHT if code == "O1-001" else honest(person, code))

    assert (found.facility, found.point_biserial) == (1.0, 0.0)
    assert {Flag.TOO_EASY, Flag.WEAK, Flag.UNUSED_OPTION} <= set(found.flags)


def test_item_that_nobody_knows_is_too_hard() -> None:
    found = figures_of("O1-001", lambda person, code: Unknown() if code == "O1-001" else honest(person, code))

    assert Flag.TOO_HARD in found.flags
    assert found.chosen == {"u": Choosers(80, 0.5)}


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

    assert [f.chosen for f in found] == [{"c1": Choosers(1, 1.0)}]
