"""The process that pictures are drawn in: that nothing else waits for it, and what happens when it breaks."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.texts.easel import Easel, PictureBroke
from bot.texts.painter import drawn
from bot.texts.picture import png

SMALL = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="red"/></svg>'
WORDS = "".join(f'<text x="5" y="{20 * n}" font-family="Open Sans">Tangga Digital {n}</text>' for n in range(1, 60))
LARGE = f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="1200">{WORDS}</svg>'
LONGEST_GAP = 0.05
"""Seconds: how long the event loop may stand still."""


@pytest.fixture
def easel() -> Iterator[Easel]:
    made = Easel()
    yield made
    made.close()


def test_nothing_is_started_before_it_is_needed(easel: Easel) -> None:
    assert easel.process_id is None

    easel.draw(SMALL, 1)

    assert easel.process_id is not None


def test_pictures_are_those_drawn_in_place(easel: Easel) -> None:
    assert [easel.draw(svg, zoom) for svg in (SMALL, LARGE) for zoom in (1, 2.5)] == [
        drawn(svg, zoom) for svg in (SMALL, LARGE) for zoom in (1, 2.5)
    ]


def test_broken_picture_is_refused_and_the_next_one_drawn_by_the_same_process(easel: Easel) -> None:
    with pytest.raises(PictureBroke):
        easel.draw("<svg", 1)
    first = easel.process_id

    assert easel.draw(SMALL, 1) == drawn(SMALL, 1)
    assert easel.process_id == first


def test_process_that_was_killed_is_replaced(easel: Easel) -> None:
    easel.draw(SMALL, 1)
    first = easel.process_id
    assert first is not None

    os.kill(first, signal.SIGKILL)

    assert easel.draw(SMALL, 1) == drawn(SMALL, 1)
    assert easel.process_id not in (None, first)


def test_process_that_is_killed_while_it_draws_is_replaced(easel: Easel) -> None:
    easel.draw(SMALL, 1)
    first = easel.process_id
    assert first is not None
    os.kill(first, signal.SIGSTOP)  # it will never answer
    killing = threading.Timer(0.2, os.kill, (first, signal.SIGKILL))
    killing.start()

    assert easel.draw(SMALL, 1) == drawn(SMALL, 1)
    assert easel.process_id not in (None, first)


@pytest.mark.parametrize("svg", [SMALL, SMALL + " " * 500_000], ids=["small", "more than a pipe holds"])
def test_process_that_stands_still_is_ended(svg: str) -> None:
    easel = Easel(seconds=5)
    easel.draw(SMALL, 1)
    first = easel.process_id
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    easel._seconds = 0.2

    with pytest.raises(PictureBroke, match="too long"):
        easel.draw(svg, 1)

    easel._seconds = 5
    assert easel.draw(SMALL, 1) == drawn(SMALL, 1)
    easel.close()
    assert easel.process_id is None


def test_many_threads_get_their_own_picture(easel: Easel) -> None:
    pictures = [SMALL.replace("red", f"#{n:06x}") for n in range(20)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda svg: easel.draw(svg, 1), pictures))

    assert found == [drawn(svg, 1) for svg in pictures]


def test_nobody_waits_while_a_picture_is_drawn() -> None:
    png(SMALL)  # the process is there

    began = time.thread_time()
    drawn(LARGE, 2)
    in_place = time.thread_time() - began
    used = asyncio.run(_used_beside(LARGE))

    assert in_place > LONGEST_GAP  # else there is nothing to be seen
    assert used < LONGEST_GAP


async def _used_beside(svg: str) -> float:
    """Return how much CPU this process spends, in its thread of drawing, on a picture: nobody else runs meanwhile."""

    def draw() -> float:
        began = time.thread_time()
        png(svg)
        return time.thread_time() - began

    return await asyncio.to_thread(draw)
