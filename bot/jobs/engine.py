"""The engine: DBOS says when something is to be done, once over all processes, and how many messages leave a second.

It holds no truth. What is owed stands in the domain's rows; the engine's own database is a plan of the next seconds,
which may be lost at any moment. This is the only file that knows DBOS, and it asks for it only when the engine starts.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import secrets
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.delivery import DeliveryId
from bot.jobs.beside import beside, unless
from bot.jobs.deliveries import BATCH, Deliveries
from bot.jobs.pace import Pace
from bot.jobs.presence import Presence
from bot.store.leases import Lease, Leased
from bot.store.session import DatabaseUnavailable

if TYPE_CHECKING:
    from dbos import DBOSConfig, ScheduleInput

log = logging.getLogger(__name__)
VERSION = "2"
"""Names what the workflows below mean. Runs of another version are left to processes of that version: raise it where a
workflow gets other arguments, and never for anything else, or what waits in the queue waits for its lease to pass.
"""
QUEUE, SWEEP = "deliveries", "sweep"
SENDS_A_SECOND = 25
"""Of each bot. Telegram takes about thirty a second that nobody asked for; answers to taps need room beside them."""
BATCHES_A_SECOND = SENDS_A_SECOND // BATCH
LIMITED_SECONDS = 0.9
"""Stands for a second in the queue, which is asked a little late."""
BATCHES_AT_ONCE = 10
BUSY_POLL_SECONDS, IDLE_POLL_SECONDS = 0.1, 0.5
"""How often a process asks the queue: often enough to reach the limit, and seldom while there is nothing to do."""
EVERY_TWO_SECONDS = "*/2 * * * * *"
HOURLY = "0 17 * * * *"
KEPT_FOR = timedelta(hours=1)
"""How long the engine remembers what it did; nothing asks for it."""
PURGED_AT_ONCE = 500
LOOK_SECONDS, LOST_AFTER_SECONDS = 2.0, 30.0
"""How often a process looks, and lengthens the leases of what it has in hand: several times before one passes."""
FIRST_REST, LONGEST_REST = 1.0, 60.0
GRACE_SECONDS = 6.2
"""For how long messages under way are waited for at the end: until whatever never left has said so (`tg.transport`), as
connecting takes six seconds at most. What is under way after that may have arrived.
"""
STOP_SECONDS, NOTE_SECONDS = 2.0, 0.5
"""For how long DBOS is waited for after that, and what is called off to be noted."""
ARENA_MAX = -8
"""Names a setting of glibc's mallopt."""


