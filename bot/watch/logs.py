"""What this process tells of itself on standard error: as text for people or as JSON for machines.

Neither holds secrets, message texts, names or Telegram ids. Of an exception stand its kind and where it went, never its
own words: those of a database or a parser quote what people wrote.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from bot.watch.redaction import Redaction

TEXT, JSON = "text", "json"
EXTRAS = ("error_id", "outcome", "bot_id", "person", "kind", "check")
"""What an entry may carry beside its message; `telegram_id` becomes `person`, everything else is left out."""
SILENT = ("telegram",)
"""Libraries that quote what they were sent; their troubles are told in our own words."""
LOUD = ("httpx", "httpcore", "aiohttp", "uvicorn", "dbos", "alembic", "sqlalchemy", "asyncio")
"""Libraries that quote addresses, values or people where they speak of more than trouble."""
DEEPEST_CAUSE = 5
FRAMES = '\n  File "'
"""How the frames begin that our own entries carry below their message."""

log = logging.getLogger(__name__)


def replica() -> str:
    """Return the name of this process among several."""
    return f"{socket.gethostname()}:{os.getpid()}"


def set_up(
    log_format: str = TEXT,
    *,
    known: Iterable[str] = (),
    key: str = "",
    level: int = logging.INFO,
    stream: TextIO | None = None,
) -> None:
    """Send all entries through one handler; called again once the settings are read, with the secrets they hold.

    Our own words are told from `level` on, those of libraries from WARNING on, whatever they are.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_JsonLines() if log_format == JSON else _TextLines())
    handler.addFilter(Clean(Redaction(known, key=key)))
    root = logging.getLogger()
    for before in [one for one in root.handlers if any(isinstance(kept, Clean) for kept in one.filters)]:
        root.removeHandler(before)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    logging.captureWarnings(True)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    engine = logging.getLogger("dbos")
    if not engine.handlers:
        engine.addHandler(logging.NullHandler())  # else it writes to the console past this one


def catch_the_rest() -> None:
    """Tell what nobody catches in the same form; the event loop's share is `task_broke`."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


class Clean(logging.Filter):
    """Makes an entry fit to be read by anybody, before any formatter sees it."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the entry in place; it is always told."""
        line = self._redaction.line
        if not getattr(record, "_is_clean", False):
            message, frames, rest = _message(record).partition(FRAMES)
            record.msg, record.args = line(message), None
            frames = told(record.exc_info) if record.exc_info else (frames + rest).strip("\n")
            record.exc_text = "\n".join(map(line, frames.split("\n"))) if frames else None
            record.exc_info = record.stack_info = None
            found = {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
            found = {name: value if isinstance(value, int) else line(str(value)) for name, value in found.items()}
            telegram_id = getattr(record, "telegram_id", None)
            if isinstance(telegram_id, int):
                found["person"] = self._redaction.mark(telegram_id)
            record.extras = found
            record._is_clean = True
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # an entry with the wrong number of values is still worth its words
        return str(record.msg)


def told(exc_info: Any) -> str:
    """Return kinds and frames of an exception and of what caused it, without a word or value of theirs."""
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(error, BaseException):
        return ""
    parts: list[str] = []
    for _ in range(DEEPEST_CAUSE):
        number = f" [Errno {error.errno}]" if isinstance(error, OSError) and error.errno else ""
        parts.append(
            f"{type(error).__qualname__}{number}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()
        )
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is None:
            break
        error = cause
    return "\nfrom ".join(parts)


class _TextLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        extras: dict[str, object] = getattr(record, "extras", {})
        told_beside = " ".join(f"{name}={value}" for name, value in extras.items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.msg}"
        line += f" [{told_beside}]" if told_beside else ""
        return line + "".join(f"\n  {frame}" for frame in (record.exc_text or "").splitlines())


class _JsonLines(JsonFormatter):
    def __init__(self) -> None:
        super().__init__("", static_fields={"replica": replica()})

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Write what every entry has, and after it what only this one has."""
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"], log_data["logger"], log_data["message"] = record.levelname, record.name, record.msg
        log_data.update(self.static_fields)
        log_data.update(getattr(record, "extras", {}))
        if record.exc_text:
            log_data["exception"] = record.exc_text


def _uncaught(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, frames)
    else:
        log.critical("the process ends by what nobody caught", exc_info=error)


def _uncaught_in_thread(broken: threading.ExceptHookArgs) -> None:
    if broken.exc_value is not None and broken.exc_type is not SystemExit:
        log.critical("a thread ended by what nobody caught", exc_info=broken.exc_value)


def _unraisable(broken: Any) -> None:
    log.error("what nobody could be told", exc_info=broken.exc_value)


def task_broke(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell what the event loop could tell nobody; to be set as its exception handler."""
    log.error("a task ended by what nobody caught", exc_info=context.get("exception"))
