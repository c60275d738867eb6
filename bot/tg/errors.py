"""What each of Telegram's errors means for us: one closed table, by its description."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)


class Verdict(Enum):
    """DONE: what we wanted holds already. RESEND: the old message is gone, send a new one. PLAIN: resend without
    markup.

    GONE: the person cannot be reached. LATER: try again. STOP: the token is wrong. BUG: our call is wrong; trying
    again is useless.
    """

    DONE = auto()
    RESEND = auto()
    PLAIN = auto()
    GONE = auto()
    LATER = auto()
    STOP = auto()
    BUG = auto()


DESCRIPTIONS: tuple[tuple[str, Verdict], ...] = (
    ("message is not modified", Verdict.DONE),
    ("query is too old", Verdict.DONE),
    ("query_id_invalid", Verdict.DONE),
    ("message to edit not found", Verdict.RESEND),
    ("message can't be edited", Verdict.RESEND),
    ("there is no text in the message to edit", Verdict.RESEND),
    ("there is no caption in the message to edit", Verdict.RESEND),
    ("message to delete not found", Verdict.DONE),
    ("message can't be deleted", Verdict.DONE),
    ("message to be replied not found", Verdict.RESEND),
    ("can't parse entities", Verdict.PLAIN),
    ("chat not found", Verdict.GONE),
    ("wrong file identifier", Verdict.RESEND),
    ("message_id_invalid", Verdict.RESEND),
)


UNREADABLE_ANSWER = "Invalid server response"
"""What the library says where something other than Telegram answered, such as a proxy or a hotel's Wi-Fi."""


class NeverLeft(Exception):
    """The cause of an error that came before the first byte: no connection came about, or none was free."""


class LineBroken(Exception):
    """The cause of an error after a call may have left: nobody knows whether it was carried out."""


_QUOTED = re.compile(r'"[^"]*"?')
LONGEST_DESCRIPTION = 200


def described(error: TelegramError) -> str:
    """Return Telegram's words for an error without what it quotes: that may be from a person's message."""
    return _QUOTED.sub("…", error.message)[:LONGEST_DESCRIPTION]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict, with the seconds to wait where Telegram named them."""

    verdict: Verdict
    wait: float = 0.0


def judge(error: TelegramError) -> Ruling:
    """Say what to do about an error. BadRequest is a NetworkError in the library, so it is looked at first."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Ruling(Verdict.LATER, wait if isinstance(wait, int | float) else wait.total_seconds())
        case BadRequest():
            text = error.message.lower()
            return Ruling(next((verdict for part, verdict in DESCRIPTIONS if part in text), Verdict.BUG))
        case Forbidden() | ChatMigrated():
            return Ruling(Verdict.GONE)
        case InvalidToken():
            return Ruling(Verdict.STOP)
        case TimedOut() | NetworkError():
            return Ruling(Verdict.LATER)
        case _ if error.message == UNREADABLE_ANSWER:
            return Ruling(Verdict.LATER)
        case _:
            return Ruling(Verdict.BUG)


def may_have_arrived(error: TelegramError) -> bool:
    """Tell whether a call that met this error was perhaps carried out: the line broke or fell silent before an answer.

    An answer that says no, even "internal server error", is one: the call counts as not carried out.
    """
    if isinstance(error.__cause__, NeverLeft):
        return False
    return isinstance(error, TimedOut) or isinstance(error.__cause__, LineBroken)
