"""Heavy figures, worked out in a process of the lowest priority, so that the bot goes on answering meanwhile.

One sum at a time. What was found is kept in the memory of this process: after a restart, or in another process of the
same database, it is worked out anew.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-s", "-m", "bot.usecases.abacus")
LONGEST_SECONDS = 180.0
KEPT = 24
WAITING = 6


@dataclass(frozen=True, slots=True)
class Task:
    """What to work out: a name that `abacus` knows, values as JSON knows them, and the key it is kept under."""

    key: str
    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What was worked out, as JSON, and when it was asked for."""

    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """How much is done, and of how much; 0 of 0 while it waits for its turn."""

    done: int = 0
    of: int = 0

    @property
    def percent(self) -> int:
        return 100 * self.done // self.of if self.of else 0


@dataclass(frozen=True, slots=True)
class Look:
    """Where a sum stands: what was found last, what is under way, and whether the last try broke."""

    found: Found | None
    running: Running | None
    broke: bool


class Busy(Exception):
    """Too many sums wait already; asking again later is right."""


class Reckoner:
    """Works sums out beside the bot, one after the other, and keeps what was found last."""

    def __init__(self, command: tuple[str, ...] = COMMAND, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._command = command
        self._longest = longest_seconds
        self._guard = threading.Lock()
        self._found: OrderedDict[str, Found] = OrderedDict()
        self._running: dict[str, Running] = {}
        self._broke: set[str] = set()
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="reckoning")
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    def look(self, key: str) -> Look:
        """Return where a sum stands; nothing is started."""
        with self._guard:
            return Look(self._found.get(key), self._running.get(key), key in self._broke)

    def start(self, task: Task, *, url: str, now: datetime, then: Callable[[str], None] = lambda content: None) -> None:
        """Begin to work a sum out over the database at `url`, unless it is under way; refuse with Busy. `then` is
        told what was found, in a thread of its own.
        """
        with self._guard:
            if task.key in self._running or self._is_closed:
                return
            if len(self._running) >= WAITING:
                raise Busy
            self._running[task.key] = Running()
            self._broke.discard(task.key)
        self._lane.submit(self._work, task, url, now, then)

    def wait(self) -> None:
        """Wait until everything that was asked for is worked out."""
        self._lane.submit(lambda: None).result()

    def close(self) -> None:
        """Give up what is under way and take nothing more."""
        with self._guard:
            self._is_closed = True
            if self._process is not None:
                self._process.kill()
        self._lane.shutdown(cancel_futures=True)

    def _work(self, task: Task, url: str, now: datetime, then: Callable[[str], None]) -> None:
        content = None
        try:
            content = self._reckoned(task, json.dumps({"url": url, "task": task.name, "values": task.values}))
            if content is not None:
                then(content)
        except Exception:
            log.exception("what was found of %s could not be kept", task.name)
        with self._guard:
            del self._running[task.key]
            if content is None:
                self._broke.add(task.key)
                return
            self._found[task.key] = Found(content, now)
            self._found.move_to_end(task.key)
            while len(self._found) > KEPT:
                self._found.popitem(last=False)

    def _reckoned(self, task: Task, request: str) -> str | None:
        """Let the other process work; return what it found, None where it broke or took too long."""
        process = self._opened()
        if process is None:
            return None
        with process:
            timer = threading.Timer(self._longest, process.kill)
            timer.start()
            try:
                return self._heard(task, process, request)
            except OSError as error:
                log.warning("%s was given up: %s", task.name, type(error).__name__)
                return None
            finally:
                timer.cancel()
                process.kill()
                with self._guard:
                    self._process = None

    def _opened(self) -> subprocess.Popen[bytes] | None:
        with self._guard:
            if self._is_closed:
                return None
            self._process = subprocess.Popen(  # noqa: S603 (our own module, no shell)
                self._command,
                cwd=ROOT,
                env={},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            return self._process

    def _heard(self, task: Task, process: subprocess.Popen[bytes], request: str) -> str | None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request.encode())
        process.stdin.close()
        for line in process.stdout:
            said = json.loads(line)
            if "found" in said:
                return json.dumps(said["found"])
            if "broke" in said:
                log.error("%s broke: %s", task.name, said["broke"])
                return None
            with self._guard:
                self._running[task.key] = Running(said["done"], said["of"])
        log.warning("%s ended without an answer", task.name)
        return None
