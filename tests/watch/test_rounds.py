"""The rounds: each at its time, none ended by trouble, all ended by the stop; and how far the clock is off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.watch import rounds
from bot.watch.checkup import Check, Checkup
from bot.watch.metrics import Metrics
from bot.watch.rounds import Rounds, Skew

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("theirs", "wrong"),
    [
        (NOW, ""),
        (NOW - timedelta(seconds=60), ""),
        (NOW - timedelta(seconds=61), "the clock is 61 seconds fast"),
        (NOW + timedelta(seconds=90), "the clock is 90 seconds slow"),
    ],
)
def test_clock_is_compared_with_telegrams(theirs: datetime, wrong: str) -> None:
    async def ask() -> datetime | None:
        return theirs

    skew = Skew(ask, lambda: NOW)
    asyncio.run(skew.look())

    assert skew.wrong == wrong


def test_no_answer_says_nothing_new_about_the_clock() -> None:
    answers: list[datetime | None] = [NOW - timedelta(minutes=5), None]

    async def ask() -> datetime | None:
        return answers.pop(0)

    async def twice(skew: Skew) -> None:
        await skew.look()
        await skew.look()

    skew = Skew(ask, lambda: NOW)
    asyncio.run(twice(skew))

    assert skew.wrong == "the clock is 300 seconds fast"


def test_rounds_go_on_through_trouble_and_end_at_the_stop(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("FIRST_SECONDS", "LAG_SECONDS", "LOOK_SECONDS", "ASK_SECONDS", "CLOCK_SECONDS"):
        monkeypatch.setattr(rounds, name, 0.005)
    metrics, asked, looked = Metrics(lambda: NOW), [0], [0]

    async def break_down() -> None:
        asked[0] += 1
        raise ZeroDivisionError

    async def nobody() -> datetime | None:
        return None

    def look() -> str:
        looked[0] += 1
        return ""

    async def life() -> None:
        stop = asyncio.Event()
        checkup = Checkup([Check("x", look)], lambda: NOW)
        running = asyncio.create_task(Rounds(metrics, checkup, [break_down], Skew(nobody, lambda: NOW)).run(stop))
        while min(asked[0], looked[0]) < 3:
            await asyncio.sleep(0.005)
        stop.set()
        await asyncio.wait_for(running, 1)

    asyncio.run(life())

    assert {record.message for record in caplog.records} == {"a round was given up"}
    assert metrics.registry.get_sample_value("tangga_event_loop_lag_seconds_count") > 0  # type: ignore[operator]
