"""Work beside the loop: with the database, or such as a process which ends does not wait for."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

from sqlmodel import Session

from bot.store.session import Database

Value = TypeVar("Value")


async def beside(work: Callable[[], Value]) -> Value:
    """Do something in a thread of its own, which a process that ends does not wait for."""
    running = asyncio.get_running_loop()
    done: asyncio.Future[Value] = running.create_future()

    def tell(settle: Callable[[Any], None], what: object) -> None:
        if not done.done():
            settle(what)

    def run() -> None:
        try:
            value = work()
        except BaseException as error:
            outcome = (done.set_exception, error)
        else:
            outcome = (done.set_result, value)  # type: ignore[assignment]
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            running.call_soon_threadsafe(tell, *outcome)

    threading.Thread(target=run, name="engine", daemon=True).start()
    return await done


async def in_transaction(database: Database, workers: Executor, work: Callable[[Session], Value]) -> Value:
    """Do something with the database on the threads that are there for it."""
    since = time.monotonic()

    def run() -> Value:
        with database.transaction(since=since) as session:
            return work(session)

    return await asyncio.get_running_loop().run_in_executor(workers, run)


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, Value]) -> Value | None:
    """Wait for something, but not beyond `stop`."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return await doing if doing.done() else None
    finally:
        doing.cancel()
        stopping.cancel()
