"""The shadow customer: which chat comes next, and what is said about the replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.probe import Answering, Probe, SentProbe, answering, next_probe
from tests.core.builders import NOW

ALL = Probe("P-001", frozenset(), "Masih ada?", ())
FOOD = Probe("P-002", frozenset({"kuliner"}), "Bisa 40 kotak?", ())
CRAFT = Probe("P-003", frozenset({"kriya"}), "Bisa ukir nama?", ())


def _answered(number: int, minutes: int, points: int) -> tuple[SentProbe, int]:
    return SentProbe(number, "P-001", "r1", NOW, NOW + timedelta(minutes=minutes), 0), points


def test_minutes_are_whole_and_never_below_zero() -> None:
    sent = SentProbe(1, "P-001", "r1", NOW)

    assert sent.minutes == 0
    assert replace(sent, answered_at=NOW + timedelta(seconds=119)).minutes == 1
    assert replace(sent, answered_at=NOW - timedelta(seconds=5)).minutes == 0


def test_two_replies_are_too_few_to_speak_of() -> None:
    assert answering([_answered(1, 5, 2), _answered(2, 5, 2)]) is None


def test_median_and_mean_are_those_of_the_latest_three() -> None:
    replies = [_answered(4, 300, 2), _answered(1, 9000, 0), _answered(2, 3, 2), _answered(3, 12, 1)]

    assert answering(replies) == Answering(minutes=12, quality=1.7)


@pytest.mark.parametrize(
    ("points", "quality"), [((0, 0, 1), 0.3), ((1, 1, 2), 1.3), ((1, 2, 2), 1.7), ((2, 2, 2), 2.0)]
)
def test_quality_is_told_to_a_tenth(points: tuple[int, ...], quality: float) -> None:
    found = answering([_answered(number, 1, each) for number, each in enumerate(points)])

    assert found is not None and found.quality == quality


def test_quick_is_two_hours_and_good_is_one_and_a_half() -> None:
    assert [Answering(minutes, 1.5).is_quick for minutes in (120, 121)] == [True, False]
    assert [Answering(1, quality).is_good for quality in (1.5, 1.4)] == [True, False]


def test_probe_for_another_business_is_not_sent() -> None:
    assert next_probe([CRAFT], business="kuliner", sent=[], seed=1) is None
    assert next_probe([CRAFT], business=None, sent=[], seed=1) == CRAFT


@pytest.mark.parametrize("seed", range(4))
def test_own_business_comes_first_then_the_others_and_then_the_oldest(seed: int) -> None:
    sent: list[str] = []
    for _ in range(4):
        found = next_probe([ALL, FOOD, CRAFT], business="kuliner", sent=sent, seed=seed)
        assert found is not None
        sent.append(found.code)

    assert sent == ["P-002", "P-001", "P-002", "P-001"]


def test_seed_decides_between_equals() -> None:
    same = [replace(FOOD, code=f"P-01{digit}") for digit in range(3)]
    found = {next_probe(same, business="kuliner", sent=[], seed=seed) for seed in range(3)}

    assert found == set(same)
