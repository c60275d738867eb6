"""Our own getUpdates loop: an update is confirmed to Telegram only after it has been dealt with."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from telegram.error import Conflict, NetworkError, TelegramError
from telegram.request import BaseRequest

from bot.tg.desk import Desk, Outcome
from bot.tg.errors import Verdict, judge
from bot.tg.parse import ALLOWED_UPDATES
from bot.tg.sender import TokenRefused

log = logging.getLogger(__name__)
LONG_POLL_SECONDS = 25
PATIENCE_SECONDS = 0.25
TRIES = 3
LONGEST_PAUSE_SECONDS = 30.0
STOP_SECONDS = 7.0
CONFIRM_SECONDS = 1.5

Batch = list[dict[str, object]]
"""Updates as Telegram wrote them."""


@dataclass(slots=True)
class Window:
    """Which updates are under way; `offset` confirms everything below the oldest that is not dealt with."""

    highest: int | None = None
    under_way: set[int] = field(default_factory=set)
    dealt_with: set[int] = field(default_factory=set)

    @property
    def offset(self) -> int | None:
        if self.under_way:
            return min(self.under_way)
        return None if self.highest is None else self.highest + 1

    def take(self, update_id: int) -> bool:
        """Note an update that was fetched; False where it is under way or dealt with already."""
        if update_id in self.under_way or update_id in self.dealt_with:
            return False
        self.under_way.add(update_id)
        self.highest = update_id if self.highest is None else max(self.highest, update_id)
        return True

    def done(self, update_id: int) -> None:
        """Note that an update may be confirmed."""
        self.under_way.discard(update_id)
        self.dealt_with.add(update_id)

    def confirmed(self, offset: int | None) -> None:
        """Forget what Telegram can no longer deliver, having answered a request with this offset."""
        if offset is not None:
            self.dealt_with = {update_id for update_id in self.dealt_with if update_id >= offset}

    def restarts_below(self, update_ids: Sequence[int]) -> bool:
        """Tell whether Telegram began to count anew, as it may after a quiet week: all is new and below what came."""
        if self.highest is None or self.under_way or not update_ids:
            return False
        highest = self.highest
        return all(update_id < highest and update_id not in self.dealt_with for update_id in update_ids)


class Polling:
    """Fetches, hands over, confirms; stops without confirming what is not done."""

    def __init__(self, request: BaseRequest, url: str, desk: Desk) -> None:
        """`request` is used by nobody else, so that waiting for updates never holds up sending; `url` ends in the
        token.
        """
        self._request = request
        self._url = f"{url}/getUpdates"
        self._desk = desk
        self._window = Window()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._refused = False
        self.healthy = False

    async def run(self) -> None:
        """Fetch until `stop`; raises TokenRefused."""
        async with self._request:
            while not self._stopping.is_set():
                self._take(await self._unless_stopped(self._fetch()))
                if self._tasks:
                    await asyncio.wait(self._tasks, timeout=PATIENCE_SECONDS)
            await self._finish()
        if self._refused:
            raise TokenRefused

    async def _unless_stopped(self, fetch: Coroutine[None, None, Batch]) -> Batch:
        """Wait for a fetch; give it up and return nothing as soon as the loop is asked to stop."""
        fetching = asyncio.create_task(fetch)
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if fetching.done():
            return fetching.result()
        fetching.cancel()
        await asyncio.wait({fetching})
        return []

    def stop(self) -> None:
        """Ask the loop to end; `run` returns within about ten seconds."""
        self._stopping.set()

    async def _fetch(self) -> Batch:
        """Fetch a batch as raw JSON; on trouble wait a little and return nothing."""
        try:
            at_once = self._window.under_way or not self.healthy
            batch = await self._get_updates(wait=0 if at_once else LONG_POLL_SECONDS, limit=100)
        except TelegramError as error:
            self.healthy = False
            await self._wait_out(error)
            return []
        self.healthy = True
        return batch

    async def _get_updates(self, *, wait: int, limit: int) -> Batch:
        parameters: dict[str, object] = {
            "timeout": wait,
            "limit": limit,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        offset = self._window.offset
        if offset is not None:
            parameters["offset"] = offset
        raw = await self._request.retrieve(f"{self._url}?{urlencode(parameters)}", read_timeout=wait + 10)
        try:
            batch: Batch = [update for update in json.loads(raw)["result"] if isinstance(update, dict)]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NetworkError("something other than Telegram answered") from error
        self._window.confirmed(offset)
        return batch

    async def _wait_out(self, error: TelegramError) -> None:
        ruling = judge(error)
        if ruling.verdict is Verdict.STOP:
            raise TokenRefused from error
        if isinstance(error, Conflict):
            log.error("another process fetches updates with this token")
        else:
            log.warning("updates could not be fetched: %s", type(error).__name__)
        await asyncio.sleep(ruling.wait or 2.0)

    def _take(self, batch: Batch) -> None:
        update_ids = [found for update in batch if isinstance(found := update.get("update_id"), int)]
        if self._window.restarts_below(update_ids):
            self._window = Window()
        for update in batch:
            update_id = update.get("update_id")
            if isinstance(update_id, int) and self._window.take(update_id):
                task = asyncio.create_task(self._handle(update_id, json.dumps(update)))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _handle(self, update_id: int, body: str) -> None:
        """Deal with one update. What is not stored is tried until it is; a screen only some times, for it can be drawn
        again from what is stored.
        """
        unsent = 0
        pause = 1.0
        while True:
            outcome = await self._handled(body)
            unsent += outcome is Outcome.UNSENT
            if outcome is Outcome.DONE or unsent == TRIES:
                break
            if self._stopping.is_set():
                return
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_SECONDS, 2 * pause)
        if unsent == TRIES:
            log.error("an update's screen could not be sent; the next tap or /lanjut draws it")
        self._window.done(update_id)

    async def _handled(self, body: str) -> Outcome:
        try:
            return await self._desk.handle(body)
        except TokenRefused:
            self._refused = True
            self._stopping.set()
            return Outcome.LATER
        except Exception:
            log.exception("an update was given up")
            return Outcome.DONE

    async def _finish(self) -> None:
        """Let what is under way end, then confirm what was dealt with, and nothing more."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        if self._window.offset is not None:
            try:
                await asyncio.wait_for(self._get_updates(wait=0, limit=1), CONFIRM_SECONDS)
            except (TelegramError, TimeoutError) as error:
                log.warning("the last updates stay unconfirmed and will come again: %s", type(error).__name__)
