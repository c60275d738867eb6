"""Is the process alive, and is it ready to work?"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Check = Callable[[], bool]


def health_routes(checks: dict[str, Check], parts: Callable[[], dict[str, bool]] = dict) -> list[Route]:
    """Return /healthz, which answers while the process lives, and /readyz, which names what is not ready.

    `parts` are named too, but decide nothing.
    """

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(request: Request) -> Response:
        states = {name: check() for name, check in checks.items()}
        return JSONResponse(states | parts(), status_code=200 if all(states.values()) else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
