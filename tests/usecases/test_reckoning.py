"""Heavy sums in a process beside the bot."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.usecases.reckoning import WAITING, Busy, Look, Reckoner, Running, Task
from tests.usecases.world import START

SUM = Task("sum", "sum", {"of": [1, 2]})
ECHO = """
import json, sys
asked = json.load(sys.stdin)
print(json.dumps({"done": 1, "of": 2}), flush=True)
print(json.dumps({"found": [asked["task"], asked["values"], asked["url"]]}))
"""


def script(code: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", code)


@pytest.fixture
def opened() -> Iterator[list[Reckoner]]:
    """Reckoners that are closed at the end."""
    kept: list[Reckoner] = []
    yield kept
    for reckoner in kept:
        reckoner.close()


def reckoner(opened: list[Reckoner], code: str = ECHO, longest_seconds: float = 20.0) -> Reckoner:
    opened.append(Reckoner(script(code), longest_seconds))
    return opened[-1]


def test_what_was_found_is_kept_and_told(opened: list[Reckoner]) -> None:
    found, told = reckoner(opened), list[str]()

    found.start(SUM, url="sqlite:///x", now=START, then=told.append)
    found.wait()

    look = found.look("sum")
    assert look.found is not None
    assert (look.found.content, look.found.at) == ('["sum", {"of": [1, 2]}, "sqlite:///x"]', START)
    assert (look.running, look.broke, told) == (None, False, [look.found.content])


def test_nothing_is_known_of_what_was_not_asked_for(opened: list[Reckoner]) -> None:
    assert reckoner(opened).look("sum") == Look(None, None, broke=False)


def test_progress_can_be_looked_at(opened: list[Reckoner]) -> None:
    slow = reckoner(
        opened, ECHO.replace('print(json.dumps({"found"', 'import time; time.sleep(20)\nprint(json.dumps({"found"')
    )

    slow.start(SUM, url="", now=START)
    until = time.monotonic() + 10
    while (running := slow.look("sum").running) != Running(1, 2) and time.monotonic() < until:
        time.sleep(0.01)

    assert running == Running(1, 2)
    assert running is not None and running.percent == 50
    assert Running().percent == 0


@pytest.mark.parametrize(
    "code",
    [
        "import sys; sys.exit(3)",
        'print(\'{"broke": "ValueError"}\')',
        "print('no json')",
    ],
    ids=["dies", "says so", "babbles"],
)
def test_sum_that_breaks_is_told_and_may_be_tried_again(opened: list[Reckoner], code: str) -> None:
    broken, told = reckoner(opened, f"import sys; sys.stdin.read(); {code}"), list[str]()

    broken.start(SUM, url="", now=START, then=told.append)
    broken.wait()
    first = broken.look("sum")
    broken.start(SUM, url="", now=START)

    assert (first, told) == (Look(None, None, broke=True), [])
    assert broken.look("sum").broke is False


def test_sum_that_takes_too_long_is_given_up(opened: list[Reckoner]) -> None:
    endless = reckoner(opened, "import time; time.sleep(60)", longest_seconds=0.2)

    endless.start(SUM, url="", now=START)
    endless.wait()

    assert endless.look("sum").broke


def test_what_cannot_be_kept_is_found_all_the_same(opened: list[Reckoner]) -> None:
    def refuse(content: str) -> None:
        raise RuntimeError

    found = reckoner(opened)

    found.start(SUM, url="", now=START, then=refuse)
    found.wait()

    assert found.look("sum").found is not None


def test_same_sum_is_not_begun_twice_and_many_are_sent_away(opened: list[Reckoner]) -> None:
    slow = reckoner(opened, "import time; time.sleep(60)")

    for _ in range(3):
        slow.start(SUM, url="", now=START)
    for number in range(WAITING - 1):
        slow.start(Task(f"other {number}", "sum", {}), url="", now=START)

    with pytest.raises(Busy):
        slow.start(Task("one too many", "sum", {}), url="", now=START)


def test_older_finding_stays_while_a_newer_is_worked_out(opened: list[Reckoner]) -> None:
    found = reckoner(opened)
    found.start(SUM, url="", now=START)
    found.wait()

    found.start(SUM, url="", now=START + timedelta(minutes=10))
    meanwhile = found.look("sum")
    found.wait()

    assert meanwhile.found is not None and meanwhile.found.at == START
    last = found.look("sum").found
    assert last is not None and last.at == START + timedelta(minutes=10)


def test_closed_reckoner_ends_its_process_and_takes_nothing_more(opened: list[Reckoner]) -> None:
    slow = reckoner(opened, "import time; time.sleep(60)")
    slow.start(SUM, url="", now=START)
    while slow._process is None:
        time.sleep(0.01)
    process = slow._process

    began = time.monotonic()
    slow.close()
    slow.start(Task("late", "sum", {}), url="", now=START)

    assert process.poll() is not None
    assert time.monotonic() - began < 5
    assert slow.look("late") == Look(None, None, broke=False)
