"""Telegram's sending rates, off unless a limit is set."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.errors import too_many

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RateRules:
    """Messages a second to one chat and to all; None is no limit."""

    per_chat: int | None = None
    overall: int | None = None
    retry_after: int = 1


class Rates:
    """Count what was sent in the last second and refuse what is too much."""

    def __init__(self, rules: RateRules = RateRules()) -> None:
        self.rules = rules
        self._sent: deque[tuple[datetime, int]] = deque()

    def count(self, chat_id: int, now: datetime) -> None:
        """Count one message, or raise the 429 for it."""
        while self._sent and self._sent[0][0] <= now - SECOND:
            self._sent.popleft()
        of_chat = sum(1 for _, chat in self._sent if chat == chat_id)
        over_chat = self.rules.per_chat is not None and of_chat >= self.rules.per_chat
        if over_chat or (self.rules.overall is not None and len(self._sent) >= self.rules.overall):
            raise too_many(self.rules.retry_after)
        self._sent.append((now, chat_id))
