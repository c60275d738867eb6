"""Every point where a process can die, for every kind of update that the transcripts hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import databases
from tests.faults.crowd import bottom
from tests.faults.fragile import CHOSEN, FragileStage, World, played
from tests.stage import SARI, buttons


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
@pytest.mark.parametrize("path", CHOSEN, ids=[path.stem for path in CHOSEN])
def test_dying_anywhere_changes_nothing(path: Path, tmp_path: Path) -> None:
    ledger = played(path, tmp_path, FragileStage)

    print(f"\n{path.stem}: {ledger.points} points of {ledger.updates} updates")
    assert ledger.differences == []
    assert ledger.points > 0


class LooksBelow(FragileStage):
    """A stage that also looks for buttons below the message that the bot listens to."""

    def _compare(self, after: World, point: int) -> None:
        super()._compare(after, point)
        lowest = bottom(self.api.messages(SARI))
        live = self.rows("SELECT live_message_id FROM person")
        if lowest is not None and live not in ([], [(lowest.message_id,)]):
            self._differs(point, f"an old screen lies below the live one: {lowest.text[:80]}")


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
def test_dying_at_an_old_button_leaves_no_buttons_below(tmp_path: Path) -> None:
    play = LooksBelow(tmp_path)
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    first = play.live(SARI)
    data = next(button.data for button in buttons(first) if button.data is not None)
    play.says(SARI, "/lanjut")

    play.api.person_taps(SARI, first.message_id, data)
    play.settle()

    assert play.live(SARI).message_id > first.message_id
    assert play.ledger.differences == []
    play.close()
