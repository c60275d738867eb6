"""`make bench`: what a tap costs this bot, two ordinary quiz bots, and a bare echo; on one machine, in one run; then
how soon an answer comes, what a million people change, what a second process adds, what a process holds after a
while, and how soon it is back from a copy.

All are tapped in the same way and call the same stand-in for Telegram, which runs in a process of its own. Rounds are
interleaved (a, b, c, d, a, b …), so that a slow moment of the machine falls on all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from asyncio import run
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.recovery import recovery
from tests.bench.soak import soak
from tests.bench.targets import latency, replicas, verdict

NAMES = {"a": "bot ini", "b": "kuis ConversationHandler", "c": "gema tanpa basis data", "d": "kuis aiogram"}
PARTS = ("ratio", "latency", "people", "replicas", "soak", "recovery")
IN_FLIGHT = (1, 20)
TARGET_RATIO = {"b": 0.7, "d": 1.0}
FEW, MANY = 1_000, 1_000_000
CALLS = ("answerCallbackQuery", "editMessageText")
SYNC_PROBES = 200


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    people: int
    rounds: int
    laps: int


FULL, QUICK = Size(people=200, rounds=5, laps=2), Size(people=60, rounds=3, laps=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """One round of one contestant."""

    per_second: float
    cpu_ms: float


Costs = dict[tuple[str, int], list[Cost]]


def start(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.bench.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


@contextmanager
def running(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = start(module, *arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_line(process: subprocess.Popen[str]) -> str:
    """Return the next line a process prints; stop the bench if it died (it has said why on stderr)."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit("proses yang diukur berhenti sebelum selesai")
    return line.strip()


def calls_since(sink: str) -> dict[str, int]:
    """Return and reset how often each method was called."""
    with urllib.request.urlopen(f"{sink}/counts", timeout=5) as response:
        counts: dict[str, int] = json.load(response)
    return counts


def run_round(process: subprocess.Popen[str], sink: str, *, laps: int, in_flight: int) -> Cost:
    """Let one contestant run a round; a round that did not do its whole work stops the bench."""
    assert process.stdin is not None
    calls_since(sink)
    process.stdin.write(json.dumps({"laps": laps, "in_flight": in_flight}) + "\n")
    done = json.loads(read_line(process))
    taps = done["taps"]
    counts = calls_since(sink)
    handled = taps + done["untimed_taps"]
    if counts != dict.fromkeys(CALLS, handled):
        raise SystemExit(f"{handled} ketukan, tetapi panggilannya {counts}")
    return Cost(per_second=taps / done["seconds"], cpu_ms=1e3 * done["cpu"] / taps)


def measure(sink: str, directory: Path, size: Size) -> Costs:
    """Open all contestants at once, then let them take turns."""
    with ExitStack() as stack:
        processes = {
            kind: stack.enter_context(running("contestant", kind, sink, str(directory), str(size.people)))
            for kind in NAMES
        }
        for process in processes.values():
            read_line(process)
        costs: Costs = {(kind, in_flight): [] for in_flight in IN_FLIGHT for kind in NAMES}
        for _ in range(size.rounds):
            for in_flight in IN_FLIGHT:
                for kind, process in processes.items():
                    costs[kind, in_flight].append(run_round(process, sink, laps=size.laps, in_flight=in_flight))
        return costs


def spread(values: list[float], digits: int) -> str:
    """Return the median with the least and the greatest."""
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def cost_table(costs: Costs) -> list[str]:
    lines = [f"{'':<28}{'sekaligus':>9}   {'ketukan per detik':<24}{'ms CPU per ketukan':<24}"]
    for in_flight in IN_FLIGHT:
        for kind, name in NAMES.items():
            rounds = costs[kind, in_flight]
            rates, cpu = spread([c.per_second for c in rounds], 0), spread([c.cpu_ms for c in rounds], 2)
            lines.append(f"{kind} {name:<26}{in_flight:>9}   {rates:<24}{cpu:<24}")
    return lines


def ratio_table(costs: Costs) -> list[str]:
    """Return a/b and a/c, each within one round, so that the machine's moods cancel."""
    lines = [f"{'':<28}{'sekaligus':>9}   {'ketukan per detik':<24}{'ms CPU per ketukan':<24}"]
    for in_flight in IN_FLIGHT:
        for other in ("b", "c", "d"):
            pairs = list(zip(costs["a", in_flight], costs[other, in_flight], strict=True))
            rates = spread([a.per_second / o.per_second for a, o in pairs], 2)
            cpu = spread([a.cpu_ms / o.cpu_ms for a, o in pairs], 2)
            lines.append(f"{'a/' + other:<28}{in_flight:>9}   {rates:<24}{cpu:<24}")
    return lines


