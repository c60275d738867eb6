"""A stage with two bots of one deployment, each with a Telegram of its own that can be told to take nothing."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TypeVar

from sqlmodel import select
from telegram.request import RequestData

from bot.simulator.world import DEMO_TOKEN
from bot.store.tables import PersonRow, ThreadRow
from tests.stage import METHOD, InProcess, Stage
from tests.tg.support import answer

SECOND_TOKEN = "7000000002:simulator-of-another-province-0000000000"
FIRST, SECOND = 7000000001, 7000000002
THIS, OTHER = 0, 1
"""The places of the two bots."""


Value = TypeVar("Value")


class Busy(InProcess):
    """A line on which one bot's messages are told to wait."""

    busy_token = ""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        found = METHOD.search(url)
        assert found is not None
        if found["method"] == "sendMessage" and found["token"] == self.busy_token:
            return answer(429, "Too Many Requests: retry after 30", retry_after=30)
        return await super().do_request(url, method, request_data)


class TwoBots(Stage):
    """Play people in the bots of two provinces."""

    tokens: tuple[str, ...] = (DEMO_TOKEN, SECOND_TOKEN)

    def transport(self) -> Busy:
        self.line = Busy(*self.apis)
        return self.line

    def runs(self, work: Coroutine[None, None, Value]) -> Value:
        """Run something of the bots' own loop."""
        return self._runner.run(work)

    def person(self, telegram_id: int) -> PersonRow:
        with self.app.database.transaction() as session:
            return session.exec(select(PersonRow).where(PersonRow.telegram_id == telegram_id)).one()

    def left(self) -> list[tuple[int, int | None, int]]:
        """Return what is kept of chats with bots left behind: bot, live message, latest typed message."""
        with self.app.database.transaction() as session:
            rows = session.exec(select(ThreadRow)).all()
            return [(row.bot_id, row.live_message_id, row.last_typed_id) for row in rows]
