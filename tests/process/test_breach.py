"""`python -m bot notify-breach` as it is typed: a look that changes nothing, then the notice, once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import cli
from bot.bank import breach
from bot.core.access import Viewer
from bot.core.announcement import AnnouncementId
from bot.core.person import Context, Person, PersonId, Role
from bot.store.session import Database
from bot.store.tables import PersonRow
from bot.texts.breach import Part
from bot.usecases import announcing
from tests import databases
from tests.process.support import ROOT, environment

pytestmark = pytest.mark.sqlite_only
EXAMPLE = ROOT / "docs" / "pemberitahuan.toml"
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NOTICE = """
apa = "Nama dan hasil asesmen sempat terlihat orang lain."
kapan_dan_bagaimana = "Senin, jam 9 pagi."
yang_sudah_dilakukan = "Sudah ditutup."
yang_bisa_anda_lakukan = "Hati-hati dengan <b>penipu</b>."
kontak = "WhatsApp 0800"
"""
SEEN = """\
Pemberitahuan penting tentang data Anda

Apa yang terjadi
Nama dan hasil asesmen sempat terlihat orang lain.

Kapan dan bagaimana
Senin, jam 9 pagi.

Yang sudah kami lakukan
Sudah ditutup.

Yang bisa Anda lakukan
Hati-hati dengan penipu.

Kalau ingin bertanya
WhatsApp 0800

Pesan ini kami kirim kepada semua orang, karena Anda berhak tahu. Kami tidak pernah meminta OTP, PIN, kata sandi, \
atau uang.

