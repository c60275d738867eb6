"""`simulate`: how well the content would measure, what would be asked too often, and how short a sitting could be.

With --write the shares that hold back what would be asked too often go into `content/exposure.yaml`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from bot.content.load import load, yaml_format
from bot.content.release import freeze, thaw
from bot.core.calibration import calibrate
from bot.core.person import Role
from bot.core.release import Release
from bot.core.response_model import Parameters
from bot.usecases.choosers import (
    Chooser,
    adaptive,
    fixed_form,
    never_early,
    only_choices,
    random_items,
    settling,
    with_items,
)
from bot.usecases.simulating import (
    Report,
    hold_back,
    items_needed,
    reliability_by_length,
    simulate,
    sittings,
)
from bot.usecases.synthetic import true_parameters, with_difficulties

HEADINGS = ("keandalan", "bidang", "tepat", "± satu", "pasti", "2 lemah", "butir", "tersering", "ms CPU")
TARGETS = (0.75, 0.85)
"""Reliabilities for which the lengths of sittings are compared."""
LONGEST = 48
HOLD_BACK_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class Trial:
    """What is simulated: how many owners (or coaches, by the form), from which seed, how many questions (None: as many
    as the form has), how far true difficulties lie off (logits), the day, and whether as if every question were a
    choice of one in four.
    """

    owners: int
    seed: int
    items: int | None
    noise: float
    today: date
    as_choices: bool = False
    form: Role = Role.OWNER


def run(content: Path, trial: Trial, *, as_json: bool) -> int:
    """Simulate the content and print a table or JSON; progress goes to standard error."""
    release = _release(content, trial)
    release = only_choices(release) if trial.as_choices else release
    truth = true_parameters(release, noise=trial.noise, seed=trial.seed)
    calibrated = _calibrated(release, trial, truth)
    reports = {
        name: _report(name, tried, choose, trial, truth)
        for name, tried, choose in (
            ("hari pertama", release, adaptive(trial.today)),
            ("hari pertama, lalu dipastikan", release, settling(trial.today)),
            ("hari pertama, sampai selesai", never_early(release), adaptive(trial.today)),
            ("hari pertama, formulir tetap", release, fixed_form(release)),
            ("hari pertama, acak", release, random_items(release)),
            ("terkalibrasi", calibrated, adaptive(trial.today)),
            ("terkalibrasi, lalu dipastikan", calibrated, settling(trial.today)),
            ("terkalibrasi, sampai selesai", never_early(calibrated), adaptive(trial.today)),
            ("terkalibrasi, formulir tetap", calibrated, fixed_form(calibrated)),
        )
    }
    needed = {
        **_lengths("hari pertama", release, trial, truth),
        **_lengths("terkalibrasi", calibrated, trial, truth),
    }
    if as_json:
        found = {"reports": {name: asdict(report) for name, report in reports.items()}, "items_needed": needed}
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print_table(reports, trial)
        _print_lengths(needed)
    return 0


def write_exposure(content: Path, trial: Trial, *, limit: float) -> int:
    """Find which items would be asked in more than `limit` of the sittings, were everyone to settle the result, and
    write how far to hold them back. A form's own items are held back as it needs, those it borrows as they are.
    """
    release = _release(content, trial)
    found = hold_back(
        release,
        owners=trial.owners,
        seed=trial.seed + 2,
        truth=true_parameters(release, noise=trial.noise, seed=trial.seed),
        choose=settling(trial.today),
        limit=limit,
        rounds=HOLD_BACK_ROUNDS,
        progress=lambda done: _progress("menahan butir", done, HOLD_BACK_ROUNDS),
    )
    path = content / "exposure.yaml"
    yaml = yaml_format()
    data = yaml.load(path.read_text(encoding="utf-8"))
    own = tuple(area.dimension.value for area in release.form.areas)
    others = {code: share for code, share in data["admitted"].items() if not code.startswith(own)}
    data["admitted"] = dict(sorted({**others, **{c: s for c, s in found.items() if c.startswith(own)}}.items()))
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(data, file)
    print(f"{len(data['admitted']) - len(others)} butir ditahan, ditulis ke {path.name}.")
    return 0


def _release(content: Path, trial: Trial) -> Release:
    release = thaw(*freeze(load(content))).under(trial.form)
    return release if trial.items is None else with_items(release, count=trial.items)


def _calibrated(release: Release, trial: Trial, truth: Mapping[str, Parameters]) -> Release:
    """Return the release with difficulties learnt from the sittings of other synthetic owners."""
    given = sittings(release, owners=trial.owners, seed=trial.seed + 1, truth=truth, choose=adaptive(trial.today))
    learnt = calibrate(given, release.model, progress=lambda done, total: _progress("kalibrasi", done, total))
    return with_difficulties(release, difficulties={code: found.difficulty for code, found in learnt.items()})


def _report(name: str, tried: Release, choose: Chooser, trial: Trial, truth: Mapping[str, Parameters]) -> Report:
    return simulate(
        tried,
        owners=trial.owners,
        seed=trial.seed,
        truth=truth,
        choose=choose,
        progress=lambda done: _progress(name, done, trial.owners),
    )


def _lengths(
    name: str, release: Release, trial: Trial, truth: Mapping[str, Parameters]
) -> dict[str, list[float | None]]:
    """Return how many items each way of choosing needs for the target reliabilities."""
    long = never_early(with_items(release, count=LONGEST))
    free = replace(long, items=tuple(replace(item, admitted=1.0) for item in long.items))
    ways = {
        "adaptif": (long, adaptive(trial.today)),
        "adaptif tanpa penahan": (free, adaptive(trial.today)),
        "formulir tetap": (long, fixed_form(long)),
        "acak": (long, random_items(long)),
    }
    found = {}
    for way, (tried, choose) in ways.items():
        curve = reliability_by_length(tried, owners=trial.owners, seed=trial.seed, truth=truth, choose=choose)
        found[f"{name}, {way}"] = [items_needed(curve, target=target) for target in TARGETS]
        _progress(f"panjang: {name}, {way}", trial.owners, trial.owners)
    return found


def _progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        end = "\n" if done == total else ""
        print(f"\r{name}: {done}/{total}", end=end, file=sys.stderr, flush=True)


def _print_table(reports: Mapping[str, Report], trial: Trial) -> None:
    print(f"{trial.owners} {trial.form} buatan, benih {trial.seed}, galat taksiran ahli {trial.noise} logit")
    print(f"{'':30}" + "".join(f"{heading:>11}" for heading in HEADINGS))
    for name, r in reports.items():
        cells = (
            f"{r.reliability:.3f}",
            f"{r.dimension_reliability:.3f}",
            f"{r.exact_level:.3f}",
            f"{r.within_one_level:.3f}",
            f"{r.settled_level:.2f}",
            f"{r.weakest_hit:.3f}",
            f"{r.mean_items:.1f}",
            f"{r.top_exposure:.0%}",
            f"{r.milliseconds:.2f}",
        )
        print(f"{name:30}" + "".join(f"{cell:>11}" for cell in cells))
    print(
        f"\n{'keandalan tiap bidang':30}" + "".join(f"{area.value:>7}" for area in next(iter(reports.values())).by_area)
    )
    for name, r in reports.items():
        print(f"{name:30}" + "".join(f"{value:7.3f}" for value in r.by_area.values()))


def _print_lengths(needed: Mapping[str, Sequence[float | None]]) -> None:
    print(f"\n{'butir untuk keandalan':38}" + "".join(f"{target:>15}" for target in TARGETS))
    for name, counts in needed.items():
        cells = (f"lebih dari {LONGEST}" if count is None else f"{count:.1f}" for count in counts)
        print(f"{name:38}" + "".join(f"{cell:>15}" for cell in cells))
