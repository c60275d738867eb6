"""`calibrate`: what stored answers say about the items; with --write the found difficulties go into the content files.

Writing changes files only. They become a release at the next start; attempts that run keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.content.load import yaml_format
from bot.core.item_figures import ItemFigures, item_figures
from bot.store.session import Database
from bot.usecases.calibrating import finished_sittings
from bot.usecases.library import Library


def run(database: Database, content: Path, *, at_least: int, write: bool) -> int:
    """Print the items' figures; with `write` put the difficulty of items with enough answers into their files."""
    library = Library()
    with database.transaction() as session:
        sittings, current = finished_sittings(session, library=library), library.current(session)
    found = item_figures(sittings, current)
    _print(found)
    learnt = {f.item.code: round(f.calibrated.difficulty, 2) for f in found if f.calibrated.answers >= at_least}
    print(f"{len(learnt)} dari {len(found)} butir punya paling sedikit {at_least} jawaban.")
    if write:
        for path in sorted(content.glob("items/*/*.yaml")):
            write_difficulties(path, learnt)
        print("Kesulitan ditulis ke berkas. Jalankan `content check`, lalu mulai ulang untuk menerbitkannya.")
    return 0


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


def _print(found: list[ItemFigures]) -> None:
    print(f"{'butir':8}{'jawaban':>8}{'benar':>8}{'beda':>7}{'sulit':>8}{'±':>6}{'detik':>7}  catatan")
    for f in found:
        seconds = "" if f.seconds is None else f"{f.seconds:.0f}"
        print(
            f"{f.item.code:8}{f.calibrated.answers:8d}{f.facility:8.0%}{f.point_biserial:7.2f}"
            f"{f.calibrated.difficulty:8.2f}{f.calibrated.standard_error:6.2f}{seconds:>7}  {', '.join(f.flags)}"
        )
