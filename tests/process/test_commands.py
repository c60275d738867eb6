"""The commands that end by themselves: their exit codes, and one line where they refuse."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlmodel import SQLModel

import bot.store.tables
from bot import cli
from bot.store.session import Database
from tests import databases
from tests.process.support import ROOT, environment

assert bot.store.tables


def _run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_run_without_a_token_ends_with_one_line() -> None:
    ended = _run("run")

    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("BOT_TOKEN belum diisi")


def test_migrate_makes_every_table_and_may_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = databases.empty_url(tmp_path / "baru" / "bot.db")
    _settings(monkeypatch, DATABASE_URL=url)

    codes = [cli.main(["migrate"]) for _ in range(2)]

    database = Database(url)
    names = set(inspect(database.engine).get_table_names())
    database.close()
    assert codes == [0, 0]
    assert names - {"alembic_version"} == set(SQLModel.metadata.tables)
    assert capsys.readouterr().out == "Basis data sudah terbaru.\n" * 2


def test_migrate_with_a_wrong_setting_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _settings(monkeypatch, DATABASE_URL="mysql://x")

    code = cli.main(["migrate"])

    assert (code, capsys.readouterr().err) == (2, "DATABASE_URL harus sqlite:///jalur atau postgresql://…\n")


@pytest.mark.parametrize(
    "command",
    [["explain", "1"], ["calibrate"], ["notify-breach", "docs/pemberitahuan.toml"]],
    ids=lambda words: words[0],
)
def test_command_on_a_database_without_tables_says_so(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _settings(monkeypatch, DATABASE_URL=databases.empty_url(tmp_path / "kosong.db"))

    code = cli.main(command)

    assert (code, capsys.readouterr().err) == (2, "DATABASE_URL: basis data ini belum berisi asesmen\n")


def test_content_check_of_the_real_content_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["content", "check"])

    assert (code, capsys.readouterr().out) == (0, "Isi tidak bermasalah.\n")


def test_content_check_of_broken_content_names_the_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "content"
    shutil.copytree(ROOT / "content", broken)
    form = broken / "forms.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("minutes:", "minuts:", 1), encoding="utf-8")

    code = cli.main(["content", "check", str(broken)])

    *problems, count = capsys.readouterr().out.splitlines()
    assert code == 1
    assert count == f"{len(problems)} masalah"
    assert any("forms.yaml" in problem for problem in problems)


def test_unknown_command_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["terbang"])

    assert ended.value.code == 2
    assert "terbang" in capsys.readouterr().err


def _settings(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    for name, value in environment(**given).items():
        monkeypatch.setenv(name, value)
