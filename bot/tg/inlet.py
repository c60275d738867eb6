"""How updates come, seen from Telegram's end: asked once a minute, and put right where that is safe."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from telegram import Bot, WebhookInfo
from telegram.error import TelegramError

from bot.tg.parse import ALLOWED_UPDATES

log = logging.getLogger(__name__)
ERRORS_COUNT_FOR = timedelta(minutes=5)
MANY_WAIT = 100
LONGEST_MESSAGE = 200
ASKED_WITHIN = aiohttp.ClientTimeout(total=10)


async def set_webhook(bot: Bot, url: str, secret: str | None) -> None:
    """Let Telegram deliver one bot's updates to an address."""
    await bot.set_webhook(url, allowed_updates=list(ALLOWED_UPDATES), secret_token=secret)


class Inlet:
    """One bot's way in; `wrong` is what the last look found, in one sentence, nothing where all is well."""

    def __init__(self, bot: Bot, url: str | None, secret: str | None, clock: Callable[[], datetime]) -> None:
        """`url` is where updates are delivered, None where they are fetched."""
        self._bot, self._url, self._secret, self._clock = bot, url, secret, clock
        self.wrong = ""

    async def look(self) -> None:
        """Ask Telegram, and set a webhook that somebody deleted again; another address in its place is left alone,
        for two deployments that take it from each other would both lose updates.
        """
        try:
            told = await self._bot.get_webhook_info()
            if self._url and not told.url:
                log.error("somebody deleted the webhook; it is set again")
                await set_webhook(self._bot, self._url, self._secret)
                self.wrong = ""
            else:
                self.wrong = self._judged(told)
        except TelegramError as error:
            self.wrong = f"Telegram did not say how updates come ({type(error).__name__})"

    def _judged(self, told: WebhookInfo) -> str:
        if self._url is None:
            return "somebody set a webhook, so that nothing can be fetched" if told.url else ""
        if told.url != self._url:
            return "Telegram delivers updates to another address than WEBHOOK_URL"
        if told.last_error_date is not None and self._clock() - told.last_error_date < ERRORS_COUNT_FOR:
            age = max(0, int((self._clock() - told.last_error_date).total_seconds()))
            said = (told.last_error_message or "without a reason")[:LONGEST_MESSAGE]
            return f"Telegram could not deliver {age} seconds ago: {said}"
        if told.pending_update_count > MANY_WAIT:
            return f"{told.pending_update_count} updates wait at Telegram"
        return ""


async def telegrams_time(address: str) -> datetime | None:
    """Return the time that the server at an address names in its answer, without a token; None where it does not."""
    try:
        async with (
            aiohttp.ClientSession(timeout=ASKED_WITHIN, trust_env=True) as session,
            session.head(address, allow_redirects=False) as answer,
        ):
            return parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, OSError, KeyError, ValueError):
        return None
