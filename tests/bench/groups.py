"""What a group costs to look at, by its size: the first screen of the chat, and the pages of the web.

`python -m tests.bench.groups` prints queries, milliseconds of CPU and bytes as a browser gets them, for 1, 30, 1,000
and 10,000 members. CPU is that of the whole process, the best of a few rounds: what else runs here does not count.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.core.access import Viewer
from bot.core.group import GroupId
from bot.usecases import coaching
from tests.web.classroom import Classroom, classroom

SIZES = (1, 30, 1_000, 10_000)
ROUNDS = 5
CPU_MS_AT_1000 = 100.0
PAGE_BYTES = 50 * 1024
SLACK = 1.3
"""Ten times the members may cost thirteen times the CPU: the clock of a shared machine is no better."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One look at a group; `sent` is the answer's size as it travels, 0 for what is not sent."""

    what: str
    size: int
    queries: int
    cpu_ms: float
    sent: int


Look = Callable[[], int]


def looks(room: Classroom, group: GroupId) -> Iterable[tuple[str, Look]]:
    """Return what is measured; each returns how many bytes it sends."""
    viewer, browser = Viewer(room.joko), room.signs_in(room.joko)

    def overview() -> int:
        room.world.do(
            lambda s: coaching.overview(
                s, viewer=viewer, group_id=group, library=room.world.library, now=room.world.now
            )
        )
        return 0

    def page(path: str) -> Look:
        def get() -> int:
            answer = browser.get(f"/kelompok/{group}{path}")
            assert answer.status_code == 200, (path, answer.status_code)
            return answer.num_bytes_downloaded

        return get

    yield "obrolan: layar kelompok", overview
    yield "web: kelompok", page("")
    yield "web: proyektor", page("/proyektor")
    yield "web: anggota", page("/anggota")
    yield "web: anggota, disaring", page("/anggota?perlu=slow&urut=perhatian&hal=2")


def measure(room: Classroom, group: GroupId, size: int, rounds: int = ROUNDS) -> list[Cost]:
    """Look at one group in every way."""
    costs = []
    for what, look in looks(room, group):
        look()
        with room.counts() as statements:
            sent = look()
        spent = []
        for _ in range(rounds):
            began = time.process_time()
            look()
            spent.append(time.process_time() - began)
        costs.append(Cost(what, size, len(statements), 1000 * min(spent), sent))
    return costs


def run(sizes: Iterable[int] = SIZES, rounds: int = ROUNDS) -> list[Cost]:
    """Measure groups of all sizes, all in one database."""
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory() as directory, classroom(Path(directory) / "groups.db") as room:
        for size in sizes:
            group = room.opens_group(f"Kelompok {size}")
            room.fills(group, size, nameless_every=7)
            costs += measure(room, group, size, rounds)
    return costs


def faults(costs: Iterable[Cost]) -> list[str]:
    """Return what is not as it should be."""
    by = {(cost.what, cost.size): cost for cost in costs}
    found = []
    for (what, size), cost in by.items():
        if size == 1_000 and cost.cpu_ms > CPU_MS_AT_1000:
            found.append(f"{what}: {cost.cpu_ms:.0f} ms CPU untuk 1.000 anggota, batasnya {CPU_MS_AT_1000:.0f}")
        if cost.sent > PAGE_BYTES:
            found.append(f"{what}: {cost.sent} bita untuk {size} anggota")
        if cost.queries != by[what, min(s for w, s in by if w == what)].queries:
            found.append(f"{what}: jumlah kueri berubah menurut ukuran kelompok")
        smaller = by.get((what, size // 10))
        if smaller and size > 1_000 and cost.cpu_ms > 10 * SLACK * smaller.cpu_ms:
            found.append(f"{what}: CPU tumbuh lebih cepat daripada jumlah anggota")
    return found


def table(costs: Iterable[Cost]) -> str:
    """Return the costs as a table."""
    head = f"{'':26}{'anggota':>9}{'kueri':>7}{'ms CPU':>9}{'bita':>8}"
    rows = [f"{c.what:26}{c.size:>9}{c.queries:>7}{c.cpu_ms:>9.1f}{c.sent or '':>8}" for c in costs]
    return "\n".join([head, *rows])


def main() -> int:
    costs = run()
    print(table(costs))
    wrong = faults(costs)
    print("\n".join(wrong) if wrong else "Semua dalam batas.")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
