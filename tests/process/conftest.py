"""What commands run inside a test change for the whole process is put back after it."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from bot.watch import logs


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """Leave logging and the hooks for what nobody catches as they were."""
    loggers = [logging.getLogger(name) for name in (None, "bot", "py.warnings", *logs.LOUD, *logs.SILENT)]
    before = [(logger, list(logger.handlers), logger.level) for logger in loggers]
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for logger, handlers, level in before:
        logger.handlers[:] = handlers
        logger.setLevel(level)
