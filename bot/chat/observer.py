"""What the edges and the engine tell of their work, to whoever watches; they know nothing of what is made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.chat.incoming import Reachability, Tap, Typed

Event = Tap | Typed | Reachability


class BotObserver(Protocol):
    """Hears of one bot's work. Called in the middle of it, from any thread: it must cost next to nothing and not fail.

    Seconds are those of a clock that never jumps.
    """

    def handled(self, event: Event | None, outcome: str, seconds: float) -> None:
        """Hear that an update was dealt with from arrival to acknowledgement; None is one that means nothing to us."""

    def transacted(self, seconds: float) -> None:
        """Hear how long a transaction took, with its wait for the turn to write."""

    def quarantined(self) -> None:
        """Hear that an update could not be handled."""

    def called(self, method: str, verdict: str, seconds: float) -> None:
        """Hear of one call to Telegram: `ok`, or the verdict of the table of errors in small letters."""

    def told_to_wait(self, seconds: float) -> None:
        """Hear that Telegram named a wait (429)."""


class OwedObserver(Protocol):
    """Hears of what is owed. The engine calls these: `delivered` in `deliver` after the settling transaction has
    committed, `swept` at the end of each sweep, also one that found nothing.
    """

    def delivered(self, kind: str, outcome: str) -> None:
        """Hear how a message ended: its `Kind` and its `Outcome`, or `put_off` where it stays owed."""

    def swept(self, now: datetime) -> None:
        """Hear that a sweep looked for what is due, by the clock that was handed in."""


class Unobserved:
    """Nobody watches."""

    def handled(self, event: Event | None, outcome: str, seconds: float) -> None:
        return None

    def transacted(self, seconds: float) -> None:
        return None

    def quarantined(self) -> None:
        return None

    def called(self, method: str, verdict: str, seconds: float) -> None:
        return None

    def told_to_wait(self, seconds: float) -> None:
        return None

    def delivered(self, kind: str, outcome: str) -> None:
        return None

    def swept(self, now: datetime) -> None:
        return None
