"""The command line: what runs the bot, looks after its content and its database, and tells everybody of a breach."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.watch import logs

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.session import Database

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    chosen = _parser().parse_args(arguments)
    match chosen.command:
        case "demo":
            return _demo()
        case "run":
            return _run(chosen.only)
        case "migrate":
            return _migrate()
        case "calibrate":
            return _calibrate(chosen)
        case "neutralise":
            return _neutralise(chosen)
        case "explain":
            return _explain(chosen)
        case "simulate":
            return _simulate(chosen)
        case "notify-breach":
            return _notify_breach(chosen)
        case "backup" | "restore" | "erase-again" | "copy":
            return _keep(chosen)
        case _:
            return _content(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Tangga Digital")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="bot dan pengganti Telegram di komputer ini, tanpa token dan tanpa internet")
    run = commands.add_parser("run", help="bot di Telegram sungguhan")
    run.add_argument(
        "--only", choices=["web", "work"], help="satu bagian saja: melayani, atau mengirim pesan terjadwal"
    )
    commands.add_parser("migrate", help="perbarui susunan basis data")
    _keeping_parsers(commands)
    content = commands.add_parser("content", help="periksa isi, tulis terbitan ke berkas, atau ambil berkas kembali")
    content.add_argument("action", choices=["check", "export", "import"])
    content.add_argument("--draft", action="store_true", help="tulis rancangan, bukan terbitan yang berlaku")
    content.add_argument("directory", nargs="?", type=Path, default=ROOT / "content")
    trial = commands.add_parser("simulate", help="seberapa baik isi yang sekarang mengukur, dengan pemilik buatan")
    trial.add_argument("--owners", type=int, default=2000)
    trial.add_argument("--seed", type=int, default=1)
    trial.add_argument("--items", type=int, help="pertanyaan bernilai; tanpa ini sebanyak susunannya")
    trial.add_argument("--form", choices=["pemilik", "pembina"], default="pemilik", help="asesmen siapa")
    trial.add_argument("--noise", type=float, default=0.6, help="galat taksiran kesulitan oleh ahli, dalam logit")
    trial.add_argument("--json", action="store_true")
    trial.add_argument("--write", action="store_true", help="tahan butir yang terlalu sering muncul (exposure.yaml)")
    trial.add_argument("--limit", type=float, default=0.33, help="bagian asesmen yang boleh menanyakan satu butir")
    trial.add_argument("--as-choices", action="store_true", help="seolah semua pertanyaan berbentuk pilihan")
    trial.add_argument("--content", type=Path, default=ROOT / "content")
    bank = commands.add_parser("calibrate", help="apa kata jawaban yang tersimpan tentang tiap butir")
    bank.add_argument("--at-least", type=int, default=200, help="jawaban yang perlu ada sebelum kesulitan dipakai")
    bank.add_argument("--write", action="store_true", help="tulis kesulitan yang ditemukan ke berkas isi")
    bank.add_argument("--item", help="satu butir saja, dengan tabel jawabannya")
    aside = commands.add_parser("neutralise", help="sisihkan butir yang ternyata keliru, dan lihat siapa yang berubah")
    aside.add_argument("code")
    aside.add_argument("--reason", required=True)
    aside.add_argument("--restore", action="store_true", help="hitung lagi")
    aside.add_argument("--write", action="store_true", help="putuskan; tanpa ini hanya dilihat")
    told = commands.add_parser("notify-breach", help="beri tahu semua orang bahwa data bocor (UU 27/2022, pasal 46)")
    told.add_argument("notice", type=Path, help="berkas TOML; contohnya docs/pemberitahuan.toml")
    told.add_argument("--send", action="store_true", help="kirim; tanpa ini hanya dilihat")
    why = commands.add_parser("explain", help="mengapa sebuah asesmen menanyakan butir-butirnya")
    why.add_argument("attempt", type=int)
    return parser


def _keeping_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    saved = commands.add_parser("backup", help="salin basis data SQLite selagi bot berjalan")
    saved.add_argument("path", type=Path, help="berkas, atau folder untuk salinan bertanggal")
    saved.add_argument("--keep", type=int, help="salinan terbaru yang disimpan; yang lebih tua satu per hari, 35 hari")
    back = commands.add_parser("restore", help="pulihkan basis data SQLite dari salinan")
    back.add_argument("path", type=Path)
    back.add_argument("--force", action="store_true", help="walau basis datanya masih dipakai")
    again = commands.add_parser("erase-again", help="hapus lagi orang yang sudah dihapus, menurut catatan di folder")
    again.add_argument("folders", type=Path, nargs="+")
    moved = commands.add_parser("copy", help="pindahkan semua ke basis data lain yang masih kosong")
    moved.add_argument("source", help="sqlite:///… atau postgresql://…, atau berkas yang memuatnya")
    moved.add_argument("target", help="sqlite:///… atau postgresql://…, atau berkas yang memuatnya")


def _log_without(settings: Settings) -> None:
    """Log in the chosen form, without the values that the settings hold."""
    logs.set_up(settings.log_format, known=settings.secrets(), key=settings.bot_token)


def _content(chosen: argparse.Namespace) -> int:
    if chosen.action == "check":
        return _check_content(chosen.directory)
    from bot.bank import files

    if chosen.action == "export":
        return _with_database(lambda database: files.write(database, chosen.directory, draft=chosen.draft))
    return _with_database(lambda database: files.take(database, chosen.directory, now=datetime.now(UTC)))


def _check_content(directory: Path) -> int:
    from bot.content.lint import check

    problems = check(directory, today=datetime.now(UTC).date())
    for problem in problems:
        print(problem)
    faults = sum(not problem.is_warning for problem in problems)
    print(f"{faults} masalah" if faults else "Isi tidak bermasalah.")
    return 1 if faults else 0


def _with_database(work: Callable[[Database], int]) -> int:
    """Open the configured database for one of the bank's commands."""
    from bot.settings import SettingRefused, read_settings
    from bot.store.migrate import revision
    from bot.store.session import Database
    from bot.usecases.library import NothingPublished

    try:
        settings = read_settings(os.environ, directory=ROOT, needs_token=False)
        _log_without(settings)
        with _naming_the_database(), closing(Database(settings.database_url)) as database:
            if revision(database) is None:
                raise NothingPublished
            return work(database)
    except SettingRefused as error:
        return _refuse(error)
    except NothingPublished:
        return _refuse(SettingRefused("DATABASE_URL: basis data ini belum berisi asesmen"))


