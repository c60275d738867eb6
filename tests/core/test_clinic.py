"""What the figures of an item ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.clinic import ANSWERS, FEWEST, Act, Checkup, checkup, suggested
from bot.core.item_figures import FLAGGED_FROM, Flag
from tests.core.test_item_figures import BANK, figures_of, honest


def found(people: int = FLAGGED_FROM) -> Checkup:
    return checkup(figures_of("O1-001", honest, people))


def test_checkup_says_what_the_figures_say_and_of_which_question() -> None:
    figures = figures_of("O1-001", honest)

    kept = checkup(figures)

    assert (kept.code, kept.fingerprint) == ("O1-001", BANK[0].fingerprint)
    assert (kept.answers, kept.difficulty) == (80, figures.calibrated.difficulty)
    assert (kept.chosen, kept.groups, kept.flags) == (figures.chosen, figures.groups, figures.flags)


def test_every_flag_asks_for_an_act() -> None:
    assert ANSWERS.keys() == set(Flag)


@pytest.mark.parametrize(
    ("flags", "act"),
    [
        ((), Act.KEEP),
        ((Flag.SLOW,), Act.SHORTEN),
        ((Flag.WEAK, Flag.ABLE_CHOOSE_WRONG), Act.CHECK_KEY),
        ((Flag.UNLIKE_EXPERT, Flag.CONFUSING), Act.REWORD),
    ],
)
def test_most_urgent_act_is_suggested(flags: tuple[Flag, ...], act: Act) -> None:
    assert suggested(flags) is act


def test_few_answers_ask_for_patience_and_fewer_tell_nothing() -> None:
    few, enough = found(FLAGGED_FROM - 1), found(FLAGGED_FROM)

    assert (few.act, enough.act) == (Act.WAIT, Act.KEEP)
    assert [found(people).is_told for people in (FEWEST - 1, FEWEST)] == [False, True]


def test_item_that_wants_its_key_checked_comes_first() -> None:
    calm = found()
    urgent = replace(calm, flags=(Flag.ABLE_CHOOSE_WRONG,))

    assert sorted([calm, urgent], key=lambda one: one.urgency) == [urgent, calm]


def test_chosen_counts_everybody() -> None:
    assert sum(who.count for who in found().chosen.values()) == FLAGGED_FROM
