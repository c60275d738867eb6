"""What would be told, caught as text."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.watch import logs

TOUCHED = (None, "bot", "py.warnings", *logs.LOUD, *logs.SILENT)


@contextmanager
def told(
    log_format: str, *, level: int = logging.DEBUG, secrets: tuple[str, ...] = (), key: str = ""
) -> Iterator[io.StringIO]:
    """Set up the logs of a process; put everything back after it."""
    loggers = [logging.getLogger(name) for name in TOUCHED]
    before = [(logger, list(logger.handlers), logger.level) for logger in loggers]
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    stream = io.StringIO()
    logs.set_up(log_format, known=secrets, key=key, level=level, stream=stream)
    try:
        yield stream
    finally:
        logging.captureWarnings(False)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        for logger, handlers, was in before:
            logger.handlers[:] = handlers
            logger.setLevel(was)
