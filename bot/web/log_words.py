"""A change of the log as people read it: who, what, which thing, and the difference word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bot.content.field_words import part_words
from bot.content.part_names import is_part
from bot.content.parts import differences
from bot.store.audit import MACHINE, Entry

ACTS: Mapping[str, str] = {
    "content.save": "Menyimpan di rancangan",
    "content.discard": "Membatalkan perubahan rancangan",
    "content.import": "Memasukkan dari berkas",
    "release.propose": "Mengusulkan terbit",
    "release.approve": "Menyetujui usulan",
    "release.withdraw": "Menarik usulan",
    "release.void": "Usulan gugur karena isinya diubah",
    "release.publish": "Menerbitkan",
    "release.schedule": "Terbit sesuai jadwal",
    "release.roll_back": "Kembali ke terbitan lama",
    "release.files": "Terbit dari berkas",
    "release.rehearse": "Uji coba sebelum terbit",
    "item.neutralise": "Tidak menghitung pertanyaan",
    "item.restore": "Menghitung pertanyaan lagi",
    "announcement.draft": "Menulis pengumuman",
    "announcement.change": "Mengubah pengumuman",
    "announcement.plan": "Menjadwalkan pengumuman",
    "announcement.spread": "Membagikan pengumuman",
    "announcement.stop": "Menghentikan pengumuman",
    "announcement.by_law": "Mengirim pemberitahuan wajib",
    "role.ask": "Meminta perubahan peran",
    "role.give": "Memberi peran",
    "role.take": "Mencabut peran",
    "role.drop": "Membatalkan permintaan peran",
    "invitation.make": "Membuat undangan",
    "group.coach": "Mengganti pembina kelompok",
}
THINGS: Mapping[str, str] = {
    "announcement": "Pengumuman",
    "proposal": "Usulan",
    "release": "Terbitan",
    "invitation": "Undangan",
    "person": "Orang yang sudah dihapus, nomor",
    "group": "Kelompok yang sudah dihapus, nomor",
}
FIELDS = ("Untuk", "Pilihan", "Isi")
"""What the log keeps of an announcement, in this order."""
MOST_CHANGES = 20
LONGEST_TEXT = 1200
SHORT_ID = 8
"""So many signs of a release's id tell it from the others."""
NAMED = re.compile(r"\b(?:person|group):\d+\b")
WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went (`old`) or came (`new`)."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its words, its texts before and after, and both in one with what went and came."""

    words: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A change ready to be read; `more` counts differences that are left out."""

    entry: Entry
    who: str
    act: str
    thing: str
    link: str
    differences: tuple[Difference, ...]
    more: int


def line(entry: Entry, names: Mapping[str, str]) -> LogLine:
    """Return one change as people read it."""
    found = list(_differences(entry, names))
    shown = tuple(Difference(words, old, new, pieces(old, new)) for words, old, new in found[:MOST_CHANGES])
    return LogLine(
        entry,
        actor(entry.actor, entry.actor_name),
        act(entry.act),
        thing(entry.thing, names),
        _link(entry.thing),
        shown,
        max(0, len(found) - MOST_CHANGES),
    )


def actor(number: int, name: str | None) -> str:
    """Return who changed something: by name, the system, or somebody erased."""
    if number == MACHINE:
        return "Sistem"
    return name or f"Orang yang sudah dihapus (nomor {number})"


def act(said: str) -> str:
    """Return what was done in words; one that has none yet by its name in the log."""
    return ACTS.get(said, said)


def thing(said: str, names: Mapping[str, str]) -> str:
    """Return what a change is about, in words."""
    if said in names:
        return names[said] if said.startswith("person:") else f"Kelompok {names[said]}"
    if is_part(said):
        return part_words(said)
    kind, _, number = said.partition(":")
    return f"{THINGS[kind]} {number[:SHORT_ID]}" if kind in THINGS else said


def _link(said: str) -> str:
    """Return the page of a thing, empty where it has none."""
    kind, _, number = said.partition(":")
    pages = {"item": "/isi/butir/", "module": "/isi/pelajaran/", "announcement": "/pengumuman/"}
    return pages[kind] + number if kind in pages and number else ""


def _differences(entry: Entry, names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Return field, text before and text after of everything that differs."""
    before, after = _read(entry.before), _read(entry.after)
    if is_part(entry.thing) and _UNREAD not in (before, after):
        was, became = ({} if said is None else {entry.thing: said} for said in (before, after))
        for change in differences(was, became):
            yield change.words, _cut(change.before), _cut(change.after)
    elif entry.thing.startswith("announcement:") and all(
        said is None or _is_announcement(said) for said in (before, after)
    ):
        yield from _of_announcement(before, after)
    elif entry.thing.startswith("release:"):
        told = (("terbitan sebelumnya", entry.before and entry.before[:SHORT_ID]), ("catatan", entry.after))
        yield from ((words, _cut(said), _cut(said)) for words, said in told if said)
    elif entry.before is not None or entry.after is not None:
        yield "", _cut(_with_names(entry.before, names)), _cut(_with_names(entry.after, names))


_UNREAD = object()
"""What stands for a text that is no JSON."""


def _read(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return _UNREAD


def _is_announcement(said: Any) -> bool:
    return isinstance(said, list) and len(said) == len(FIELDS)


def _of_announcement(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    old, new = (said if _is_announcement(said) else [None] * len(FIELDS) for said in (before, after))
    for words, was, became in zip(FIELDS, old, new, strict=True):
        if was != became:
            yield words, _cut(was), _cut(became)


def _with_names(text: str | None, names: Mapping[str, str]) -> str | None:
    return None if text is None else NAMED.sub(lambda found: thing(found[0], names), text)


def _cut(text: object) -> str:
    said = "" if text is None else str(text)
    return said if len(said) <= LONGEST_TEXT else f"{said[:LONGEST_TEXT].rstrip()}…"


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return two texts in one, word by word: what stayed, what went and what came."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    found: list[Piece] = []
    for same, i, j, k, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if same == "equal":
            found.append(Piece("".join(old[i:j])))
            continue
        found += [
            Piece(text, kind) for text, kind in ((_joined(old[i:j]), "old"), (_joined(new[k:end]), "new")) if text
        ]
    return tuple(found)


def _joined(words: Sequence[str]) -> str:
    return "".join(words)
