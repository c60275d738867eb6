"""Every point where a process can die, for every kind of update that the transcripts hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import databases
from tests.faults.fragile import CHOSEN, FragileStage, played


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
@pytest.mark.parametrize("path", CHOSEN, ids=[path.stem for path in CHOSEN])
def test_dying_anywhere_changes_nothing(path: Path, tmp_path: Path) -> None:
    ledger = played(path, tmp_path, FragileStage)

    print(f"\n{path.stem}: {ledger.points} points of {ledger.updates} updates")
    assert ledger.differences == []
    assert ledger.points > 0
