"""The inside of the jail: a process with little memory and time and no doors, which renders one lesson card at a time.

`bot.texts.jail` starts it as `python -m bot.texts.cell` and talks to it in frames: four bytes of length, then JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import struct
import time
from collections.abc import Mapping
from typing import Any

from bot.texts.lesson import LessonRefused, check_card, render_card

MEMORY_BYTES = 128 * 1024 * 1024
CPU_SECONDS = 1
TEXT_LIMIT = 64 * 1024
"""Bytes of one rendered card; Telegram takes 4,096 characters."""
HEAD = struct.Struct(">I")
IN, OUT = 0, 1
NO_MORE_FILES = 3
"""Standard input, output and errors are open; nothing else can be opened, no file and no socket."""
WARM_UP = (
    "{% for k in keliru if k.soal == 'a' %}{{ k.soal }}{{ 1 | rupiah }}{% else %}-{% endfor %}{{ keliru | length }}",
    "{% if nama in ['\\u00e9', 1.5] and not (1 < 2) or nama %}{{ '\\N{BULLET}' }}{% endif %}{% raw %}{{% endraw %}",
    "{{ nama | rupiah }}",
    "{{ nama.__class__ }}",
    "{{",
)
"""Everything that a card may do and some that it may not, because a module that is first needed later is not found."""


def main() -> None:
    """Shut the doors, say that all is ready, and answer until the other side is gone."""
    _warm_up()
    shut_doors()
    _write(json.dumps({"used": time.process_time()}).encode())
    while (asked := _read()) is not None:
        _allow_one_job()
        try:
            question = json.loads(asked)
            told = answer(question) | {"number": question["number"], "used": time.process_time()}
            _write(json.dumps(told).encode())
        except MemoryError:
            os._exit(1)


def _warm_up() -> None:
    """Render what makes every module be imported that rendering and refusing needs, while files can still be read."""
    for source in WARM_UP:
        with contextlib.suppress(LessonRefused):
            render_card(source, {"keliru": [{"soal": "a"}], "nama": "a"})


def shut_doors() -> None:
    """Give up memory, files, sockets, children and core dumps for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (NO_MORE_FILES, NO_MORE_FILES))
    for door in (resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC, resource.RLIMIT_CORE):
        resource.setrlimit(door, (0, 0))


def _allow_one_job() -> None:
    """Let the processor's time for one more job pass, in whole seconds as the system counts them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Check a card and render it once for each person's values; return the texts, or why and where it is refused."""
    try:
        if not asked["people"]:
            check_card(asked["source"])
        texts = [render_card(asked["source"], values) for values in asked["people"]]
    except LessonRefused as refused:
        return {"refused": str(refused), "line": refused.line}
    if any(len(text.encode("utf-8", "surrogatepass")) > TEXT_LIMIT for text in texts):
        return {"refused": f"kartu menjadi lebih dari {TEXT_LIMIT // 1024} KiB", "line": 1}
    return {"texts": texts}


def _read() -> bytes | None:
    head = _read_exactly(HEAD.size)
    return _read_exactly(HEAD.unpack(head)[0]) if head else None


def _read_exactly(size: int) -> bytes | None:
    found = bytearray()
    while len(found) < size:
        chunk = os.read(IN, size - len(found))
        if not chunk:
            return None
        found += chunk
    return bytes(found)


def _write(content: bytes) -> None:
    rest = memoryview(HEAD.pack(len(content)) + content)
    while rest:
        rest = rest[os.write(OUT, rest) :]


if __name__ == "__main__":
    main()
