"""From the working copy to a release: proposed, read, released, scheduled, rolled back; who sits keeps theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.content.parts import JSON
from bot.core.access import Viewer
from bot.core.person import Person
from bot.core.proposal import Ending
from bot.jobs.schedule import Schedule
from bot.store import releases
from bot.usecases import releasing
from bot.usecases.editing import Refused
from bot.usecases.releasing import (
    FROM_FILES,
    PUBLISHED,
    ROLLED_BACK,
    SCHEDULED,
    AnotherPerson,
    Approved,
    Gone,
    NothingChanged,
    OneWaits,
    Proposed,
    Released,
    Step,
)
from tests.core.builders import best
from tests.usecases.cast import Cast
from tests.usecases.editors import ITEM, Editors, stem
from tests.usecases.world import World

NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"
OTHER_STEM = "Kebaya itu lepas jahitannya. Pembelinya minta ganti. Apa sikap yang benar?"
HOUR = timedelta(hours=1)


def _proposed(editors: Editors, **given: object) -> int:
    editors.changes(stem(NEW_STEM))
    outcome = editors.proposes(**given)  # type: ignore[arg-type]
    assert isinstance(outcome, Proposed)
    return outcome.proposal_id


def _approves(editors: Editors, proposal_id: int, by: Viewer | None = None) -> Approved | AnotherPerson | Gone:
    world = editors.world
    return world.do(lambda s: releasing.approve(s, viewer=by or editors.tomo, proposal_id=proposal_id, now=world.now))


def _sweeps(editors: Editors, *, two_person: bool = False) -> None:
    world = editors.world
    Schedule(world.database, None, world.library, lambda: world.now, two_person).sweep()  # type: ignore[arg-type]


# Proposing


def test_proposal_pins_the_document_and_releases_nothing_yet(editors: Editors) -> None:
    before = editors.current()

    proposal_id = _proposed(editors, note="  Memperjelas \n soal  ")

    waiting = editors.world.do(lambda s: releasing.waiting(s, viewer=editors.tomo))
    assert waiting is not None
    assert (waiting.id, waiting.note, waiting.proposed_by_name) == (proposal_id, "Memperjelas soal", "Maya")
    assert (editors.current(), waiting.digest != before) == (before, True)


def test_working_copy_without_changes_is_not_proposed(editors: Editors) -> None:
    assert editors.proposes() == NothingChanged()


def test_working_copy_with_faults_is_refused_with_all_of_them(editors: Editors) -> None:
    for code in ("O2-001", "O2-002", "O2-003", "O2-004"):
        editors.changes(lambda item: item | {"status": "arsip"}, part=f"item:{code}")
    editors.changes(lambda advice: advice | {"safety_module": "M-O2-tidak-ada"}, part="advice")

    outcome = editors.proposes("")

    assert isinstance(outcome, Refused)
    told = [(problem.file, problem.field) for problem in outcome.problems]
    assert {("", "note"), ("advice", "safety_module"), ("bank", "items.O2")} <= set(told)
    assert editors.world.do(lambda s: releasing.waiting(s, viewer=editors.maya)) is None


@pytest.mark.parametrize(
    ("note", "after", "field"),
    [
        (" ", None, "note"),
        ("a" * 501, None, "note"),
        ("a", timedelta(0), "due_at"),
        ("a", -HOUR, "due_at"),
        ("a", timedelta(days=366), "due_at"),
    ],
)
def test_proposal_with_a_faulty_note_or_hour_is_refused_beside_its_field(
    editors: Editors, note: str, after: timedelta | None, field: str
) -> None:
    editors.changes(stem(NEW_STEM))

    outcome = editors.proposes(note, due_at=None if after is None else editors.world.now + after)

    assert isinstance(outcome, Refused)
    assert [problem.field for problem in outcome.problems] == [field]


@pytest.mark.parametrize(
    ("part", "change", "needs"),
    [
        (ITEM, stem(NEW_STEM), False),
        (ITEM, lambda item: item | {"sources": []}, False),
        (ITEM, lambda item: item | {"difficulty": 4}, True),
        ("item:O3-002", lambda item: item | {"status": "pantau"}, True),
        ("levels", lambda levels: _higher_zones(levels), True),
        ("module:M-O2-cek-mutasi", lambda lesson: lesson | {"minutes": 6}, False),
    ],
)
def test_what_changes_the_measure_needs_its_dry_run(
    editors: Editors, part: str, change: Callable[[JSON], JSON], needs: bool
) -> None:
    before = editors.copy().original

    after = before | {part: change(before[part])}  # type: ignore[operator]

    assert releasing.changes_measurement(before=before, after=after) is needs


def test_proposal_without_its_dry_run_is_refused(editors: Editors) -> None:
    editors.changes(lambda item: item | {"difficulty": 4})

    outcome = editors.proposes(must_rehearse=True)

    assert isinstance(outcome, Refused)
    assert [problem.field for problem in outcome.problems] == ["rehearsal"]


def test_typo_is_proposed_without_a_dry_run(editors: Editors) -> None:
    editors.changes(stem(NEW_STEM))

    assert isinstance(editors.proposes(must_rehearse=True), Proposed)


def test_one_proposal_waits_at_a_time(editors: Editors) -> None:
    proposal_id = _proposed(editors)

    outcome = editors.proposes("Yang kedua", by=editors.tomo)

    assert isinstance(outcome, OneWaits) and outcome.proposal.id == proposal_id


def test_withdrawn_proposal_leaves_the_working_copy(editors: Editors) -> None:
    proposal_id = _proposed(editors)
    world = editors.world

    def withdraw(session: Session) -> bool:
        return releasing.withdraw(session, viewer=editors.tomo, proposal_id=proposal_id, now=world.now)

    assert [world.do(withdraw), world.do(withdraw)] == [True, False]
    assert editors.publishes(proposal_id) == Gone()
    assert list(editors.copy().drafts) == [ITEM]


# A second person


def test_without_two_people_who_proposed_releases(editors: Editors) -> None:
    proposal_id = _proposed(editors)

    assert editors.publishes(proposal_id) == Released(editors.current())
    assert editors.opens().original["stem"] == NEW_STEM


def test_with_two_people_nobody_releases_before_another_has_read(editors: Editors) -> None:
    before = editors.current()
    proposal_id = _proposed(editors)

    own = _approves(editors, proposal_id, by=editors.maya)
    unread = editors.publishes(proposal_id, two_person=True)
    unread_by_other = editors.publishes(proposal_id, two_person=True, by=editors.tomo)
    still = editors.current()
    read = _approves(editors, proposal_id)
    released = editors.publishes(proposal_id, two_person=True)

    assert (own, unread, unread_by_other, still) == (AnotherPerson(), AnotherPerson(), AnotherPerson(), before)
    assert (read, released) == (Approved(), Released(editors.current()))


@pytest.mark.parametrize("undo", [False, True])
def test_any_later_edit_voids_the_approval(editors: Editors, undo: bool) -> None:
    before = editors.current()
    proposal_id = _proposed(editors)
    _approves(editors, proposal_id)

    saved = editors.changes(stem(OTHER_STEM))
    if undo:
        editors.changes(stem(NEW_STEM))

    assert saved.voids_proposal is True
    assert editors.publishes(proposal_id, two_person=True) == Gone()
    assert _approves(editors, proposal_id) == Gone()
    last = editors.world.do(lambda s: releasing.last_ended(s, viewer=editors.maya))
    assert last is not None and (last.id, last.outcome) == (proposal_id, Ending.VOID)
    assert editors.current() == before


def test_edit_that_says_nothing_new_voids_nothing(editors: Editors) -> None:
    proposal_id = _proposed(editors)

    saved = editors.changes(stem(NEW_STEM))

    assert (saved.voids_proposal, editors.publishes(proposal_id)) == (False, Released(editors.current()))


# Releasing


def test_release_takes_the_drafts_that_it_contains(editors: Editors) -> None:
    current = editors.releases(stem(NEW_STEM))

    copy = editors.copy()
    assert (dict(copy.drafts), copy.parts == copy.original, copy.base_id) == ({}, True, current)
    assert editors.world.do(lambda s: releases.origin(s, current)) == "editor"


def test_release_of_part_taken_out_has_it_no_more(editors: Editors) -> None:
    part = "module:M-O1-siap-kalau-hp-hilang"

    editors.releases(lambda _: None, part=part)

    assert (part in editors.copy().parts, dict(editors.copy().drafts)) == (False, {})


def test_proposal_is_released_once(editors: Editors) -> None:
    proposal_id = _proposed(editors)
    editors.publishes(proposal_id)

    assert editors.publishes(proposal_id) == Gone()
    assert [act for _, act, _ in editors.log()].count(PUBLISHED) == 1


def test_everything_is_in_the_log_by_name(editors: Editors) -> None:
    proposal_id = _proposed(editors)
    _approves(editors, proposal_id)
    editors.publishes(proposal_id)

    proposal = f"proposal:{proposal_id}"
    assert editors.log() == [
        ("Maya", "content.save", ITEM),
        ("Maya", "release.propose", proposal),
        ("Tomo", "release.approve", proposal),
        ("Maya", "release.publish", f"release:{editors.current()}"),
    ]


# At its hour


def test_scheduled_release_comes_when_it_is_due_and_not_before(editors: Editors) -> None:
    before = editors.current()
    _proposed(editors, due_at=editors.world.now + HOUR)

    editors.world.now += HOUR - timedelta(seconds=1)
    _sweeps(editors)
    early = editors.current()
    editors.world.now += timedelta(seconds=1)
    _sweeps(editors)
    _sweeps(editors)

    assert (early, editors.current() != before, dict(editors.copy().drafts)) == (before, True, {})
    assert [(who, act) for who, act, _ in editors.log()].count(("", SCHEDULED)) == 1


def test_scheduled_release_that_nobody_read_waits_for_its_reader(editors: Editors) -> None:
    before = editors.current()
    proposal_id = _proposed(editors, due_at=editors.world.now + HOUR)
    editors.world.now += HOUR

    _sweeps(editors, two_person=True)
    unread = editors.current()
    _approves(editors, proposal_id)
    _sweeps(editors, two_person=True)

    assert (unread, editors.current() != before) == (before, True)


def test_edit_voids_a_schedule(editors: Editors) -> None:
    before = editors.current()
    _proposed(editors, due_at=editors.world.now + HOUR)
    editors.changes(stem(OTHER_STEM))

    editors.world.now += HOUR
    _sweeps(editors)

    assert editors.current() == before


def test_proposal_without_an_hour_is_never_due(editors: Editors) -> None:
    before = editors.current()
    _proposed(editors)

    editors.world.now += timedelta(days=400)
    _sweeps(editors)

    assert editors.current() == before


# Back


def test_roll_back_is_one_step_and_keeps_the_working_copy(editors: Editors) -> None:
    first = editors.current()
    second = editors.releases(stem(NEW_STEM))
    editors.changes(lambda item: item | {"difficulty": 4}, part="item:O3-003")

    back = editors.rolls_back(first)

    assert (back, editors.current(), second != first) == (Released(first), first, True)
    assert list(editors.copy().drafts) == ["item:O3-003"]
    assert editors.rolls_back(first) == NothingChanged()
    assert editors.rolls_back("0" * 16) == Gone()


def test_roll_back_ends_a_waiting_proposal(editors: Editors) -> None:
    first = editors.current()
    editors.releases(stem(NEW_STEM))
    editors.changes(stem(OTHER_STEM))
    proposed = editors.proposes()
    assert isinstance(proposed, Proposed)

    editors.rolls_back(first)

    assert editors.publishes(proposed.proposal_id) == Gone()


def test_history_tells_every_way_and_marks_the_current_one(editors: Editors) -> None:
    first = editors.current()
    second = editors.releases(stem(NEW_STEM), note="Pertama")
    editors.rolls_back(first)
    again = editors.releases(stem(NEW_STEM), note="Sekali lagi")

    steps = editors.world.do(lambda s: releasing.history(s, viewer=editors.maya))

    at = editors.world.now
    assert again == second
    assert steps == [
        Step(second, at, PUBLISHED, "Maya", "Sekali lagi", first, True),
        Step(first, at, ROLLED_BACK, "Tomo", "", second, False),
        Step(second, at, PUBLISHED, "Maya", "Pertama", first, False),
    ]


def test_history_also_names_releases_from_before_the_log(editors: Editors) -> None:
    steps = editors.world.do(lambda s: releasing.history(s, viewer=editors.maya))

    assert [(step.release_id, step.act, step.is_current) for step in steps] == [(editors.current(), FROM_FILES, True)]


def test_two_releases_are_compared_in_words(editors: Editors) -> None:
    first = editors.current()
    second = editors.releases(stem(NEW_STEM))
    world = editors.world

    def compared(before: str, after: str) -> list[str] | None:
        found = world.do(
            lambda s: releasing.compare(s, viewer=editors.maya, before=before, after=after, library=world.library)
        )
        return None if found is None else [f"{c.part_words}, {c.words}: {c.after}" for c in found]

    assert compared(first, second) == [f"Butir O3-001, pertanyaan: {NEW_STEM}"]
    assert (compared(first, first), compared(first, "x")) == ([], None)


# Who sits


def test_running_attempt_keeps_its_release_and_a_new_one_gets_the_new(editors: Editors, sari: Person) -> None:
    world = editors.world
    running = world.begins(sari)
    joko = world.joins(2001, "Joko")
    first = editors.current()

    second = editors.releases(stem(NEW_STEM))

    now_standing = world.stands(sari)
    assert now_standing is not None
    assert (now_standing.attempt.release_id, now_standing.item) == (first, running.item)
    assert world.begins(joko).attempt.release_id == second


def test_old_result_stays_the_same_over_releases(editors: Editors, sari: Person) -> None:
    world = editors.world
    world.finishes(sari, best)
    before = world.result(sari)

    editors.releases(_higher_zones, part="levels")
    editors.releases(lambda item: item | {"difficulty": 5})

    after = world.result(sari)
    assert before is not None and after is not None
    assert (after.profile, after.release.id) == (before.profile, before.release.id)


def _higher_zones(levels: JSON) -> JSON:
    return levels | {"zones": [zone | {"cut_score": zone["cut_score"] * 1.1} for zone in levels["zones"]]}


# For whom

WORK: dict[str, Callable[[Session, Viewer, World], object]] = {
    "propose": lambda s, v, w: releasing.propose(s, viewer=v, note="a", library=w.library, now=w.now),
    "waiting": lambda s, v, w: releasing.waiting(s, viewer=v),
    "last ended": lambda s, v, w: releasing.last_ended(s, viewer=v),
    "approve": lambda s, v, w: releasing.approve(s, viewer=v, proposal_id=1, now=w.now),
    "withdraw": lambda s, v, w: releasing.withdraw(s, viewer=v, proposal_id=1, now=w.now),
    "publish": lambda s, v, w: releasing.publish(
        s, viewer=v, proposal_id=1, two_person=False, library=w.library, now=w.now
    ),
    "roll back": lambda s, v, w: releasing.roll_back(s, viewer=v, release_id="x", now=w.now),
    "compare": lambda s, v, w: releasing.compare(s, viewer=v, before="x", after="y", library=w.library),
    "history": lambda s, v, w: releasing.history(s, viewer=v),
}


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
def test_only_admins_release(cast: Cast, work: Callable[[Session, Viewer, World], object]) -> None:
    assert cast.may(lambda s, viewer, _: work(s, viewer, cast.world), cast.id) == {"admin"}
