"""Who would stand elsewhere under another release."""

from __future__ import annotations

from dataclasses import replace

from bot.core.attempt import Attempt, AttemptStatus
from bot.core.item import COACH_DIMENSIONS, Dimension, Format
from bot.core.person import Role
from bot.core.release import Release
from bot.core.rescoring import Effect, effect
from bot.core.selection import Course
from tests.core.builders import LEVELS, TODAY, bank, best, release, response, sitting, with_coaches, worst

PINNED = release(bank(4, Format.SITUATION))
ITEMS = PINNED.scored
STRONG = sitting([(one, best(one)) for one in ITEMS])
WEAK = sitting([(one, worst(one)) for one in ITEMS])


def neutral(*codes: str) -> Release:
    return PINNED.without({(code, PINNED.item_by_code[code].fingerprint) for code in codes})


def test_same_release_changes_nobody() -> None:
    assert effect([(STRONG, PINNED), (WEAK, PINNED)], lambda pinned: pinned) == Effect(2, 0, {})


def test_question_put_aside_touches_only_those_who_were_asked_it() -> None:
    asked_less = sitting([(one, best(one)) for one in ITEMS if one.code != "O1-001"])

    found = effect([(STRONG, PINNED), (asked_less, PINNED)], lambda _: neutral("O1-001"))

    assert found == Effect(2, 1, {})


def test_those_who_change_their_level_are_counted_by_the_way_they_go() -> None:
    def without_cuts(pinned: Release) -> Release:
        return replace(pinned, levels=(LEVELS[0],))

    found = effect([(STRONG, PINNED), (STRONG, PINNED), (WEAK, PINNED)], without_cuts)

    assert found == Effect(3, 0, {("Berbuah", "Benih"): 2})


def test_release_is_changed_once_however_many_sittings_it_has() -> None:
    changed: list[str] = []

    def change(pinned: Release) -> Release:
        changed.append(pinned.id)
        return pinned

    other = replace(PINNED, id="lain")
    effect([(STRONG, PINNED), (WEAK, PINNED), (WEAK, other)], change)

    assert changed == ["kecil", "lain"]


def test_checks_and_unfinished_sittings_have_no_result_to_change() -> None:
    check = sitting([(ITEMS[0], best(ITEMS[0]))], course=Course(1, TODAY, focus=Dimension.DEVICES))
    stopped = Attempt(
        check.id,
        check.person_id,
        check.release_id,
        AttemptStatus.STOPPED,
        check.started_at,
        None,
        Course(1, TODAY),
        (response(1, ITEMS[0], best(ITEMS[0])),),
    )

    assert effect([(check, PINNED), (stopped, PINNED)], lambda _: neutral("O1-001")) == Effect(0, 0, {})


def test_one_release_under_two_forms_is_changed_for_each() -> None:
    both = with_coaches(replace(PINNED, items=(*ITEMS, *bank(2, Format.SITUATION, COACH_DIMENSIONS))))
    coach = replace(sitting([(one, best(one)) for one in both.items]), form=Role.COACH)

    found = effect(
        [(STRONG, both), (coach, both.under(Role.COACH))], lambda pinned: replace(pinned, levels=pinned.levels[:1])
    )

    assert found == Effect(2, 0, {("Berbuah", "Benih"): 1, ("Pembina 4", "Pembina 1"): 1})