Panjang: 399 huruf.
Akan sampai ke 2 dari 3 orang.
1 orang memblokir bot atau akunnya sudah tidak ada: beri tahu dengan cara lain.
Belum ada yang dikirim. Tambahkan --send untuk mengirimnya.
"""
SENT = """\
Bot yang sedang berjalan mengirimnya mulai sekarang ke 2 orang.
Yang di tempatnya sudah malam menerimanya jam 8 pagi.
Sudah sampai mana, dan menghentikannya: halaman /pengumuman/1
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The configured database, with two people who allowed no announcements, and one who blocked the bot."""
    opened = Database(databases.url(tmp_path / "bot.db"))
    for name, value in environment(DATABASE_URL=opened.url).items():
        monkeypatch.setenv(name, value)
    with opened.transaction() as session:
        session.add_all(
            PersonRow(telegram_id=i, first_name="Sari", created_at=NOW, reachable=i != 1003) for i in (1001, 1002, 1003)
        )
    opened.close()
    return opened


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    written = tmp_path / "pemberitahuan.toml"
    written.write_text(NOTICE, encoding="utf-8")
    return written


def announced(database: Database) -> list[tuple[object, ...]]:
    """Return what everybody is told, and how much of it stands in the log."""
    found = databases.rows(
        database, "SELECT scope, created_by, due_at IS NULL, (SELECT count(*) FROM audit) FROM announcement"
    )
    database.close()
    return [tuple(row) for row in found]


def owed(database: Database) -> list[int]:
    """Spread what is announced, as the running bot does; return to whom it is owed."""
    with database.transaction() as session:
        announcing.spread(session, now=datetime.now(UTC))
    found = databases.rows(database, "SELECT person_id FROM delivery ORDER BY person_id")
    database.close()
    return [row[0] for row in found]


def test_look_shows_the_message_and_whom_it_reaches_and_changes_nothing(
    database: Database, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["notify-breach", str(notice)])

    assert (code, capsys.readouterr().out) == (0, SEEN)
    assert (announced(database), owed(database)) == ([], [])


def test_notice_goes_out_once(database: Database, notice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = [cli.main(["notify-breach", str(notice), "--send"])]
    first, people = capsys.readouterr().out, owed(database)

    codes += [cli.main(["notify-breach", str(notice), *send]) for send in (["--send"], [])]

    *_, again, look = re.findall(r"^Pesan ini .*kirim pada.*$", capsys.readouterr().out, flags=re.M)
    assert (codes, first, people) == ([0, 0, 0], SENT, [1, 2])
    assert re.fullmatch(r"Pesan ini sudah dikirim pada \d+ \w+ \d{4}, \d\d\.\d\d WIB\. Tidak dikirim dua kali\.", again)
    assert look == again
    assert (announced(database), owed(database)) == ([("wajib", 0, 0, 2)], [1, 2])


def test_notice_that_an_admin_stopped_goes_out_in_other_words_only(
    database: Database, notice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    breach.run(database, notice, send=True, now=NOW)
    admin = Viewer(Person(PersonId(1), 1001, "Sari", Role.OWNER, Context()), is_admin=True)
    with database.transaction() as session:
        announcing.stop(session, viewer=admin, announcement_id=AnnouncementId(1), now=NOW + timedelta(minutes=5))
    capsys.readouterr()

    code = breach.run(database, notice, send=True, now=NOW + timedelta(minutes=9))
    told = capsys.readouterr().out
    notice.write_text(NOTICE.replace("jam 9", "jam 10"), encoding="utf-8")

    assert (code, told) == (
        1,
        "Pesan ini sudah dikirim pada 24 November 2026, 10.00 WIB, lalu dihentikan pada 24 November 2026, 10.05 WIB. "
        "Untuk mengirim lagi, ubah dulu isinya.\n",
    )
    assert breach.run(database, notice, send=True, now=NOW + timedelta(minutes=9)) == 0
    assert len(announced(database)) == 2


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kontak = "WhatsApp 0800"', "", ["kontak: belum diisi"]),
        ('"WhatsApp 0800"', '" \\n "', ["kontak: belum diisi"]),
        ('"Sudah ditutup."', "7", ["yang_sudah_dilakukan: harus berupa tulisan di antara tanda petik"]),
        ("Sudah ditutup.", "x" * 601, ["yang_sudah_dilakukan: terlalu panjang, paling banyak 600 huruf"]),
        ("<b>", "<strong>", ["yang_bisa_anda_lakukan: ada tanda <…> yang tidak dikenal"]),
        (
            "</b>",
            "",
            [
                "yang_bisa_anda_lakukan: ada tanda yang dibuka tetapi belum ditutup, contoh yang benar: <b>tebal</b>",
            ],
        ),
        ("Senin", "http://contoh.id", ["kapan_dan_bagaimana: tautan harus lengkap dan diawali https://"]),
        ("Senin", "[hari]", ["kapan_dan_bagaimana: masih perlu diisi: [hari]"]),
        (
            "kontak",
            "kontk",
            [
                "kontak: belum diisi",
                "kontk: bagian ini tidak dikenal; yang ada: apa, kapan_dan_bagaimana, yang_sudah_dilakukan, "
                "yang_bisa_anda_lakukan, kontak",
            ],
        ),
    ],
)
@pytest.mark.parametrize("send", [[], ["--send"]])
def test_part_that_is_wrong_is_named_and_nothing_goes_out(
    database: Database,
    notice: Path,
    capsys: pytest.CaptureFixture[str],
    send: list[str],
    before: str,
    after: str,
    said: list[str],
) -> None:
    assert NOTICE.count(before) == 1
    notice.write_text(NOTICE.replace(before, after), encoding="utf-8")

    code = cli.main(["notify-breach", str(notice), *send])

    assert (code, capsys.readouterr().err.splitlines(), announced(database)) == (2, said, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "tidak terbaca: FileNotFoundError"),
        (b"\xff", "tidak terbaca: UnicodeDecodeError"),
        (b"apa =", "bukan TOML"),
    ],
)
def test_file_that_cannot_be_read_is_named(
    database: Database, notice: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, said: str
) -> None:
    notice.unlink() if content is None else notice.write_bytes(content)

    code = cli.main(["notify-breach", str(notice), "--send"])

    (line,) = capsys.readouterr().err.splitlines()
    assert (code, line.startswith(f"{notice} {said}")) == (2, True)


def test_example_is_whole_and_only_waits_to_be_filled_in(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    told = breach.read(EXAMPLE)

    code = cli.main(["notify-breach", str(EXAMPLE), "--send"])

    assert (list(told), code, announced(database)) == (list(Part), 2, [])
    said = capsys.readouterr().err.splitlines()
    assert {line.partition(": ")[0] for line in said} == set(Part) - {Part.TO_DO}
    assert all(": masih perlu diisi: [" in line for line in said)


def test_help_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    assert "beri tahu semua orang bahwa data bocor (UU 27/2022, pasal 46)" in " ".join(capsys.readouterr().out.split())
