"""Sending a screen that nobody asked for, in the words that every channel answers with and that jobs understand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from bot.chat.screen import Screen


class Arrival(Enum):
    """THERE: it arrived. GONE: the person cannot be reached. REFUSED: it will never be taken. LATER: nothing was sent,
    and trying again is right. UNKNOWN: it may have arrived, for the line fell silent before an answer. MOVED: the chat
    goes on under another id.
    """

    THERE = auto()
    GONE = auto()
    REFUSED = auto()
    LATER = auto()
    UNKNOWN = auto()
    MOVED = auto()


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a screen, with the seconds in which the channel takes nothing more, where it named them, and the
    id under which a chat that moved goes on.
    """

    arrival: Arrival
    wait: float = 0.0
    moved_to: int = 0


Push = Callable[[int | None, int, Screen], Awaitable[Pushed]]
"""Sends a screen as a new message, in one try: through which bot (None: the first one), to which Telegram id."""
