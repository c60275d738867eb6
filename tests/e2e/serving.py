"""The web on a port of its own, in a thread beside the browser, and windows of who is signed in there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn
from playwright.sync_api import Browser, BrowserContext

from bot.web.app import web_app
from bot.web.site import Site
from tests.e2e.test_phone import PATIENCE


@contextmanager
def served(site: Site) -> Iterator[str]:
    """Serve the site on a free port until left; give its address, which it knows."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(web_app(replace(site, url=url)), log_level="warning"))
        running = threading.Thread(target=server.run, args=([listening],), daemon=True)
        running.start()
        while not server.started:
            time.sleep(0.01)
        yield url
        server.should_exit = True
        running.join(10)


def window(browser: Browser, url: str, secret: str, *, scripts: bool = True, width: int = 1280) -> BrowserContext:
    """Return a browser window in which somebody is signed in by the secret of a session."""
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "sesi", "value": secret, "url": url}])
    context.set_default_timeout(PATIENCE)
    return context
