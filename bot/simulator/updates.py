"""The queue of updates: rising ids, confirmation by offset, expiry, and the kinds the bot asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.wire import Json

BATCH_LIMIT = 100
LIFETIME = timedelta(hours=24)
CALLBACK_LIFETIME = timedelta(seconds=150)
# Without a list of its own a bot gets everything but these.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """One update still to be delivered; updates of one `key` go out one after another."""

    update_id: int
    kind: str
    key: tuple[str, int]
    payload: Json
    expires: datetime

    def body(self) -> Json:
        """Return the Update as the bot receives it."""
        return {"update_id": self.update_id, self.kind: self.payload}


class UpdateQueue:
    """Hold what the bot has not confirmed yet."""

    def __init__(self, rng: random.Random) -> None:
        self._next_id = rng.randrange(100_000_000, 900_000_000)
        self._waiting: dict[int, QueuedUpdate] = {}
        self.allowed: tuple[str, ...] = ()

    def push(self, kind: str, user_id: int, payload: Json, now: datetime) -> int | None:
        """Queue an update and return its id, or None if the bot did not ask for this kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return None
        is_tap = kind == "callback_query"
        update_id = self._next_id
        self._next_id += 1
        key = ("user" if is_tap else "member" if kind == "my_chat_member" else "chat", user_id)
        expires = now + (CALLBACK_LIFETIME if is_tap else LIFETIME)
        self._waiting[update_id] = QueuedUpdate(update_id, kind, key, payload, expires)
        return update_id

    def waiting(self, now: datetime) -> list[QueuedUpdate]:
        """Return what is not confirmed and not expired, oldest first."""
        for update in [update for update in self._waiting.values() if update.expires <= now]:
            del self._waiting[update.update_id]
        return list(self._waiting.values())

    def confirm(self, update_id: int) -> None:
        """Forget one update."""
        self._waiting.pop(update_id, None)

    def clear(self) -> None:
        """Forget all updates."""
        self._waiting.clear()

    def batch(self, offset: int, limit: int, now: datetime) -> list[QueuedUpdate]:
        """Confirm everything below `offset` (all but the last n for -n) and return what follows."""
        waiting = self.waiting(now)
        if offset < 0:
            offset = waiting[max(len(waiting) + offset, 0)].update_id if waiting else 0
        for update in waiting:
            if update.update_id < offset:
                self.confirm(update.update_id)
        return [update for update in waiting if update.update_id >= offset][: max(1, min(limit, BATCH_LIMIT))]
