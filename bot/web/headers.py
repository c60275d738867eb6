"""What every answer says to the browser: run nothing foreign, tell nobody, keep no personal page."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.site import Site

TELEGRAM_WEB = "https://web.telegram.org"
MINI = "/mini"
A_YEAR = "max-age=31536000"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def safe_headers(path: str, *, is_https: bool) -> Mapping[str, str]:
    """Return the headers for a path; only the Mini App may stand in Telegram's own page."""
    is_mini = path == MINI or path.startswith(f"{MINI}/")
    chosen = dict(ALWAYS)
    chosen["Content-Security-Policy"] = POLICY.format(ancestors=TELEGRAM_WEB if is_mini else "'none'")
    if not is_mini:
        chosen |= {"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"}
    if is_https:
        chosen["Strict-Transport-Security"] = A_YEAR
    return chosen


class SafeHeaders:
    """Put the headers on every answer; what is not said to be kept is not kept."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._is_https = site.is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chosen = safe_headers(scope["path"], is_https=self._is_https)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(chosen)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)
