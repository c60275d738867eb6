"""Delivery to a webhook: one update in flight per key, keys side by side, retries until expiry."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from bot.simulator.api import BotApi
from bot.simulator.listeners import UPDATES, WEBHOOK
from bot.simulator.updates import QueuedUpdate
from bot.simulator.wire import unix
from bot.simulator.world import Webhook

ANSWER_WITHIN = 60.0
LONGEST_PAUSE = (60.0, 120.0)
LONGEST_RETRY_AFTER = 3600
# What an answer may not ask for: nobody would see the result.
NOT_IN_ANSWERS = ("get", "setwebhook", "deletewebhook", "close", "logout")


@dataclass(slots=True)
class _Trouble:
    failures: int
    due: datetime


class WebhookDelivery:
    """Bring updates to the webhook for as long as `run` runs."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._wake = asyncio.Event()
        self._in_flight: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._trouble: dict[int, _Trouble] = {}

    async def run(self) -> None:
        """Deliver until cancelled."""
        listeners, wake = self._api.listeners, self._wake.set
        stops = [listeners.subscribe(key, wake) for key in (UPDATES, WEBHOOK)] + [self._api.clock.watch(wake)]
        try:
            while self._api.webhook is None:
                await self._wake.wait()
                self._wake.clear()
            # Made only now, because loading certificates takes a while. Proxies of the environment must never see
            # loopback traffic.
            async with httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False) as client:
                while True:
                    self._wake.clear()
                    pause = self._start_due(client)
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), pause)
        finally:
            for stop in stops:
                stop()
            for task in tuple(self._in_flight.values()):
                task.cancel()
            await asyncio.gather(*self._in_flight.values(), return_exceptions=True)

    def _start_due(self, client: httpx.AsyncClient) -> float | None:
        """Start what can start now and return the seconds until the next retry is due."""
        webhook, now = self._api.webhook, self._api.clock.now()
        if webhook is None:
            return None
        waiting = self._api.updates.waiting(now)
        self._trouble = {u.update_id: self._trouble[u.update_id] for u in waiting if u.update_id in self._trouble}
        heads: dict[tuple[str, int], QueuedUpdate] = {}
        for update in waiting:
            heads.setdefault(update.key, update)
        pauses: list[float] = []
        for key, update in heads.items():
            trouble = self._trouble.get(update.update_id)
            if key in self._in_flight:
                continue
            if trouble is not None and trouble.due > now:
                pauses.append((trouble.due - now).total_seconds())
            elif len(self._in_flight) < webhook.max_connections:
                self._in_flight[key] = asyncio.create_task(self._deliver(client, webhook, update))
        return min(pauses, default=None)

    async def _deliver(self, client: httpx.AsyncClient, webhook: Webhook, update: QueuedUpdate) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret_token} if webhook.secret_token else {}
        try:
            response = await client.post(webhook.url, json=update.body(), headers=headers)
        except httpx.TimeoutException:
            self._failed(update, "Read timeout expired", None)
        except httpx.HTTPError:
            self._failed(update, "Connection refused or reset", None)
        else:
            if response.is_success:
                self._api.updates.confirm(update.update_id)
                self._obey(response)
            else:
                reason = f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
                self._failed(update, reason, response.headers.get("retry-after"))
        finally:
            self._in_flight.pop(update.key, None)
            self._wake.set()

    def _failed(self, update: QueuedUpdate, reason: str, retry_after: str | None) -> None:
        now = self._api.clock.now()
        self._api.webhook_error = unix(now), reason
        trouble = self._trouble.get(update.update_id)
        failures = trouble.failures + 1 if trouble else 1
        if retry_after and retry_after.isdigit():
            pause = float(min(int(retry_after), LONGEST_RETRY_AFTER))
        elif failures == 1:
            pause = 0.0
        else:
            pause = min(2.0 ** (failures - 1), self._api.rng.uniform(*LONGEST_PAUSE))
        self._trouble[update.update_id] = _Trouble(failures, now + timedelta(seconds=pause))

    def _obey(self, response: httpx.Response) -> None:
        """Carry out a call that the bot put into its answer; its result is never seen."""
        try:
            call = response.json()
        except ValueError:
            return
        method = call.pop("method", None) if isinstance(call, dict) else None
        if isinstance(method, str) and not method.lower().startswith(NOT_IN_ANSWERS):
            self._api.handle(self._api.token, method, call)
