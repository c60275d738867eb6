"""The commands for who looks after the machine, as they are typed."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.simulator.app import serve
from bot.store import migrate
from bot.store.erasures import ErasureLog
from bot.store.session import Database
from bot.store.tables import PersonRow
from tests import databases
from tests.process.support import CANARY, ListeningApi, ended, environment, start

pytestmark = pytest.mark.sqlite_only
JOINED = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The configured database, with two people, and a folder for copies."""
    (tmp_path / "copies").mkdir()
    url = f"sqlite:///{tmp_path / 'var' / 'bot.db'}"
    (tmp_path / "var").mkdir()
    for name, value in environment(DATABASE_URL=url).items():
        monkeypatch.setenv(name, value)
    opened = Database(url)
    migrate.upgrade(opened)
    with opened.transaction() as session:
        session.add_all(PersonRow(telegram_id=i, first_name="Sari", created_at=JOINED) for i in (1001, 1002))
    opened.close()
    return opened


def _people(url: str) -> list[int]:
    opened = Database(url)
    found = databases.rows(opened, "SELECT telegram_id FROM person ORDER BY id")
    opened.close()
    return [row[0] for row in found]


def test_backup_and_restore_by_command_erase_again(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = tmp_path / "copies"
    ErasureLog(tmp_path / "var").note([1002], JOINED + timedelta(hours=1))

    saved = cli.main(["backup", str(copies), "--keep", "3"])
    (copy,) = copies.glob("tangga-*.db")
    (tmp_path / "var" / "bot.db").unlink()
    back = cli.main(["restore", str(copy)])

    assert (saved, back) == (0, 0)
    assert _people(database.url) == [1001]
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith(f"Cadangan tersimpan: {copy} (")
    assert others == [f"Basis data dipulihkan dari {copy}. Dihapus lagi: 1 orang."]
    assert sorted(p.name for p in copies.iterdir() if "erasures" in p.name) == ["erasures-2026-11.log", "erasures.key"]


def test_restore_says_where_the_database_before_lies(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    cli.main(["backup", str(copy)])
    capsys.readouterr()

    code = cli.main(["restore", str(copy)])

    (aside,) = (tmp_path / "var").glob("*.before-*Z")
    assert code == 0
    said = capsys.readouterr().out.splitlines()[1]
    assert said == f"Basis data sebelumnya ada di {aside}; hapus bila tidak diperlukan lagi."
    assert _people(f"sqlite:///{aside}") == [1001, 1002]


def test_erase_again_by_command(tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, telegram_id in (("a", 1001), ("b", 1002)):
        ErasureLog(tmp_path / folder).note([telegram_id], JOINED + timedelta(hours=1))

    code = cli.main(["erase-again", str(tmp_path / "a"), str(tmp_path / "b")])

    assert (code, _people(database.url), capsys.readouterr().out) == (0, [], "Dihapus lagi: 2 orang.\n")


def test_copy_by_command(tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    target = f"sqlite:///{tmp_path / 'new.db'}"

    code = cli.main(["copy", database.url, target])

    assert (code, _people(target)) == (0, [1001, 1002])
    assert capsys.readouterr().out.splitlines()[-1] == "Selesai: 2 baris."


def test_copy_takes_an_address_with_a_password_from_a_file(tmp_path: Path, database: Database) -> None:
    target = f"sqlite:///{tmp_path / 'new.db'}"
    (tmp_path / "address").write_text(f"{target}\n")

    code = cli.main(["copy", database.url, str(tmp_path / "address")])

    assert (code, _people(target)) == (0, [1001, 1002])


@pytest.mark.parametrize("part", ["web", "work"])
def test_copy_of_a_file_on_which_a_bot_runs_is_refused(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str], part: str
) -> None:
    api = ListeningApi()
    copy = ["copy", database.url, f"sqlite:///{tmp_path / 'new.db'}"]

    async def life() -> tuple[int, str, int]:
        async with serve(api) as port:
            telegram = f"http://127.0.0.1:{port}"
            settings = {"BOT_TOKEN": CANARY, "BOT_API_URL": telegram, "DATABASE_URL": database.url}
            running = await start("run", "--only", part, log=tmp_path / "log", **settings)
            await api.called("getUpdates" if part == "web" else "getMe", 1)
            refused = await asyncio.to_thread(cli.main, copy)
            said = capsys.readouterr().err
            running.terminate()
            await ended(running, within=15)
            return refused, said, await asyncio.to_thread(cli.main, copy)

    refused, said, copied = asyncio.run(asyncio.wait_for(life(), 60))

    assert said == "basis data asal masih dipakai: hentikan bot dan pencadangan dahulu, lalu ulangi\n"
    assert (refused, copied, _people(f"sqlite:///{tmp_path / 'new.db'}")) == (2, 0, [1001, 1002])


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["restore", "tidak-ada.db"], "tidak-ada.db bukan salinan basis data yang utuh"),
        (["backup", "/tidak/ada/copy.db"], "DATABASE_URL tidak bisa dibuka"),
        (["copy", "{url}", "{url}"], "basis data asal dan tujuan sama"),
        (["copy", "{url}", "tidak-ada"], "tidak-ada tidak terbaca: FileNotFoundError"),
        (["copy", "{url}", "mysql://db/tangga"], "alamat harus sqlite:///jalur atau postgresql://…"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    database: Database, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str
) -> None:
    code = cli.main([argument.format(url=database.url) for argument in arguments])

    (line,) = capsys.readouterr().err.splitlines()
    assert (code, line[: len(why)]) == (2, why)
    assert _people(database.url) == [1001, 1002]


def test_backup_of_postgresql_names_the_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment(DATABASE_URL="postgresql://tangga@db/tangga").items():
        monkeypatch.setenv(name, value)

    code = cli.main(["backup", os.devnull])

    assert (code, capsys.readouterr().err) == (2, "hanya untuk SQLite; untuk PostgreSQL lihat deploy/postgresql\n")
