"""The commands `content export` and `content import`, on the database that the settings name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.content.load import load
from bot.content.release import freeze
from bot.store import releases
from bot.store.releases import EDITORS
from tests.core.builders import CONTENT
from tests.stage import Stage
from tests.usecases.editors import ITEM, Editors, bring_in, stem
from tests.usecases.world import World, document, later_document

NEW_STEM = "Jahitan kebaya lepas sejak dari toko. Pembelinya minta ganti. Apa sikap yang benar?"
ETIKA = "items/owner/etika.yaml"


@pytest.fixture
def editors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Editors]:
    world = World.open(tmp_path / "bot.db")
    monkeypatch.setenv("DATABASE_URL", world.database.url)
    yield bring_in(world)
    world.database.close()


def test_export_writes_the_current_release_and_not_what_is_being_edited(editors: Editors, tmp_path: Path) -> None:
    editors.changes(stem(NEW_STEM))

    code = cli.main(["content", "export", str(tmp_path / "isi")])

    assert (code, load(tmp_path / "isi")) == (0, document())


def test_export_writes_what_is_being_edited_where_asked(editors: Editors, tmp_path: Path) -> None:
    editors.changes(stem(NEW_STEM))

    code = cli.main(["content", "export", str(tmp_path / "isi"), "--draft"])

    assert (code, load(tmp_path / "isi")) == (0, editors.copy().document)


def test_export_into_another_folder_is_refused(
    editors: Editors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catatan.txt").write_text("lain", encoding="utf-8")

    assert cli.main(["content", "export", str(tmp_path)]) == 1
    assert "bukan folder isi" in capsys.readouterr().out


def test_import_waits_in_the_working_copy_and_export_hands_it_back(
    editors: Editors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "isi"
    shutil.copytree(CONTENT, root)
    text = (root / ETIKA).read_text(encoding="utf-8")
    old = str(editors.opens().payload["stem"])
    (root / ETIKA).write_text(text.replace(old, NEW_STEM), encoding="utf-8")
    changed = (root / ETIKA).read_bytes()

    code = cli.main(["content", "import", str(root)])
    cli.main(["content", "export", str(root), "--draft"])

    assert (code, editors.opens().payload["stem"], editors.opens().original["stem"]) == (0, NEW_STEM, old)
    assert (root / ETIKA).read_bytes() == changed
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("Butir O3-001, pertanyaan: “Jahitan kebaya sudah lepas")
    assert printed[1] == "1 perubahan menunggu di halaman /isi."


def test_import_over_somebodys_draft_is_refused(editors: Editors, capsys: pytest.CaptureFixture[str]) -> None:
    editors.changes(stem(NEW_STEM))

    code = cli.main(["content", "import", str(CONTENT)])

    assert code == 1
    assert capsys.readouterr().out.splitlines()[1:] == ["Butir O3-001"]
    assert list(editors.copy().drafts) == [ITEM]


def test_import_of_broken_files_tells_what_is_wrong(
    editors: Editors, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "isi"
    shutil.copytree(CONTENT, root)
    (root / ETIKA).write_text("items: [", encoding="utf-8")

    assert cli.main(["content", "import", str(root)]) == 1
    assert capsys.readouterr().out.startswith("isi/items/owner/etika.yaml:1: yaml: tidak terbaca sebagai YAML")
    assert dict(editors.copy().drafts) == {}


def test_start_that_keeps_the_files_back_says_so_in_the_log(play: Stage, caplog: pytest.LogCaptureFixture) -> None:
    release_id, payload = freeze(later_document())
    with play.app.database.transaction() as session:
        releases.publish(session, release_id=release_id, payload=payload, origin=EDITORS, now=play.app.clock())

    play.app.prepare()

    (said,) = [record.getMessage() for record in caplog.records if record.name == "bot.wiring"]
    assert "were NOT released: editors released other content after them" in said
    with play.app.database.transaction() as session:
        assert releases.current_id(session) == release_id
