"""One process that runs for long: whether its memory and its open files stay what they were.

`SOAK_MINUTES=1440 python -m tests.bench --only soak` is a day of it.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.bench.served import MOST_TAPS, staged
from tests.bench.targets import MEGABYTE, verdict

MINUTES = float(os.environ.get("SOAK_MINUTES", "5"))
RATE = 50.0 if MINUTES <= 60 else 5.0
"""Taps a second. Everybody may tap a few times only, so that a day at full speed would ask for too many people."""
WARM_SHARE = 1 / 3
"""Of the time, after which all that is kept on purpose is there."""
SPARE_PEOPLE = 100
CONNECTIONS_THAT_COME_AND_GO = 10


async def soak(directory: Path) -> list[str]:
    """Tap in an open loop; compare what the process holds after a third of the time with what it holds at the end."""
    folder = directory / "soak"
    folder.mkdir()
    seconds = 60 * MINUTES
    async with staged(folder, int(RATE * seconds / (MOST_TAPS - 1)) + SPARE_PEOPLE) as stage:
        bot = stage.bots[0]
        first = await stage.crowd.tap_at(stage.poster, RATE, seconds * WARM_SHARE)
        warm, files = bot.memory(), bot.files()
        rest = await stage.crowd.tap_at(stage.poster, RATE, seconds * (1 - WARM_SHARE))
        grown, opened = bot.memory() / warm - 1, bot.files() - files
    answered = len(first.visible) + len(rest.visible)
    return [
        f"{MINUTES:.0f} menit: {answered} ketukan dijawab; memori sesudah sepertiga waktu {warm / MEGABYTE:.0f} MB, "
        f"{files} berkas terbuka",
        verdict("ketukan tidak dijawab", len(first.unanswered) + len(rest.unanswered), 0),
        verdict("memori bertambah, %", 100 * grown, 5, digits=1),
        verdict("berkas terbuka bertambah", opened, CONNECTIONS_THAT_COME_AND_GO),
    ]
