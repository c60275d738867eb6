"""Every transcript is played and must come out letter for letter; --rewrite accepts what the bot says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.item import Format
from tests.content.formats import content_of
from tests.stage import stage
from tests.transcripts.script import STAGED, Player

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_transcript_as_written(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    source = path.read_text(encoding="utf-8")

    with stage(tmp_path, _content(tmp_path, source)) as play:
        played = Player(play).play(source)

    if request.config.getoption("--rewrite"):
        path.write_text(played, encoding="utf-8")
        return
    assert played == source
    assert [call for call in play.api.calls if not call.ok and not call.description.startswith(ALLOWED)] == []


def _content(folder: Path, source: str) -> Path | None:
    staged = STAGED.search(source)
    return content_of(folder, Format(staged[1])) if staged else None


ALLOWED = (
    "Bad Request: message is not modified",
    "Bad Request: message to edit not found",
    "Forbidden: bot was blocked by the user",
)


def test_transcripts_cover_main_roads_and_ten_unhappy_ones() -> None:
    unhappy = [path for path in FILES if path.stem.startswith("susah-")]

    assert len(unhappy) >= 10
    assert len(FILES) - len(unhappy) >= 6