def _keep(chosen: argparse.Namespace) -> int:
    """Run one of the commands for who looks after the machine."""
    from bot.bank import keeping
    from bot.settings import SettingRefused, read_settings
    from bot.store.backup import BackupRefused
    from bot.store.copying import CopyRefused

    now = datetime.now(UTC)
    try:
        settings = read_settings(os.environ, directory=ROOT, needs_token=False)
        with _naming_the_database():
            match chosen.command:
                case "backup":
                    return keeping.back_up(settings, chosen.path, keep=chosen.keep, now=now)
                case "restore":
                    return keeping.put_back(settings, chosen.path, force=chosen.force, now=now)
                case "copy":
                    return keeping.move(_address(chosen.source), _address(chosen.target))
                case _:
                    return keeping.forget_again(settings, chosen.folders)
    except (SettingRefused, BackupRefused, CopyRefused) as error:
        return _refuse(error)


def _address(named: str) -> str:
    """Return a database's address, from a file where one is named: what stands in a command can be read by all."""
    from bot.settings import SettingRefused

    try:
        address = named if "://" in named else Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingRefused(f"{named} tidak terbaca: {type(error).__name__}") from error
    if not address.startswith(("sqlite:///", "postgresql://")):
        raise SettingRefused("alamat harus sqlite:///jalur atau postgresql://…, atau berkas yang memuatnya")
    return address


