"""Whether another process of the same SQLite database is there; on PostgreSQL nobody claims to be alone."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.jobs.presence import Presence

STAYS = """
import sys, time
from bot.jobs.presence import Presence
one = Presence(sys.argv[1])
print(flush=True)
time.sleep(60)
"""


def test_who_comes_while_another_is_there_is_not_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"

    first, second = Presence(url), Presence(url)
    first.leave()
    third = Presence(url)
    second.leave()
    third.leave()
    fourth = Presence(url)
    fourth.leave()

    assert [one.is_alone for one in (first, second, third, fourth)] == [True, False, False, True]


def test_process_that_is_killed_is_there_no_more(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"

    with subprocess.Popen([sys.executable, "-c", STAYS, url], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        beside = Presence(url)
        beside.leave()
        process.kill()
    after = Presence(url)
    after.leave()

    assert (beside.is_alone, after.is_alone) == (False, True)


def test_who_comes_in_the_moment_in_which_another_finds_itself_alone_is_seen_by_a_third(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    moment = os.open(tmp_path / "bot.db-present", os.O_RDWR | os.O_CREAT)
    fcntl.flock(moment, fcntl.LOCK_EX)

    with ThreadPoolExecutor(1) as another:
        coming = another.submit(Presence, url)
        time.sleep(0.2)
        os.close(moment)
        second = coming.result(10)
    third = Presence(url)
    second.leave()
    third.leave()

    assert (second.is_alone, third.is_alone) == (False, False)


def test_on_postgresql_nobody_is_alone() -> None:
    one = Presence("postgresql://localhost/bot")
    one.leave()

    assert not one.is_alone