class EngineLost(Exception):
    """The engine does nothing any more, or its database is gone."""


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done by the clock; `schedule` is a cron expression that begins with seconds, in UTC."""

    name: str
    schedule: str
    work: Callable[[], Awaitable[None]]


class Engine:
    """One process's part of the engine. Any number of processes may run one on the same database.

    DBOS runs in threads of its own; what it starts is carried out on the loop that `run` was called on. Whatever
    becomes of it, nothing else in the process waits for it.
    """

    def __init__(self, url: str, deliveries: Deliveries, chores: Sequence[Chore] = ()) -> None:
        self.url = url
        self.last_sweep: datetime | None = None
        """When any process last swept, by the real clock, as far as this one knows."""
        self._deliveries = deliveries
        self._chores = (
            Chore(SWEEP, EVERY_TWO_SECONDS, self._sweep),
            Chore("purge", HOURLY, self._purge_beside),
            *chores,
        )
        self._path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
        self._inode = 0
        self._begun_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._queued = self._delivering()
        self._turn = threading.Lock()
        self._paces: defaultdict[int, Pace] = defaultdict(partial(Pace, SENDS_A_SECOND))
        self._presence: Presence | None = None
        self._has_taken_over = False

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop`; start again, more and more seldom, where the engine cannot be started or is lost."""
        self._loop = asyncio.get_running_loop()
        self.last_sweep = self.last_sweep or datetime.now(UTC)  # an engine that never starts is missed like any other
        rest = FIRST_REST
        while not stop.is_set():
            self._begun_at = time.monotonic()
            try:
                await unless(stop, self._take_over())
                await self._watch(stop)
            except Exception:
                log.exception("the engine does not run")
            await self._end()
            lasted = time.monotonic() - self._begun_at > LONGEST_REST
            rest = FIRST_REST if lasted else min(LONGEST_REST, 2 * rest)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)
        if self._presence is not None:
            self._presence.leave()

    async def _take_over(self) -> None:
        """Start, and take up at once what the process before this one had in hand, where no other one is there."""
        await beside(self._start)
        if self._presence is None:
            self._presence = Presence(self._deliveries.database.url)
            if self._presence.is_alone:
                await self._deliveries.give_back(await beside(self._waiting))
        self._has_taken_over = True

    def _start(self) -> None:
        with self._turn:
            _share_memory()
            self._mend()
            self._launch()

    def _launch(self) -> None:
        """Start DBOS with everything that it is to do."""
        from dbos import DBOS

        self._deliveries.is_stopping = False
        speaks = logging.getLogger("dbos")
        if not speaks.handlers:
            speaks.addHandler(logging.NullHandler())  # or it would speak past the form of all other log entries
        DBOS(config=self._config())
        self._queued = DBOS.workflow(name="deliver")(self._delivering())
        schedules: list[ScheduleInput] = [
            {
                "schedule_name": chore.name,
                "workflow_fn": DBOS.workflow(name=chore.name)(self._workflow(chore)),
                "schedule": chore.schedule,
            }
            for chore in self._chores
        ]
        DBOS.launch()
        DBOS.register_queue(
            QUEUE,
            partition_limiter={"limit": BATCHES_A_SECOND, "period": LIMITED_SECONDS},
            partition_worker_concurrency=BATCHES_AT_ONCE,
            polling_interval_sec=IDLE_POLL_SECONDS,
            on_conflict="always_update",
        )
        DBOS.apply_schedules(schedules)
        planned = {chore.name for chore in self._chores}
        for known in DBOS.list_schedules():
            if known["schedule_name"] not in planned:
                DBOS.delete_schedule(known["schedule_name"])
        self._inode = self._path.stat().st_ino if self._path else 0

    def _config(self) -> DBOSConfig:
        from dbos import DBOSPortableJSONSerializer

        config: DBOSConfig = {
            "name": "tangga",
            "system_database_url": self.url,
            "application_version": VERSION,
            # DBOS takes up what a process with the same name left behind; here leases do that.
            "executor_id": secrets.token_hex(8),
            "serializer": DBOSPortableJSONSerializer(),
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 1.0,
            "scheduler_polling_interval_sec": 30.0,
            "max_executor_threads": 16,
            "sys_db_pool_size": 5,
            "log_level": "WARNING",
        }
        if self._path:
            config["db_engine_kwargs"] = {"connect_args": {"factory": _Careless}}
        return config

    def _mend(self) -> None:
        """Put a broken file of the engine aside: nothing in it is missed."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self._path)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        except sqlite3.OperationalError:
            raise  # locked, full or not to be opened: it is not the content
        except sqlite3.DatabaseError:
            sound = False
        if not sound:
            log.error("the engine's file was broken and begins anew; what is owed is not in it")
            for ending in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(f"{self._path}{ending}", f"{self._path}.broken{ending}")

    def _workflow(self, chore: Chore) -> Callable[[Any, Any], Coroutine[Any, Any, None]]:
        async def fired(at: Any, context: Any) -> None:
            await self._here(chore.name, chore.work)

        return fired

    def _delivering(self) -> Callable[[list[list[int]]], Coroutine[Any, Any, None]]:
        async def deliver(batch: list[list[int]]) -> None:
            await self._here("deliver", lambda: self._deliver(batch))

        return deliver

    async def _deliver(self, batch: list[list[int]]) -> None:
        """Send a few messages, each as soon as its bot's pace allows; the trouble of one is nothing to the others."""
        sending = (
            partial(self._deliveries.deliver, DeliveryId(delivery_id), tries, self._take_turn)
            for delivery_id, tries in batch
        )
        await asyncio.gather(*(self._guarded("deliver", one) for one in sending))

    async def _take_turn(self, bot_id: int) -> None:
        await self._paces[bot_id].turn()

    async def _here(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Carry something out on the loop of everything else, and be done with it whatever happens."""
        assert self._loop is not None
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._guarded(name, work), self._loop))

    async def _guarded(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            await work()
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
        except Exception:
            log.exception("%s was given up", name)
        finally:
            self._under_way.discard(task)

    async def _sweep(self) -> None:
        if not self._has_taken_over:
            return  # what is leased before would be taken for what the process before this one had in hand
        leased = await self._deliveries.lease(await beside(self._waiting))
        self.last_sweep = datetime.now(UTC)
        await beside(lambda: self._enqueue(leased))

    def _waiting(self) -> set[Lease]:
        """Return the leases under which messages wait in the queue: nobody holds them, so whoever sweeps keeps them."""
        from dbos import DBOS

        found = DBOS.list_workflows(
            queue_name=QUEUE, status="ENQUEUED", app_version=VERSION, load_input=False, load_output=False
        )
        return {lease for one in found for lease in _named(one.workflow_id)}

    def _enqueue(self, leased: Sequence[Leased]) -> None:
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        of_bot: defaultdict[int, list[Leased]] = defaultdict(list)
        for one in leased:
            of_bot[one.bot_id].append(one)
        for bot_id, messages in of_bot.items():
            for start in range(0, len(messages), BATCH):
                batch = messages[start : start + BATCH]
                options = SetEnqueueOptions(priority=batch[0].lane + 1, queue_partition_key=str(bot_id))
                with SetWorkflowID(_name(batch)), options:
                    DBOS.enqueue_workflow(QUEUE, self._queued, [[one.id, one.tries] for one in batch])
        queue = DBOS.retrieve_queue(QUEUE)
        wanted = BUSY_POLL_SECONDS if leased else IDLE_POLL_SECONDS
        if queue is not None and queue.polling_interval_sec != wanted:
            queue.set_polling_interval_sec(wanted)

    async def _purge_beside(self) -> None:
        await beside(self.purge)

    def purge(self, kept_for: timedelta = KEPT_FOR) -> None:
        """Forget what was done a while ago, and what nobody came to do: leases passed long since."""
        from dbos import DBOS

        before = (datetime.now(UTC) - kept_for).isoformat()
        while found := DBOS.list_workflows(end_time=before, limit=PURGED_AT_ONCE, load_input=False, load_output=False):
            DBOS.delete_workflows([one.workflow_id for one in found])

    async def _watch(self, stop: asyncio.Event) -> None:
        """Return at `stop`; raise EngineLost where nobody sweeps any more, or the file is another one."""
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
                return
            await self._guarded("keeping", self._deliveries.keep)
            swept = await unless(stop, asyncio.wait_for(beside(self._look), LOST_AFTER_SECONDS))
            if swept is not None:
                self.last_sweep = max(swept, self.last_sweep or swept)
            quiet = (datetime.now(UTC) - (self.last_sweep or datetime.min.replace(tzinfo=UTC))).total_seconds()
            if min(quiet, time.monotonic() - self._begun_at) > LOST_AFTER_SECONDS:
                raise EngineLost("nobody sweeps")

    def _look(self) -> datetime | None:
        """Return when any process last swept."""
        from dbos import DBOS

        if self._path and (not self._path.exists() or self._path.stat().st_ino != self._inode):
            raise EngineLost("another file")
        found = DBOS.list_workflows(
            name=SWEEP, status="SUCCESS", sort_desc=True, limit=1, load_input=False, load_output=False
        )
        return datetime.fromtimestamp((found[0].created_at or 0) / 1000, UTC) if found else None

    async def _end(self) -> None:
        """Let what is under way end, give back what waits, and stop DBOS."""
        self._deliveries.is_stopping = True
        keeping = asyncio.create_task(self._guarded("keeping", self._deliveries.keep))  # or others would send it, too
        await asyncio.wait({keeping, *self._under_way}, timeout=GRACE_SECONDS)
        late = set(self._under_way)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=NOTE_SECONDS)
        try:
            await asyncio.wait_for(beside(self._stop), STOP_SECONDS)
        except TimeoutError:
            pass  # its threads end with the process
        except Exception:
            log.exception("the engine did not end as it should")

    def _stop(self) -> None:
        from dbos import DBOS

        with self._turn:
            # It warns of each of its own tasks that it ends, and calls it an error that what it took up in this moment
            # does not run any more: the lease of that is found again.
            logging.getLogger("dbos").setLevel(logging.CRITICAL)
            DBOS.destroy(destroy_registry=True)


class _Careless(sqlite3.Connection):
    """Does not wait for the disk: what a power cut takes from the engine is not missed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.execute("PRAGMA synchronous=OFF")


def _share_memory() -> None:
    """Let DBOS's threads take their memory from one heap; glibc gives each its own, which costs megabytes."""
    with contextlib.suppress(AttributeError, OSError):  # no glibc
        ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def _name(batch: Sequence[Leased]) -> str:
    """Name the run of a batch by its leases."""
    return "deliver:" + "+".join(f"{one.id}.{one.tries}" for one in batch)


def _named(run: str) -> Iterator[Lease]:
    for one in run.removeprefix("deliver:").split("+"):
        delivery_id, _, tries = one.partition(".")
        yield DeliveryId(int(delivery_id)), int(tries)
