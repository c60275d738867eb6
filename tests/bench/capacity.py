"""The capacity plan's arithmetic: from a few measured and assumed inputs to the tables of docs/capacity.md.

`python -m tests.bench.capacity` prints the tables, `--write` puts them into the document, `--measure` measures bytes a
person on SQLite and on PostgreSQL. Change INPUTS where a figure was measured anew; a test holds the document to them.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, fields
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "capacity.md"
BEGIN, END = "<!-- tables: python -m tests.bench.capacity --write -->", "<!-- end of tables -->"
SIZES = (100_000, 1_000_000, 10_000_000, 30_000_000)
BOTS = (1, 5, 38, 100)
"""One; one for each of the big islands; one for each province; several for the big provinces."""
DAY_HOURS = 12
"""Nothing is sent between 20:00 and 08:00 local time."""
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the plan rests on."""

    cpu_ms_per_tap: float = 3.0
    cpu_ms_in_database_per_tap: float = 1.0
    busy_at_most: float = 0.6
    cores_a_machine: int = 4
    bytes_a_person_sqlite: int = 22_500
    bytes_a_person_postgresql: int = 27_000
    taps_a_year: int = 150
    evening_factor: float = 10.0
    campaign_share: float = 0.01
    campaign_taps: int = 45
    seconds_to_answer: float = 0.1
    connections_a_bot: int = 40
    sends_a_second_a_bot: int = 25
    owed_a_week: float = 1.0


SOURCES = {
    "cpu_ms_per_tap": "measured: `python -m tests.bench`, rounded up for the webhook and PostgreSQL",
    "cpu_ms_in_database_per_tap": "assumed: PostgreSQL's own CPU for the transaction of a tap",
    "busy_at_most": "chosen: above it waiting grows faster than work",
    "cores_a_machine": "chosen",
    "bytes_a_person_sqlite": "measured: `python -m tests.bench.capacity --measure`, rounded up",
    "bytes_a_person_postgresql": "measured likewise, indexes included, no bloat",
    "taps_a_year": "assumed: two sittings, eight lessons, some looking around",
    "evening_factor": "assumed: the busiest minute of a usual day against the mean of the year",
    "campaign_share": "assumed: this share of all owners is told by television to begin within one hour",
    "campaign_taps": "assumed: taps from /start to the first result",
    "seconds_to_answer": "target: trust.md 11 and 12, acknowledged at the 99th percentile",
    "connections_a_bot": "Telegram's default max_connections of a webhook; 100 at most",
    "sends_a_second_a_bot": "Telegram takes about 30 a second; five stay free for answers",
    "owed_a_week": "assumed, of at most three a week",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a number of owners needs."""

    owners: int
    mean: float
    peak: float
    processes: int
    machines: int
    database_cores: int
    bots_for_updates: int
    bots_for_owed: int
    gigabytes_sqlite: float
    gigabytes_postgresql: float


def plan(owners: int, inputs: Inputs) -> Plan:
    """Work out what a number of owners needs; taps a second, whole processes and machines."""
    mean = owners * inputs.taps_a_year / YEAR_SECONDS
    campaign = owners * inputs.campaign_share * inputs.campaign_taps / 3600
    peak = max(mean * inputs.evening_factor, campaign)
    cores = peak * inputs.cpu_ms_per_tap / 1000 / inputs.busy_at_most
    processes = max(2, math.ceil(cores))
    owed_a_second = owners * inputs.owed_a_week / (7 * DAY_HOURS * 3600)
    return Plan(
        owners=owners,
        mean=mean,
        peak=peak,
        processes=processes,
        machines=max(2, math.ceil(processes / inputs.cores_a_machine)),
        database_cores=max(2, math.ceil(peak * inputs.cpu_ms_in_database_per_tap / 1000 / inputs.busy_at_most)),
        bots_for_updates=math.ceil(peak * inputs.seconds_to_answer / inputs.connections_a_bot),
        bots_for_owed=math.ceil(owed_a_second / inputs.sends_a_second_a_bot),
        gigabytes_sqlite=owners * inputs.bytes_a_person_sqlite / 1e9,
        gigabytes_postgresql=owners * inputs.bytes_a_person_postgresql / 1e9,
    )


def days_to_tell(owners: int, bots: int, inputs: Inputs) -> float:
    """Return the days until everybody got one message, sent by day only."""
    return owners / (bots * inputs.sends_a_second_a_bot * DAY_HOURS * 3600)


def tables(inputs: Inputs) -> str:
    """Return the document's tables."""
    lines = ["| input | value | where from |", "|--|--:|--|"]
    lines += [f"| `{f.name}` | {getattr(inputs, f.name):,} | {SOURCES[f.name]} |" for f in fields(inputs)]
    lines += [
        "",
        "| owners | taps a second: mean | peak | web processes | machines | database cores | bots for taps "
        "| bots for owed | GB SQLite | GB PostgreSQL |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for size in SIZES:
        p = plan(size, inputs)
        lines.append(
            f"| {p.owners:,} | {p.mean:,.1f} | {p.peak:,.0f} | {p.processes} | {p.machines} | {p.database_cores} "
            f"| {p.bots_for_updates} | {p.bots_for_owed} | {p.gigabytes_sqlite:,.1f} | {p.gigabytes_postgresql:,.1f} |"
        )
    lines += ["", f"| days for one message to | {' | '.join(f'{bots} bots' for bots in BOTS)} |"]
    lines.append("|--:" * (len(BOTS) + 1) + "|")
    for size in SIZES:
        days = " | ".join(f"{days_to_tell(size, bots, inputs):,.2f}" for bots in BOTS)
        lines.append(f"| {size:,} | {days} |")
    return "\n".join(lines).replace("| 1 bots |", "| 1 bot |")


def written(document: str, inputs: Inputs) -> str:
    """Return the document with the tables of these inputs in their place."""
    before, _, rest = document.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{tables(inputs)}\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.capacity")
    parser.add_argument("--write", action="store_true", help="tulis tabel ke docs/capacity.md")
    parser.add_argument("--measure", type=int, metavar="ORANG", help="ukur bita per orang, misalnya dengan 2000 orang")
    chosen = parser.parse_args()
    if chosen.measure:
        from tests.bench.bytes_a_person import measure

        print(measure(chosen.measure))
    elif chosen.write:
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), Inputs()), encoding="utf-8")
    else:
        print(tables(Inputs()))


if __name__ == "__main__":
    main()
