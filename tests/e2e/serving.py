"""The web on a port of its own, in a thread beside the browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.web.app import web_app
from bot.web.site import Site


@contextmanager
def serving(site: Site, listening: socket.socket) -> Iterator[None]:
    """Serve the site on a bound socket until left."""
    server = uvicorn.Server(uvicorn.Config(web_app(site), log_level="warning"))
    running = threading.Thread(target=server.run, args=([listening],), daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    yield
    server.should_exit = True
    running.join(10)
