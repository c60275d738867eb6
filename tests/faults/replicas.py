"""Several webhook processes behind a balancer, and what the balancer saw: who answered, when, and how."""

from __future__ import annotations

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path

import aiohttp
import httpx
from aiohttp import web

from bot.simulator.world import DEMO_TOKEN
from tests.process.support import PATIENCE, ended, free_port, start

SECRET = "rahasia-penyeimbang"
HEADERS = ("X-Telegram-Bot-Api-Secret-Token", "Content-Type")
STOPS_WITHIN = 10.0
USUAL_START_SECONDS = 2.5


@dataclass(slots=True)
class Balancer:
    """Hand each request to one backend after another, and to the next one where a line breaks: as nginx is told to in
    deploy/nginx. Taking an update twice changes nothing, so a broken line may always be tried elsewhere; where nobody
    answers Telegram is asked to come again soon, instead of after its own ever longer pauses.
    """

    ports: list[int]
    answers: list[tuple[float, int]] = field(default_factory=list)
    _turn: count[int] = field(default_factory=count)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Serve in the running loop; give the port."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client:

            async def passed_on(request: web.Request) -> web.Response:
                return await self._pass_on(client, request)

            app = web.Application(client_max_size=2**20)
            app.router.add_post("/{path:.*}", passed_on)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            port = free_port()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            try:
                yield port
            finally:
                await runner.cleanup()

    async def _pass_on(self, client: aiohttp.ClientSession, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        first, status = next(self._turn), 503
        for attempt in range(len(self.ports)):
            port = self.ports[(first + attempt) % len(self.ports)]
            try:
                url = f"http://127.0.0.1:{port}{request.path}"
                async with client.post(url, data=body, headers=headers) as answer:
                    await answer.read()
                    status = answer.status
            except aiohttp.ClientError:
                continue
            if status != 503:
                break
        self.answers.append((time.monotonic(), status))
        return web.Response(status=status, headers={"Retry-After": "1"} if status == 503 else None)

    def longest_refusal(self) -> float:
        """Return the longest time from an answer that was no success to the next success, in seconds."""
        longest, since = 0.0, None
        for at, status in self.answers:
            if status // 100 == 2:
                longest = max(longest, at - since) if since is not None else longest
                since = None
            elif since is None:
                since = at
        return longest if since is None else max(longest, time.monotonic() - since)

    def longest_silence(self) -> float:
        """Return the longest time between two successes, in seconds."""
        successes = [at for at, status in self.answers if status // 100 == 2]
        return max((after - before for before, after in pairwise(successes)), default=0.0)

    async def answers_again(self, since: float) -> float:
        """Wait for a success after a moment; return how long after it came."""
        async with asyncio.timeout(PATIENCE):
            while not any(at > since and status == 200 for at, status in self.answers[-50:]):
                await asyncio.sleep(0.01)
        return next(at for at, status in self.answers if at > since and status == 200) - since


def settings_of(directory: Path, *, telegram: str, database_url: str) -> dict[str, str]:
    """Return what replicas are told, but for where their updates come in: `comes_in`."""
    return {
        "BOT_TOKEN": DEMO_TOKEN,
        "BOT_API_URL": telegram,
        "DATABASE_URL": database_url,
        "WEBHOOK_SECRET": SECRET,
        "DATA_DIR": str(directory),
    }


def comes_in(port: int) -> dict[str, str]:
    """Return the setting that says on which port updates come in, of a balancer or of the only replica."""
    return {"WEBHOOK_URL": f"http://127.0.0.1:{port}/tg/masuk"}


@dataclass(slots=True)
class Replica:
    """`python -m bot run`, on a port of its own."""

    port: int
    log: Path
    arguments: tuple[str, ...]
    settings: dict[str, str]
    stops: list[tuple[int, float]] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    _process: Process | None = None

    async def start(self) -> None:
        """Start the process."""
        settings = {**self.settings, "WEB_PORT": str(self.port)}
        self._process = await start("run", *self.arguments, log=self.log, **settings)

    async def keep_up(self) -> None:
        """Start the process again where it ended by itself, as its unit in deploy/systemd does: a server that is not
        yet back after a crash lets nobody start.
        """
        if self._process is not None and self._process.returncode is not None:
            await asyncio.sleep(1.0)
            await self.start()

    async def ready(self, *, is_kept_up: bool = False) -> None:
        """Wait until the process says that it can work; note how long that took."""
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(trust_env=False) as client:
            while True:
                assert self._process is not None
                if is_kept_up:
                    await self.keep_up()
                assert self._process.returncode is None, self.log.read_text()[-3000:]
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200:
                        self.starts.append(time.monotonic() - began)
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.02)

    @property
    def pace(self) -> float:
        """Return how much slower than usual this machine is, by the first start; limits in seconds follow it."""
        return max(1.0, self.starts[0] / USUAL_START_SECONDS)

    async def stop(self) -> None:
        """Ask the process to end; note its exit code and how long it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        code = await ended(self._process, within=STOPS_WITHIN * self.pace)
        self.stops.append((code, time.monotonic() - began))

    async def kill(self) -> None:
        """End the process at once, whatever it does."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    def kill_if_alive(self) -> None:
        """Leave nothing behind, whatever the test met."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
