"""`simulate`: how well the present content would measure, shown beside a fixed form and items by chance."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bot.content.load import load
from bot.content.release import freeze, thaw
from bot.core.calibration import calibrate
from bot.core.release import Release
from bot.usecases.simulating import (
    Report,
    adaptive,
    fixed_form,
    random_items,
    simulate,
    sittings,
    true_parameters,
    with_difficulties,
    with_items,
)

HEADINGS = ("keandalan", "bidang", "tingkat tepat", "± satu", "2 terlemah", "butir", "paling sering", "ms CPU")


def run(content: Path, *, owners: int, seed: int, items: int, noise: float, as_json: bool, today: date) -> int:
    """Simulate the content and print a table or JSON; progress goes to standard error."""
    release = with_items(thaw(*freeze(load(content))), count=items)
    truth = true_parameters(release, noise=noise, seed=seed)
    choose = adaptive(today)
    learnt = calibrate(
        sittings(release, owners=owners, seed=seed + 1, truth=truth, choose=choose),
        release.model,
        progress=lambda done, total: _progress("kalibrasi", done, total),
    )
    calibrated = with_difficulties(release, difficulties={code: found.difficulty for code, found in learnt.items()})
    plans: list[tuple[str, Release, Callable[..., object]]] = [
        ("hari pertama", release, choose),
        ("hari pertama, formulir tetap", release, fixed_form(release)),
        ("hari pertama, acak", release, random_items(release)),
        ("terkalibrasi", calibrated, choose),
        ("terkalibrasi, formulir tetap", calibrated, fixed_form(calibrated)),
    ]
    reports: dict[str, Report] = {}
    for name, tried, chooser in plans:
        reports[name] = simulate(
            tried,
            owners=owners,
            seed=seed,
            truth=truth,
            choose=chooser,  # type: ignore[arg-type]
            progress=lambda done, name=name: _progress(name, done, owners),  # type: ignore[misc]
        )
    if as_json:
        print(json.dumps({name: asdict(report) for name, report in reports.items()}, ensure_ascii=False, indent=2))
    else:
        _print_table(reports, owners=owners, seed=seed, noise=noise)
    return 0


def _progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        end = "\n" if done == total else ""
        print(f"\r{name}: {done}/{total}", end=end, file=sys.stderr, flush=True)


def _print_table(reports: dict[str, Report], *, owners: int, seed: int, noise: float) -> None:
    print(f"{owners} pemilik buatan, benih {seed}, galat taksiran ahli {noise} logit")
    print(f"{'':30}" + "".join(f"{heading:>15}" for heading in HEADINGS))
    for name, r in reports.items():
        cells = (
            f"{r.reliability:.3f}",
            f"{r.dimension_reliability:.3f}",
            f"{r.exact_level:.3f}",
            f"{r.within_one_level:.3f}",
            f"{r.weakest_hit:.3f}",
            f"{r.mean_items:.1f}",
            f"{r.top_exposure:.0%}",
            f"{r.milliseconds:.2f}",
        )
        print(f"{name:30}" + "".join(f"{cell:>15}" for cell in cells))
