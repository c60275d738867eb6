"""One sitting as a value: every outcome of every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.ability import estimate
from bot.core.answer import AnswerDoesNotFit, Chosen, Ticked, Typed, Unknown
from bot.core.attempt import (
    AlreadyAnswered,
    Answered,
    Attempt,
    AttemptStatus,
    Confidence,
    ConfidenceTaken,
    NotCurrent,
    Progress,
    Response,
    answer,
    answered_items,
    asks_confidence,
    awaiting_confidence,
    choose_next,
    confirm,
    may_confirm,
    move_on,
    progress,
    say_confidence,
    stop,
)
from bot.core.item import Dimension
from bot.core.selection import Course
from tests.core.builders import (
    LENGTH,
    NOW,
    RULES,
    TODAY,
    attempt,
    bank,
    best,
    form,
    habit,
    in_full,
    item,
    played,
    real_release,
    release,
    response,
    source,
    worst,
)
from tests.core.builders import (
    sitting as finished,
)

SMALL = release((*bank(2), habit("H-001")))
CALM_ITEM, SAFETY_ITEM = SMALL.item_by_code["O1-001"], SMALL.item_by_code["O2-001"]
LATER = NOW + timedelta(minutes=5)
FIRST = response(1, CALM_ITEM, Chosen(2))
SURE_OF = response(1, SAFETY_ITEM, Chosen(2), Confidence.SURE)
UNSAID = response(1, SAFETY_ITEM, Chosen(2))
CLOSED = (AttemptStatus.FINISHED, AttemptStatus.STOPPED)


def test_answer_is_taken_into_the_waiting_slot() -> None:
    sitting = attempt(FIRST, current="O3-001")

    outcome = answer(sitting, SMALL, slot=2, given=Chosen(1), now=LATER)

    taken = Response(slot=2, item_code="O3-001", answer=Chosen(1), answered_at=LATER)
    assert outcome == Answered(replace(sitting, responses=(FIRST, taken), current_item=None), taken)


@pytest.mark.parametrize("status", list(AttemptStatus))
def test_first_answer_of_a_slot_stays_even_after_the_end(status: AttemptStatus) -> None:
    sitting = attempt(FIRST, current="O3-001", status=status)

    outcome = answer(sitting, SMALL, slot=1, given=Chosen(0), now=LATER)

    assert outcome == AlreadyAnswered(FIRST)


@pytest.mark.parametrize("slot", [-1, 0, 3, 99])
def test_slot_that_is_not_waiting_takes_nothing(slot: int) -> None:
    outcome = answer(attempt(FIRST, current="O3-001"), SMALL, slot=slot, given=Chosen(0), now=LATER)

    assert outcome == NotCurrent()


@pytest.mark.parametrize("status", CLOSED)
def test_closed_sittingtakes_no_answer(status: AttemptStatus) -> None:
    outcome = answer(attempt(current="O1-001", status=status), SMALL, slot=1, given=Chosen(0), now=LATER)

    assert outcome == NotCurrent()


def test_sittingwithout_a_waiting_item_takes_no_answer() -> None:
    assert answer(attempt(), SMALL, slot=1, given=Chosen(0), now=LATER) == NotCurrent()


def test_answer_waits_until_the_certainty_of_the_last_one_is_said() -> None:
    waiting = attempt(UNSAID, current="O3-001")
    said = attempt(SURE_OF, current="O3-001")

    before = answer(waiting, SMALL, slot=2, given=Chosen(0), now=LATER)
    after = answer(said, SMALL, slot=2, given=Chosen(0), now=LATER)

    assert (before, type(after)) == (NotCurrent(), Answered)


@pytest.mark.parametrize("given", [Chosen(4), Typed(1), Ticked(1)])
def test_answer_that_the_item_cannot_be_given_is_refused(given: Chosen | Typed | Ticked) -> None:
    with pytest.raises(AnswerDoesNotFit):
        answer(attempt(current="O1-001"), SMALL, slot=1, given=given, now=LATER)


def test_habit_takes_no_unknown() -> None:
    with pytest.raises(AnswerDoesNotFit):
        answer(attempt(current="H-001"), SMALL, slot=1, given=Unknown(), now=LATER)


@pytest.mark.parametrize(
    ("last", "asks"),
    [
        (response(1, SAFETY_ITEM, Chosen(0)), True),
        (response(1, SMALL.item_by_code["O6-001"], Chosen(3)), True),
        (response(1, SAFETY_ITEM, Unknown()), False),
        (response(1, CALM_ITEM, Chosen(0)), False),
        (response(1, SMALL.item_by_code["H-001"], Chosen(0)), False),
    ],
)
def test_certainty_is_asked_where_the_dimension_wants_it_and_something_was_chosen(last: Response, asks: bool) -> None:
    assert asks_confidence(last, SMALL) is asks
    assert awaiting_confidence(attempt(last), SMALL) == (last if asks else None)


@pytest.mark.parametrize(
    "sitting", [attempt(), attempt(SURE_OF), *(attempt(UNSAID, status=status) for status in CLOSED)]
)
def test_no_certainty_is_awaited_without_an_answer_after_it_was_said_or_after_the_end(sitting: Attempt) -> None:
    assert awaiting_confidence(sitting, SMALL) is None


@pytest.mark.parametrize("confidence", list(Confidence))
def test_certainty_of_the_latest_answer_is_noted(confidence: Confidence) -> None:
    latest = replace(UNSAID, slot=2)
    sitting = attempt(FIRST, latest, current="O3-001")

    outcome = say_confidence(sitting, SMALL, slot=2, confidence=confidence)

    taken = replace(latest, confidence=confidence)
    assert outcome == ConfidenceTaken(replace(sitting, responses=(FIRST, taken)), taken)


@pytest.mark.parametrize("status", list(AttemptStatus))
def test_saying_the_same_certainty_again_is_no_fault(status: AttemptStatus) -> None:
    sitting = attempt(SURE_OF, status=status)

    assert say_confidence(sitting, SMALL, slot=1, confidence=Confidence.SURE) == ConfidenceTaken(sitting, SURE_OF)


@pytest.mark.parametrize(
    ("sitting", "slot"),
    [
        (attempt(), 0),
        (attempt(), 1),
        (attempt(UNSAID), 0),
        (attempt(UNSAID), 2),
        (attempt(UNSAID, replace(FIRST, slot=2)), 1),
        (attempt(SURE_OF), 1),
        (attempt(FIRST), 1),
        (attempt(response(1, SAFETY_ITEM, Unknown())), 1),
        *((attempt(UNSAID, status=status), 1) for status in CLOSED),
    ],
)
def test_certainty_that_nobody_waits_for_changes_nothing(sitting: Attempt, slot: int) -> None:
    assert say_confidence(sitting, SMALL, slot=slot, confidence=Confidence.GUESS) == NotCurrent()


def test_move_on_puts_the_chosen_item_into_the_next_slot() -> None:
    sitting = attempt(response(1, SMALL.item_by_code["H-001"], Chosen(0)))

    moved = move_on(sitting, SMALL, now=LATER)

    following = choose_next(sitting, SMALL)
    assert following is not None
    assert moved == replace(sitting, current_item=following.code)


def last_answer(of_safety: bool, confidence: Confidence | None) -> tuple[Attempt, Attempt]:
    """Return a sitting of one question that was just answered, and what move_on makes of it."""
    only = SAFETY_ITEM if of_safety else CALM_ITEM
    sitting = attempt(response(1, only, Chosen(0), confidence))
    return sitting, move_on(sitting, release([only], shape=form(1)), now=LATER)


@pytest.mark.parametrize(("of_safety", "confidence"), [(False, None), (True, Confidence.FAIRLY)])
def test_move_on_finishes_when_nothing_is_left_to_ask(of_safety: bool, confidence: Confidence | None) -> None:
    sitting, moved = last_answer(of_safety, confidence)

    assert moved == replace(sitting, current_item=None, status=AttemptStatus.FINISHED, finished_at=LATER)
    assert (moved.is_finished, moved.is_active) == (True, False)


def test_move_on_waits_at_the_end_for_the_certainty_of_the_last_answer() -> None:
    sitting, moved = last_answer(of_safety=True, confidence=None)

    assert moved == replace(sitting, current_item=None)
    assert (moved.is_finished, moved.is_active) == (False, True)


def test_stop_keeps_the_answers_and_closes_the_sitting() -> None:
    sitting = attempt(FIRST, current="O3-001")

    stopped = stop(sitting, now=LATER)

    assert stopped == replace(sitting, current_item=None, status=AttemptStatus.STOPPED, finished_at=LATER)
    assert (stopped.is_finished, stopped.is_active) == (False, False)


def test_answers_are_paired_with_their_items_in_slot_order() -> None:
    assert answered_items(attempt(replace(SURE_OF, slot=1), replace(FIRST, slot=2)), SMALL) == [
        (SAFETY_ITEM, Chosen(2)),
        (CALM_ITEM, Chosen(2)),
    ]


def test_choice_uses_the_day_the_sittingbegan_its_avoided_items_and_its_business() -> None:
    old = item("O1-001", sources=(source(TODAY),))
    items = [old, item("O1-002"), item("O1-003", suits=frozenset({"jasa"}))]
    pinned = release(items, shape=form(1))
    avoiding = Course(7, TODAY, "kuliner", avoid=frozenset({"O1-002"}))
    day_after = replace(avoiding, today=TODAY + timedelta(days=1))

    courses = (avoiding, day_after, replace(day_after, business="jasa"))

    chosen = [choose_next(attempt(course=course), pinned) for course in courses]
    assert [one and one.code for one in chosen] == ["O1-001", "O1-002", "O1-003"]


def test_whole_sittingon_the_real_content_replays_from_its_seed_alone() -> None:
    real = in_full(real_release())
    sitting = move_on(attempt(course=Course(2026, TODAY)), real, now=NOW)
    while not sitting.is_finished:
        asked = real.item_by_code[sitting.current_item or ""]
        outcome = answer(sitting, real, slot=sitting.slot, given=best(asked), now=LATER)
        assert isinstance(outcome, Answered)
        sitting = outcome.attempt
        if awaiting_confidence(sitting, real) is not None:
            said = say_confidence(sitting, real, slot=sitting.slot - 1, confidence=Confidence.SURE)
            assert isinstance(said, ConfidenceTaken)
            sitting = said.attempt
        sitting = move_on(sitting, real, now=LATER)

    assert answered_items(sitting, real) == played(real, best, Course(2026, TODAY))
    assert [r.slot for r in sitting.responses] == list(range(1, 31))
    said_on = {real.item_by_code[r.item_code].dimension for r in sitting.responses if r.confidence}
    assert said_on == {Dimension.SAFETY, Dimension.RESPONSE, Dimension.CAPACITY}


# What comes after a result

FINISHED = finished([(one, worst(one)) for one in SMALL.scored])
TAKEN_UP = replace(confirm(FINISHED), current_item="O1-001")
CHECK = Course(7, TODAY, focus=Dimension.SAFETY)


def test_confirm_takes_a_finished_sittingup_with_all_that_was_answered() -> None:
    assert confirm(FINISHED) == replace(
        FINISHED, status=AttemptStatus.ACTIVE, course=replace(FINISHED.course, confirm_from=16)
    )


def test_sitting_taken_up_again_ends_on_the_day_of_its_first_result() -> None:
    moved = move_on(confirm(FINISHED), release(bank(2)), now=LATER)

    assert (moved.status, moved.finished_at) == (AttemptStatus.FINISHED, FINISHED.finished_at)
    assert moved.finished_at != LATER


def test_stop_of_a_sitting_taken_up_again_keeps_its_result() -> None:
    more = replace(TAKEN_UP, responses=(*TAKEN_UP.responses, replace(FIRST, slot=17)))

    stopped = stop(more, now=LATER)

    assert stopped == replace(more, current_item=None, status=AttemptStatus.FINISHED)
    assert (stopped.has_result, stopped.finished_at, len(stopped.responses)) == (True, FINISHED.finished_at, 17)


@pytest.mark.parametrize(
    ("sitting", "has_result", "is_check"),
    [
        (attempt(), False, False),
        (attempt(status=AttemptStatus.STOPPED), False, False),
        (FINISHED, True, False),
        (TAKEN_UP, True, False),
        (stop(TAKEN_UP, now=LATER), True, False),
        (attempt(course=CHECK), False, True),
        (attempt(course=CHECK, status=AttemptStatus.FINISHED), False, True),
    ],
    ids=["begun", "stopped", "finished", "taken up", "taken up and stopped", "a check", "a finished check"],
)
def test_result_is_there_once_the_whole_was_finished(sitting: Attempt, has_result: bool, is_check: bool) -> None:
    assert (sitting.has_result, sitting.is_check) == (has_result, is_check)


def test_stopped_check_has_no_end_but_its_own() -> None:
    assert stop(attempt(course=CHECK), now=LATER).status is AttemptStatus.STOPPED


ROOMY = release(bank(3), rules=replace(RULES, level_probability=1.01))


@pytest.mark.parametrize(
    ("sitting", "days", "may"),
    [
        (FINISHED, 7, True),
        (FINISHED, 8, False),
        (confirm(FINISHED), 0, False),
        (stop(TAKEN_UP, now=LATER), 0, False),
        (attempt(), 0, False),
        (replace(FINISHED, status=AttemptStatus.STOPPED), 0, False),
        (replace(FINISHED, finished_at=None), 0, False),
    ],
    ids=["in time", "too late", "under way", "done once", "not finished", "stopped", "without an end"],
)
def test_result_may_be_settled_once_and_soon_after_it(sitting: Attempt, days: int, may: bool) -> None:
    abilities = estimate(answered_items(sitting, ROOMY), ROOMY.model)

    assert may_confirm(sitting, ROOMY, abilities, now=NOW + timedelta(days=days)) is may


def test_settled_result_needs_no_more_questions() -> None:
    sure = release(bank(3), rules=replace(RULES, level_probability=0.0, zone_probability=0.0))
    abilities = estimate(answered_items(FINISHED, sure), sure.model)

    assert may_confirm(FINISHED, sure, abilities, now=NOW) is False


@pytest.mark.parametrize(
    ("sitting", "slot", "shown"),
    [
        (attempt(), 1, Progress(1, 17)),
        (attempt(), 17, Progress(17, 17)),
        (attempt(), 18, Progress(18, 18)),
        (TAKEN_UP, 17, Progress(1, LENGTH.confirm_most)),
        (TAKEN_UP, 16, Progress(0, LENGTH.confirm_most)),
        (attempt(course=CHECK), 2, Progress(2, LENGTH.check_questions)),
    ],
    ids=["first", "last", "one more than planned", "taken up", "just taken up", "a check"],
)
def test_progress_counts_the_present_part(sitting: Attempt, slot: int, shown: Progress) -> None:
    assert progress(sitting, SMALL, slot=slot) == shown
