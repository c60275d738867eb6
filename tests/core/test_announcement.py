"""Where an announcement stands, from its rows alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.announcement import Announcement, AnnouncementId, Circle, Progress, State, Wording
from bot.core.person import PersonId

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DRAFT = Announcement(AnnouncementId(1), Wording("Besok libur", Circle.EVERYONE), PersonId(7), NOW)
SPREAD = replace(DRAFT, due_at=NOW, spread_at=NOW)


@pytest.mark.parametrize(
    ("one", "progress", "state"),
    [
        (DRAFT, Progress(), State.DRAFT),
        (replace(DRAFT, due_at=NOW + MINUTE), Progress(), State.PLANNED),
        (replace(DRAFT, due_at=NOW), Progress(), State.UNDER_WAY),
        (replace(DRAFT, due_at=NOW), Progress(owed=0, sent=500), State.UNDER_WAY),
        (SPREAD, Progress(owed=1, sent=2), State.UNDER_WAY),
        (SPREAD, Progress(sent=2, failed=1), State.DONE),
        (SPREAD, Progress(), State.DONE),
        (replace(SPREAD, stopped_at=NOW), Progress(owed=1), State.STOPPED),
        (replace(DRAFT, stopped_at=NOW), Progress(), State.STOPPED),
    ],
)
def test_state(one: Announcement, progress: Progress, state: State) -> None:
    assert one.state(progress, NOW) is state


def test_progress_adds_up() -> None:
    progress = Progress(owed=1, sent=2, failed=4, unsure=8, stopped=16)

    assert (progress.total, progress.ended) == (31, 30)
