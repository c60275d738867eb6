"""The process in which a Reckoner works: one request on standard input, one line for every step, then what was found.

It runs only while nothing else wants the machine, reads a snapshot of the database, and writes nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from bot.store.session import Database
from bot.usecases import clinic_figures, rehearsal_figures

LOWEST_PRIORITY = 19
CPU_SECONDS = 180

Progress = Callable[[int, int], None]
TASKS: Mapping[str, Callable[..., Any]] = {
    "clinic": clinic_figures.checkups,
    "effect": clinic_figures.effect_of,
    "rehearse": rehearsal_figures.rehearse,
}


def main() -> None:
    """Answer one request."""
    os.nice(LOWEST_PRIORITY)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    request = json.load(sys.stdin.buffer)
    with contextlib.suppress(BrokenPipeError):
        _say(_answer(request))


def _answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
    database = Database(request["url"])
    try:
        return {"found": TASKS[request["task"]](database, values=request["values"], progress=_progress())}
    except BrokenPipeError:
        raise
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        return {"broke": f"{type(error).__name__}\n{frames}"}
    finally:
        database.close()


def _progress() -> Progress:
    """Return a progress that is told at every whole percent."""
    told = -1

    def progress(done: int, of: int) -> None:
        nonlocal told
        percent = 100 * done // max(1, of)
        if percent != told:
            told = percent
            _say({"done": done, "of": of})

    return progress


def _say(said: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
