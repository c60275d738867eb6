"""Which browser this is, and whether a form comes from our own page."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session
from starlette.requests import Request

from bot.core.access import Viewer, viewer_of
from bot.usecases import signing_in
from bot.usecases.signing_in import Channel
from bot.web.page import Cookie, Form
from bot.web.site import Site, form_mark

SESSION, FIRST = "sesi", "awal"
"""The cookie of who is signed in, and the one that marks the sign-in form before."""
MARK = "tanda"
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Browser:
    """The secrets that came with a request; a Mini App sends its own and then no cookie counts."""

    session: str
    first: str
    is_mini: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, None for nobody, and the secret that marks this browser's forms."""

    viewer: Viewer | None
    secret: str


def browser(request: Request, site: Site) -> Browser:
    """Read the secrets of a request."""
    given = request.headers.get("authorization", "")
    if given:
        return Browser(given[len(BEARER) :] if given.lower().startswith(BEARER) else "", "", True)
    cookies = request.cookies
    return Browser(cookies.get(site.cookie(SESSION), ""), cookies.get(site.cookie(FIRST), ""), False)


def visitor(session: Session, asked: Browser, *, site: Site, now: datetime) -> Visitor:
    """Find who is signed in; role and admin are those of this moment."""
    channel = Channel.MINI if asked.is_mini else Channel.LINK
    found = signing_in.session_of(session, secret=asked.session, channel=channel, now=now) if asked.session else None
    if found is None:
        return Visitor(None, asked.first)
    person, _ = found
    return Visitor(viewer_of(person, site.admins), asked.session)


def comes_from_us(request: Request, site: Site) -> bool:
    """Tell whether a browser says that a POST comes from our own page, or says nothing about it.

    A page that sends no referrer sends `Origin: null` with its forms, so null proves nothing in either way.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc in (site.address, request.headers.get("host", ""))


def is_marked(form: Form, secret: str) -> bool:
    """Tell whether a form carries the mark of the browser that sends it."""
    return bool(secret) and hmac.compare_digest(form.text(MARK).encode("utf-8", "replace"), form_mark(secret).encode())


def signed_in_cookies(secret: str) -> tuple[Cookie, ...]:
    """Return the cookies of who has just signed in."""
    return Cookie(SESSION, secret, int(signing_in.ABSOLUTE.total_seconds())), Cookie(FIRST, "", 0)