def split_table(sink: str, directory: Path, size: Size) -> list[str]:
    with running("split", sink, str(directory), str(size.people), str(size.laps + 1)) as process:
        parts: dict[str, tuple[float, float]] = json.loads(read_line(process))
    whole_wall, whole_cpu = (sum(values) for values in zip(*parts.values(), strict=True))
    lines = [f"{'':<40}{'ms':>8}{'ms CPU':>8}{'% CPU':>7}"]
    for part, (wall, cpu) in parts.items():
        lines.append(f"{part:<40}{wall:>8.2f}{cpu:>8.2f}{100 * cpu / whole_cpu:>7.0f}")
    return [*lines, f"{'seluruhnya':<40}{whole_wall:>8.2f}{whole_cpu:>8.2f}{100:>7}"]


def sync_milliseconds(directory: Path) -> float:
    """Return the median time this disk takes to make 4 KiB durable; every commit of a and b pays it."""
    times = []
    with (directory / "probe").open("wb", buffering=0) as file:
        for _ in range(SYNC_PROBES):
            file.write(b"\0" * 4096)
            before = time.perf_counter()
            os.fsync(file.fileno())
            times.append(1e3 * (time.perf_counter() - before))
    return statistics.median(times)


def report(sink: str, directory: Path, size: Size) -> None:
    for name in ("contest", "split"):
        (directory / name).mkdir()
    print(
        f"{size.people} orang di tengah asesmen, {size.rounds} putaran berselang-seling, {size.laps} ketukan per orang"
    )
    print(f"fsync 4 KiB di disk ini: {sync_milliseconds(directory):.2f} ms; inti CPU: {os.cpu_count()}\n", flush=True)
    costs = measure(sink, directory / "contest", size)
    print("Median (terkecil–terbesar)\n", *cost_table(costs), sep="\n")
    print("\nNisbah dalam putaran yang sama, median (terkecil–terbesar)\n", *ratio_table(costs), sep="\n", flush=True)
    print("\nIsi satu ketukan bot ini, satu per satu\n", *split_table(sink, directory / "split", size), sep="\n")
    print("\nSasaran\n", *ratio_verdicts(costs), sep="\n", flush=True)


def ratio_verdicts(costs: Costs) -> list[str]:
    """Compare CPU a tap with the two quizzes, with one tap under way and with many."""
    found = []
    for in_flight in IN_FLIGHT:
        for other, most in TARGET_RATIO.items():
            pairs = zip(costs["a", in_flight], costs[other, in_flight], strict=True)
            ratio = statistics.median(a.cpu_ms / o.cpu_ms for a, o in pairs)
            found.append(verdict(f"CPU per ketukan, a/{other}, {in_flight} sekaligus", ratio, most, digits=2))
    return found


def stored_people(sink: str, directory: Path, size: Size) -> list[str]:
    """Compare a tap among a thousand stored people with one among very many, in turns."""
    most = int(os.environ.get("BENCH_PEOPLE", MANY))
    with ExitStack() as stack:
        processes = []
        for among in (FEW, most):
            folder = directory / f"among-{among}"
            folder.mkdir()
            arguments = ("a", sink, str(folder), str(size.people), "--among", str(among))
            processes.append(stack.enter_context(running("contestant", *arguments)))
        for process in processes:
            read_line(process)
        rounds = [
            [run_round(p, sink, laps=size.laps, in_flight=1).cpu_ms for p in processes] for _ in range(size.rounds)
        ]
    few, many = zip(*rounds, strict=True)
    ratio = statistics.median(m / f for f, m in rounds)
    return [
        f"ms CPU per ketukan: {FEW:,} orang {spread(list(few), 2)}, {most:,} orang {spread(list(many), 2)}",
        verdict(f"nisbah {most:,} : {FEW:,} orang", ratio, 1.2, digits=2),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="kurang dari 30 detik")
    parser.add_argument("--profile", action="store_true", help="fungsi bot ini yang paling mahal saja")
    parser.add_argument(
        "--only", choices=PARTS, help="satu bagian saja; tanpa ini semuanya, dengan --quick yang pertama"
    )
    chosen = parser.parse_args()
    size = QUICK if chosen.quick else FULL
    parts = [chosen.only] if chosen.only else PARTS[:1] if chosen.quick else PARTS
    with running("sink") as process, tempfile.TemporaryDirectory() as folder:
        sink = f"http://127.0.0.1:{read_line(process)}"
        if chosen.profile:
            subprocess.run([sys.executable, "-m", "tests.bench.profile", sink, folder, str(size.people)], check=True)
            return
        for part in parts:
            match part:
                case "ratio":
                    report(sink, Path(folder), size)
                case "people":
                    print("\nBanyak orang tersimpan\n", *stored_people(sink, Path(folder), size), sep="\n", flush=True)
                case "latency":
                    print("\nDari ketukan sampai layar\n", *run(latency(Path(folder))), sep="\n", flush=True)
                case "replicas":
                    print("\nDua proses, satu PostgreSQL\n", *run(replicas(Path(folder))), sep="\n", flush=True)
                case "soak":
                    print("\nBerjalan lama\n", *run(soak(Path(folder))), sep="\n", flush=True)
                case "recovery":
                    print("\nKembali dari salinan\n", *run(recovery(Path(folder))), sep="\n", flush=True)


if __name__ == "__main__":
    main()
