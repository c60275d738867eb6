"""The third wall around lesson cards that editors wrote: they are parsed, checked and rendered in a process of its own.

The process (`bot.texts.cell`) can hold 128 MiB, gets one second for a card, opens no file and no socket, inherits
nothing from the environment, and is replaced when it dies. One card at a time; who comes while many wait is sent away.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import logging
import os
import secrets
import select
import signal
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.texts.cell import HEAD, TEXT_LIMIT
from bot.texts.lesson import SOURCE_LIMIT, LessonRefused, fitting

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
WALL_SECONDS = 1.0
START_SECONDS = 5.0
REST_SECONDS = 10.0
"""After a process that could not be started, so long no other is tried."""
STRETCH = 4
"""So many times the wall is added for a cell that the machine has hardly let run."""
READY_LIMIT = 100
QUEUE = 16
KEPT_OUT_SECONDS = 60.0
KEPT_OUT = 256
PEOPLE_LIMIT = 40
"""For so many people a card is rendered at once: a check takes 28."""

Values = Mapping[str, object]


class CardBroke(LessonRefused):
    """A card that took too long or too much; it is not tried again for a minute."""


class JailBusy(LessonRefused):
    """Too many cards wait."""


class JailDown(LessonRefused):
    """No process can be started; nothing that editors wrote can be shown."""


class _Died(Exception):
    """The cell ended before it answered."""


class _TooSlow(Exception):
    """The cell did not answer in time."""


@dataclass(slots=True)
class _Patience:
    """How long a cell is waited for: longer, once, where the machine is so busy that the cell has hardly run."""

    process_id: int
    used: float
    seconds: float
    until: float
    is_stretched: bool = False

    @property
    def left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0 and not self.is_stretched and _cpu_seconds(self.process_id) - self.used < self.seconds / 2:
            self.is_stretched = True
            self.until += STRETCH * self.seconds
            left = self.until - time.monotonic()
        return left


def _cpu_seconds(process_id: int) -> float:
    """Return what processor time a process has used; without end where the system does not tell."""
    try:
        fields = (
            Path(f"/proc/{process_id}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return float("inf")


@dataclass(slots=True)
class _Cell:
    """The other process and how to talk to it; `used` is the processor time that it told with its last answer."""

    process: subprocess.Popen[bytes]
    used: float = 0.0
    has_served: bool = False

    @classmethod
    def opened(cls, program: str) -> _Cell:
        """Start a process and wait until it has shut its doors."""
        process = subprocess.Popen(  # noqa: S603 (the program is named by us)
            [sys.executable, "-s", "-B", "-m", program],
            cwd=ROOT,
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        os.set_blocking(process.stdin.fileno(), False)
        os.set_blocking(process.stdout.fileno(), False)
        cell = cls(process)
        try:
            cell._note(json.loads(cell._read(cell._patience(START_SECONDS), limit=READY_LIMIT)))
        except (_Died, _TooSlow, ValueError) as error:
            cell.close()
            raise _Died from error
        return cell

    def ask(self, source: str, people: Sequence[Values], seconds: float) -> Mapping[str, Any]:
        """Send one card and return the answer to it; what answers another question comes from a cell gone mad."""
        patience, number = self._patience(seconds), secrets.token_hex(8)
        content = json.dumps({"number": number, "source": source, "people": list(people)}).encode()
        self._write(HEAD.pack(len(content)) + content, patience)
        limit = (len(people) + 1) * TEXT_LIMIT * 6  # a character may take six bytes of JSON
        try:
            answer = json.loads(self._read(patience, limit))
        except (ValueError, RecursionError) as error:
            raise _Died from error
        if not isinstance(answer, dict) or answer.get("number") != number:
            raise _Died
        self._note(answer)
        self.has_served = True
        return answer

    def _patience(self, seconds: float) -> _Patience:
        return _Patience(self.process.pid, self.used, seconds, time.monotonic() + seconds)

    def _note(self, answer: Mapping[str, Any]) -> None:
        used = answer.get("used")
        self.used = float(used) if isinstance(used, int | float) else 0.0

    def _write(self, content: bytes, patience: _Patience) -> None:
        assert self.process.stdin is not None
        rest, pipe = memoryview(content), self.process.stdin.fileno()
        while rest:
            try:
                rest = rest[os.write(pipe, rest) :]
            except BlockingIOError:
                _await(pipe, select.POLLOUT, patience)
            except BrokenPipeError as error:
                raise _Died from error

    def _read(self, patience: _Patience, limit: int) -> bytes:
        (length,) = HEAD.unpack(self._exactly(HEAD.size, patience))
        if length > limit:
            raise _Died
        return self._exactly(length, patience)

    def _exactly(self, size: int, patience: _Patience) -> bytes:
        assert self.process.stdout is not None
        found, pipe = bytearray(), self.process.stdout.fileno()
        while len(found) < size:
            try:
                chunk = os.read(pipe, size - len(found))
            except BlockingIOError:
                _await(pipe, select.POLLIN, patience)
                continue
            if not chunk:
                raise _Died
            found += chunk
        return bytes(found)

    def close(self) -> None:
        """End the process now."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.process.wait()


