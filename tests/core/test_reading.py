"""A result in short says what the profile says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.answer import Answer
from bot.core.attempt import Confidence
from bot.core.item import OWNER_DIMENSIONS, Dimension, Item
from bot.core.profile import profile
from bot.core.reading import Reading, read
from bot.core.selection import Course
from tests.core.builders import NOW, TODAY, best, mixed, played, real_release, sitting, worst

RELEASE = real_release()


@pytest.mark.parametrize("seed", range(6))
def test_reading_shortens_the_profile(seed: int) -> None:
    attempt = sitting(played(RELEASE, mixed(seed), Course(seed, TODAY)))
    found = profile(attempt, RELEASE)

    assert read(attempt, found, RELEASE) == Reading(
        attempt_id=attempt.id,
        person_id=attempt.person_id,
        finished_at=NOW,
        level=found.level.level.number,
        overall=found.abilities.overall,
        scores={d: found.abilities.dimensions[d].scale_score for d in OWNER_DIMENSIONS},
        gate=found.gate.colour,
        missing=frozenset(found.gate.missing),
        contradicts=frozenset(found.gate.habit_contradicts),
        scam_risk=False,
    )


def wrong_in(dimension: Dimension | None, said: Confidence | None) -> Reading:
    """Return what a sitting says that was wrong in one dimension only, every answer said to be as sure as this."""

    def choose(item: Item) -> Answer:
        return worst(item) if dimension is not None and item.dimension is dimension else best(item)

    attempt = sitting(played(RELEASE, choose, Course(3, TODAY)), said)
    return read(attempt, profile(attempt, RELEASE), RELEASE)


@pytest.mark.parametrize(
    ("dimension", "said", "at_risk"),
    [
        (Dimension.SAFETY, Confidence.SURE, True),
        (Dimension.SAFETY, Confidence.FAIRLY, False),
        (Dimension.SAFETY, None, False),
        (Dimension.RESPONSE, Confidence.SURE, False),
        (None, Confidence.SURE, False),
    ],
)
def test_scam_risk_is_being_sure_of_something_wrong_about_safety(
    dimension: Dimension | None, said: Confidence | None, at_risk: bool
) -> None:
    assert wrong_in(dimension, said).scam_risk is at_risk


def test_unfinished_sitting_is_not_read() -> None:
    attempt = replace(sitting(played(RELEASE, best, Course(3, TODAY))), finished_at=None)

    with pytest.raises(AssertionError):
        read(attempt, profile(attempt, RELEASE), RELEASE)
