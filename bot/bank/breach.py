"""`notify-breach`: tell everybody that data leaked, after a look at the message and at whom it would reach."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.core.announcement import Announcement, Circle, Wording
from bot.core.person import Zone
from bot.store import announcements
from bot.store.session import Database
from bot.texts import breach, notice
from bot.texts.breach import PART_LIMIT, Part
from bot.texts.engine import long_moment
from bot.texts.notice import Fault
from bot.texts.numbers import grouped
from bot.usecases import announcing
from bot.usecases.announcing import Planned, ToldBefore

FAULTS: Mapping[Fault, str] = {
    Fault.EMPTY: "belum diisi",
    Fault.LONG: f"terlalu panjang, paling banyak {PART_LIMIT} huruf",
    Fault.TAG: "ada tanda <…> yang tidak dikenal",
    Fault.UNBALANCED: "ada tanda yang dibuka tetapi belum ditutup, contoh yang benar: <b>tebal</b>",
    Fault.LINK: "tautan harus lengkap dan diawali https://",
}


class NoticeRefused(Exception):
    """The file holds no notice that can be shown; what is wrong stands in it line by line."""


def run(database: Database, path: Path, *, send: bool, now: datetime) -> int:
    """Print the message and whom it would reach; with `send` let it go out, once."""
    try:
        told = read(path)
    except NoticeRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    text = breach.compose(told)
    if not send:
        _show(database, text, now)
    missing = [f"{part}: masih perlu diisi: {blank}" for part in Part for blank in breach.blanks(told[part])]
    if missing:
        print(*missing, sep="\n", file=sys.stderr)
        return 2
    return _send(database, text, now) if send else 0


def read(path: Path) -> dict[Part, str]:
    """Return what a file tells, part by part; refuses with NoticeRefused, which names each part that is wrong."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise NoticeRefused(f"{path} bukan TOML yang benar: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise NoticeRefused(f"{path} tidak terbaca: {type(error).__name__}") from error
    wrong = list(_wrong(found))
    if wrong:
        raise NoticeRefused("\n".join(wrong))
    return {part: notice.tidy(found[part]) for part in Part}


def _wrong(found: Mapping[str, object]) -> Iterator[str]:
    for part in Part:
        text = found.get(part, "")
        if not isinstance(text, str):
            yield f"{part}: harus berupa tulisan di antara tanda petik"
            continue
        yield from (f"{part}: {FAULTS[fault]}" for fault in breach.faults(notice.tidy(text)))
    known = ", ".join(Part)
    yield from (f"{key}: bagian ini tidak dikenal; yang ada: {known}" for key in found if key not in set(Part))


def _show(database: Database, text: str, now: datetime) -> None:
    """Print the message as its reader will see it, its length, and whom it would reach."""
    with database.snapshot() as session:
        reached = announcements.reach(session, Wording(text, Circle.BY_LAW), now).receivers
        missed = announcements.out_of_reach(session)
        before = announcements.told_by_law(session, text)
    print(notice.plain(text), end="\n\n")
    print(f"Panjang: {grouped(notice.length(text), 'id')} huruf.")
    print(f"Akan sampai ke {grouped(reached, 'id')} dari {grouped(reached + missed, 'id')} orang.")
    if missed:
        print(f"{grouped(missed, 'id')} orang memblokir bot atau akunnya sudah tidak ada: beri tahu dengan cara lain.")
    print(_told(before) if before else "Belum ada yang dikirim. Tambahkan --send untuk mengirimnya.")


def _send(database: Database, text: str, now: datetime) -> int:
    with database.transaction() as session:
        outcome = announcing.tell_by_law(session, text=text, now=now)
        reached = announcements.reach(session, Wording(text, Circle.BY_LAW), now).receivers
    match outcome:
        case Planned(one):
            print(f"Bot yang sedang berjalan mengirimnya mulai sekarang ke {grouped(reached, 'id')} orang.")
            print("Yang di tempatnya sudah malam menerimanya jam 8 pagi.")
            print(f"Sudah sampai mana, dan menghentikannya: halaman /pengumuman/{one.id}")
            return 0
        case ToldBefore(one):
            print(_told(one))
            return 0 if one.stopped_at is None else 1


def _told(one: Announcement) -> str:
    """Say when these very words went out, and when an admin stopped that."""
    assert one.due_at is not None
    sent = f"Pesan ini sudah dikirim pada {_moment(one.due_at)}"
    if one.stopped_at is None:
        return f"{sent}. Tidak dikirim dua kali."
    return f"{sent}, lalu dihentikan pada {_moment(one.stopped_at)}. Untuk mengirim lagi, ubah dulu isinya."


def _moment(at: datetime) -> str:
    return long_moment(at, Zone.WIB, "id")
