"""The web as one application: pages in their frame, files, and the headers around everything."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import assets
from bot.web.frame import Frame, broken, told
from bot.web.headers import SafeHeaders
from bot.web.routes import PAGES
from bot.web.site import Site

SMALLEST_TO_PACK = 500


def web_app(site: Site) -> Starlette:
    """Build the web; nothing starts."""
    frame = Frame(site, PAGES)
    app = Starlette(
        routes=[*(frame.route(page) for page in PAGES), Route("/aset/{digest}/{name}", assets.serve)],
        middleware=[Middleware(SafeHeaders, site), Middleware(GZipMiddleware, minimum_size=SMALLEST_TO_PACK)],
        exception_handlers={404: _missing, 405: _missing, Exception: _broken},
    )
    app.router.redirect_slashes = False
    return app


async def _missing(request: Request, error: Exception) -> Response:
    return await told("not_found", 404)


async def _broken(request: Request, error: Exception) -> Response:
    return await broken("?", error)
