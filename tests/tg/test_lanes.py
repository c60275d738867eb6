"""Updates of one person keep their order, those of different people go side by side."""

from __future__ import annotations

import asyncio
import json

import pytest
from telegram.request import RequestData

from bot.tg.desk import Lanes
from bot.wiring import build
from tests.stage import JOKO, SARI, Stage
from tests.tg.support import Troubled


def test_lanes_keep_the_order_of_one_person_and_let_others_pass() -> None:
    seen: list[str] = []

    async def scenario() -> None:
        lanes, gate = Lanes(), asyncio.Event()

        async def work(person: int, name: str) -> None:
            async with lanes.of(person):
                if name == "sari 1":
                    await gate.wait()
                seen.append(name)

        first = [asyncio.create_task(work(SARI, f"sari {n}")) for n in range(1, 6)]
        await asyncio.gather(*[work(JOKO, f"joko {n}") for n in range(1, 3)])
        gate.set()
        await asyncio.gather(*first)
        assert (lanes._locks, lanes._waiting) == ({}, {})

    asyncio.run(scenario())

    assert seen == ["joko 1", "joko 2", "sari 1", "sari 2", "sari 3", "sari 4", "sari 5"]


def test_lane_is_free_after_an_exception() -> None:
    async def scenario() -> None:
        lanes = Lanes()
        with pytest.raises(ZeroDivisionError):
            async with lanes.of(SARI):
                raise ZeroDivisionError
        async with asyncio.timeout(1), lanes.of(SARI):
            pass
        assert (lanes._locks, lanes._waiting) == ({}, {})

    asyncio.run(scenario())


def test_lane_vanishes_when_a_waiting_update_is_cancelled() -> None:
    async def scenario() -> None:
        lanes = Lanes()

        async def work() -> None:
            async with lanes.of(SARI):
                pass

        async with lanes.of(SARI):
            waiting = asyncio.create_task(work())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait({waiting})
        assert (lanes._locks, lanes._waiting) == ({}, {})

    asyncio.run(scenario())


def test_updates_of_one_person_wait_for_each_other_and_others_pass(play: Stage) -> None:
    for person in (SARI, JOKO):
        play.joins(person)
    line = Held(play)
    bodies = []
    for person, text in ((SARI, "/bantuan"), (SARI, "/privasi"), (JOKO, "/bantuan")):
        play.api.person_sends(person, text)
        bodies.append(json.dumps(play.api.updates.waiting(play.clock.now())[-1].body()))

    async def scenario() -> list[int]:
        line.gate = asyncio.Event()
        first = asyncio.create_task(play.app.desk.handle(bodies[0]))
        await line.reached.wait()
        second = asyncio.create_task(play.app.desk.handle(bodies[1]))
        await play.app.desk.handle(bodies[2])
        meanwhile = list(line.sent_to)
        line.gate.set()
        await asyncio.gather(first, second)
        return meanwhile

    assert play._runner.run(scenario()) == [SARI, JOKO]
    assert line.sent_to == [SARI, JOKO, SARI]


class Held(Troubled):
    """A Telegram that holds Sari's first message until the gate opens; it notes to whom messages were to be sent."""

    def __init__(self, play: Stage) -> None:
        super().__init__(play.api)
        self.gate, self.reached = asyncio.Event(), asyncio.Event()
        self.sent_to: list[int] = []
        play.app.close()
        play.app = build(play.settings, clock=play.clock.now, request=self, updates_request=self)

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *rest: object, **named: object
    ) -> tuple[int, bytes]:
        if url.endswith("/sendMessage"):
            assert request_data is not None
            self.sent_to.append(int(request_data.json_parameters["chat_id"]))
            self.reached.set()
            if len(self.sent_to) == 1:
                await self.gate.wait()
        return await super().do_request(url, method, request_data)
