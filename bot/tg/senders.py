"""The senders of all bots of a deployment; Telegram counts its limits for each bot by itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.arrival import Pushed
from bot.chat.screen import Screen
from bot.tg.sender import Sender


class Senders:
    """Finds the sender of a bot; where a bot is not known, or not any more, the first one stands in."""

    def __init__(self, senders: Sequence[Sender]) -> None:
        self._first = senders[0]
        self._by_bot: dict[int | None, Sender] = {sender.bot_id: sender for sender in senders}

    def of(self, bot_id: int | None) -> Sender:
        """Return the sender of a bot."""
        return self._by_bot.get(bot_id, self._first)

    def bot_names(self) -> list[str]:
        """Return the bots' names without the @, as far as Telegram told them."""
        return [sender.bot_name for sender in self._by_bot.values() if sender.bot_name]

    async def push(self, bot_id: int | None, telegram_id: int, screen: Screen) -> Pushed:
        """Send a screen that nobody asked for through a bot, in one try."""
        return await self.of(bot_id).push(telegram_id, screen)
