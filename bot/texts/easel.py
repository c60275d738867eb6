"""Where pictures are drawn: in a process of its own, for a drawing holds the interpreter for a seventh of a second in
which nobody else would be answered.

The process (`bot.texts.painter`) is started at the first picture, gives way to everything else, draws one picture at a
time, and is replaced when it dies or takes too long.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from functools import lru_cache
from pathlib import Path

from bot.texts.painter import DRAWN, HEAD, ZOOM

ROOT = Path(__file__).parents[2]
SECONDS = 15.0
LARGEST = 64 * 2**20


class PictureBroke(ValueError):
    """A picture that cannot be drawn, or takes too long."""


class _Died(Exception):
    """The process ended before it answered."""


class Easel:
    """Draws SVG as PNG; safe to use from many threads, and nothing is started before it is needed."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        """`seconds` is how long one drawing may take."""
        self._seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """Return the number of the process that stands ready, None where none does."""
        process = self._process
        return process.pid if process and process.poll() is None else None

    def draw(self, svg: str, zoom: float) -> bytes:
        """Return a picture as PNG, so many times its size; refuse with PictureBroke."""
        with self._turn:
            with contextlib.suppress(_Died):
                return self._drawn(svg, zoom)
            try:  # whoever ended that process, another one is worth a try
                return self._drawn(svg, zoom)
            except _Died as error:
                raise PictureBroke("the process that draws died") from error

    def close(self) -> None:
        """End the process; the next picture starts another."""
        with self._turn:
            self._end()

    def _drawn(self, svg: str, zoom: float) -> bytes:
        process, until = self._ready(), time.monotonic() + self._seconds
        source = ZOOM.pack(zoom) + svg.encode()
        try:
            _write(process, HEAD.pack(len(source)) + source, until)
            (length,) = HEAD.unpack(_read(process, HEAD.size, until))
            if length > LARGEST:
                raise _Died
            answer = _read(process, length, until)
        except (_Died, PictureBroke):
            self._end()
            raise
        if answer[:1] != DRAWN:
            raise PictureBroke(answer[1:].decode("utf-8", "replace"))
        return answer[1:]

    def _ready(self) -> subprocess.Popen[bytes]:
        if self.process_id is None or self._process is None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-B", "-m", "bot.texts.painter"],
                cwd=ROOT,
                env={},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
            )
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()


def _write(process: subprocess.Popen[bytes], content: bytes, until: float) -> None:
    assert process.stdin is not None
    rest, pipe = memoryview(content), process.stdin.fileno()
    while rest:
        _await(pipe, select.POLLOUT, until)
        try:
            rest = rest[os.write(pipe, rest) :]
        except BrokenPipeError as error:
            raise _Died from error


def _read(process: subprocess.Popen[bytes], size: int, until: float) -> bytes:
    assert process.stdout is not None
    found, pipe = bytearray(), process.stdout.fileno()
    while len(found) < size:
        _await(pipe, select.POLLIN, until)
        chunk = os.read(pipe, size - len(found))
        if not chunk:
            raise _Died
        found += chunk
    return bytes(found)


def _await(pipe: int, event: int, until: float) -> None:
    waiting = select.poll()
    waiting.register(pipe, event)
    if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
        raise PictureBroke("drawing takes too long")


@lru_cache(maxsize=1)
def easel() -> Easel:
    """Return the one easel of this process; it ends with it."""
    made = Easel()
    atexit.register(made.close)
    return made
