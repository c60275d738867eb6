"""Our own webhook endpoint: 200 only after an update has been dealt with, else 503 so that Telegram delivers it
again.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.tg.desk import Desk, Outcome

SECRET_HEADER = "x-telegram-bot-api-secret-token"
BODY_LIMIT = 1024 * 1024
RETRY_AFTER_SECONDS = "2"
SHOWN_WITHIN = 25.0
"""Seconds from arrival: what is not shown by then comes again. A balancer waits longer (deploy/nginx), so that nothing
is sent late, over what another process has sent meanwhile.
"""


def webhook_route(desk: Desk, *, webhook_url: str, secrets: Sequence[str]) -> Route:
    """Return the route that serves the path of WEBHOOK_URL; the secret is compared before the body is read.

    While a secret is changed there are two: each is compared, so that the time taken tells nothing.
    """
    expected = [secret.encode() for secret in secrets]

    async def receive(request: Request) -> Response:
        arrived = asyncio.get_running_loop().time()
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not sum(hmac.compare_digest(given, secret) for secret in expected):
            return Response(status_code=403)
        body = await _limited(request)
        if body is None:
            return Response(status_code=413)
        match await desk.handle(body, until=arrived + SHOWN_WITHIN):
            case Outcome.DONE:
                return Response(status_code=200)
            case Outcome.LATER | Outcome.UNSENT:
                return Response(status_code=503, headers={"Retry-After": RETRY_AFTER_SECONDS})

    return Route(urlsplit(webhook_url).path or "/", receive, methods=["POST"])


async def _limited(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)
