"""The simulator as a web application and as a server inside a running loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette

from bot.simulator.api import BotApi
from bot.simulator.bot_edge import BotEdge
from bot.simulator.listeners import CLOSING
from bot.simulator.phone_edge import PhoneEdge
from bot.simulator.webhook import WebhookDelivery

CLOSE_WITHIN = 2.0


def create_app(api: BotApi) -> Starlette:
    """Return the Bot API and the phones as one application; webhooks are delivered while it runs."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        delivery = asyncio.create_task(WebhookDelivery(api).run())
        yield
        delivery.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await delivery

    return Starlette(routes=[*BotEdge(api).routes(), *PhoneEdge(api).routes()], lifespan=lifespan)


@contextlib.asynccontextmanager
async def serve(api: BotApi, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """Serve in the running loop, give the bound port, and shut down even with streams and polls open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Naming the protocol lets asyncio turn off Nagle's algorithm, which would hold back each answer for 40 ms.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        config = uvicorn.Config(
            create_app(api), log_config=None, log_level="warning", access_log=False, timeout_graceful_shutdown=1
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started and not running.done():
                await asyncio.sleep(0.005)
            if running.done():
                await running
            yield listening.getsockname()[1]
        finally:
            api.listeners.tell(CLOSING)
            server.finish()
            _, late = await asyncio.wait({running}, timeout=CLOSE_WITHIN)
            for task in late:
                task.cancel()


class _Server(uvicorn.Server):
    """A server that leaves signals to the program it runs in, and stops at once when told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._finishing = asyncio.Event()

    def finish(self) -> None:
        """Stop serving."""
        self.should_exit = True
        self._finishing.set()

    async def main_loop(self) -> None:
        """Wait for the end, with uvicorn's own tick once a second for the date it writes."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._finishing.wait(), 1.0)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
