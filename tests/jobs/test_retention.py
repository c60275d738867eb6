"""What was kept long enough is deleted, however many there are."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.jobs.retention import Retention
from bot.usecases.retention import AT_ONCE, IDLE_FOR
from tests import databases
from tests.usecases.news import crowd
from tests.usecases.world import World


def test_all_who_were_away_too_long_are_erased_and_admins_stay(world: World) -> None:
    crowd(world, 2 * AT_ONCE + 1)
    world.now += IDLE_FOR + timedelta(days=1)
    world.joins(1001, "Sari")
    ((admin,),) = databases.rows(world.database, "SELECT min(telegram_id) FROM person WHERE telegram_id > 2000")

    with ThreadPoolExecutor(1) as workers:
        asyncio.run(Retention(world.database, workers, lambda: world.now, {admin}).purge())

    left = databases.rows(world.database, "SELECT telegram_id FROM person ORDER BY telegram_id")
    assert left == [(1001,), (admin,)]
