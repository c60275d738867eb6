"""Is the process alive, is it ready to work, and what does it count?"""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Told = tuple[bool, list[dict[str, object]]]
"""Whether traffic should come, and every check with what is wrong since when."""
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers that proxies add: with one of them the asker sits elsewhere, whatever the connection says."""
NOT_KEPT = {"Cache-Control": "no-store"}


def health_routes(
    ready: Callable[[], Told], metrics: Callable[[], bytes], *, token: str | None = None, local: bool = False
) -> list[Route]:
    """Return /healthz, which answers while the process lives, /readyz, which says what is wrong, and /metrics.

    Metrics are for who knows the token, and where `local` also for who asks from this machine; for others there is no
    such page.
    """

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(request: Request) -> Response:
        is_ready, checks = ready()
        said = {"ready": is_ready, "checks": checks}
        return JSONResponse(said, status_code=200 if is_ready else 503, headers=NOT_KEPT)

    def counted(request: Request) -> Response:
        if not (_knows(request, token) or (local and _is_here(request))):
            return PlainTextResponse("Not Found", status_code=404)
        return Response(metrics(), media_type=METRICS_TYPE, headers=NOT_KEPT)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", counted)]


def _knows(request: Request, token: str | None) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    is_same = hmac.compare_digest(given.strip().encode(), (token or "").encode())
    return token is not None and kind.lower() == "bearer" and is_same


def _is_here(request: Request) -> bool:
    return (
        request.client is not None
        and request.client.host in LOOPBACK
        and not any(name in request.headers for name in PASSED_ON)
    )