def _await(pipe: int, event: int, patience: _Patience) -> None:
    waiting = select.poll()
    waiting.register(pipe, event)
    while (left := patience.left) > 0:
        if waiting.poll(left * 1000):
            return
    raise _TooSlow


class Jail:
    """Renders cards behind the walls; safe to use from many threads, and nothing is started before it is needed."""

    def __init__(
        self, *, wall_seconds: float = WALL_SECONDS, queue: int = QUEUE, program: str = "bot.texts.cell"
    ) -> None:
        self._program = program
        self._wall_seconds = wall_seconds
        self._places = threading.BoundedSemaphore(queue)
        self._turn = threading.Lock()
        self._cell: _Cell | None = None
        self._kept_out: OrderedDict[str, float] = OrderedDict()
        self._rests_until = 0.0

    @property
    def process_id(self) -> int | None:
        """Return the number of the process that stands ready, None where none does."""
        cell = self._cell
        return cell.process.pid if cell and cell.process.poll() is None else None

    @property
    def is_down(self) -> bool:
        """Tell whether the last try to start a process failed, so that none is tried for a while."""
        return self._cell is None and self._rests_until > time.monotonic()

    def check(self, source: str) -> None:
        """Refuse with LessonRefused a card that the walls do not let through."""
        self.render(source, ())

    def render(self, source: str, people: Sequence[Values]) -> list[str]:
        """Return a card as each of these people reads it; refuse with LessonRefused."""
        if len(source) > SOURCE_LIMIT:
            raise LessonRefused(f"kartu lebih panjang dari {SOURCE_LIMIT} huruf")
        assert len(people) <= PEOPLE_LIMIT
        digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        if not self._places.acquire(blocking=False):
            raise JailBusy("terlalu banyak kartu menunggu giliran; coba lagi sebentar")
        try:
            with self._turn:
                return self._rendered(digest, source, people)
        finally:
            self._places.release()

    def show(self, source: str, values: Values) -> str:
        """Return a card as one person reads it, if Telegram takes it; refuse with LessonRefused."""
        (text,) = self.render(source, (values,))
        return fitting(text)

    def _rendered(self, digest: str, source: str, people: Sequence[Values]) -> list[str]:
        if self._kept_out.get(digest, 0.0) > time.monotonic():
            raise CardBroke("kartu ini terlalu berat untuk ditampilkan")
        try:
            return _texts(self._asked(source, people))
        except (_Died, _TooSlow) as error:
            self._keep_out(digest)
            log.warning("a lesson card broke its cell: %s, digest %s", type(error).__name__, digest[:16])
            raise CardBroke("kartu ini terlalu berat untuk ditampilkan") from error

    def _asked(self, source: str, people: Sequence[Values]) -> Mapping[str, Any]:
        """Ask the cell; where one dies that has served others before, it may be their fault, and a new one is asked."""
        for _ in range(2):
            cell = self._ready_cell()
            was_used = cell.has_served
            try:
                return cell.ask(source, people, self._wall_seconds)
            except _TooSlow:
                self._replace()
                raise
            except _Died:
                self._replace()
                if not was_used or cell.process.returncode == -signal.SIGXCPU:
                    raise
        raise _Died

    def _ready_cell(self) -> _Cell:
        if self._cell is None or self._cell.process.poll() is not None:
            self._replace()
            if self._rests_until > time.monotonic():
                raise JailDown("kartu belum bisa diperiksa; coba lagi sebentar")
            try:
                self._cell = _Cell.opened(self._program)
            except (OSError, _Died) as error:
                self._rests_until = time.monotonic() + REST_SECONDS
                log.exception("no process for lesson cards can be started")
                raise JailDown("kartu belum bisa diperiksa; coba lagi sebentar") from error
        return self._cell

    def _replace(self) -> None:
        if self._cell is not None:
            self._cell.close()
            self._cell = None

    def _keep_out(self, digest: str) -> None:
        self._kept_out[digest] = time.monotonic() + KEPT_OUT_SECONDS
        self._kept_out.move_to_end(digest)
        if len(self._kept_out) > KEPT_OUT:
            self._kept_out.popitem(last=False)

    def close(self) -> None:
        """End the process; the next card starts another."""
        with self._turn:
            self._replace()


def _texts(answer: Mapping[str, Any]) -> list[str]:
    """Read an answer as something a stranger sent."""
    match answer:
        case {"texts": list(texts)} if all(isinstance(text, str) for text in texts):
            return texts
        case {"refused": str(reason), "line": int(line)}:
            raise LessonRefused(reason, line)
    raise _Died


@lru_cache(maxsize=1)
def jail() -> Jail:
    """Return the one jail of this process; it ends with it."""
    made = Jail()
    atexit.register(made.close)
    return made