def _calibrate(chosen: argparse.Namespace) -> int:
    from bot.bank.calibration import run

    return _with_database(
        lambda database: run(
            database,
            ROOT / "content",
            at_least=chosen.at_least,
            write=chosen.write,
            item=chosen.item,
            now=datetime.now(UTC),
        )
    )


def _neutralise(chosen: argparse.Namespace) -> int:
    from bot.bank.neutral import run

    return _with_database(
        lambda database: run(
            database,
            chosen.code,
            reason=chosen.reason,
            restore=chosen.restore,
            write=chosen.write,
            now=datetime.now(UTC),
        )
    )


def _explain(chosen: argparse.Namespace) -> int:
    from bot.bank.replay import run

    return _with_database(lambda database: run(database, chosen.attempt))


def _notify_breach(chosen: argparse.Namespace) -> int:
    from bot.bank.breach import run

    return _with_database(lambda database: run(database, chosen.notice, send=chosen.send, now=datetime.now(UTC)))


def _simulate(chosen: argparse.Namespace) -> int:
    from bot.bank.simulation import Trial, run, write_exposure
    from bot.core.person import Role

    today = datetime.now(UTC).date()
    form = Role(chosen.form)
    trial = Trial(chosen.owners, chosen.seed, chosen.items, chosen.noise, today, chosen.as_choices, form)
    if chosen.write:
        return write_exposure(chosen.content, trial, limit=chosen.limit)
    return run(chosen.content, trial, as_json=chosen.json)


def _migrate() -> int:
    from bot.settings import SettingRefused, read_settings
    from bot.store.migrate import upgrade
    from bot.store.session import Database

    try:
        settings = read_settings(os.environ, directory=ROOT, needs_token=False)
        _log_without(settings)
        with _naming_the_database():
            _make_room(settings.database_url)
            with closing(Database(settings.database_url)) as database:
                upgrade(database)
    except SettingRefused as error:
        return _refuse(error)
    print("Basis data sudah terbaru.")
    return 0


def _refuse(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 2


@contextmanager
def _naming_the_database() -> Iterator[None]:
    """Turn the ways in which a database cannot be opened into one line that names the setting."""
    from bot.settings import SettingRefused
    from bot.store.session import DatabaseUnavailable

    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingRefused(f"DATABASE_URL: paket {error.name} belum terpasang, PostgreSQL belum didukung") from error
    except (DatabaseUnavailable, OSError) as error:
        raise SettingRefused(f"DATABASE_URL tidak bisa dibuka: {error}") from error


def _make_room(database_url: str) -> None:
    """Create the folder of a SQLite file."""
    path = database_url.removeprefix("sqlite:///")
    if path != database_url:
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _run(only: str | None) -> int:
    from bot.content.problems import ContentRefused
    from bot.process import Part, serve
    from bot.settings import SettingRefused, read_settings
    from bot.wiring import build

    try:
        settings = read_settings(os.environ, directory=ROOT)
        _log_without(settings)
        with _naming_the_database():
            _make_room(settings.database_url)
            app = build(settings)
            app.prepare()
        return asyncio.run(_until_signalled(lambda stop: serve(app, stop=stop, only=Part(only) if only else None)))
    except (SettingRefused, ContentRefused) as error:
        return _refuse(error)


async def _until_signalled(work) -> int:  # type: ignore[no-untyped-def]
    """Run until SIGTERM or SIGINT asks to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(logs.task_broke)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    result: int = await work(stop)
    return result


def _demo() -> int:
    from bot.demo import run_demo
    from bot.settings import SettingRefused

    try:
        return asyncio.run(_until_signalled(lambda stop: run_demo(os.environ, ROOT, stop=stop)))
    except (SettingRefused, OSError) as error:
        return _refuse(error)
