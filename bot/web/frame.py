"""One request from arrival to answer: a form in one transaction, a page from a snapshot, then the drawing."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import parse_qs

from sqlmodel import Session
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.access import Audience, Viewer, may_use
from bot.store.session import DatabaseUnavailable, in_transaction
from bot.texts import engine
from bot.usecases.grouping import NotForYou
from bot.web import assets, auth
from bot.web import upload as uploads
from bot.web.auth import Visitor
from bot.web.page import Answer, Cookie, Download, Form, Moved, NotFound, NotUnderstood, Page, Shown, Visit
from bot.web.site import Site

log = logging.getLogger(__name__)
BODY_LIMIT = 64 * 1024
FIELD_LIMIT = 2000
UPLOADED = "multipart/form-data"
RETRY_AFTER_SECONDS = "2"
SIGN_IN = "/masuk"
ENDED = "/masuk?habis=1"
"""The same door for who was in before, so that it can say why it is closed again."""
NO_FORM = Form({})
NOT_TYPED = frozenset({auth.MARK, "asal", "berkas"})
IN_PLACE_OF_ALL = {"HX-Retarget": "#isi", "HX-Reselect": "#isi", "HX-Reswap": "outerHTML"}


class TooLarge(Exception):
    """A body that no form of ours reaches."""


class Frame:
    """Turns pages into routes."""

    def __init__(self, site: Site, pages: Sequence[Page]) -> None:
        self._site = site
        self._menu = tuple(page for page in pages if page.menu)

    def route(self, page: Page) -> Route:
        """Return the route of one page."""

        async def serve(request: Request) -> Response:
            return await self._serve(page, request)

        return Route(page.path, serve, methods=[page.method], name=f"{page.method} {page.path}")

    async def _serve(self, page: Page, request: Request) -> Response:
        try:
            answer = await (self._taken(page, request) if page.method == "POST" else self._read(page, request))
            return await self._finished(answer)
        except (NotFound, NotForYou):
            return await told("not_found", 404)
        except NotUnderstood:
            return await told("old_form", 400)
        except TooLarge:
            return await told("too_large", 413)
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
            busy = await told("busy", 503)
            busy.headers["Retry-After"] = RETRY_AFTER_SECONDS
            return busy
        except Exception as error:
            return await broken(page.path, error)

    async def _taken(self, page: Page, request: Request) -> Answer:
        """Take a form inside the one transaction of its request."""
        form = await _form(request, page.upload)

        def take(session: Session) -> Answer:
            return self._answer(page, request, form, session, self._visitor(request, session))

        return await in_transaction(self._site.database, self._site.workers, take)

    async def _read(self, page: Page, request: Request) -> Answer:
        """Read a page from a snapshot, so that a large one keeps nobody's tap waiting; who asks was noted before."""
        database = self._site.database
        visitor = await in_transaction(database, self._site.workers, partial(self._visitor, request))

        def read() -> Answer:
            with database.snapshot() as session:
                return self._answer(page, request, NO_FORM, session, visitor)

        return await asyncio.get_running_loop().run_in_executor(self._site.readers, read)

    def _visitor(self, request: Request, session: Session) -> Visitor:
        asked = auth.browser(request, self._site)
        return auth.visitor(session, asked, site=self._site, now=self._site.clock())

    def _answer(self, page: Page, request: Request, form: Form, session: Session, visitor: Visitor) -> Answer:
        """Answer one request, if the page is for this visitor and the form is their own."""
        site, viewer = self._site, visitor.viewer
        asked = auth.browser(request, site)
        typed = _typed(form) if auth.comes_from_us(request, site) else []
        if viewer is None and page.audience is not Audience.ANYONE:
            if asked.is_mini or typed:
                return _handed_back("mini_ended" if asked.is_mini else "ended", 401, request, typed)
            return _to_sign_in(request, ENDED if asked.session else SIGN_IN)
        if not allowed(page, viewer):
            raise NotFound
        if page.method == "POST" and not _is_own(page, request, form, site, visitor):
            return _handed_back("old_form", 400, request, typed)
        now = site.clock()
        site.library.refresh(session, now=now)
        return page.handler(
            Visit(
                session=session,
                now=now,
                site=site,
                path=request.url.path,
                arguments={name: _storable(str(said)) for name, said in request.path_params.items()},
                query=QueryParams([(name, _storable(said)) for name, said in request.query_params.multi_items()]),
                form=form,
                guest=viewer,
                secret=visitor.secret,
                is_mini=asked.is_mini,
                menu=tuple((each.menu, each.path) for each in self._menu if allowed(each, viewer)),
            )
        )

    async def _finished(self, answer: Answer) -> Response:
        match answer:
            case Shown():
                response: Response = await drawn(answer)
                response.headers.update(answer.headers)
                self._set(response, answer.cookies)
            case Moved():
                response = RedirectResponse(answer.to, status_code=303)
                self._set(response, answer.cookies)
            case Download():
                response = await _file(answer)
            case _:
                response = answer
        return response

    def _set(self, response: Response, cookies: tuple[Cookie, ...]) -> None:
        for cookie in cookies:
            response.set_cookie(
                self._site.cookie(cookie.name),
                cookie.value,
                max_age=cookie.seconds,
                path="/",
                secure=self._site.is_https,
                httponly=True,
                samesite="lax",
            )


