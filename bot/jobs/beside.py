"""Work beside the loop that a process which ends does not wait for."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

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


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, Value]) -> Value | None:
    """Wait for something, but not beyond `stop`."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return await doing if doing.done() else None
    finally:
        doing.cancel()
        stopping.cancel()
