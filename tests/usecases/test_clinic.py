"""What the clinic says of questions, and putting one aside: seen before, noted, and taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.access import Viewer
from bot.core.attempt import AttemptId
from bot.core.item import Item
from bot.core.item_figures import Flag
from bot.core.person import Person
from bot.store import audit, item_notes
from bot.store import readings as kept_readings
from bot.store.audit import Wanted
from bot.usecases import calibrating, clinic, readings
from bot.usecases.clinic import FRESH, REASON_LIMIT, Bed, Outcome, Preview, Ward
from bot.usecases.grouping import NotForYou
from bot.usecases.reckoning import Reckoner, Running
from bot.usecases.taking import Standing, Taken
from tests.core.builders import best, worst
from tests.usecases.editors import Editors
from tests.usecases.world import World


class Clinic:
    """The clinic as an admin uses it."""

    def __init__(self, world: World, viewer: Viewer) -> None:
        self.world, self.viewer, self.reckoner = world, viewer, Reckoner()

    def ward(self, viewer: Viewer | None = None) -> Ward:
        world = self.world
        return world.do(
            lambda s: clinic.ward(
                s,
                viewer=viewer or self.viewer,
                library=world.library,
                reckoner=self.reckoner,
                url=world.database.url,
                now=world.now,
            )
        )

    def bed(self, code: str, viewer: Viewer | None = None) -> Bed:
        world = self.world
        return world.do(
            lambda s: clinic.bed(
                s,
                viewer=viewer or self.viewer,
                code=code,
                library=world.library,
                reckoner=self.reckoner,
                url=world.database.url,
                now=world.now,
            )
        )

    def preview(self, code: str, *, is_neutral: bool = True, viewer: Viewer | None = None) -> Preview:
        world = self.world
        return world.do(
            lambda s: clinic.preview(
                s,
                viewer=viewer or self.viewer,
                code=code,
                is_neutral=is_neutral,
                library=world.library,
                reckoner=self.reckoner,
                url=world.database.url,
                now=world.now,
            )
        )

    def decides(
        self,
        item: Item,
        *,
        is_neutral: bool = True,
        reason: str = "Aturannya sudah lain",
        fingerprint: str | None = None,
        viewer: Viewer | None = None,
    ) -> Outcome:
        world = self.world
        return world.do(
            lambda s: clinic.decide(
                s,
                viewer=viewer or self.viewer,
                code=item.code,
                fingerprint=item.fingerprint if fingerprint is None else fingerprint,
                is_neutral=is_neutral,
                reason=reason,
                library=world.library,
                now=world.now,
            )
        )


@pytest.fixture
def opened(world: World, editors: Editors) -> Iterator[Clinic]:
    found = Clinic(world, editors.maya)
    yield found
    found.reckoner.close()


def to_a_scored_question(world: World, owner: Person, seed: int = 1) -> tuple[Standing, Item]:
    """Let an owner begin and go as far as the first question that is scored."""
    standing = world.begins(owner, seed)
    while standing.item is not None and standing.item.is_habit:
        taken = world.answers(owner, standing.attempt.id, standing.attempt.slot, best(standing.item))
        assert isinstance(taken, Taken)
        standing = taken.standing
    assert standing.item is not None
    return standing, standing.item


def first_asked(world: World, owner: Person) -> Item:
    """Let an owner get everything right but the first scored question, and return that question."""
    standing, first = to_a_scored_question(world, owner)
    world.goes_on(owner, standing, lambda item: worst(item) if item.code == first.code else best(item))
    return first


def test_figures_are_worked_out_beside_and_kept_for_ten_minutes(world: World, opened: Clinic, sari: Person) -> None:
    asked = first_asked(world, sari)

    first = opened.ward().figures
    opened.reckoner.wait()
    then = opened.ward().figures
    world.now += FRESH
    old = opened.ward().figures
    opened.reckoner.wait()
    again = opened.ward().figures

    assert (first.checkups, first.running, first.at) == ({}, Running(), None)
    assert (then.sittings, then.running, then.broke) == (1, None, False)
    assert (then.checkups[asked.code].answers, then.checkups[asked.code].facility) == (1, 0.0)
    assert (old.at, old.running, old.checkups) == (then.at, Running(), then.checkups)
    assert (again.at, again.running) == (world.now, None)


def test_flags_are_told_only_where_they_are_known(world: World, opened: Clinic, sari: Person) -> None:
    first_asked(world, sari)

    def flags() -> dict[str, tuple[Flag, ...]]:
        return dict(
            world.do(
                lambda s: clinic.flags_of(s, viewer=opened.viewer, library=world.library, reckoner=opened.reckoner)
            )
        )

    before = flags()
    opened.ward()
    opened.reckoner.wait()

    assert (before, flags()) == ({}, {})


def test_figures_of_another_wording_are_not_shown(world: World, opened: Clinic, sari: Person) -> None:
    asked = first_asked(world, sari)
    opened.ward()
    opened.reckoner.wait()

    here = opened.bed(asked.code)

    assert here.checkup is not None and here.checkup.answers == 1
    assert (here.item.code, here.decisions, here.waiting) == (asked.code, (), 0)


def test_putting_aside_is_foretold_decided_noted_and_taken_back(world: World, opened: Clinic, sari: Person) -> None:
    asked = first_asked(world, sari)
    opened.preview(asked.code)
    opened.reckoner.wait()
    foretold = opened.preview(asked.code).effect
    before = world.result(sari)

    decided = opened.decides(asked, reason="  Aturannya   sudah lain ")
    aside = opened.bed(asked.code)
    after = world.result(sari)
    opened.preview(asked.code, is_neutral=False)
    opened.reckoner.wait()
    back = opened.preview(asked.code, is_neutral=False).effect
    taken_back = opened.decides(asked, is_neutral=False, reason="Keliru")
    counts_again = opened.bed(asked.code).item.neutral
    restored = world.result(sari)

    assert foretold is not None and back is not None and before is not None and after is not None
    assert (foretold.sittings, foretold.touched) == (back.sittings, back.touched) == (1, 1)
    assert (decided, taken_back) == (Outcome.DECIDED, Outcome.DECIDED)
    assert before.profile.abilities != after.profile.abilities
    assert (counts_again, restored) == (False, before)
    assert (aside.item.neutral, [d.reason for d in aside.decisions]) == (True, ["Aturannya sudah lain"])
    entries = world.do(lambda s: audit.entries(s, Wanted(thing=f"item:{asked.code}"), limit=9))
    assert [(e.act, e.actor) for e in entries] == [
        (clinic.RESTORE, opened.viewer.person.id),
        (clinic.NEUTRALISE, opened.viewer.person.id),
    ]
    assert entries[1].before == f"dihitung ({asked.fingerprint})"
    assert entries[1].after == f"tidak dihitung ({asked.fingerprint}): Aturannya sudah lain"


def test_readings_wait_to_be_written_anew_after_a_decision(world: World, opened: Clinic, sari: Person) -> None:
    asked = first_asked(world, sari)
    before = world.do(lambda s: kept_readings.of(s, sari.id))

    opened.decides(asked)
    waiting = opened.bed(asked.code).waiting
    missing = world.do(lambda s: kept_readings.unread(s, 100, after=AttemptId(0)))
    world.do(lambda s: readings.catch_up(s, missing=missing, library=world.library, now=world.now))

    [old], [new] = before, world.do(lambda s: kept_readings.of(s, sari.id))
    assert (waiting, opened.bed(asked.code).waiting) == (1, 0)
    assert old.overall != new.overall


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({"reason": "  "}, Outcome.REASON_MISSING),
        ({"reason": "x" * (REASON_LIMIT + 1)}, Outcome.REASON_TOO_LONG),
        ({"fingerprint": "another"}, Outcome.CHANGED_MEANWHILE),
        ({"is_neutral": False}, Outcome.ALREADY_SO),
    ],
)
def test_decision_that_is_not_whole_changes_nothing(
    world: World, opened: Clinic, changed: dict[str, object], outcome: Outcome
) -> None:
    item = opened.ward().items[0]

    assert opened.decides(item, **changed) is outcome  # type: ignore[arg-type]
    assert world.do(item_notes.neutral) == frozenset()
    assert world.do(lambda s: audit.count(s, Wanted(thing=f"item:{item.code}"))) == 0


def test_reason_of_the_longest_length_is_taken(opened: Clinic) -> None:
    assert opened.decides(opened.ward().items[0], reason="x" * REASON_LIMIT) is Outcome.DECIDED


@pytest.mark.parametrize("code", ["H-001", "O1-999"])
def test_only_scored_questions_lie_here(opened: Clinic, code: str) -> None:
    with pytest.raises(NotForYou):
        opened.bed(code)
    with pytest.raises(NotForYou):
        opened.preview(code)


def test_who_may_not_edit_sees_and_changes_nothing(world: World, opened: Clinic, joko: Person) -> None:
    coach, item = Viewer(joko), opened.ward().items[0]

    for refused in (
        lambda: opened.ward(coach),
        lambda: opened.bed(item.code, coach),
        lambda: opened.preview(item.code, viewer=coach),
        lambda: opened.decides(item, viewer=coach),
        lambda: world.do(lambda s: clinic.flags_of(s, viewer=coach, library=world.library, reckoner=opened.reckoner)),
    ):
        with pytest.raises(NotForYou):
            refused()
    assert world.do(item_notes.neutral) == frozenset()


def test_given_up_sittings_are_counted_at_what_waited(world: World, sari: Person, joko: Person) -> None:
    def left() -> dict[str, int]:
        return dict(world.do(lambda s: calibrating.left_at(s, library=world.library, now=world.now)))

    stopped, at_one = to_a_scored_question(world, sari)
    _, at_another = to_a_scored_question(world, joko, seed=2)
    world.stops(sari, stopped.attempt.id)

    soon = left()
    world.now += calibrating.GIVEN_UP_AFTER + timedelta(minutes=1)
    later = left()

    assert soon == {at_one.code: 1}
    assert later == Counter([at_one.code, at_another.code])
