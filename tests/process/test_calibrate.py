"""`calibrate` from a database of finished sittings to the content's files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.bank import calibration
from bot.content.load import load
from bot.wiring import CONTENT
from tests.core.builders import NOW, real_document
from tests.stage import JOKO, RANI, SARI, Stage


def test_calibrate_prints_figures_and_writes_only_the_difficulties(
    play: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = tmp_path / "content"
    shutil.copytree(CONTENT, copied)
    for person, letter in ((SARI, "A"), (JOKO, "B"), (RANI, "C")):
        play.joins(person)
        play.taps(person, "Mulai asesmen")
        play.answers_all(person, letter)

    calibration.run(play.app.database, copied, at_least=1, write=True, item=None, now=NOW)

    printed = capsys.readouterr().out
    before, after = (
        [line for path in sorted(root.glob("items/*/*.yaml")) for line in path.read_text("utf-8").splitlines()]
        for root in (CONTENT, copied)
    )
    added = [line for line in after if line.startswith("    calibrated: ")]
    assert [line for line in after if line not in added] == before
    written = [item for item in load(copied).items if getattr(item, "calibrated", None) is not None]
    assert len(written) == len(added) > 24
    assert f"{len(added)} dari {len(added)} butir" in printed


def test_calibrate_without_enough_answers_writes_nothing(play: Stage, tmp_path: Path) -> None:
    copied = tmp_path / "content"
    shutil.copytree(CONTENT, copied)
    play.joins(SARI)
    play.taps(SARI, "Mulai asesmen")
    play.answers_all(SARI, "A")

    calibration.run(play.app.database, copied, at_least=2, write=True, item=None, now=NOW)

    assert load(copied) == real_document()


def test_calibrating_again_replaces_the_figure(tmp_path: Path) -> None:
    path = tmp_path / "perangkat.yaml"
    shutil.copy(CONTENT / "items" / "owner" / "perangkat.yaml", path)

    calibration.write_difficulties(path, {"O1-001": -0.5})
    calibration.write_difficulties(path, {"O1-001": 0.25})

    assert [line for line in path.read_text("utf-8").splitlines() if "calibrated" in line] == ["    calibrated: 0.25"]