def allowed(page: Page, viewer: Viewer | None) -> bool:
    """Tell whether a page is for this viewer at all."""
    if not may_use(page.audience, viewer):
        return False
    return page.only is None or (viewer is not None and page.only(viewer))


def _is_own(page: Page, request: Request, form: Form, site: Site, visitor: Visitor) -> bool:
    """Tell whether a form comes from our own page in the visitor's own browser."""
    if not auth.comes_from_us(request, site):
        return False
    return not page.marked or auth.browser(request, site).is_mini or auth.is_marked(form, visitor.secret)


def _to_sign_in(request: Request, door: str) -> Answer:
    """Lead a stranger to the door; a part of a page asked for by script makes the whole browser go there."""
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": door})
    return Moved(door)


def _handed_back(what: str, status: int, request: Request, typed: Sequence[str]) -> Answer:
    """Say why a form was not taken, and give back what was typed in it; where a part was asked for, the whole page."""
    in_part = typed and request.headers.get("hx-request")
    return Shown(
        "told.html.j2",
        bare(what, request.url.path) | {"typed": typed},
        status,
        headers=IN_PLACE_OF_ALL if in_part else {},
    )


def _typed(form: Form) -> list[str]:
    """Return what nobody wants to type again: texts of more than a word, of what the page itself put there nothing."""
    return [
        said for name, every in form.fields.items() if name not in NOT_TYPED for said in every if " " in said.strip()
    ]


async def drawn(shown: Shown) -> Response:
    """Draw a page beside the event loop."""
    values = {"asset": assets.address, **shown.values}
    html = await asyncio.to_thread(engine.render, "bot.web", shown.template, "id", values)
    return Response(html, status_code=shown.status, media_type="text/html")


async def _file(download: Download) -> Response:
    content = await asyncio.to_thread(download.make)
    safe = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "._-") else "-" for ch in download.file_name)
    headers = {"Content-Disposition": f'attachment; filename="{safe}"'}
    return Response(content, media_type=download.media_type, headers=headers)


async def told(what: str, status: int, **values: object) -> Response:
    """Return a page that says what is the matter, the same for everybody."""
    return await drawn(Shown("told.html.j2", bare(what) | values, status))


def bare(what: str, here: str = "") -> dict[str, object]:
    """Return the values of a page around which nobody is known."""
    return {
        "what": what,
        "here": here,
        "menu": (),
        "viewer_name": "",
        "mark": "",
        "is_mini": False,
        "error_id": "",
        "typed": (),
    }


async def broken(where: str, error: Exception) -> Response:
    """Note what went wrong under an id and show nothing but the id; neither values nor the address are written down."""
    error_id = secrets.token_hex(4)
    log.error("page %s broke as %s", where, error_id, exc_info=error)
    return await told("broken", 500, error_id=error_id)


async def _form(request: Request, upload: int) -> Form:
    """Read the fields of a form; anything else is refused before it is read."""
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > (upload or BODY_LIMIT):
            raise TooLarge
    try:
        if kind == UPLOADED and upload:
            return _filled(await asyncio.to_thread(uploads.fields, content_type, bytes(body)))
        if body and kind != "application/x-www-form-urlencoded":
            raise NotUnderstood
        return _filled(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELD_LIMIT))
    except ValueError as error:
        raise NotUnderstood from error


def _filled(fields: Mapping[str, Sequence[str]]) -> Form:
    return Form({_storable(name): [_storable(said) for said in every] for name, every in fields.items()})


def _storable(said: str) -> str:
    """Return a text without what PostgreSQL takes in no text."""
    return said.replace("\0", "")
