"""What is owed, sent by `python -m bot run` as a real process that is killed between sending and noting."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.core.delivery import Kind
from bot.simulator.app import serve
from bot.simulator.faults import Fault
from tests.process.support import CANARY, ListeningApi, ended, start
from tests.stage import SARI
from tests.usecases.cohort import outcomes, owes
from tests.usecases.world import World

LONG_AGO = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)


def test_kill_between_sending_and_noting_sends_again_at_the_next_start_and_never_more(tmp_path: Path) -> None:
    world = World.open(tmp_path / "bot.db")
    world.now = LONG_AGO
    owes(world, world.joins(SARI, "Sari"), Kind.SIGNED_IN)
    api = ListeningApi()
    api.person_sends(SARI, "/start")
    api.updates.clear()

    async def life() -> list[str | None]:
        async with serve(api) as port:
            settings = {
                "BOT_TOKEN": CANARY,
                "BOT_API_URL": f"http://127.0.0.1:{port}",
                "DATABASE_URL": world.database.url,
                "WEB_PORT": "0",
            }
            api.faults.add(Fault("sendMessage", when="after", do="delay", seconds=3.0))
            process = await start("run", log=tmp_path / "log", **settings)
            await api.called("sendMessage", 1)
            process.kill()
            await process.wait()
            left = outcomes(world)
            process = await start("run", log=tmp_path / "log", **settings)
            await api.called("sendMessage", 2)
            process.terminate()
            assert await ended(process) == 0
            return left

    left = asyncio.run(life())

    assert (left, outcomes(world)) == ([None], ["sent"])
    assert [m.text.splitlines()[0] for m in api.messages(SARI) if m.from_bot] == ["Anda baru masuk di peramban"] * 2
    world.database.close()
