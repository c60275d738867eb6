"""`calibrate`: what stored answers say about the items; with --write the found difficulties go into the content files.

Writing changes files only and proposes a release; it becomes one at the next start, and attempts that run keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.content.load import load, yaml_format
from bot.content.release import freeze
from bot.core.answer import decode
from bot.core.item_figures import ItemFigures
from bot.core.release import Release
from bot.core.rescoring import Effect, effect
from bot.store.session import Database
from bot.texts.answers import shown_answer
from bot.texts.catalogue import SOURCE_LANGUAGE
from bot.usecases.calibrating import bank
from bot.usecases.library import Library


def run(database: Database, content: Path, *, at_least: int, write: bool, item: str | None, now: datetime) -> int:
    """Print the items' figures, or those of one with a table of its answers; with `write` put the difficulties of items
    with enough answers into their files.
    """
    with database.snapshot() as session:
        found = bank(session, library=Library(), now=now)
    if item is not None:
        return _print_one(found.figures, item)
    _print(found.figures)
    learnt = {f.item.code: round(f.calibrated.difficulty, 2) for f in found.figures if f.calibrated.answers >= at_least}
    print(f"{len(learnt)} dari {len(found.figures)} butir punya paling sedikit {at_least} jawaban.")
    print_effect(effect(found.sittings, lambda release: _calibrated(release, found.current, learnt)))
    if write:
        for path in sorted(content.glob("items/*/*.yaml")):
            write_difficulties(path, learnt)
        print(f"Kesulitan ditulis ke berkas: usulan rilis {freeze(load(content))[0]}, sekarang {found.current.id}.")
        print("Jalankan `content check`, lalu mulai ulang untuk menerbitkannya.")
    return 0


def _calibrated(release: Release, current: Release, learnt: Mapping[str, float]) -> Release:
    """Return a release with the found difficulties where it asks the same question as the current one."""
    same = {item.fingerprint for item in current.items}
    items = tuple(
        replace(item, calibrated=learnt.get(item.code, item.calibrated)) if item.fingerprint in same else item
        for item in release.items
    )
    return replace(release, items=items)


def print_effect(found: Effect) -> None:
    """Print who would stand elsewhere; people are only counted."""
    moved = sum(found.moved.values())
    print(f"Dari {found.sittings} hasil, {found.touched} berubah angkanya dan {moved} berpindah tingkat.")
    for (before, after), count in sorted(found.moved.items()):
        print(f"  {before} → {after}: {count}")


def write_difficulties(path: Path, difficulties: Mapping[str, float]) -> None:
    """Put found difficulties into one items file, right behind the expert's; all else stays byte for byte."""
    yaml = yaml_format()
    data = yaml.load(path.read_text(encoding="utf-8"))
    changed = False
    for item in data["items"]:
        found = difficulties.get(item["code"])
        if found is not None and item.get("calibrated") != found:
            if "calibrated" in item:
                item["calibrated"] = found
            else:
                item.insert(list(item).index("difficulty") + 1, "calibrated", found)
            changed = True
    if changed:
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(data, file)


HEADINGS = ("butir", "jawaban", "benar", "beda", "sulit", "±", "infit", "outfit", "detik", "bingung")


def _print(found: Sequence[ItemFigures]) -> None:
    print("".join(f"{heading:>8}" for heading in HEADINGS) + "  catatan")
    for f in found:
        seconds = "" if f.seconds is None else f"{f.seconds:.0f}"
        cells = (
            f.item.code,
            str(f.calibrated.answers),
            f"{f.facility:.0%}",
            f"{f.point_biserial:.2f}",
            f"{f.calibrated.difficulty:.2f}",
            f"{f.calibrated.standard_error:.2f}",
            f"{f.infit:.2f}",
            f"{f.outfit:.2f}",
            seconds,
            str(f.reports) if f.reports else "",
        )
        print("".join(f"{cell:>8}" for cell in cells) + "  " + ", ".join(f.flags))


def _print_one(found: Sequence[ItemFigures], code: str) -> int:
    """Print one item's figures and who chose what: the share of the answers, and how these people did elsewhere."""
    here = [f for f in found if f.item.code == code]
    if not here:
        print(f"Belum ada jawaban untuk butir {code}.")
        return 1
    _print(here)
    [figures] = here
    print(f"\n{figures.item.stem}\n\n{'dipilih':>8}{'mahir':>9}  jawaban")
    for answer, choosers in sorted(figures.chosen.items(), key=lambda pair: -pair[1].count):
        share = choosers.count / figures.calibrated.answers
        words = shown_answer(figures.item, decode(answer), SOURCE_LANGUAGE)
        print(f"{share:8.0%}{choosers.ability:9.0f}  {words}")
    return 0
