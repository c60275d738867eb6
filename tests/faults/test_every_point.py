"""Every point where a process can die, for every kind of update that the transcripts hold."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.core.item import Format
from tests import databases
from tests.content.formats import content_of
from tests.faults.fragile import FragileStage
from tests.transcripts.script import STAGED, Player
from tests.transcripts.test_transcripts import FILES

SOME = ("susah-ketuk-dua-kali",)
CHOSEN = [path for path in FILES if path.stem in SOME or os.environ.get("EVERY_POINT")]


@pytest.mark.skipif(databases.ON_POSTGRESQL, reason="the world is put back by copying SQLite's file")
@pytest.mark.parametrize("path", CHOSEN, ids=[path.stem for path in CHOSEN])
def test_dying_anywhere_changes_nothing(path: Path, tmp_path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    staged = STAGED.search(source)
    play = FragileStage(tmp_path, content_of(tmp_path, Format(staged[1])) if staged else None)
    try:
        Player(play).play(source)
    finally:
        play.close()

    print(f"\n{path.stem}: {play.ledger.points} points of {play.ledger.updates} updates")
    assert play.ledger.differences == []
    assert play.ledger.points > 0
