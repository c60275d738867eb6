"""Every point where a process can die, for every kind of update that the transcripts hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import databases
from tests.faults.fragile import CHOSEN, FragileStage, played
from tests.stage import SARI, buttons


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
@pytest.mark.parametrize("path", CHOSEN, ids=[path.stem for path in CHOSEN])
def test_dying_anywhere_changes_nothing(path: Path, tmp_path: Path) -> None:
    ledger = played(path, tmp_path, FragileStage)

    print(f"\n{path.stem}: {ledger.points} points of {ledger.updates} updates")
    assert ledger.differences == []
    assert ledger.points > 0


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
def test_dying_at_an_old_button_leaves_no_keyboard_below(tmp_path: Path) -> None:
    play = FragileStage(tmp_path)
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    first = play.live(SARI)
    data = next(button.data for button in buttons(first) if button.data is not None)
    play.says(SARI, "/lanjut")

    play.api.person_taps(SARI, first.message_id, data)
    play.settle()

    assert play.live(SARI).message_id == first.message_id
    assert play.ledger.differences == []
    play.close()
